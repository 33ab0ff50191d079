/** The polygon cases of the JTS suite through the edits of parcels: merging, cutting out, splitting and merging again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Geos, loadGeos } from '../../service/geos/geos.ts'
import { landWithout, unionOf } from '../../service/parcels/parcel-overlays.ts'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { mergeTouching, splitAlong } from '../../shared/geometry/edit/divide.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { validatePolygons } from '../../shared/geometry/validate.ts'
import { readJtsCases, readWkt } from '../support/jts.ts'

/** Cases are drawn in units of about a metre at Lanxi. */
const SCALE = 1e-5
const placed = (polygons: FlatPolygons): FlatPolygons => ({
  ...polygons,
  coordinates: polygons.coordinates.map((value, index) => value * SCALE + (index % 2 === 0 ? 119 : 29)),
})
const areaOf = (polygons: FlatPolygons) => planarAreaM2(polygons) / SCALE / SCALE
/** Coordinates have 14 digits behind the degrees of the cases' units. */
const TOLERANCE = 1e-4

let geos: Geos
let applied = 0
beforeAll(async () => {
  geos = await loadGeos()
})
afterAll(() => {
  // So that a reader that quietly drops cases does not pass for a success.
  expect(applied).toBe(44)
})

/** Area of the polygons of a result, also of those in a collection. */
function expectedArea(wkt: string): number {
  const whole = readWkt(wkt)
  if (whole.polygons) return planarAreaM2(whole.polygons)
  const parts = wkt.match(/(?<!MULTI)POLYGON\s*\((?:[^()]|\([^()]*\))*\)/gi) ?? []
  return parts.reduce((sum, part) => sum + planarAreaM2(readWkt(part).polygons!), 0)
}

describe('two polygons', () => {
  for (const one of readJtsCases('TestOverlayAA.xml')) {
    const [a, b] = [one.a.polygons, one.b?.polygons]
    if (!a || !b || planarAreaM2(a) === 0 || planarAreaM2(b) === 0) continue
    for (const check of one.tests) {
      if (check.op !== 'union' && check.op !== 'difference') continue
      test(`${one.name}: ${check.op}`, () => {
        applied++
        const expected = expectedArea(check.expected)
        if (check.op === 'union') {
          const union = unionOf(geos, [placed(a), placed(b)])
          expect(Math.abs(areaOf(union) - expected)).toBeLessThan(TOLERANCE)
          expect(geos.isValid(union)).toBe(true)
        } else if (expected === 0) {
          expect(() => landWithout(geos, placed(a), [placed(b)], 'A')).toThrow('没有剩余部分')
        } else {
          const left = landWithout(geos, placed(a), [placed(b)], 'A')
          expect(Math.abs(areaOf(left) - expected)).toBeLessThan(TOLERANCE)
          expect(geos.isValid(left)).toBe(true)
        }
      })
    }
  }
})

describe('many polygons', () => {
  for (const one of readJtsCases('TestUnaryUnion.xml')) {
    const { polygons } = one.a
    if (!polygons || planarAreaM2(polygons) === 0) continue
    test(one.name, () => {
      applied++
      const union = unionOf(geos, [placed(polygons)])
      expect(Math.abs(areaOf(union) - expectedArea(one.tests[0]!.expected))).toBeLessThan(TOLERANCE)
    })
  }
})

describe('split across the middle and merged again', () => {
  const files = ['TestOverlayAA.xml', 'TestInteriorPoint.xml', 'TestCentroid.xml']
  for (const one of files.flatMap(file => readJtsCases(file))) {
    const { polygons } = one.a
    // One case is thinner than a micrometre at this scale: no land to be cut.
    if (!polygons || planarAreaM2(polygons) < 1e-3 || validatePolygons(polygons).length > 0) continue
    test(one.name, () => {
      applied++
      const land = placed(polygons)
      const [west, south, east, north] = boxOf(land)
      const y = south + (north - south) * 0.437
      const parts = splitAlong(land, [
        [west - 1e-4, y],
        [east + 1e-4, y + 1e-6],
      ])
      expect(parts.length).toBeGreaterThan(1)
      expect(Math.abs(parts.reduce((sum, part) => sum + areaOf(part), 0) - areaOf(land))).toBeLessThan(TOLERANCE)
      const merged = mergeTouching(parts)
      expect(merged && Math.abs(areaOf(merged) - areaOf(land))).toBeLessThan(TOLERANCE)
    })
  }
})
