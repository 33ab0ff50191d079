import fc from 'fast-check'
import proj4 from 'proj4'
import { expect, test } from 'vitest'
import { forwardInPlace, inverseInPlace } from './gauss-kruger.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const zone = fc.integer({ min: 25, max: 45 })

test('eastings and northings agree with proj4 to 0.1 µm within 3° of the central meridian', () => {
  fc.assert(
    fc.property(zone, real(-3, 3), real(0, 84), (number, offset, latitude) => {
      const meridian = number * 3
      const falseEastingM = number * 1e6 + 5e5
      const proj = `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=${falseEastingM} +y_0=0 +ellps=GRS80 +units=m +no_defs`
      const [x, y] = proj4(proj, [meridian + offset, latitude])
      const coordinates = new Float64Array([meridian + offset, latitude])
      forwardInPlace({ centralMeridianDegrees: meridian, falseEastingM }, coordinates)
      expect(Math.hypot(coordinates[0]! - x!, coordinates[1]! - y!)).toBeLessThan(1e-7)
    }),
    { numRuns: 2000 },
  )
})

test('there and back is within 10 nm, in both hemispheres', () => {
  fc.assert(
    fc.property(zone, real(-3, 3), real(-84, 84), (number, offset, latitude) => {
      const projection = { centralMeridianDegrees: number * 3, falseEastingM: 5e5 }
      const coordinates = new Float64Array([number * 3 + offset, latitude])
      forwardInPlace(projection, coordinates)
      const plane = coordinates.slice()
      inverseInPlace(projection, coordinates)
      expect(
        Math.abs(coordinates[0]! - number * 3 - offset) * 111_320 * Math.cos((latitude * Math.PI) / 180),
      ).toBeLessThan(1e-8)
      expect(Math.abs(coordinates[1]! - latitude) * 111_320).toBeLessThan(1e-8)
      forwardInPlace(projection, coordinates)
      expect(Math.hypot(coordinates[0]! - plane[0]!, coordinates[1]! - plane[1]!)).toBeLessThan(1e-8)
    }),
    { numRuns: 2000 },
  )
})

test('shared vertices stay shared: equal input bits give equal output bits wherever they stand', () => {
  fc.assert(
    fc.property(fc.array(real(28, 30), { minLength: 2, maxLength: 30 }), latitudes => {
      const projection = { centralMeridianDegrees: 120, falseEastingM: 5e5 }
      const listed = Float64Array.from(latitudes.flatMap(latitude => [119.5, latitude]))
      forwardInPlace(projection, listed)
      const alone = latitudes.map(latitude => {
        const one = new Float64Array([119.5, latitude])
        forwardInPlace(projection, one)
        return [...one]
      })
      expect([...listed]).toEqual(alone.flat())
    }),
  )
})

test('the middle of Lanxi in EPSG:4549, as PROJ has it', () => {
  const coordinates = new Float64Array([119.4667, 29.2142])
  forwardInPlace({ centralMeridianDegrees: 120, falseEastingM: 5e5 }, coordinates)
  expect([coordinates[0]!.toFixed(3), coordinates[1]!.toFixed(3)]).toEqual(['448142.930', '3233128.517'])
})
