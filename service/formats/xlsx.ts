/**
 * XLSX tables by exceljs, loaded whole within stated limits (exceljs's streaming reader loses inline strings and merged
 * headers). Dates stay dates, formulas give their stored result, numbers written as text stay text.
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import ExcelJS from 'exceljs'
import { AppError } from '../../shared/contract/errors.ts'
import { sampleFile } from './byte-source.ts'
import type { ImportFormat, RawFeature, RawProblem, Source } from './format.ts'
import { type Cell, rowToFeature } from './table.ts'
import { findHeader, HEADER_ROWS } from './table-header.ts'
import { checkZip } from './zip-limits.ts'

const XLSX_LIMITS = { fileBytes: 64 << 20, rows: 200_000, columns: 1000 } as const
const CHUNK_ROWS = 200

export const xlsxFormat: ImportFormat = {
  id: 'xlsx',
  label: 'Excel (XLSX)',
  detect(head, fileName) {
    const zip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04
    if (!zip) return 0
    const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1')
    if (/xl\/|\[Content_Types\]\.xml/.test(text)) return 0.95
    return /\.xls[xm]$/i.test(fileName) ? 0.6 : 0.1
  },
  async open(file, options) {
    const name = basename(file)
    const { size } = await sampleFile(file)
    if (size > XLSX_LIMITS.fileBytes) {
      throw new AppError(
        'file_unreadable',
        `文件“${name}”超过 ${XLSX_LIMITS.fileBytes >> 20} MB，请另存为 CSV 再导入`,
        {
          reason: 'file_too_large',
          file: name,
        },
      )
    }
    const bytes = await readFile(file)
    const entries = checkZip(bytes, name)
    if (!entries.includes('xl/workbook.xml')) throw unreadable(name)
    const workbook = new ExcelJS.Workbook()
    try {
      await workbook.xlsx.load(bytes as unknown as ArrayBuffer)
    } catch (error) {
      throw unreadable(name, error)
    }
    const sheets = workbook.worksheets.map(sheet => sheet.name)
    const sheet =
      options.sheet === undefined
        ? fullest(workbook)
        : workbook.worksheets.find(candidate => candidate.name === options.sheet)
    if (!sheet) {
      throw new AppError('bad_input', `文件“${name}”里没有工作表“${options.sheet ?? ''}”，有：${sheets.join('、')}`, {
        reason: 'unknown_sheet',
        file: name,
      })
    }
    if (sheet.rowCount > XLSX_LIMITS.rows || sheet.columnCount > XLSX_LIMITS.columns) {
      throw new AppError(
        'file_unreadable',
        `工作表“${sheet.name}”超过 ${XLSX_LIMITS.rows} 行或 ${XLSX_LIMITS.columns} 列，请分开导入`,
        { reason: 'table_too_large', file: name },
      )
    }
    const top: string[][] = []
    for (let row = 1; row <= Math.min(HEADER_ROWS, sheet.rowCount); row++)
      top.push(cellsOf(sheet, row).cells.map(textOf))
    const header = findHeader(top)
    if (!header)
      throw new AppError('file_unreadable', `文件“${name}”的工作表“${sheet.name}”里没有内容`, {
        reason: 'file_empty',
        file: name,
      })
    const source: Source = {
      format: 'xlsx',
      encoding: null,
      crsDeclared: null,
      counts: 'row',
      spatial: false,
      sheets,
      headings: header.headings,
      async *features(signal) {
        let chunk: RawFeature[] = []
        let index = 0
        for (let row = header.dataFrom + 1; row <= sheet.rowCount; row++) {
          const { cells, problems } = cellsOf(sheet, row)
          const feature = rowToFeature(header.headings, { row, cells, problems }, index)
          if (!feature) continue
          index++
          chunk.push(feature)
          if (chunk.length < CHUNK_ROWS) continue
          yield chunk
          chunk = []
          await breathe()
          if (signal?.aborted) throw new AppError('cancelled', '已取消', { reason: 'cancelled' })
        }
        if (chunk.length > 0) yield chunk
      },
    }
    return source
  },
}

function unreadable(name: string, cause?: unknown): AppError {
  return new AppError(
    'file_unreadable',
    `文件“${name}”不是有效的 XLSX 文件`,
    { reason: 'not_xlsx', file: name },
    { cause },
  )
}

/** The sheet with the most rows, the first of equals: official files carry a cover or notes sheet before the table. */
function fullest(workbook: ExcelJS.Workbook): ExcelJS.Worksheet | undefined {
  let best: ExcelJS.Worksheet | undefined
  for (const sheet of workbook.worksheets) {
    if (sheet.state === 'visible' && (!best || sheet.actualRowCount > best.actualRowCount)) best = sheet
  }
  return best ?? workbook.worksheets[0]
}

function cellsOf(sheet: ExcelJS.Worksheet, rowNumber: number): { cells: Cell[]; problems: RawProblem[] } {
  const row = sheet.getRow(rowNumber)
  const cells: Cell[] = []
  const problems: RawProblem[] = []
  for (let column = 1; column <= row.cellCount; column++) {
    const { value, problem } = plainValue(row.getCell(column).value)
    cells.push(value)
    if (problem)
      problems.push({
        code: 'cell_error',
        severity: 'warning',
        message: `第 ${column} 列的公式没有可用的结果(${problem})，按未知处理`,
        values: { column, value: problem },
      })
  }
  return { cells, problems }
}

function plainValue(value: ExcelJS.CellValue): { value: Cell; problem?: string } {
  if (value === null || value === undefined) return { value: null }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value instanceof Date)
    return { value }
  if ('error' in value) return { value: null, problem: String(value.error) }
  if ('richText' in value) return { value: value.richText.map(part => part.text).join('') }
  if ('hyperlink' in value) return plainValue(value.text as ExcelJS.CellValue)
  if ('formula' in value || 'sharedFormula' in value) {
    return value.result === undefined
      ? { value: null, problem: '未计算' }
      : plainValue(value.result as ExcelJS.CellValue)
  }
  return { value: null, problem: '未知类型' }
}

function textOf(cell: Cell): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return cell === null ? '' : String(cell)
}
