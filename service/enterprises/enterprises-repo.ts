/** SQL of enterprises and their yearly figures. Conditions and sort orders come from closed tables, never from input. */
import type { EnterpriseRow } from '../../shared/contract/enterprises.ts'
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import { evaluationScopeOf, ratio } from '../../shared/rules/indicators.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all, get, run } from '../db/sql.ts'
import { CLASS_SOURCE, RATED_CLASS, RATED_SCORE } from '../scoring/rated-class.ts'
import { searchCondition } from '../search/search-repo.ts'

export interface EnterpriseFilter {
  readonly text?: string
  readonly units?: readonly string[]
  readonly states?: readonly string[]
  readonly classes?: readonly string[]
  readonly in_park?: boolean
  readonly without_parcel?: boolean
  readonly without_plan?: boolean
  readonly doubtful?: boolean
  /** Keys that remain of a filter that only code can judge. */
  readonly pks?: readonly number[]
}

export interface EnterpriseQuery {
  readonly filter: EnterpriseFilter
  readonly year: number | null
  readonly sort?: { readonly field: string; readonly descending: boolean }
  readonly offset: number
  readonly limit: number
}

const TAX_PER_MU = 'CASE WHEN y.land_mu_actual > 0 THEN y.tax / y.land_mu_actual END'
const LATEST_PLAN_STATUS = `(SELECT p.status FROM plan p WHERE p.enterprise_id = e.id AND p.deleted = 0
  ORDER BY p.year DESC, p.version DESC LIMIT 1)`
const PARCEL_COUNT = `(SELECT count(DISTINCT o.parcel_id) FROM occupancy o JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
  WHERE o.enterprise_id = e.id AND o.deleted = 0)`

/** Sort orders by field of a row; names sort by their readings, as people look them up. */
const ORDERS: Readonly<Record<string, string>> = {
  code: 'e.code',
  name: "(SELECT coalesce(nullif(k.initials, ''), lower(e.name)) FROM search_key k WHERE k.entity = 'enterprise' AND k.pk = e.pk)",
  uscc: 'e.uscc',
  unit: 'e.unit',
  op_status: 'e.op_status',
  in_park: 'e.in_park',
  state: 'e.state',
  year: 'y.year',
  scale: 'y.scale',
  class: RATED_CLASS,
  score: RATED_SCORE,
  land_mu_actual: 'y.land_mu_actual',
  tax: 'y.tax',
  energy_tce: 'y.energy_tce',
  tax_per_mu: TAX_PER_MU,
  parcels: PARCEL_COUNT,
  plan_status: LATEST_PLAN_STATUS,
  updated_at: 'e.updated_at',
}

export function isSortable(field: string): boolean {
  return Object.hasOwn(ORDERS, field)
}

/**
 * For questions about all enterprises: their figures of the year come out of the index that holds them (migration 0125). By
 * itself SQLite takes the unique key and then reads every record.
 */
export const FROM_ALL = `FROM enterprise e LEFT JOIN enterprise_year y INDEXED BY enterprise_year_ledger
  ON y.enterprise_id = e.id AND y.year = :year AND y.deleted = 0`
const FROM = `FROM enterprise e LEFT JOIN enterprise_year y ON y.enterprise_id = e.id AND y.year = :year AND y.deleted = 0`

interface Where {
  readonly sql: string
  readonly parameters: Record<string, string | number | null>
}

export function whereOf(filter: EnterpriseFilter, year: number | null): Where {
  const parts = ['e.deleted = 0']
  const parameters: Record<string, string | number | null> = { year }
  const within = (column: string, name: string, values: readonly string[] | undefined) => {
    if (!values || values.length === 0) return
    parts.push(`${column} IN (SELECT value FROM json_each(:${name}))`)
    parameters[name] = JSON.stringify(values)
  }
  within('e.unit', 'units', filter.units)
  within("coalesce(e.state, '')", 'states', filter.states)
  within(`coalesce(${RATED_CLASS}, 'N')`, 'classes', filter.classes)
  if (filter.in_park !== undefined) {
    parts.push('coalesce(e.in_park, 0) = :in_park')
    parameters['in_park'] = filter.in_park ? 1 : 0
  }
  if (filter.without_parcel) {
    parts.push(`NOT EXISTS (SELECT 1 FROM occupancy o JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
      WHERE o.enterprise_id = e.id AND o.deleted = 0)`)
  }
  if (filter.without_plan) {
    parts.push('NOT EXISTS (SELECT 1 FROM plan p WHERE p.enterprise_id = e.id AND p.deleted = 0)')
  }
  if (filter.pks) {
    parts.push('e.pk IN (SELECT value FROM json_each(:only))')
    parameters['only'] = JSON.stringify(filter.pks)
  }
  const search = searchCondition(filter.text ?? '', 'k')
  if (search) {
    parts.push(`e.pk IN (SELECT k.pk FROM search_key k WHERE k.entity = 'enterprise' AND ${search.sql})`)
    Object.assign(parameters, search.parameters)
  }
  return { sql: parts.join(' AND '), parameters }
}

