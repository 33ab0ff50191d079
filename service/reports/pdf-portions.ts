/** Long tables in portions that Typst sets within a few hundred megabytes. Pure. */
import type { ReportChapter, ReportTable } from '../../shared/report/model.ts'
import { columnWidths } from './column-widths.ts'

const PORTION_ROWS = 1500

export interface Portion {
  /** Of its chapter. */
  readonly title: string
  readonly isFirst: boolean
  /** Totals and footnote stand in the last portion of a table only. */
  readonly table: ReportTable
  /** Of the whole table, so that columns go on as they began. */
  readonly widths: readonly number[]
}

/** Row after the portion that starts at `from`: where a page may be turned, as late as there is room. */
export function portionEnd(rows: number, from: number, breaks: readonly number[], most = PORTION_ROWS): number {
  if (rows - from <= most) return rows
  const possible = breaks.filter(at => at > from && at <= from + most)
  return possible.at(-1) ?? from + most
}

/** The tables of chapters across A4, in order. */
export function* portionsOf(chapters: readonly ReportChapter[]): Generator<Portion> {
  for (const { title, sections } of chapters)
    for (const [index, whole] of sections.flatMap(section => section.tables).entries()) {
      const widths = columnWidths(whole, 'landscape')
      let from = 0
      do {
        const to = portionEnd(whole.rows.length, from, whole.breaks ?? [])
        const { totals, footnote, ...rest } = whole
        const isLast = to === whole.rows.length
        const tail = isLast ? { ...(totals && { totals }), ...(footnote && { footnote }) } : {}
        const table = { ...rest, rows: whole.rows.slice(from, to), ...tail }
        yield { title, isFirst: index === 0 && from === 0, table, widths }
        from = to
      } while (from < whole.rows.length)
    }
}
