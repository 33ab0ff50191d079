import { expect, test } from 'vitest'
import { isOverdue, type ProgressEntry, periodOf, progressOf, stateOn } from './progress.ts'

const closing = (on: string, amount: number): ProgressEntry['events'][number] => ({
  on,
  unit: 'A',
  enterprise_id: 'e',
  entry_id: 'l',
  what: 'enterprise',
  amount,
  parcel_id: null,
  basis: amount > 0 ? 'closing' : 'rebound',
  use: null,
  record_id: null,
})
const entry = (change: Partial<ProgressEntry>): ProgressEntry => ({
  unit: 'A',
  enterprise_id: 'e',
  state: 'S7',
  listed_on: '2022-04-02',
  due_date: '2022-10-15',
  steps: [],
  events: [],
  ...change,
})
const steps = [
  { on: '2022-04-02', from: 'S2', to: 'S3' },
  { on: '2022-06-08', from: 'S3', to: 'S5' },
  { on: '2022-10-31', from: 'S5', to: 'S6' },
  { on: '2022-11-03', from: 'S6', to: 'S7' },
]

test('a state is that of the day, whatever the entry became since', () => {
  const closed = entry({ steps, events: [closing('2022-11-03', 1)] })
  const days = ['2022-04-01', '2022-04-02', '2022-10-30', '2022-10-31', '2022-11-02', '2022-11-03', '2023-01-01']
  expect(days.map(day => stateOn(closed, day))).toEqual(['S2', 'S3', 'S5', 'S6', 'S6', 'S7', 'S7'])
  expect(progressOf([closed], periodOf(2022, 9, 9))).toMatchObject({ under_remediation: 1, awaiting: 0, overdue: 0 })
  expect(progressOf([closed], periodOf(2022, 10, 10))).toMatchObject({ under_remediation: 0, awaiting: 1, overdue: 1 })
  expect(progressOf([closed], periodOf(2022, 11, 11))).toMatchObject({ under_remediation: 0, awaiting: 0, overdue: 0 })
})

test('without recorded steps the counts say the day of a closing and of a rebound, else the state of now', () => {
  const imported = entry({ events: [closing('2022-11-03', 1)] })
  expect(['2022-11-02', '2022-11-03'].map(day => stateOn(imported, day))).toEqual([null, 'S7'])
  const back = entry({ state: 'S5', events: [closing('2022-03-01', 1), closing('2022-05-03', -1)] })
  expect(['2022-02-01', '2022-05-02', '2022-05-03'].map(day => stateOn(back, day))).toEqual([null, 'S7', 'S5'])
  expect(stateOn(entry({ state: 'S5' }), '2020-01-01')).toBe('S5')
  // Closed in a list of later date, its steps being recorded up to the acceptance.
  const half = entry({ steps: steps.slice(0, 3), events: [closing('2022-11-03', 1)] })
  expect(['2022-11-02', '2022-11-03'].map(day => stateOn(half, day))).toEqual(['S6', 'S7'])
})

test('overdue is judged on a day, in a running period on the day of asking; the deadline itself is in time', () => {
  const open = entry({ state: 'S5', steps: steps.slice(0, 2), due_date: '2022-12-20' })
  expect(['2022-12-20', '2022-12-21'].map(day => isOverdue(open, day))).toEqual([false, true])
  expect(progressOf([open], { ...periodOf(2022, 12, 12), asOf: '2022-12-05' }).overdue).toBe(0)
  expect(progressOf([open], periodOf(2022, 12, 12)).overdue).toBe(1)
})
