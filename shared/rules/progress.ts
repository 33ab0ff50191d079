/** Progress against targets (domain §11.4 counting, §11.5 completion and light). Pure; months are `YYYY-MM`. */

export interface ProgressEntry {
  readonly unit: string | null
  readonly enterprise_id: string
  readonly state: string
  /** First day in state S3, ISO date, or null while never listed or unknown. */
  readonly listed_on: string | null
  /** Day of 销号. */
  readonly counted_at: string | null
  readonly counted_mu: number | null
  readonly counted_tce: number | null
  readonly rebound_at: string | null
  /** Route of the newest plan. */
  readonly route: string | null
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
 * An enterprise counts once, in the period of its 销号; its land and energy with it. A rebound subtracts what was counted in
 * the period of its finding, never backwards. States are those of the moment of asking, for the list keeps no past states.
 */
export function progressOf(entries: Iterable<ProgressEntry>, { from, to, yearFrom }: Period): Progress {
  const sum = {
    listed_now: 0,
    done_now: 0,
    done: 0,
    mu_now: 0,
    mu: 0,
    mu_reclaimed: 0,
    mu_upgraded: 0,
    tce: 0,
    under_remediation: 0,
    awaiting: 0,
    overdue: 0,
    rebounds: 0,
  }
  const seen = new Set<string>()
  let counted = 0
  let known = 0
  for (const entry of entries) {
    if (seen.has(entry.enterprise_id)) continue
    seen.add(entry.enterprise_id)
    if (within(entry.listed_on, from, to)) sum.listed_now++
    const apply = (day: string | null, sign: 1 | -1): void => {
      if (!within(day, yearFrom, to)) return
      const isNow = within(day, from, to)
      const mu = sign * (entry.counted_mu ?? 0)
      sum.done += sign
      sum.mu += mu
      sum.tce += sign * (entry.counted_tce ?? 0)
      counted++
      if (entry.counted_tce !== null) known++
      if (entry.route === 'EXIT_RECLAIM') sum.mu_reclaimed += mu
      else if (entry.route === 'UPGRADE') sum.mu_upgraded += mu
      if (isNow) {
        sum.done_now += sign
        sum.mu_now += mu
      }
    }
    apply(entry.counted_at, 1)
    if (entry.counted_at !== null) apply(entry.rebound_at, -1)
    if (within(entry.rebound_at, yearFrom, to)) sum.rebounds++
    if (entry.state === 'S5') sum.under_remediation++
    if (entry.state === 'S6') sum.awaiting++
    if ((entry.state === 'S5' || entry.state === 'S6') && entry.due_date !== null && entry.due_date < to) sum.overdue++
  }
  return { ...sum, tce: counted > 0 && known === 0 ? null : sum.tce }
}

function within(day: string | null, from: string, to: string): boolean {
  return day !== null && day.slice(0, 10) >= from && day.slice(0, 10) <= to
}

export type Light = 'green' | 'yellow' | 'red'

/** 序时进度: completion − part of the year passed; ≥ 0 green, ≥ −0.10 yellow, else red. Null without a target. */
export function schedule(done: number, target: number | null, passed: number): { gap: number; light: Light } | null {
  if (target === null || target <= 0) return null
  const gap = done / target - passed
  return { gap, light: gap >= -1e-12 ? 'green' : gap >= -0.1 - 1e-12 ? 'yellow' : 'red' }
}
