import { expect, test } from 'vitest'
import { idleFee, idleReasons } from './idle.ts'

test('not started: one full year after the agreed date, or two after delivery when none was agreed', () => {
  expect(idleReasons({ agreed_start: '2021-03-01' }, '2022-02-28')).toEqual([])
  expect(idleReasons({ agreed_start: '2021-03-01' }, '2022-03-01')).toEqual(['not_started'])
  expect(idleReasons({ delivered_on: '2020-02-29' }, '2022-02-28')).toEqual([])
  expect(idleReasons({ delivered_on: '2020-02-29' }, '2022-03-01')).toEqual(['not_started'])
  expect(idleReasons({}, '2030-01-01')).toEqual([])
})

test('started but stopped for a year: under a third developed or under a quarter invested, unknown decides nothing', () => {
  const started = { agreed_start: '2019-01-01', actual_start: '2019-02-01', stopped_on: '2020-06-01' }
  expect(idleReasons({ ...started, due_area_m2: 9000, developed_area_m2: 2999 }, '2021-06-01')).toEqual([
    'little_developed',
  ])
  expect(idleReasons({ ...started, due_area_m2: 9000, developed_area_m2: 3000 }, '2021-06-01')).toEqual([])
  expect(idleReasons({ ...started, total_investment: 100, actual_investment: 24.9 }, '2021-06-01')).toEqual([
    'little_invested',
  ])
  expect(idleReasons({ ...started, total_investment: 100, actual_investment: 25 }, '2021-06-01')).toEqual([])
  expect(idleReasons({ ...started, due_area_m2: 9000, developed_area_m2: 0 }, '2021-05-31')).toEqual([])
  expect(idleReasons(started, '2025-01-01')).toEqual([])
})

test('the fee is a fifth of the price, and nothing where the delay is not the enterprise’s or nothing is suspected', () => {
  const late = { agreed_start: '2021-03-01', land_price: 820 }
  expect(idleFee({ ...late, cause: 'ENTERPRISE' }, '2022-03-01')).toBe(164)
  expect(idleFee(late, '2022-03-01')).toBe(164)
  expect(idleFee(late, '2022-02-28')).toBeNull()
  expect(idleFee({ ...late, cause: 'GOV' }, '2022-03-01')).toBeNull()
  expect(idleFee({ ...late, cause: 'FORCE' }, '2022-03-01')).toBeNull()
  expect(idleFee({ agreed_start: '2021-03-01' }, '2022-03-01')).toBeNull()
})
