import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTypedPlace } from '../../shared/geometry/edit/typed-coordinates.ts'
import { EPSG_4549 } from '../../shared/geometry/plane.ts'
import { COORDINATE_SYSTEMS, coordinateText } from './coordinates.ts'

describe('coordinates of the status line', () => {
  it('writes degrees, minutes and seconds without 60″', () => {
    expect(coordinateText('dms', 119.4999999, 29.2)).toBe('119°30′00.00″E 29°12′00.00″N')
    expect(coordinateText('dms', 119.45, 29.20125)).toBe('119°27′00.00″E 29°12′04.50″N')
  })

  it('says nothing far from the zone', () => {
    expect(coordinateText('EPSG:4549', 100, 29)).toBeNull()
  })

  it('is read back as the same place by "go to", in every system', () => {
    const near = fc.record({
      lng: fc.double({ min: 118.6, max: 121.4, noNaN: true }),
      lat: fc.double({ min: 20, max: 40, noNaN: true }),
    })
    fc.assert(
      fc.property(near, fc.constantFrom(...COORDINATE_SYSTEMS), ({ lng, lat }, system) => {
        const place = readTypedPlace(coordinateText(system, lng, lat)!, EPSG_4549)
        // Half of the last digit: 0.005 m, 0.0000005° or 0.005″.
        const tolerance = 1.5e-6
        expect(Math.abs(place!.lng - lng)).toBeLessThan(tolerance)
        expect(Math.abs(place!.lat - lat)).toBeLessThan(tolerance)
      }),
    )
  })

  it('does not take codes and names for places', () => {
    for (const text of ['330781001-2021-0005', '恒兴机械', '91330781MA28ABCD1X', '29', ''])
      expect(readTypedPlace(text, EPSG_4549)).toBeNull()
  })
})
