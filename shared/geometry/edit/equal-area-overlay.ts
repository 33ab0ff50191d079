/**
 * Lets an overlay run in the equal-area plane, where shares are computed, and brings its result back to the stored
 * coordinates: vertices that the inputs had come back bit by bit, new ones by the inverse projection.
 */
import { authalicQ, E2, RADIANS_PER_DEGREE, SEMI_MAJOR_AXIS_M } from '../ellipsoid.ts'
import { toEqualAreaPlane } from '../equal-area.ts'
import type { FlatPolygons } from '../types.ts'

export interface EqualAreaOverlay {
  /** Projects an input and remembers its vertices. */
  into(polygons: FlatPolygons): FlatPolygons
  /** Lng/lat degrees of a result. */
  back(polygons: FlatPolygons): FlatPolygons
}

export function equalAreaOverlay(): EqualAreaOverlay {
  const known = new Map<string, readonly [number, number]>()
  return {
    into(polygons) {
      const projected = toEqualAreaPlane(polygons)
      for (let index = 0; index < projected.coordinates.length; index += 2)
        known.set(`${projected.coordinates[index]},${projected.coordinates[index + 1]}`, [
          polygons.coordinates[index]!,
          polygons.coordinates[index + 1]!,
        ])
      return projected
    },
    back(polygons) {
      const coordinates = polygons.coordinates.slice()
      for (let index = 0; index < coordinates.length; index += 2) {
        const x = coordinates[index]!
        const y = coordinates[index + 1]!
        const [lng, lat] = known.get(`${x},${y}`) ?? inverse(x, y)
        coordinates[index] = lng
        coordinates[index + 1] = lat
      }
      return { ...polygons, coordinates }
    },
  }
}

/** Newton's iteration for the sine of the latitude; converges to the last bit in a few steps. */
function inverse(x: number, y: number): readonly [number, number] {
  const q = (2 * y) / SEMI_MAJOR_AXIS_M
  let sine = q / authalicQ(1)
  for (let step = 0; step < 6; step++) {
    const u = 1 - E2 * sine * sine
    sine = Math.max(-1, Math.min(1, sine - ((authalicQ(sine) - q) * u * u) / (2 * (1 - E2))))
  }
  return [x / (SEMI_MAJOR_AXIS_M * RADIANS_PER_DEGREE), Math.asin(sine) / RADIANS_PER_DEGREE]
}
