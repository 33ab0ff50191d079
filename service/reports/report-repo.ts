/** SQL of reports: members, enterprises, plans of zones, and the head block. */
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { CLASS_SOURCE, RATED_CLASS } from '../scoring/rated-class.ts'

export interface ReportParcel {
  readonly pk: number
  readonly id: string
  readonly code: string
  readonly name: string | null
  readonly area_m2: number
  readonly area_in_m2: number | null
  readonly area_out_m2: number | null
  readonly side: string | null
  readonly side_marked: string | null
  readonly subzones: string | null
  readonly ownership: string | null
  readonly land_class: string | null
  readonly plan_use: string | null
  readonly overlap_farmland_m2: number | null
  readonly overlap_eco_m2: number | null
  readonly ineff_types: string | null
  readonly sizhi: string | null
  readonly geometry: Uint8Array
}

export function zoneParcels(db: Db, zoneId: string): ReportParcel[] {
  return all(
    db,
    `SELECT p.pk, p.id, p.code, p.name, coalesce(p.area_m2, 0) AS area_m2, p.area_in_m2, p.area_out_m2, p.side, p.side_marked,
       p.subzones, p.ownership, p.land_class, p.plan_use, p.overlap_farmland_m2, p.overlap_eco_m2, p.ineff_types, p.sizhi, p.geometry
     FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
     WHERE m.zone_id = ? AND m.deleted = 0 ORDER BY p.code`,
    [zoneId],
  )
}

export interface ReportEnterprise {
  readonly id: string
  readonly name: string
  readonly uscc: string | null
  readonly parcels: string
  readonly op_status: string | null
  readonly scale: string | null
  readonly class: string | null
  readonly class_source: string | null
  readonly land_mu: number | null
  readonly tax: number | null
}

/** Each enterprise once, with its figures of the newest year up to `year`. */
export function zoneEnterprises(db: Db, zoneId: string, year: number): ReportEnterprise[] {
  return all(
    db,
    `SELECT e.id, e.name, e.uscc, e.op_status, y.scale, ${RATED_CLASS} AS class, ${CLASS_SOURCE} AS class_source, y.land_mu_actual AS land_mu, y.tax,
       group_concat(DISTINCT p.code) AS parcels
     FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
       JOIN occupancy o ON o.parcel_id = p.id AND o.deleted = 0
       JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
       LEFT JOIN enterprise_year y ON y.id = (SELECT v.id FROM enterprise_year v WHERE v.enterprise_id = e.id
         AND v.deleted = 0 AND v.year <= ? ORDER BY v.year DESC LIMIT 1)
     WHERE m.zone_id = ? AND m.deleted = 0 GROUP BY e.id ORDER BY e.code`,
    [year, zoneId],
  )
}

export interface ReportPlan {
  readonly id: string
  readonly code: string
  readonly enterprise: string
  readonly route: string
  readonly freed_mu: number | null
  readonly freed_tce: number | null
  readonly new_tax: number | null
  readonly investment: number | null
  readonly due_date: string | null
  readonly departments: string | null
  readonly responsible: string | null
  readonly liaison: string | null
  readonly enterprise_id: string
  readonly status: string
}

/** The newest plan of each of the enterprises. */
export function newestPlans(db: Db, enterpriseIds: readonly string[]): ReportPlan[] {
  return all(
    db,
    `SELECT l.id, l.code, e.name AS enterprise, l.route, l.freed_mu, l.freed_tce, l.new_tax, l.investment, l.due_date,
       l.departments, l.responsible, l.liaison, l.enterprise_id, l.status
     FROM plan l JOIN enterprise e ON e.id = l.enterprise_id
     WHERE l.id IN (SELECT (SELECT v.id FROM plan v WHERE v.enterprise_id = j.value AND v.deleted = 0
       ORDER BY v.year DESC, v.version DESC LIMIT 1) FROM json_each(?) j) ORDER BY e.code`,
    [JSON.stringify(enterpriseIds)],
  )
}

export interface PlanStep {
  readonly plan_id: string
  readonly type: string
  readonly description: string | null
  readonly area_mu: number | null
  readonly planned: string | null
  readonly actual: string | null
}

export function planSteps(db: Db, table: 'measure' | 'milestone', planIds: readonly string[]): PlanStep[] {
  const columns =
    table === 'measure'
      ? 'description, area_mu, due_date AS planned, done_at AS actual'
      : 'NULL AS description, area_mu, date_planned AS planned, date_actual AS actual'
  return all(
    db,
    `SELECT plan_id, type, ${columns} FROM ${table} WHERE plan_id IN (SELECT value FROM json_each(?)) AND deleted = 0
     ORDER BY plan_id, position`,
    [JSON.stringify(planIds)],
  )
}

/**
 * New farmland of the reclamations on the live members and on the parcels that these were parts of, each once, m²; null when none is
 * on record.
 */
export function newFarmlandM2(db: Db, zoneId: string): number | null {
  return get<{ sum: number | null }>(
    db,
    `WITH RECURSIVE land (id) AS (
       SELECT p.id FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0 WHERE m.zone_id = ? AND m.deleted = 0
       UNION SELECT p.parent_id FROM land JOIN parcel p ON p.id = land.id WHERE p.parent_id IS NOT NULL)
     SELECT sum(new_farmland_m2) AS sum FROM reclamation WHERE deleted = 0 AND parcel_id IN (SELECT id FROM land)`,
    [zoneId],
  )!.sum
}

export function campaignHead(db: Db): { name: string; carbon_factor: number | null } | undefined {
  return get(db, 'SELECT name, carbon_factor FROM campaign WHERE deleted = 0 ORDER BY pk LIMIT 1')
}

/** Outlines of live parcels whose box meets the box (degrees), for the surroundings on a map. */
export function outlinesNear(
  db: Db,
  box: readonly [number, number, number, number],
  limit: number,
): { id: string; geometry: Uint8Array }[] {
  return all(
    db,
    `SELECT p.id, p.geometry FROM parcel_box b JOIN parcel p ON p.pk = b.pk AND p.deleted = 0
     WHERE b.max_x >= ? AND b.min_x <= ? AND b.max_y >= ? AND b.min_y <= ? LIMIT ?`,
    [box[0], box[2], box[1], box[3], limit],
  )
}

/** The live parcels of zones, each once. */
export function memberTotals(db: Db, zoneIds: readonly string[]): { parcels: number; area_m2: number } {
  return get<{ parcels: number; area_m2: number }>(
    db,
    `SELECT count(*) AS parcels, coalesce(sum(p.area_m2), 0) AS area_m2 FROM parcel p WHERE p.deleted = 0 AND p.id IN
       (SELECT m.parcel_id FROM zone_member m WHERE m.deleted = 0 AND m.zone_id IN (SELECT value FROM json_each(?)))`,
    [JSON.stringify(zoneIds)],
  )!
}

/** Where the land of each unit lies: the mean of its parcels' boxes, degrees; units without parcels are left out. */
export function unitPlaces(db: Db): { name: string; x: number; y: number }[] {
  return all(
    db,
    `SELECT u.name, avg((b.min_x + b.max_x) / 2) AS x, avg((b.min_y + b.max_y) / 2) AS y
     FROM report_unit u JOIN parcel p ON p.unit = u.code AND p.deleted = 0 JOIN parcel_box b ON b.pk = p.pk
     WHERE u.deleted = 0 GROUP BY u.code ORDER BY u.code`,
  )
}
