/** SQL of contiguous zones and their members, and the parcels that zones are made of. */
import type { Box } from '../../shared/geometry/types.ts'
import { type ZoneDayField, zoneStatusOn } from '../../shared/rules/zone-days.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all, get } from '../db/sql.ts'

export interface ZoneParcelRow {
  readonly pk: number
  readonly id: string
  readonly code: string
  readonly unit: string | null
  readonly location: string | null
  readonly area_m2: number
  readonly area_out_m2: number | null
  readonly geometry: Uint8Array
}

const PARCEL_COLUMNS = `p.pk, p.id, p.code, p.unit, p.location, coalesce(p.area_m2, 0) AS area_m2, p.area_out_m2, p.geometry`

/**
 * Live parcels (of one unit when given) after a local key, in the order they were stored. Pages instead of one long cursor:
 * the caller awaits in between, and an open cursor would keep the survey from being closed.
 */
export function zoneParcelPage(db: Db, unit: string | undefined, afterPk: number, limit: number): ZoneParcelRow[] {
  if (unit === undefined) {
    return all(db, `SELECT ${PARCEL_COLUMNS} FROM parcel p WHERE p.deleted = 0 AND p.pk > ? ORDER BY p.pk LIMIT ?`, [
      afterPk,
      limit,
    ])
  }
  return all(
    db,
    `SELECT ${PARCEL_COLUMNS} FROM parcel p WHERE p.deleted = 0 AND p.unit = ? AND p.pk > ? ORDER BY p.pk LIMIT ?`,
    [unit, afterPk, limit],
  )
}

/** The live parcels among the ids, in code order. */
export function zoneParcelsByIds(db: Db, ids: readonly string[]): ZoneParcelRow[] {
  return all(
    db,
    `SELECT ${PARCEL_COLUMNS} FROM parcel p WHERE p.id IN (SELECT value FROM json_each(?)) AND p.deleted = 0 ORDER BY p.code`,
    [JSON.stringify(ids)],
  )
}

export function countParcels(db: Db, unit: string | undefined): number {
  if (unit === undefined) return get<{ n: number }>(db, 'SELECT count(*) AS n FROM parcel WHERE deleted = 0')!.n
  return get<{ n: number }>(db, 'SELECT count(*) AS n FROM parcel WHERE deleted = 0 AND unit = ?', [unit])!.n
}

export interface CampaignRow {
  readonly gap_m: number | null
  readonly zone_min_mu: number | null
  readonly zone_min_parcels: number | null
}

export function campaignZoneSettings(db: Db): CampaignRow | undefined {
  return get(db, 'SELECT gap_m, zone_min_mu, zone_min_parcels FROM campaign WHERE deleted = 0 ORDER BY pk LIMIT 1')
}

export interface ZoneRow {
  readonly pk: number
  readonly id: string
  readonly rev: number
  readonly code: string
  readonly name: string
  readonly year: number
  readonly unit: string | null
  readonly status: string
  readonly direction: string | null
  readonly locked: number | null
  readonly cross_unit: number | null
  readonly gap_m: number | null
  readonly outline_method: string | null
  readonly geometry: Uint8Array | null
}

const ZONE_COLUMNS = `z.pk, z.id, z.rev, z.code, z.name, z.year, z.unit, z.status, z.direction, z.locked, z.cross_unit, z.gap_m, z.outline_method, z.geometry`

/** Live zones by code; of one year and one unit when given. */
export function listZones(db: Db, filter: { year?: number; unit?: string }): ZoneRow[] {
  return all(
    db,
    `SELECT ${ZONE_COLUMNS} FROM zone z WHERE z.deleted = 0
       AND (:year IS NULL OR z.year = :year) AND (:unit IS NULL OR z.unit = :unit) ORDER BY z.year DESC, z.code`,
    { year: filter.year ?? null, unit: filter.unit ?? null },
  )
}

export function findZone(db: Db, key: { id?: string; code?: string }): ZoneRow | undefined {
  if (key.id !== undefined)
    return get(db, `SELECT ${ZONE_COLUMNS} FROM zone z WHERE z.id = ? AND z.deleted = 0`, [key.id])
  return get(db, `SELECT ${ZONE_COLUMNS} FROM zone z WHERE z.code = ? AND z.deleted = 0`, [key.code ?? ''])
}

export function zoneRecord(db: Db, id: string): Record<string, unknown> {
  return rowToRecord('zone', get<Row>(db, `SELECT ${selectColumns('zone', 'z')} FROM zone z WHERE z.id = ?`, [id])!)
}

