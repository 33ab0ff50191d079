/** SQL of the evaluation: enterprises of a year with their figures and stored scores, and the versions of the standards. */
import type { Tie } from '../../shared/rules/scoring/units.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'

export interface SubjectRow {
  readonly id: string
  /** Id of the record of the year. */
  readonly year_id: string
  readonly code: string
  readonly name: string
  readonly unit: string | null
  readonly op_status: string | null
  readonly overdue: number
  readonly scale: string | null
  readonly land_mu_actual: number | null
  readonly tax: number | null
  readonly value_added: number | null
  readonly revenue: number | null
  readonly rd: number | null
  readonly employees: number | null
  readonly power_kwh: number | null
  readonly energy_tce: number | null
  readonly emission_t: number | null
  readonly class: string | null
  readonly score: number | null
  readonly computed_class: string | null
  readonly computed_score: number | null
  readonly score_basis: string | null
  readonly veto_causes: string | null
}

/** Who is tied to which parcel, for those who are judged together: parcels with a tenant. */
export function tiesOfTenants(db: Db): Tie[] {
  return all(
    db,
    `SELECT o.enterprise_id, o.parcel_id, o.role, o.used_area_m2 FROM occupancy o
       JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
     WHERE o.deleted = 0 AND o.parcel_id IN (SELECT parcel_id FROM occupancy WHERE role = 'TENANT' AND deleted = 0)
     ORDER BY o.parcel_id, o.enterprise_id`,
  )
}

/** Live enterprises with figures of the year, by code. `today` decides whose agreed completion has passed. */
export function subjectRows(db: Db, year: number, today: string): SubjectRow[] {
  return all(
    db,
    `SELECT e.id, y.id AS year_id, e.code, e.name, e.unit, e.op_status,
       EXISTS (SELECT 1 FROM occupancy o JOIN idle_case i ON i.parcel_id = o.parcel_id AND i.deleted = 0
         WHERE e.op_status = 'not_started' AND o.enterprise_id = e.id AND o.deleted = 0
           AND i.agreed_completion < :today) AS overdue,
       y.scale, y.land_mu_actual, y.tax, y.value_added, y.revenue, y.rd, y.employees, y.power_kwh, y.energy_tce,
       y.emission_t, y.class, y.score, y.computed_class, y.computed_score, y.score_basis, y.veto_causes
     FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
     WHERE y.deleted = 0 AND y.year = :year ORDER BY e.code`,
    { year, today },
  )
}

export interface StandardRow {
  readonly id: string
  readonly year: number
  readonly name: string
  readonly version: number
  readonly standard: string | null
}

export function activeStandard(db: Db, year: number): StandardRow | undefined {
  return get(
    db,
    `SELECT id, year, name, version, standard FROM score_standard
     WHERE deleted = 0 AND active = 1 AND year = ? ORDER BY version DESC LIMIT 1`,
    [year],
  )
}

export function newestStandardVersion(db: Db, year: number): number {
  return (
    get<{ version: number | null }>(db, 'SELECT max(version) AS version FROM score_standard WHERE year = ?', [year])!
      .version ?? 0
  )
}

/** Years that have a standard of their own, newest first. */
export function yearsWithStandard(db: Db): number[] {
  return all<{ year: number }>(
    db,
    'SELECT DISTINCT year FROM score_standard WHERE deleted = 0 AND active = 1 ORDER BY year DESC',
  ).map(row => row.year)
}
