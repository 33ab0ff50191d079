/**
 * Targets against achieved by unit (domain §11.5): sums of the book of counts by `progressOf`, as the reports have them, and
 * what they are measured by. Targets are never shared out; they are only added up where all parts are known. Pure.
 */
import type { DashboardRow, ProgressFigure, TargetIndicator } from '../contract/dashboard.ts'
import { type CountEvent, countTotals, M2_PER_MU } from './closed-loop/counting.ts'
import { type LightLimits, type ProgressEntry, progressOf, schedule } from './progress.ts'

/** Names of the indicators in the targets of a campaign, with their units. */
export const INDICATOR_NAMES: Readonly<Record<TargetIndicator, readonly [name: string, unit: string]>> = {
  enterprises: ['整治高耗低效企业', '家'],
  land: ['盘活低效用地', '亩'],
  energy: ['腾出用能', 'tce'],
  carbon: ['减碳', 't'],
  zones: ['连片整治区域', '个'],
}

export interface DashboardTarget {
  /** A unit's code, or the county's. */
  readonly scope: string
  readonly year: number | null
  readonly indicator: string
  readonly value: number
}

export interface DashboardPeriod {
  /** Null: the whole campaign. */
  readonly year: number | null
  readonly from: string
  readonly to: string
  /** Part of the period that has passed at `to`. */
  readonly passed: number
  /** Years that the period covers. */
  readonly years: readonly number[]
}

export interface DashboardInput {
  readonly units: readonly string[]
  readonly entries: readonly ProgressEntry[]
  readonly targets: readonly DashboardTarget[]
  /** Zones with land by unit, over the years of the period. */
  readonly zones: ReadonlyMap<string, number>
  readonly period: DashboardPeriod
  readonly carbonFactor: number | null
  readonly limits: LightLimits
}

const two = (value: number): string => String(value).padStart(2, '0')

/**
 * A year, or the campaign from its first to its last year, up to `to` or, when that is left out, today. The part that has
 * passed is month ÷ 12 at the end of a month (domain §11.5) and grows by days within it.
 */
export function periodUntil(
  year: number | null,
  campaign: { readonly start: number; readonly end: number },
  today: string,
  to?: string,
): DashboardPeriod {
  const [first, last] = year === null ? [campaign.start, campaign.end] : [year, year]
  const [begin, end] = [`${first}-01-01`, `${last}-12-31`]
  const asked = to ?? today
  const until = asked < begin ? begin : asked > end ? end : asked
  const [y, m, d] = until.split('-').map(Number) as [number, number, number]
  const months = (y - first) * 12 + m - 1 + d / new Date(Date.UTC(y, m, 0)).getUTCDate()
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return { year, from: begin, to: until, passed: asked < begin ? 0 : months / (12 * years.length), years }
}

/** Months of the period up to its last day. */
export function monthsOf({ from, to }: Pick<DashboardPeriod, 'from' | 'to'>): string[] {
  const months: string[] = []
  for (let [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7))]; ; month++) {
    if (month > 12) [year, month] = [year + 1, 1]
    const name = `${year}-${two(month)}`
    if (name > to.slice(0, 7)) return months
    months.push(name)
  }
}

/** One row per unit in the order given, one for enterprises without a unit where there are any, and the sum of all. */
export function dashboardRows(input: DashboardInput): { total: DashboardRow; rows: DashboardRow[] } {
  const byUnit = new Map<string, ProgressEntry[]>(input.units.map(unit => [unit, []]))
  for (const entry of input.entries) {
    const unit = entry.unit !== null && byUnit.has(entry.unit) ? entry.unit : ''
    const own = byUnit.get(unit)
    if (own) own.push(entry)
    else byUnit.set(unit, [entry])
  }
  const rows = [...byUnit].map(([unit, entries]) => rowOf(input, unit, entries, input.zones.get(unit) ?? 0))
  const zones = rows.reduce((sum, row) => sum + (row.figures.zones.done ?? 0), 0)
  return {
    total: rowOf(input, null, input.entries, zones),
    rows: rows.filter(row => row.unit !== '' || isAnything(row)),
  }
}

function isAnything(row: DashboardRow): boolean {
  const counted = row.months.some(month => month.enterprises !== 0 || month.land !== 0)
  return counted || row.remediating + row.awaiting + row.overdue > 0
}

function rowOf(
  input: DashboardInput,
  unit: string | null,
  entries: readonly ProgressEntry[],
  zones: number,
): DashboardRow {
  const { period, carbonFactor } = input
  const sum = progressOf(entries, { from: period.from, to: period.to, yearFrom: period.from, passed: period.passed })
  const events = entriesOnce(entries).flatMap(entry => entry.events)
  const figure = (indicator: TargetIndicator, done: number | null): ProgressFigure => {
    const target = targetFor(input, unit, INDICATOR_NAMES[indicator][0])
    const pace = done === null ? null : schedule(done, target, period.passed, input.limits)
    const rate = done === null || target === null || target <= 0 ? null : done / target
    return { target, done, rate, gap: pace?.gap ?? null, light: pace?.light ?? null }
  }
  return {
    unit,
    figures: {
      enterprises: figure('enterprises', sum.done),
      land: figure('land', sum.mu),
      energy: figure('energy', sum.tce),
      carbon: figure('carbon', sum.tce === null || carbonFactor === null ? null : sum.tce * carbonFactor),
      zones: figure('zones', zones),
    },
    remediating: sum.under_remediation,
    awaiting: sum.awaiting,
    overdue: sum.overdue,
    rebounds: sum.rebounds,
    months: monthsOf(period).map(month => ({ month, ...ofMonth(events, month, period.to) })),
  }
}

/** An enterprise counts once, whatever number of entries it has; the same choice as `progressOf`. */
export function entriesOnce<Entry extends ProgressEntry>(entries: readonly Entry[]): Entry[] {
  const seen = new Set<string>()
  return entries.filter(({ enterprise_id }) => !seen.has(enterprise_id) && seen.add(enterprise_id))
}

function ofMonth(events: readonly CountEvent[], month: string, to: string) {
  const last = `${month}-31`
  const sum = countTotals(events, `${month}-01`, last > to ? to : last)
  return { enterprises: sum.enterprises, land: sum.land_m2 / M2_PER_MU, energy: sum.energy_tce }
}

/**
 * The target of a unit, or with null of the county, for a period. The campaign's is the sum of its years, the county's the sum
 * of its units, where it has none of its own and every part has one. Of several for the same thing the first in `targets` stands.
 */
export function targetFor(
  {
    targets,
    units,
    period,
  }: {
    readonly targets: readonly DashboardTarget[]
    readonly units: readonly string[]
    readonly period: Pick<DashboardPeriod, 'year' | 'years'>
  },
  unit: string | null,
  indicator: string,
): number | null {
  const known = new Set(units)
  const own = (scope: string | null, year: number | null): number | null =>
    targets.find(
      row =>
        row.indicator === indicator &&
        row.year === year &&
        (scope === null ? !known.has(row.scope) : row.scope === scope),
    )?.value ?? null
  const overYears = (scope: string | null): number | null =>
    own(scope, period.year) ?? (period.year === null ? sumOfAll(period.years.map(year => own(scope, year))) : null)
  return overYears(unit) ?? (unit === null ? sumOfAll(units.map(overYears)) : null)
}

function sumOfAll(parts: readonly (number | null)[]): number | null {
  if (parts.length === 0 || parts.includes(null)) return null
  return parts.reduce<number>((sum, part) => sum + part!, 0)
}
