/** Scores by both methods of domain §2 with the numbers written out, and properties that hold for any figures. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOutdated, itemsOfBasis, packBasis } from './basis.ts'
import { scoreAll } from './score.ts'
import { DEFAULT_STANDARD, parseStandard, type ScoreItem, type ScoreStandard } from './standard.ts'
import type { ScoreSubject } from './subject.ts'
import { itemsInWords, scoreInWords } from './words.ts'

const item = (indicator: ScoreItem['indicator'], weight: number, more: Partial<ScoreItem> = {}): ScoreItem => ({
  indicator,
  weight,
  base: null,
  min: null,
  max: null,
  cap: null,
  ...more,
})
const BY_SCORE = { by: 'score', a: 100, b: 80, c: 60 } as const

/** 黄岩区 2022年度: weights and base values as published. */
const HUANGYAN: ScoreStandard = {
  ...DEFAULT_STANDARD,
  groups: {
    above: [
      item('tax_per_mu', 30, { base: 24.097 }),
      item('va_per_mu', 20, { base: 136.16 }),
      item('va_per_tce', 20, { base: 2.694 }),
      item('va_per_emission', 10, { base: 4929.81 }),
      item('labour_productivity', 10, { base: 18.14 }),
      item('rd_ratio', 10, { base: 0.0302 }),
    ],
    below: [item('tax_per_mu', 50, { base: 11.5932 }), item('tax_per_kwh', 50, { base: 0.2352 })],
  },
  classes: BY_SCORE,
}
const figures = {
  scale: 'above',
  land_mu_actual: 20,
  tax: 300,
  value_added: 2000,
  energy_tce: 800,
  emission_t: 0.5,
  employees: 100,
  rd: 60,
  revenue: 3000,
}
const only = (standard: ScoreStandard, ...subjects: Partial<ScoreSubject>[]) =>
  scoreAll(
    standard,
    subjects.map((subject, index) => ({ id: String(index), ...subject })),
  )

describe('RATIO_TO_BASE', () => {
  test('the formulas of 黄岩 2022, 规上 and 规下', () => {
    const [above, below] = only(HUANGYAN, figures, { scale: 'below', land_mu_actual: 5, tax: 30, power_kwh: 600_000 })
    // 15/24.097×30 + 100/136.16×20 + 2.5/2.694×20 + 4000/4929.81×10 + 20/18.14×10 + 0.02/0.0302×10
    expect(above!.score).toBeCloseTo(18.674524 + 14.688602 + 18.559762 + 8.113903 + 11.025358 + 6.622517, 5)
    expect(above!.class).toBe('C')
    // 6/11.5932×50 + (300000/600000)/0.2352×50
    expect(below!.score).toBeCloseTo(25.877238 + 106.292517, 5)
    expect(below!.class).toBe('A')
  })
  test('a cap limits an item, a negative value earns nothing', () => {
    const standard = {
      ...HUANGYAN,
      groups: { ...HUANGYAN.groups, above: [item('tax_per_mu', 30, { base: 2, cap: 1.5 })] },
    }
    const [high, low] = only(
      standard,
      { scale: 'above', tax: 80, land_mu_actual: 10 },
      { scale: 'above', tax: -5, land_mu_actual: 10 },
    )
    expect([high!.score, low!.score]).toEqual([45, 0])
    const words = itemsInWords(packBasis(low!, 1)).join()
    expect(words).toContain('负值计 0 分')
  })
  test('without a base the group’s own Σ/Σ is it, never the mean of the ratios', () => {
    const standard = { ...HUANGYAN, groups: { ...HUANGYAN.groups, above: [item('tax_per_mu', 30)] } }
    const [big, small] = only(
      standard,
      { scale: 'above', tax: 90, land_mu_actual: 90 },
      { scale: 'above', tax: 110, land_mu_actual: 10 },
    )
    // Σ/Σ = 200/100 = 2; the mean of 1 and 11 would be 6.
    expect(big!.items[0]!.base).toBe(2)
    expect([big!.score, small!.score]).toEqual([15, 165])
  })
})

test('MINMAX_20_80: weight × [20 + 80 × (x − min)/(max − min)] / 100', () => {
  const standard: ScoreStandard = {
    ...HUANGYAN,
    method: 'MINMAX_20_80',
    groups: { above: [item('tax_per_mu', 60), item('labour_productivity', 40, { min: 10, max: 30 })], below: [] },
  }
  const of = (tax: number, people: number) => ({
    scale: 'above',
    tax,
    land_mu_actual: 10,
    value_added: 1000,
    employees: people,
  })
  const [low, middle, high] = only(standard, of(20, 200), of(50, 50), of(100, 20))
  // tax per mu 2, 5, 10: 20 %, 20+80×3/8=50 %, 100 %; productivity 5 (below 10: 20 %), 20 (60 %), 50 (above 30: 100 %).
  expect(low!.score).toBeCloseTo(60 * 0.2 + 40 * 0.2, 10)
  expect(middle!.score).toBeCloseTo(60 * 0.5 + 40 * 0.6, 10)
  expect(high!.score).toBeCloseTo(100, 10)
  const [first, second] = only(standard, of(20, 100), of(20, 100))
  expect([first!.items[0]!.points, second!.items[0]!.points]).toEqual([60, 60])
})

