/** Widths of a table's columns on paper: as wished for, but never narrower than the longest thing that cannot be wrapped. Pure. */
import { columnTitle, printCell, type ReportTable } from '../../shared/report/model.ts'

/** Room for a table in letters (em): text width of the page over the size that its writer sets a table of so many columns in. */
export type Paper = 'a3' | 'landscape' | 'portrait'
const WIDTH_PT: Readonly<Record<Paper, number>> = { a3: 1088, landscape: 739, portrait: 493 }
/** More columns than this are not readable on A4. */
export const WIDE_TABLE = 18

const sizeOf = (paper: Paper, columns: number): number => (paper === 'a3' ? 8.5 : columns > 12 ? 7.5 : 8)
/** Bold digits are a little wider than half a letter. */
const SIGN = 0.6
const PADDING = 0.8
/** In Word: who opens it may lack the face it asks for and take a wider one. */
export const WORD_SIGN = 0.67

/** A code, a date or a figure does not wrap; of a longer Chinese text two letters may stand alone. */
function longestRun(text: string, sign: number): number {
  const runs = text.match(/[\x21-\x7e]+/g) ?? []
  // 合计 and 序号 stay whole.
  return Math.max(Math.min(text.length, 2), ...runs.map(run => run.length * sign)) + PADDING
}

/** Parts of the width for every column, in em; their sum is the room there is. `sign`: width of a letter in the face it is set in. */
export function columnWidths(table: ReportTable, paper: Paper, sign = SIGN): number[] {
  const room = WIDTH_PT[paper] / sizeOf(paper, table.columns.length)
  const lines = table.totals ? [...table.rows, table.totals] : table.rows
  const least = table.columns.map((column, index) => {
    let most = longestRun(columnTitle(column), sign)
    for (const cells of lines) most = Math.max(most, longestRun(printCell(column, cells[index] ?? null), sign))
    return most
  })
  const needed = least.reduce((sum, width) => sum + width, 0)
  if (needed >= room) return least.map(width => (width * room) / needed)
  const wished = table.columns.map(column => column.width ?? 1)
  const widths = [...least]
  const open = new Set(wished.keys())
  // Whoever needs more than its share takes it; the others share what is left, until all have enough.
  for (;;) {
    const taken = widths.reduce((sum, width, index) => (open.has(index) ? sum : sum + width), 0)
    const parts = [...open].reduce((sum, index) => sum + wished[index]!, 0)
    const share = (index: number) => ((room - taken) * wished[index]!) / parts
    const tight = [...open].filter(index => share(index) < least[index]!)
    if (tight.length === 0) {
      for (const index of open) widths[index] = share(index)
      return widths
    }
    for (const index of tight) open.delete(index)
    if (open.size === 0) return widths.map(width => (width * room) / needed)
  }
}
