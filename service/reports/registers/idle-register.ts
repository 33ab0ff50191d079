/** 闲置土地台账 (domain §11.7, 8; fields and tests of §5). It says 疑似 only: the land bureau finds. */

import { chinaDate } from '../../../shared/lib/china-time.ts'
import { labelOf } from '../../../shared/model/enumerations.ts'
import type { Report } from '../../../shared/report/model.ts'
import { type IdleFigures, type IdleReason, idleFee, idleReasons } from '../../../shared/rules/idle.ts'
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

interface Row extends Required<IdleFigures> {
  readonly unit: string | null
  readonly code: string
  readonly location: string | null
  readonly contract_no: string | null
  readonly supervision_no: string | null
  readonly agreed_completion: string | null
  readonly land_price: number | null
  readonly cause: string | null
  readonly stage: string | null
  readonly finding_no: string | null
  readonly recovery_no: string | null
}

const REASONS: Readonly<Record<IdleReason, string>> = {
  not_started: '满一年未动工',
  little_developed: '动工面积不足三分之一且停工满一年',
  little_invested: '投资额不足 25% 且停工满一年',
}
const DAY_MS = 86_400_000

const ratio = (part: number | null, whole: number | null): number | null =>
  part === null || !whole ? null : (100 * part) / whole

/** Days since the agreed start while nothing was started, since the stop once it was; null when neither is known. */
function idleDays({ agreed_start, actual_start, stopped_on }: Row, today: string): number | null {
  const since = actual_start ? stopped_on : agreed_start
  return since ? Math.max(0, Math.round((Date.parse(today) - Date.parse(since.slice(0, 10))) / DAY_MS)) : null
}

export function idleRegister(store: Store, filter: RegisterFilter): Report {
  const today = chinaDate(store.now())
  const rows = all<Row>(
    store.read,
    `SELECT coalesce(u.name, p.unit) AS unit, p.code, p.location, i.contract_no, i.supervision_no, i.delivered_on,
       i.agreed_start, i.agreed_completion, i.actual_start, i.stopped_on, i.due_area_m2, i.developed_area_m2,
       i.total_investment, i.actual_investment, i.land_price, i.cause, i.stage, i.finding_no, i.recovery_no
     FROM idle_case i JOIN parcel p ON p.id = i.parcel_id AND p.deleted = 0
       LEFT JOIN report_unit u ON u.code = p.unit AND u.deleted = 0
     WHERE i.deleted = 0 AND (:unit IS NULL OR p.unit = :unit) ORDER BY p.unit, p.code, i.pk`,
    { unit: filter.unit ?? null },
  )
  const columns: RegisterColumn<Row>[] = [
    numberCells('序号', '', 0, (_, index) => index + 1),
    textCells('考核单位', 1.8, row => row.unit),
    textCells('地块编号', 3.3, row => row.code),
    textCells('坐落', 2.2, row => row.location),
    textCells('合同编号', 3.2, row => row.contract_no),
    textCells('电子监管号', 1.6, row => row.supervision_no),
    textCells('交付日期', 1.7, row => row.delivered_on),
    textCells('约定动工', 1.7, row => row.agreed_start),
    textCells('约定竣工', 1.7, row => row.agreed_completion),
    textCells('实际动工', 1.7, row => row.actual_start),
    textCells('停工日期', 1.7, row => row.stopped_on),
    muCells('应动工面积', row => row.due_area_m2),
    muCells('已动工面积', row => row.developed_area_m2),
    numberCells('动工比例', '%', 1, row => ratio(row.developed_area_m2, row.due_area_m2)),
    summedCells('总投资额', '万元', 2, row => row.total_investment),
    summedCells('已投资额', '万元', 2, row => row.actual_investment),
    numberCells('投资比例', '%', 1, row => ratio(row.actual_investment, row.total_investment)),
    numberCells('闲置天数', '天', 0, row => idleDays(row, today)),
    textCells('疑似闲置', 2.4, row => {
      const reasons = idleReasons(row, today)
      return reasons.length === 0 ? '否' : reasons.map(reason => REASONS[reason]).join('、')
    }),
    textCells('闲置原因', 1.5, row => (row.cause === null ? null : labelOf('idle_cause', row.cause))),
    textCells('处置阶段', 1.5, row => row.stage),
    textCells('认定书号', 1.8, row => row.finding_no),
    summedCells('土地价款', '万元', 2, row => row.land_price),
    summedCells('测算闲置费', '万元', 2, row => idleFee(row, today)),
    textCells('收回决定书号', 1.8, row => row.recovery_no),
  ]
  const footnote =
    '闲置天数自约定动工日起(已动工的自停工日起)计至截至日期；闲置费按土地价款的 20% 测算，政府原因和不可抗力不测算。疑似闲置由系统测算，认定以资规部门为准。'
  const table = registerTable('闲置土地台账', columns, rows, footnote)
  return registerReport(
    store,
    filter,
    { title: '闲置土地台账', table },
    commonCautions(store, filter, rows.length, false),
  )
}
