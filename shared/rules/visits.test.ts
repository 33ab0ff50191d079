import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inspectorsOf, isEvidence, missingOfVisit, remarksOfVisit } from './visits.ts'

const context = { computed: 'inside', now: '2022-06-01T02:00:00Z' }
const filled = {
  visited_at: '2022-06-01T01:00:00Z',
  operating_status: 'stopped',
  side_marked: 'inside',
  inspectors: ['张三', '李四'],
}

test('a visit with the five answers can be handed in; each gap is named', () => {
  expect(missingOfVisit(filled, context)).toEqual([])
  expect(missingOfVisit({}, context)).toEqual(['operating_status', 'side_marked', 'inspectors', 'visited_at'])
  expect(missingOfVisit({ ...filled, visited_at: '2022-06-03T01:00:00Z' }, context)).toEqual(['future'])
})

test('a mark that departs from the computed side asks for a reason, "other" for words; an unknown side for nothing', () => {
  const outside = { ...filled, side_marked: 'outside' }
  expect(missingOfVisit(outside, context)).toEqual(['side_reason'])
  expect(missingOfVisit({ ...outside, side_reason: 'other', side_note: ' ' }, context)).toEqual(['side_note'])
  expect(missingOfVisit({ ...outside, side_reason: 'site_evidence' }, context)).toEqual([])
  expect(missingOfVisit(outside, { ...context, computed: 'unknown' })).toEqual([])
})

test('only two different people make evidence; one person written twice is one, however it is typed', () => {
  const confirmed = { ...filled, status: 'CONFIRMED' }
  expect(isEvidence(confirmed)).toBe(true)
  expect(isEvidence({ ...confirmed, status: 'SUBMITTED' })).toBe(false)
  expect(isEvidence({ ...confirmed, inspectors: ['张三', ' 张 三 '] })).toBe(false)
  expect(remarksOfVisit({ inspectors: ['张三', '张 三'] }, 1)).toEqual(['same_inspector'])
  expect(remarksOfVisit({ inspectors: ['张三'] }, 0)).toEqual(['one_inspector', 'no_photo'])
  expect(remarksOfVisit(filled, 3)).toEqual([])
})

test('names: never more than were written, none twice, whatever order and blanks', () => {
  const name = fc.stringMatching(/^[张李王陈]{1,3}$/)
  fc.assert(
    fc.property(fc.array(name, { maxLength: 5 }), names => {
      const found = inspectorsOf(names)
      expect(new Set(found)).toEqual(new Set(names))
      expect(inspectorsOf(names.map(one => ` ${[...one].join(' ')} `))).toEqual(found)
    }),
  )
})
