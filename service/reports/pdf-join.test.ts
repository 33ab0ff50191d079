import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withNumbers } from './pdf-join.ts'

test('references get new numbers, whatever stands in strings does not', () => {
  const text = '/Title (5 0 R \\) (6 0 R) 7 0 R) /Next 12 0 R /Kids [3 0 R 41 0 R] /W [0 5 1000 3 0 0] /F0 8 0 R'
  expect(withNumbers(text, old => old + 100)).toBe(
    '/Title (5 0 R \\) (6 0 R) 7 0 R) /Next 112 0 R /Kids [103 0 R 141 0 R] /W [0 5 1000 3 0 0] /F0 108 0 R',
  )
})

test('with the same numbers every text stays as it is', () => {
  const piece = fc.constantFrom('(', ')', '\\', '5 0 R', ' ', '<FEFF0041>', '/Key', '12', '\n')
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      expect(withNumbers(pieces.join(''), old => old)).toBe(pieces.join(''))
    }),
  )
})
