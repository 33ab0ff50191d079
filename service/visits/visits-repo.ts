/** SQL of visits (外业核查): their history over divided land, their pictures, and the land that waits for one. */
import type { PhotoTwin } from '../../shared/contract/visits.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all, get } from '../db/sql.ts'
import { landOf, PARCEL_LINE } from '../parcels/land-sql.ts'

export interface VisitEntry {
  readonly record: Record<string, unknown>
  readonly parcel_code: string | null
  readonly former_land: boolean
  readonly enterprise_name: string | null
  /** Computed side of the visited parcel. */
  readonly side: string | null
}

const COLUMNS = `${selectColumns('survey_visit', 'v')}, p.code AS parcel_code, p.deleted AS parcel_deleted, p.side AS parcel_side,
  e.name AS enterprise_name`
const FROM = `FROM survey_visit v LEFT JOIN parcel p ON p.id = v.parcel_id LEFT JOIN enterprise e ON e.id = v.enterprise_id`
const NEWEST_FIRST = 'ORDER BY v.visited_at DESC, v.pk DESC'

function entryOf(row: Row): VisitEntry {
  const { parcel_code, parcel_deleted, parcel_side, enterprise_name, ...visit } = row
  return {
    record: rowToRecord('survey_visit', visit),
    parcel_code: parcel_code as string | null,
    former_land: parcel_deleted === 1,
    enterprise_name: enterprise_name as string | null,
    side: parcel_side as string | null,
  }
}

/** Visits of a parcel and of the parcels that it was a part of. */
export function visitsOfParcel(db: Db, parcel: string): VisitEntry[] {
  const sql = `${PARCEL_LINE} SELECT ${COLUMNS} ${FROM} WHERE v.deleted = 0 AND v.parcel_id IN (SELECT id FROM line) ${NEWEST_FIRST}`
  return all<Row>(db, sql, { parcel }).map(entryOf)
}

/** Visits of an enterprise and, where none is named, of its land. */
export function visitsOfEnterprise(db: Db, id: string): VisitEntry[] {
  const sql = `${landOf('WHERE enterprise_id', '= :id')} SELECT ${COLUMNS} ${FROM} WHERE v.deleted = 0 AND (v.enterprise_id = :id
      OR (v.enterprise_id IS NULL AND v.parcel_id IN (SELECT id FROM land))) ${NEWEST_FIRST}`
  return all<Row>(db, sql, { id }).map(entryOf)
}

export function visitById(db: Db, id: string): VisitEntry | undefined {
  const row = get<Row>(db, `SELECT ${COLUMNS} ${FROM} WHERE v.id = ? AND v.deleted = 0`, [id])
  return row && entryOf(row)
}

/** The own visit of this parcel that is still open: a draft, or one that came back. */
export function openVisit(db: Db, parcel: string, user: string): VisitEntry | undefined {
  const row = get<Row>(
    db,
    `SELECT ${COLUMNS} ${FROM} WHERE v.deleted = 0 AND v.parcel_id = :parcel AND v.created_by = :user
       AND v.status IN ('DRAFT', 'RETURNED') ${NEWEST_FIRST} LIMIT 1`,
    { parcel, user },
  )
  return row && entryOf(row)
}

/** Inspectors and weather of this person's newest visit, and when that was. */
export function newestOf(
  db: Db,
  user: string,
): { inspectors: string | null; weather: string | null; visited_at: string } | undefined {
  return get(
    db,
    `SELECT inspectors, weather, visited_at FROM survey_visit WHERE deleted = 0 AND created_by = ? AND inspectors IS NOT NULL
     ORDER BY pk DESC LIMIT 1`,
    [user],
  )
}

/** Live enterprises on a parcel, owners and users before tenants. */
export function enterprisesOn(db: Db, parcel: string): { id: string; name: string; role: string }[] {
  return all(
    db,
    `SELECT e.id, e.name, o.role FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
     WHERE o.parcel_id = ? AND o.deleted = 0 ORDER BY (o.role = 'TENANT'), o.pk`,
    [parcel],
  )
}

/** Pictures of visits in the order they were taken in; signatures and scans are left out. */
export function picturesOf(
  db: Db,
  visitIds: readonly string[],
): { owner: string; id: string; file_name: string; sha256: string }[] {
  return all(
    db,
    `SELECT owner_id AS owner, id, file_name, sha256 FROM attachment WHERE deleted = 0 AND owner_entity = 'survey_visit'
       AND owner_id IN (SELECT value FROM json_each(?)) AND coalesce(kind, 'site') IN ('site', 'group', 'demolition') ORDER BY pk`,
    [JSON.stringify(visitIds)],
  )
}

