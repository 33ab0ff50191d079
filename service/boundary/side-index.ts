/**
 * Sides of single parcels: the boundary index of a version, kept until its features change, and the hook by which the
 * write path gives every drawn or imported parcel its side at once.
 */
import type { BoundaryIndex } from '../../shared/geometry/boundary-index.ts'
import { boxToEqualAreaPlane, toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { type SideTolerance, sideOf } from '../../shared/geometry/side.ts'
import type { Box, FlatPolygons } from '../../shared/geometry/types.ts'
import { type SideHook, UNKNOWN_SIDE } from '../db/derive.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { type BoundaryIndexCache, createBoundaryIndexCache } from './boundary-index-cache.ts'
import { activeBoundary, campaignTolerance, latestEditId, type StoredSide, writeSide } from './boundary-repo.ts'
import { type ConstraintMeasure, createConstraintMeasure } from './constraints.ts'

const caches = new WeakMap<Store, BoundaryIndexCache>()

/** The indexes of an open survey, shared by everything that asks for sides in it. */
export function boundaryIndexesOf(store: Store): BoundaryIndexCache {
  const cache = caches.get(store) ?? createBoundaryIndexCache()
  caches.set(store, cache)
  return cache
}

/** To be called once for every opened survey: from then on each write of a parcel's outline works out its side. */
export function installSideHook(store: Store): void {
  store.setSideHook(createSideHook(boundaryIndexesOf(store)))
}

/** What the side of a parcel is worked out from. Box in degrees; `readPolygons` (degrees) is called only near the line. */
export interface SideSubject {
  readonly box: Readonly<Box>
  readonly areaM2: number
  readonly perimeterM: number
  readPolygons(): FlatPolygons
}

/** Side and areas of one parcel. `area_out_m2` is the rest of the area, so that both always sum to it exactly. */
export function classifyOne(index: BoundaryIndex, parcel: SideSubject, tolerance: SideTolerance): StoredSide {
  const inside = index.classify(boxToEqualAreaPlane(parcel.box), () => toEqualAreaPlane(parcel.readPolygons()))
  const areaInM2 = inside.share === 1 ? parcel.areaM2 : parcel.areaM2 * inside.share
  return {
    side: sideOf({ areaM2: parcel.areaM2, areaInM2, perimeterM: parcel.perimeterM }, tolerance),
    inside_share: inside.share,
    area_in_m2: areaInM2,
    area_out_m2: parcel.areaM2 - areaInM2,
    subzones: JSON.stringify(inside.subzones),
  }
}

/** The tolerance of the campaign; what it does not set keeps the default. */
export function toleranceOf(db: Db): SideTolerance {
  const row = campaignTolerance(db)
  return { toleranceM2: row?.side_tolerance_m2 ?? undefined, tolerancePerM: row?.side_tolerance_per_m ?? undefined }
}

/**
 * The hook of the write path. Which version is active and what it looks like is asked once per edit,
 * not once per parcel: an import of 100,000 parcels is one edit.
 */
export function createSideHook(cache: BoundaryIndexCache): SideHook {
  let edit: string | undefined
  let current: { boundaryId: string; index: BoundaryIndex; tolerance: SideTolerance } | undefined
  let constraints: ConstraintMeasure | undefined
  return (db, parcel) => {
    const latest = latestEditId(db)
    if (latest !== edit || latest === '') {
      const active = activeBoundary(db)
      current = active && {
        boundaryId: active.id,
        index: cache.indexOf(db, active.id),
        tolerance: toleranceOf(db),
      }
      constraints = createConstraintMeasure(db, cache)
      edit = latest
    }
    constraints?.(db, { ...parcel, readPolygons: () => parcel.polygons })
    if (!current) return UNKNOWN_SIDE
    const side = classifyOne(current.index, { ...parcel, readPolygons: () => parcel.polygons }, current.tolerance)
    writeSide(db, current.boundaryId, parcel.pk, side)
    return { ...side }
  }
}

/**
 * The side that a geometry would have under the active version, without storing anything (the check while drawing).
 * Unknown when there is no boundary.
 */
export function previewSide(store: Store, parcel: SideSubject): StoredSide | null {
  const active = activeBoundary(store.read)
  if (!active) return null
  return classifyOne(boundaryIndexesOf(store).indexOf(store.read, active.id), parcel, toleranceOf(store.read))
}
