/** SQL of plans (一企一策), their measures and milestones. Sort orders come from a closed table, never from input. */
import type { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import type { planSummarySchema } from '../../shared/contract/parcels.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all, get } from '../db/sql.ts'
import { searchCondition } from '../search/search-repo.ts'

export type PlanSummary = z.infer<typeof planSummarySchema>

const SUMMARY = `SELECT p.id, p.code, p.year, p.version, p.status, p.route, p.due_date, p.enterprise_id, e.name AS enterprise_name, e.unit,
  coalesce((SELECT group_concat(type, ',') FROM (SELECT m.type FROM measure m
    WHERE m.plan_id = p.id AND m.deleted = 0 ORDER BY m.position)), '') AS measures, p.freed_mu,
  (e.state IN ('S7', 'S8', 'S9', 'SX') OR (EXISTS (SELECT 1 FROM measure m WHERE m.plan_id = p.id AND m.deleted = 0)
    AND NOT EXISTS (SELECT 1 FROM measure m WHERE m.plan_id = p.id AND m.deleted = 0 AND m.done_at IS NULL))) IS 1 AS finished
  FROM plan p JOIN enterprise e ON e.id = p.enterprise_id`

type SummaryRow = Omit<PlanSummary, 'finished'> & { finished: number }
const summaryOf = ({ finished, ...row }: SummaryRow): PlanSummary => ({ ...row, finished: finished === 1 })

const ORDERS: Readonly<Record<string, string>> = {
  code: 'p.code',
  year: 'p.year',
  version: 'p.version',
  status: "CASE p.status WHEN 'draft' THEN 0 WHEN 'returned' THEN 1 WHEN 'submitted' THEN 2 ELSE 3 END",
  route: 'p.route',
  due_date: 'p.due_date',
  enterprise_name: 'e.name',
  unit: 'e.unit',
  freed_mu: 'p.freed_mu',
  updated_at: 'p.updated_at',
}

export function isPlanSortable(field: string): boolean {
  return Object.hasOwn(ORDERS, field)
}

export interface PlanQuery {
  readonly text?: string
  readonly units?: readonly string[]
  readonly statuses?: readonly string[]
  readonly year?: number
  readonly sort?: { readonly field: string; readonly descending: boolean }
  readonly offset: number
  readonly limit: number
}

/** A page of live plans, newest first unless sorted, and how many there are in all. */
export function listPlans(db: Db, query: PlanQuery): { rows: PlanSummary[]; total: number } {
  const parts = ['p.deleted = 0', 'e.deleted = 0']
  const parameters: Record<string, string | number> = {}
  if (query.units && query.units.length > 0) {
    parts.push('e.unit IN (SELECT value FROM json_each(:units))')
    parameters['units'] = JSON.stringify(query.units)
  }
  if (query.statuses && query.statuses.length > 0) {
    parts.push('p.status IN (SELECT value FROM json_each(:statuses))')
    parameters['statuses'] = JSON.stringify(query.statuses)
  }
  if (query.year !== undefined) {
    parts.push('p.year = :year')
    parameters['year'] = query.year
  }
  const search = searchCondition(query.text ?? '', 'k')
  if (search) {
    parts.push(`(e.pk IN (SELECT k.pk FROM search_key k WHERE k.entity = 'enterprise' AND ${search.sql})
      OR instr(lower(p.code), :w0) > 0)`)
    Object.assign(parameters, search.parameters)
  }
  const order = query.sort ? ORDERS[query.sort.field]! : 'p.updated_at'
  const direction = !query.sort || query.sort.descending ? 'DESC' : 'ASC'
  const where = parts.join(' AND ')
  const total = get<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM plan p JOIN enterprise e ON e.id = p.enterprise_id WHERE ${where}`,
    parameters,
  )!.n
  const rows = all<SummaryRow>(
    db,
    `${SUMMARY} WHERE ${where} ORDER BY (${order} IS NULL), ${order} ${direction}, p.code LIMIT :limit OFFSET :offset`,
    { ...parameters, limit: query.limit, offset: query.offset },
  )
  return { rows: rows.map(summaryOf), total }
}

/** Live plans of one enterprise, newest first. */
export function planSummariesOf(db: Db, enterpriseId: string): PlanSummary[] {
  return all<SummaryRow>(
    db,
    `${SUMMARY} WHERE p.enterprise_id = ? AND p.deleted = 0 ORDER BY p.year DESC, p.version DESC`,
    [enterpriseId],
  ).map(summaryOf)
}

/** A live plan as a record, or undefined. */
function planRecord(db: Db, id: string): Record<string, unknown> | undefined {
  const row = get<Row>(db, `SELECT ${selectColumns('plan', 'p')} FROM plan p WHERE p.id = ? AND p.deleted = 0`, [id])
  return row && rowToRecord('plan', row)
}

/** A live plan, or `not_found`. */
export function requirePlan(db: Db, id: string): Record<string, unknown> {
  const record = planRecord(db, id)
  if (record) return record
  throw new AppError('not_found', '找不到方案，可能已被删除', { reason: 'plan_not_found', values: { id } })
}

export interface PlanVersion {
  readonly id: string
  readonly rev: number
  readonly version: number
  readonly status: string
}

/** Live versions of the plan of an enterprise for a year, newest first. */
export function planVersions(db: Db, enterpriseId: string, year: number): PlanVersion[] {
  return all<PlanVersion>(
    db,
    `SELECT id, rev, version, status FROM plan WHERE enterprise_id = ? AND year = ? AND deleted = 0 ORDER BY version DESC`,
    [enterpriseId, year],
  )
}

/** Live measures or milestones of a plan in their order. */
export function planRows(db: Db, entity: 'measure' | 'milestone', planId: string): Record<string, unknown>[] {
  return all<Row>(
    db,
    `SELECT ${selectColumns(entity, 'r')} FROM ${entity} r WHERE r.plan_id = ? AND r.deleted = 0 ORDER BY r.position, r.pk`,
    [planId],
  ).map(row => rowToRecord(entity, row))
}

export function isPlanCodeTaken(db: Db, code: string): boolean {
  return get(db, 'SELECT 1 AS one FROM plan WHERE code = ?', [code]) !== undefined
}

export interface PlanParcel {
  readonly id: string
  readonly code: string
  readonly area_m2: number
  readonly side: string
  readonly side_marked: string | null
  readonly area_in_m2: number | null
  readonly area_out_m2: number | null
}

/** Live parcels among the given ids, by code. */
export function parcelsByIds(db: Db, ids: readonly string[]): PlanParcel[] {
  return all<PlanParcel>(
    db,
    `SELECT p.id, p.code, coalesce(p.area_m2, 0) AS area_m2, coalesce(p.side, 'unknown') AS side, p.side_marked,
       p.area_in_m2, p.area_out_m2
     FROM parcel p WHERE p.id IN (SELECT value FROM json_each(?)) AND p.deleted = 0 ORDER BY p.code`,
    [JSON.stringify(ids)],
  )
}
