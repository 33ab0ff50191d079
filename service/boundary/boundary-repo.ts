/** SQL of boundary versions, their features, and the computed side of parcels. */
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

/** The version that decides sides: the active one, otherwise the newest; undefined when there is none. */
export function activeBoundary(db: Db): { id: string } | undefined {
  return get(
    db,
    `SELECT id FROM boundary_version v WHERE deleted = 0 AND coalesce(kind, 'development') = 'development' ${FIRST_DECIDES} LIMIT 1`,
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

export interface SideRow {
  readonly pk: number
  readonly area_m2: number
  readonly perimeter_m: number
  readonly side: string | null
  readonly area_in_m2: number | null
  readonly subzones: string | null
}

/** Live parcels with what is stored of their side, by pk. */
export function eachSideRow(db: Db): IterableIterator<SideRow> {
  return iterate(
    db,
    `SELECT pk, coalesce(area_m2, 0) AS area_m2, coalesce(perimeter_m, 0) AS perimeter_m, side, area_in_m2, subzones
     FROM parcel WHERE deleted = 0 ORDER BY pk`,
  )
}

export interface BoxRow {
  readonly pk: number
  readonly min_x: number
  readonly max_x: number
  readonly min_y: number
  readonly max_y: number
}

/** Boxes of all parcels in the order of the R*Tree's leaves, which is much cheaper than asking one by one. */
export function eachParcelBox(db: Db): IterableIterator<BoxRow> {
  return iterate(db, 'SELECT pk, min_x, max_x, min_y, max_y FROM parcel_box')
}

export function parcelGeometry(db: Db, pk: number): Uint8Array | undefined {
  return get<{ geometry: Uint8Array }>(db, 'SELECT geometry FROM parcel WHERE pk = ?', [pk])?.geometry
}

export function clearSides(db: Db, boundaryId: string): void {
  run(db, 'DELETE FROM parcel_side WHERE boundary_id = ?', [boundaryId])
}

export interface StoredSide {
  readonly side: string
  readonly inside_share: number
  readonly area_in_m2: number
  readonly area_out_m2: number
  readonly subzones: string
}

export function writeSide(db: Db, boundaryId: string, pk: number, side: StoredSide): void {
  prepare(
    db,
    `INSERT OR REPLACE INTO parcel_side (boundary_id, parcel_pk, side, inside_share, area_in_m2, area_out_m2, subzones)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(boundaryId, pk, side.side, side.inside_share, side.area_in_m2, side.area_out_m2, side.subzones)
}

/** The columns of `parcel` that repeat the side under the active version; null where nothing is known. */
export function writeParcelSide(db: Db, pk: number, side: StoredSide | null): void {
  prepare(
    db,
    'UPDATE parcel SET side = ?, area_in_m2 = ?, area_out_m2 = ?, inside_share = ?, subzones = ? WHERE pk = ?',
  ).run(
    side?.side ?? 'unknown',
    side?.area_in_m2 ?? null,
    side?.area_out_m2 ?? null,
    side?.inside_share ?? null,
    side?.subzones ?? null,
    pk,
  )
}

/** Writes a measured overlap with a warning layer; the column is one of the fixed names of `constraints.ts`. */
export function writeOverlap(db: Db, pk: number, column: OverlapColumn, areaM2: number): boolean {
  return (
    prepare(db, `UPDATE parcel SET ${column} = ? WHERE pk = ? AND ${column} IS NOT ?`).run(areaM2, pk, areaM2).changes >
    0
  )
}

export type OverlapColumn = 'overlap_farmland_m2' | 'overlap_eco_m2'

/** Nothing is known any more of the overlap with a layer that was taken away. */
export function forgetOverlaps(db: Db, column: OverlapColumn): void {
  run(db, `UPDATE parcel SET ${column} = NULL WHERE ${column} IS NOT NULL`)
}