export interface ZoneTotals {
  readonly zone_id: string
  readonly parcels: number
  readonly enterprises: number
  readonly area_m2: number
  readonly area_in_m2: number
  readonly area_out_m2: number
  readonly min_x: number | null
  readonly min_y: number | null
  readonly max_x: number | null
  readonly max_y: number | null
}

/** Sums over the live members of the given zones; zones without members are left out. */
export function zoneTotals(db: Db, zoneIds: readonly string[]): Map<string, ZoneTotals> {
  const rows = all<ZoneTotals>(
    db,
    `SELECT m.zone_id, count(*) AS parcels, coalesce(sum(p.area_m2), 0) AS area_m2,
       coalesce(sum(p.area_in_m2), 0) AS area_in_m2, coalesce(sum(p.area_out_m2), 0) AS area_out_m2,
       (SELECT count(DISTINCT o.enterprise_id) FROM zone_member n
          JOIN occupancy o ON o.parcel_id = n.parcel_id AND o.deleted = 0
          JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
          JOIN parcel q ON q.id = n.parcel_id AND q.deleted = 0
        WHERE n.zone_id = m.zone_id AND n.deleted = 0) AS enterprises,
       min(b.min_x) AS min_x, min(b.min_y) AS min_y, max(b.max_x) AS max_x, max(b.max_y) AS max_y
     FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
       LEFT JOIN parcel_box b ON b.pk = p.pk
     WHERE m.zone_id IN (SELECT value FROM json_each(?)) AND m.deleted = 0 GROUP BY m.zone_id`,
    [JSON.stringify(zoneIds)],
  )
  return new Map(rows.map(row => [row.zone_id, row]))
}

export interface MemberDetailRow {
  readonly member_id: string
  readonly parcel_id: string
  readonly pk: number
  readonly code: string
  readonly area_m2: number
  readonly side: string
  readonly enterprises: string | null
  readonly manual: number | null
  readonly linked_code: string | null
  readonly distance_m: number | null
}

/** Live members of a zone whose parcels are live, by parcel code. */
export function memberDetails(db: Db, zoneId: string): MemberDetailRow[] {
  return all(
    db,
    `SELECT m.id AS member_id, m.parcel_id, p.pk, p.code, coalesce(p.area_m2, 0) AS area_m2,
       coalesce(p.side, 'unknown') AS side, m.manual, l.code AS linked_code, m.distance_m,
       (SELECT group_concat(name, '、') FROM (SELECT DISTINCT e.name FROM occupancy o
          JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
          WHERE o.parcel_id = p.id AND o.deleted = 0 ORDER BY e.code)) AS enterprises
     FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
       LEFT JOIN parcel l ON l.id = m.linked_to AND l.deleted = 0
     WHERE m.zone_id = ? AND m.deleted = 0 ORDER BY p.code`,
    [zoneId],
  )
}

export interface OutsideParcelRow {
  readonly code: string
  readonly name: string | null
  readonly right_holder: string | null
  readonly location: string | null
  readonly geometry: Uint8Array
}

/** Live parcels that are not in the zone and whose box meets `box` (degrees), by code. */
export function outsideParcelsNear(db: Db, zoneId: string, box: Readonly<Box>): OutsideParcelRow[] {
  return all(
    db,
    `SELECT p.code, p.name, p.right_holder, p.location, p.geometry FROM parcel p JOIN parcel_box b ON b.pk = p.pk
     WHERE p.deleted = 0 AND b.max_x >= ? AND b.min_x <= ? AND b.max_y >= ? AND b.min_y <= ?
       AND NOT EXISTS (SELECT 1 FROM zone_member m WHERE m.zone_id = ? AND m.parcel_id = p.id AND m.deleted = 0)
     ORDER BY p.code`,
    [box[0], box[2], box[1], box[3], zoneId],
  )
}

export interface MemberRow {
  readonly id: string
  readonly zone_id: string
  readonly parcel_id: string
  readonly manual: boolean
  /** Of the parcel; 0 when it was removed since. */
  readonly area_m2: number
}

/** Live memberships of all live zones of a year. */
export function membersOfYear(db: Db, year: number): MemberRow[] {
  return all<Omit<MemberRow, 'manual'> & { manual: number | null }>(
    db,
    `SELECT m.id, m.zone_id, m.parcel_id, m.manual, coalesce(p.area_m2, 0) AS area_m2 FROM zone_member m
     JOIN zone z ON z.id = m.zone_id AND z.deleted = 0
     LEFT JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
     WHERE z.year = ? AND m.deleted = 0`,
    [year],
  ).map(row => ({ ...row, manual: row.manual === 1 }))
}

