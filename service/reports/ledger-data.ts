/** What the ledger says, read once so that all its formats say the same. */
import type { CellValue, Report } from '../../shared/report/model.ts'
import type { Store } from '../db/store.ts'
import { type LedgerColumn, ledgerColumns } from './ledger-columns.ts'
import {
  type LedgerLand,
  type LedgerRow,
  ledgerLand,
  ledgerLandByUnit,
  ledgerRows,
  newestFiguresYear,
} from './ledger-repo.ts'
import { commonCautions, registerReport, registerTable } from './registers/frame.ts'
import { inMu } from './zone-report-parts.ts'

export interface LedgerInput {
  /** The newest year with figures when left out. */
  readonly year?: number | undefined
  readonly unit?: string | undefined
}

export interface LedgerData {
  readonly year: number
  readonly columns: readonly LedgerColumn[]
  readonly rows: readonly LedgerRow[]
  /** In the order of `columns`, from unrounded values; null where a sum says nothing. */
  readonly totals: readonly CellValue[]
  readonly landByUnit: ReadonlyMap<string | null, LedgerLand>
  readonly header: Report['header']
  readonly footnote: string
  /** Head, signature, cautions and provenance, without tables. */
  readonly frame: Report
}

const FOOTNOTE =
  '注：评价等级以公布为准，尚未公布的按本次测算并注明“(测算)”。同一地块由多家企业使用时，各企业行分别列示，合计只计一次；税收或实际用地未知的企业不计入亩均税收的合计，能耗或增加值未知的不计入单位增加值能耗的合计。合计因四舍五入略有出入。'

/** Totals of some rows whose land, each parcel once, is `land`. */
export function ledgerTotals(
  columns: readonly LedgerColumn[],
  rows: readonly LedgerRow[],
  land: LedgerLand,
): (number | null)[] {
  return columns.map(({ title, total }) => {
    if (title === '界内亩') return inMu(land.area_in_m2)
    if (title === '界外亩') return inMu(land.area_out_m2)
    return total?.(rows) ?? null
  })
}

export function readLedger(store: Store, input: LedgerInput): LedgerData {
  const year = input.year ?? newestFiguresYear(store.read) ?? store.now().getFullYear()
  const columns = ledgerColumns(year)
  const rows = ledgerRows(store.read, year, input.unit)
  const empty = registerTable<never>('企业清单台账', [], [])
  const frame = registerReport(
    store,
    input,
    { title: '企业清单台账', table: empty },
    commonCautions(store, input, rows.length, true),
  )
  const totals: CellValue[] = ledgerTotals(columns, rows, ledgerLand(store.read, input.unit))
  totals[0] = '合计'
  return {
    year,
    columns,
    rows,
    totals,
    landByUnit: ledgerLandByUnit(store.read),
    header: frame.header.map(([label, value]) => [label, label === '年度' ? String(year) : value]),
    footnote: FOOTNOTE,
    frame,
  }
}