/**
 * The same bytes taken in for another record: another case's evidence, or another person's visit of the same land. Each other
 * record once, oldest first.
 */
export function twinsOf(db: Db, visitIds: readonly string[]): (PhotoTwin & { owner: string })[] {
  return all(
    db,
    `SELECT a.owner_id AS owner, a.id AS attachment_id, a.file_name, b.owner_entity AS other_owner_entity,
       CASE b.owner_entity WHEN 'parcel' THEN (SELECT code FROM parcel WHERE id = b.owner_id)
         WHEN 'enterprise' THEN (SELECT name FROM enterprise WHERE id = b.owner_id)
         WHEN 'plan' THEN (SELECT code FROM plan WHERE id = b.owner_id)
         WHEN 'survey_visit' THEN (SELECT coalesce(p.code, e.name) FROM survey_visit v LEFT JOIN parcel p ON p.id = v.parcel_id
           LEFT JOIN enterprise e ON e.id = v.enterprise_id WHERE v.id = b.owner_id) END AS other_owner_name,
       b.created_by AS other_by, b.created_at AS other_at
     FROM attachment a JOIN attachment b ON b.sha256 = a.sha256 AND b.id <> a.id AND b.deleted = 0 AND b.owner_id IS NOT NULL
       AND b.owner_id <> a.owner_id
     WHERE a.deleted = 0 AND a.owner_entity = 'survey_visit' AND a.owner_id IN (SELECT value FROM json_each(?)) ORDER BY b.pk`,
    [JSON.stringify(visitIds)],
  )
}

export interface WaitingRow {
  readonly parcel_id: string
  readonly code: string
  readonly enterprise_name: string
  readonly unit: string | null
  readonly status: 'DRAFT' | 'RETURNED' | 'SUBMITTED' | 'CONFIRMED' | null
}

/** Land of enterprises in S1 without a visit that is handed in; by distance from `near`, otherwise by code. */
export function waitingLand(
  db: Db,
  query: { unit: string | null; near?: string | undefined; offset: number; limit: number },
): { total: number; rows: WaitingRow[] } {
  const from = `FROM parcel p JOIN occupancy o ON o.parcel_id = p.id AND o.deleted = 0 AND o.role <> 'TENANT'
      JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
      JOIN list_entry l ON l.enterprise_id = e.id AND l.deleted = 0 AND l.state = 'S1'
      LEFT JOIN parcel_box b ON b.pk = p.pk
    WHERE p.deleted = 0 AND (:unit IS NULL OR p.unit = :unit) AND p.id IS NOT :near
      AND NOT EXISTS (SELECT 1 FROM survey_visit v WHERE v.parcel_id IN (p.id, p.parent_id) AND v.deleted = 0
        AND v.status IN ('SUBMITTED', 'CONFIRMED'))`
  const values = { unit: query.unit, near: query.near ?? null }
  const total = get<{ n: number }>(db, `SELECT count(DISTINCT p.id) AS n ${from}`, values)!.n
  const place = get<{ x: number; y: number }>(
    db,
    `SELECT (b.min_x + b.max_x) / 2 AS x, (b.min_y + b.max_y) / 2 AS y FROM parcel p JOIN parcel_box b ON b.pk = p.pk WHERE p.id = ?`,
    [query.near ?? ''],
  )
  // Degrees of longitude are shorter than those of latitude: 0.87 of them at 29° N; good enough to say what is near.
  const order = place
    ? `((b.min_x + b.max_x) / 2 - :x) * ((b.min_x + b.max_x) / 2 - :x) * 0.76
        + ((b.min_y + b.max_y) / 2 - :y) * ((b.min_y + b.max_y) / 2 - :y), p.code`
    : 'p.code'
  const rows = all<WaitingRow>(
    db,
    `SELECT p.id AS parcel_id, p.code, min(e.name) AS enterprise_name, p.unit,
       (SELECT v.status FROM survey_visit v WHERE v.parcel_id = p.id AND v.deleted = 0 ORDER BY v.pk DESC LIMIT 1) AS status
     ${from} GROUP BY p.id ORDER BY ${order} LIMIT :limit OFFSET :offset`,
    { ...values, ...(place ?? {}), limit: query.limit, offset: query.offset },
  )
  return { total, rows }
}
