/**
 * Sides of single parcels: the boundary index of a version, kept until its features change, and the hook by which the
 * write path gives every drawn or imported parcel its side at once.
 */
import type { BoundaryIndex } from '../../shared/geometry/boundary-index.ts'
import { boxToEqualAreaPlane, toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { type SideTolerance, sideOf } from '../../shared/geometry/side.ts'
import type { Box, FlatPolygons } from '../../shared/geometry/types.ts'
import { forgetSide, type SideHook } from '../db/derive.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { type BoundaryIndexCache, createBoundaryIndexCache } from './boundary-index-cache.ts'
import {
  activeBoundary,
  campaignTolerance,
  latestEditId,
  type StoredSide,
  shownBoundary,
  showSides,
  writeSide,
} from './boundary-repo.ts'
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

/** Side of one parcel, with the areas that follow from it: they always sum to the parcel's own. */
export interface ClassifiedSide extends StoredSide {
  readonly area_in_m2: number
  readonly area_out_m2: number
}

export function classifyOne(index: BoundaryIndex, parcel: SideSubject, tolerance: SideTolerance): ClassifiedSide {
  const inside = index.classify(boxToEqualAreaPlane(parcel.box), () => toEqualAreaPlane(parcel.readPolygons()))
  const areaInM2 = parcel.areaM2 * inside.share
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
 * The hook of the write path. Which versions count and what they look like is asked once per edit, not once per parcel: an
 * import of 100,000 parcels is one edit. Between the coming of a new active version and its classification parcels still
 * show the sides under the one before, so that both are kept right.
 */
export function createSideHook(cache: BoundaryIndexCache): SideHook {
  let edit: string | undefined
  let versions: { pk: number; index: BoundaryIndex }[] = []
  let tolerance: SideTolerance = {}
  let isShownKnown = true
  let constraints: ConstraintMeasure | undefined
  return (db, parcel) => {
    const latest = latestEditId(db)
    if (latest !== edit || latest === '') {
      const active = activeBoundary(db)
      if (active && !shownBoundary(db)) showSides(db, active.pk)
      const shown = shownBoundary(db)
      isShownKnown = shown?.live === 1
      versions = [
        ...new Map([active, isShownKnown ? shown : undefined].map(version => [version?.pk, version])).values(),
      ]
        .filter(version => version !== undefined)
        .map(({ id, pk }) => ({ pk, index: cache.indexOf(db, id) }))
      tolerance = toleranceOf(db)
      constraints = createConstraintMeasure(db, cache)
      edit = latest
    }
    const subject = { ...parcel, readPolygons: () => parcel.polygons }
    constraints?.(db, subject)
    if (!isShownKnown) forgetSide(db, parcel.pk)
    for (const { pk, index } of versions) writeSide(db, pk, parcel.pk, classifyOne(index, subject, tolerance))
  }
}

/**
 * The side that a geometry would have under the active version, without storing anything (the check while drawing).
 * Unknown when there is no boundary.
 */
export function previewSide(store: Store, parcel: SideSubject): ClassifiedSide | null {
  const active = activeBoundary(store.read)
  if (!active) return null
  return classifyOne(boundaryIndexesOf(store).indexOf(store.read, active.id), parcel, toleranceOf(store.read))
}
