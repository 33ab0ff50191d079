/**
 * Closed rings from the edges that are left, and polygons from the rings. Edges have the inside on their left, so shells
 * come out counter-clockwise and holes clockwise. Rings are simple: where a path meets itself the loop is cut off.
 */
import type { OutlineGraph } from './outline-graph.ts'
import { isInsideRing } from './point-in-polygon.ts'
import type { FlatPolygons } from './types.ts'

export interface OutlineRing {
  /** Closed, x0, y0, x1, y1 … */
  coordinates: Float64Array
  /** Positive for shells, negative for holes. */
  signedAreaM2: number
}

/** Polygons bounded by the living edges (which are used up), or null when they do not bound a plain area. */
export function polygonsFromEdges(graph: OutlineGraph): FlatPolygons | null {
  const rings = stitch(graph)
  if (!rings || rings.length === 0) return null
  if (rings.length === 1) return rings[0]!.signedAreaM2 > 0 ? flatten([rings]) : null
  if (!rings.every(ring => isBetween(ring, rings))) return null
  const polygons = nest(rings)
  return polygons && flatten(polygons)
}

/** Every hole goes into the smallest shell around it; null when a hole has none. */
export function nest(rings: readonly OutlineRing[]): OutlineRing[][] | null {
  const polygons = rings.filter(ring => ring.signedAreaM2 > 0).map(shell => [shell])
  for (const hole of rings) {
    if (hole.signedAreaM2 >= 0) continue
    let smallest: OutlineRing[] | undefined
    // The piece that a closed cut takes out has the very edges of the hole that it leaves, and does not hold it.
    const leastM2 = -hole.signedAreaM2 * (1 + 1e-9)
    for (const polygon of polygons) {
      if (polygon[0]!.signedAreaM2 <= leastM2) continue
      if (smallest && smallest[0]!.signedAreaM2 <= polygon[0]!.signedAreaM2) continue
      if (holdsStartOf(polygon[0]!, hole)) smallest = polygon
    }
    if (!smallest) return null
    smallest.push(hole)
  }
  return polygons
}

/** Follows the edges round; null when a path ends, which means that the edges were no outlines. */
export function stitch(graph: OutlineGraph): OutlineRing[] | null {
  const { alive, edgeCount, from, to, nodeCount } = graph
  const rings: OutlineRing[] = []
  const placeInPath = new Int32Array(nodeCount).fill(-1)
  const path: number[] = []
  for (let start = 0; start < edgeCount; start++) {
    if (alive[start] === 0) continue
    path.length = 0
    let edge = start
    path.push(from[edge]!)
    placeInPath[from[edge]!] = 0
    while (edge >= 0) {
      alive[edge] = 0
      const node = to[edge]!
      const place = placeInPath[node]!
      if (place >= 0) {
        addRing(graph, rings, path, place)
        for (let index = place + 1; index < path.length; index++) placeInPath[path[index]!] = -1
        path.length = place + 1
      } else {
        placeInPath[node] = path.length
        path.push(node)
      }
      edge = place === 0 ? -1 : nextEdge(graph, edge)
      if (edge < 0 && place !== 0) return null
    }
    placeInPath[path[0]!] = -1
  }
  return rings
}

/** The living edge to go on with: the leftmost, so that paths meet but never cross; -1 when there is none. */
function nextEdge({ firstOut, nextOut, alive, from, to, x, y }: OutlineGraph, edge: number): number {
  const node = to[edge]!
  let best = -1
  let bestTurn = -Infinity
  let heading = Number.NaN
  for (let next = firstOut[node]!; next >= 0; next = nextOut[next]!) {
    // Back the same way only exists where a cut runs both ways, and is never a bound of the same face.
    if (alive[next] === 0 || to[next] === from[edge]) continue
    if (best < 0) {
      best = next
      continue
    }
    const turnOf = (candidate: number): number => {
      if (Number.isNaN(heading)) heading = Math.atan2(y[node]! - y[from[edge]!]!, x[node]! - x[from[edge]!]!)
      const turn = Math.atan2(y[to[candidate]!]! - y[node]!, x[to[candidate]!]! - x[node]!) - heading
      return turn <= -Math.PI ? turn + 2 * Math.PI : turn > Math.PI ? turn - 2 * Math.PI : turn
    }
    if (bestTurn === -Infinity) bestTurn = turnOf(best)
    const turn = turnOf(next)
    if (turn <= bestTurn) continue
    best = next
    bestTurn = turn
  }
  return best
}

/** Keeps the nodes from `place` on as a ring, unless it is a sliver no wider than the snap distance. */
function addRing({ x, y, snapM }: OutlineGraph, rings: OutlineRing[], path: readonly number[], place: number): void {
  const length = path.length - place
  if (length < 3) return
  const coordinates = new Float64Array((length + 1) * 2)
  for (let index = 0; index <= length; index++) {
    const node = path[place + (index % length)]!
    coordinates[index * 2] = x[node]!
    coordinates[index * 2 + 1] = y[node]!
  }
  const x0 = coordinates[0]!
  const y0 = coordinates[1]!
  let twice = 0
  let perimeter = 0
  for (let index = 0; index < length * 2; index += 2) {
    const x1 = coordinates[index]! - x0
    const y1 = coordinates[index + 1]! - y0
    const x2 = coordinates[index + 2]! - x0
    const y2 = coordinates[index + 3]! - y0
    twice += x1 * y2 - x2 * y1
    perimeter += Math.abs(x2 - x1) + Math.abs(y2 - y1)
  }
  if (Math.abs(twice) > perimeter * snapM) rings.push({ coordinates, signedAreaM2: twice / 2 })
}

/** The rings around a shell must cancel out, those around a hole must leave one: anything else is an overlap. */
function isBetween(ring: OutlineRing, rings: readonly OutlineRing[]): boolean {
  let winding = 0
  for (const other of rings) {
    if (other !== ring && holdsStartOf(other, ring)) winding += Math.sign(other.signedAreaM2)
  }
  return winding === (ring.signedAreaM2 > 0 ? 0 : 1)
}

/** Tested at the middle of the first edge: rings may share nodes, but never edges. */
function holdsStartOf({ coordinates: outer }: OutlineRing, { coordinates: inner }: OutlineRing): boolean {
  const x = (inner[0]! + inner[2]!) / 2
  const y = (inner[1]! + inner[3]!) / 2
  return isInsideRing(outer, 0, outer.length / 2, x, y)
}

export function flatten(polygons: readonly (readonly OutlineRing[])[]): FlatPolygons {
  const rings = polygons.flat()
  const coordinates = new Float64Array(rings.reduce((sum, ring) => sum + ring.coordinates.length, 0))
  const ringEnds = new Uint32Array(rings.length)
  let offset = 0
  rings.forEach((ring, index) => {
    coordinates.set(ring.coordinates, offset)
    offset += ring.coordinates.length
    ringEnds[index] = offset / 2
  })
  let rank = 0
  const polygonEnds = Uint32Array.from(polygons, polygon => {
    rank += polygon.length
    return rank
  })
  return { coordinates, ringEnds, polygonEnds }
}
