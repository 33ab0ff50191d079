import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultRoute, missingOfPlan } from './plan-rules.ts'

test('the default route follows the side', () => {
  expect(defaultRoute(['outside', 'outside'])).toBe('EXIT_RECLAIM')
  expect(defaultRoute(['inside', 'unknown'])).toBe('UPGRADE')
  expect(defaultRoute(['inside', 'outside'])).toBe('MIXED')
  expect(defaultRoute(['crossing'])).toBe('MIXED')
  expect(defaultRoute(['unknown', null])).toBeNull()
  expect(defaultRoute([])).toBeNull()
})

const complete = {
  year: 2026,
  problems: '设备老旧',
  route: 'UPGRADE',
  target_tax_per_mu: 10,
  due_date: '2026-12-31',
  departments: ['JX'],
}
const measure = { type: 'M6', description: '更新生产线', due_date: '2026-10-01' }
const context = { parcels: 1, defaultRoute: 'UPGRADE' as const }

test('a complete plan lacks nothing', () => {
  expect(missingOfPlan(complete, [measure], context)).toEqual([])
})

test('a fresh draft lists everything it lacks, in the order of the form', () => {
  const draft = { year: 2026, route: 'EXIT_RECLAIM', due_date: '2026-12-31', departments: ['JX'] }
  expect(missingOfPlan(draft, [], { parcels: 0, defaultRoute: null }).map(entry => entry.key)).toEqual([
    'parcels',
    'problems',
    'measures',
    'freed_mu',
  ])
})

test('another route needs a reason, a due date beyond the year needs one too', () => {
  const other = { ...complete, route: 'EXIT_RECLAIM', freed_mu: 3, due_date: '2027-03-01' }
  expect(missingOfPlan(other, [measure], context).map(entry => entry.key)).toEqual([
    'route_reason',
    'cross_year_reason',
  ])
  expect(missingOfPlan({ ...other, route_reason: '资规意见', remark: '跨年实施' }, [measure], context)).toEqual([])
})

test('a zero target is a target', () => {
  expect(missingOfPlan({ ...complete, target_tax_per_mu: 0 }, [measure], context)).toEqual([])
})

test('taking something away never makes a plan more complete', () => {
  const fields = ['problems', 'target_tax_per_mu', 'due_date', 'departments'] as const
  fc.assert(
    fc.property(fc.subarray([...fields]), fc.subarray([...fields]), fc.nat(3), (first, second, measures) => {
      const without = (names: readonly string[]) =>
        Object.fromEntries(Object.entries(complete).filter(([name]) => !names.includes(name))) as typeof complete
      const rows = Array.from({ length: measures }, () => measure)
      const less = missingOfPlan(without([...first, ...second]), rows, context)
      const more = missingOfPlan(without(first), rows, context)
      expect(less.length).toBeGreaterThanOrEqual(more.length)
      expect(less.map(entry => entry.key)).toEqual(expect.arrayContaining(more.map(entry => entry.key)))
      expect(less.some(entry => entry.key === 'measures')).toBe(measures === 0)
    }),
  )
})

test('each measure needs a description and a due date, and the checklist says which row', () => {
  const rows = [measure, { type: 'M1', description: ' ', due_date: null }]
  expect(missingOfPlan(complete, rows, context)).toEqual([
    { field: 'measures.1.description', key: 'measure_description' },
    { field: 'measures.1.due_date', key: 'measure_due' },
  ])
})
