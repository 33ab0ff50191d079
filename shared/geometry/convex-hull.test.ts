import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { convexHullAreaM2 } from './convex-hull.ts'
import type { FlatPolygons } from './types.ts'

const asPolygons = (points: readonly (readonly [number, number])[]): FlatPolygons => ({
  coordinates: Float64Array.from(points.flat()),
  ringEnds: Uint32Array.of(points.length),
  polygonEnds: Uint32Array.of(1),
})

/** Gift wrapping in whole numbers: every point is a corner or left of every side; exact. */
function wrappedArea(points: readonly (readonly [number, number])[]): number {
  const turn = (a: readonly number[], b: readonly number[], c: readonly number[]) =>
    (b[0]! - a[0]!) * (c[1]! - a[1]!) - (b[1]! - a[1]!) * (c[0]! - a[0]!)
  const far = (a: readonly number[], b: readonly number[]) => (b[0]! - a[0]!) ** 2 + (b[1]! - a[1]!) ** 2
  const start = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1])[0]!
  let twice = 0
  let at = start
  for (let side = 0; side <= points.length; side++) {
    let next = at
    for (const point of points) {
      const side = turn(at, next, point)
      if (far(at, point) > 0 && (far(at, next) === 0 || side < 0 || (side === 0 && far(at, point) > far(at, next))))
        next = point
    }
    twice += at[0] * next[1] - at[1] * next[0]
    at = next
    if (far(at, start) === 0) break
  }
  return Math.abs(twice) / 2
}

it('agrees with gift wrapping, also on lines, repeated places and few of them', () => {
  const whole = fc.integer({ min: -50, max: 50 })
  const places = fc.oneof(
    fc.array(fc.tuple(whole, whole), { minLength: 1, maxLength: 60 }),
    fc.array(fc.tuple(whole, fc.constant(7)), { minLength: 1, maxLength: 8 }),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 20 }),
  )
  fc.assert(
    fc.property(places, points => {
      expect(convexHullAreaM2([asPolygons(points)])).toBe(wrappedArea(points))
      expect(convexHullAreaM2(points.map(point => asPolygons([point])))).toBe(wrappedArea(points))
    }),
    { numRuns: 500 },
  )
})
