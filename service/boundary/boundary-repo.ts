/** SQL of boundary versions, their features, and the computed side of parcels. */
import type { ComputedSide } from '../../shared/geometry/side.ts'
import type { Box } from '../../shared/geometry/types.ts'
import type { CodeOf } from '../../shared/model/enumerations.ts'
import type { Db } from '../db/open.ts'
import { all, get, iterate, prepare, run } from '../db/sql.ts'

export interface BoundaryVersionRow {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly effective_date: string
  readonly status: string
  readonly kind: LayerKind
  readonly import_batch: string | null
  readonly features: number
}

export type LayerKind = CodeOf<'boundary_kind'>

const VERSION = `SELECT v.id, v.code, v.name, v.effective_date, v.status, coalesce(v.kind, 'development') AS kind, v.import_batch,
  (SELECT count(*) FROM boundary_feature f WHERE f.boundary_id = v.id AND f.deleted = 0) AS features
  FROM boundary_version v WHERE v.deleted = 0`

/** The order in which versions of one kind decide: the active one, otherwise the newest. */
const FIRST_DECIDES = `ORDER BY (v.status = 'active') DESC, v.effective_date DESC, v.pk DESC`

/** Versions of the development boundary: the active one first, then by effective date, newest first. */
export function listBoundaries(db: Db): BoundaryVersionRow[] {
  return all(db, `${VERSION} AND coalesce(v.kind, 'development') = 'development' ${FIRST_DECIDES}`)
}

/** Layers beside the boundary: farmland, ecological red lines, barriers. */
export function listLayers(db: Db): BoundaryVersionRow[] {
  return all(db, `${VERSION} AND coalesce(v.kind, 'development') <> 'development' ${FIRST_DECIDES}`)
}

/** The version of a warning layer that counts, or undefined when none was imported. */
export function activeLayer(db: Db, kind: LayerKind): BoundaryVersionRow | undefined {
  return get(db, `${VERSION} AND v.kind = ? ${FIRST_DECIDES} LIMIT 1`, [kind])
}

/** Outlines of all live barriers; every imported file of them counts. */
export function barrierGeometries(db: Db): { geometry: Uint8Array }[] {
  return all(
    db,
    `SELECT f.geometry FROM boundary_feature f JOIN boundary_version v ON v.id = f.boundary_id
     WHERE v.kind = 'barrier' AND v.deleted = 0 AND f.deleted = 0 ORDER BY f.pk`,
  )
}

export function findBoundary(db: Db, id: string): BoundaryVersionRow | undefined {
  return get(db, `${VERSION} AND v.id = ?`, [id])
}

export function boundaryPkOf(db: Db, id: string): number {
  return get<{ pk: number }>(db, 'SELECT pk FROM boundary_version WHERE id = ?', [id])!.pk
}

/** The version that decides sides: the active one, otherwise the newest; undefined when there is none. */
export function activeBoundary(db: Db): { id: string; pk: number } | undefined {
  return get(
    db,
    `SELECT id, pk FROM boundary_version v WHERE deleted = 0 AND coalesce(kind, 'development') = 'development' ${FIRST_DECIDES} LIMIT 1`,
  )
}

/** A text that changes whenever the features of a version change. */
export function featureStamp(db: Db, boundaryId: string): string {
  const row = get<{ n: number; revs: number; last: number; at: string }>(
    db,
    `SELECT count(*) AS n, total(rev) AS revs, coalesce(max(pk), 0) AS last,
       coalesce(max(updated_at), '') AS at FROM boundary_feature
     WHERE boundary_id = ? AND deleted = 0`,
    [boundaryId],
  )!
  return `${row.n}/${row.revs}/${row.last}/${row.at}`
}

export interface FeatureRow {
  readonly subzone: string
  readonly geometry: Uint8Array
}

export function boundaryFeatures(db: Db, boundaryId: string): FeatureRow[] {
  return all(db, 'SELECT subzone, geometry FROM boundary_feature WHERE boundary_id = ? AND deleted = 0 ORDER BY pk', [
    boundaryId,
  ])
}

/** Features whose box meets `box` (degrees). */
export function boundaryFeaturesIn(db: Db, boundaryId: string, box: Readonly<Box>): FeatureRow[] {
  return all(
    db,
    `SELECT f.subzone, f.geometry FROM boundary_feature f JOIN boundary_feature_box b ON b.pk = f.pk
     WHERE f.boundary_id = ? AND f.deleted = 0 AND b.max_x >= ? AND b.min_x <= ? AND b.max_y >= ? AND b.min_y <= ?
     ORDER BY f.pk`,
    [boundaryId, box[0], box[2], box[1], box[3]],
  )
}

