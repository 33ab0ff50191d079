/**
 * What is left of the edges after cancelling is looked at in pairs: a node that lies on another edge (T-junction) splits
 * it, so that the pieces cancel too; edges that cross mean that the outlines overlap and cannot be dissolved this way.
 */
import { addEdge, type OutlineGraph } from './outline-graph.ts'

/** Splitting moves an edge by up to the snap distance, which may bring up another junction; not often. */
const MOST_PASSES = 4

/** Splits and cancels until nothing lies on anything; false when edges cross or run along each other the same way. */
export function resolveJunctions(graph: OutlineGraph): boolean {
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const found = findJunctions(graph)
    if (found === 'crossing') return false
    if (found.size === 0) return true
    if (!splitEdges(graph, found)) return false
  }
  return false
}

/** Nodes on the inside of edges, by edge. */
type Junctions = Map<number, Set<number>>

function findJunctions(graph: OutlineGraph): Junctions | 'crossing' {
  const junctions: Junctions = new Map()
  let crossing = false
  eachClosePair(graph, (one, other) => {
    const touches =
      noteJunction(graph, junctions, one, graph.from[other]!) +
      noteJunction(graph, junctions, one, graph.to[other]!) +
      noteJunction(graph, junctions, other, graph.from[one]!) +
      noteJunction(graph, junctions, other, graph.to[one]!)
    if (touches === 0 && edgesCross(graph, one, other)) crossing = true
    return !crossing
  })
  return crossing ? 'crossing' : junctions
}

/** 1 when the node lies on the inside of the edge. */
function noteJunction(graph: OutlineGraph, junctions: Junctions, edge: number, node: number): number {
  const from = graph.from[edge]!
  const to = graph.to[edge]!
  if (node === from || node === to) return 0
  const dx = graph.x[to]! - graph.x[from]!
  const dy = graph.y[to]! - graph.y[from]!
  const px = graph.x[node]! - graph.x[from]!
  const py = graph.y[node]! - graph.y[from]!
  const length2 = dx * dx + dy * dy
  const along = px * dx + py * dy
  if (along <= 0 || along >= length2) return 0
  const across = px * dy - py * dx
  if (across * across > graph.snapM * graph.snapM * length2) return 0
  const known = junctions.get(edge)
  if (known) known.add(node)
  else junctions.set(edge, new Set([node]))
  return 1
}

function edgesCross(graph: OutlineGraph, one: number, other: number): boolean {
  const a = graph.from[one]!
  const b = graph.to[one]!
  const c = graph.from[other]!
  const d = graph.to[other]!
  if (a === c || a === d || b === c || b === d) return false
  return turn(graph, a, b, c) > 0 !== turn(graph, a, b, d) > 0 && turn(graph, c, d, a) > 0 !== turn(graph, c, d, b) > 0
}

function turn({ x, y }: OutlineGraph, a: number, b: number, c: number): number {
  return (x[b]! - x[a]!) * (y[c]! - y[a]!) - (y[b]! - y[a]!) * (x[c]! - x[a]!)
}

function splitEdges(graph: OutlineGraph, junctions: Junctions): boolean {
  for (const edge of junctions.keys()) graph.alive[edge] = 0
  for (const [edge, nodes] of junctions) {
    const from = graph.from[edge]!
    const to = graph.to[edge]!
    const dx = graph.x[to]! - graph.x[from]!
    const dy = graph.y[to]! - graph.y[from]!
    const along = (node: number): number => graph.x[node]! * dx + graph.y[node]! * dy
    let last = from
    for (const node of [...nodes].sort((one, other) => along(one) - along(other))) {
      if (!addEdge(graph, last, node)) return false
      last = node
    }
    if (!addEdge(graph, last, to)) return false
  }
  return true
}

let cellStart = new Int32Array(0)
let cellEdges = new Int32Array(0)

