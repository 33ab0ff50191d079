/** What the program measures of the items of a scoring table, for a unit or the whole county. */
import type { AssessmentItem, MEASURED } from '../../shared/rules/assessment.ts'
import { type Period, progressOf } from '../../shared/rules/progress.ts'
import type { Db } from '../db/open.ts'
import { get } from '../db/sql.ts'
import { quotaRows } from '../zones/zones-repo.ts'
import { CARBON, ENERGY, ENTERPRISES, LAND, ofUnit, type PeriodicData, targetOf, ZONES } from './periodic-parts.ts'
import { campaignOf, checksByUnit } from './progress-repo.ts'

/** Targets of these grow over the year; a unit owes its own, in the share of the year that has passed. */
const CUMULATIVE: ReadonlySet<string> = new Set([ENTERPRISES, LAND, ENERGY, CARBON])

/** Group values of enterprises above size: Σ/Σ over those with both figures (domain §11.5). */
export function groupFigures(db: Db, year: number, unit: string | null): Record<string, number | null> {
  const ratio = (over: string, under: string): number | null =>
    get<{ value: number | null }>(
      db,
      `SELECT sum(${over}) / nullif(sum(${under}), 0) AS value FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
       WHERE y.deleted = 0 AND y.year = :year AND y.scale = 'above' AND ${over} IS NOT NULL AND ${under} IS NOT NULL
         AND (:unit IS NULL OR e.unit = :unit)`,
      { year, unit },
    )!.value
  const rd = ratio('y.rd', 'y.revenue')
  return {
    规上工业亩均税收: ratio('y.tax', 'y.land_mu_actual'),
    规上工业亩均增加值: ratio('y.value_added', 'y.land_mu_actual'),
    规上制造业全员劳动生产率: ratio('y.value_added', 'y.employees'),
    规上制造业研发经费占营业收入比重: rd === null ? null : rd * 100,
  }
}

/** Value of every item, null where it is not known. `contiguity` is 50亩连片率 in percent, which is costly to compute. */
export function itemValues(
  { db, entries, input }: PeriodicData,
  items: readonly AssessmentItem[],
  unit: string | null,
  period: Period,
  contiguity: number | null,
): (number | null)[] {
  const sum = progressOf(unit === null ? entries : ofUnit(entries, unit), period)
  const factor = campaignOf(db).carbon_factor
  const zones = quotaRows(db, input.year, period.asOf ?? period.to).filter(row => unit === null || row.unit === unit)
  const checks = checksByUnit(db, period.asOf ?? period.to).filter(row => unit === null || row.unit === unit)
  const failed = checks.reduce((total, row) => total + row.failed, 0)
  const rectified = checks.reduce((total, row) => total + row.rectified, 0)
  const measured: Record<keyof typeof MEASURED, number | null> = {
    整治高耗低效企业: sum.done,
    盘活低效用地: sum.mu,
    腾出用能: sum.tce,
    减碳: sum.tce === null || factor === null ? null : sum.tce * factor,
    连片整治区域: zones.reduce((total, row) => total + row.zones, 0),
    '50亩连片率': contiguity,
    合规问题闭环率: failed === 0 ? null : (100 * rectified) / failed,
    逾期方案数: sum.overdue,
    反弹数: sum.rebounds,
    ...(groupFigures(db, input.year, unit) as Pick<
      Record<keyof typeof MEASURED, number | null>,
      '规上工业亩均税收' | '规上工业亩均增加值' | '规上制造业全员劳动生产率' | '规上制造业研发经费占营业收入比重'
    >),
  }
  return items.map(item =>
    item.indicator in measured
      ? measured[item.indicator as keyof typeof measured]
      : // A value that people entered for the county says nothing of a unit.
        unit === null
        ? item.value
        : null,
  )
}

/** The items as a unit is measured by them: its own targets, in step with the year; the table's where it is a rate. */
export function itemsOfUnit(
  data: PeriodicData,
  items: readonly AssessmentItem[],
  unit: string,
  period: Period,
): AssessmentItem[] {
  return items.map(item => {
    if (item.method === 'deduct') return item
    const own = targetOf(data, unit, item.indicator)
    if (item.indicator === ZONES) return { ...item, target: own ?? item.target }
    if (!CUMULATIVE.has(item.indicator)) return item
    return { ...item, target: own === null ? null : own * period.passed }
  })
}