describe('unknown is not zero', () => {
  const standard: ScoreStandard = {
    ...HUANGYAN,
    groups: { above: [item('tax_per_mu', 60, { base: 10 }), item('va_per_emission', 40, { base: 100 })], below: [] },
  }
  const known = { scale: 'above', land_mu_actual: 10, tax: 100, value_added: 100, emission_t: 2 }
  test('a missing item earns the group’s mean of that item, and 0 is a value', () => {
    const [full, zero, without] = only(standard, known, { ...known, value_added: 0 }, { ...known, emission_t: null })
    expect([full!.score, zero!.score, without!.score]).toEqual([80, 60, 70])
    expect(without!.missing).toEqual(['va_per_emission'])
    expect(without!.items[1]).toMatchObject({ value: null, filled: true, points: 10 })
  })
  test('an item that nobody has is left out and the others weigh more', () => {
    const [first] = only(standard, { ...known, emission_t: null }, { ...known, tax: 50, emission_t: null })
    expect(first!.score).toBe(100)
    expect(first!.items).toHaveLength(1)
  })
  test('too little known, unknown size and no production give no score and say why', () => {
    const results = only(
      standard,
      known,
      { ...known, tax: null },
      { ...known, scale: null },
      { ...known, op_status: 'not_started' },
      { ...known, op_status: 'not_started', overdue_construction: true },
      { ...known, land_mu_actual: 0 },
    )
    expect(results.map(result => result.why)).toEqual([
      null,
      'too_little_known',
      'scale_unknown',
      'not_started',
      null,
      'too_little_known',
    ])
    expect(results.slice(1, 4).every(result => result.score === null && result.class === null)).toBe(true)
    expect(scoreInWords(packBasis(results[1]!, 1), null)).toBe('未评分：已知指标不足(缺亩均税收)')
  })
})

test('shares are upper limits, ties share the better class, D is what is left', () => {
  const standard: ScoreStandard = {
    ...HUANGYAN,
    groups: { above: [item('tax_per_mu', 100, { base: 1 })], below: [] },
    classes: { by: 'share', a: 0.2, b: 0.3, c: 0.4 },
  }
  const taxes = [12, 11, 10, 10, 8, 7, 6, 5, 4, 3, 2, 1]
  const results = only(standard, ...taxes.map(tax => ({ scale: 'above', tax, land_mu_actual: 1 })))
  // ⌊2.4⌋ = 2 A; up to ⌊6⌋ B; up to ⌊10.8⌋ = 10 C; the rest D.
  expect(results.map(result => result.class).join('')).toBe('AABBBBCCCCDD')
  expect(results.map(result => result.rank)).toEqual([1, 2, 3, 3, 5, 6, 7, 8, 9, 10, 11, 12])
})

test('a basis keeps what explains the score, and notices figures that changed since', () => {
  const [result] = only(HUANGYAN, figures)
  const basis = packBasis(result!, 3)
  const stored = JSON.parse(JSON.stringify(basis)) as typeof basis
  expect(itemsOfBasis(stored)).toEqual(result!.items)
  expect(isOutdated(stored, figures)).toBe(false)
  expect(isOutdated(stored, { ...figures, tax: 301 })).toBe(true)
  expect(isOutdated(stored, { ...figures, scale: 'below' })).toBe(true)
  expect(scoreInWords(stored, result!.score)).toBe('规上 1 家中第 1 名，得 77.68 分')
  expect(itemsInWords(stored)[0]).toBe('亩均税收 15 ÷ 基准 24.097 × 30 = 18.67 分')
  expect(itemsInWords(stored, 'en')[0]).toBe('Tax per mu 15 ÷ 24.097 × 30 = 18.67 points')
})

test('a stored standard is read back as it is, and a broken one names its field', () => {
  expect(parseStandard(JSON.stringify(HUANGYAN))).toEqual(HUANGYAN)
  const broken: [object, string][] = [
    [{ ...HUANGYAN, method: 'SUM' }, 'method'],
    [{ ...HUANGYAN, classes: { by: 'score', a: 50, b: 60, c: 70 } }, 'classes'],
    [{ ...HUANGYAN, classes: { by: 'share', a: 0.5, b: 0.4, c: 0.2 } }, 'classes'],
    [{ ...HUANGYAN, groups: { ...HUANGYAN.groups, above: [item('tax_per_mu', 0)] } }, 'above.tax_per_mu.weight'],
    [{ ...HUANGYAN, groups: { ...HUANGYAN.groups, below: [item('rd_ratio', 1, { base: 0 })] } }, 'below.rd_ratio.base'],
  ]
  for (const [standard, field] of broken) expect(() => parseStandard(standard)).toThrow(new RangeError(field))
})

const amount = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null })
const subjects = fc.array(
  fc.record({
    scale: fc.constantFrom('above', 'below', null),
    land_mu_actual: amount,
    tax: amount,
    value_added: amount,
    energy_tce: amount,
    emission_t: amount,
    employees: amount,
    rd: amount,
    revenue: amount,
    power_kwh: amount,
  }),
  { maxLength: 20 },
)

test('any figures: points sum up, more tax never scores lower, classes follow scores', () => {
  fc.assert(
    fc.property(subjects, fc.constantFrom('RATIO_TO_BASE', 'MINMAX_20_80'), (given, method) => {
      const standard = { ...HUANGYAN, method } as ScoreStandard
      const results = only(standard, ...given)
      for (const result of results) {
        expect((result.score === null) === (result.class === null)).toBe(true)
        if (result.score === null) continue
        expect(result.score).toBeCloseTo(
          result.items.reduce((sum, entry) => sum + entry.points, 0),
          9,
        )
        expect(Number.isFinite(result.score)).toBe(true)
      }
      for (const a of results) {
        for (const b of results) {
          if (a.group === b.group && a.score !== null && b.score !== null && a.score > b.score) {
            expect(a.class! <= b.class!).toBe(true)
            expect(a.rank!).toBeLessThan(b.rank!)
          }
        }
      }
    }),
  )
})
