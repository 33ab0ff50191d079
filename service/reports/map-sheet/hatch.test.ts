import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isInsidePolygons } from '../../../shared/geometry/point-in-polygon.ts'
import { toFlat } from '../../../shared/geometry/types.ts'
import { hatch } from './hatch.ts'

it('covers a square with a hole by lines whose length times their distance is the area, and none in the hole', () => {
  const size = fc.double({ min: 4, max: 60, noNaN: true })
  const place = fc.double({ min: -50, max: 50, noNaN: true })
  fc.assert(
    fc.property(size, place, place, (side, x, y) => {
      const square = (inset: number): [number, number][] => [
        [x + inset, y + inset],
        [x + side - inset, y + inset],
        [x + side - inset, y + side - inset],
        [x + inset, y + side - inset],
        [x + inset, y + inset],
      ]
      const outline = toFlat({ type: 'Polygon', coordinates: [square(0), square(side / 4)] })
      const step = side / 150
      const lines = hatch(outline, step)
      const length = lines.reduce((sum, [x0, y0, x1, y1]) => sum + Math.hypot(x1 - x0, y1 - y0), 0)
      expect(Math.abs((length * step) / (side * side * 0.75) - 1)).toBeLessThan(0.02)
      for (const [x0, y0, x1, y1] of lines)
        expect(isInsidePolygons(outline, (x0 + x1) / 2, (y0 + y1) / 2) || Math.hypot(x1 - x0, y1 - y0) < 1e-9).toBe(
          true,
        )
    }),
  )
})
