/**
 * The equal-area plane: cylindrical equal-area projection of the CGCS2000 ellipsoid, metres. A planar area measured in
 * it is an ellipsoidal area, so that shares computed here are shares of the area that counts. Axis-aligned boxes stay
 * axis-aligned boxes. Deterministic: shared vertices stay bit-equal.
 */
import { authalicQ, RADIANS_PER_DEGREE, SEMI_MAJOR_AXIS_M } from './ellipsoid.ts'
import type { Box, FlatPolygons } from './types.ts'

const X_PER_DEGREE = SEMI_MAJOR_AXIS_M * RADIANS_PER_DEGREE
const Y_PER_Q = SEMI_MAJOR_AXIS_M / 2

function toX(longitude: number): number {
  return longitude * X_PER_DEGREE
}

function toY(latitude: number): number {
  return authalicQ(Math.sin(latitude * RADIANS_PER_DEGREE)) * Y_PER_Q
}

/** A copy of lng/lat polygons in the equal-area plane. */
export function toEqualAreaPlane(polygons: FlatPolygons): FlatPolygons {
  const coordinates = new Float64Array(polygons.coordinates.length)
  for (let index = 0; index < coordinates.length; index += 2) {
    coordinates[index] = toX(polygons.coordinates[index]!)
    coordinates[index + 1] = toY(polygons.coordinates[index + 1]!)
  }
  return { ...polygons, coordinates }
}

/** A lng/lat box in the equal-area plane. */
export function boxToEqualAreaPlane(box: Readonly<Box>): Box {
  return [toX(box[0]), toY(box[1]), toX(box[2]), toY(box[3])]
}
