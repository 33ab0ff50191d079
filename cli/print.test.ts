import { expect, it } from 'vitest'
import { printResult } from './print.ts'

it('prints figures, boxes and lists for people, not as JSON', () => {
  const text = printResult({
    listed: 1,
    batch: null,
    extent: [119.2, 29, 119.9, 29.5],
    candidates: [
      {
        enterprise_id: 'x',
        code: 'QY-1',
        name: '甲厂',
        state: null,
        rules: [{ zh: '亩均税收 2.49 万元 < 5 万元' }],
        undecided: [],
      },
    ],
    zones: [{ code: '330781001-2022-01', parcels: ['a', 'b'], area_mu: 429.6447 }],
    issues: [{ code: 'overlap', message: '第 2 个要素：与已有地块重叠' }],
  })
  expect(text.split('\n')).toEqual([
    'listed: 1',
    'batch: —',
    'extent: 119.2 29 119.9 29.5',
    'candidates: 1',
    '  QY-1 · 甲厂 · 亩均税收 2.49 万元 < 5 万元',
    'zones: 1',
    '  330781001-2022-01 · parcels 2 · area_mu 429.64',
    'issues: 1',
    '  第 2 个要素：与已有地块重叠',
    '',
  ])
})

it('counts what it does not show', () => {
  const text = printResult({ changes: Array.from({ length: 25 }, (_, index) => `c${index}`) })
  expect(text).toContain('changes: 25\n  c0\n')
  expect(text.trimEnd().endsWith('… 另有 5 条')).toBe(true)
})
