/** Is a position inside polygons? Even-odd, so holes are outside; positions on an edge may fall either way. */
import type { FlatPolygons } from './types.ts'

export function isInsidePolygons(polygons: FlatPolygons, x: number, y: number): boolean {
  let inside = false
  let from = 0
  for (const to of polygons.ringEnds) {
    if (isInsideRing(polygons.coordinates, from, to, x, y)) inside = !inside
    from = to
  }
  return inside
}

/** Even-odd test against one closed ring, vertices `from` to `to` (exclusive). */
export function isInsideRing(coordinates: Float64Array, from: number, to: number, x: number, y: number): boolean {
  let inside = false
  for (let index = from * 2; index < (to - 1) * 2; index += 2) {
    const y1 = coordinates[index + 1]!
    const y2 = coordinates[index + 3]!
    if (y1 > y === y2 > y) continue
    const x1 = coordinates[index]!
    if (x < x1 + ((y - y1) * (coordinates[index + 2]! - x1)) / (y2 - y1)) inside = !inside
  }
  return inside
}
