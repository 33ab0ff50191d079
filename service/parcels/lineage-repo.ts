/** What hangs on parcels when land is divided or joined. SQL text of this area stays here. */
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'

export interface OccupancyRow {
  readonly id: string
  readonly enterprise_id: string
  readonly role: string
  readonly used_area_m2: number | null
}

export function occupanciesOf(db: Db, parcelId: string): OccupancyRow[] {
  return all(
    db,
    'SELECT id, enterprise_id, role, used_area_m2 FROM occupancy WHERE parcel_id = ? AND deleted = 0 ORDER BY pk',
    [parcelId],
  )
}

export interface MembershipRow {
  readonly id: string
  readonly zone_id: string
  readonly year: number
  readonly linked_to: string | null
}

export function membershipsOf(db: Db, parcelId: string): MembershipRow[] {
  return all(
    db,
    `SELECT m.id, m.zone_id, z.year, m.linked_to FROM zone_member m JOIN zone z ON z.id = m.zone_id AND z.deleted = 0
     WHERE m.parcel_id = ? AND m.deleted = 0 ORDER BY m.pk`,
    [parcelId],
  )
}

/** Live members of zones that say they belong there because of this parcel. */
export function membersLinkedTo(db: Db, parcelId: string): { id: string; parcel_id: string }[] {
  return all(
    db,
    'SELECT id, parcel_id FROM zone_member WHERE linked_to = ? AND parcel_id <> linked_to AND deleted = 0',
    [parcelId],
  )
}

export function plansWith(db: Db, parcelId: string): { id: string; parcel_ids: string[] }[] {
  return all<{ id: string; parcel_ids: string }>(
    db,
    'SELECT s.id, s.parcel_ids FROM plan s, json_each(s.parcel_ids) j WHERE j.value = ? AND s.deleted = 0 GROUP BY s.id',
    [parcelId],
  ).map(row => ({ id: row.id, parcel_ids: JSON.parse(row.parcel_ids) }))
}

/** Live visits of a parcel. */
export function visitsOn(db: Db, parcelId: string): string[] {
  return all<{ id: string }>(db, 'SELECT id FROM survey_visit WHERE parcel_id = ? AND deleted = 0 ORDER BY pk', [
    parcelId,
  ]).map(row => row.id)
}

/** Live photos of a parcel itself; those of its visits go with the visits. */
export function photosOn(db: Db, parcelId: string): string[] {
  return all<{ id: string }>(
    db,
    "SELECT id FROM attachment WHERE owner_entity = 'parcel' AND owner_id = ? AND deleted = 0 ORDER BY pk",
    [parcelId],
  ).map(row => row.id)
}

/** Codes of live parcels that begin with `prefix`. */
export function codesBeginning(db: Db, prefix: string): Set<string> {
  return new Set(
    all<{ code: string }>(
      db,
      'SELECT code FROM parcel WHERE deleted = 0 AND substr(code, 1, :length) = :prefix AND code >= :prefix',
      { prefix, length: prefix.length },
    ).map(row => row.code),
  )
}
