/** What the three periodic reports share: indicators, targets, counted entries of a unit, and what the figures rest on. */
import { type Caution, caution } from '../../shared/report/cautions.ts'
import type { Report, ReportTable } from '../../shared/report/model.ts'
import type { PeriodicInput } from '../../shared/report/periods.ts'
import { targetFor } from '../../shared/rules/dashboard.ts'
import type { Period, Progress, ProgressEntry } from '../../shared/rules/progress.ts'
import { activeBoundary, findBoundary } from '../boundary/boundary-repo.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { activeRuleSet } from '../identify/identify-repo.ts'
import type { TargetRow } from './progress-repo.ts'
import type { PublishedReport } from './published-repo.ts'

/** Indicators as the targets of a campaign are named. */
export const ENTERPRISES = '整治高耗低效企业'
export const LAND = '盘活低效用地'
export const ENERGY = '腾出用能'
export const CARBON = '减碳'
export const ZONES = '连片整治区域'

/** 50亩连片率 (domain §6) asks for clusters of this size, whatever a campaign wants of a zone. */
export const CONTIGUOUS_MU = 50

/** Scope of city-wide targets: the county code. */
export const CITY = '330781'

/** What a periodic report is made from; read once, so that all its parts say the same. */
export interface PeriodicData {
  readonly store: Store
  readonly db: Db
  readonly input: PeriodicInput
  /** `asOf`: its last day, while it is running today. */
  readonly period: Period & { readonly asOf: string }
  /** Code → name of the scored units, in the order of the forms. */
  readonly names: ReadonlyMap<string, string>
  readonly entries: readonly ProgressEntry[]
  readonly targets: readonly TargetRow[]
  readonly notes: ReadonlyMap<string, { readonly problems: string | null; readonly next_steps: string | null }>
  /** The report of the period before as it was published; undefined when it was not. */
  readonly former: PublishedReport | undefined
}

export interface PeriodicPart {
  readonly table: ReportTable
  readonly notes: readonly string[]
  readonly cautions?: readonly Caution[]
  readonly sections: Report['chapters'][number]['sections']
}

/**
 * Target of the year itself, as the wall chart has it: the county's own, else the sum of its units where each has one. What is
 * owed over the whole campaign is not shared out among years or units by the program.
 */
export function targetOf(
  { targets, names, input: { year } }: Pick<PeriodicData, 'targets' | 'names' | 'input'>,
  scope: string,
  indicator: string,
): number | null {
  const units = [...names.keys()]
  return targetFor({ targets, units, period: { year, years: [year] } }, names.has(scope) ? scope : null, indicator)
}

export const ofUnit = (entries: readonly ProgressEntry[], unit: string) => entries.filter(entry => entry.unit === unit)

/** Land whose plan and evidence put it under neither of the two headings (分类处置 and the like), 亩; null where there is none. */
export function otherLand({ mu, mu_reclaimed, mu_upgraded }: Progress): number | null {
  const rest = mu - mu_reclaimed - mu_upgraded
  return Math.abs(rest) < 0.005 ? null : rest
}

/** Percent of the target; null without one. */
export const share = (done: number, target: number | null) =>
  target === null || target <= 0 ? null : (100 * done) / target

export interface Basis {
  readonly boundary: string | null
  readonly boundary_id: string | null
  readonly rules: string | null
  /** Revision of the data. */
  readonly revision: number
}

/** The versions that the figures rest on. */
export function basisOf(store: Store): Basis {
  const active = activeBoundary(store.read)
  const boundary = active && findBoundary(store.read, active.id)
  const rules = activeRuleSet(store.read)
  return {
    boundary: boundary ? `${boundary.name}(${boundary.code})` : null,
    boundary_id: boundary?.id ?? null,
    rules: rules ? `${rules.name} 第 ${rules.version} 版` : null,
    revision: store.revision(),
  }
}

/** What the reader has to know before trusting the figures: no boundary, units without data, enterprises of no unit. */
export function periodicCautions({ db, names, entries }: Pick<PeriodicData, 'db' | 'names' | 'entries'>): Caution[] {
  const found: Caution[] = []
  if (!activeBoundary(db)) found.push(caution('no_boundary_routes'))
  const listed = new Set(entries.map(entry => entry.unit))
  const empty = [...names].filter(([code]) => !listed.has(code)).map(([, name]) => name)
  if (empty.length > 0) found.push(caution('units_empty', { count: empty.length, names: empty.join('、') }))
  const nobody = entries.filter(entry => entry.unit === null || !names.has(entry.unit)).length
  if (nobody > 0) found.push(caution('without_unit', { count: nobody }))
  return found
}
