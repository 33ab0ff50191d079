/**
 * 月报表, 季度通报 and 年度考核表 (domain §11.7, 5–7) as one report model. Figures by the counting rules of §11.4. Every
 * report is a draft: freezing a month is a step of its own that does not exist yet, and the page says so.
 */
import { type CellValue, type Report, type ReportTable, ROUNDING_NOTE } from '../../shared/report/model.ts'
import {
  type Period,
  type Progress,
  type ProgressEntry,
  periodOf,
  progressOf,
  schedule,
} from '../../shared/rules/progress.ts'
import { createJobControl } from '../boundary/job-stream.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { detectZones } from '../zones/zone-detect.ts'
import { quotaRows, unitNames } from '../zones/zones-repo.ts'
import { chinaDate } from './output.ts'
import { campaignOf, checksByUnit, progressEntries, type TargetRow, targetsOf } from './progress-repo.ts'
import { mu, numberColumn, textColumn } from './zone-report-parts.ts'

export type PeriodicKind = 'monthly' | 'quarterly' | 'annual'

export interface PeriodicInput {
  readonly kind: PeriodicKind
  readonly year: number
  /** 1–12; of a quarter any of its months. Not used by the annual report. */
  readonly month: number
}

/** Indicators as the targets of a campaign are named. */
const ENTERPRISES = '整治高耗低效企业'
const LAND = '盘活低效用地'
const ENERGY = '腾出用能'
const CARBON = '减碳'
const ZONES = '连片整治区域'
const LIGHTS = { green: '绿', yellow: '黄', red: '红' } as const

export async function buildPeriodicReport(store: Store, input: PeriodicInput): Promise<Report> {
  const db = store.read
  const names = unitNames(db)
  const entries = progressEntries(db)
  const targets = targetsOf(db, input.year)
  const period = periodIn(input)
  const table =
    input.kind === 'monthly'
      ? monthly(db, input, names, entries, targets, period)
      : input.kind === 'quarterly'
        ? await quarterly(store, input, names, entries, targets, period)
        : annual(db, input, entries, targets, period)
  const title = {
    monthly: `低效用地整治月报表(${input.year} 年 ${input.month} 月)`,
    quarterly: `低效用地整治季度通报(${input.year} 年第 ${Math.ceil(input.month / 3)} 季度)`,
    annual: `低效用地整治年度考核表(${input.year} 年)`,
  }[input.kind]
  return {
    title,
    header: [
      ['单位', '全市'],
      ['年度', String(input.year)],
      ['截至日期', period.to],
      ['状态', '草稿'],
      ['填表人', store.profile().user || '—'],
      ['审核人', '—'],
    ],
    summary: table,
    notes: [
      `制表日期 ${chinaDate(store.now())};数据修订号 ${store.revision()}。在整治、待验收、逾期数为制表时的状态。`,
      ...(input.kind === 'annual' ? ['尚未导入考核评分表:不计权重和得分。'] : []),
      ...(input.kind === 'quarterly' ? ['综合得分须导入考核评分表后计算;排名按家数完成率,其次亩数完成率。'] : []),
    ],
    chapters: [],
    zones: [],
    signature: ['填表单位(盖章):', '填表人:', '审核人:', '日期:    年  月  日'],
    provenance: { boundaryId: null, revision: store.revision(), zoneIds: [] },
  }
}

function periodIn({ kind, year, month }: PeriodicInput): Period {
  if (kind === 'monthly') return periodOf(year, month, month)
  if (kind === 'annual') return periodOf(year, 1, 12)
  const last = Math.ceil(month / 3) * 3
  return periodOf(year, last - 2, last)
}

/** Target of the year itself; what is owed over the whole campaign is not shared out among years or units by the program. */
function targetOf(targets: readonly TargetRow[], scope: string, indicator: string): number | null {
  return targets.find(row => row.scope === scope && row.indicator === indicator && row.year !== null)?.value ?? null
}

const ofUnit = (entries: readonly ProgressEntry[], unit: string) => entries.filter(entry => entry.unit === unit)
const share = (done: number, target: number | null) => (target === null || target <= 0 ? null : (100 * done) / target)

