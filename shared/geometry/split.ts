/**
 * Cuts a polygon along a drawn line. Parts share the cut's vertices bit for bit and their areas sum to the parent's; no
 * vertex of the parent moves. Where the line ends inside or runs outside it cuts nothing. Pure, metric plane.
 */
import { createOutlineGraph, linkEdge, nodeAt, type OutlineGraph, resetGraph } from './outline-graph.ts'
import { flatten, nest, stitch } from './outline-rings.ts'
import { isInsidePolygons } from './point-in-polygon.ts'
import type { FlatPolygons } from './types.ts'

/** Positions this close are one: rounding, not drawing. */
const DEFAULT_SNAP_M = 1e-6

/** A piece of a ring or of the line, with the nodes that lie on it. */
interface Segment {
  from: number
  to: number
  ofLine: boolean
  nodes: number[]
}

/**
 * The parts of `polygon` on either side of `line` (x0, y0, x1, y1 …), the largest first; one part when the line does not
 * cut. Parts of a multipolygon that the line leaves whole stay with the largest part.
 */
export function splitPolygon(polygon: FlatPolygons, line: Float64Array, snapM = DEFAULT_SNAP_M): FlatPolygons[] {
  const graph = createOutlineGraph()
  const vertices = (polygon.coordinates.length + line.length) / 2
  resetGraph(graph, vertices, snapM, polygon.coordinates[0] ?? 0, polygon.coordinates[1] ?? 0)
  const segments = [...ringSegments(graph, polygon), ...lineSegments(graph, line)]
  for (const [index, cut] of segments.entries()) {
    if (cut.ofLine) for (let other = 0; other < index; other++) nodeCrossing(graph, segments[other]!, cut)
  }
  const ringPieces = segments.filter(segment => !segment.ofLine).flatMap(segment => piecesOf(graph, segment))
  const bounds = new Set(ringPieces.flatMap(([from, to]) => [`${from}>${to}`, `${to}>${from}`]))
  const cuts = new Map<string, Piece>()
  for (const segment of segments) {
    if (!segment.ofLine) continue
    for (const [from, to] of piecesOf(graph, segment)) {
      if (bounds.has(`${from}>${to}`) || cuts.has(`${to}>${from}`)) continue
      if (isInsidePolygons(polygon, (graph.x[from]! + graph.x[to]!) / 2, (graph.y[from]! + graph.y[to]!) / 2))
        cuts.set(`${from}>${to}`, [from, to])
    }
  }
  const onRing = new Set(ringPieces.flat())
  const lasting = withoutDeadEnds([...cuts.values()], onRing)
  if (lasting.length === 0) return [polygon]
  for (const [from, to] of ringPieces) linkEdge(graph, from, to)
  for (const [from, to] of lasting) {
    linkEdge(graph, from, to)
    linkEdge(graph, to, from)
  }
  return partsOf(graph, polygon, lasting)
}

type Piece = [from: number, to: number]

function partsOf(graph: OutlineGraph, polygon: FlatPolygons, cuts: readonly Piece[]): FlatPolygons[] {
  const rings = stitch(graph)
  const faces = rings && nest(rings)
  if (!faces || faces.length <= polygon.polygonEnds.length) return [polygon]
  const places = new Set(cuts.flat().map(node => `${graph.x[node]},${graph.y[node]}`))
  const isCut = (face: (typeof faces)[number]): boolean =>
    face.some(({ coordinates: c }) => {
      for (let index = 0; index < c.length; index += 2) if (places.has(`${c[index]},${c[index + 1]}`)) return true
      return false
    })
  const areaOf = (face: (typeof faces)[number]): number => face.reduce((sum, ring) => sum + ring.signedAreaM2, 0)
  const [largest, ...others] = faces.filter(isCut).sort((one, other) => areaOf(other) - areaOf(one))
  if (!largest || others.length === 0) return [polygon]
  const whole = faces.filter(face => !isCut(face))
  return [flatten([largest, ...whole]), ...others.map(face => flatten([face]))]
}

/** Ring edges with the inside on their left. */
function ringSegments(graph: OutlineGraph, { coordinates: c, ringEnds, polygonEnds }: FlatPolygons): Segment[] {
  const segments: Segment[] = []
  let ring = 0
  let from = 0
  for (const polygonEnd of polygonEnds) {
    for (let shell = true; ring < polygonEnd; ring++, shell = false) {
      const to = ringEnds[ring]!
      const nodes = nodesOf(graph, c.subarray(from * 2, to * 2))
      if (isCounterClockwise(c, from, to) !== shell) nodes.reverse()
      segments.push(...segmentsOf(nodes, false))
      from = to
    }
  }
  return segments
}

