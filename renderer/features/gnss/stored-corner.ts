/** The stored corner nearest to a place, for the question whether it is meant. Pure. */
import { localPlane } from '../../../shared/geometry/edit/metres.ts'
import type { LngLat } from '../../map/map-port.ts'
import { openPolygons, type SketchGeometry } from '../../map/tools/sketch.ts'

export interface StoredCorner {
  readonly parcelId: string
  readonly code: string
  /** 界址点号, counted over all rings. */
  readonly vertex: string
  readonly place: LngLat
  readonly distanceM: number
}

/** Nearer than this, or than the accuracy of the fix, two corners are likely the same one. */
const REACH_M = 3

export function reachOf(accuracyM: number | null): number {
  return Math.max(REACH_M, accuracyM ?? 0)
}

/** West, south, east, north of the reach round a place. */
export function boxAround({ lng, lat }: LngLat, reachM: number): [number, number, number, number] {
  const plane = localPlane([lng, lat])
  const [west, south] = plane.toDegrees([-reachM, -reachM])
  const [east, north] = plane.toDegrees([reachM, reachM])
  return [west, south, east, north]
}

export function distanceM(from: LngLat, to: LngLat): number {
  const [x, y] = localPlane([from.lng, from.lat]).toMetres([to.lng, to.lat])
  return Math.hypot(x, y)
}

export function nearestCorner(
  place: LngLat,
  parcels: readonly { readonly id: string; readonly code: string; readonly geometry: SketchGeometry }[],
  reachM: number,
): StoredCorner | null {
  let best: StoredCorner | null = null
  for (const { id, code, geometry } of parcels) {
    for (const [index, [lng, lat]] of openPolygons(geometry).flat(2).entries()) {
      const distance = distanceM(place, { lng, lat })
      if (distance <= (best?.distanceM ?? reachM))
        best = { parcelId: id, code, vertex: `J${index + 1}`, place: { lng, lat }, distanceM: distance }
    }
  }
  return best
}
