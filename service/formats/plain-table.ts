/** Small tables that become a draft (rules, standards): rows by known headings, with what was wrong in words. */
import { basename } from 'node:path'
import ExcelJS from 'exceljs'
import { AppError } from '../../shared/contract/errors.ts'
import type { TableProblem } from '../../shared/contract/scoring.ts'
import { plainHeading } from '../../shared/import/headings.ts'
import { foldValue, isUnknown, readNumber } from '../../shared/import/values.ts'
import { openSource } from './registry.ts'

export interface TableRow {
  /** Number of the row in the sheet as people count it. */
  readonly row: number
  /** Text of a column, '' when blank. */
  text(column: string): string
  /** The same as it was written, full-width marks and all: for words that are kept. */
  words(column: string): string
  /** Number of a column; null when blank; undefined (and noted as a problem) when it is no number. */
  number(column: string): number | null | undefined
  /** Notes why this row was not taken over. */
  refuse(code: string, message: string, values?: Record<string, string | number>): void
}

/** A table bigger than this is no table of rules. */
const MOST_ROWS = 5000

/**
 * Reads the rows of a table. `columns` gives for each column the headings it is known by, the first being the usual one;
 * the `needed` ones must be there (`bad_input` names the file and what is missing). Blank rows are passed over.
 */
export async function readTable(
  file: string,
  options: { sheet?: string | undefined },
  columns: Readonly<Record<string, readonly string[]>>,
  needed: readonly string[],
): Promise<{ rows: TableRow[]; problems: TableProblem[] }> {
  const name = basename(file)
  const { source } = await openSource(file, options)
  const places = new Map<string, string>()
  for (const heading of source.headings) {
    const plain = plainHeading(heading)
    const found = Object.entries(columns).find(([, names]) => names.some(known => plainHeading(known) === plain))
    if (found && !places.has(found[0])) places.set(found[0], heading)
  }
  const lacking = needed.filter(column => !places.has(column)).map(column => columns[column]![0]!)
  if (lacking.length > 0) {
    throw new AppError('bad_input', `文件“${name}”缺少列：${lacking.join('、')}`, {
      reason: 'columns_missing',
      file: name,
      values: { columns: lacking.join('、') },
    })
  }
  const rows: TableRow[] = []
  const problems: TableProblem[] = []
  for await (const chunk of source.features()) {
    for (const { row, properties } of chunk) {
      const cell = (column: string): unknown => properties[places.get(column) ?? '']
      if (Object.keys(columns).every(column => foldValue(cell(column)) === '')) continue
      if (rows.length >= MOST_ROWS) {
        throw new AppError('bad_input', `文件“${name}”超过 ${MOST_ROWS} 行，不像是规则表`, {
          reason: 'table_too_long',
          file: name,
          values: { most: MOST_ROWS },
        })
      }
      const refuse: TableRow['refuse'] = (code, message, values = {}) =>
        void problems.push({ row, code, message, values })
      rows.push({
        row,
        refuse,
        text: column => foldValue(cell(column)),
        words: column => (typeof cell(column) === 'string' ? String(cell(column)).trim() : foldValue(cell(column))),
        number: column => {
          const value = cell(column)
          if (isUnknown(value)) return null
          const read = readNumber(value)
          if (read) return read.unit === '%' ? read.number / 100 : read.number
          const heading = places.get(column) ?? column
          const shown = foldValue(value).slice(0, 40)
          refuse('cell_not_number', `“${heading}”列的“${shown}”不是数字`, { column: heading, value: shown })
          return undefined
        },
      })
    }
  }
  return { rows, problems }
}

/** Writes headings and rows as one sheet; numbers stay numbers. */
export async function writeTable(
  file: string,
  sheetName: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet(sheetName, { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.addRow([...headings]).font = { bold: true }
  for (const row of rows) {
    sheet.addRow([...row]).eachCell(cell => {
      if (typeof cell.value === 'string') cell.numFmt = '@'
    })
  }
  headings.forEach((heading, index) => {
    sheet.getColumn(index + 1).width = Math.max(12, heading.length * 2 + 2)
  })
  await book.xlsx.writeFile(file)
}
