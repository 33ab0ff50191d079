import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countEvents } from './closed-loop/counting.ts'
import { type ProgressEntry, periodOf, progressOf, schedule } from './progress.ts'

interface Given extends Partial<Omit<ProgressEntry, 'events'>> {
  counted_at?: string | null
  counted_mu?: number | null
  counted_tce?: number | null
  rebound_at?: string | null
  route?: string
}

let made = 0

/** An entry with what the book counts of a closing that was imported. */
const entry = ({
  counted_at = null,
  counted_mu = null,
  counted_tce = null,
  rebound_at = null,
  route,
  ...given
}: Given) => {
  const whole = {
    unit: 'A',
    enterprise_id: `e${++made}`,
    state: 'S7',
    listed_on: null,
    due_date: null,
    steps: [],
    ...given,
  }
  const lists = { parcels: [], measures: [], milestones: [], acceptances: [] }
  const events = countEvents(
    [
      {
        id: whole.enterprise_id,
        enterprise_id: whole.enterprise_id,
        unit: whole.unit,
        steps: [],
        plans: route ? [{ id: 'p', status: 'approved', route, ...lists }] : [],
        rented: [],
        reclamations: [],
        earlier: { counted_at, counted_mu, counted_tce, rebound_at },
      },
    ],
    new Map(),
  )
  return { ...whole, events } satisfies ProgressEntry
}

test('a month has its own days, a quarter three, leap years included', () => {
  expect(periodOf(2024, 2, 2)).toMatchObject({ from: '2024-02-01', to: '2024-02-29', passed: 2 / 12 })
  expect(periodOf(2023, 1, 3)).toMatchObject({ from: '2023-01-01', to: '2023-03-31', passed: 0.25 })
})

test('done in the month and in the year; other years do not count', () => {
  const entries = [
    entry({ counted_at: '2022-03-31', counted_mu: 10, counted_tce: 2, route: 'UPGRADE' }),
    entry({ counted_at: '2022-02-01', counted_mu: 5, route: 'EXIT_RECLAIM' }),
    entry({ counted_at: '2021-12-31', counted_mu: 99 }),
    entry({ counted_at: '2022-04-01', counted_mu: 99 }),
  ]
  expect(progressOf(entries, periodOf(2022, 3, 3))).toMatchObject({
    done_now: 1,
    done: 2,
    mu_now: 10,
    mu: 15,
    mu_reclaimed: 5,
    mu_upgraded: 10,
    tce: 2,
  })
})

test('a rebound subtracts in the month of its finding and leaves earlier months as they were', () => {
  const entries = [entry({ counted_at: '2022-02-10', counted_mu: 8, rebound_at: '2022-05-03', state: 'S5' })]
  expect(progressOf(entries, periodOf(2022, 2, 2))).toMatchObject({ done_now: 1, mu: 8, rebounds: 0 })
  expect(progressOf(entries, periodOf(2022, 5, 5))).toMatchObject({
    done_now: -1,
    mu_now: -8,
    done: 0,
    mu: 0,
    rebounds: 1,
  })
})

test('energy that nobody stated is unknown, not zero', () => {
  const done = { counted_at: '2022-02-10', counted_mu: 8 }
  expect(progressOf([entry(done)], periodOf(2022, 2, 2)).tce).toBe(null)
  expect(progressOf([entry(done), entry({ ...done, counted_tce: 0 })], periodOf(2022, 2, 2)).tce).toBe(0)
  expect(progressOf([], periodOf(2022, 2, 2)).tce).toBe(0)
})

test('an enterprise counts once, whatever the number of its entries', () => {
  const once = entry({ enterprise_id: 'e', counted_at: '2022-02-10', counted_mu: 8 })
  expect(progressOf([once, { ...once }], periodOf(2022, 2, 2)).done).toBe(1)
})

test('lights: on time green, a tenth behind yellow, more red, no target no light', () => {
  expect(schedule(50, 100, 0.5)?.light).toBe('green')
  expect(schedule(40, 100, 0.5)?.light).toBe('yellow')
  expect(schedule(39, 100, 0.5)?.light).toBe('red')
  expect(schedule(39, null, 0.5)).toBe(null)
  expect(schedule(39, 0, 0.5)).toBe(null)
})

test('months of a year add up to the year', () => {
  const day = fc.date({ min: new Date('2021-06-01'), max: new Date('2023-06-30'), noInvalidDate: true })
  const some = fc.record({ counted: fc.option(day), rebound: fc.option(day), mu: fc.integer({ min: 0, max: 90 }) })
  fc.assert(
    fc.property(fc.array(some, { maxLength: 30 }), given => {
      const entries = given.map(({ counted, rebound, mu }, index) =>
        entry({
          enterprise_id: String(index),
          counted_at: counted?.toISOString().slice(0, 10) ?? null,
          rebound_at: counted && rebound && rebound > counted ? rebound.toISOString().slice(0, 10) : null,
          counted_mu: mu,
        }),
      )
      const months = Array.from({ length: 12 }, (_, index) => progressOf(entries, periodOf(2022, index + 1, index + 1)))
      const year = progressOf(entries, periodOf(2022, 1, 12))
      expect(months.reduce((sum, month) => sum + month.done_now, 0)).toBe(year.done)
      expect(months.reduce((sum, month) => sum + month.mu_now, 0)).toBeCloseTo(year.mu, 9)
    }),
  )
})
