import { expect, test } from 'vitest'
import { chinaDate, chinaMinute } from './china-time.ts'

test('after 16:00 UTC it is the next day in China, also over the end of a year', () => {
  expect(chinaDate(new Date('2026-11-28T15:59:59Z'))).toBe('2026-11-28')
  expect(chinaDate(new Date('2026-11-28T16:00:00Z'))).toBe('2026-11-29')
  expect(chinaDate(new Date('2026-12-31T16:00:00Z'))).toBe('2027-01-01')
  expect(chinaMinute(new Date('2026-11-28T16:03:00Z'))).toBe('2026-11-29 00:03')
})
