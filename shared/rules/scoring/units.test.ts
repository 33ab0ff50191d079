/** Enterprises on one parcel judged as one, and what holds a class down. The sums are written out, not asked of the program. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOutdated, packBasis } from './basis.ts'
import { scoreAll } from './score.ts'
import { DEFAULT_STANDARD, parseStandard, type ScoreStandard } from './standard.ts'
import type { ScoreSubject } from './subject.ts'
import { type Tie, unitsOf } from './units.ts'
import { scoreInWords } from './words.ts'

const tax = { indicator: 'tax_per_mu', weight: 100, base: 10, min: null, max: null, cap: null } as const
const STANDARD: ScoreStandard = {
  ...DEFAULT_STANDARD,
  groups: { above: [tax], below: [tax] },
  classes: { by: 'score', a: 90, b: 70, c: 50 },
}
const firm = (id: string, tax: number | null, land: number | null, more: Partial<ScoreSubject> = {}): ScoreSubject => ({
  id,
  name: `${id}厂`,
  scale: 'below',
  tax,
  land_mu_actual: land,
  ...more,
})
const tie = (enterprise_id: string, role: string, parcel_id = 'P', used_area_m2: number | null = null): Tie => ({
  enterprise_id,
  parcel_id,
  role,
  used_area_m2,
})
const shown = (results: ReturnType<typeof scoreAll>) =>
  Object.fromEntries(results.map(result => [result.id, [result.score, result.class]]))

test('five tenants on one parcel: figures together, one result shared, one place in the ranking', () => {
  const tenants = ['b', 'c', 'd', 'e', 'f'].map(id => firm(id, 2, 1))
  const subjects = [firm('a', 40, 5), ...tenants, firm('z', 30, 10)]
  const ties = [tie('a', 'OWNER'), ...tenants.map(({ id }) => tie(id, 'TENANT')), tie('z', 'OWNER', 'Q')]
  const results = scoreAll(STANDARD, subjects, ties)
  // (40 + 5 × 2) ÷ (5 + 5 × 1) = 5 万元/亩, half of the base.
  for (const { id } of [firm('a', 0, 0), ...tenants]) expect(shown(results)[id]).toEqual([50, 'C'])
  expect(shown(results)['z']).toEqual([30, 'D'])
  expect(results.map(result => result.of)).toEqual(Array(7).fill(2))
  const basis = packBasis(results[1]!, 1)
  expect(scoreInWords(basis, 50)).toContain('单宗多家合并评价：a厂、b厂、c厂等 6 家')
  const stored = JSON.parse(JSON.stringify(basis)) as typeof basis
  expect(isOutdated(stored, tenants[0]!)).toBe(false)
  expect(isOutdated(stored, { ...tenants[0]!, tax: 3 })).toBe(true)
  // Switched off, everybody stands alone.
  const alone = { ...STANDARD, combine: { ...STANDARD.combine, tenants: false } }
  expect(shown(scoreAll(alone, subjects, ties))).toMatchObject({ a: [80, 'B'], b: [20, 'D'] })
})

test('large tenants are judged apart, by size or by land; who lacks a figure does not spoil that of the unit', () => {
  const subjects = [
    firm('a', 40, 5),
    firm('b', 100, 5, { scale: 'above' }),
    firm('c', 8, 3),
    firm('d', null, 2),
    firm('e', 9, 1, { op_status: 'not_started' }),
  ]
  const ties = [tie('a', 'ACTUAL_USER'), ...['b', 'c', 'd', 'e'].map(id => tie(id, 'TENANT'))]
  // (40 + 8) ÷ (5 + 3): what d pays is not known, e is not in production yet.
  expect(shown(scoreAll(STANDARD, subjects, ties))).toMatchObject({ a: [60, 'C'], b: [200, 'A'], c: [60, 'C'] })
  expect(shown(scoreAll(STANDARD, subjects, ties))).toMatchObject({ d: [60, 'C'], e: [null, null] })
  const byLand = { ...STANDARD, combine: { tenants: true, apart_above: false, apart_mu: 3 } }
  expect(unitsOf(subjects, ties, byLand.combine).map(unit => unit.members.map(({ id }) => id))).toEqual([
    ['a', 'd', 'e'],
    ['b'],
    ['c'],
  ])
})

test('a tenant of two parcels belongs to where it uses most, and without a holder it stands alone', () => {
  const subjects = ['a', 'b', 't', 'u'].map(id => firm(id, 10, 1))
  const ties = [
    tie('a', 'OWNER', 'P'),
    tie('b', 'OWNER', 'Q'),
    tie('t', 'TENANT', 'P', 100),
    tie('t', 'TENANT', 'Q', 101),
    tie('u', 'TENANT', 'R', 50),
  ]
  expect(unitsOf(subjects, ties, STANDARD.combine).map(unit => unit.members.map(({ id }) => id).join(''))).toEqual([
    'a',
    'bt',
    'u',
  ])
})

test('a veto holds the class down for the one it strikes, says so, and never lifts one', () => {
  const ties = [tie('a', 'OWNER'), tie('b', 'TENANT')]
  const results = scoreAll(
    STANDARD,
    [
      firm('a', 50, 5),
      firm('b', 50, 5, { veto_causes: ['quality', 'safety'] }),
      firm('c', 1, 5, { veto_causes: ['safety'] }),
    ],
    ties,
  )
  expect(shown(results)).toEqual({ a: [100, 'A'], b: [100, 'D'], c: [2, 'D'] })
  expect(results.map(result => result.veto)).toEqual([null, { cause: 'safety', to: 'D', before: 'A' }, null])
  expect(scoreInWords(packBasis(results[1]!, 1), 100)).toContain('一票否决：安全生产事故，由 A 类降为 D 类')
  // Without a score too: what happened does not wait for figures.
  const [unknown] = scoreAll(STANDARD, [firm('x', null, null, { veto_causes: ['environment'] })])
  expect([unknown!.score, unknown!.class]).toEqual([null, 'D'])
  // Which causes count is data.
  const milder: ScoreStandard = { ...STANDARD, vetoes: [{ cause: 'quality', to: 'C' }] }
  expect(shown(scoreAll(milder, [firm('a', 50, 5, { veto_causes: ['quality', 'safety'] })]))).toEqual({ a: [100, 'C'] })
})

test('standards from before read as they were meant, and broken ones are refused by name', () => {
  const { vetoes: _, combine: __, ...old } = STANDARD
  expect(parseStandard(old)).toMatchObject({ vetoes: [], combine: { tenants: false } })
  const broken = { ...STANDARD, vetoes: [{ cause: 'weather', to: 'D' }] }
  expect(() => parseStandard(broken)).toThrow(new RangeError('vetoes.weather'))
  expect(() => parseStandard({ ...STANDARD, combine: { ...STANDARD.combine, apart_mu: 0 } })).toThrow('combine')
})

test('any ties: everybody is in exactly one unit, members of a unit share their score, units hold a holder first', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const ties = fc.array(
    fc.record({
      enterprise_id: fc.constantFrom(...names),
      parcel_id: fc.constantFrom('P', 'Q', 'R'),
      role: fc.constantFrom('OWNER', 'TENANT', 'ACTUAL_USER'),
      used_area_m2: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
    }),
    { maxLength: 15 },
  )
  const figures = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 6,
    maxLength: 6,
  })
  fc.assert(
    fc.property(ties, figures, (given, numbers) => {
      const subjects = names.map((id, index) => firm(id, numbers[index]![0], numbers[index]![1]))
      const units = unitsOf(subjects, given, STANDARD.combine)
      expect(units.flatMap(unit => unit.members.map(({ id }) => id)).sort()).toEqual(names)
      const results = shown(scoreAll(STANDARD, subjects, given))
      for (const { head, members } of units) {
        expect(members[0]).toBe(head)
        const sums = members.reduce(([t, l], { tax, land_mu_actual: land }) => [t! + tax!, l! + land!], [0, 0])
        for (const { id } of members) expect(results[id]![0] as number).toBeCloseTo((sums[0]! / sums[1]!) * 10, 9)
      }
    }),
  )
})
