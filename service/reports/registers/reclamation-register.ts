/** 退出复垦台账 (domain §11.7, 10; fields and limits of §7). */
import { caution } from '../../../shared/report/cautions.ts'
import type { Report } from '../../../shared/report/model.ts'
import { all } from '../../db/sql.ts'
import type { Store } from '../../db/store.ts'
import {
  commonCautions,
  muCells,
  numberCells,
  type RegisterColumn,
  type RegisterFilter,
  registerReport,
  registerTable,
  summedCells,
  textCells,
} from './frame.ts'

interface Row {
  readonly unit: string | null
  readonly code: string
  readonly parcel_m2: number | null
  readonly area_out_m2: number | null
  readonly project_name: string | null
  readonly project_no: string | null
  readonly approval_doc: string | null
  readonly area_m2: number | null
  readonly new_farmland_m2: number | null
  readonly paddy_m2: number | null
  readonly dry_m2: number | null
  readonly quality_before: string | null
  readonly quality_after: string | null
  readonly contractor: string | null
  readonly started_on: string | null
  readonly finished_on: string | null
  readonly accepted_on: string | null
  readonly acceptance_doc: string | null
  readonly quota_m2: number | null
  readonly investment: number | null
  readonly compensation_per_mu: number | null
  readonly keeper: string | null
  readonly attachments: number
}

/** Measured areas may differ by this share before they contradict each other. */
const TOLERANCE = 1.01

/** 新增耕地 ≤ 复垦面积 ≤ 界外面积 (+1 %), 水田 + 旱地 ≤ 新增耕地. */
function contradiction(row: Row): string | null {
  const over = (a: number | null, b: number | null) => a !== null && b !== null && a > b * TOLERANCE
  const found = [
    ...(over(row.new_farmland_m2, row.area_m2) ? ['新增耕地大于复垦面积'] : []),
    ...(over(row.area_m2, row.area_out_m2) ? ['复垦面积大于界外面积'] : []),
    ...(over((row.paddy_m2 ?? 0) + (row.dry_m2 ?? 0), row.new_farmland_m2) ? ['水田与旱地之和大于新增耕地'] : []),
  ]
  return found.join('、') || null
}

/** A row without one of the areas cannot be said to agree. */
function checked({ new_farmland_m2, area_m2, area_out_m2 }: Row): string | null {
  return new_farmland_m2 === null || area_m2 === null || area_out_m2 === null ? null : '符合'
}

export function reclamationRegister(store: Store, filter: RegisterFilter): Report {
  const rows = all<Row>(
    store.read,
    `SELECT coalesce(u.name, p.unit) AS unit, p.code, p.area_m2 AS parcel_m2, p.area_out_m2, r.project_name, r.project_no,
       r.approval_doc, r.area_m2, r.new_farmland_m2, r.paddy_m2, r.dry_m2, r.quality_before, r.quality_after, r.contractor,
       r.started_on, r.finished_on, r.accepted_on, r.acceptance_doc, r.quota_m2, r.investment, r.compensation_per_mu, r.keeper,
       (SELECT count(*) FROM attachment a WHERE a.deleted = 0 AND a.owner_entity = 'reclamation' AND a.owner_id = r.id) AS attachments
     FROM reclamation r JOIN parcel p ON p.id = r.parcel_id LEFT JOIN report_unit u ON u.code = p.unit AND u.deleted = 0
     WHERE r.deleted = 0 AND (:unit IS NULL OR p.unit = :unit) ORDER BY p.unit, p.code, r.pk`,
    { unit: filter.unit ?? null },
  )
  const columns: RegisterColumn<Row>[] = [
    numberCells('序号', '', 0, (_, index) => index + 1),
    textCells('考核单位', 1.8, row => row.unit),
    textCells('复垦项目名称', 2.6, row => row.project_name),
    textCells('项目编号', 1.8, row => row.project_no),
    textCells('立项批文', 1.8, row => row.approval_doc),
    textCells('拆旧地块编号', 3.3, row => row.code),
    muCells('地块界外面积', row => row.area_out_m2),
    muCells('复垦面积', row => row.area_m2),
    muCells('新增耕地', row => row.new_farmland_m2),
    muCells('其中水田', row => row.paddy_m2),
    muCells('其中旱地', row => row.dry_m2),
    textCells('质量等别(前)', 1.2, row => row.quality_before),
    textCells('质量等别(后)', 1.2, row => row.quality_after),
    textCells('检测报告等附件', 1.4, row => (row.attachments === 0 ? null : `${row.attachments} 份`)),
    textCells('施工单位', 1.6, row => row.contractor),
    textCells('开工日期', 1.7, row => row.started_on),
    textCells('竣工日期', 1.7, row => row.finished_on),
    textCells('验收日期', 1.7, row => row.accepted_on),
    textCells('验收文号', 3.6, row => row.acceptance_doc),
    muCells('节余指标', row => row.quota_m2),
    summedCells('投资', '万元', 2, row => row.investment),
    numberCells('补偿', '万元/亩', 2, row => row.compensation_per_mu),
    textCells('管护主体', 1.8, row => row.keeper),
    textCells('核对', 1.6, row => contradiction(row) ?? checked(row)),
  ]
  const wrong = rows.filter(row => contradiction(row) !== null)
  const table = registerTable(
    '退出复垦台账',
    columns,
    rows,
    '“核对”按新增耕地 ≤ 复垦面积 ≤ 地块界外面积(容差 1%)，三项中有未知的记“—”。有验收文号的复垦才计入盘活。',
  )
  const cautions = [
    ...commonCautions(store, filter, rows.length, true),
    ...(wrong.length > 0 ? [caution('contradicting', { count: wrong.length })] : []),
  ]
  return registerReport(store, filter, { title: '退出复垦台账', table }, cautions)
}