/** Live memberships of one zone. */
export function liveMembers(db: Db, zoneId: string): { id: string; parcel_id: string }[] {
  return all(db, 'SELECT id, parcel_id FROM zone_member WHERE zone_id = ? AND deleted = 0 ORDER BY pk', [zoneId])
}

/** Codes of parcels by id, removed ones too: a zone may still name them. */
export function parcelCodes(db: Db, ids: readonly string[]): Map<string, string> {
  const rows = all<{ id: string; code: string }>(
    db,
    'SELECT id, code FROM parcel WHERE id IN (SELECT value FROM json_each(?))',
    [JSON.stringify(ids)],
  )
  return new Map(rows.map(row => [row.id, row.code]))
}

export function zoneNames(db: Db, year: number): string[] {
  return all<{ name: string }>(db, 'SELECT name FROM zone WHERE year = ? AND deleted = 0', [year]).map(row => row.name)
}

/** Parcels that people took out of zones of a year: `zone parcel` keys. The mark is a removed member linked to itself. */
export function takenOutByHand(db: Db, year: number): Set<string> {
  const rows = all<{ zone_id: string; parcel_id: string }>(
    db,
    `SELECT DISTINCT m.zone_id, m.parcel_id FROM zone_member m JOIN zone z ON z.id = m.zone_id
     WHERE z.year = ? AND m.deleted = 1 AND m.linked_to = m.parcel_id
       AND NOT EXISTS (SELECT 1 FROM zone_member n WHERE n.zone_id = m.zone_id AND n.parcel_id = m.parcel_id AND n.deleted = 0)`,
    [year],
  )
  return new Set(rows.map(row => handKey(row.zone_id, row.parcel_id)))
}

export function handKey(zoneId: string, parcelId: string): string {
  return `${zoneId} ${parcelId}`
}

export interface TakenParcel {
  readonly parcel_id: string
  readonly parcel_code: string
  readonly zone_id: string
  readonly zone_code: string
  readonly zone_name: string
}

/** Which of these parcels are in a live zone of the year already. */
export function zonesHolding(db: Db, year: number, parcelIds: readonly string[]): TakenParcel[] {
  return all(
    db,
    `SELECT m.parcel_id, p.code AS parcel_code, z.id AS zone_id, z.code AS zone_code, z.name AS zone_name
     FROM zone_member m JOIN zone z ON z.id = m.zone_id AND z.deleted = 0
       JOIN parcel p ON p.id = m.parcel_id
     WHERE z.year = ? AND m.deleted = 0 AND m.parcel_id IN (SELECT value FROM json_each(?)) ORDER BY p.code`,
    [year, JSON.stringify(parcelIds)],
  )
}

/** All codes that begin with `prefix`, of removed zones too: a code is never given twice. */
export function zoneCodes(db: Db, prefix: string): string[] {
  return all<{ code: string }>(db, 'SELECT code FROM zone WHERE substr(code, 1, ?) = ?', [prefix.length, prefix]).map(
    row => row.code,
  )
}

export function unitNames(db: Db): Map<string, string> {
  const rows = all<{ code: string; name: string }>(
    db,
    'SELECT code, name FROM report_unit WHERE deleted = 0 ORDER BY code',
  )
  return new Map(rows.map(row => [row.code, row.name]))
}

export interface QuotaRow {
  readonly unit: string
  readonly zones: number
  readonly approved: number
  readonly area_m2: number
}

/**
 * Zones and memberships as they stood at the end of a day, by their own days; what has none counts as it is now. A membership
 * that ended later keeps its land, also when the parcel was divided or deleted since. Binds `:day`.
 */
const STOOD = {
  zone: '(z.deleted = 0 OR z.ended_on > :day) AND (z.planned_on IS NULL OR z.planned_on <= :day)',
  member: '(m.deleted = 0 OR m.left_on > :day) AND (m.joined_on IS NULL OR m.joined_on <= :day)',
  parcel: '(p.deleted = 0 OR m.deleted = 1)',
} as const
/** Later than every day: what stands now. */
const NOW = '9999-12-31'

/**
 * Zones with at least one parcel and the area of their land, each parcel once, for every unit, units without any included, at the end of `day`
 * (ISO, China); without it as they stand now.
 */
