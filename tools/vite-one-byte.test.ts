import { expect, it } from 'vitest'
import { escaped } from './vite-one-byte.ts'

it('leaves what code means as it is, in strings, templates and patterns, pairs of units too', () => {
  const values = {
    面积: '亩、㎡ — “引号”',
    emoji: '🌾',
    pattern: /^[一-龥]+$/u.source,
    matches: /^[一-龥🌾]+$/u.test('城镇🌾'),
  }
  const code = `({ '面积': '亩、㎡ — “引号”', emoji: \`\${''}🌾\`, pattern: /^[一-龥]+$/u.source.replace(/\\\\u(....)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), matches: /^[一-龥🌾]+$/u.test('城镇🌾') })`
  const written = escaped(code)
  expect(/^[\0-\x7f]*$/.test(written)).toBe(true)
  // biome-ignore lint/security/noGlobalEval: what is tested is code
  expect(globalThis.eval(written)).toEqual(values)
})