/** Id of the newest edit: unique for every transaction, rolled back ones included. */
export function latestEditId(db: Db): string {
  return get<{ id: string }>(db, 'SELECT id FROM edit ORDER BY seq DESC LIMIT 1')?.id ?? ''
}

export interface ToleranceRow {
  readonly side_tolerance_m2: number | null
  readonly side_tolerance_per_m: number | null
}

export function campaignTolerance(db: Db): ToleranceRow | undefined {
  return get(db, 'SELECT side_tolerance_m2, side_tolerance_per_m FROM campaign WHERE deleted = 0 ORDER BY pk LIMIT 1')
}

/** A live parcel with what it takes to measure it; `geometry` as stored. */
export interface MeasuredRow {
  readonly area_m2: number
  readonly perimeter_m: number
  readonly geometry: Uint8Array
}

export function measuredParcel(db: Db, pk: number): MeasuredRow | undefined {
  return get(
    db,
    `SELECT coalesce(area_m2, 0) AS area_m2, coalesce(perimeter_m, 0) AS perimeter_m, geometry FROM parcel_record WHERE pk = ?`,
    [pk],
  )
}

export function countLiveParcels(db: Db): number {
  return get<{ n: number }>(db, 'SELECT count(*) AS n FROM parcel_record WHERE deleted = 0')!.n
}

/** The version whose sides parcels show; undefined before the first one. `live` is 0 once the version itself is gone. */
export function shownBoundary(db: Db): { id: string; pk: number; live: 0 | 1 } | undefined {
  return get(
    db,
    'SELECT v.id, v.pk, 1 - v.deleted AS live FROM parcel_side_shown s JOIN boundary_version v ON v.pk = s.boundary_pk',
  )
}

/** From now on parcels show their sides under this version. */
export function showSides(db: Db, boundaryPk: number): void {
  run(db, 'INSERT OR REPLACE INTO parcel_side_shown (only_row, boundary_pk) VALUES (1, ?)', [boundaryPk])
}

export interface StoredSide {
  readonly side: ComputedSide
  readonly inside_share: number
  /** JSON list. */
  readonly subzones: string
}

/** Sides that parcels show, by rising pk. */
export function eachShownSide(db: Db): IterableIterator<StoredSide & { readonly pk: number }> {
  return iterate(
    db,
    `SELECT parcel_pk AS pk, side, inside_share, subzones FROM parcel_side
     WHERE boundary_pk = (SELECT boundary_pk FROM parcel_side_shown) ORDER BY parcel_pk`,
  )
}

export function clearSides(db: Db, boundaryPk: number): void {
  run(db, 'DELETE FROM parcel_side WHERE boundary_pk = ?', [boundaryPk])
}

/** Sides under a version that goes away are nobody's any more; if parcels showed them, theirs are unknown. */
export function forgetVersion(db: Db, id: string): void {
  const pk = boundaryPkOf(db, id)
  clearSides(db, pk)
  run(db, 'DELETE FROM parcel_side_shown WHERE boundary_pk = ?', [pk])
}

export function writeSide(db: Db, boundaryPk: number, pk: number, side: StoredSide): void {
  prepare(
    db,
    `INSERT OR REPLACE INTO parcel_side (boundary_pk, parcel_pk, side, inside_share, subzones) VALUES (?, ?, ?, ?, ?)`,
  ).run(boundaryPk, pk, side.side, side.inside_share, side.subzones)
}

/** The same side for many parcels in one statement, which is three times as fast as one for each. None may have one yet. */
export function writeSides(db: Db, boundaryPk: number, pks: readonly number[], side: StoredSide): void {
  prepare(
    db,
    `INSERT INTO parcel_side (boundary_pk, parcel_pk, side, inside_share, subzones)
     SELECT ?, value, ?, ?, ? FROM json_each(?)`,
  ).run(boundaryPk, side.side, side.inside_share, side.subzones, `[${pks.join()}]`)
}

/** Writes a measured overlap with a warning layer; the column is one of the fixed names of `constraints.ts`. */
export function writeOverlap(db: Db, pk: number, column: OverlapColumn, areaM2: number): boolean {
  return (
    prepare(db, `UPDATE parcel_record SET ${column} = ? WHERE pk = ? AND ${column} IS NOT ?`).run(areaM2, pk, areaM2)
      .changes > 0
  )
}

export type OverlapColumn = 'overlap_farmland_m2' | 'overlap_eco_m2'

/** Nothing is known any more of the overlap with a layer that was taken away. */
export function forgetOverlaps(db: Db, column: OverlapColumn): void {
  run(db, `UPDATE parcel_record SET ${column} = NULL WHERE ${column} IS NOT NULL`)
}
