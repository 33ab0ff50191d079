/** Widths, heights and paper of a sheet, so that it prints readable as it is: nothing cut, headings on every page, numbered. */
import type ExcelJS from 'exceljs'
import { columnTitle, printCell, type ReportTable } from '../../shared/report/model.ts'

/** Points of a line of ten-point text. */
const LINE = 13.5
/** Characters across A4 at about 75 and 60 %; what is wider goes on A3, whose number the types do not know. */
const A4_EASY = 195
const A4_ROOM = 245
const A3 = 8 as ExcelJS.PaperSize
/** Texts up to so many characters stand on one line: as many as the paper has room for. */
const SHORT = [36, 24, 16] as const
const WIDEST = 36
/** Words go over at least so many characters, however narrow the table. */
const PROSE = 110

/** Characters that a text takes; a Chinese sign takes the room of two digits. */
export function roomOf(text: string): number {
  let room = 0
  for (const sign of text) room += sign > '\u00ff' ? 2 : 1
  return room
}

/** Widths of a table's columns. Figures, codes and dates stand whole; headings take two lines, longer texts several. */
export function sheetWidths(table: ReportTable): number[] {
  let widths: number[] = []
  for (const short of SHORT) {
    widths = table.columns.map((_, index) => sheetWidth(table, index, short))
    if (widths.reduce((sum, width) => sum + width, 0) <= A4_EASY) break
  }
  return widths
}

function sheetWidth(table: ReportTable, index: number, short: number): number {
  const column = table.columns[index]!
  const title = columnTitle(column)
  let width = Math.max(6, unbroken(title), Math.ceil(roomOf(title) / 2) + 2)
  for (const cells of table.totals ? [...table.rows, table.totals] : table.rows) {
    const text = printCell(column, cells[index] ?? null)
    const room = roomOf(text)
    width = Math.max(width, unbroken(text), room <= short ? room : Math.min(WIDEST, Math.max(short, room / 3)))
  }
  return Math.ceil(width) + 2
}

/** The longest run that cannot be wrapped. */
function unbroken(text: string): number {
  return Math.max(0, ...(text.match(/[\x21-\x7e]+/g) ?? []).map(run => run.length))
}

/** Lines of a text in so many characters: a Chinese sign that does not fit goes to the next line, and faces differ a little. */
export function linesOf(text: string, width: number): number {
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(roomOf(line) / (width - 1.5))), 0)
}

/**
 * Last of all: words that stand alone in their row go over the whole width, rows are as high as their longest text, the
 * page is the smaller paper on which the sheet can be read. `head` is the row that each page repeats.
 */
export function layOut(sheet: ExcelJS.Worksheet, head: number | undefined): void {
  const columns = Math.max(1, sheet.columnCount)
  const widths = Array.from({ length: columns }, (_, index) => sheet.getColumn(index + 1).width ?? 9)
  const ofTables = widths.reduce((sum, width) => sum + width, 0)
  const besides = Math.max(0, Math.ceil((PROSE - ofTables) / 9))
  const all = ofTables + 9 * besides
  sheet.eachRow(row => {
    const isProse = row.cellCount === 1
    if (isProse && columns + besides > 1) sheet.mergeCells(row.number, 1, row.number, columns + besides)
    let lines = 1
    row.eachCell((cell, at) => {
      if (cell.isMerged && !isProse) return
      if (typeof cell.value === 'string') lines = Math.max(lines, linesOf(cell.value, isProse ? all : widths[at - 1]!))
    })
    row.height = Math.max(16, lines * LINE + 2)
  })
  Object.assign(sheet.pageSetup, {
    paperSize: all > A4_ROOM ? A3 : 9,
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.6, header: 0.3, footer: 0.3 },
    ...(head === undefined ? {} : { printTitlesRow: `${head}:${head}` }),
  })
  sheet.headerFooter.oddFooter = '&C第 &P 页，共 &N 页'
}