type PageRow = Omit<EnterpriseRow, 'in_park' | 'tax_per_mu'> & { in_park: number | null }

/**
 * One page of enterprises with the figures of `year`, unknown values last in either direction, and the exact number that
 * the filter lets through.
 */
export function listEnterprises(db: Db, query: EnterpriseQuery): { rows: EnterpriseRow[]; total: number } {
  const where = whereOf(query.filter, query.year)
  const order = ORDERS[query.sort?.field ?? 'code'] ?? 'e.code'
  const direction = query.sort?.descending ? 'DESC' : 'ASC'
  // All keys in order, then the page: the filter is judged once for page and total, and the counted columns are worked out
  // for the page only.
  const keys = all<{ pk: number }>(
    db,
    `SELECT e.pk, ${order} AS key ${needsYear(query) ? FROM_ALL : 'FROM enterprise e'} WHERE ${where.sql}
     ORDER BY (key IS NULL), key ${direction}, e.code`,
    where.parameters,
  )
  const pks = keys.slice(query.offset, query.offset + query.limit).map(row => row.pk)
  const rows = all<PageRow & { pk: number }>(
    db,
    `SELECT e.pk, e.id, e.rev, e.code, e.name, e.uscc, e.unit, e.op_status, e.in_park, e.state, y.year, y.scale,
       ${RATED_CLASS} AS class, ${CLASS_SOURCE} AS class_source, ${RATED_SCORE} AS score,
       y.land_mu_actual, y.tax, y.energy_tce, ${PARCEL_COUNT} AS parcels, ${LATEST_PLAN_STATUS} AS plan_status, e.updated_at
     ${FROM} WHERE e.pk IN (SELECT value FROM json_each(:pks))`,
    { year: query.year, pks: JSON.stringify(pks) },
  )
  const rowsByPk = new Map(rows.map(row => [row.pk, row]))
  const page = pks.map(pk => {
    const { pk: _, in_park, ...row } = rowsByPk.get(pk)!
    return {
      ...row,
      in_park: in_park === null ? null : in_park === 1,
      tax_per_mu: ratio(row.tax, row.land_mu_actual),
    }
  })
  return { rows: page, total: keys.length }
}

/** Joining 20,000 figures costs more than the page itself, so it is done only for a filter or an order that needs them. */
function needsYear(query: EnterpriseQuery): boolean {
  return (query.filter.classes?.length ?? 0) > 0 || (ORDERS[query.sort?.field ?? 'code'] ?? '').includes('y.')
}

/** Years with figures, newest first. */
export function yearsWithFigures(db: Db): number[] {
  return all<{ year: number }>(
    db,
    'SELECT DISTINCT year FROM enterprise_year WHERE deleted = 0 ORDER BY year DESC',
  ).map(row => row.year)
}

export interface EnterpriseKey {
  readonly pk: number
  readonly id: string
  readonly rev: number
  readonly code: string
  readonly name: string
  readonly uscc: string | null
  readonly unit: string | null
}

const KEY_COLUMNS = 'pk, id, rev, code, name, uscc, unit'

/** A live enterprise by id or by code. */
export function findEnterprise(db: Db, key: { id?: string; code?: string }): EnterpriseKey | undefined {
  if (key.id !== undefined) {
    return get(db, `SELECT ${KEY_COLUMNS} FROM enterprise WHERE id = ? AND deleted = 0`, [key.id])
  }
  return get(db, `SELECT ${KEY_COLUMNS} FROM enterprise WHERE code = ? AND deleted = 0`, [key.code ?? ''])
}

export function findEnterpriseByUscc(db: Db, uscc: string): EnterpriseKey | undefined {
  return get(db, `SELECT ${KEY_COLUMNS} FROM enterprise WHERE uscc = ? AND deleted = 0`, [uscc])
}

