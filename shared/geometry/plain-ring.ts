/**
 * The quick answer for the usual parcel, one small clean ring: several times cheaper than the full validation, without
 * allocation. It may say no to a valid ring (then the full validation decides), never yes to a defective one.
 */
import { meet } from './edge-meeting.ts'
import { hasNoArea, turnsBack } from './ring-shape.ts'

/** Above this the pairs of edges cost more than the sweep of the full validation. */
const MAX_VERTICES = 128

/** Is the closed ring of vertices `from` to `to` (exclusive) surely valid? */
export function isPlainRing(c: Float64Array, from: number, to: number): boolean {
  const edges = to - from - 1
  if (edges < 3 || edges >= MAX_VERTICES) return false
  if (c[from * 2] !== c[to * 2 - 2] || c[from * 2 + 1] !== c[to * 2 - 1]) return false
  let before = to - 2
  for (let vertex = from; vertex < to - 1; vertex++) {
    // The difference of a finite and a non-finite number is not finite, of equal ones 0.
    const dx = c[vertex * 2 + 2]! - c[vertex * 2]!
    const dy = c[vertex * 2 + 3]! - c[vertex * 2 + 1]!
    if (!Number.isFinite(dx + dy) || (dx === 0 && dy === 0)) return false
    if (turnsBack(c, before, vertex, vertex + 1)) return false
    before = vertex
  }
  return !hasNoArea(c, from, to) && !edgesMeet(c, from, to - 2)
}

/** Do any two edges meet that do not follow each other? Edges are `first` to `last` (inclusive). */
function edgesMeet(c: Float64Array, first: number, last: number): boolean {
  for (let edge = first; edge < last - 1; edge++) {
    const ax = c[edge * 2]!
    const ay = c[edge * 2 + 1]!
    const bx = c[edge * 2 + 2]!
    const by = c[edge * 2 + 3]!
    const minX = Math.min(ax, bx)
    const maxX = Math.max(ax, bx)
    const minY = Math.min(ay, by)
    const maxY = Math.max(ay, by)
    // The last edge follows the first.
    const end = edge === first ? last - 1 : last
    let px = c[edge * 2 + 4]!
    let py = c[edge * 2 + 5]!
    for (let other = edge + 2; other <= end; other++) {
      const qx = c[other * 2 + 2]!
      const qy = c[other * 2 + 3]!
      const apart =
        (px < minX && qx < minX) || (px > maxX && qx > maxX) || (py < minY && qy < minY) || (py > maxY && qy > maxY)
      if (!apart && meet(c, edge, other)) return true
      px = qx
      py = qy
    }
  }
  return false
}
