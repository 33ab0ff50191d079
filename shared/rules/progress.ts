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
  readonly due_date: string | null
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
 * Sums of the book of counts for a period and its year so far. States are those of the moment of asking, for the list keeps
 * no past states. Areas are summed in m² and become 亩 once.
 */
export function progressOf(entries: Iterable<ProgressEntry>, { from, to, yearFrom }: Period): Progress {
  const states = { listed_now: 0, under_remediation: 0, awaiting: 0, overdue: 0 }
  const events: CountEvent[] = []
  const seen = new Set<string>()
  for (const entry of entries) {
    if (seen.has(entry.enterprise_id)) continue
    seen.add(entry.enterprise_id)
    events.push(...entry.events)
    if (within(entry.listed_on, from, to)) states.listed_now++
    if (entry.state === 'S5') states.under_remediation++
    if (entry.state === 'S6') states.awaiting++
    const isOpen = entry.state === 'S5' || entry.state === 'S6'
    if (isOpen && entry.due_date !== null && entry.due_date < to) states.overdue++
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
