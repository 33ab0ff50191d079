/** Long narrow tables on paper: two rows of the table in one printed row. Pure. */
import { BLANK, type CellValue, type ReportTable } from '../../shared/report/model.ts'

/** Printed rows of a block, about a page: the left half of a block is read before its right half. */
const BLOCK_ROWS = 40

/** The table with its columns twice, when it asks for it and is long enough to gain by it. Totals are not supported. */
export function sideBySide(table: ReportTable): ReportTable {
  if (!table.twoUp || table.rows.length < 8 || table.totals) return table
  const blank: CellValue[] = table.columns.map(() => BLANK)
  const rows: CellValue[][] = []
  for (let from = 0; from < table.rows.length; from += 2 * BLOCK_ROWS) {
    const block = table.rows.slice(from, from + 2 * BLOCK_ROWS)
    const half = Math.ceil(block.length / 2)
    for (let at = 0; at < half; at++) rows.push([...block[at]!, ...(block[half + at] ?? blank)])
  }
  return { ...table, columns: [...table.columns, ...table.columns], rows }
}
