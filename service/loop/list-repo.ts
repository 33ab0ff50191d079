/** SQL of the list, its records and the worklists. Sorts and columns come from closed tables, never from input. */
import { ENTITIES, type EntityName, isEntityName } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import type { State } from '../../shared/rules/closed-loop/facts.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all, get } from '../db/sql.ts'
import { landOf } from '../parcels/land-sql.ts'
import { searchCondition } from '../search/search-repo.ts'

export interface ListQuery {
  readonly states?: readonly string[] | undefined
  readonly units?: readonly string[] | undefined
  readonly text?: string | undefined
  readonly offset: number
  readonly limit: number
}

export interface ListRow {
  readonly enterprise_id: string
  readonly code: string
  readonly name: string
  readonly unit: string | null
  readonly state: State
  readonly list_year: number | null
  readonly batch: string | null
  readonly due_date: string | null
  readonly since: string | null
}

const FROM = 'FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0'

/** SQL of the deadline an enterprise is held to: of its newest approved plan, without one of its newest. A draft postpones nothing. */
export const dueDate = (enterprise: string): string =>
  `(SELECT p.due_date FROM plan p WHERE p.enterprise_id = ${enterprise} AND p.deleted = 0
    ORDER BY p.status = 'approved' DESC, p.year DESC, p.version DESC LIMIT 1)`

function condition(query: Omit<ListQuery, 'offset' | 'limit'>): { sql: string; values: Record<string, string> } {
  const parts = ['l.deleted = 0']
  const values: Record<string, string> = {}
  if (query.states) {
    parts.push('l.state IN (SELECT value FROM json_each(:states))')
    values['states'] = JSON.stringify(query.states)
  }
  if (query.units && query.units.length > 0) {
    parts.push('e.unit IN (SELECT value FROM json_each(:units))')
    values['units'] = JSON.stringify(query.units)
  }
  const search = searchCondition(query.text ?? '', 'k')
  if (search) {
    parts.push(`e.pk IN (SELECT k.pk FROM search_key k WHERE k.entity = 'enterprise' AND ${search.sql})`)
    Object.assign(values, search.parameters)
  }
  return { sql: parts.join(' AND '), values }
}

/** A page of the list, the longest waiting first, and how many there are. */
export function listPage(db: Db, query: ListQuery): { rows: ListRow[]; total: number } {
  const { sql, values } = condition(query)
  const total = get<{ n: number }>(db, `SELECT count(*) AS n ${FROM} WHERE ${sql}`, values)!.n
  const rows = all<ListRow>(
    db,
    `SELECT e.id AS enterprise_id, e.code, e.name, e.unit, l.state, l.list_year, l.batch, ${dueDate('e.id')} AS due_date,
       (SELECT max(s.happened_on) FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0) AS since
     ${FROM} WHERE ${sql} ORDER BY l.state, (due_date IS NULL), due_date, e.code LIMIT :limit OFFSET :offset`,
    { ...values, limit: query.limit, offset: query.offset },
  )
  return { rows, total }
}

export function stateCounts(db: Db, query: Omit<ListQuery, 'offset' | 'limit'>): { state: State; count: number }[] {
  const { sql, values } = condition(query)
  return all(db, `SELECT l.state, count(*) AS count ${FROM} WHERE ${sql} GROUP BY l.state ORDER BY l.state`, values)
}

/** Enterprises of the list in these states, of one unit or of all. */
export function listedIn(db: Db, states: readonly string[], unit: string | null): string[] {
  const { sql, values } = condition({ states, ...(unit === null ? {} : { units: [unit] }) })
  return all<{ id: string }>(db, `SELECT e.id ${FROM} WHERE ${sql} ORDER BY e.code`, values).map(row => row.id)
}

/** Live records that point at one record through a `ref` field; undefined when there is no such field. */
export function relatedRecords(
  db: Db,
  query: {
    entity: EntityName
    field?: string | undefined
    id?: string | undefined
    text?: string | undefined
    offset: number
    limit: number
  },
): { rows: Record<string, unknown>[]; total: number; names: Record<string, string> } | undefined {
  const fields = ENTITIES[query.entity].fields as FieldTable
  const parts = ['r.deleted = 0']
  const values: Record<string, string> = {}
  if (query.field !== undefined) {
    if (fields[query.field]?.kind !== 'ref') return undefined
    parts.push(`r.${query.field} = :id`)
    values['id'] = query.id ?? ''
  }
  if (query.text) {
    const texts = Object.keys(fields).filter(name => fields[name]!.kind === 'text' && !fields[name]!.personal)
    parts.push(`(${texts.map(name => `instr(lower(coalesce(r.${name}, '')), :text) > 0`).join(' OR ') || '0'})`)
    values['text'] = query.text.trim().toLowerCase()
  }
  const where = parts.join(' AND ')
  const total = get<{ n: number }>(db, `SELECT count(*) AS n FROM ${query.entity} r WHERE ${where}`, values)!.n
  const rows = all<Row>(
    db,
    `SELECT ${selectColumns(query.entity, 'r')} FROM ${query.entity} r WHERE ${where} ORDER BY r.pk DESC LIMIT :limit OFFSET :offset`,
    { ...values, limit: query.limit, offset: query.offset },
  )
  const records = rows.map(row => rowToRecord(query.entity, row))
  return { rows: records, total, names: namesOf(db, query.entity, records) }
}

