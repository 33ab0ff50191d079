/** The report as XLSX: 汇总 and one sheet per zone; numbers are numbers, text never becomes a formula. */
import ExcelJS from 'exceljs'
import {
  type CellValue,
  columnTitle,
  decimalsOf,
  printCell,
  type Report,
  type ReportTable,
} from '../../shared/report/model.ts'
import { asText } from '../exports/spreadsheet-text.ts'
import { layOut, sheetWidths } from './sheet-layout.ts'

const THIN = { style: 'thin' } as const
const BOX = { top: THIN, left: THIN, bottom: THIN, right: THIN }
const FACE = '宋体'
const SIZE = 10

/** `checkpoint` is awaited between sheets and may cancel; `onChapters` hears how many have their sheet. */
export async function writeXlsx(
  report: Report,
  file: string,
  _resourcesFolder?: string,
  checkpoint: () => Promise<void> = async () => undefined,
  onChapters: (done: number) => void = () => undefined,
): Promise<void> {
  const book = new ExcelJS.Workbook()
  const summary = book.addWorksheet('汇总')
  const title = summary.addRow([report.title])
  title.font = { bold: true, size: 16 }
  addProse(summary, report.header.map(([label, value]) => `${label}：${value}`).join('  '))
  addTable(summary, report.summary)
  summary.views = [{ state: 'frozen', ySplit: 4 }]
  for (const note of [...report.notes, report.signature.join('        ')]) addProse(summary, note)
  layOut(summary, 4)
  title.alignment = { horizontal: 'center', vertical: 'middle' }
  title.height = 28
  const used = new Set(['汇总'])
  for (const chapter of report.chapters) {
    await checkpoint()
    const base = chapter.code.replace(/[[\]:*?/\\']/g, '_').slice(0, 26) || '区域'
    let name = base
    for (let number = 2; used.has(name.toLowerCase()); number++) name = `${base}(${number})`
    used.add(name.toLowerCase())
    const sheet = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
    sheet.addRow([chapter.title]).font = { bold: true, size: 14 }
    const heads: number[] = []
    for (const section of chapter.sections) {
      if (section.heading !== '') addProse(sheet, section.heading).font = { bold: true, size: SIZE }
      for (const paragraph of section.paragraphs) addProse(sheet, paragraph)
      for (const table of section.tables) heads.push(addTable(sheet, table, section.heading))
    }
    // Several tables have several heads: none of them is that of every page.
    layOut(sheet, heads.length === 1 ? heads[0] : undefined)
    sheet.getRow(1).height = 24
    onChapters(used.size - 1)
  }
  await checkpoint()
  await book.xlsx.writeFile(file)
}

/** Words across the sheet; `layOut` gives them its width. */
function addProse(sheet: ExcelJS.Worksheet, text: string): ExcelJS.Row {
  const row = sheet.addRow([text])
  row.font = { name: FACE, size: SIZE }
  row.getCell(1).alignment = { wrapText: true, vertical: 'middle', horizontal: 'left' }
  asText(row.getCell(1))
  return row
}

/** Returns the row of its headings. The title is left out where the words above say the same. */
function addTable(sheet: ExcelJS.Worksheet, table: ReportTable, above = ''): number {
  if (table.title !== above) addProse(sheet, table.title).font = { bold: true, size: SIZE }
  const heads = sheet.addRow(table.columns.map(columnTitle))
  heads.font = { name: FACE, bold: true, size: SIZE }
  heads.alignment = { wrapText: true, horizontal: 'center', vertical: 'middle' }
  heads.eachCell(cell => (cell.border = BOX))
  if (table.rows.length === 0) emptyRow(sheet, table.columns.length)
  for (const cells of table.totals ? [...table.rows, table.totals] : table.rows) {
    const row = sheet.addRow(cells.map(value => value ?? '—'))
    row.font = { name: FACE, size: SIZE, bold: cells === table.totals }
    row.eachCell(asText)
    table.columns.forEach((column, index) => {
      const cell = row.getCell(index + 1)
      const value = cells[index]
      cell.border = BOX
      if (typeof value === 'number') {
        cell.numFmt = numberFormat(decimalsOf(column, value))
        cell.alignment = { vertical: 'middle', horizontal: 'right' }
      } else cell.alignment = { vertical: 'middle', wrapText: true, horizontal: alignmentOf(column, value ?? null) }
    })
  }
  for (const [index, width] of sheetWidths(table).entries()) {
    const place = sheet.getColumn(index + 1)
    place.width = Math.max(place.width ?? 0, width)
  }
  if (table.footnote) addProse(sheet, table.footnote)
  return heads.number
}

const numberFormat = (decimals: number): string => (decimals ? `0.${'0'.repeat(decimals)}` : '0')

/** Words that fill a line stand to the left; a short one beside a figure of the next column would read as part of it. */
function alignmentOf(column: ReportTable['columns'][number], value: CellValue): 'left' | 'right' | 'center' {
  if (column.kind === 'number') return 'right'
  return printCell(column, value).length > 12 ? 'left' : 'center'
}

/** An empty table says that it is empty. */
function emptyRow(sheet: ExcelJS.Worksheet, columns: number): void {
  const row = sheet.addRow(['无'])
  sheet.mergeCells(row.number, 1, row.number, columns)
  row.alignment = { horizontal: 'center' }
  for (let index = 1; index <= columns; index++) row.getCell(index).border = BOX
}
