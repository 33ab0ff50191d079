/**
 * Directed edges of outlines between snapped nodes. Opposite edges cancel as they are added, which is all that dissolving
 * a clean coverage takes. The arrays are kept from one zone to the next: thousands of zones are dissolved in a row.
 */

export interface OutlineGraph {
  nodeCount: number
  x: Float64Array
  y: Float64Array
  /** Head of a node's list of edges that leave it, -1 for none; linked by `nextOut`. */
  firstOut: Int32Array
  edgeCount: number
  from: Int32Array
  to: Int32Array
  nextOut: Int32Array
  /** 1 while an edge has not been cancelled (or used up by the stitching). */
  alive: Uint8Array
  snapM: number
  /** Hash of nodes by cell; node + 1, 0 for empty. A power of two long. */
  slots: Int32Array
  slotMask: number
  originX: number
  originY: number
}

/** Cells of the node hash in snap distances: wide, so that few positions lie near a cell's rim. */
const CELL_IN_SNAPS = 64

export function createOutlineGraph(): OutlineGraph {
  return {
    nodeCount: 0,
    x: new Float64Array(0),
    y: new Float64Array(0),
    firstOut: new Int32Array(0),
    edgeCount: 0,
    from: new Int32Array(0),
    to: new Int32Array(0),
    nextOut: new Int32Array(0),
    alive: new Uint8Array(0),
    snapM: 0,
    slots: new Int32Array(0),
    slotMask: 0,
    originX: 0,
    originY: 0,
  }
}

/** Empties the graph and makes room for as many nodes and edges as there are vertices. */
export function resetGraph(
  graph: OutlineGraph,
  vertices: number,
  snapM: number,
  originX: number,
  originY: number,
): void {
  if (graph.x.length < vertices) {
    graph.x = new Float64Array(vertices * 2 + 1)
    graph.y = new Float64Array(vertices * 2 + 1)
    graph.firstOut = new Int32Array(vertices * 2 + 1)
  }
  if (graph.from.length < vertices) growEdges(graph, vertices * 2 + 1)
  let slotCount = 64
  while (slotCount <= vertices * 2) slotCount *= 2
  if (graph.slots.length < slotCount) graph.slots = new Int32Array(slotCount)
  else graph.slots.fill(0, 0, slotCount)
  graph.slotMask = slotCount - 1
  graph.nodeCount = 0
  graph.edgeCount = 0
  graph.snapM = snapM
  graph.originX = originX
  graph.originY = originY
}

function growEdges(graph: OutlineGraph, size: number): void {
  for (const key of ['from', 'to', 'nextOut'] as const) {
    const grown = new Int32Array(size)
    grown.set(graph[key])
    graph[key] = grown
  }
  const alive = new Uint8Array(size)
  alive.set(graph.alive)
  graph.alive = alive
}

/** The node at (x, y): one that is at most the snap distance away, otherwise a new one. */
export function nodeAt(graph: OutlineGraph, x: number, y: number): number {
  const { snapM } = graph
  const cellX = (x - graph.originX) / (snapM * CELL_IN_SNAPS)
  const cellY = (y - graph.originY) / (snapM * CELL_IN_SNAPS)
  const column = Math.floor(cellX)
  const row = Math.floor(cellY)
  let node = findInCell(graph, column, row, x, y)
  if (node >= 0) return node
  // Near the rim the node sought may stand in the next cell.
  const rim = 1 / CELL_IN_SNAPS
  const stepX = cellX - column <= rim ? -1 : cellX - column >= 1 - rim ? 1 : 0
  const stepY = cellY - row <= rim ? -1 : cellY - row >= 1 - rim ? 1 : 0
  if (stepX !== 0) node = findInCell(graph, column + stepX, row, x, y)
  if (node < 0 && stepY !== 0) node = findInCell(graph, column, row + stepY, x, y)
  if (node < 0 && stepX !== 0 && stepY !== 0) node = findInCell(graph, column + stepX, row + stepY, x, y)
  return node < 0 ? addNode(graph, column, row, x, y) : node
}

function hashOf(graph: OutlineGraph, column: number, row: number): number {
  const mixed = Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca77)
  return (mixed ^ (mixed >>> 15)) & graph.slotMask
}

function findInCell(graph: OutlineGraph, column: number, row: number, x: number, y: number): number {
  const { slots, slotMask, snapM } = graph
  for (let slot = hashOf(graph, column, row); slots[slot] !== 0; slot = (slot + 1) & slotMask) {
    const node = slots[slot]! - 1
    const dx = graph.x[node]! - x
    const dy = graph.y[node]! - y
    if (dx * dx + dy * dy <= snapM * snapM) return node
  }
  return -1
}

function addNode(graph: OutlineGraph, column: number, row: number, x: number, y: number): number {
  const node = graph.nodeCount++
  if (node === graph.x.length) growNodes(graph, node * 2)
  graph.x[node] = x
  graph.y[node] = y
  graph.firstOut[node] = -1
  if (graph.nodeCount * 2 > graph.slotMask) rehash(graph)
  else takeSlot(graph, column, row, node)
  return node
}

function takeSlot(graph: OutlineGraph, column: number, row: number, node: number): void {
  let slot = hashOf(graph, column, row)
  while (graph.slots[slot] !== 0) slot = (slot + 1) & graph.slotMask
  graph.slots[slot] = node + 1
}

/** Doubles the slots. Needed only where cuts bring up more nodes than there were vertices. */
function rehash(graph: OutlineGraph): void {
  graph.slotMask = graph.slotMask * 2 + 1
  graph.slots = new Int32Array(graph.slotMask + 1)
  const cellM = graph.snapM * CELL_IN_SNAPS
  for (let node = 0; node < graph.nodeCount; node++) {
    const column = Math.floor((graph.x[node]! - graph.originX) / cellM)
    takeSlot(graph, column, Math.floor((graph.y[node]! - graph.originY) / cellM), node)
  }
}

function growNodes(graph: OutlineGraph, size: number): void {
  for (const key of ['x', 'y'] as const) {
    const grown = new Float64Array(size)
    grown.set(graph[key])
    graph[key] = grown
  }
  const firstOut = new Int32Array(size)
  firstOut.set(graph.firstOut)
  graph.firstOut = firstOut
}

/**
 * Adds an edge and cancels it against its opposite. False when the same edge is there already: then two outlines lie on
 * the same side of it, which only happens where they overlap.
 */
export function addEdge(graph: OutlineGraph, from: number, to: number): boolean {
  for (let edge = graph.firstOut[from]!; edge >= 0; edge = graph.nextOut[edge]!) if (graph.to[edge] === to) return false
  const added = linkEdge(graph, from, to)
  for (let edge = graph.firstOut[to]!; edge >= 0; edge = graph.nextOut[edge]!) {
    if (graph.to[edge] !== from || graph.alive[edge] === 0) continue
    graph.alive[edge] = 0
    graph.alive[added] = 0
    break
  }
  return true
}

/** Adds an edge whatever is there and returns its index. */
export function linkEdge(graph: OutlineGraph, from: number, to: number): number {
  const added = graph.edgeCount++
  if (added === graph.from.length) growEdges(graph, added * 2)
  graph.from[added] = from
  graph.to[added] = to
  graph.nextOut[added] = graph.firstOut[from]!
  graph.firstOut[from] = added
  graph.alive[added] = 1
  return added
}
