/** The polygon cases of the JTS test suite, run through our own overlay areas, outlines, positions and inner points. */
import { readdirSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { dissolve } from '../../shared/geometry/dissolve.ts'
import { edgeDistance } from '../../shared/geometry/distance.ts'
import { interiorPoint } from '../../shared/geometry/interior-point.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { locatePoint } from '../../shared/geometry/point-in-polygon.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import { inProject } from '../../tools/paths.ts'
import { type JtsCase, type JtsTest, readJtsCases, readWkt } from '../support/jts.ts'

/** Every test of the files whose inputs are polygons with area, or points against one. */
const EXPECTED_TESTS = 160
let applied = 0

afterAll(() => {
  // So that a reader that quietly drops cases does not pass for a success.
  expect(applied).toBe(EXPECTED_TESTS)
})

describe('overlay areas', () => {
  for (const one of readJtsCases('TestOverlayAA.xml')) {
    for (const check of one.tests) {
      const expected = readWkt(check.expected)
      const [a, b] = polygonsOf(one, check)
      if (!a || !b) continue
      test(`${one.name}: ${check.op}`, () => {
        applied++
        const common = intersectionAreaM2(a, b)
        const areaA = planarAreaM2(a)
        const areaB = planarAreaM2(b)
        const areas: Record<string, number> = {
          intersection: common,
          union: areaA + areaB - common,
          difference: areaA - common,
          symdifference: areaA + areaB - 2 * common,
        }
        // A line or a point as result has no area.
        const area = expected.polygons ? planarAreaM2(expected.polygons) : polygonAreaIn(check.expected)
        expect(areas[check.op]).toBeCloseTo(area, 9)
      })
    }
  }
})

describe('predicates of polygons and rectangles', () => {
  for (const one of readJtsCases('TestRectanglePredicate.xml')) {
    for (const check of one.tests) {
      const [a, b] = polygonsOf(one, check)
      if (!a || !b) continue
      test(`${one.name}: ${check.op}`, () => {
        applied++
        expect(predicate(check.op, a, b)).toBe(check.expected === 'true')
      })
    }
  }
})

describe('points and polygons', () => {
  for (const one of readJtsCases('TestRelatePA.xml')) {
    for (const check of one.tests) {
      const { points } = one.a
      const polygons = one.b?.polygons
      if (points.length === 0 || !polygons) continue
      test(`${one.name}: ${check.op}`, () => {
        applied++
        const places = new Set(points.map(([x, y]) => locatePoint(polygons, x, y)))
        const forward = check.arg1 === 'A'
        const inside = places.has('inside')
        const outside = places.has('outside')
        const boundary = places.has('boundary')
        const within = inside && !outside
        const answers: Record<string, boolean> = {
          // Dimensions of the points' interior with the polygon's interior, boundary and exterior.
          relate: check.arg3 === `${inside ? '0' : 'F'}${boundary ? '0' : 'F'}${outside ? '0' : 'F'}FFF212`,
          contains: !forward && within,
          within: forward && within,
          covers: !forward && !outside,
          coveredBy: forward && !outside,
          crosses: inside && outside,
          disjoint: !inside && !boundary,
          intersects: inside || boundary,
          equalsTopo: false,
          overlaps: false,
          touches: boundary && !inside,
        }
        expect(answers[check.op]).toBe(check.expected === 'true')
      })
    }
  }
})

describe('inner points of polygons', () => {
  for (const one of readJtsCases('TestInteriorPoint.xml')) {
    const { polygons } = one.a
    if (!polygons || planarAreaM2(polygons) === 0) continue
    test(one.name, () => {
      applied++
      const [x, y] = interiorPoint(polygons)!
      expect(locatePoint(polygons, x, y)).toBe('inside')
      expect([x, y]).toEqual(readWkt(one.tests[0]!.expected).points[0])
    })
  }
})

describe('unions of parts that do not overlap', () => {
  for (const one of readJtsCases('TestUnaryUnion.xml')) {
    const { polygons } = one.a
    if (!polygons || planarAreaM2(polygons) === 0) continue
    test(one.name, () => {
      applied++
      const expected = readWkt(one.tests[0]!.expected).polygons!
      const outline = dissolve([polygons])
      // Overlapping parts are refused; the service unites those with GEOS.
      if (outline) expect(planarAreaM2(outline)).toBeCloseTo(planarAreaM2(expected), 9)
      else expect(planarAreaM2(polygons)).toBeGreaterThan(planarAreaM2(expected))
    })
  }
})

/** Why a test of the suite is not run here; null for those that are. Kept apart from the loops above, which it checks. */
function leftOut(one: JtsCase, check: JtsTest): string | null {
  const hasLand = (side: 'A' | 'B' | undefined): boolean =>
    ((side === 'B' ? one.b : one.a)?.polygons?.coordinates.length ?? 0) > 0
  const hasArea = one.a.polygons !== undefined && planarAreaM2(one.a.polygons) !== 0
  switch (one.file) {
    case 'TestCentroid.xml':
      return 'no centroid is asked for anywhere: labels and proposals stand at inner points'
    case 'TestRelatePA.xml':
      return one.a.points.length > 0 ? null : 'no point in it'
    case 'TestOverlayAA.xml':
    case 'TestRectanglePredicate.xml':
      return hasLand(check.arg1) && hasLand(check.arg2) ? null : 'a line or point against a polygon: land has area'
    default:
      return hasArea ? null : 'lines, points, empty or flat shapes: land has area'
  }
}

test('every test of the suite is run, or left out for a reason', () => {
  const files = readdirSync(inProject('test/fixtures/jts')).filter(name => name.endsWith('.xml'))
  const counts: Record<string, number> = {}
  for (const one of files.flatMap(file => readJtsCases(file)))
    for (const check of one.tests) {
      const reason = leftOut(one, check) ?? 'run'
      counts[reason] = (counts[reason] ?? 0) + 1
    }
  expect(counts).toEqual({
    run: EXPECTED_TESTS,
    'no centroid is asked for anywhere: labels and proposals stand at inner points': 38,
    'no point in it': 22,
    'a line or point against a polygon: land has area': 59,
    'lines, points, empty or flat shapes: land has area': 36,
  })
})

function polygonsOf(one: JtsCase, check: JtsTest): [FlatPolygons | undefined, FlatPolygons | undefined] {
  const pick = (name: 'A' | 'B' | undefined) => (name === 'B' ? one.b?.polygons : one.a.polygons)
  return [pick(check.arg1), pick(check.arg2)]
}

function predicate(op: string, a: FlatPolygons, b: FlatPolygons): boolean {
  const covers = (outer: FlatPolygons, inner: FlatPolygons): boolean =>
    intersectionAreaM2(outer, inner) === planarAreaM2(inner)
  switch (op) {
    case 'intersects':
      return edgeDistance(a, b) === 0
    case 'contains':
    case 'covers':
      return covers(a, b)
    case 'within':
    case 'coveredBy':
      return covers(b, a)
    default:
      throw new Error(`no predicate ${op}`)
  }
}

/** Area of the polygons in a collection's text. */
function polygonAreaIn(wkt: string): number {
  const parts = wkt.match(/(?<!MULTI)POLYGON\s*\((?:[^()]|\([^()]*\))*\)/gi) ?? []
  return parts.reduce((sum, part) => sum + planarAreaM2(readWkt(part).polygons!), 0)
}
