/** Versions of plans and what they say otherwise, plans filled from others, and templates. */
import { AppError } from '../../shared/contract/errors.ts'
import { ENTITIES } from '../../shared/model/entity.ts'
import { diffPlans, type PlanContent, type PlanDifference } from '../../shared/rules/plan-diff.ts'
import { type FillSource, fillingOf } from '../../shared/rules/plan-fill.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all, get } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { findRecord, recordHistory } from '../records/records-repo.ts'
import { planRows, requirePlan } from './plans-repo.ts'

/** Compared field by field; the baseline is told by its year, numbering and status by the list of versions. */
const COMPARED = {
  plan: Object.keys(ENTITIES.plan.fields).filter(
    field => !['code', 'enterprise_id', 'version', 'status', 'baseline'].includes(field),
  ),
  measure: Object.keys(ENTITIES.measure.fields).filter(field => !['plan_id', 'position', 'evidence'].includes(field)),
  milestone: Object.keys(ENTITIES.milestone.fields).filter(field => !['plan_id', 'position'].includes(field)),
} as const

export function contentOf(db: Db, id: string): PlanContent {
  return {
    record: requirePlan(db, id),
    measures: planRows(db, 'measure', id),
    milestones: planRows(db, 'milestone', id),
  }
}

export interface VersionRow {
  readonly id: string
  readonly code: string
  readonly year: number
  readonly version: number
  readonly status: string
  readonly created_by: string
  readonly created_at: string
  readonly updated_by: string
  readonly updated_at: string
}

/** All live plans of an enterprise, newest first. */
export function versionsOf(db: Db, enterpriseId: string): VersionRow[] {
  return all(
    db,
    `SELECT id, code, year, version, status, created_by, created_at, updated_by, updated_at FROM plan
     WHERE enterprise_id = ? AND deleted = 0 ORDER BY year DESC, version DESC`,
    [enterpriseId],
  )
}

/** Differences with the person and time of the newest change that made them so. */
export function comparePlans(
  db: Db,
  input: { from: string; to: string },
): (Omit<PlanDifference, 'id'> & { by: string | null; at: string | null })[] {
  const [from, to] = [contentOf(db, input.from), contentOf(db, input.to)]
  const histories = new Map<string, ReturnType<typeof recordHistory>>()
  const history = (part: PlanDifference['part'], id: string) => {
    const key = `${part} ${id}`
    const known = histories.get(key) ?? recordHistory(db, part, id)
    histories.set(key, known)
    return known
  }
  const began = recordHistory(db, 'plan', input.to).at(-1)
  return diffPlans(from, to, COMPARED).map(({ id, ...difference }) => {
    // What the later version left out went when that version was begun.
    const item =
      difference.change === 'removed'
        ? began
        : (history(difference.part, id).find(({ op, fields }) =>
            difference.field === null ? op === 'create' : fields.some(({ field }) => field === difference.field),
          ) ?? history(difference.part, id).at(-1))
    return { ...difference, by: item?.user ?? null, at: item?.at ?? null }
  })
}

/** Fills a draft from another plan or a template, as one step; returns how many fields and rows came. */
export async function fillPlan(
  store: Store,
  input: { id: string; base_rev: number; from: { plan_id: string } | { template_id: string } },
): Promise<{ id: string; rev: number; edit: string; filled: number }> {
  const before = requirePlan(store.read, input.id)
  if (before['status'] !== 'draft' && before['status'] !== 'returned') {
    throw new AppError('refused', '只有草稿和退回的方案可以套用', {
      reason: 'plan_handed_in',
      values: { code: String(before['code']) },
    })
  }
  const source = sourceOf(store.read, input.from)
  const label = { label: 'plan_filled', values: { code: String(before['code']), from: source.name } }
  const { result, edit } = await store.mutate(label, tx => {
    const { values, measures, milestones } = fillingOf(contentOf(tx.db, input.id), source)
    const rev = tx.update('plan', input.id, values, { baseRev: input.base_rev })
    measures.forEach((row, index) => {
      tx.create('measure', { ...row, plan_id: input.id, position: index + 1 })
    })
    milestones.forEach((row, index) => {
      tx.create('milestone', { ...row, plan_id: input.id, position: index + 1 })
    })
    return { rev, filled: Object.keys(values).length + measures.length + milestones.length }
  })
  return { id: input.id, rev: result.rev, edit, filled: result.filled }
}

function sourceOf(db: Db, from: { plan_id: string } | { template_id: string }): FillSource & { name: string } {
  if ('plan_id' in from) {
    const content = contentOf(db, from.plan_id)
    return { ...content, year: Number(content.record['year']), name: String(content.record['code']) }
  }
  const template = findRecord(db, 'plan_template', { id: from.template_id })
  if (!template) {
    throw new AppError('not_found', '找不到方案模板，可能已被删除', {
      reason: 'record_not_found',
      values: { entity: 'plan_template' },
    })
  }
  const rows = (value: unknown) => (Array.isArray(value) ? (value as Record<string, unknown>[]) : [])
  return {
    year: (template['year'] as number | null) ?? null,
    record: template,
    measures: rows(template['measures']),
    milestones: rows(template['milestones']),
    name: String(template['name']),
  }
}

/** Live templates by name. */
export function planTemplatesOf(db: Db): Record<string, unknown>[] {
  return all<Row>(
    db,
    `SELECT ${selectColumns('plan_template', 't')} FROM plan_template t WHERE t.deleted = 0 ORDER BY t.name, t.pk`,
  ).map(row => rowToRecord('plan_template', row))
}

const OF_MEASURE = ['type', 'description', 'start_date', 'due_date'] as const
const OF_MILESTONE = ['type', 'date_planned'] as const

/** Keeps what a plan says, without areas, people, figures and results; a template of the same name is replaced. */
export async function saveTemplate(
  store: Store,
  input: { plan_id: string; name: string },
): Promise<{ id: string; rev: number; edit: string }> {
  const { record, measures, milestones } = contentOf(store.read, input.plan_id)
  const picked = (rows: readonly Record<string, unknown>[], fields: readonly string[]) =>
    rows.map(row => Object.fromEntries(fields.map(field => [field, row[field] ?? null])))
  const values = {
    name: input.name,
    route: record['route'],
    year: record['year'],
    problems: record['problems'],
    departments: record['departments'],
    measures: picked(measures as Record<string, unknown>[], OF_MEASURE),
    milestones: picked(milestones as Record<string, unknown>[], OF_MILESTONE),
  }
  const { result, edit } = await store.mutate(
    { label: 'plan_template_saved', values: { name: input.name } },
    (tx): { id: string; rev: number } => {
      const known = get<{ id: string }>(tx.db, 'SELECT id FROM plan_template WHERE name = ? AND deleted = 0', [
        input.name,
      ])
      if (known) return { id: known.id, rev: tx.update('plan_template', known.id, values) }
      return { id: tx.create('plan_template', values), rev: 1 }
    },
  )
  return { ...result, edit }
}
