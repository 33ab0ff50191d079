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

const SETUP = { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 } as const
/** The list of sizes that the types know ends before A3. */
const A3 = 8 as ExcelJS.PaperSize
const WIDE = 18
const THIN = { style: 'thin' } as const
const BOX = { top: THIN, left: THIN, bottom: THIN, right: THIN }

/** `checkpoint` is awaited between sheets and may cancel. */
export async function writeXlsx(
  report: Report,
  file: string,
  _resourcesFolder?: string,
  checkpoint: () => Promise<void> = async () => undefined,
): Promise<void> {
  const book = new ExcelJS.Workbook()
  const isWide = report.summary.columns.length > WIDE
  const summary = book.addWorksheet('汇总', { pageSetup: isWide ? { ...SETUP, paperSize: A3 } : SETUP })
  const title = summary.addRow([report.title])
  title.font = { bold: true, size: 16 }
  title.alignment = { horizontal: 'center', vertical: 'middle' }
  summary.mergeCells(1, 1, 1, report.summary.columns.length)
  summary.addRow([report.header.map(([label, value]) => `${label}：${value}`).join('  ')])
  addTable(summary, report.summary)
  summary.views = [{ state: 'frozen', ySplit: 4 }]
  summary.pageSetup.printTitlesRow = '4:4'
  for (const note of [...report.notes, report.signature.join('        ')]) summary.addRow([note])
  const used = new Set(['汇总'])
  for (const chapter of report.chapters) {
    await checkpoint()
    const base = chapter.code.replace(/[[\]:*?/\\']/g, '_').slice(0, 26) || '区域'
    let name = base
    for (let number = 2; used.has(name.toLowerCase()); number++) name = `${base}(${number})`
    used.add(name.toLowerCase())
    const sheet = book.addWorksheet(name, { pageSetup: SETUP, views: [{ state: 'frozen', ySplit: 1 }] })
    sheet.addRow([chapter.title]).font = { bold: true, size: 14 }
    for (const section of chapter.sections) {
      sheet.addRow([section.heading]).font = { bold: true }
      for (const paragraph of section.paragraphs) sheet.addRow([paragraph]).eachCell(asText)
      for (const table of section.tables) addTable(sheet, table)
    }
  }
  await book.xlsx.writeFile(file)
}

function addTable(sheet: ExcelJS.Worksheet, table: ReportTable): void {
  sheet.addRow([table.title]).font = { bold: true }
  const heads = sheet.addRow(table.columns.map(columnTitle))
  heads.font = { bold: true }
  heads.alignment = { wrapText: true, horizontal: 'center', vertical: 'middle' }
  heads.eachCell(cell => (cell.border = BOX))
  if (table.rows.length === 0) emptyRow(sheet, table.columns.length)
  for (const cells of table.totals ? [...table.rows, table.totals] : table.rows) {
    const row = sheet.addRow(cells.map(value => value ?? '—'))
    if (cells === table.totals) row.font = { bold: true }
    row.eachCell(asText)
    table.columns.forEach((column, index) => {
      const cell = row.getCell(index + 1)
      const value = cells[index]
      cell.border = BOX
      if (typeof value === 'number') cell.numFmt = numberFormat(decimalsOf(column, value))
      else cell.alignment = { vertical: 'middle', wrapText: true, horizontal: alignmentOf(column, value ?? null) }
    })
  }
  table.columns.forEach((column, index) => {
    const place = sheet.getColumn(index + 1)
    place.width = Math.max(place.width ?? 0, widthOf(table, index, column.kind === 'number' ? 14 : 32))
  })
  if (table.footnote) sheet.addRow([table.footnote])
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

/** Wide enough for the figures and for short words; a Chinese sign takes the room of two digits. */
function widthOf(table: ReportTable, index: number, most: number): number {
  const room = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > '\u00ff' ? 2 : 1), 0)
  const column = table.columns[index]!
  let width = Math.min(most, room(columnTitle(column)))
  for (const cells of [...table.rows, ...(table.totals ? [table.totals] : [])])
    width = Math.max(width, room(printCell(column, cells[index] ?? null)))
  return Math.min(most, Math.max(8, width + 2))
}
