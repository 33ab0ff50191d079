import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ellipsoidAreaM2, planarAreaM2 } from './area.ts'
import { EPSG_4549, planeForBox, projectToPlane, unprojectFromPlane } from './plane.ts'
import { boxOf, toFlat, vertexCount } from './types.ts'

test('Lanxi is surveyed in EPSG:4549, other counties in their own 3° zone', () => {
  expect(planeForBox([119.2, 29, 119.9, 29.5])).toEqual(EPSG_4549)
  expect(planeForBox([116.1, 39.7, 116.8, 40.2]).centralMeridianDegrees).toBe(117)
})

test('a survey anywhere else has a plane whose areas are within 1e-4 of the ellipsoid', () => {
  const place = fc.tuple(fc.double({ min: -170, max: 170, noNaN: true }), fc.double({ min: -65, max: 65, noNaN: true }))
  fc.assert(
    fc.property(place, ([lng, lat]) => {
      const flat = toFlat({
        type: 'Polygon',
        coordinates: [
          [
            [lng, lat],
            [lng + 0.01, lat],
            [lng + 0.01, lat + 0.01],
            [lng, lat + 0.01],
            [lng, lat],
          ],
        ],
      })
      const plane = planeForBox(boxOf(flat))
      const inPlane = projectToPlane(flat, plane)
      const scale = planarAreaM2(inPlane) / ellipsoidAreaM2(flat)
      // A 3° zone ends 167 km from its meridian at the equator: 7e-4 there.
      expect(Math.abs(scale - 1)).toBeLessThan(Math.abs(lng - plane.centralMeridianDegrees) > 0.2 ? 7.5e-4 : 1e-4)
      const back = unprojectFromPlane(inPlane, plane)
      for (let index = 0; index < vertexCount(flat) * 2; index++)
        expect(Math.abs(back.coordinates[index]! - flat.coordinates[index]!)).toBeLessThan(1e-12)
    }),
  )
})
