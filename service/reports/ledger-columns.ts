/** Columns of 企业清单台账 (domain §11.7, 1): what each reads, how it is printed and on which of the paper tables it stands. */
import { type EnumerationName, labelOf } from '../../shared/model/enumerations.ts'
import { type CellValue, sumKnown } from '../../shared/report/model.ts'
import { groupRatio, ratio } from '../../shared/rules/indicators.ts'
import { printedClass } from '../../shared/rules/scoring/rated.ts'
import type { LedgerRow } from './ledger-repo.ts'
import { inMu } from './zone-report-parts.ts'

/** The paper tables, in their order; `name` stands on each of them. */
export type LedgerPart = 'name' | 'land' | 'figures' | 'plan'

export interface LedgerColumn {
  /** With its unit. */
  readonly title: string
  readonly part: LedgerPart
  readonly read: (row: LedgerRow, index: number) => CellValue
  readonly total?: (rows: readonly LedgerRow[]) => number | null
  /** Of a figure; text where left out. */
  readonly decimals?: number
  /** On a sheet, in characters. */
  readonly width?: number
  /** On paper, relative. */
  readonly paper?: number
}

type Figure = (row: LedgerRow) => number | null

const label = (name: EnumerationName, code: string | null): CellValue => (code === null ? null : labelOf(name, code))
const list = (name: EnumerationName, json: string | null) =>
  json === null ? null : [...new Set(JSON.parse(json) as string[])].map(code => labelOf(name, code)).join('、') || null

const text = (
  title: string,
  part: LedgerPart,
  read: LedgerColumn['read'],
  width?: number,
  paper?: number,
): LedgerColumn => ({ title, part, read, ...(width ? { width } : {}), ...(paper ? { paper } : {}) })

const sum = (title: string, part: LedgerPart, read: Figure): LedgerColumn => ({
  title,
  part,
  read,
  decimals: 2,
  total: rows => sumKnown(rows.map(read)),
})

const quotient = (title: string, above: Figure, below: Figure, decimals = 2): LedgerColumn => ({
  title,
  part: 'figures',
  read: row => ratio(above(row), below(row)),
  decimals,
  total: rows => groupRatio(rows, above, below).value,
})

/** Totals of 界内亩 and 界外亩 count every parcel once and are not sums of rows: `ledger-repo` has them. */
export function ledgerColumns(year: number): LedgerColumn[] {
  return [
    { ...text('序号', 'name', (_, index) => index + 1, 5, 0.8), decimals: 0 },
    text('考核单位', 'land', row => row.unit_name, 13, 2.4),
    text('乡镇', 'land', row => row.town_name, 10.5, 1.8),
    text('企业名称', 'name', row => row.name, 32, 5.2),
    text('统一社会信用代码', 'name', row => row.uscc, 20.5, 2),
    text('行业', 'land', row => row.industry_code, 6, 1),
    text('规上/规下', 'land', row => label('scale', row.scale), 6, 1),
    text('是否园区内', 'land', row => (row.in_park === null ? null : row.in_park === 1 ? '是' : '否'), 6, 1),
    text(`评价等级(${year - 1})`, 'figures', row => printedClass(row.class_before, row.class_source_before), 10.5, 1.3),
    text(`评价等级(${year})`, 'figures', row => printedClass(row.class, row.class_source), 10.5, 1.3),
    sum('实际用地(亩)', 'land', row => row.land),
    sum('评价税收(万元)', 'figures', row => row.tax),
    quotient(
      `亩均税收(${year - 1}，万元/亩)`,
      row => row.tax_before,
      row => row.land_before,
    ),
    quotient(
      `亩均税收(${year}，万元/亩)`,
      row => row.tax,
      row => row.land,
    ),
    sum('增加值(万元)', 'figures', row => row.value_added),
    sum('能耗(tce)', 'figures', row => row.energy),
    quotient(
      '单位增加值能耗(tce/万元)',
      row => row.energy,
      row => row.value_added,
      3,
    ),
    text('经营状态', 'land', row => label('operating_status', row.op_status), 7, 1.2),
    text('命中规则', 'figures', row => ruleNames(row.hit_rules), 22, 3),
    text('整治提升理由', 'plan', row => row.problems, 20, 3.2),
    text('整治方式', 'plan', row => list('measure_type', row.measures), 16, 2),
    text('整治措施', 'plan', row => textsOf(row.descriptions), 29.5, 3.6),
    text('开发边界', 'land', row => list('side', row.sides), 10.5, 1.6),
    sum('界内亩', 'land', row => inMu(row.area_in_m2)),
    sum('界外亩', 'land', row => inMu(row.area_out_m2)),
    sum('预计腾出用地(亩)', 'plan', row => row.freed_mu),
    sum('预计腾出能耗(tce)', 'plan', row => row.freed_tce),
    text('计划完成时间', 'plan', row => row.due_date, 11, 1.2),
    text('牵头单位', 'plan', row => list('department', row.departments)?.split('、')[0] ?? null, 13, 1.7),
    text('责任人', 'plan', row => row.responsible, 10.5, 1.2),
    text('状态', 'plan', row => label('state', row.state), 10.5, 1.7),
    text('销号日期', 'plan', row => row.counted_at, 11, 1.2),
    text('备注', 'plan', row => row.remark, 14, 1.2),
  ]
}

/** Different texts of a list, one after the other. */
function textsOf(json: string | null): string | null {
  return json === null ? null : [...new Set(JSON.parse(json) as string[])].join('；') || null
}

/** Rule ids of a list entry, or unknown when none were hit. */
function ruleNames(json: string | null): string | null {
  const rules = json === null ? [] : (JSON.parse(json) as unknown[])
  return (
    rules
      .map(rule => (typeof rule === 'object' && rule !== null && 'id' in rule ? String(rule.id) : String(rule)))
      .join('、') || null
  )
}
