/**
 * What every column of 月报表 and 季度通报 and every row of 年度考核 should say, from the raw tables (domain §11.5, §11.7, 5–7). A
 * table per report: title of the column → figure. The test fails where a report has a figure that is not here.
 */
import type { Store } from '../../../service/db/store.ts'
import { dayBefore, energyOf, reboundsOf, standingOn, stockOn } from './count-sql.ts'

const MU = 2000 / 3

export interface Span {
  readonly from: string
  readonly to: string
  readonly months: number
}

export function monthSpan(year: number, first: number, last = first): Span {
  const two = (value: number) => String(value).padStart(2, '0')
  const to = new Date(Date.UTC(year, last, 0)).toISOString().slice(0, 10)
  return { from: `${year}-${two(first)}-01`, to, months: last }
}

export class Raw {
  readonly store: Store
  readonly today: string

  constructor(store: Store, today: string) {
    this.store = store
    this.today = today
  }

  one<T = number | null>(sql: string, values: Record<string, unknown> = {}): T {
    return this.store.read.prepare(sql).pluck().get(values) as T
  }

  units(): { code: string; name: string }[] {
    return this.store.read.prepare('SELECT code, name FROM report_unit WHERE deleted = 0 ORDER BY code').all() as {
      code: string
      name: string
    }[]
  }

  /** Of several for one thing the newest; the county's own or, where every unit has one, their sum. */
  target(unit: string | null, year: number, indicator: string): number | null {
    const newest = `SELECT t.value FROM target t WHERE t.deleted = 0 AND t.year = :year AND t.indicator = :indicator`
    if (unit !== null)
      return this.one(`${newest} AND t.scope = :unit ORDER BY t.pk DESC LIMIT 1`, { unit, year, indicator }) ?? null
    const own = this.one(
      `${newest} AND t.scope NOT IN (SELECT code FROM report_unit WHERE deleted = 0) ORDER BY t.pk DESC LIMIT 1`,
      { year, indicator },
    )
    if (own !== undefined) return own
    const parts = this.units().map(({ code }) => this.target(code, year, indicator))
    return parts.includes(null) ? null : parts.reduce<number>((sum, part) => sum + part!, 0)
  }

  /** Σ/Σ of enterprises above size with both figures. */
  ratio(over: string, under: string, year: number, unit: string | null): number | null {
    return this.one(
      `SELECT sum(${over}) / nullif(sum(${under}), 0) FROM enterprise_year y WHERE y.deleted = 0 AND y.year = :year AND y.scale = 'above'
         AND y.${over} + y.${under} IS NOT NULL AND y.enterprise_id IN (SELECT id FROM enterprise WHERE deleted = 0 AND (:unit IS NULL OR unit = :unit))`,
      { year, unit },
    )
  }

  /** Zones of a year that stood with land at the end of a day; what has no day counts as it is now. */
  zones(unit: string | null, year: number, day: string): number {
    return this.one<number>(
      `SELECT count(*) FROM zone z WHERE z.year = :year AND z.unit IN (SELECT code FROM report_unit WHERE deleted = 0)
         AND (:unit IS NULL OR z.unit = :unit) AND coalesce(z.planned_on, '') <= :day
         AND CASE z.deleted WHEN 0 THEN 1 ELSE coalesce(z.ended_on, '') > :day END
         AND z.id IN (SELECT m.zone_id FROM zone_member m JOIN parcel p ON p.id = m.parcel_id
           WHERE coalesce(m.joined_on, '') <= :day
             AND CASE m.deleted WHEN 0 THEN p.deleted = 0 ELSE coalesce(m.left_on, '') > :day END)`,
      { unit, year, day },
    )
  }

  /** 闭环率 in percent at the end of a day. */
  closedLoop(unit: string | null, day: string): number | null {
    return this.one(
      `SELECT 100.0 * total(rectified_at <= :day) / nullif(count(*), 0) FROM (
         SELECT c.rectified_at, coalesce(c.enterprise_id, (SELECT enterprise_id FROM plan WHERE id = c.plan_id),
           (SELECT enterprise_id FROM survey_visit WHERE id = c.visit_id)) AS firm,
           (SELECT date(v.visited_at, '+8 hours') FROM survey_visit v WHERE v.id = c.visit_id) AS seen
         FROM compliance_check c WHERE c.deleted = 0 AND c.result = 'fail')
       WHERE coalesce(seen, '') <= :day AND firm IN (SELECT id FROM enterprise WHERE deleted = 0 AND (:unit IS NULL OR unit = :unit))`,
      { unit, day },
    )
  }

