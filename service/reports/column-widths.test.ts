import { expect, test } from 'vitest'
import type { ReportTable } from '../../shared/report/model.ts'
import { columnWidths } from './column-widths.ts'

const table = (rows: ReportTable['rows'], widths: readonly number[]): ReportTable => ({
  title: '表',
  columns: widths.map((width, index) => ({ key: String(index), title: '栏', kind: 'text', width })),
  rows,
})

test('a code that cannot be wrapped gets its room, the others share the rest as they wished', () => {
  const plain = columnWidths(table([['甲', '乙', '丙']], [1, 1, 2]), 'portrait')
  expect(plain[2]).toBeCloseTo(2 * plain[0]!)
  const code = '330781001-2021-0022'
  const many = [code, ...Array.from({ length: 13 }, () => '甲')]
  const widths = columnWidths(
    table(
      [many],
      many.map((_, index) => (index === 0 ? 1 : index === 1 ? 4 : 2)),
    ),
    'portrait',
  )
  expect(widths[0]).toBeGreaterThanOrEqual(code.length * 0.6)
  expect(widths[1]).toBeCloseTo(2 * widths[2]!)
  expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(493 / 7.5)
})

test('more than fits is shrunk alike, and no column vanishes', () => {
  const cells = Array.from({ length: 20 }, () => '330781001-2021-0022')
  const widths = columnWidths(
    table(
      [cells],
      cells.map(() => 1),
    ),
    'portrait',
  )
  expect(Math.min(...widths)).toBeCloseTo(Math.max(...widths))
  expect(widths[0]).toBeGreaterThan(0)
})
