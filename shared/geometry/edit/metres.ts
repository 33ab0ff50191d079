/** Drawing aids in metres round a place: a local plane east and north of it, right to a millimetre over a parcel. */
import { E2, RADIANS_PER_DEGREE, SEMI_MAJOR_AXIS_M } from '../ellipsoid.ts'
import type { Place } from './outline.ts'

export interface LocalPlane {
  /** Metres east and north of the origin. */
  toMetres(place: Place): [number, number]
  toDegrees(metres: Place): [number, number]
}

/** The plane that touches the ellipsoid at `origin` (lng/lat degrees), by the radii of curvature there. */
export function localPlane(origin: Place): LocalPlane {
  const latitude = origin[1] * RADIANS_PER_DEGREE
  const w = 1 - E2 * Math.sin(latitude) ** 2
  const north = ((SEMI_MAJOR_AXIS_M * (1 - E2)) / w ** 1.5) * RADIANS_PER_DEGREE
  const east = (SEMI_MAJOR_AXIS_M / Math.sqrt(w)) * Math.cos(latitude) * RADIANS_PER_DEGREE
  return {
    toMetres: ([lng, lat]) => [(lng - origin[0]) * east, (lat - origin[1]) * north],
    toDegrees: ([x, y]) => [origin[0] + x / east, origin[1] + y / north],
  }
}

/** Angle at `corner` between the edges to `before` and to `after`, degrees 0–180. */
export function angleAt(before: Place, corner: Place, after: Place): number {
  const plane = localPlane(corner)
  const [ax, ay] = plane.toMetres(before)
  const [bx, by] = plane.toMetres(after)
  return Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by)) / RADIANS_PER_DEGREE
}
