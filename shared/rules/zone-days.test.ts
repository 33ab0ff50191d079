import { expect, test } from 'vitest'
import { daysOfChange, zoneStatusOn } from './zone-days.ts'

const zone = {
  status: 'done',
  planned_on: '2026-01-10',
  approved_on: '2026-03-05',
  started_on: '2026-04-01',
  done_on: '2026-06-30',
}

test('the state of a day follows from the dated steps; what nobody dated says nothing', () => {
  const days = ['2026-01-09', '2026-01-10', '2026-02-28', '2026-03-05', '2026-06-29', '2026-06-30']
  expect(days.map(day => zoneStatusOn(zone, day))).toEqual([
    null,
    'planned',
    'planned',
    'approved',
    'in_progress',
    'done',
  ])
  // Nobody dated its beginning: nothing says that it came after the approval.
  expect(zoneStatusOn({ ...zone, started_on: null }, '2026-03-05')).toBe('in_progress')
  expect(zoneStatusOn({ status: 'approved' }, '2000-01-01')).toBe('approved')
  // A day of a step that the zone has not taken is not a step.
  expect(zoneStatusOn({ status: 'planned', approved_on: '2026-03-05' }, '2026-04-01')).toBe('planned')
})

test('a change of state dates the steps it takes, never after a step behind them, and takes days back with steps', () => {
  expect(daysOfChange(null, 'planned', {}, '2026-05-01')).toEqual({ planned_on: '2026-05-01' })
  expect(daysOfChange('planned', 'in_progress', { planned_on: '2026-01-10' }, '2026-05-01')).toEqual({
    approved_on: '2026-05-01',
    started_on: '2026-05-01',
  })
  expect(daysOfChange(null, 'approved', { approved_on: '2026-03-05' }, '2026-05-01')).toEqual({
    planned_on: '2026-03-05',
  })
  expect(daysOfChange('done', 'approved', zone, '2026-07-01')).toEqual({ started_on: null, done_on: null })
  expect(daysOfChange('planned', 'planned', {}, '2026-05-01')).toEqual({})
})
