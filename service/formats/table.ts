/** Turns rows of text or values into features of the common form. Shared by CSV and XLSX; reads no files. */
import type { RawFeature, RawProblem } from './format.ts'
import { isFootRow } from './table-header.ts'

export type Cell = string | number | boolean | Date | null

export interface TableRow {
  /** 1-based row in the file. */
  row: number
  cells: readonly Cell[]
  problems?: RawProblem[]
}

/** A record per row by heading; undefined for blank rows, sums and signatures. */
export function rowToFeature(
  headings: readonly string[],
  { row, cells, problems }: TableRow,
  index: number,
): RawFeature | undefined {
  const texts = cells.map(cell => (cell === null ? '' : String(cell)))
  if (texts.every(text => text.trim() === '') || isFootRow(texts)) return undefined
  const properties: Record<string, unknown> = {}
  const found: RawProblem[] = problems ? [...problems] : []
  headings.forEach((heading, column) => {
    if (heading !== '') properties[heading] = cells[column] ?? null
  })
  const surplus = texts.slice(headings.length).filter(text => text.trim() !== '').length
  if (surplus > 0)
    found.push({
      code: 'surplus_cells',
      severity: 'warning',
      message: `比表头多 ${surplus} 格，多出的内容未导入`,
      values: { count: surplus },
    })
  return { index, row, geometry: null, geometryType: null, properties, problems: found }
}
