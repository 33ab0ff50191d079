/**
 * What in a plan contradicts itself, its land, its baseline or its list (domain §11.4): said, not refused; what must be there
 * before it is handed in is `missingOfPlan`. Pure; texts under `plan.remark.<key>`.
 */
import { isBeyondYear } from './plan-rules.ts'

export interface PlanRemark {
  readonly key: string
  /** Where to jump: a field of the plan, `measures` or `milestones`. */
  readonly field: string
  readonly values?: Readonly<Record<string, string | number>>
}

type Row = Readonly<Record<string, unknown>>

export interface RemarkContext {
  readonly today: string
  /** Year of the list that the enterprise stands in; null when it is in none. */
  readonly listYear: number | null
  /** Land of the plan, 亩; null when it is not known. */
  readonly landMu: number | null
  readonly baseline: { readonly tax_per_mu: number | null; readonly energy_tce: number | null } | null
}

export function remarksOfPlan(
  plan: Row,
  measures: readonly Row[],
  milestones: readonly Row[],
  context: RemarkContext,
): PlanRemark[] {
  const remarks: PlanRemark[] = []
  const day = (row: Row, field: string): string | null =>
    typeof row[field] === 'string' && row[field] !== '' ? String(row[field]).slice(0, 10) : null
  const number = (row: Row, field: string): number | null => (typeof row[field] === 'number' ? row[field] : null)
  const due = day(plan, 'due_date')
  const start = day(plan, 'start_date')
  const year = Number(plan['year'])
  const isAllDone = measures.length > 0 && measures.every(measure => day(measure, 'done_at') !== null)

  if (context.listYear !== null && context.listYear !== year) {
    remarks.push({ key: 'year_mismatch', field: 'year', values: { year, list: context.listYear } })
  }
  if (isBeyondYear(due, context.listYear ?? year)) {
    remarks.push({ key: 'beyond_year', field: 'due_date', values: { due: due!, year: context.listYear ?? year } })
  }
  if (due !== null && due < context.today && !isAllDone)
    remarks.push({ key: 'overdue', field: 'due_date', values: { due } })
  if (start !== null && due !== null && start > due) remarks.push({ key: 'start_after_due', field: 'start_date' })
  measures.forEach((measure, index) => {
    const own = day(measure, 'due_date')
    const done = day(measure, 'done_at')
    const row = index + 1
    if (own !== null && due !== null && own > due)
      remarks.push({ key: 'measure_after_due', field: 'measures', values: { row } })
    if (done !== null && done > context.today)
      remarks.push({ key: 'done_in_future', field: 'measures', values: { row, date: done } })
    if (done !== null && number(measure, 'progress') !== null && number(measure, 'progress')! < 100)
      remarks.push({ key: 'done_without_progress', field: 'measures', values: { row } })
    if (isMore(number(measure, 'area_mu'), context.landMu))
      remarks.push({ key: 'measure_area', field: 'measures', values: { row } })
  })
  milestones.forEach((milestone, index) => {
    const actual = day(milestone, 'date_actual')
    if (actual !== null && actual > context.today)
      remarks.push({ key: 'reached_in_future', field: 'milestones', values: { row: index + 1, date: actual } })
  })
  if (isMore(number(plan, 'freed_mu'), context.landMu)) remarks.push({ key: 'freed_more_than_land', field: 'freed_mu' })
  const targetTax = number(plan, 'target_tax_per_mu')
  const targetEnergy = number(plan, 'target_energy_tce')
  const { baseline } = context
  if (targetTax !== null && baseline?.tax_per_mu != null && targetTax < baseline.tax_per_mu)
    remarks.push({ key: 'tax_below_baseline', field: 'target_tax_per_mu' })
  if (targetEnergy !== null && baseline?.energy_tce != null && targetEnergy > baseline.energy_tce)
    remarks.push({ key: 'energy_above_baseline', field: 'target_energy_tce' })
  return remarks
}

/** More than there is, beyond the 1 % that registered and measured areas differ by. */
function isMore(area: number | null, land: number | null): boolean {
  return area !== null && land !== null && area > land * 1.01 + 0.01
}
