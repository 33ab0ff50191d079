/** SQL of the identification: enterprises with their figures, land, checks, and the entries of the list. */
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { CLASS_SOURCE, RATED_CLASS } from '../scoring/rated-class.ts'

export interface EnterpriseRow {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly unit: string | null
  readonly industry_code: string | null
  readonly in_park: number | null
  readonly op_status: string | null
  readonly state: string | null
  /** JSON list. */
  readonly sides: string | null
  /** 1 when a parcel that it does not only rent is marked 淘汰落后产业 (T7). */
  readonly obsolete: number | null
}

/** Live enterprises with the sides of the parcels they use. */
export function enterpriseRows(db: Db, unit: string | undefined): EnterpriseRow[] {
  return all(
    db,
    `SELECT e.id, e.code, e.name, e.unit, e.industry_code, e.in_park, e.op_status, e.state, s.sides, s.obsolete
     FROM enterprise e LEFT JOIN (
       SELECT o.enterprise_id, json_group_array(DISTINCT coalesce(p.side, 'unknown')) AS sides,
         max(o.role IS NOT 'TENANT' AND p.ineff_types LIKE '%"T7"%') AS obsolete
       FROM occupancy o JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0 WHERE o.deleted = 0 GROUP BY o.enterprise_id
     ) s ON s.enterprise_id = e.id
     WHERE e.deleted = 0 AND (:unit IS NULL OR e.unit = :unit) ORDER BY e.code`,
    { unit: unit ?? null },
  )
}

export interface FiguresRow {
  readonly enterprise_id: string
  readonly industry_code: string | null
  readonly year: number
  readonly scale: string | null
  readonly land_mu_actual: number | null
  readonly tax: number | null
  readonly value_added: number | null
  readonly energy_tce: number | null
  readonly class: string | null
  readonly class_source: string | null
}

/** Figures of all enterprises up to a year. */
export function figuresUpTo(db: Db, year: number): FiguresRow[] {
  return all(
    db,
    `SELECT y.enterprise_id, e.industry_code, y.year, y.scale, y.land_mu_actual, y.tax, y.value_added, y.energy_tce,
       ${RATED_CLASS} AS class, ${CLASS_SOURCE} AS class_source
     FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
     WHERE y.deleted = 0 AND y.year <= ? ORDER BY y.enterprise_id, y.year`,
    [year],
  )
}

export interface IdleRow {
  readonly enterprise_id: string
  readonly delivered_on: string | null
  readonly agreed_start: string | null
  readonly agreed_completion: string | null
  readonly actual_start: string | null
  readonly stopped_on: string | null
  readonly due_area_m2: number | null
  readonly developed_area_m2: number | null
  readonly total_investment: number | null
  readonly actual_investment: number | null
}

/** Idle-land records of the parcels that enterprises use. */
export function idleRows(db: Db): IdleRow[] {
  return all(
    db,
    `SELECT o.enterprise_id, i.delivered_on, i.agreed_start, i.agreed_completion, i.actual_start, i.stopped_on,
       i.due_area_m2, i.developed_area_m2, i.total_investment, i.actual_investment
     FROM idle_case i JOIN occupancy o ON o.parcel_id = i.parcel_id AND o.deleted = 0 WHERE i.deleted = 0`,
  )
}

/** Dimensions with an unsatisfactory check that was not put right, by enterprise. */
export function failedChecks(db: Db): { enterprise_id: string; dimension: string }[] {
  return all(
    db,
    `SELECT DISTINCT coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) AS enterprise_id, c.dimension
     FROM compliance_check c LEFT JOIN plan p ON p.id = c.plan_id LEFT JOIN survey_visit v ON v.id = c.visit_id
     WHERE c.deleted = 0 AND c.result = 'fail' AND c.rectified_at IS NULL
       AND coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) IS NOT NULL`,
  )
}

export interface EntryRow {
  readonly id: string
  readonly enterprise_id: string
  readonly state: string
  readonly exclusion_reason: string | null
  readonly hit_rules: string | null
}

export function listEntries(db: Db): EntryRow[] {
  return all(
    db,
    'SELECT id, enterprise_id, state, exclusion_reason, hit_rules FROM list_entry WHERE deleted = 0 ORDER BY pk',
  )
}

export interface RuleSetRow {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly rules: string | null
}

export function activeRuleSet(db: Db): RuleSetRow | undefined {
  return get(
    db,
    'SELECT id, name, version, rules FROM rule_set WHERE deleted = 0 AND active = 1 ORDER BY version DESC LIMIT 1',
  )
}

export function ruleSetById(db: Db, id: string): RuleSetRow | undefined {
  return get(db, 'SELECT id, name, version, rules FROM rule_set WHERE deleted = 0 AND id = ?', [id])
}

/** All versions, newest first. */
export function ruleSetVersions(
  db: Db,
): { id: string; name: string; version: number; active: number | null; created_by: string; created_at: string }[] {
  return all(
    db,
    'SELECT id, name, version, active, created_by, created_at FROM rule_set WHERE deleted = 0 ORDER BY version DESC',
  )
}

export function newestRuleVersion(db: Db): number {
  return get<{ version: number | null }>(db, 'SELECT max(version) AS version FROM rule_set')?.version ?? 0
}

export function newestYear(db: Db): number | null {
  return get<{ year: number | null }>(db, 'SELECT max(year) AS year FROM enterprise_year WHERE deleted = 0')!.year
}
