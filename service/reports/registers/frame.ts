/** What all registers share: columns with their totals, the head of the form, and what a reader has to be told. */
import { squareMetersToMu } from '../../../shared/geometry/area.ts'
import { chinaDate, chinaMinute } from '../../../shared/lib/china-time.ts'
import { type Caution, caution, cautionInWords } from '../../../shared/report/cautions.ts'
import {
  BLANK,
  type CellValue,
  type Report,
  type ReportChapter,
  type ReportColumn,
  type ReportTable,
  ROUNDING_NOTE,
  SIGNATURE,
  sumKnown,
} from '../../../shared/report/model.ts'
import { activeBoundary, findBoundary } from '../../boundary/boundary-repo.ts'
import type { Store } from '../../db/store.ts'
import { unitNames } from '../../zones/zones-repo.ts'
import { numberColumn, textColumn } from '../zone-report-parts.ts'

export interface RegisterFilter {
  readonly unit?: string | undefined
  readonly batch?: string | undefined
}

export interface RegisterColumn<Row> {
  readonly column: ReportColumn
  readonly read: (row: Row, index: number) => CellValue
  /** Of all rows, from raw values; left out where a sum says nothing. */
  readonly total?: (rows: readonly Row[]) => CellValue
}

export const textCells = <Row>(
  title: string,
  width: number,
  read: (row: Row, index: number) => CellValue,
): RegisterColumn<Row> => ({ column: textColumn(title, width), read })

/** An area that is stored in m² and printed in 亩: summed raw, converted once. */
export const muCells = <Row>(title: string, raw: (row: Row) => number | null): RegisterColumn<Row> => {
  const convert = (value: number | null) => (value === null ? null : squareMetersToMu(value))
  return {
    column: numberColumn(title, '亩'),
    read: row => convert(raw(row)),
    total: rows => convert(sumKnown(rows.map(raw))),
  }
}

export const summedCells = <Row>(
  title: string,
  unit: string,
  decimals: number,
  read: (row: Row) => number | null,
): RegisterColumn<Row> => ({
  column: numberColumn(title, unit, decimals),
  read,
  total: rows => sumKnown(rows.map(read)),
})

export const numberCells = <Row>(
  title: string,
  unit: string,
  decimals: number,
  read: (row: Row, index: number) => number | null,
): RegisterColumn<Row> => ({ column: { ...numberColumn(title, unit, decimals), width: unit === '' ? 0.9 : 1.4 }, read })

export function registerTable<Row>(
  title: string,
  columns: readonly RegisterColumn<Row>[],
  rows: readonly Row[],
  footnote?: string,
): ReportTable {
  const hasTotals = rows.length > 0 && columns.some(({ total }) => total)
  return {
    title,
    columns: columns.map(({ column }) => column),
    rows: rows.map((row, index) => columns.map(({ read }) => read(row, index))),
    ...(hasTotals
      ? { totals: columns.map(({ total }, index) => (index === 0 ? '合计' : total ? total(rows) : BLANK)) }
      : {}),
    footnote: `${hasTotals ? ROUNDING_NOTE : ''}${footnote ?? ''}`,
  }
}

export interface RegisterParts {
  readonly title: string
  readonly table: ReportTable
  readonly notes?: readonly string[]
  readonly chapters?: readonly ReportChapter[]
}

/** The form around a register. */
export function registerReport(
  store: Store,
  filter: RegisterFilter,
  parts: RegisterParts,
  cautions: readonly Caution[],
): Report {
  const active = activeBoundary(store.read)
  const boundary = active && findBoundary(store.read, active.id)
  const scope = filter.unit === undefined ? '全市' : (unitNames(store.read).get(filter.unit) ?? filter.unit)
  return {
    title: parts.title,
    header: [
      ['单位', scope],
      ['年度', chinaDate(store.now()).slice(0, 4)],
      ['截至日期', chinaDate(store.now())],
      ['面积口径', '椭球面积'],
      ['边界版本', boundary ? `${boundary.name}(${boundary.code})` : '—'],
      ['填表人', store.profile().user || '—'],
      ['审核人', '—'],
    ],
    summary: parts.table,
    notes: [
      ...cautions.map(cautionInWords),
      ...(parts.notes ?? []),
      `数据截至 ${chinaMinute(store.now())}；数据修订号 ${store.revision()}。`,
    ],
    cautions,
    chapters: parts.chapters ?? [],
    zones: [],
    signature: SIGNATURE,
    provenance: { boundaryId: boundary?.id ?? null, revision: store.revision(), zoneIds: [] },
  }
}

/** That there is nothing, or no boundary where sides are printed, is said and never left to be guessed from empty cells. */
export function commonCautions(store: Store, filter: RegisterFilter, rows: number, asksBoundary: boolean): Caution[] {
  const found: Caution[] = []
  const names = unitNames(store.read)
  if (filter.unit !== undefined && !names.has(filter.unit)) found.push(caution('unknown_unit', { unit: filter.unit }))
  else if (rows === 0) found.push(caution('nothing', { scope: names.get(filter.unit ?? '') ?? '全市' }))
  if (asksBoundary && !activeBoundary(store.read)) found.push(caution('no_boundary'))
  return found
}
