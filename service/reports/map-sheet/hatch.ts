/**
 * Slanting lines inside polygons. Patterns of SVG come out of PDF viewers as a mesh, and clip paths are slow; lines that end
 * where the polygon ends look the same everywhere. Pure.
 */
import type { FlatPolygons } from '../../../shared/geometry/types.ts'

const ROOT = Math.SQRT1_2

export type Segment = readonly [x0: number, y0: number, x1: number, y1: number]

/** Lines at 45°, `step` apart on a raster common to all polygons, by the even-odd rule: holes stay empty. */
export function hatch({ coordinates, ringEnds }: FlatPolygons, step: number): Segment[] {
  // u across the lines, v along them.
  const cuts = new Map<number, number[]>()
  let from = 0
  for (const end of ringEnds) {
    for (let index = from; index < end - 1; index++) {
      const [x0, y0, x1, y1] = coordinates.subarray(2 * index, 2 * index + 4) as unknown as Segment
      const [u0, u1] = [(x0 + y0) * ROOT, (x1 + y1) * ROOT]
      const [v0, v1] = [(x0 - y0) * ROOT, (x1 - y1) * ROOT]
      if (u0 === u1) continue
      const [low, high] = u0 < u1 ? [u0, u1] : [u1, u0]
      // Half open, so that a line through a corner is cut once.
      for (let line = Math.ceil(low / step); line * step < high; line++) {
        const v = v0 + ((line * step - u0) / (u1 - u0)) * (v1 - v0)
        const list = cuts.get(line)
        if (list) list.push(v)
        else cuts.set(line, [v])
      }
    }
    from = end
  }
  const segments: Segment[] = []
  for (const [line, list] of cuts) {
    const u = line * step
    list.sort((a, b) => a - b)
    for (let index = 0; index + 1 < list.length; index += 2) {
      const [a, b] = [list[index]!, list[index + 1]!]
      segments.push([(u + a) * ROOT, (u - a) * ROOT, (u + b) * ROOT, (u - b) * ROOT])
    }
  }
  return segments
}