  /** Sums of a period and of everything from `since` to its end. */
  sums(unit: string | null, { from, to }: Span, since: string) {
    const [end, before, begin] = [to, dayBefore(from), dayBefore(since)].map(day => stockOn(this.store, unit, day))
    const day = this.today < to ? this.today : to
    return {
      day,
      now: { done: end!.enterprises - before!.enterprises, mu: (end!.land - before!.land) / MU },
      all: {
        done: end!.enterprises - begin!.enterprises,
        mu: (end!.land - begin!.land) / MU,
        reclaimed: (end!.reclaimed - begin!.reclaimed) / MU,
        upgraded: (end!.upgraded - begin!.upgraded) / MU,
        tce: energyOf(this.store, unit, since, to),
        rebounds: reboundsOf(this.store, unit, since, to),
      },
      list: standingOn(this.store, unit, from, to, day),
    }
  }
}

type Figure = string | number | null
const percent = (done: number, target: number | null) => (target === null || target <= 0 ? null : (done / target) * 100)

/** 月报表: one row; `unit` null is 全市. */
export function monthlyFigures(raw: Raw, unit: string | null, year: number, month: number): Record<string, Figure> {
  const span = monthSpan(year, month)
  const { now, all, list, day } = raw.sums(unit, span, `${year}-01-01`)
  const target = raw.target(unit, year, '整治高耗低效企业')
  const rate = percent(all.done, target)
  const gap = rate === null ? null : rate - (100 * month) / 12
  const note = (field: string) =>
    raw.one<string | null>(`SELECT ${field} FROM report_note WHERE deleted = 0 AND period = :period AND unit = :unit`, {
      period: span.from.slice(0, 7),
      unit: unit ?? '330781',
    }) ?? null
  return {
    '年度目标(家)': target,
    '年度目标(亩)': raw.target(unit, year, '盘活低效用地'),
    '年度目标(tce)': raw.target(unit, year, '腾出用能'),
    '连片区(已谋划/目标)': `${raw.zones(unit, year, day)}/${raw.target(unit, year, '连片整治区域') ?? '—'}`,
    '本月新增列入(家)': list.listed,
    '本月完成(家)': now.done,
    '累计完成(家)': all.done,
    '完成率(%)': rate,
    '序时进度差(百分点)':
      gap === null ? null : `${gap.toFixed(1)}(${gap >= -1e-9 ? '绿' : gap >= -10 - 1e-9 ? '黄' : '红'})`,
    '本月盘活(亩)': now.mu,
    '累计盘活(亩)': all.mu,
    '其中界外复垦(亩)': all.reclaimed,
    '其中界内提升(亩)': all.upgraded,
    '累计腾能(tce)': all.tce,
    '在整治(家)': list.remediating,
    '待验收(家)': list.awaiting,
    '逾期(家)': list.overdue,
    '反弹(家)': all.rebounds,
    存在问题: note('problems'),
    下月计划: note('next_steps'),
  }
}

/** 季度通报: the row of a unit; rank and points are judged over all rows by the test. */
export function quarterlyFigures(
  raw: Raw,
  unit: string,
  year: number,
  quarter: number,
  rate: number,
): Record<string, Figure> {
  const span = monthSpan(year, quarter * 3 - 2, quarter * 3)
  const { all, list, day } = raw.sums(unit, span, `${year}-01-01`)
  return {
    '家数完成率(%)': percent(all.done, raw.target(unit, year, '整治高耗低效企业')),
    '亩数完成率(%)': percent(all.mu, raw.target(unit, year, '盘活低效用地')),
    '50亩连片率(%)': rate,
    '连片区域谋划数(个)': raw.zones(unit, year, day),
    '逾期方案数(个)': list.overdue,
    '合规问题闭环率(%)': raw.closedLoop(unit, day),
  }
}

/** Every indicator that the annual report measures, over the year or the campaign from `since` on. */
export function annualFigures(
  raw: Raw,
  unit: string | null,
  year: number,
  since: string,
  rate: number,
): Record<string, Figure> {
  const { all, list, day } = raw.sums(unit, monthSpan(year, 1, 12), since)
  const factor = raw.one('SELECT carbon_factor FROM campaign WHERE deleted = 0')
  const rd = raw.ratio('rd', 'revenue', year, unit)
  return {
    整治高耗低效企业: all.done,
    盘活低效用地: all.mu,
    腾出用能: all.tce,
    减碳: all.tce === null || factor === null ? null : all.tce * factor,
    连片整治区域: raw.zones(unit, year, day),
    '50亩连片率': rate,
    合规问题闭环率: raw.closedLoop(unit, day),
    逾期方案数: list.overdue,
    反弹数: all.rebounds,
    规上工业亩均税收: raw.ratio('tax', 'land_mu_actual', year, unit),
    规上工业亩均增加值: raw.ratio('value_added', 'land_mu_actual', year, unit),
    规上制造业全员劳动生产率: raw.ratio('value_added', 'employees', year, unit),
    规上制造业研发经费占营业收入比重: rd === null ? null : rd * 100,
  }
}