/** Calls `visit` for all pairs of living edges that share a cell of a grid; a pair may come twice. False stops. */
function eachClosePair(graph: OutlineGraph, visit: (one: number, other: number) => boolean): void {
  const grid = gridOf(graph)
  if (!grid) return
  for (let cell = 0; cell < grid.columns * grid.rows; cell++) {
    const end = cellStart[cell + 1]!
    for (let index = cellStart[cell]!; index < end; index++) {
      const one = cellEdges[index]!
      for (let next = index + 1; next < end; next++) {
        const other = cellEdges[next]!
        if (boxesMeet(graph, one, other) && !visit(one, other)) return
      }
    }
  }
}

function boxesMeet({ x, y, from, to, snapM }: OutlineGraph, one: number, other: number): boolean {
  const a = from[one]!
  const b = to[one]!
  const c = from[other]!
  const d = to[other]!
  return (
    Math.max(x[a]!, x[b]!) + snapM >= Math.min(x[c]!, x[d]!) &&
    Math.max(x[c]!, x[d]!) + snapM >= Math.min(x[a]!, x[b]!) &&
    Math.max(y[a]!, y[b]!) + snapM >= Math.min(y[c]!, y[d]!) &&
    Math.max(y[c]!, y[d]!) + snapM >= Math.min(y[a]!, y[b]!)
  )
}

interface Grid {
  columns: number
  rows: number
}

/** Fills `cellStart` and `cellEdges`: about one cell per living edge, every edge in the cells that its box meets. */
function gridOf(graph: OutlineGraph): Grid | undefined {
  const { x, y, from, to, alive, edgeCount, snapM } = graph
  let living = 0
  let minX = Infinity
  let minY = Infinity
  let maxX = -Infinity
  let maxY = -Infinity
  for (let edge = 0; edge < edgeCount; edge++) {
    if (alive[edge] === 0) continue
    living++
    // Every node that a living edge leaves is also reached by one.
    const node = from[edge]!
    minX = Math.min(minX, x[node]!)
    minY = Math.min(minY, y[node]!)
    maxX = Math.max(maxX, x[node]!)
    maxY = Math.max(maxY, y[node]!)
  }
  if (living === 0) return undefined
  const cellSize = Math.sqrt(((maxX - minX + snapM) * (maxY - minY + snapM)) / living)
  const columns = Math.max(1, Math.min(living, Math.ceil((maxX - minX) / cellSize)))
  const rows = Math.max(1, Math.min(living, Math.ceil((maxY - minY) / cellSize)))
  if (cellStart.length < columns * rows + 2) cellStart = new Int32Array((columns * rows + 2) * 2)
  else cellStart.fill(0, 0, columns * rows + 2)
  const column = (value: number): number => Math.min(columns - 1, Math.max(0, Math.floor((value - minX) / cellSize)))
  const row = (value: number): number => Math.min(rows - 1, Math.max(0, Math.floor((value - minY) / cellSize)))
  // Counted two places on, so that filling leaves the starts one place on and no copy is needed.
  for (let pass = 0; pass < 2; pass++) {
    for (let edge = 0; edge < edgeCount; edge++) {
      if (alive[edge] === 0) continue
      const a = from[edge]!
      const b = to[edge]!
      const left = column(Math.min(x[a]!, x[b]!) - snapM)
      const right = column(Math.max(x[a]!, x[b]!) + snapM)
      const top = row(Math.max(y[a]!, y[b]!) + snapM)
      for (let r = row(Math.min(y[a]!, y[b]!) - snapM); r <= top; r++) {
        for (let c = left; c <= right; c++) {
          const cell = r * columns + c
          if (pass === 0) cellStart[cell + 2]!++
          else cellEdges[cellStart[cell + 1]!++] = edge
        }
      }
    }
    if (pass > 0) break
    for (let cell = 2; cell < columns * rows + 2; cell++) cellStart[cell] = cellStart[cell]! + cellStart[cell - 1]!
    const total = cellStart[columns * rows + 1]!
    if (cellEdges.length < total) cellEdges = new Int32Array(total * 2)
  }
  return { columns, rows }
}
