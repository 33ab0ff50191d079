/** The report as XLSX: 汇总 and one sheet per zone; numbers are numbers, text never becomes a formula. */
import ExcelJS from 'exceljs'
import { columnTitle, type Report, type ReportTable } from '../../shared/report/model.ts'
import { asText } from '../exports/spreadsheet-text.ts'

const SETUP = { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 } as const

/** `checkpoint` is awaited between sheets and may cancel. */
export async function writeXlsx(
  report: Report,
  file: string,
  _resourcesFolder?: string,
  checkpoint: () => Promise<void> = async () => undefined,
): Promise<void> {
  const book = new ExcelJS.Workbook()
  const summary = book.addWorksheet('汇总', { pageSetup: SETUP })
  summary.addRow([report.title]).font = { bold: true, size: 16 }
  summary.addRow([report.header.map(([label, value]) => `${label}:${value}`).join('  ')])
  addTable(summary, report.summary)
  summary.views = [{ state: 'frozen', ySplit: 4 }]
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
  for (const sheet of book.worksheets) for (let column = 1; column <= 16; column++) sheet.getColumn(column).width = 16
  await book.xlsx.writeFile(file)
}

function addTable(sheet: ExcelJS.Worksheet, table: ReportTable): void {
  sheet.addRow([table.title]).font = { bold: true }
  sheet.addRow(table.columns.map(columnTitle)).font = { bold: true }
  for (const cells of table.totals ? [...table.rows, table.totals] : table.rows) {
    const row = sheet.addRow(cells.map(value => value ?? '—'))
    row.eachCell(asText)
    table.columns.forEach((column, index) => {
      const decimals = column.decimals ?? 0
      if (typeof cells[index] === 'number') row.getCell(index + 1).numFmt = decimals ? `0.${'0'.repeat(decimals)}` : '0'
    })
  }
  if (table.footnote) sheet.addRow([table.footnote])
}
