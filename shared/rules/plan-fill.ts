/**
 * A plan filled from another one or from a template: blank fields are filled, what a person wrote stays; rows come where there
 * are none, with their dates moved by whole years. Results (done, reached, progress) are never taken over. Pure.
 */

type Values = Readonly<Record<string, unknown>>

export interface FillSource {
  readonly year: number | null
  readonly record: Values
  readonly measures: readonly Values[]
  readonly milestones: readonly Values[]
}

/** Fields that say how something is done; figures, approvals and the baseline belong to their year. */
export const FILLED_FIELDS = ['problems', 'departments', 'responsible', 'liaison', 'remark'] as const
const MEASURE_FIELDS = ['type', 'description', 'area_mu', 'start_date', 'due_date', 'owner'] as const
const MILESTONE_FIELDS = ['type', 'date_planned', 'area_mu'] as const

export interface Filling {
  readonly values: Record<string, unknown>
  readonly measures: Record<string, unknown>[]
  readonly milestones: Record<string, unknown>[]
}

/** `plan` with its rows is the one to be filled; returns only what is to be written. */
export function fillingOf(
  plan: { readonly record: Values; readonly measures: readonly Values[]; readonly milestones: readonly Values[] },
  source: FillSource,
): Filling {
  const years = source.year === null ? 0 : Number(plan.record['year']) - source.year
  const values: Record<string, unknown> = {}
  for (const field of FILLED_FIELDS) {
    const own = plan.record[field]
    const isPreset = field === 'departments' && Array.isArray(own) && own.length <= 1
    if ((isBlank(own) || isPreset) && !isBlank(source.record[field])) values[field] = source.record[field]
  }
  const rows = (own: readonly Values[], given: readonly Values[], fields: readonly string[]) =>
    own.length > 0
      ? []
      : given.map(row =>
          Object.fromEntries(
            fields.flatMap(field => (isBlank(row[field]) ? [] : [[field, movedBy(row[field], field, years)]])),
          ),
        )
  return {
    values,
    measures: rows(plan.measures, source.measures, MEASURE_FIELDS),
    milestones: rows(plan.milestones, source.milestones, MILESTONE_FIELDS),
  }
}

function movedBy(value: unknown, field: string, years: number): unknown {
  if (years === 0 || !field.includes('date') || typeof value !== 'string') return value
  const moved = `${Number(value.slice(0, 4)) + years}${value.slice(4, 10)}`
  // 29 February has no like in most years.
  return moved.endsWith('-02-29') && !isLeap(Number(moved.slice(0, 4))) ? `${moved.slice(0, 8)}28` : moved
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}
