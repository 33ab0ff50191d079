import { expect, test } from 'vitest'
import { foldText, searchKeysOf } from './search-keys.ts'

test('initials and full pinyin of a name can be matched from its beginning', () => {
  const keys = searchKeysOf({ code: 'QY-00012', name: '兰溪恒兴纺织有限公司', uscc: '91330781MA28TEST0X' })
  expect(keys.text).toBe('\nqy-00012\n兰溪恒兴纺织有限公司\n91330781ma28test0x\n')
  expect(keys.initials).toBe('\nlxhxfzyxgs\nLANXIHENGXINGFANGZHIYOUXIANGONGSI\n')
})

test('every former name is found from its own beginning', () => {
  const keys = searchKeysOf({ code: 'A', name: '新厂', former_name: '老厂一；长兴二厂' })
  expect(keys.initials).toContain('\nlcy\n')
  expect(keys.initials).toContain('\ncxec\n')
})

test('full-width letters, case and spaces make no difference', () => {
  expect(foldText('  ABc  12 ')).toBe('abc 12')
})

test('a record without a code keeps its first line empty, and Latin text gives no pinyin', () => {
  expect(searchKeysOf({ name: 'Acme' })).toEqual({ text: '\n\nacme\n', initials: '' })
})

test('the letter ü is typed v, as in every input method', () => {
  expect(searchKeysOf({ name: '女埠街道' }).initials).toBe('\nnbjd\nNVBUJIEDAO\n')
})
