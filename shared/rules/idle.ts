/** Tests of 《闲置土地处置办法》(国土资源部令第53号; domain §5). They only ever say "suspected": the land bureau finds. */

export interface IdleFigures {
  readonly delivered_on?: string | null
  readonly agreed_start?: string | null
  readonly actual_start?: string | null
  readonly stopped_on?: string | null
  readonly due_area_m2?: number | null
  readonly developed_area_m2?: number | null
  readonly total_investment?: number | null
  readonly actual_investment?: number | null
}

/** Why land is suspected to be idle. */
export type IdleReason = 'not_started' | 'little_developed' | 'little_invested'

/**
 * Reasons for a suspicion on the day `today` (ISO date); empty for none, or while the figures do not decide it. Without an
 * agreed date the start is due a year after delivery.
 */
export function idleReasons(figures: IdleFigures, today: string): IdleReason[] {
  const due = figures.agreed_start ?? (figures.delivered_on ? yearAfter(figures.delivered_on) : null)
  if (!figures.actual_start) return due !== null && yearAfter(due) <= today ? ['not_started'] : []
  if (!figures.stopped_on || yearAfter(figures.stopped_on) > today) return []
  const reasons: IdleReason[] = []
  const { due_area_m2: area, developed_area_m2: developed, total_investment: total, actual_investment: spent } = figures
  if (isKnown(area) && isKnown(developed) && developed < area / 3) reasons.push('little_developed')
  if (isKnown(total) && isKnown(spent) && spent < total * 0.25) reasons.push('little_invested')
  return reasons
}

/** The same day of the next year; 29 February becomes 1 March. */
function yearAfter(date: string): string {
  const [year, month, day] = date.slice(0, 10).split('-').map(Number) as [number, number, number]
  return new Date(Date.UTC(year + 1, month - 1, day)).toISOString().slice(0, 10)
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined
}

/**
 * 土地闲置费 that a finding of one year would cost (20 % of the land price, 万元); null without a suspicion on that day, while
 * the price is not known, and where delay is the government's or nobody's doing (domain §5: exempt).
 */
export function idleFee(
  figures: IdleFigures & { readonly cause?: string | null; readonly land_price?: number | null },
  today: string,
): number | null {
  if (figures.cause === 'GOV' || figures.cause === 'FORCE' || !isKnown(figures.land_price)) return null
  return idleReasons(figures, today).length === 0 ? null : figures.land_price * 0.2
}
