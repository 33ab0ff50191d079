import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crsFindings, fromGeographicInPlace, guessCrs, resolveCrs, toGeographicInPlace, usableCrs } from './crs.ts'
import type { Box } from './types.ts'

/** Lanxi and 5 km round it. */
const LANXI: Box = [119.17, 28.97, 119.95, 29.51]
const crsOf = (name: string) => resolveCrs(name)!

test.each([
  ['EPSG:4549', 'EPSG:4549'],
  ['4549', 'EPSG:4549'],
  [' epsg:4549 ', 'EPSG:4549'],
  ['urn:ogc:def:crs:EPSG::4549', 'EPSG:4549'],
  ['urn:ogc:def:crs:EPSG:9.8:4549', 'EPSG:4549'],
  ['http://www.opengis.net/def/crs/EPSG/0/4549', 'EPSG:4549'],
  ['CGCS2000 / 3-degree Gauss-Kruger CM 120E', 'EPSG:4549'],
  ['CGCS2000_3_Degree_GK_CM_120E', 'EPSG:4549'],
  ['CGCS2000 3度带 中央经线120°', 'EPSG:4549'],
  ['CGCS2000 / 3-degree Gauss-Kruger zone 40', 'EPSG:4528'],
  ['CGCS2000_3_Degree_GK_Zone_40', 'EPSG:4528'],
  ['CGCS2000 3度带 第40带(带号)', 'EPSG:4528'],
  ['CGCS2000 / Gauss-Kruger CM 117E', 'EPSG:4509'],
  ['CGCS2000_GK_Zone_20', 'EPSG:4498'],
  ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326'],
  ['CRS84', 'EPSG:4326'],
  ['GCS_China_Geodetic_Coordinate_System_2000', 'EPSG:4490'],
  ['2000国家大地坐标系', 'EPSG:4490'],
  ['GCJ-02', 'GCJ02'],
  ['BD-09', 'BD09'],
])('%s is %s', (name, id) => {
  expect(resolveCrs(name)?.id).toBe(id)
})

test.each([
  'EPSG:99999',
  'nonsense',
  '',
  // Zones that do not exist must not run into the codes of the neighbouring sort.
  'CGCS2000 / 3-degree Gauss-Kruger zone 20',
  'CGCS2000 / 3-degree Gauss-Kruger zone 46',
  'CGCS2000 / 3-degree Gauss-Kruger CM 72E',
  'CGCS2000 / 3-degree Gauss-Kruger CM 121E',
  'CGCS2000 / Gauss-Kruger CM 120E',
])('"%s" is unknown', name => {
  expect(resolveCrs(name)).toBeUndefined()
})

test.each([
  ['EPSG:2364'],
  ['Xian_1980_3_Degree_GK_Zone_40'],
  ['1980西安坐标系'],
  ['Beijing_1954_3_Degree_GK_CM_120E'],
  ['1954年北京坐标系'],
  ['EPSG:21420'],
  ['EPSG:4797'],
])('%s is known and refused: it needs parameters', name => {
  const crs = crsOf(name)
  expect(crs.kind).toBe('needs_parameters')
  expect(() => toGeographicInPlace(crs, new Float64Array(2))).toThrow(
    expect.objectContaining({ code: 'crs_needs_parameters' }),
  )
})

test('the zones carry the meridians and false eastings of the EPSG registry', () => {
  const found = ['4491', '4501', '4502', '4512', '4513', '4533', '4534', '4554'].map(code => {
    const { centralMeridianDegrees, falseEastingM } = crsOf(code).projection!
    return [centralMeridianDegrees, falseEastingM]
  })
  expect(found).toEqual([
    [75, 13_500_000],
    [135, 23_500_000],
    [75, 500_000],
    [135, 500_000],
    [75, 25_500_000],
    [135, 45_500_000],
    [75, 500_000],
    [135, 500_000],
  ])
})

