/**
 * Rules of 一企一策: the default route by the parcels' side (domain §0, §4), and what a plan still lacks before it can be
 * submitted (domain §11.4, S3 → S4). Pure; texts are in the UI catalogue under `plan.missing.<key>`.
 */
import type { CodeOf } from '../model/enumerations.ts'

export type Route = CodeOf<'route'>

/** The side that counts for a parcel: the inspector's mark when there is one, otherwise the computed side. */
export function effectiveSide(parcel: { side?: string | null; side_marked?: string | null }): string {
  return parcel.side_marked ?? parcel.side ?? 'unknown'
}

/** outside → EXIT_RECLAIM, inside → UPGRADE, crossing or both → MIXED; null while no parcel's side is known. */
export function defaultRoute(sides: Iterable<string | null | undefined>): Route | null {
  let inside = false
  let outside = false
  for (const side of sides) {
    if (side === 'inside' || side === 'crossing') inside = true
    if (side === 'outside' || side === 'crossing') outside = true
  }
  if (inside && outside) return 'MIXED'
  if (outside) return 'EXIT_RECLAIM'
  return inside ? 'UPGRADE' : null
}

export interface PlanState {
  readonly year: number
  readonly problems?: string | null
  readonly route?: string | null
  readonly route_reason?: string | null
  readonly target_tax_per_mu?: number | null
  readonly target_energy_tce?: number | null
  readonly freed_mu?: number | null
  readonly freed_tce?: number | null
  readonly new_tax?: number | null
  readonly due_date?: string | null
  readonly departments?: readonly unknown[] | null
  /** Holds the reason when the plan runs beyond its year. */
  readonly remark?: string | null
}

export interface MeasureState {
  readonly type?: string | null
  readonly description?: string | null
  readonly due_date?: string | null
}

export const PLAN_MISSING_KEYS = [
  'parcels',
  'problems',
  'route_reason',
  'measures',
  'measure_description',
  'measure_due',
  'target_tax_per_mu',
  'freed_mu',
  'targets',
  'due_date',
  'cross_year_reason',
  'departments',
] as const
export type PlanMissingKey = (typeof PLAN_MISSING_KEYS)[number]

/** `field` is where to jump: a field of the plan, `parcels`, `measures`, or `measures.<index>.<field>` (index from 0). */
export interface PlanMissing {
  readonly field: string
  readonly key: PlanMissingKey
}

/** What is missing, in the order of the form; an empty list means that the plan can be submitted. */
export function missingOfPlan(
  plan: PlanState,
  measures: readonly MeasureState[],
  context: { readonly parcels: number; readonly defaultRoute: Route | null },
): PlanMissing[] {
  const missing: PlanMissing[] = []
  const lack = (field: string, key: PlanMissingKey) => missing.push({ field, key })
  if (context.parcels === 0) lack('parcels', 'parcels')
  if (isBlank(plan.problems)) lack('problems', 'problems')
  if (context.defaultRoute !== null && plan.route !== context.defaultRoute && isBlank(plan.route_reason)) {
    lack('route_reason', 'route_reason')
  }
  if (measures.length === 0) lack('measures', 'measures')
  measures.forEach((measure, index) => {
    if (isBlank(measure.description)) lack(`measures.${index}.description`, 'measure_description')
    if (isBlank(measure.due_date)) lack(`measures.${index}.due_date`, 'measure_due')
  })
  const target = missingTarget(plan)
  if (target) missing.push(target)
  if (isBlank(plan.due_date)) lack('due_date', 'due_date')
  else if (isBeyondYear(plan.due_date, plan.year) && isBlank(plan.remark)) lack('remark', 'cross_year_reason')
  if (!plan.departments || plan.departments.length === 0) lack('departments', 'departments')
  return missing
}

/** What each route promises at least: land for an exit, tax or energy for an upgrade, any of them when mixed. */
function missingTarget(plan: PlanState): PlanMissing | undefined {
  const isSet = (value: number | null | undefined) => value !== null && value !== undefined
  if (plan.route === 'EXIT_RECLAIM') {
    return isSet(plan.freed_mu) ? undefined : { field: 'freed_mu', key: 'freed_mu' }
  }
  const yieldTarget = isSet(plan.target_tax_per_mu) || isSet(plan.target_energy_tce) || isSet(plan.new_tax)
  if (plan.route === 'UPGRADE') {
    return yieldTarget ? undefined : { field: 'target_tax_per_mu', key: 'target_tax_per_mu' }
  }
  const anyTarget = yieldTarget || isSet(plan.freed_mu) || isSet(plan.freed_tce)
  return anyTarget ? undefined : { field: 'target_tax_per_mu', key: 'targets' }
}

/** True when a date lies after 31 December of the list year. */
export function isBeyondYear(date: string | null | undefined, year: number): boolean {
  return typeof date === 'string' && date.slice(0, 10) > `${year}-12-31`
}

function isBlank(text: string | null | undefined): boolean {
  return text === null || text === undefined || text.trim() === ''
}
