import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import type { Report, ReportTable } from '../../shared/report/model.ts'
import { linesOf, roomOf, sheetWidths } from './sheet-layout.ts'
import { writeXlsx } from './write-xlsx.ts'

const table = (columns: number, text: string, rows = 3): ReportTable => ({
  title: '表',
  columns: Array.from({ length: columns }, (_, index) => ({
    key: String(index),
    title: '整治提升理由',
    kind: 'text' as const,
  })),
  rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => text)),
})

test('codes are never wrapped, texts get what the paper has room for', () => {
  const code = '330781001-2021-0022'
  expect(sheetWidths(table(20, code)).every(width => width > code.length)).toBe(true)
  const text = '亩均税收连续两年低于全市平均水平'
  expect(sheetWidths(table(3, text))[0]).toBeGreaterThan(roomOf(text))
  expect(sheetWidths(table(20, text))[0]).toBeLessThan(roomOf(text))
})

test('nothing is cut in a written sheet: rows are as high as their longest text, words go over the whole width', async () => {
  const long = '设备陈旧、能耗偏高，单位增加值能耗高于行业指南，厂房利用率不足六成。'.repeat(3)
  const section = { heading: '一、进展', paragraphs: [long.repeat(3)], tables: [], figures: [] }
  const report: Report = {
    title: '报表',
    header: [['单位', '全市']],
    summary: table(9, long),
    notes: [long.repeat(4)],
    chapters: [{ title: '附：说明', code: '说明', sections: [section] }],
    zones: [],
    signature: ['填表人：'],
    provenance: { boundaryId: null, revision: 1, zoneIds: [] },
  }
  const folder = mkdtempSync(join(tmpdir(), 'lowland-sheet-'))
  try {
    await writeXlsx(report, join(folder, 's.xlsx'))
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(join(folder, 's.xlsx'))
    let wrapped = 0
    for (const sheet of book.worksheets) {
      expect(sheet.headerFooter.oddFooter).toContain('&P')
      sheet.eachRow(row => {
        const merged = row.getCell(1).isMerged
        row.eachCell((cell, at) => {
          if (typeof cell.value !== 'string' || (merged && at > 1)) return
          const places = merged ? row.cellCount : 1
          const width = Array.from({ length: places }, (_, index) => sheet.getColumn(at + index).width ?? 9)
          const lines = linesOf(
            cell.value,
            width.reduce((sum, each) => sum + each, 0),
          )
          if (lines > 1) wrapped++
          expect(row.height, cell.value).toBeGreaterThanOrEqual(lines * 12)
        })
      })
    }
    expect(wrapped).toBeGreaterThan(20)
    expect(book.worksheets[0]!.pageSetup.printTitlesRow).toBe('4:4')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
