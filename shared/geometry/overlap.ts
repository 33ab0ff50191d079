/** Common area of two polygons; pure, any cartesian plane in metres. Exactly 0 where they only share edges. */
import { planarAreaM2 } from './area.ts'
import { createEdgeSet, pushRings, resetEdges, sortEdges } from './edge-set.ts'
import { addSlabSums, NOISE_SHARE, type SlabSums } from './slab.ts'
import { type Box, boxOf, type FlatPolygons } from './types.ts'

const edgesA = createEdgeSet()
const edgesB = createEdgeSet()

/**
 * Area in m² that `a` and `b` have in common: exactly 0 when they only touch, exactly the polygon's own area when the
 * other covers it. Both must be valid; holes and several parts are allowed.
 */
export function intersectionAreaM2(a: FlatPolygons, b: FlatPolygons): number {
  const boxA = boxOf(a)
  const boxB = boxOf(b)
  const box = commonBox(boxA, boxB)
  if (!box) return 0
  // The smaller one first: only the first can be found to be covered.
  const [first, second, firstBox] = boxSize(boxA) <= boxSize(boxB) ? [a, b, boxA] : [b, a, boxB]
  const sums = commonSums(first, second, box, firstBox[2])
  if (sums.common <= sums.area * NOISE_SHARE) return 0
  const isCovered =
    sums.area - sums.common <= sums.area * NOISE_SHARE && firstBox.every((value, index) => value === box[index])
  return isCovered ? planarAreaM2(first) : sums.common
}

/**
 * Do `a` and `b` share more than `thresholdM2`? Cheap for neighbours that only touch: when the box they have in common is
 * smaller than the threshold nothing is computed, otherwise only the edges within its ordinates.
 */
export function overlapsMoreThan(
  a: FlatPolygons,
  b: FlatPolygons,
  thresholdM2: number,
  boxA: Readonly<Box> = boxOf(a),
  boxB: Readonly<Box> = boxOf(b),
): boolean {
  const box = commonBox(boxA, boxB)
  if (!box || boxSize(box) <= thresholdM2) return false
  return commonSums(a, b, box, boxA[2]).common > thresholdM2
}

/** The box that two boxes share, undefined when they do not meet. */
function commonBox(a: Readonly<Box>, b: Readonly<Box>): Box | undefined {
  const minX = Math.max(a[0], b[0])
  const minY = Math.max(a[1], b[1])
  const maxX = Math.min(a[2], b[2])
  const maxY = Math.min(a[3], b[3])
  return minX < maxX && minY < maxY ? [minX, minY, maxX, maxY] : undefined
}

function boxSize(box: Readonly<Box>): number {
  return (box[2] - box[0]) * (box[3] - box[1])
}

/** `maxX` is where `a` ends: edges of `b` beyond it change nothing. */
function commonSums(a: FlatPolygons, b: FlatPolygons, box: Box, maxX: number): SlabSums {
  const sums: SlabSums = { area: 0, common: 0 }
  resetEdges(edgesA, box[0], box[1])
  resetEdges(edgesB, box[0], box[1])
  pushRings(edgesA, a, box[1], box[3])
  pushRings(edgesB, b, box[1], box[3], maxX)
  if (edgesA.count === 0 || edgesB.count === 0) return sums
  sortEdges(edgesA)
  sortEdges(edgesB)
  addSlabSums(edgesA, edgesB, 'parity', 0, box[3] - box[1], 0, sums)
  return sums
}
