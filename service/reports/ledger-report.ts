/** 企业清单台账 on paper: a page of sums by unit, then its 33 columns as three tables across A4, the enterprise named on each. */
import { BLANK, type CellValue, type Report, type ReportColumn, type ReportTable } from '../../shared/report/model.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { LedgerColumn, LedgerPart } from './ledger-columns.ts'
import { type LedgerData, ledgerTotals } from './ledger-data.ts'
import type { LedgerRow } from './ledger-repo.ts'
import { numberColumn, textColumn } from './zone-report-parts.ts'

const PARTS: readonly (readonly [Exclude<LedgerPart, 'name'>, string])[] = [
  ['land', '表1 基本情况与用地'],
  ['figures', '表2 评价、效益与能耗'],
  ['plan', '表3 整治方案与状态'],
]

const onPaper = ({ title, decimals, paper }: LedgerColumn): ReportColumn => ({
  key: title,
  title,
  kind: decimals === undefined ? 'text' : 'number',
  ...(decimals === undefined ? {} : { decimals }),
  width: paper ?? (decimals === undefined ? 1.2 : 1.6),
})

/** Sums of each unit in the order of the rows, and of all of them as in the tables behind it. */
function byUnit({ columns, rows, totals, landByUnit, footnote }: LedgerData): ReportTable {
  const shown = columns.flatMap((column, at) => (column.decimals && totals[at] !== undefined ? [at] : []))
  const groups = new Map<string | null, LedgerRow[]>()
  for (const row of rows) {
    const group = groups.get(row.unit)
    if (group) group.push(row)
    else groups.set(row.unit, [row])
  }
  const counts = (group: readonly LedgerRow[]): CellValue[] => [
    group.length,
    group.filter(({ scale }) => scale === 'above').length,
    group.filter(row => row.counted_at !== null).length,
  ]
  const nothing = { area_in_m2: null, area_out_m2: null }
  return {
    title: '企业清单台账 各单位合计',
    columns: [
      { ...numberColumn('序号', '', 0), width: 0.8 },
      textColumn('考核单位', 2.4),
      ...['企业', '其中规上', '已销号'].map(title => ({ ...numberColumn(title, '家', 0), width: 1 })),
      ...shown.map(at => onPaper(columns[at]!)),
    ],
    rows: [...groups].map(([unit, group], index) => {
      const sums = ledgerTotals(columns, group, landByUnit.get(unit) ?? nothing)
      return [index + 1, group[0]!.unit_name ?? '未归口', ...counts(group), ...shown.map(at => sums[at]!)]
    }),
    totals: ['合计', BLANK, ...counts(rows), ...shown.map(at => totals[at]!)],
    footnote: `${footnote}同一地块由不同单位的企业使用时各单位分别计，合计只计一次。`,
  }
}

/** The report model; `control` lets others through while a county's cells are read, and may cancel. */
export async function ledgerReport(data: LedgerData, control: JobControl): Promise<Report> {
  const breaks = data.rows.flatMap((row, at) => (at > 0 && row.unit !== data.rows[at - 1]!.unit ? [at] : []))
  const chapters: Report['chapters'][number][] = []
  for (const [part, title] of PARTS) {
    const at = data.columns.flatMap((column, index) => (column.part === 'name' || column.part === part ? [index] : []))
    const names = at.filter(index => data.columns[index]!.part === 'name')
    const order = [...names, ...at.filter(index => !names.includes(index))]
    const rows: CellValue[][] = []
    for (const [index, row] of data.rows.entries()) {
      if (index % 100 === 0) await control.checkpoint()
      rows.push(order.map(column => data.columns[column]!.read(row, index)))
    }
    const table: ReportTable = {
      title,
      columns: order.map(index => onPaper(data.columns[index]!)),
      rows,
      breaks,
      totals: order.map(index => data.totals[index] ?? (data.columns[index]!.total ? null : BLANK)),
    }
    const section = { heading: '', paragraphs: [], tables: [table], figures: [] }
    chapters.push({ title, code: title, across: true, sections: [section] })
  }
  return { ...data.frame, header: data.header, summary: byUnit(data), chapters }
}
