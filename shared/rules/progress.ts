/** Progress against targets (domain §11.4 counting, §11.5 completion and light). Pure; months are `YYYY-MM`. */
import { type CountEvent, countTotals, M2_PER_MU } from './closed-loop/counting.ts'

export interface ProgressEntry {
  readonly unit: string | null
  readonly enterprise_id: string
  readonly state: string
  /** First day in state S3, ISO date, or null while never listed or unknown. */
  readonly listed_on: string | null
  /** What it counted, from the book of all entries. */
  readonly events: readonly CountEvent[]
  /** Of the plan in force. */
  readonly due_date: string | null
  /** Recorded steps, in order of time; lists from before steps were recorded have none. */
  readonly steps: readonly { readonly on: string; readonly from: string | null; readonly to: string }[]
}

export interface Progress {
  readonly listed_now: number
  readonly done_now: number
  readonly done: number
  readonly mu_now: number
  readonly mu: number
  readonly mu_reclaimed: number
  readonly mu_upgraded: number
  /** Null when something was counted but its energy is unknown throughout. */
  readonly tce: number | null
  readonly under_remediation: number
  readonly awaiting: number
  readonly overdue: number
  readonly rebounds: number
}

/** First and last day of a period as ISO dates, and the part of its year that has passed at its end. */
export interface Period {
  readonly from: string
  readonly to: string
  readonly yearFrom: string
  readonly passed: number
  /** Day on which states and deadlines are judged while the period is running; `to` when left out. */
  readonly asOf?: string
}

export function periodOf(year: number, firstMonth: number, lastMonth: number): Period {
  const two = (value: number): string => String(value).padStart(2, '0')
  const days = new Date(Date.UTC(year, lastMonth, 0)).getUTCDate()
  return {
    from: `${year}-${two(firstMonth)}-01`,
    to: `${year}-${two(lastMonth)}-${two(days)}`,
    yearFrom: `${year}-01-01`,
    passed: lastMonth / 12,
  }
}

/**
 * The state of an entry at the end of a day, by its recorded steps (domain §11.8, 8: what comes later changes no earlier
 * period). What was never recorded as a step is taken from the counts, which carry the day of a closing or a rebound, and
 * otherwise from the state of now. Null: it was on no list yet, or nobody can tell.
 */
export function stateOn(entry: Pick<ProgressEntry, 'state' | 'steps' | 'events'>, day: string): string | null {
  const before = entry.steps.filter(step => step.on <= day).at(-1)
  const after = entry.steps.find(step => step.on > day)
  if (after) return before ? before.to : after.from
  const recorded = before?.to ?? null
  if (recorded === entry.state) return recorded
  const later = entry.events.find(event => event.what === 'enterprise' && event.on > day)
  if (!later) return entry.state
  return (later.amount ?? 0) > 0 ? recorded : 'S7'
}

/** Still at work (整治中 or 待验收) on a day that lies after the deadline of the plan in force. */
export function isOverdue(entry: ProgressEntry, day: string): boolean {
  const state = stateOn(entry, day)
  return (state === 'S5' || state === 'S6') && entry.due_date !== null && entry.due_date < day
}

/** Sums of the book of counts for a period and its year so far, states at its end. Areas are summed in m² and become 亩 once. */
export function progressOf(entries: Iterable<ProgressEntry>, { from, to, yearFrom, asOf }: Period): Progress {
  const states = { listed_now: 0, under_remediation: 0, awaiting: 0, overdue: 0 }
  const events: CountEvent[] = []
  const seen = new Set<string>()
  const day = asOf ?? to
  for (const entry of entries) {
    if (seen.has(entry.enterprise_id)) continue
    seen.add(entry.enterprise_id)
    events.push(...entry.events)
    if (within(entry.listed_on, from, to)) states.listed_now++
    const state = stateOn(entry, day)
    if (state === 'S5') states.under_remediation++
    if (state === 'S6') states.awaiting++
    if (isOverdue(entry, day)) states.overdue++
  }
  const now = countTotals(events, from, to)
  const year = countTotals(events, yearFrom, to)
  return {
    ...states,
    done_now: now.enterprises,
    done: year.enterprises,
    mu_now: now.land_m2 / M2_PER_MU,
    mu: year.land_m2 / M2_PER_MU,
    mu_reclaimed: year.reclaimed_m2 / M2_PER_MU,
    mu_upgraded: year.upgraded_m2 / M2_PER_MU,
    tce: year.energy_tce,
    rebounds: year.rebounds,
  }
}

function within(day: string | null, from: string, to: string): boolean {
  return day !== null && day.slice(0, 10) >= from && day.slice(0, 10) <= to
}

export type Light = 'green' | 'yellow' | 'red'

/** Smallest gap that is still green, and still yellow; shares of the target. */
export interface LightLimits {
  readonly green: number
  readonly yellow: number
}

/** Of domain §11.5; a campaign may have its own. */
export const LIGHT_LIMITS: LightLimits = { green: 0, yellow: -0.1 }

/** 序时进度: completion − part of the period passed, and the light it gives. Null without a target. */
export function schedule(
  done: number,
  target: number | null,
  passed: number,
  limits: LightLimits = LIGHT_LIMITS,
): { gap: number; light: Light } | null {
  if (target === null || target <= 0) return null
  const gap = done / target - passed
  return { gap, light: gap >= limits.green - 1e-12 ? 'green' : gap >= limits.yellow - 1e-12 ? 'yellow' : 'red' }
}