export function enterpriseRecord(db: Db, id: string): Record<string, unknown> {
  const row = get<Row>(db, `SELECT ${selectColumns('enterprise', 'e')} FROM enterprise e WHERE e.id = ?`, [id])
  return rowToRecord('enterprise', row!)
}

/** Yearly figures of an enterprise, newest first; 评价范围 is worked out here, so that it never lags behind an undo. */
export function yearRecords(db: Db, enterpriseId: string): Record<string, unknown>[] {
  return all<Row>(
    db,
    `SELECT ${selectColumns('enterprise_year', 'y')} FROM enterprise_year y
     WHERE y.enterprise_id = ? AND y.deleted = 0 ORDER BY y.year DESC`,
    [enterpriseId],
  ).map(row => {
    const record = rowToRecord('enterprise_year', row)
    return { ...record, eval_scope: evaluationScopeOf(record) }
  })
}

export function findYear(db: Db, enterpriseId: string, year: number): { id: string; rev: number } | undefined {
  return get(db, 'SELECT id, rev FROM enterprise_year WHERE enterprise_id = ? AND year = ? AND deleted = 0', [
    enterpriseId,
    year,
  ])
}

/** Keeps the derived column in step for exports that read it in SQL. Not logged: it follows from logged fields. */
export function writeEvaluationScope(db: Db, yearId: string): void {
  const row = get<Row>(db, `SELECT ${selectColumns('enterprise_year', 'y')} FROM enterprise_year y WHERE y.id = ?`, [
    yearId,
  ])
  const scope = evaluationScopeOf(rowToRecord('enterprise_year', row!))
  run(db, 'UPDATE enterprise_year SET eval_scope = ? WHERE id = ?', [scope, yearId])
}

export interface OccupiedParcel {
  readonly occupancy_id: string
  readonly role: string
  readonly used_area_m2: number | null
  readonly id: string
  readonly pk: number
  readonly code: string
  readonly area_m2: number
  readonly side: string
  readonly side_marked: string | null
  readonly area_in_m2: number | null
  readonly area_out_m2: number | null
  readonly unit: string | null
}

/** Live parcels of an enterprise with the relation, by code. */
export function parcelsOfEnterprise(db: Db, enterpriseId: string): OccupiedParcel[] {
  return all<OccupiedParcel>(
    db,
    `SELECT o.id AS occupancy_id, o.role, o.used_area_m2, p.id, p.pk, p.code, coalesce(p.area_m2, 0) AS area_m2,
       coalesce(p.side, 'unknown') AS side, p.side_marked, p.area_in_m2, p.area_out_m2, p.unit
     FROM occupancy o JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
     WHERE o.enterprise_id = ? AND o.deleted = 0 ORDER BY p.code, o.role`,
    [enterpriseId],
  )
}

/**
 * Land of the enterprise's live parcels by the map, in 亩: what it uses of each where that is said, otherwise the whole. Null
 * without parcels, and where a parcel has other users and nobody said how much of it is whose.
 */
export function mappedMu(db: Db, enterpriseId: string): number | null {
  const rows = all<{ used: number | null; area: number | null; others: number }>(
    db,
    `SELECT max(o.used_area_m2) AS used, p.area_m2 AS area,
       EXISTS (SELECT 1 FROM occupancy x WHERE x.parcel_id = p.id AND x.deleted = 0 AND x.enterprise_id <> :id) AS others
     FROM occupancy o JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
     WHERE o.enterprise_id = :id AND o.deleted = 0 GROUP BY p.id`,
    { id: enterpriseId },
  )
  if (rows.length === 0 || rows.some(row => row.used === null && (row.others === 1 || row.area === null))) return null
  return squareMetersToMu(rows.reduce((sum, row) => sum + (row.used ?? row.area!), 0))
}

export function parcelExists(db: Db, id: string): boolean {
  return get(db, 'SELECT 1 AS one FROM parcel WHERE id = ? AND deleted = 0', [id]) !== undefined
}

/** The highest number in codes of the form QY-00000; 0 when there is none. Deleted records count: codes are not re-used. */
export function highestCodeNumber(db: Db): number {
  const sql = `SELECT max(CAST(substr(code, 4) AS INTEGER)) AS n FROM enterprise WHERE code GLOB 'QY-[0-9]*' AND length(code) <= 12`
  return get<{ n: number | null }>(db, sql)!.n ?? 0
}
