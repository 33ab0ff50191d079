/** Shapes of parcel edits that need an overlay: union of unclean outlines, the boundary's cut, giving way to neighbours. */
import { AppError } from '../../shared/contract/errors.ts'
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { mergeTouching } from '../../shared/geometry/edit/divide.ts'
import { equalAreaOverlay } from '../../shared/geometry/edit/equal-area-overlay.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { boxOf, type FlatPolygons, fromFlat, toFlat } from '../../shared/geometry/types.ts'
import { activeBoundary, boundaryFeaturesIn } from '../boundary/boundary-repo.ts'
import type { Store } from '../db/store.ts'
import type { Transaction } from '../db/transaction.ts'
import type { Geos } from '../geos/geos.ts'
import { type NearParcel, parcelsInBox } from './parcels-repo.ts'

type Db = Transaction['db']

/** Pieces smaller than this are rounding of the overlay, not land, m². */
const LEAST_PIECE_M2 = 0.01
/** An overlap below this is digitising noise (domain §11.2); cutting takes everything above a hundredth of it. */
const CUT_OVERLAP_M2 = 0.01
const MOST_NEIGHBOURS = 500

/** Outline of all members: exact where they share edges, by GEOS where they overlap. */
export function unionOf(geos: Geos, members: readonly FlatPolygons[]): FlatPolygons {
  return mergeTouching(members) ?? withoutCrumbs(geos.union(members))
}

/** The part inside the active boundary and the part outside it, lng/lat; refused where there is nothing to divide. */
export function partsAtBoundary(db: Db, geos: Geos, parcel: { code: string; polygons: FlatPolygons }): FlatPolygons[] {
  const active = activeBoundary(db)
  if (!active) throw new AppError('refused', '还没有开发边界，不能按边界分割', { reason: 'boundary_missing' })
  const features = boundaryFeaturesIn(db, active.id, boxOf(parcel.polygons))
  const overlay = equalAreaOverlay()
  const land = overlay.into(parcel.polygons)
  const line = features.map(feature => overlay.into(decodeGeometry(feature.geometry)))
  if (line.length === 0) throw notCrossing(parcel.code)
  const inside = line.length === 1 ? line[0]! : geos.union(line)
  const parts = [geos.intersection(land, inside), geos.difference(land, inside)].map(part =>
    withoutCrumbs(overlay.back(part)),
  )
  if (parts.some(part => part.polygonEnds.length === 0)) throw notCrossing(parcel.code)
  return parts
}

export interface OverlappedParcel extends NearParcel {
  readonly overlapM2: number
}

/** Stored parcels that an outline overlaps, the largest overlap first. */
export function overlappedBy(store: Store, db: Db, polygons: FlatPolygons, ownId: string): OverlappedParcel[] {
  const planar = projectToPlane(polygons, store.plane)
  return parcelsInBox(db, boxOf(polygons), ownId, MOST_NEIGHBOURS)
    .map(near => ({ ...near, overlapM2: intersectionAreaM2(planar, projectToPlane(near.polygons, store.plane)) }))
    .filter(near => near.overlapM2 > CUT_OVERLAP_M2)
    .sort((a, b) => b.overlapM2 - a.overlapM2)
}

/** `land` without the others; refused when nothing would be left. */
export function landWithout(
  geos: Geos,
  land: FlatPolygons,
  others: readonly FlatPolygons[],
  code: string,
): FlatPolygons {
  const left = withoutCrumbs(others.reduce((rest, other) => geos.difference(rest, other), land))
  if (left.polygonEnds.length === 0) {
    throw new AppError('refused', `裁切后地块 ${code} 没有剩余部分`, { reason: 'nothing_left', values: { code } })
  }
  return left
}

/** Without pieces that are only rounding of the overlay. */
function withoutCrumbs(polygons: FlatPolygons): FlatPolygons {
  const pieces = fromFlat(polygons).coordinates
  const land = pieces.filter(
    piece => ellipsoidAreaM2(toFlat({ type: 'Polygon', coordinates: piece })) >= LEAST_PIECE_M2,
  )
  return land.length === pieces.length ? polygons : toFlat({ type: 'MultiPolygon', coordinates: land })
}

function notCrossing(code: string): AppError {
  return new AppError('refused', `地块 ${code} 没有跨越开发边界`, { reason: 'not_crossing', values: { code } })
}
