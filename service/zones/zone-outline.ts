/**
 * The outline of a zone (区域面积 is its area, roads included; domain §6): closed over the gap, a concave hull, or drawn by a
 * person. A drawn one is never replaced by the machine: when members join later, it grows by them and stays otherwise.
 */
import type { Polygonal } from '../../shared/contract/base.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { type PlaneProjection, projectToPlane, unprojectFromPlane } from '../../shared/geometry/plane.ts'
import { type FlatPolygons, toFlat } from '../../shared/geometry/types.ts'
import { validatePolygons } from '../../shared/geometry/validate.ts'
import type { CodeOf } from '../../shared/model/enumerations.ts'
import type { Store } from '../db/store.ts'
import type { Transaction } from '../db/transaction.ts'
import type { Saved } from '../enterprises/enterprises.ts'
import { type Geos, loadGeos } from '../geos/geos.ts'
import { gapOf, requireParcels, requireUnlocked, requireZone } from './zone-guards.ts'
import { outlineOf, type ZoneParcel } from './zone-parcels.ts'
import { liveMembers, type ZoneRow } from './zones-repo.ts'

export type OutlineMethod = CodeOf<'outline_method'>

export interface OutlineSource {
  readonly outline_method: string | null
  /** As stored, degrees. */
  readonly geometry: Uint8Array | null
}

/** What of a member may stick out of a drawn outline: the rounding of typed coordinates. */
const STICKING_OUT_M2 = 1
/** Length ratio of the concave hull: 0 follows every bay, 1 is convex. In between, roads are in and neighbours out. */
const HULL_RATIO = 0.35

/** Degrees. `zone` says how its outline came about; without one it is closed over the gap. */
export function outlineFor(
  zone: OutlineSource | undefined,
  members: readonly ZoneParcel[],
  gapM: number,
  plane: PlaneProjection,
  geos: Geos,
): FlatPolygons {
  if (zone?.outline_method === 'hull') return hullOf(members, plane, geos)
  if (zone?.outline_method !== 'drawn' || !zone.geometry) return outlineOf(members, gapM, plane, geos)
  const drawn = projectToPlane(decodeGeometry(zone.geometry), plane)
  const outside = members.filter(member => stickingOutM2(member, drawn, geos) > STICKING_OUT_M2)
  if (outside.length === 0) return decodeGeometry(zone.geometry)
  return unprojectFromPlane(geos.union([drawn, ...outside.map(member => member.polygons)]), plane)
}

function hullOf(members: readonly ZoneParcel[], plane: PlaneProjection, geos: Geos): FlatPolygons {
  const united = geos.union(members.map(member => member.polygons))
  // United with the members once more: the hull's edges cut corners of outlines that are not convex.
  return unprojectFromPlane(geos.union([geos.concaveHull(united, HULL_RATIO), united]), plane)
}

function stickingOutM2(member: ZoneParcel, drawn: FlatPolygons, geos: Geos): number {
  return planarAreaM2(geos.difference(member.polygons, drawn))
}

/** Draws a zone's outline anew after its members changed; returns the revision. */
export function redraw(
  store: Store,
  tx: Transaction,
  zone: ZoneRow,
  members: readonly ZoneParcel[],
  geos: Geos,
): number {
  if (members.length === 0) return zone.rev
  const geometry = outlineFor(zone, members, gapOf(tx.db, zone), store.plane, geos)
  return tx.update('zone', zone.id, {}, { geometry })
}

/** Sets how the outline is made. A drawn one must hold all members. One step of undo. */
export async function setOutline(
  store: Store,
  input: { id: string; method: OutlineMethod; geometry?: Polygonal | undefined },
): Promise<Saved> {
  const geos = await loadGeos()
  const before = requireZone(store.read, { id: input.id })
  const label = { label: 'zone_outline', values: { name: before.name } }
  const { result, edit } = await store.mutate(label, tx => {
    const zone = requireUnlocked(tx.db, input.id)
    const ids = liveMembers(tx.db, zone.id).map(member => member.parcel_id)
    const members = requireParcels(store, tx.db, ids, true)
    const geometry =
      input.method === 'drawn'
        ? drawnOutline(input.geometry, members, store.plane, geos)
        : outlineFor({ outline_method: input.method, geometry: null }, members, gapOf(tx.db, zone), store.plane, geos)
    return tx.update('zone', zone.id, { outline_method: input.method }, { geometry })
  })
  return { id: input.id, rev: result, edit }
}

function drawnOutline(
  geometry: Polygonal | undefined,
  members: readonly ZoneParcel[],
  plane: PlaneProjection,
  geos: Geos,
): FlatPolygons {
  if (!geometry) throw new AppError('bad_input', '没有划定范围', { reason: 'outline_missing' })
  const drawn = toFlat(geometry as Parameters<typeof toFlat>[0])
  if (validatePolygons(drawn).length > 0)
    throw new AppError('invalid_geometry', '范围线自相交或不完整，请重新划定', { reason: 'outline_broken' })
  const inPlane = projectToPlane(drawn, plane)
  const outside = members.filter(member => stickingOutM2(member, inPlane, geos) > STICKING_OUT_M2)
  if (outside.length > 0) {
    const codes = outside.map(member => member.code)
    throw new AppError(
      'refused',
      `范围没有包住全部成员地块：${codes.slice(0, 5).join('、')}${codes.length > 5 ? ` 等 ${codes.length} 个` : ''}`,
      { reason: 'outline_leaves_members', values: { parcels: codes.slice(0, 5).join('、'), count: codes.length } },
    )
  }
  return drawn
}
