/** Reading and saving 一企一策 plans: the checklist, and fields, measures and milestones saved as one edit. */

import { AppError } from '../../shared/contract/errors.ts'
import type { PlanDetail } from '../../shared/contract/plans.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { ENTITIES } from '../../shared/model/entity.ts'
import {
  defaultRoute,
  effectiveSide,
  type MeasureState,
  missingOfPlan,
  type PlanState,
} from '../../shared/rules/plan-rules.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import type { Transaction } from '../db/transaction.ts'
import { requireEnterprise, type Saved } from '../enterprises/enterprises.ts'
import { planView } from './plan-view.ts'
import {
  isPlanSortable,
  listPlans,
  type PlanQuery,
  type PlanSummary,
  parcelsByIds,
  planRows,
  requirePlan,
} from './plans-repo.ts'

type Values = Record<string, unknown>

export function planPage(db: Db, query: PlanQuery): { rows: PlanSummary[]; total: number } {
  if (query.sort && !isPlanSortable(query.sort.field)) {
    const field = query.sort.field
    throw new AppError('bad_input', `不能按“${field.slice(0, 60)}”排序`, { reason: 'unknown_sort', field })
  }
  return listPlans(db, query)
}

/** The plan with its rows, its parcels as they are now, the route they suggest, and what is still missing. */
export function planDetail(db: Db, id: string, today: string): PlanDetail {
  const record = requirePlan(db, id)
  const enterprise = requireEnterprise(db, { id: String(record['enterprise_id']) })
  const measures = planRows(db, 'measure', id)
  const parcels = parcelsByIds(db, (record['parcel_ids'] as string[] | null) ?? [])
  const milestones = planRows(db, 'milestone', id)
  const route = defaultRoute(parcels.map(effectiveSide))
  return {
    ...planView(db, record, measures, milestones, parcels, today),
    record,
    enterprise: {
      id: enterprise.id,
      code: enterprise.code,
      name: enterprise.name,
      uscc: enterprise.uscc,
      unit: enterprise.unit,
    },
    measures,
    milestones,
    parcels: parcels.map(({ side_marked: _, ...parcel }) => parcel),
    default_route: route,
    missing: missingOfPlan(record as unknown as PlanState, measures as MeasureState[], {
      parcels: parcels.length,
      defaultRoute: route,
    }),
  }
}

export interface SavePlanInput {
  readonly id: string
  readonly base_rev: number
  readonly values: Values
  /** All rows in their order: with `id` an existing one, without a new one; rows left out are removed. */
  readonly measures?: readonly Values[]
  readonly milestones?: readonly Values[]
  readonly reason?: string
}

/**
 * Saves fields, measures and milestones as one undoable edit. Submitting an incomplete plan and approving an unsigned
 * departure from the default route are refused, and then nothing of the edit is kept.
 */
export async function savePlan(store: Store, input: SavePlanInput): Promise<Saved> {
  const before = requirePlan(store.read, input.id)
  const label = { label: 'plan_saved', values: { code: String(before['code']) }, reason: input.reason }
  const { result, edit } = await store.mutate(label, tx => {
    const rev = tx.update('plan', input.id, ownValues('plan', input.values), { baseRev: input.base_rev })
    if (input.measures) saveRows(tx, 'measure', input.id, input.measures)
    if (input.milestones) saveRows(tx, 'milestone', input.id, input.milestones)
    const status = input.values['status']
    if (status === 'submitted' || status === 'approved')
      refuseIncomplete(tx.db, input.id, status, chinaDate(store.now()))
    return rev
  })
  return { id: input.id, rev: result, edit }
}

function refuseIncomplete(db: Db, id: string, status: 'submitted' | 'approved', today: string): void {
  const { missing, record, default_route } = planDetail(db, id, today)
  const code = String(record['code'])
  if (missing.length > 0) {
    throw new AppError('refused', `方案“${code}”还有 ${missing.length} 项没有填写，不能提交`, {
      reason: 'plan_incomplete',
      field: missing[0]!.field,
      values: { code, missing: missing.length, keys: missing.map(entry => entry.key).join(',') },
    })
  }
  const departs = default_route !== null && record['route'] !== default_route
  if (status === 'approved' && departs && !record['route_signed_by']) {
    throw new AppError('refused', `方案“${code}”偏离默认处置路径，须经资规部门签认后才能批准`, {
      reason: 'plan_route_unsigned',
      field: 'route_signed_by',
      values: { code },
    })
  }
}

/** Brings the rows of a plan to the given list: new rows are created, known ones updated, the others removed. */
function saveRows(tx: Transaction, entity: 'measure' | 'milestone', planId: string, rows: readonly Values[]): void {
  const existing = new Set(planRows(tx.db, entity, planId).map(row => String(row['id'])))
  rows.forEach((row, index) => {
    const values = { ...ownValues(entity, row), position: index + 1 }
    const id = row['id']
    if (id === undefined || id === null) {
      tx.create(entity, { ...values, plan_id: planId })
      return
    }
    if (!existing.delete(String(id))) {
      throw new AppError('not_found', `${ENTITIES[entity].zh}第 ${index + 1} 行已被他人删除，请刷新方案`, {
        reason: 'plan_row_gone',
        row: index + 1,
        values: { entity, id: String(id) },
      })
    }
    tx.update(entity, String(id), values)
  })
  for (const id of existing) tx.remove(entity, id)
}

/** Fields that identify a record or belong to its stamp: forms send them back, but they are not values to be set. */
const FIXED: ReadonlySet<string> = new Set([
  'pk',
  'id',
  'rev',
  'deleted',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
  'origin_device',
  'plan_id',
  'position',
  'enterprise_id',
  'baseline',
  'baseline_year',
])

function ownValues(entity: 'plan' | 'measure' | 'milestone', values: Values): Values {
  const known: object = ENTITIES[entity].fields
  const own: Values = {}
  for (const [name, value] of Object.entries(values)) {
    if (FIXED.has(name)) continue
    if (!Object.hasOwn(known, name)) {
      const label = ENTITIES[entity].zh
      throw new AppError('bad_input', `${label}没有“${name.slice(0, 60)}”这个字段`, {
        reason: 'unknown_field',
        field: name,
      })
    }
    own[name] = value
  }
  return own
}
