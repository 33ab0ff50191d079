/**
 * The common outline of parcels that share edges: opposite edges cancel, what is left is stitched to rings. Vertices
 * closer than the snap distance are one, and those on a neighbour's edge (T-junctions) split it. Gives valid polygons or
 * null, never something in between: where outlines overlap the caller unites them with GEOS. Metric plane, pure.
 */
import { planarAreaM2 } from './area.ts'
import { addEdge, createOutlineGraph, nodeAt, type OutlineGraph, resetGraph } from './outline-graph.ts'
import { resolveJunctions } from './outline-junctions.ts'
import { polygonsFromEdges } from './outline-rings.ts'
import type { FlatPolygons } from './types.ts'

const DEFAULT_SNAP_M = 0.001

const graph = createOutlineGraph()

/** Outline of all members together, or null when they overlap. Members must be valid; snap distance in metres. */
export function dissolve(members: readonly FlatPolygons[], snapM = DEFAULT_SNAP_M): FlatPolygons | null {
  const vertices = members.reduce((sum, member) => sum + member.coordinates.length / 2, 0)
  if (vertices === 0) return null
  const first = members.find(member => member.coordinates.length > 0)!
  resetGraph(graph, vertices, snapM, first.coordinates[0]!, first.coordinates[1]!)
  for (const member of members) if (!addMember(graph, member)) return null
  if (!resolveJunctions(graph)) return null
  const outline = polygonsFromEdges(graph)
  return outline && hasAreaOf(outline, members, snapM) ? outline : null
}

/** Adds the rings of a member with shells counter-clockwise and holes clockwise. */
function addMember(target: OutlineGraph, { coordinates, ringEnds, polygonEnds }: FlatPolygons): boolean {
  let ring = 0
  let from = 0
  for (const polygonEnd of polygonEnds) {
    for (let shell = true; ring < polygonEnd; ring++, shell = false) {
      const to = ringEnds[ring]!
      if (!addRing(target, coordinates, from, to, isCounterClockwise(coordinates, from, to) === shell)) return false
      from = to
    }
  }
  return true
}

function addRing(target: OutlineGraph, c: Float64Array, from: number, to: number, forward: boolean): boolean {
  let previous = -1
  for (let vertex = from; vertex < to; vertex++) {
    const node = nodeAt(target, c[vertex * 2]!, c[vertex * 2 + 1]!)
    if (previous >= 0 && node !== previous) {
      if (!(forward ? addEdge(target, previous, node) : addEdge(target, node, previous))) return false
    }
    previous = node
  }
  return true
}

function isCounterClockwise(c: Float64Array, from: number, to: number): boolean {
  const x0 = c[from * 2]!
  const y0 = c[from * 2 + 1]!
  let twice = 0
  for (let index = from * 2 + 2; index < (to - 1) * 2; index += 2) {
    twice += (c[index]! - x0) * (c[index + 3]! - y0) - (c[index + 2]! - x0) * (c[index + 1]! - y0)
  }
  return twice > 0
}

/** Snapping and dropped slivers change the area by no more than a strip of the snap distance along all edges. */
function hasAreaOf(outline: FlatPolygons, members: readonly FlatPolygons[], snapM: number): boolean {
  let expected = 0
  let length = 0
  for (const member of members) {
    expected += planarAreaM2(member)
    const { coordinates: c } = member
    for (let index = 2; index < c.length; index += 2)
      length += Math.abs(c[index]! - c[index - 2]!) + Math.abs(c[index + 1]! - c[index - 1]!)
  }
  return Math.abs(planarAreaM2(outline) - expected) <= snapM * length + 1e-9 * expected
}
