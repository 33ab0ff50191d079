/** The edge cases of domain §11.6, one by one, with the numbers written out. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate, type IdentifyCase, type IdentifyYear } from './evaluate.ts'
import { DEFAULT_RULE_SET, parseRuleSet, type Rule, thresholdFor } from './rule-set.ts'
import { hitInWords } from './words.ts'

const subject = (figures: Partial<IdentifyYear>, more: Partial<IdentifyCase> = {}): IdentifyCase => ({
  unit: '330781001',
  industry: 'C1711',
  in_park: false,
  op_status: 'normal',
  year: 2022,
  years: [{ year: 2022, ...figures }],
  sides: ['inside'],
  industry_tax_per_mu: null,
  idle_suspect: false,
  obsolete: false,
  failed_dimensions: [],
  overdue_construction: false,
  ...more,
})
const rulesOf = (given: IdentifyCase) => evaluate(DEFAULT_RULE_SET, given).hits.map(hit => hit.rule)
const above = { scale: 'above', value_added: 100, energy_tce: 1 }
const below = { scale: 'below', value_added: 100, energy_tce: 1 }

describe('thresholds', () => {
  test('exactly 5 万元/亩 is not below 5; a hair less is', () => {
    expect(rulesOf(subject({ ...above, tax: 50, land_mu_actual: 10 }))).toEqual([])
    expect(rulesOf(subject({ ...above, tax: 49.9999, land_mu_actual: 10 }))).toEqual(['R-01'])
  })
  test('exactly 3.00 亩 is screened, 2.99 is outside the campaign', () => {
    expect(evaluate(DEFAULT_RULE_SET, subject({ ...below, tax: 0, land_mu_actual: 3 })).outcome).toBe('list')
    expect(evaluate(DEFAULT_RULE_SET, subject({ ...below, tax: 0, land_mu_actual: 2.99 }))).toMatchObject({
      outcome: 'excluded',
      exclusion: 'under_3_mu',
    })
    // 规上 are screened whatever their land.
    expect(rulesOf(subject({ ...above, tax: 1, land_mu_actual: 1 }))).toEqual(['R-01'])
  })
  test('in a park below 5 is listed by R-03 as well; 规下 with 10 亩 by R-05', () => {
    expect(rulesOf(subject({ ...above, tax: 40, land_mu_actual: 10 }, { in_park: true }))).toEqual(['R-01', 'R-03'])
    expect(rulesOf(subject({ ...below, tax: 20, land_mu_actual: 10 }))).toEqual(['R-05'])
    expect(rulesOf(subject({ ...below, tax: 20, land_mu_actual: 9.99 }))).toEqual([])
  })
  test('the most specific threshold decides', () => {
    const rule: Rule = {
      ...DEFAULT_RULE_SET.rules[0]!,
      thresholds: [
        { value: 5 },
        { value: 4, industry: 'C17' },
        { value: 6, unit: '330781001' },
        { value: 3, year: 2021 },
      ],
    }
    expect(thresholdFor(rule, { unit: '330781001', industry: 'C1711', year: 2022 })).toBe(6)
    expect(thresholdFor(rule, { unit: '330781002', industry: '1711', year: 2021 })).toBe(4)
    expect(thresholdFor(rule, { unit: '330781002', industry: 'C33', year: 2021 })).toBe(3)
    expect(thresholdFor(rule, { unit: null, industry: null, year: 2022 })).toBe(5)
  })
})

describe('unknown is not zero', () => {
  test('a tax of 0 is a hit, a missing one is undecided and says so', () => {
    expect(rulesOf(subject({ ...above, tax: 0, land_mu_actual: 10 }))).toEqual(['R-01'])
    const verdict = evaluate(DEFAULT_RULE_SET, subject({ ...above, tax: null, land_mu_actual: 10 }))
    expect(verdict.outcome).toBe('none')
    expect(verdict.undecided).toContainEqual({ rule: 'R-01', missing: ['tax'] })
  })
  test('land of 0 or none leaves the ratio unknown', () => {
    for (const land of [0, null]) {
      const verdict = evaluate(DEFAULT_RULE_SET, subject({ ...above, tax: 3, land_mu_actual: land }))
      expect(verdict.hits).toEqual([])
      expect(verdict.undecided).toContainEqual({ rule: 'R-01', missing: ['land_mu_actual'] })
      // A tax of 0 is known: what is asked for is the land.
      const untaxed = evaluate(DEFAULT_RULE_SET, subject({ ...above, tax: 0, land_mu_actual: land }))
      expect(untaxed.undecided).toContainEqual({ rule: 'R-01', missing: ['land_mu_actual'] })
    }
  })
  test('no figures of the year at all', () => {
    const verdict = evaluate(DEFAULT_RULE_SET, { ...subject({}), years: [] })
    expect(verdict.outcome).toBe('none')
    expect(verdict.undecided.map(entry => entry.rule)).toEqual(['R-01', 'R-02', 'R-05', 'R-06', 'R-07'])
  })
})

describe('the other rules', () => {
  test('class D: one year is watched, two in a row are listed, a gap breaks the row', () => {
    const classes = (...given: [number, string][]) =>
      evaluate(DEFAULT_RULE_SET, {
        ...subject({}),
        years: given.map(([year, rated]) => ({ year, class: rated, ...above, tax: 100, land_mu_actual: 10 })),
      })
    expect(classes([2022, 'D']).outcome).toBe('watch')
    expect(classes([2022, 'D'], [2021, 'D']).outcome).toBe('list')
    expect(classes([2022, 'D'], [2020, 'D']).outcome).toBe('watch')
    expect(classes([2021, 'D'], [2022, 'C']).outcome).toBe('none')
  })
  test('below half of the industry is watched; outside the boundary comes first only when it is low', () => {
    const low = { ...above, tax: 60, land_mu_actual: 10 }
    expect(evaluate(DEFAULT_RULE_SET, subject(low, { industry_tax_per_mu: 12.5 })).outcome).toBe('watch')
    expect(evaluate(DEFAULT_RULE_SET, subject(low, { industry_tax_per_mu: 12 })).outcome).toBe('none')
    expect(rulesOf(subject({ ...above, tax: 10, land_mu_actual: 10 }, { sides: ['outside'] }))).toEqual([
      'R-01',
      'R-10',
    ])
    expect(rulesOf(subject(low, { sides: ['outside'] }))).toEqual([])
  })
  test('failed core checks list, others do not; idle land is only flagged', () => {
    const fine = { ...above, tax: 100, land_mu_actual: 10 }
    expect(evaluate(DEFAULT_RULE_SET, subject(fine, { failed_dimensions: ['AQ'] })).outcome).toBe('list')
    expect(evaluate(DEFAULT_RULE_SET, subject(fine, { failed_dimensions: ['XF'] })).outcome).toBe('none')
    expect(evaluate(DEFAULT_RULE_SET, subject(fine, { obsolete: true })).hits).toMatchObject([
      { rule: 'R-09', inputs: { dimensions: [], obsolete: true } },
    ])
    expect(evaluate(DEFAULT_RULE_SET, subject(fine, { idle_suspect: true })).outcome).toBe('flag')
  })
  test('exclusions go first: other industries, not in production unless overdue', () => {
    const low = { ...above, tax: 1, land_mu_actual: 10 }
    for (const industry of ['C12', '4610', 'E47', 'C44']) {
      expect(evaluate(DEFAULT_RULE_SET, subject(low, { industry })).exclusion, industry).toBe('not_manufacturing')
    }
    for (const industry of ['C13', '43', 'c4390', null]) {
      expect(evaluate(DEFAULT_RULE_SET, subject(low, { industry })).exclusion, String(industry)).toBe(null)
    }
    expect(evaluate(DEFAULT_RULE_SET, subject(low, { op_status: 'not_started' })).exclusion).toBe('not_started')
    const overdue = subject(low, { op_status: 'not_started', overdue_construction: true })
    expect(evaluate(DEFAULT_RULE_SET, overdue).outcome).toBe('list')
  })
})

test('words name what was measured, against what and when, in both languages', () => {
  const verdict = evaluate(DEFAULT_RULE_SET, subject({ ...above, tax: 32, land_mu_actual: 10 }, { in_park: true }))
  expect(verdict.hits.map(hit => hitInWords(hit))).toEqual([
    '亩均税收 3.2 万元 < 5 万元(规上，2022 年)',
    '亩均税收 3.2 万元 < 5 万元(园区内，2022 年)',
  ])
  expect(hitInWords(verdict.hits[1]!, 'en')).toBe('Tax per mu 3.2 < 5 (10k CNY; in a park, 2022)')
})

test('a stored rule set is read back as it is, and a broken one is refused', () => {
  expect(parseRuleSet(JSON.stringify(DEFAULT_RULE_SET))).toEqual(DEFAULT_RULE_SET)
  for (const broken of [
    '{}',
    '{"rules":[{"id":"R-99","thresholds":[]}]}',
    '{"rules":[{"id":"R-01","thresholds":[{"value":"5"}]}]}',
  ])
    expect(() => parseRuleSet(broken)).toThrow(RangeError)
})

test('more tax never brings an enterprise onto the list', () => {
  const money = fc.double({ min: 0, max: 500, noNaN: true })
  const land = fc.double({ min: 3, max: 200, noNaN: true })
  fc.assert(
    fc.property(money, money, land, fc.constantFrom('above', 'below'), fc.boolean(), (a, b, mu, scale, in_park) => {
      const at = (tax: number) =>
        rulesOf(subject({ scale, tax, land_mu_actual: mu, value_added: 1, energy_tce: 0 }, { in_park }))
      const [less, more] = a < b ? [at(a), at(b)] : [at(b), at(a)]
      expect(more.every(rule => less.includes(rule))).toBe(true)
    }),
  )
})
