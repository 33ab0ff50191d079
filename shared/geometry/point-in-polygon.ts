/** Where a position lies relative to polygons. Even-odd, so holes are outside. Pure. */
import type { FlatPolygons } from './types.ts'

/** Fast; positions on an edge may fall either way. */
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

/** Inside, outside or on an edge, as exact as the product of two coordinate differences. */
export function locatePoint(polygons: FlatPolygons, x: number, y: number): 'inside' | 'boundary' | 'outside' {
  const { coordinates: c, ringEnds } = polygons
  let from = 0
  for (const to of ringEnds) {
    for (let index = from * 2; index < (to - 1) * 2; index += 2) {
      const dx1 = c[index]! - x
      const dy1 = c[index + 1]! - y
      const dx2 = c[index + 2]! - x
      const dy2 = c[index + 3]! - y
      if (dx1 * dy2 === dx2 * dy1 && dx1 * dx2 <= 0 && dy1 * dy2 <= 0) return 'boundary'
    }
    from = to
  }
  return isInsidePolygons(polygons, x, y) ? 'inside' : 'outside'
}
