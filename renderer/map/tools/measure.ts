/** The figures beside the cursor: area on the ellipsoid in 亩 and the length of an edge in metres. */
import { ellipsoidAreaM2, squareMetersToMu } from '../../../shared/geometry/area.ts'
import { E2, RADIANS_PER_DEGREE, SEMI_MAJOR_AXIS_M } from '../../../shared/geometry/ellipsoid.ts'
import { type Position, toFlat } from '../../../shared/geometry/types.ts'
import { closedGeometry, type Words } from './sketch.ts'

/** Length in m of a short edge by the radii of curvature at its middle; within 1e-7 for the edges of parcels. */
export function edgeLengthM(a: Readonly<Position>, b: Readonly<Position>): number {
  const middle = ((a[1] + b[1]) / 2) * RADIANS_PER_DEGREE
  const w = 1 - E2 * Math.sin(middle) ** 2
  const north = ((SEMI_MAJOR_AXIS_M * (1 - E2)) / w ** 1.5) * (b[1] - a[1]) * RADIANS_PER_DEGREE
  const east = (SEMI_MAJOR_AXIS_M / Math.sqrt(w)) * Math.cos(middle) * (b[0] - a[0]) * RADIANS_PER_DEGREE
  return Math.hypot(north, east)
}

/** Area in m² of polygons of open rings. */
export function areaM2(polygons: readonly (readonly (readonly Position[])[])[]): number {
  const whole = polygons.filter(polygon => polygon.every(ring => ring.length >= 3))
  return whole.length === 0 ? 0 : ellipsoidAreaM2(toFlat(closedGeometry(whole)))
}

/** `12.34 亩`; two decimals, as in tables. */
export function areaWords(polygons: readonly (readonly (readonly Position[])[])[]): Words {
  return { key: 'map.area', values: { mu: squareMetersToMu(areaM2(polygons)).toFixed(2) } }
}

export function edgeWords(a: Readonly<Position>, b: Readonly<Position>): Words {
  return { key: 'map.edge', values: { metres: edgeLengthM(a, b).toFixed(2) } }
}
