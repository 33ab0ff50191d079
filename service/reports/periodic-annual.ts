/** 年度考核评分表 (domain §11.7, 7). */
import type { CellValue } from '../../shared/report/model.ts'
import { progressOf } from '../../shared/rules/progress.ts'
import type { Db } from '../db/open.ts'
import { quotaRows } from '../zones/zones-repo.ts'
import {
  CARBON,
  CITY,
  ENERGY,
  ENTERPRISES,
  LAND,
  type PeriodicData,
  type PeriodicPart,
  share,
  ZONES,
} from './periodic-parts.ts'
import { campaignOf } from './progress-repo.ts'
import { numberColumn, textColumn } from './zone-report-parts.ts'

export async function annualPart({
  db,
  input: { year },
  entries,
  targets,
  period,
}: PeriodicData): Promise<PeriodicPart> {
  const campaign = campaignOf(db)
  // What is owed over the campaign is measured from its first year on.
  const whole = { ...period, yearFrom: `${campaign.start_year ?? year}-01-01` }
  const zones = quotaRows(db, year)
  const figures = figuresOf(db, year)
  const achieved = (indicator: string, isYearly: boolean): number | null => {
    const sum = progressOf(entries, isYearly ? period : whole)
    if (indicator === ENTERPRISES) return sum.done
    if (indicator === LAND) return sum.mu
    if (indicator === ENERGY) return sum.tce
    if (indicator === CARBON)
      return sum.tce === null || campaign.carbon_factor === null ? null : sum.tce * campaign.carbon_factor
    return figures[indicator] ?? null
  }
  const city = targets.filter(row => row.scope === CITY)
  const rows: CellValue[][] = city.map(row => {
    const value = achieved(row.indicator, row.year !== null)
    return [
      row.indicator,
      row.unit_symbol,
      row.year !== null ? `${row.year} 年` : row.indicator in figures ? `行动期目标,${year} 年值` : '行动期累计',
      row.value,
      value,
      value === null ? null : share(value, row.value),
    ]
  })
  const owed = zones.length
  const met = zones.filter(row => row.zones > 0).length
  rows.push([`${ZONES}(每单位每年至少 1 个)`, '个单位', `${year} 年`, owed, met, share(met, owed)])
  return {
    table: {
      title: '年度考核表',
      columns: [
        textColumn('指标', 4),
        textColumn('单位', 1.4),
        textColumn('口径', 2.6),
        numberColumn('目标值'),
        numberColumn('完成值'),
        numberColumn('完成率', '%', 1),
      ],
      rows,
      footnote: '注:本系统没有数据来源的指标记“—”;规上亩均税收、亩均增加值和劳动生产率为 Σ/Σ,只计两项均已知的企业。',
    },
    notes: ['尚未导入考核评分表:不计权重和得分。'],
    sections: [],
  }
}

/** Group values of enterprises above size: Σ/Σ over those with both figures (domain §11.5). */
function figuresOf(db: Db, year: number): Record<string, number | null> {
  const ratio = (over: string, under: string): number | null =>
    (db
      .prepare(
        `SELECT sum(${over}) / nullif(sum(${under}), 0) FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
         WHERE y.deleted = 0 AND y.year = ? AND y.scale = 'above' AND ${over} IS NOT NULL AND ${under} IS NOT NULL`,
      )
      .pluck()
      .get(year) ?? null) as number | null
  const rd = ratio('y.rd', 'y.revenue')
  return {
    规上工业亩均税收: ratio('y.tax', 'y.land_mu_actual'),
    规上工业亩均增加值: ratio('y.value_added', 'y.land_mu_actual'),
    规上制造业全员劳动生产率: ratio('y.value_added', 'y.employees'),
    规上制造业研发经费占营业收入比重: rd === null ? null : rd * 100,
  }
}
