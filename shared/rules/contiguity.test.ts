import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SQUARE_METERS_PER_MU } from '../geometry/area.ts'
import { contiguityRate, reachesMu } from './contiguity.ts'

test('a cluster of exactly the minimum counts', () => {
  expect(reachesMu(50 * SQUARE_METERS_PER_MU, 50)).toBe(true)
  expect(contiguityRate([50 * SQUARE_METERS_PER_MU, 50 * SQUARE_METERS_PER_MU - 1], 50)).toBeCloseTo(0.5, 4)
})

test('no parcels give 0, not a division by zero', () => {
  expect(contiguityRate([], 50)).toBe(0)
})

test('the rate is a share, falls when the minimum rises, and never falls when clusters merge', () => {
  const areas = fc.array(fc.double({ min: 1, max: 2e5, noNaN: true }), { minLength: 2, maxLength: 50 })
  fc.assert(
    fc.property(areas, fc.double({ min: 0, max: 200, noNaN: true }), (list, minMu) => {
      const rate = contiguityRate(list, minMu)
      expect(rate).toBeGreaterThanOrEqual(0)
      expect(rate).toBeLessThanOrEqual(1)
      expect(contiguityRate(list, minMu + 10)).toBeLessThanOrEqual(rate + 1e-12)
      const merged = [list[0]! + list[1]!, ...list.slice(2)]
      expect(contiguityRate(merged, minMu)).toBeGreaterThanOrEqual(rate - 1e-12)
    }),
  )
})
