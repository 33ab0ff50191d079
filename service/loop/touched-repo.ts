/** Which listed enterprises an edit concerns, and the states that enterprises and parcels show. SQL text of the guard. */
import type { EntityName } from '../../shared/model/entity.ts'
import type { Db } from '../db/open.ts'
import { all, run } from '../db/sql.ts'
import { partsOf } from '../parcels/land-sql.ts'

const OF_PLAN = (table: string): string =>
  `SELECT p.enterprise_id AS id FROM ${table} x JOIN plan p ON p.id = x.plan_id WHERE x.id IN (SELECT value FROM json_each(:ids))`
const OF_ENTRY = (table: string): string =>
  `SELECT l.enterprise_id AS id FROM ${table} x JOIN list_entry l ON l.id = x.list_entry_id WHERE x.id IN (SELECT value FROM json_each(:ids))`
const OWN = (table: string): string =>
  `SELECT x.enterprise_id AS id FROM ${table} x WHERE x.id IN (SELECT value FROM json_each(:ids)) AND x.enterprise_id IS NOT NULL`

/** Records that prove something, and the enterprise that they speak about. */
const ENTERPRISE_OF: Partial<Record<EntityName, string>> = {
  list_entry: OWN('list_entry'),
  plan: OWN('plan'),
  state_change: OF_ENTRY('state_change'),
  look_back: OF_ENTRY('look_back'),
  measure: OF_PLAN('measure'),
  milestone: OF_PLAN('milestone'),
  approval: OF_PLAN('approval'),
  acceptance: OF_PLAN('acceptance'),
  compliance_check: `SELECT coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) AS id FROM compliance_check c
    LEFT JOIN plan p ON p.id = c.plan_id LEFT JOIN survey_visit v ON v.id = c.visit_id
    WHERE c.id IN (SELECT value FROM json_each(:ids)) AND coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) IS NOT NULL`,
  reclamation: `${partsOf('SELECT parcel_id AS id FROM reclamation WHERE id IN (SELECT value FROM json_each(:ids))')}
    SELECT o.enterprise_id AS id FROM parts JOIN occupancy o ON o.parcel_id = parts.id AND o.deleted = 0`,
  attachment: `${partsOf(`SELECT CASE a.owner_entity WHEN 'parcel' THEN a.owner_id ELSE w.parcel_id END AS id
      FROM attachment a LEFT JOIN survey_visit w ON a.owner_entity = 'survey_visit' AND w.id = a.owner_id
      WHERE a.id IN (SELECT value FROM json_each(:ids)) AND (a.owner_entity = 'parcel' OR w.parcel_id IS NOT NULL)`)}
    SELECT coalesce(
      CASE a.owner_entity WHEN 'enterprise' THEN a.owner_id
        WHEN 'plan' THEN (SELECT p.enterprise_id FROM plan p WHERE p.id = a.owner_id)
        WHEN 'acceptance' THEN (SELECT p.enterprise_id FROM acceptance c JOIN plan p ON p.id = c.plan_id WHERE c.id = a.owner_id)
        WHEN 'survey_visit' THEN (SELECT v.enterprise_id FROM survey_visit v WHERE v.id = a.owner_id) END,
      o.enterprise_id) AS id
    FROM attachment a LEFT JOIN survey_visit w ON a.owner_entity = 'survey_visit' AND w.id = a.owner_id
      LEFT JOIN parts ON parts.root = CASE a.owner_entity WHEN 'parcel' THEN a.owner_id ELSE w.parcel_id END
      LEFT JOIN occupancy o ON o.deleted = 0 AND o.parcel_id = parts.id
    WHERE a.id IN (SELECT value FROM json_each(:ids))`,
}

/** Enterprises whose state these records prove, as `db` has them. */
export function enterprisesProvedBy(db: Db, entity: EntityName, ids: readonly string[]): string[] {
  const sql = ENTERPRISE_OF[entity]
  if (sql === undefined || ids.length === 0) return []
  return all<{ id: string | null }>(db, sql, { ids: JSON.stringify(ids) }).flatMap(row => row.id ?? [])
}

const STATE_OF_ENTERPRISE = '(SELECT l.state FROM list_entry l WHERE l.enterprise_id = enterprise.id AND l.deleted = 0)'
/** Land shows the state of its owner's entry; a tenant's only where nobody else is listed. */
const STATE_OF_PARCEL = `(SELECT l.state FROM occupancy o JOIN list_entry l ON l.enterprise_id = o.enterprise_id AND l.deleted = 0
  WHERE o.parcel_id = parcel_record.id AND o.deleted = 0 ORDER BY (o.role = 'TENANT'), o.pk LIMIT 1)`

/** Writes the state of these enterprises and their land; returns the parcels whose state changed. */
export function showStates(
  db: Db,
  enterpriseIds: readonly string[],
  parcelIds: readonly string[],
): { enterprises: string[]; parcels: { id: string; pk: number }[] } {
  const enterprises = all<{ id: string }>(
    db,
    `UPDATE enterprise SET state = ${STATE_OF_ENTERPRISE}
     WHERE id IN (SELECT value FROM json_each(:ids)) AND state IS NOT ${STATE_OF_ENTERPRISE} RETURNING id`,
    { ids: JSON.stringify(enterpriseIds) },
  )
  const parcels = all<{ id: string; pk: number }>(
    db,
    `UPDATE parcel_record SET state = ${STATE_OF_PARCEL}
     WHERE (id IN (SELECT value FROM json_each(:parcels))
         OR id IN (SELECT parcel_id FROM occupancy WHERE enterprise_id IN (SELECT value FROM json_each(:ids))))
       AND state IS NOT ${STATE_OF_PARCEL} RETURNING id, pk`,
    { ids: JSON.stringify(enterpriseIds), parcels: JSON.stringify(parcelIds) },
  )
  return { enterprises: enterprises.map(row => row.id), parcels }
}

/** The same for a whole survey after bulk work; what has no entry keeps what it shows. */
export function showAllStates(db: Db): void {
  run(
    db,
    `UPDATE enterprise SET state = ${STATE_OF_ENTERPRISE}
     WHERE id IN (SELECT enterprise_id FROM list_entry WHERE deleted = 0) AND state IS NOT ${STATE_OF_ENTERPRISE}`,
  )
  run(
    db,
    `UPDATE parcel_record SET state = ${STATE_OF_PARCEL}
     WHERE id IN (SELECT o.parcel_id FROM occupancy o JOIN list_entry l ON l.enterprise_id = o.enterprise_id AND l.deleted = 0
       WHERE o.deleted = 0) AND state IS NOT ${STATE_OF_PARCEL}`,
  )
}

export function boxOfParcel(db: Db, pk: number): [number, number, number, number] | undefined {
  return all<{ a: number; b: number; c: number; d: number }>(
    db,
    'SELECT min_x AS a, min_y AS b, max_x AS c, max_y AS d FROM parcel_box WHERE pk = ?',
    [pk],
  ).map(({ a, b, c, d }): [number, number, number, number] => [a, b, c, d])[0]
}