function monthly(
  db: Db,
  { year }: PeriodicInput,
  names: ReadonlyMap<string, string>,
  entries: readonly ProgressEntry[],
  targets: readonly TargetRow[],
  period: Period,
): ReportTable {
  const planned = new Map(quotaRows(db, year).map(row => [row.unit, row.zones]))
  const line = (name: string, scope: string, sum: Progress, zones: number): CellValue[] => {
    const target = targetOf(targets, scope, ENTERPRISES)
    const pace = schedule(sum.done, target, period.passed)
    return [
      name,
      target,
      targetOf(targets, scope, LAND),
      targetOf(targets, scope, ENERGY),
      `${zones}/${targetOf(targets, scope, ZONES) ?? '—'}`,
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
    ]
  }
  const units = [...names]
  const zonesOfAll = [...planned.values()].reduce((sum, count) => sum + count, 0)
  return {
    title: '月报表',
    columns: [
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
      mu('其中退出复垦'),
      mu('其中整治提升'),
      numberColumn('累计腾能', 'tce'),
      numberColumn('在整治', '家', 0),
      numberColumn('待验收', '家', 0),
      numberColumn('逾期', '家', 0),
      numberColumn('反弹', '家', 0),
    ],
    rows: units.map(([code, name]) =>
      line(name, code, progressOf(ofUnit(entries, code), period), planned.get(code) ?? 0),
    ),
    totals: line('全市', CITY, progressOf(entries, period), zonesOfAll),
    footnote: `${ROUNDING_NOTE}目标未下达的记“—”。完成按销号日期计,反弹在发现当月核减。`,
  }
}

/** Scope of city-wide targets: the county code. */
const CITY = '330781'

interface Standing {
  readonly unit: string
  readonly done: number | null
  readonly land: number | null
}

function standings(
  names: ReadonlyMap<string, string>,
  entries: readonly ProgressEntry[],
  targets: readonly TargetRow[],
  period: Period,
): Standing[] {
  const list = [...names.keys()].map(unit => {
    const sum = progressOf(ofUnit(entries, unit), period)
    return {
      unit,
      done: share(sum.done, targetOf(targets, unit, ENTERPRISES)),
      land: share(sum.mu, targetOf(targets, unit, LAND)),
    }
  })
  return list.sort(
    (a, b) => (b.done ?? -1) - (a.done ?? -1) || (b.land ?? -1) - (a.land ?? -1) || (a.unit < b.unit ? -1 : 1),
  )
}

async function quarterly(
  store: Store,
  input: PeriodicInput,
  names: ReadonlyMap<string, string>,
  entries: readonly ProgressEntry[],
  targets: readonly TargetRow[],
  period: Period,
): Promise<ReportTable> {
  const db = store.read
  const planned = new Map(quotaRows(db, input.year).map(row => [row.unit, row.zones]))
  const checks = new Map(checksByUnit(db).map(row => [row.unit, row]))
  const quarter = Math.ceil(input.month / 3)
  const before =
    quarter === 1 ? null : standings(names, entries, targets, periodOf(input.year, 3 * quarter - 5, 3 * quarter - 3))
  const rows: CellValue[][] = []
  for (const [index, { unit, done, land }] of standings(names, entries, targets, period).entries()) {
    const { contiguity_rate: rate } = await detectZones(
      store,
      { unit, year: input.year, cross_unit: false, save: false, outlines: false },
      createJobControl(),
    )
    // Without a rate there is no rank: an order of codes is not a judgement.
    const rank = done === null && land === null ? null : index + 1
    const last = rank === null ? null : (before?.findIndex(entry => entry.unit === unit) ?? null)
    const check = checks.get(unit)
    rows.push([
      rank,
      names.get(unit) ?? unit,
      done,
      land,
      100 * rate,
      planned.get(unit) ?? 0,
      progressOf(ofUnit(entries, unit), period).overdue,
      check ? (100 * check.rectified) / check.failed : null,
      null,
      last === null ? null : last + 1,
      last === null || rank === null ? null : last + 1 - rank,
    ])
  }
  return {
    title: '季度通报',
    columns: [
      numberColumn('排名', '', 0),
      textColumn('单位', 3),
      numberColumn('家数完成率', '%', 1),
      numberColumn('亩数完成率', '%', 1),
      numberColumn('50亩连片率', '%', 1),
      numberColumn('连片区域谋划数', '个', 0),
      numberColumn('逾期方案', '个', 0),
      numberColumn('合规问题闭环率', '%', 1),
      numberColumn('综合得分', '', 1),
      numberColumn('上季排名', '', 0),
      numberColumn('升降', '', 0),
    ],
    rows,
    footnote: '注:目标未下达的单位不排名;连片率 = 成片不少于 50 亩的地块面积 ÷ 全部地块面积。',
  }
}

function annual(
  db: Db,
  { year }: PeriodicInput,
  entries: readonly ProgressEntry[],
  targets: readonly TargetRow[],
  period: Period,
): ReportTable {
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