/** What the rows point at, by code or name; records that have neither are left out. */
function namesOf(db: Db, entity: EntityName, rows: readonly Record<string, unknown>[]): Record<string, string> {
  const names: Record<string, string> = {}
  for (const [field, { kind, ref }] of Object.entries(ENTITIES[entity].fields as FieldTable)) {
    if (kind !== 'ref' || ref === undefined || !isEntityName(ref)) continue
    const column = ref === 'parcel' || ref === 'plan' ? 'code' : 'name'
    if (!Object.hasOwn(ENTITIES[ref].fields, column)) continue
    const ids = JSON.stringify([...new Set(rows.flatMap(row => row[field] ?? []))])
    for (const row of all<{ id: string; name: string }>(
      db,
      `SELECT id, ${column} AS name FROM ${ref} WHERE id IN (SELECT value FROM json_each(?))`,
      [ids],
    ))
      names[row.id] = row.name
  }
  return names
}

/** Checks of an enterprise, whether they were written for it, for a plan or at a visit. */
export function checksOf(db: Db, enterpriseId: string): Record<string, unknown>[] {
  return all<Row>(
    db,
    `SELECT ${selectColumns('compliance_check', 'c')} FROM compliance_check c LEFT JOIN plan p ON p.id = c.plan_id
       LEFT JOIN survey_visit v ON v.id = c.visit_id
     WHERE c.deleted = 0 AND coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) = ? ORDER BY c.dimension, c.pk`,
    [enterpriseId],
  ).map(row => rowToRecord('compliance_check', row))
}

/** Visits of an enterprise and, where none is named, of its land. */
export function visitsOf(db: Db, enterpriseId: string): Record<string, unknown>[] {
  return all<Row>(
    db,
    `${landOf('WHERE enterprise_id', '= :id')}
     SELECT ${selectColumns('survey_visit', 'v')} FROM survey_visit v WHERE v.deleted = 0 AND (v.enterprise_id = :id
       OR (v.enterprise_id IS NULL AND v.parcel_id IN (SELECT id FROM land)))
     ORDER BY v.visited_at DESC, v.pk DESC`,
    { id: enterpriseId },
  ).map(row => rowToRecord('survey_visit', row))
}

export interface DraftRow {
  readonly entity: 'plan' | 'enterprise'
  readonly id: string
  readonly enterprise_id: string
  readonly title: string
  readonly unit: string | null
  readonly state: string | null
  readonly plan_status: string | null
  readonly due: string | null
}

/** Plans and visits that this person wrote last and that are not handed in, newest first. */
export function draftsOf(
  db: Db,
  user: string,
  unit: string | null,
  limit: number,
): { total: number; rows: DraftRow[] } {
  const sql = `SELECT 'plan' AS entity, p.id, e.id AS enterprise_id, e.name AS title, e.unit, e.state, p.status AS plan_status, p.due_date AS due, p.updated_at AS at
      FROM plan p JOIN enterprise e ON e.id = p.enterprise_id AND e.deleted = 0
      WHERE p.deleted = 0 AND p.status IN ('draft', 'returned') AND p.updated_by = :user AND (:unit IS NULL OR e.unit = :unit)
    UNION ALL SELECT 'enterprise', e.id, e.id, e.name, e.unit, e.state, NULL, NULL, v.updated_at
      FROM survey_visit v JOIN enterprise e ON e.id = coalesce(v.enterprise_id, (SELECT o.enterprise_id FROM occupancy o
        WHERE o.parcel_id = v.parcel_id AND o.deleted = 0 ORDER BY (o.role = 'TENANT'), o.pk LIMIT 1)) AND e.deleted = 0
      WHERE v.deleted = 0 AND v.status IN ('DRAFT', 'RETURNED') AND v.updated_by = :user AND (:unit IS NULL OR e.unit = :unit)`
  const total = get<{ n: number }>(db, `SELECT count(*) AS n FROM (${sql})`, { user, unit })!.n
  const rows = all<DraftRow & { at: string }>(db, `SELECT * FROM (${sql}) ORDER BY at DESC LIMIT :limit`, {
    user,
    unit,
    limit,
  })
  return { total, rows: rows.map(({ at: _at, ...row }) => row) }
}

/** Open checks whose deadline has passed, by enterprise. */
export function overdueChecks(db: Db, today: string): Map<string, string> {
  return new Map(
    all<{ id: string; deadline: string }>(
      db,
      `SELECT coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) AS id, min(c.deadline) AS deadline
       FROM compliance_check c LEFT JOIN plan p ON p.id = c.plan_id LEFT JOIN survey_visit v ON v.id = c.visit_id
       WHERE c.deleted = 0 AND c.result = 'fail' AND c.rectified_at IS NULL AND c.deadline < ?
         AND coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) IS NOT NULL GROUP BY 1`,
      [today],
    ).map(row => [row.id, row.deadline]),
  )
}

export interface ExportRow {
  kind: string
  file: string
  sha256: string
  records: number
  user: string
  at: string
}

export function exportRows(db: Db, limit: number): ExportRow[] {
  return all(db, 'SELECT kind, file, sha256, records, user, at FROM export_log ORDER BY seq DESC LIMIT ?', [limit])
}