test('there and back through every system is within 1e-9 degrees', () => {
  const offset = fc.double({ min: -1.5, max: 1.5, noNaN: true })
  const latitude = fc.double({ min: 18, max: 53, noNaN: true })
  fc.assert(
    fc.property(fc.constantFrom(...usableCrs()), offset, latitude, (crs, dLongitude, lat) => {
      const lng = (crs.projection?.centralMeridianDegrees ?? 119) + dLongitude
      const coordinates = new Float64Array([lng, lat])
      fromGeographicInPlace(crs, coordinates)
      toGeographicInPlace(crs, coordinates)
      expect(Math.abs(coordinates[0]! - lng)).toBeLessThan(1e-9)
      expect(Math.abs(coordinates[1]! - lat)).toBeLessThan(1e-9)
    }),
    { numRuns: 1000 },
  )
})

test('GCJ-02 lies about 570 m to the south-east in Lanxi, BD-09 beyond it', () => {
  const gcj = new Float64Array([119.4667, 29.2142])
  fromGeographicInPlace(crsOf('GCJ02'), gcj)
  const east = (gcj[0]! - 119.4667) * 111_320 * Math.cos((29.2142 * Math.PI) / 180)
  const north = (gcj[1]! - 29.2142) * 110_850
  expect([Math.round(east), Math.round(north)]).toEqual([493, -293])
  const bd = new Float64Array([119.4667, 29.2142])
  fromGeographicInPlace(crsOf('BD09'), bd)
  expect(bd[0]! - gcj[0]!).toBeCloseTo(0.0065, 3)
  expect(bd[1]! - gcj[1]!).toBeCloseTo(0.006, 3)
})

const degrees: Box = [119.3, 29.1, 119.5, 29.3]
const plane: Box = [430_000, 3_220_000, 460_000, 3_250_000]
const shifted = (box: Box, by: number): Box => [box[0] + by, box[1], box[2] + by, box[3]]
const swapped = ([a, b, c, d]: Box): Box => [b, a, d, c]

test.each<[string, string, Box, Box | null, string[]]>([
  ['degrees as declared', 'EPSG:4490', degrees, LANXI, []],
  ['metres as declared', 'EPSG:4549', plane, LANXI, []],
  ['metres with zone number as declared', 'EPSG:4528', shifted(plane, 4e7), LANXI, []],
  ['degrees declared as metres', 'EPSG:4549', degrees, LANXI, ['looks_geographic']],
  ['metres declared as degrees', 'EPSG:4490', plane, LANXI, ['looks_projected']],
  ['latitude first', 'EPSG:4490', swapped(degrees), LANXI, ['swapped_axes']],
  ['latitude first, without a guard', 'EPSG:4490', swapped(degrees), null, ['swapped_axes']],
  ['northing first', 'EPSG:4549', swapped(plane), LANXI, ['swapped_axes']],
  ['northing first with zone number', 'EPSG:4528', swapped(shifted(plane, 4e7)), null, ['swapped_axes']],
  [
    'northing first with zone number, declared without',
    'EPSG:4549',
    swapped(shifted(plane, 4e7)),
    null,
    ['swapped_axes'],
  ],
  ['zone number where none is declared', 'EPSG:4549', shifted(plane, 4e7), LANXI, ['zone_prefix_present']],
  ['number of another zone', 'EPSG:4528', shifted(plane, 3.9e7), null, ['zone_prefix_present']],
  ['zone number missing', 'EPSG:4528', plane, LANXI, ['zone_prefix_missing']],
  ['another zone without number', 'EPSG:4548', plane, LANXI, ['outside_guard']],
  ['elsewhere', 'EPSG:4490', [120.1, 30.1, 120.2, 30.2], LANXI, ['outside_guard']],
  ['elsewhere, without a guard', 'EPSG:4490', [120.1, 30.1, 120.2, 30.2], null, []],
])('%s', (_, name, extent, guard, findings) => {
  expect(crsFindings(crsOf(name), extent, guard)).toEqual(findings)
})

test('without a declaration the usual systems are told apart by the guard box', () => {
  const found = [degrees, plane, shifted(plane, 4e7)].map(extent => guessCrs(extent, LANXI)?.id)
  expect(found).toEqual(['EPSG:4490', 'EPSG:4549', 'EPSG:4528'])
})

test('metres without a guard box are not guessed, and GCJ-02 never is', () => {
  expect(guessCrs(plane, null)).toBeUndefined()
  expect(guessCrs(shifted(degrees, 0.005), LANXI)?.id).toBe('EPSG:4490')
})
