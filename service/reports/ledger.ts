/** 企业清单台账 as XLSX, streamed: two years of class and tax per 亩, land by side, the newest plan; totals are Σ/Σ. */
import ExcelJS from 'exceljs'
import { type CellValue, SIGNATURE } from '../../shared/report/model.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { asText } from '../exports/spreadsheet-text.ts'
import { type LedgerData, type LedgerInput, readLedger } from './ledger-data.ts'

/** What is not named is a figure or a short word. In characters. */
const WIDTH = 10.5
const LINE_HEIGHT = 14
const THIN = { style: 'thin' } as const
const BOX = { top: THIN, left: THIN, bottom: THIN, right: THIN }
/** The footnote is merged over what stands on the first of the three sheets. */
const ON_FIRST_SHEET = 13

/** Lines that a text takes in a column of so many characters; a Chinese sign takes the room of two. */
function linesOf(text: string, width: number): number {
  let room = 0
  for (const sign of text) room += sign > '\u00ff' ? 2 : 1
  return Math.ceil(room / (width - 1))
}

/** Writes the ledger of live enterprises as it stands now; returns their number. */
export async function writeLedger(
  store: Store,
  input: LedgerInput,
  file: string,
  control: JobControl,
): Promise<number> {
  const data = readLedger(store, input)
  await writeLedgerSheet(data, file, control)
  return data.rows.length
}

const numberFormat = (decimals: number): string => (decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}`)

/** Each row shows the land that its enterprise uses; the totals count every parcel once. */
export async function writeLedgerSheet(data: LedgerData, file: string, control: JobControl): Promise<void> {
  const { columns, rows, totals } = data
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: file, useStyles: true })
  const sheet = book.addWorksheet('企业清单台账', {
    views: [{ state: 'frozen', ySplit: 3, xSplit: 4 }],
    pageSetup: {
      paperSize: 9,
      orientation: 'landscape',
      margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.6, header: 0.3, footer: 0.3 },
      fitToPage: true,
      // 33 columns on one sheet are not readable: three of A4 beside each other, each with the name of the enterprise.
      fitToWidth: 3,
      fitToHeight: 0,
      pageOrder: 'overThenDown',
      printTitlesRow: '3:3',
      printTitlesColumn: 'A:D',
    },
    headerFooter: { oddFooter: '&C第 &P 页，共 &N 页' },
  })
  sheet.columns = columns.map(({ width }) => ({ width: width ?? WIDTH }))
  const bold = (cells: CellValue[]) => {
    const row = sheet.addRow(cells)
    row.font = { bold: true }
    return row
  }
  const title = bold(['企业清单台账'])
  title.font = { bold: true, size: 16 }
  title.commit()
  sheet.addRow([data.header.map(([label, value]) => `${label}：${value}`).join('  ')]).commit()
  const heads = bold(columns.map(({ title }) => title))
  heads.alignment = { wrapText: true, horizontal: 'center', vertical: 'middle' }
  heads.font = { bold: true, size: 9 }
  heads.height = 3 * LINE_HEIGHT
  heads.eachCell(cell => (cell.border = BOX))
  heads.commit()
  for (const [index, row] of rows.entries()) {
    await control.checkpoint()
    const cells = columns.map(({ read }) => read(row, index) ?? '—')
    const line = sheet.addRow(cells)
    let lines = 1
    cells.forEach((value, at) => {
      const cell = line.getCell(at + 1)
      cell.border = BOX
      if (typeof value === 'number') {
        cell.alignment = { vertical: 'middle' }
        cell.numFmt = numberFormat(columns[at]!.decimals ?? 0)
        return
      }
      asText(cell)
      // What is longer than its column goes on below; a short word beside a figure would read as part of it.
      const needed = linesOf(value, columns[at]!.width ?? WIDTH)
      lines = Math.max(lines, needed)
      const isProse = needed > 1 || columns[at]!.title === '企业名称'
      cell.alignment = { wrapText: true, vertical: 'middle', horizontal: isProse ? 'left' : 'center' }
    })
    // Streamed rows are not measured by whoever opens them.
    if (lines > 1) line.height = lines * LINE_HEIGHT
    line.commit()
    if (index % 500 === 0) control.report({ phase: 'report', done: index, total: rows.length })
  }
  const line = bold([...totals])
  line.eachCell({ includeEmpty: true }, (cell, at) => {
    cell.numFmt = numberFormat(columns[at - 1]?.decimals ?? 0)
    cell.border = BOX
  })
  line.commit()
  const note = sheet.addRow([`${data.footnote}\n\n${SIGNATURE.join('        ')}`])
  sheet.mergeCells(note.number, 1, note.number, ON_FIRST_SHEET)
  note.getCell(1).alignment = { wrapText: true, vertical: 'top' }
  note.height = 75
  note.commit()
  await book.commit()
}
