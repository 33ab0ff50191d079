import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReportTable } from '../../shared/report/model.ts'
import { portionEnd, portionsOf } from './pdf-portions.ts'

test('portions hold every row once and in order, at most so many, and end where a page may be turned if there is such a place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 59 })),
      fc.integer({ min: 1, max: 20 }),
      (rows, places, most) => {
        const breaks = places.filter(at => at < rows).sort((a, b) => a - b)
        let from = 0
        while (from < rows) {
          const to = portionEnd(rows, from, breaks, most)
          expect(to).toBeGreaterThan(from)
          expect(to - from).toBeLessThanOrEqual(most)
          if (to < rows && breaks.some(at => at > from && at <= from + most)) expect(breaks).toContain(to)
          from = to
        }
        expect(from).toBe(rows)
      },
    ),
  )
})

test('totals stand in the last portion only, the title over the first, widths are those of the whole table', () => {
  const table: ReportTable = {
    title: '表',
    columns: [
      { key: 'a', title: '序号', kind: 'number', width: 1 },
      { key: 'b', title: '名称', kind: 'text', width: 2 },
    ],
    rows: Array.from({ length: 4000 }, (_, index) => [index + 1, '甲']),
    totals: ['合计', null],
  }
  const chapter = { title: '章', code: '章', sections: [{ heading: '', paragraphs: [], tables: [table], figures: [] }] }
  const parts = [...portionsOf([chapter])]
  expect(parts.flatMap(part => part.table.rows)).toEqual(table.rows)
  expect(parts.map(part => part.isFirst)).toEqual([true, false, false])
  expect(parts.map(part => part.table.totals)).toEqual([undefined, undefined, table.totals])
  expect(new Set(parts.map(part => part.widths.join())).size).toBe(1)
})
