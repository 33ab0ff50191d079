/** Random valid polygons for property tests: star-shaped round a middle, some with a hole, on a millimetre grid. */
import fc from 'fast-check'
import { type FlatPolygons, type Position, type Ring, toFlat } from '../../shared/geometry/types.ts'

/** Radii between 1 and 100 m, 3 to 24 corners; the middle within 60 m of the origin. */
export function starPolygon(): fc.Arbitrary<FlatPolygons> {
  return fc
    .record({
      x: fc.integer({ min: -60_000, max: 60_000 }),
      y: fc.integer({ min: -60_000, max: 60_000 }),
      radii: fc.array(fc.integer({ min: 1_000, max: 100_000 }), { minLength: 3, maxLength: 24 }),
      hole: fc.boolean(),
    })
    .map(({ x, y, radii, hole }) => {
      const rings = [starRing(x, y, radii)]
      // The shell's narrowest place is where two neighbouring corners are near; a third of that is well inside.
      const least = Math.min(...radii) * Math.cos(Math.PI / Math.max(3, radii.length))
      if (hole && radii.length > 3)
        rings.push(
          starRing(
            x,
            y,
            radii.map(() => least / 3),
          ).reverse(),
        )
      return toFlat({ type: 'Polygon', coordinates: rings })
    })
}

function starRing(x: number, y: number, radii: readonly number[]): Ring {
  const ring = radii.map((radius, index): Position => {
    const angle = (2 * Math.PI * index) / radii.length
    return [Math.round(x + radius * Math.cos(angle)) / 1000, Math.round(y + radius * Math.sin(angle)) / 1000]
  })
  return [...ring, [...ring[0]!]]
}

/** The polygon moved by whole metres. */
export function moved(polygons: FlatPolygons, dx: number, dy: number): FlatPolygons {
  return { ...polygons, coordinates: polygons.coordinates.map((value, index) => value + (index % 2 === 0 ? dx : dy)) }
}
