/** 月报表 (domain §11.7, 5): the columns of the form, a row per scored unit. */
import { type CellValue, printNumber, type ReportTable, ROUNDING_NOTE } from '../../shared/report/model.ts'
import { type Progress, progressOf, schedule } from '../../shared/rules/progress.ts'
import { campaignFacts } from '../dashboard/dashboard-repo.ts'
import { quotaRows } from '../zones/zones-repo.ts'
import {
  CITY,
  ENERGY,
  ENTERPRISES,
  LAND,
  ofUnit,
  otherLand,
  type PeriodicData,
  type PeriodicPart,
  share,
  targetOf,
  ZONES,
} from './periodic-parts.ts'
import { mu, numberColumn, textColumn } from './zone-report-parts.ts'

const LIGHTS = { green: '绿', yellow: '黄', red: '红' } as const

const COLUMNS: ReportTable['columns'] = [
  textColumn('考核单位', 3),
  numberColumn('年度目标', '家', 0),
  numberColumn('年度目标', '亩'),
  numberColumn('年度目标', 'tce'),
  textColumn('连片区(已谋划/目标)', 1.8),
  numberColumn('本月新增列入', '家', 0),
  numberColumn('本月完成', '家', 0),
  numberColumn('累计完成', '家', 0),
  numberColumn('完成率', '%', 1),
  textColumn('序时进度差(百分点)', 2),
  mu('本月盘活'),
  mu('累计盘活'),
  mu('其中界外复垦'),
  mu('其中界内提升'),
  numberColumn('累计腾能', 'tce'),
  numberColumn('在整治', '家', 0),
  numberColumn('待验收', '家', 0),
  numberColumn('逾期', '家', 0),
  numberColumn('反弹', '家', 0),
  textColumn('存在问题', 3.4),
  textColumn('下月计划', 3.4),
]

export async function monthlyPart(data: PeriodicData): Promise<PeriodicPart> {
  const { db, input, names, entries, period, notes } = data
  const planned = new Map(quotaRows(db, input.year, period.asOf).map(row => [row.unit, row.zones]))
  const line = (name: string, scope: string, sum: Progress, zones: number): CellValue[] => {
    const target = targetOf(data, scope, ENTERPRISES)
    const pace = schedule(sum.done, target, period.passed, campaignFacts(db).limits)
    return [
      name,
      target,
      targetOf(data, scope, LAND),
      targetOf(data, scope, ENERGY),
      `${zones}/${targetOf(data, scope, ZONES) ?? '—'}`,
      sum.listed_now,
      sum.done_now,
      sum.done,
      share(sum.done, target),
      pace ? `${(pace.gap * 100).toFixed(1)}(${LIGHTS[pace.light]})` : null,
      sum.mu_now,
      sum.mu,
      sum.mu_reclaimed,
      sum.mu_upgraded,
      sum.tce,
      sum.under_remediation,
      sum.awaiting,
      sum.overdue,
      sum.rebounds,
      notes.get(scope)?.problems ?? null,
      notes.get(scope)?.next_steps ?? null,
    ]
  }
  const zonesOfAll = [...planned.values()].reduce((sum, count) => sum + count, 0)
  const all = progressOf(entries, period)
  const rest = otherLand(all)
  return {
    table: {
      title: '月报表',
      columns: COLUMNS,
      rows: [...names].map(([code, name]) =>
        line(name, code, progressOf(ofUnit(entries, code), period), planned.get(code) ?? 0),
      ),
      totals: line('全市', CITY, all, zonesOfAll),
      footnote: `${ROUNDING_NOTE}目标未下达的记“—”；全市目标未单独下达的为各单位之和。完成按销号日期计，反弹在发现当月核减。序时进度差 = 完成率 − 已过月数/12。`,
    },
    notes:
      rest === null
        ? []
        : [
            `累计盘活 ${printNumber(all.mu, 2)} 亩：界外复垦 ${printNumber(all.mu_reclaimed, 2)} 亩，界内提升 ${printNumber(all.mu_upgraded, 2)} 亩，分类处置等未归入这两类的 ${printNumber(rest, 2)} 亩。`,
          ],
    sections: [],
  }
}
