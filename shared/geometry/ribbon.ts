/** A line as a thin polygon, so that rivers drawn as lines and as areas keep zones apart in the same way. Metric plane, pure. */
import { type FlatPolygons, type Position, toFlat } from './types.ts'

/**
 * One rectangle per segment of the polyline (x, y in turn, metres), `halfWidthM` to either side and longer by as much at both
 * ends, so that neighbouring rectangles overlap at every bend. They are to be united by the caller. Segments without length
 * are left out; the result may be empty.
 */
export function ribbonParts(line: Float64Array, halfWidthM: number): FlatPolygons[] {
  const parts: FlatPolygons[] = []
  for (let at = 0; at + 3 < line.length; at += 2) {
    const [x0, y0, x1, y1] = [line[at]!, line[at + 1]!, line[at + 2]!, line[at + 3]!]
    const length = Math.hypot(x1 - x0, y1 - y0)
    if (!(length > 0)) continue
    const [ux, uy] = [((x1 - x0) / length) * halfWidthM, ((y1 - y0) / length) * halfWidthM]
    const corners: Position[] = [
      [x0 - ux + uy, y0 - uy - ux],
      [x1 + ux + uy, y1 + uy - ux],
      [x1 + ux - uy, y1 + uy + ux],
      [x0 - ux - uy, y0 - uy + ux],
    ]
    parts.push(toFlat({ type: 'Polygon', coordinates: [[...corners, [...corners[0]!] as Position]] }))
  }
  return parts
}
