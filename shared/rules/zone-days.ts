/**
 * The book of a zone: the days on which it was planned, approved, begun, finished and given up. What comes later changes no
 * earlier period (domain §11.8, 8). A day that nobody knows is null and says nothing: the state of now holds. ISO days of China. Pure.
 */
import type { CodeOf } from '../model/enumerations.ts'

export type ZoneStatus = CodeOf<'zone_status'>

/** States in their order, each with the field of the day on which it was reached. */
export const ZONE_STEPS = [
  ['planned', 'planned_on'],
  ['approved', 'approved_on'],
  ['in_progress', 'started_on'],
  ['done', 'done_on'],
] as const satisfies readonly (readonly [ZoneStatus, string])[]

export type ZoneDayField = (typeof ZONE_STEPS)[number][1]
type Days = Readonly<Partial<Record<ZoneDayField, unknown>>>

const rankOf = (status: unknown): number => ZONE_STEPS.findIndex(([name]) => name === status)
const dayIn = (days: Days, field: ZoneDayField): string | null => {
  const value = days[field]
  return typeof value === 'string' && value !== '' ? value : null
}

/**
 * The days that a change of state writes on `today`: of the steps from `before` (null: the zone is new) to `after` those that
 * nobody has dated, never later than a step behind them. Steps that are taken back lose their days.
 */
export function daysOfChange(
  before: unknown,
  after: unknown,
  days: Days,
  today: string,
): Partial<Record<ZoneDayField, string | null>> {
  const [from, to] = [before === null ? -1 : rankOf(before), rankOf(after)]
  const written: Partial<Record<ZoneDayField, string | null>> = {}
  if (to < 0) return written
  let latest = today
  for (let rank = to; rank > from; rank--) {
    const field = ZONE_STEPS[rank]![1]
    const known = dayIn(days, field)
    if (known === null) written[field] = latest
    else if (known < latest) latest = known
  }
  for (const [, field] of ZONE_STEPS.slice(to + 1)) if (dayIn(days, field) !== null) written[field] = null
  return written
}

/** The state at the end of a day; null when the zone was not yet planned. The first step dated later is not reached. */
export function zoneStatusOn(zone: Days & { readonly status: string }, day: string): string | null {
  const later = ZONE_STEPS.slice(0, rankOf(zone.status) + 1).findIndex(([, field]) => (dayIn(zone, field) ?? '') > day)
  if (later < 0) return zone.status
  return later === 0 ? null : ZONE_STEPS[later - 1]![0]
}
