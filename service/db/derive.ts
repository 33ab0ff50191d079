/**
 * What follows from a record's own values: areas, box and side of a geometry, search keys of names. Called by the write
 * path on every create, update, undo and import, so that a derived value can never be older than what it is derived from.
 */
import { ellipsoidAreaM2, perimeterM, planarAreaM2 } from '../../shared/geometry/area.ts'
import { type PlaneProjection, projectToPlane } from '../../shared/geometry/plane.ts'
import type { Box, FlatPolygons } from '../../shared/geometry/types.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import { searchKeysOf } from '../search/search-keys.ts'
import type { Db } from './open.ts'
import { run } from './sql.ts'

/** Works out and writes the side of a parcel under the boundary that decides; installed by service/boundary. */
export type SideHook = (
  db: Db,
  parcel: { pk: number; polygons: FlatPolygons; box: Box; areaM2: number; perimeterM: number },
) => void

/** The side of a parcel is unknown from now on: its outline changed and nothing says on which side that lies. */
export function forgetSide(db: Db, pk: number): void {
  run(db, 'DELETE FROM parcel_side WHERE boundary_pk = (SELECT boundary_pk FROM parcel_side_shown) AND parcel_pk = ?', [
    pk,
  ])
}

const BOXED: ReadonlySet<EntityName> = new Set<EntityName>(['parcel', 'boundary_feature'])
const SEARCHED: ReadonlySet<EntityName> = new Set<EntityName>(['parcel', 'enterprise', 'report_unit', 'zone'])

/** Areas and perimeter of a parcel outline: ellipsoidal m², planar m² in the survey plane, m. */
export function measureParcel(
  polygons: FlatPolygons,
  plane: PlaneProjection,
): { area_m2: number; area_planar_m2: number; perimeter_m: number } {
  const planar = projectToPlane(polygons, plane)
  return { area_m2: ellipsoidAreaM2(polygons), area_planar_m2: planarAreaM2(planar), perimeter_m: perimeterM(planar) }
}

/** Replaces the box of a record in its R*Tree; null takes it out. */
export function writeBox(db: Db, entity: EntityName, pk: number, box: Box | null): void {
  if (!BOXED.has(entity)) return
  if (!box) run(db, `DELETE FROM ${entity}_box WHERE pk = ?`, [pk])
  else
    run(db, `INSERT OR REPLACE INTO ${entity}_box (pk, min_x, max_x, min_y, max_y) VALUES (?, ?, ?, ?, ?)`, [
      pk,
      box[0],
      box[2],
      box[1],
      box[3],
    ])
}

export function writeSearchKey(db: Db, entity: EntityName, pk: number, row: Record<string, unknown> | null): void {
  if (!SEARCHED.has(entity)) return
  if (!row) {
    run(db, 'DELETE FROM search_key WHERE entity = ? AND pk = ?', [entity, pk])
    return
  }
  const keys = searchKeysOf(row)
  run(db, 'INSERT OR REPLACE INTO search_key (entity, pk, text, initials) VALUES (?, ?, ?, ?)', [
    entity,
    pk,
    keys.text,
    keys.initials,
  ])
}

/** Does a change of these fields touch the search keys? */
export function touchesSearch(entity: EntityName, fields: readonly string[]): boolean {
  return SEARCHED.has(entity) && fields.some(field => SEARCH_FIELDS.has(field))
}

const SEARCH_FIELDS = new Set(['code', 'name', 'former_name', 'uscc', 'location', 'address'])
