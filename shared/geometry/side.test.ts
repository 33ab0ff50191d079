import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sideOf } from './side.ts'

test.each([
  ['all inside', 1000, 1000, 100, 'inside'],
  ['nothing inside', 1000, 0, 100, 'outside'],
  ['10 m² outside is a sliver', 1000, 990, 100, 'inside'],
  ['a little more is not', 1000, 989.99, 100, 'crossing'],
  ['10 m² inside is a sliver', 1000, 10, 100, 'outside'],
  ['a little more is not', 1000, 10.01, 100, 'crossing'],
  ['a long outline allows 0.1 m along it', 10_000, 9960, 400, 'inside'],
  ['and no more', 10_000, 9959.9, 400, 'crossing'],
  ['half and half', 1000, 500, 100, 'crossing'],
  ['a parcel smaller than the tolerance goes to its larger part', 12, 7, 14, 'inside'],
  ['or the other', 12, 5, 14, 'outside'],
])('%s', (_, areaM2, areaInM2, perimeterM, side) => {
  expect(sideOf({ areaM2, areaInM2, perimeterM })).toBe(side)
})

test('both tolerances can be set', () => {
  const parcel = { areaM2: 1000, areaInM2: 970, perimeterM: 100 }
  expect(sideOf(parcel)).toBe('crossing')
  expect(sideOf(parcel, { toleranceM2: 30 })).toBe('inside')
  expect(sideOf(parcel, { tolerancePerM: 0.3 })).toBe('inside')
  expect(sideOf({ ...parcel, areaInM2: 999.9 }, { toleranceM2: 0, tolerancePerM: 0 })).toBe('crossing')
  expect(sideOf({ ...parcel, areaInM2: 1000 }, { toleranceM2: 0, tolerancePerM: 0 })).toBe('inside')
})

test('swapping inside and outside swaps the side', () => {
  const other = { inside: 'outside', outside: 'inside', crossing: 'crossing' } as const
  fc.assert(
    fc.property(fc.integer({ min: 50, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (areaM2, share) => {
      const perimeterM = 4 * Math.sqrt(areaM2)
      fc.pre(Math.abs(share - 0.5) > 1e-9)
      const areaInM2 = areaM2 * share
      const side = sideOf({ areaM2, areaInM2, perimeterM })
      const areaOutM2 = areaM2 - areaInM2
      // Areas within rounding of the tolerance may fall either way.
      fc.pre([areaInM2, areaOutM2].every(area => Math.abs(area - Math.max(10, perimeterM * 0.1)) > 1e-6))
      expect(sideOf({ areaM2, areaInM2: areaOutM2, perimeterM })).toBe(other[side])
    }),
  )
})
