/** Common area of two polygons; pure, any cartesian plane in metres. Exactly 0 where they only share edges. */
import { addSlabSums, createEdgeSet, type EdgeSet, pushRings, type SlabSums } from './slab.ts'
import { type Box, boxOf, type FlatPolygons } from './types.ts'

const edgesA = createEdgeSet(256)
const edgesB = createEdgeSet(256)

/** Area in m² that `a` and `b` have in common. Both must be valid; holes and several parts are allowed. */
export function intersectionAreaM2(a: FlatPolygons, b: FlatPolygons): number {
  return commonSums(a, b, commonBox(boxOf(a), boxOf(b)))
}

/**
 * Do `a` and `b` share more than `thresholdM2`? Cheap for neighbours that only touch: when the box they have in common is
 * smaller than the threshold nothing is computed, otherwise only the edges within its ordinates.
 */
export function overlapsMoreThan(a: FlatPolygons, b: FlatPolygons, thresholdM2: number): boolean {
  const box = commonBox(boxOf(a), boxOf(b))
  if (!box || (box[2] - box[0]) * (box[3] - box[1]) <= thresholdM2) return false
  return commonSums(a, b, box) > thresholdM2
}

/** The box that two boxes share, undefined when they do not meet. */
export function commonBox(a: Readonly<Box>, b: Readonly<Box>): Box | undefined {
  const box: Box = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]
  return box[0] < box[2] && box[1] < box[3] ? box : undefined
}

function commonSums(a: FlatPolygons, b: FlatPolygons, box: Box | undefined): number {
  if (!box) return 0
  fill(edgesA, a, box)
  fill(edgesB, b, box)
  if (edgesA.count === 0 || edgesB.count === 0) return 0
  const sums: SlabSums = { area: 0, common: 0 }
  addSlabSums(edgesA, edgesB, 'parity', box[1], box[3], 0, sums)
  return sums.common
}

function fill(edges: EdgeSet, polygons: FlatPolygons, box: Box): void {
  edges.count = 0
  pushRings(edges, polygons, box[1], box[3])
}
