/** SQL of the dashboard: targets, units with outlines, names behind the records. */
import type { DashboardTarget } from '../../shared/rules/dashboard.ts'
import { LIGHT_LIMITS, type LightLimits } from '../../shared/rules/progress.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'

export interface TargetRecord extends DashboardTarget {
  readonly id: string
}

/** Targets of all years; of several for the same thing the newest stands. */
export function allTargets(db: Db): TargetRecord[] {
  return all(db, 'SELECT id, scope, year, indicator, value FROM target WHERE deleted = 0 ORDER BY pk DESC')
}

export interface CampaignFacts {
  readonly name: string | null
  readonly start: number | null
  readonly end: number | null
  readonly carbon_factor: number | null
  readonly limits: LightLimits
}

export function campaignFacts(db: Db): CampaignFacts {
  const row = get<{
    name: string | null
    start: number | null
    end: number | null
    carbon_factor: number | null
    green: number | null
    yellow: number | null
  }>(
    db,
    `SELECT name, start_year AS start, end_year AS "end", carbon_factor, light_green_gap AS green, light_yellow_gap AS yellow
     FROM campaign WHERE deleted = 0 ORDER BY pk LIMIT 1`,
  )
  return {
    name: row?.name ?? null,
    start: row?.start ?? null,
    end: row?.end ?? null,
    carbon_factor: row?.carbon_factor ?? null,
    limits: { green: row?.green ?? LIGHT_LIMITS.green, yellow: row?.yellow ?? LIGHT_LIMITS.yellow },
  }
}

export function unitOutlines(db: Db): { unit: string; geometry: Uint8Array }[] {
  return all(
    db,
    'SELECT code AS unit, geometry FROM report_unit WHERE deleted = 0 AND geometry IS NOT NULL ORDER BY code',
  )
}

export interface NamedEnterprise {
  readonly id: string
  readonly name: string
  readonly unit: string | null
  readonly state: string | null
}

export function namedEnterprises(db: Db, ids: readonly string[]): Map<string, NamedEnterprise> {
  const rows = all<NamedEnterprise>(
    db,
    'SELECT id, name, unit, state FROM enterprise WHERE id IN (SELECT value FROM json_each(?))',
    [JSON.stringify(ids)],
  )
  return new Map(rows.map(row => [row.id, row]))
}

/** Local keys of the live parcels that enterprises use. */
export function parcelsOfEnterprises(db: Db, ids: readonly string[]): number[] {
  return all<{ pk: number }>(
    db,
    `SELECT DISTINCT p.pk FROM occupancy o JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
     WHERE o.deleted = 0 AND o.enterprise_id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  ).map(row => row.pk)
}

/** [west, south, east, north] around parcels, degrees; null when there are none. */
export function boxOfParcels(db: Db, pks: readonly number[]): [number, number, number, number] | null {
  const row = get<{ w: number | null; s: number; e: number; n: number }>(
    db,
    `SELECT min(min_x) AS w, min(min_y) AS s, max(max_x) AS e, max(max_y) AS n FROM parcel_box
     WHERE pk IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(pks)],
  )
  return row === undefined || row.w === null ? null : [row.w, row.s, row.e, row.n]
}

/** Names of the units in English, the Chinese one where there is none. */
export function englishUnitNames(db: Db): Map<string, string> {
  const rows = all<{ code: string; name: string }>(
    db,
    'SELECT code, coalesce(name_en, name) AS name FROM report_unit WHERE deleted = 0',
  )
  return new Map(rows.map(row => [row.code, row.name]))
}