export function quotaRows(db: Db, year: number, day: string = NOW): QuotaRow[] {
  return all(
    db,
    `WITH seat AS (SELECT z.unit, z.id AS zone, p.id AS parcel, p.area_m2,
         z.status IN ('approved', 'in_progress', 'done') AND (z.approved_on IS NULL OR z.approved_on <= :day) AS is_approved
       FROM zone z JOIN zone_member m ON m.zone_id = z.id AND ${STOOD.member} JOIN parcel p ON p.id = m.parcel_id AND ${STOOD.parcel}
       WHERE z.year = :year AND ${STOOD.zone})
     SELECT u.code AS unit, count(DISTINCT s.zone) AS zones, count(DISTINCT CASE WHEN s.is_approved THEN s.zone END) AS approved,
       (SELECT coalesce(sum(area_m2), 0) FROM (SELECT DISTINCT parcel, area_m2 FROM seat WHERE unit = u.code)) AS area_m2
     FROM report_unit u LEFT JOIN seat s ON s.unit = u.code WHERE u.deleted = 0 GROUP BY u.code ORDER BY u.code`,
    { year, day },
  )
}

export interface QuotaZone {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly unit: string
  readonly status: string
}

/** The zones that `quotaRows` counts, with their state at the end of the day. */
export function quotaZones(db: Db, year: number, unit: string | null, day: string = NOW): QuotaZone[] {
  const rows = all<QuotaZone & Record<ZoneDayField, string | null>>(
    db,
    `SELECT z.id, z.code, z.name, z.unit, z.status, z.planned_on, z.approved_on, z.started_on, z.done_on
     FROM zone z JOIN report_unit u ON u.code = z.unit AND u.deleted = 0
     WHERE ${STOOD.zone} AND z.year = :year AND (:unit IS NULL OR z.unit = :unit)
       AND EXISTS (SELECT 1 FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND ${STOOD.parcel}
         WHERE m.zone_id = z.id AND ${STOOD.member}) ORDER BY z.code`,
    { year, unit, day },
  )
  return rows.map(zone => ({ ...zone, status: zoneStatusOn(zone, day) ?? zone.status }))
}

/** Local keys of the parcels behind `quotaZones`, those that still live. */
export function quotaParcels(db: Db, ids: readonly string[], day: string = NOW): number[] {
  return all<{ pk: number }>(
    db,
    `SELECT DISTINCT p.pk FROM zone_member m JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
     WHERE ${STOOD.member} AND m.zone_id IN (SELECT value FROM json_each(:ids))`,
    { ids: JSON.stringify(ids), day },
  ).map(row => row.pk)
}

/** Enterprises on parcels with their latest yearly figures, for ranking candidates. */
export interface LandFigures {
  /** Parcel id → ids of the enterprises that own or use it. */
  readonly enterprisesOf: ReadonlyMap<string, readonly string[]>
  /** Enterprise id → tax (万元) and land actually used (亩) of its latest year; null where one of them is unknown. */
  readonly yearOf: ReadonlyMap<string, { readonly tax: number | null; readonly land_mu: number | null }>
}

export function landFigures(db: Db, unit: string | undefined): LandFigures {
  const links = all<{ parcel_id: string; enterprise_id: string }>(
    db,
    `SELECT DISTINCT o.parcel_id, o.enterprise_id FROM occupancy o
       JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0 AND (:unit IS NULL OR p.unit = :unit)
       JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
     WHERE o.deleted = 0`,
    { unit: unit ?? null },
  )
  const enterprisesOf = new Map<string, string[]>()
  for (const { parcel_id, enterprise_id } of links) {
    const list = enterprisesOf.get(parcel_id)
    if (list) list.push(enterprise_id)
    else enterprisesOf.set(parcel_id, [enterprise_id])
  }
  const years = all<{ enterprise_id: string; tax: number | null; land_mu: number | null }>(
    db,
    `SELECT y.enterprise_id, y.tax, y.land_mu_actual AS land_mu FROM enterprise_year y
     WHERE y.deleted = 0 AND y.year = (SELECT max(n.year) FROM enterprise_year n
       WHERE n.enterprise_id = y.enterprise_id AND n.deleted = 0)`,
  )
  return { enterprisesOf, yearOf: new Map(years.map(({ enterprise_id, ...year }) => [enterprise_id, year])) }
}

/** Land of entries counted in `year` (their `counted_at`), each parcel once, in the first quarter that counts it. */
export function countedParcels(db: Db, year: number): { parcel_id: string; quarter: number }[] {
  return all(
    db,
    `SELECT o.parcel_id, min((CAST(substr(l.counted_at, 6, 2) AS INTEGER) + 2) / 3) AS quarter
     FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
       JOIN occupancy o ON o.enterprise_id = l.enterprise_id AND o.deleted = 0 AND o.role <> 'TENANT'
     WHERE l.deleted = 0 AND substr(l.counted_at, 1, 4) = ? GROUP BY o.parcel_id`,
    [String(year)],
  )
}