function lineSegments(graph: OutlineGraph, line: Float64Array): Segment[] {
  return segmentsOf(nodesOf(graph, line), true)
}

function nodesOf(graph: OutlineGraph, c: Float64Array): number[] {
  const nodes: number[] = []
  for (let index = 0; index + 1 < c.length; index += 2) nodes.push(nodeAt(graph, c[index]!, c[index + 1]!))
  return nodes
}

function segmentsOf(nodes: readonly number[], ofLine: boolean): Segment[] {
  return nodes
    .slice(1)
    .map((to, index) => ({ from: nodes[index]!, to, ofLine, nodes: [] }))
    .filter(({ from, to }) => from !== to)
}

function isCounterClockwise(c: Float64Array, from: number, to: number): boolean {
  let twice = 0
  for (let vertex = from; vertex + 1 < to; vertex++) {
    const x1 = c[vertex * 2]! - c[from * 2]!
    const y1 = c[vertex * 2 + 1]! - c[from * 2 + 1]!
    twice += x1 * (c[vertex * 2 + 3]! - c[from * 2 + 1]!) - (c[vertex * 2 + 2]! - c[from * 2]!) * y1
  }
  return twice > 0
}

/** Notes where two segments meet: an end of one on the other, or a crossing, which becomes a node of both. */
function nodeCrossing(graph: OutlineGraph, one: Segment, other: Segment): void {
  const touches = [
    noteNode(graph, one, other.from),
    noteNode(graph, one, other.to),
    noteNode(graph, other, one.from),
    noteNode(graph, other, one.to),
  ]
  if (touches.includes(true)) return
  const p = turn(graph, one, other.from)
  const q = turn(graph, one, other.to)
  const r = turn(graph, other, one.from)
  const s = turn(graph, other, one.to)
  if (p === 0 || q === 0 || r === 0 || s === 0 || p > 0 === q > 0 || r > 0 === s > 0) return
  const t = r / (r - s)
  const { x, y } = graph
  const node = nodeAt(
    graph,
    x[one.from]! + t * (x[one.to]! - x[one.from]!),
    y[one.from]! + t * (y[one.to]! - y[one.from]!),
  )
  if (node !== one.from && node !== one.to) one.nodes.push(node)
  if (node !== other.from && node !== other.to) other.nodes.push(node)
}

function turn({ x, y }: OutlineGraph, { from, to }: Segment, node: number): number {
  return (x[to]! - x[from]!) * (y[node]! - y[from]!) - (y[to]! - y[from]!) * (x[node]! - x[from]!)
}

/** True when the node is an end of the segment or lies on it; then it is noted. */
function noteNode(graph: OutlineGraph, segment: Segment, node: number): boolean {
  const { from, to, nodes } = segment
  if (node === from || node === to) return true
  const { x, y, snapM } = graph
  const dx = x[to]! - x[from]!
  const dy = y[to]! - y[from]!
  const length2 = dx * dx + dy * dy
  const along = (x[node]! - x[from]!) * dx + (y[node]! - y[from]!) * dy
  if (along <= 0 || along >= length2) return false
  const across = turn(graph, segment, node)
  if (across * across > snapM * snapM * length2) return false
  nodes.push(node)
  return true
}

/** The segment's pieces between the nodes on it. */
function piecesOf({ x, y }: OutlineGraph, { from, to, nodes }: Segment): Piece[] {
  const along = (node: number): number => x[node]! * (x[to]! - x[from]!) + y[node]! * (y[to]! - y[from]!)
  const path = [from, ...[...new Set(nodes)].sort((one, other) => along(one) - along(other)), to]
  return path.slice(1).map((node, index) => [path[index]!, node])
}

/** Drops cuts that end inside the polygon, again and again until all lead from bound to bound. */
function withoutDeadEnds(cuts: readonly Piece[], onRing: ReadonlySet<number>): Piece[] {
  const ends = new Map<number, number>()
  for (const node of cuts.flat()) ends.set(node, (ends.get(node) ?? 0) + 1)
  const lasting = cuts.filter(piece => piece.every(node => onRing.has(node) || ends.get(node)! > 1))
  return lasting.length === cuts.length ? lasting : withoutDeadEnds(lasting, onRing)
}
