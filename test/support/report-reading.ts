/** Reads finished reports as other programs do: cells of a sheet, words of a Word file, words of a PDF. */
import { execFileSync } from 'node:child_process'
import ExcelJS from 'exceljs'

/** All cells of all sheets, row by row; numbers stay numbers. */
export async function sheetCells(file: string): Promise<(string | number)[]> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  const found: (string | number)[] = []
  for (const sheet of book.worksheets)
    sheet.eachRow(row =>
      row.eachCell(({ value }) => {
        if (typeof value === 'string' || typeof value === 'number') found.push(value)
      }),
    )
  return found
}

/** Cells of Word tables in order, as text. */
export function docxCells(file: string): string[] {
  const xml = execFileSync('unzip', ['-p', file, 'word/document.xml'], { maxBuffer: 64 << 20, encoding: 'utf8' })
  return [...xml.matchAll(/<w:tc>.*?<\/w:tc>/gs)].map(([cell]) =>
    [...cell.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(match => match[1]).join(''),
  )
}

/** Text of the cells of each table of a Word file, row by row. Needs `unzip`. */
export function docxTables(file: string): string[][][] {
  const xml = execFileSync('unzip', ['-p', file, 'word/document.xml'], { maxBuffer: 256 << 20, encoding: 'utf8' })
  const inside = (text: string, tag: string) =>
    [...text.matchAll(new RegExp(`<w:${tag}>.*?</w:${tag}>`, 'gs'))].map(([whole]) => whole)
  return inside(xml, 'tbl').map(table =>
    inside(table, 'tr').map(row =>
      inside(row, 'tc').map(cell =>
        [...cell.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(match => match[1]).join(''),
      ),
    ),
  )
}

/** Words of a PDF by poppler's pdftotext, without white space. */
export function pdfText(file: string): string {
  return execFileSync('pdftotext', ['-layout', file, '-'], { maxBuffer: 64 << 20, encoding: 'utf8' }).replace(
    /\s+/g,
    '',
  )
}
