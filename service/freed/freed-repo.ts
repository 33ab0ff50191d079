/** SQL of the freed-land ledger: its rows, the parcels they stand for, and the records behind proposals. */
import type { LeftPart, PlanFacts } from '../../shared/rules/freed-land.ts'
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'

export interface FreedRecord {
  readonly id: string
  readonly rev: number
  readonly parcel_id: string
  readonly source: string
  readonly source_entity: string | null
  readonly source_id: string | null
  readonly area_m2: number | null
  readonly available_on: string | null
  readonly plan_use: string | null
  readonly condition: string | null
  readonly project_name: string | null
  readonly investor: string | null
  readonly investment: number | null
  readonly signed_on: string | null
  readonly supplied_on: string | null
  readonly started_on: string | null
  readonly completed_on: string | null
  readonly production_on: string | null
  readonly withdrawn: number | null
  readonly remark: string | null
}

export function freedRecords(db: Db): FreedRecord[] {
  return all(
    db,
    `SELECT id, rev, parcel_id, source, source_entity, source_id, area_m2, available_on, plan_use, condition, project_name, investor,
       investment, signed_on, supplied_on, started_on, completed_on, production_on, withdrawn, remark
     FROM freed_land WHERE deleted = 0 ORDER BY pk`,
  )
}

export interface FreedParcel {
  readonly pk: number
  readonly id: string
  readonly deleted: number
  readonly code: string
  readonly name: string | null
  readonly unit: string | null
  readonly location: string | null
  readonly area_m2: number | null
  readonly side: string | null
  readonly subzones: string | null
  readonly plan_use: string | null
}

/** The parcels, also those that were divided or deleted since. */
export function freedParcels(db: Db, ids: readonly string[]): Map<string, FreedParcel> {
  const rows = all<FreedParcel>(
    db,
    `SELECT pk, id, deleted, code, name, unit, location, area_m2, side, subzones, plan_use FROM parcel
     WHERE id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  )
  return new Map(rows.map(row => [row.id, row]))
}

/** Local keys of the live parcels that each parcel became: itself while it lives, its parts after it was divided. */
export function livePartsOf(db: Db, ids: readonly string[]): Map<string, number[]> {
  const rows = all<{ root: string; pk: number }>(
    db,
    `WITH RECURSIVE line (root, id, depth) AS (
       SELECT value, value, 0 FROM json_each(?)
       UNION ALL SELECT line.root, p.id, line.depth + 1 FROM line JOIN parcel o ON o.id = line.id AND o.deleted = 1
         JOIN parcel p ON p.parent_id = o.id WHERE line.depth < 20)
     SELECT DISTINCT l.root, p.pk FROM line l JOIN parcel p ON p.id = l.id AND p.deleted = 0 ORDER BY p.pk`,
    [JSON.stringify(ids)],
  )
  const parts = new Map<string, number[]>()
  for (const { root, pk } of rows) parts.set(root, [...(parts.get(root) ?? []), pk])
  return parts
}

export function enterpriseNames(db: Db, ids: readonly string[]): Map<string, string> {
  const rows = all<{ id: string; name: string }>(
    db,
    'SELECT id, name FROM enterprise WHERE id IN (SELECT value FROM json_each(?))',
    [JSON.stringify(ids)],
  )
  return new Map(rows.map(row => [row.id, row.name]))
}

/** Measures and reached milestones of the plan behind each proving record. */
export function planFacts(db: Db): Map<string, PlanFacts> {
  const listOf = (sql: string): Map<string, string[]> => {
    const lists = new Map<string, string[]>()
    for (const { plan_id, type } of all<{ plan_id: string; type: string }>(db, sql))
      lists.set(plan_id, [...(lists.get(plan_id) ?? []), type])
    return lists
  }
  const measures = listOf('SELECT plan_id, type FROM measure WHERE deleted = 0')
  const reached = listOf('SELECT plan_id, type FROM milestone WHERE deleted = 0 AND date_actual IS NOT NULL')
  const records = all<{ id: string; plan_id: string }>(
    db,
    `SELECT id, plan_id FROM measure WHERE deleted = 0
     UNION ALL SELECT id, plan_id FROM acceptance WHERE deleted = 0 AND plan_id IS NOT NULL
     UNION ALL SELECT id, plan_id FROM reclamation WHERE deleted = 0 AND plan_id IS NOT NULL`,
  )
  return new Map(
    records.map(({ id, plan_id }) => [
      id,
      { measures: measures.get(plan_id) ?? [], reached: reached.get(plan_id) ?? [] },
    ]),
  )
}

/** Live parts of divided parcels that an enterprise used and none uses any more, with the day of the last end of use. */
export function leftParts(db: Db): LeftPart[] {
  return all(
    db,
    `SELECT p.id AS parcel_id, coalesce(p.area_m2, 0) AS area_m2, substr(max(o.updated_at), 1, 10) AS left_on, o.enterprise_id
     FROM parcel p JOIN occupancy o ON o.parcel_id = p.id AND o.deleted = 1
     WHERE p.deleted = 0 AND p.parent_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM occupancy l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
         WHERE l.parcel_id = p.id AND l.deleted = 0)
     GROUP BY p.id ORDER BY p.pk`,
  )
}
