/** What differs between two prints of the same report: cell by cell, rows found by their name. Pure. */
import { type CellValue, columnTitle, printCell, type ReportColumn, type ReportTable } from './model.ts'

export interface Difference {
  readonly row: string
  readonly column: string
  /** As printed; null where the row did not exist. */
  readonly before: string | null
  readonly after: string | null
}

/** Rows are known by their text cells before the first number; a rank in front is passed over. */
function nameOf(columns: readonly ReportColumn[], cells: readonly CellValue[]): string {
  const from = columns.findIndex(column => column.kind === 'text')
  const names: string[] = []
  for (let at = from; at >= 0 && at < columns.length && columns[at]!.kind === 'text'; at++)
    names.push(String(cells[at] ?? '—'))
  return names.join(' · ')
}

/**
 * Differences in the order of the new table, rows that went last. A cell differs when its printed form does, or when the
 * numbers differ by more than a rounding error. Columns are known by title and unit.
 */
export function tableDifferences(before: ReportTable, after: ReportTable): Difference[] {
  const found: Difference[] = []
  const lines = (table: ReportTable): [string, readonly CellValue[]][] => [
    ...table.rows.map((cells): [string, readonly CellValue[]] => [nameOf(table.columns, cells), cells]),
    ...(table.totals ? [[nameOf(table.columns, table.totals), table.totals] as [string, readonly CellValue[]]] : []),
  ]
  const old = new Map(lines(before))
  const placeOf = new Map(before.columns.map((column, index) => [columnTitle(column), index]))
  for (const [row, cells] of lines(after)) {
    const was = old.get(row)
    old.delete(row)
    after.columns.forEach((column, index) => {
      const place = placeOf.get(columnTitle(column))
      const [then, now] = [was === undefined || place === undefined ? null : was[place]!, cells[index]!]
      if (was !== undefined && place !== undefined && isSame(column, then, now)) return
      if (was === undefined && now === null) return
      const shown = was === undefined || place === undefined ? null : printCell(before.columns[place]!, then)
      found.push({ row, column: columnTitle(column), before: shown, after: printCell(column, now) })
    })
  }
  for (const row of old.keys()) found.push({ row, column: '—', before: row, after: null })
  return found
}

function isSame(column: ReportColumn, a: CellValue, b: CellValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a))
  return a === b || (printCell(column, a) === printCell(column, b) && typeof a === typeof b)
}

/** The differences as a table of the report that has them. */
export function differenceTable(differences: readonly Difference[], former: number): ReportTable {
  const column = (title: string, width: number): ReportColumn => ({ key: title, title, kind: 'text', width })
  return {
    title: `与第 ${former} 号相比的变动`,
    columns: [column('行', 3), column('栏目', 2.4), column(`第 ${former} 号`, 2), column('本号', 2)],
    rows: differences.map(({ row, column: name, before, after }) => [row, name, before, after]),
  }
}
