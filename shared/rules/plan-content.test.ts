/** Forecast, remarks, differences, filling, criteria of plans: by hand and by properties. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { missingEvidence } from './closed-loop/evidence.ts'
import type { LoopFacts, PlanFacts } from './closed-loop/facts.ts'
import { EVIDENCE_ITEMS, MEASURE_CRITERIA } from './measure-criteria.ts'
import { diffPlans } from './plan-diff.ts'
import { fillingOf } from './plan-fill.ts'
import { type ForecastInput, forecastOf } from './plan-forecast.ts'
import { remarksOfPlan } from './plan-remarks.ts'

const M2 = 2000 / 3
const upgrade: ForecastInput = {
  plan: { target_tax_per_mu: 8, target_energy_tce: 300 },
  measures: [{ type: 'M6' }, { type: 'M10', area_mu: 4 }],
  parcels: [
    { area_m2: 10 * M2, area_out_m2: 3 * M2 },
    { area_m2: 5 * M2, area_out_m2: 0 },
  ],
  baseline: { land_mu_actual: 15, tax: 30, energy_tce: 500 },
  carbonFactor: 2,
}
const values = (input: ForecastInput) => Object.fromEntries(forecastOf(input).map(({ key, value }) => [key, value]))

describe('forecast', () => {
  test('by hand: 4 亩 freed, 200 tce, 400 t CO₂, tax 8 × 11 − 30', () => {
    expect(values(upgrade)).toEqual({ freed_mu: 4, freed_tce: 200, co2: 400, new_tax: 58 })
  })

  test('an exit frees all land and energy and loses the tax; land counts once', () => {
    const exit = { ...upgrade, plan: {}, measures: [{ type: 'M4' }, { type: 'M10' }] }
    const forecast = values(exit)
    expect(forecast['freed_mu']).toBeCloseTo(15, 9)
    expect(forecast).toMatchObject({ freed_tce: 500, co2: 1000 })
    expect(forecast['new_tax']).toBeCloseTo(-30, 9)
  })

  test('what is unknown stays unknown; no measure that frees land frees none', () => {
    expect(values({ ...upgrade, measures: [{ type: 'M6' }], baseline: null, carbonFactor: null })).toEqual({
      freed_mu: 0,
      freed_tce: null,
      co2: null,
      new_tax: null,
    })
    expect(values({ ...upgrade, measures: [{ type: 'M9' }], parcels: [] })['freed_mu']).toBeNull()
  })

  test('a missing input never gives a number, a given one never gives NaN', () => {
    const amount = fc.option(fc.double({ min: 0, max: 1e4, noNaN: true }), { nil: null })
    const input = fc.record({
      plan: fc.record({ freed_mu: amount, freed_tce: amount, target_tax_per_mu: amount, target_energy_tce: amount }),
      measures: fc.array(fc.record({ type: fc.constantFrom('M1', 'M4', 'M6', 'M9', 'M10'), area_mu: amount })),
      parcels: fc.array(fc.record({ area_m2: amount, area_out_m2: amount }), { maxLength: 3 }),
      baseline: fc.option(fc.record({ land_mu_actual: amount, tax: amount, energy_tce: amount }), { nil: null }),
      carbonFactor: amount,
    })
    fc.assert(
      fc.property(input, given => {
        for (const { key, value, terms } of forecastOf(given)) {
          if (value !== null) expect(Number.isFinite(value)).toBe(true)
          const isUnknown = terms.some(term => term.value === null && term.name !== 'plan_land')
          // Without land left the target does not matter.
          if (isUnknown && key !== 'new_tax') expect(value, key).toBeNull()
        }
      }),
    )
  })
})

describe('remarks', () => {
  const context = {
    today: '2022-09-01',
    listYear: 2022,
    landMu: 15,
    baseline: { tax_per_mu: 2, energy_tce: 500 },
  }
  const keys = (plan: object, measures: object[] = [], milestones: object[] = [], more = {}) =>
    remarksOfPlan({ year: 2022, ...plan }, measures as never, milestones as never, { ...context, ...more }).map(
      ({ key }) => key,
    )

  test('a plan past its list year, past its day, or for another year says so', () => {
    expect(keys({ due_date: '2023-02-01' })).toEqual(['beyond_year'])
    expect(keys({ year: 2023, due_date: '2023-06-01' })).toEqual(['year_mismatch', 'beyond_year'])
    expect(keys({ due_date: '2022-08-31' })).toEqual(['overdue'])
    expect(keys({ due_date: '2022-08-31' }, [{ done_at: '2022-08-01' }])).toEqual([])
    expect(keys({ due_date: '2022-12-31' })).toEqual([])
  })

  test('contradictions between dates, areas and targets are named by row and field', () => {
    expect(keys({ start_date: '2022-12-01', due_date: '2022-11-01' })).toEqual(['start_after_due'])
    const measures = [{ due_date: '2022-12-30', area_mu: 16, done_at: '2022-09-02', progress: 40 }]
    expect(keys({ due_date: '2022-12-01' }, measures, [{ date_actual: '2023-01-01' }])).toEqual([
      'measure_after_due',
      'done_in_future',
      'done_without_progress',
      'measure_area',
      'reached_in_future',
    ])
    expect(keys({ freed_mu: 15.3, target_tax_per_mu: 1, target_energy_tce: 600 })).toEqual([
      'freed_more_than_land',
      'tax_below_baseline',
      'energy_above_baseline',
    ])
    expect(keys({ freed_mu: 99, target_tax_per_mu: 1 }, [], [], { landMu: null, baseline: null })).toEqual([])
  })
})

describe('differences', () => {
  const fields = { plan: ['problems', 'freed_mu'], measure: ['description', 'due_date'], milestone: ['date_planned'] }
  const row = (id: string, type: string, description: string, due = '2022-10-01') => ({
    id,
    type,
    description,
    due_date: due,
  })

  test('fields, changed rows, rows that came and went', () => {
    const from = {
      record: { id: 'p1', problems: '旧', freed_mu: null },
      measures: [row('a', 'M6', '技改'), row('b', 'M1', '诊断'), row('c', 'M3', '重组')],
      milestones: [{ id: 'm', type: 'filed', date_planned: '2022-05-01' }],
    }
    const to = {
      record: { id: 'p2', problems: '新', freed_mu: 0 },
      measures: [row('d', 'M1', '诊断', '2022-11-01'), row('e', 'M6', '技改二期'), row('f', 'M8', '整改')],
      milestones: [{ id: 'n', type: 'filed', date_planned: '2022-05-01' }],
    }
    expect(diffPlans(from, to, fields).map(({ part, row: at, change, field }) => [part, at, change, field])).toEqual([
      ['plan', null, 'changed', 'problems'],
      ['plan', null, 'changed', 'freed_mu'],
      ['measure', 1, 'changed', 'due_date'],
      ['measure', 2, 'changed', 'description'],
      ['measure', 3, 'added', null],
      ['measure', 3, 'removed', null],
    ])
  })

  test('nothing differs from itself; what comes one way goes the other', () => {
    const content = fc.record({
      record: fc.record({ problems: fc.string({ maxLength: 3 }), freed_mu: fc.option(fc.integer(), { nil: null }) }),
      measures: fc.array(
        fc.record({
          id: fc.uuid(),
          type: fc.constantFrom('M1', 'M4', 'M6'),
          description: fc.constantFrom('甲', '乙', null),
          due_date: fc.constantFrom('2022-10-01', '2022-11-01'),
        }),
        { maxLength: 4 },
      ),
      milestones: fc.constant([]),
    })
    fc.assert(
      fc.property(content, content, (a, b) => {
        expect(diffPlans(a, a, fields)).toEqual([])
        const count = (list: ReturnType<typeof diffPlans>, change: string) =>
          list.filter(item => item.change === change).length
        const [there, back] = [diffPlans(a, b, fields), diffPlans(b, a, fields)]
        expect(count(there, 'added')).toBe(count(back, 'removed'))
        expect(count(there, 'added') - count(there, 'removed')).toBe(b.measures.length - a.measures.length)
      }),
    )
  })
})

describe('filling', () => {
  const source = {
    year: 2024,
    record: { problems: '老问题', departments: ['JX', 'FG'], freed_mu: 9, responsible: '张' },
    measures: [{ type: 'M6', description: '技改', due_date: '2024-02-29', done_at: '2024-02-01', progress: 100 }],
    milestones: [{ type: 'filed', date_planned: '2024-05-01', date_actual: '2024-05-02' }],
  }

  test('blanks are filled, dates move on by years, results stay behind', () => {
    const plan = { record: { year: 2025, problems: null, departments: ['JX'] }, measures: [], milestones: [] }
    expect(fillingOf(plan, source)).toEqual({
      values: { problems: '老问题', departments: ['JX', 'FG'], responsible: '张' },
      measures: [{ type: 'M6', description: '技改', due_date: '2025-02-28' }],
      milestones: [{ type: 'filed', date_planned: '2025-05-01' }],
    })
  })

  test('what a person wrote stays', () => {
    const plan = { record: { year: 2025, problems: '新问题' }, measures: [{ type: 'M1' }], milestones: [] }
    const { values: filled, measures } = fillingOf(plan, source)
    expect(filled['problems']).toBeUndefined()
    expect(measures).toEqual([])
  })
})

test('the listed evidence of each measure is exactly what is missing when there is nothing', () => {
  const plan = { milestones: [], baseline_year: 2021, year: 2022 } as unknown as PlanFacts
  for (const type of Object.keys(EVIDENCE_ITEMS)) {
    const facts = { photos: [], checks: [], years: [], reclamations: [] } as unknown as LoopFacts
    const missing = missingEvidence(facts, { ...plan, measures: [{ id: 'm', position: 1, type, done_at: null }] })
    expect(missing.map(({ key }) => key.replace('evidence_', ''))).toEqual(EVIDENCE_ITEMS[type]!.map(([item]) => item))
    expect(MEASURE_CRITERIA[type]).toBeDefined()
  }
})
