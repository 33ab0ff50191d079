/** Which parcels a photo probably shows: those it was taken in, then the nearest within 50 m. */
import type { Proposal } from '../../shared/contract/attachments.ts'
import { forwardInPlace } from '../../shared/geometry/gauss-kruger.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { planeForBox, projectToPlane } from '../../shared/geometry/plane.ts'
import { isInsidePolygons } from '../../shared/geometry/point-in-polygon.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import { parcelsInBox } from './attachments-repo.ts'

/** A photo is taken from the road in front of a lot, and a phone is off by some metres. */
export const REACH_M = 50
const MOST = 5
const METRES_PER_DEGREE = 111_320

/** Proposals for a WGS 84 position (taken as CGCS2000: they differ by centimetres), nearest first. */
export function proposeParcels(db: Db, longitude: number, latitude: number): Proposal[] {
  const dy = REACH_M / METRES_PER_DEGREE
  const dx = dy / Math.max(0.01, Math.cos((latitude * Math.PI) / 180))
  const found: Proposal[] = []
  const plane = planeForBox([longitude, latitude, longitude, latitude])
  const place = Float64Array.of(longitude, latitude)
  forwardInPlace(plane, place)
  for (const parcel of parcelsInBox(db, [longitude - dx, latitude - dy, longitude + dx, latitude + dy])) {
    const polygons = decodeGeometry(parcel.geometry)
    const distance = isInsidePolygons(polygons, longitude, latitude)
      ? 0
      : distanceToEdges(projectToPlane(polygons, plane), place[0]!, place[1]!)
    if (distance > REACH_M) continue
    found.push({
      parcel_id: parcel.id,
      code: parcel.code,
      name: parcel.name,
      distance_m: Math.round(distance * 10) / 10,
    })
  }
  return found.sort((a, b) => a.distance_m - b.distance_m || a.code.localeCompare(b.code)).slice(0, MOST)
}

/** Metres from a place to the nearest edge, all in the plane. */
function distanceToEdges({ coordinates: c, ringEnds }: FlatPolygons, x: number, y: number): number {
  let nearest = Infinity
  let from = 0
  for (const to of ringEnds) {
    for (let index = from * 2; index < (to - 1) * 2; index += 2) {
      const ax = c[index]!
      const ay = c[index + 1]!
      const bx = c[index + 2]! - ax
      const by = c[index + 3]! - ay
      const length = bx * bx + by * by
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * bx + (y - ay) * by) / length))
      nearest = Math.min(nearest, Math.hypot(x - ax - along * bx, y - ay - along * by))
    }
    from = to
  }
  return nearest
}
