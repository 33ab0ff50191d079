/** Text that a spreadsheet must not take for a formula (DESIGN §11). */
import type { Cell } from 'exceljs'

const FORMULA_LIKE = /^[=+\-@\t\r]/

/** For CSV, where a leading apostrophe is the only way to say "text". */
export function withoutFormula(value: string): string {
  return FORMULA_LIKE.test(value) ? `'${value}` : value
}

/** In XLSX a cell has a type: the text stays as it is, and the text format keeps it so when somebody edits the cell. */
export function asText(cell: Cell): void {
  if (typeof cell.value === 'string' && FORMULA_LIKE.test(cell.value)) cell.numFmt = '@'
}
