import { describe, expect, test } from 'vitest'
import type { CountEvent } from './closed-loop/counting.ts'
import { type DashboardInput, dashboardRows, INDICATOR_NAMES, monthsOf, periodUntil } from './dashboard.ts'
import { LIGHT_LIMITS, type ProgressEntry } from './progress.ts'

describe('the period', () => {
  test('at the end of a month the part that has passed is month ÷ 12, within it it grows by days', () => {
    const at = (to: string) => periodUntil(2022, { start: 2021, end: 2023 }, to).passed
    expect(at('2022-03-31')).toBeCloseTo(3 / 12, 12)
    expect(at('2022-12-31')).toBe(1)
    expect(at('2022-06-15')).toBeCloseTo(5.5 / 12, 12)
  })

  test('a year gone by ends with itself, one to come has not begun, the campaign covers its years', () => {
    const today = '2022-12-05'
    expect(periodUntil(2021, { start: 2021, end: 2023 }, today)).toMatchObject({ to: '2021-12-31', passed: 1 })
    expect(periodUntil(2023, { start: 2021, end: 2023 }, today)).toMatchObject({ to: '2023-01-01', passed: 0 })
    const whole = periodUntil(null, { start: 2021, end: 2023 }, '2022-12-31')
    expect(whole).toMatchObject({ from: '2021-01-01', to: '2022-12-31', years: [2021, 2022, 2023] })
    expect(whole.passed).toBeCloseTo(24 / 36, 12)
    expect(monthsOf(whole)).toHaveLength(24)
    expect(monthsOf(whole).slice(11, 13)).toEqual(['2021-12', '2022-01'])
  })
})

const counted = (enterprise: string, on: string, what: CountEvent['what'], amount: number | null): CountEvent => ({
  on,
  unit: null,
  enterprise_id: enterprise,
  entry_id: enterprise,
  what,
  amount,
  parcel_id: null,
  basis: 'closing',
  use: null,
  record_id: null,
})
const entry = (enterprise: string, unit: string | null, change: Partial<ProgressEntry> = {}): ProgressEntry => ({
  unit,
  enterprise_id: enterprise,
  state: 'S7',
  listed_on: null,
  due_date: null,
  steps: [],
  events: [
    counted(enterprise, '2022-03-10', 'enterprise', 1),
    counted(enterprise, '2022-03-10', 'land', 2000),
    counted(enterprise, '2022-03-10', 'energy', 10),
  ],
  ...change,
})
const input = (change: Partial<DashboardInput> = {}): DashboardInput => ({
  units: ['A', 'B'],
  entries: [entry('x', 'A'), entry('y', 'A'), entry('z', 'B')],
  targets: [],
  zones: new Map([['A', 1]]),
  period: periodUntil(2022, { start: 2021, end: 2023 }, '2022-06-30'),
  carbonFactor: 2,
  limits: LIGHT_LIMITS,
  ...change,
})
const target = (scope: string, indicator: keyof typeof INDICATOR_NAMES, value: number, year: number | null = 2022) => ({
  scope,
  year,
  indicator: INDICATOR_NAMES[indicator][0],
  value,
})

describe('rows', () => {
  test('sums by unit and together; without targets neither rate nor light', () => {
    const { total, rows } = dashboardRows(input())
    expect(rows.map(row => row.unit)).toEqual(['A', 'B'])
    expect(rows.map(row => row.figures.enterprises.done)).toEqual([2, 1])
    expect(total.figures.land.done).toBeCloseTo(9, 12)
    expect(total.figures.carbon.done).toBe(60)
    expect(total.figures.zones.done).toBe(1)
    expect(total.figures.enterprises).toMatchObject({ target: null, rate: null, gap: null, light: null })
    expect(rows[0]!.months.map(month => month.enterprises)).toEqual([0, 0, 2, 0, 0, 0])
  })

  test('lights by the limits of the campaign', () => {
    const targets = [target('A', 'enterprises', 4), target('B', 'enterprises', 2.5)]
    const lights = (limits = LIGHT_LIMITS) =>
      dashboardRows(input({ targets, limits })).rows.map(row => row.figures.enterprises.light)
    // Half of the year has passed: A is in step, B 10 points behind.
    expect(lights()).toEqual(['green', 'yellow'])
    expect(lights({ green: 0.1, yellow: 0 })).toEqual(['yellow', 'red'])
  })

  test('the county’s target is its own, else the sum of all its units, and unknown when one of them has none', () => {
    const units = [target('A', 'land', 10), target('B', 'land', 5)]
    const total = (targets: DashboardInput['targets']) => dashboardRows(input({ targets })).total.figures.land.target
    expect(total(units)).toBe(15)
    expect(total([...units, target('330781', 'land', 20)])).toBe(20)
    expect(total(units.slice(1))).toBeNull()
  })

  test('the campaign’s target is its own, else the sum of all its years; a year never gets a share of it', () => {
    const whole = periodUntil(null, { start: 2021, end: 2023 }, '2023-12-31')
    const years = [2021, 2022, 2023].map(year => target('A', 'zones', 1, year))
    const ofA = (targets: DashboardInput['targets'], period = whole) =>
      dashboardRows(input({ targets, period })).rows[0]!.figures.zones.target
    expect(ofA(years)).toBe(3)
    expect(ofA(years.slice(1))).toBeNull()
    expect(ofA([target('A', 'zones', 9, null)])).toBe(9)
    expect(ofA([target('A', 'zones', 9, null)], input().period)).toBeNull()
  })

  test('enterprises without a known unit have a row of their own, so that rows add up', () => {
    const { total, rows } = dashboardRows(input({ entries: [entry('x', 'A'), entry('y', null), entry('z', 'gone')] }))
    expect(rows.map(row => [row.unit, row.figures.enterprises.done])).toEqual([
      ['A', 1],
      ['B', 0],
      ['', 2],
    ])
    expect(total.figures.enterprises.done).toBe(3)
  })

  test('energy that is not known is not nothing', () => {
    const unknown = entry('x', 'A', {
      events: [counted('x', '2022-03-10', 'enterprise', 1), counted('x', '2022-03-10', 'energy', null)],
    })
    const { total } = dashboardRows(input({ entries: [unknown] }))
    expect([total.figures.energy.done, total.figures.carbon.done]).toEqual([null, null])
  })
})
