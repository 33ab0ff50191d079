/** When a laptop meets the hub by itself: soon after edits, rarely on metered lines, never when told so, later after failures. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SyncMode } from '../../shared/contract/sync.ts'
import { retryAfter, syncLoop } from './sync-loop.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function started(mode: SyncMode | undefined) {
  let meetings = 0
  let current = mode
  const loop = syncLoop({
    mode: () => current,
    meet: () => {
      meetings += 1
    },
    random: () => 0.5,
  })
  return {
    loop,
    meetings: () => meetings,
    set: (next: SyncMode) => {
      current = next
    },
  }
}

test('automatic: seconds after an edit, however many there are, then every five minutes', () => {
  const { loop, meetings } = started('automatic')
  for (let edit = 0; edit < 10; edit++) loop.nudge()
  vi.advanceTimersByTime(4000)
  expect(meetings()).toBe(0)
  vi.advanceTimersByTime(1500)
  expect(meetings()).toBe(1)
  loop.ended(true)
  vi.advanceTimersByTime(299_000)
  expect(meetings()).toBe(1)
  vi.advanceTimersByTime(2000)
  expect(meetings()).toBe(2)
})

test('after failures: later and later, at most a quarter of an hour, and an edit does not hurry it', () => {
  const { loop, meetings } = started('automatic')
  const waits = [1, 2, 3, 4, 12].map(failures => retryAfter(failures, 0.5))
  expect(waits).toEqual([10, 20, 40, 80, 900])
  loop.nudge()
  vi.advanceTimersByTime(6000)
  loop.ended(false)
  loop.nudge()
  vi.advanceTimersByTime(9000)
  expect(meetings()).toBe(1)
  vi.advanceTimersByTime(2000)
  expect(meetings()).toBe(2)
  loop.ended(false)
  vi.advanceTimersByTime(19_000)
  expect(meetings()).toBe(2)
  vi.advanceTimersByTime(2000)
  expect(meetings()).toBe(3)
  // Spread, so that laptops do not all come at once.
  expect(retryAfter(1, 0)).toBeLessThan(retryAfter(1, 1))
})

test.each(['never', 'asked', undefined] as const)('%s: not by itself', mode => {
  const { loop, meetings } = started(mode)
  loop.nudge()
  loop.ended(true)
  loop.ended(false)
  vi.advanceTimersByTime(86_400_000)
  expect(meetings()).toBe(0)
})

test('metered: once an hour; a setting changed meanwhile counts', () => {
  const { loop, meetings, set } = started('metered')
  loop.ended(true)
  vi.advanceTimersByTime(3_590_000)
  expect(meetings()).toBe(0)
  vi.advanceTimersByTime(20_000)
  expect(meetings()).toBe(1)
  loop.ended(true)
  set('asked')
  vi.advanceTimersByTime(7_200_000)
  expect(meetings()).toBe(1)
})
