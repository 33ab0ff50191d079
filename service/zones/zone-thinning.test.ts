/** Outlines of members across a road: no arcs, no crumbs, all members inside, the corners of the members unmoved. */
import { expect, test } from 'vitest'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { EPSG_4549, projectToPlane } from '../../shared/geometry/plane.ts'
import { toFlat } from '../../shared/geometry/types.ts'
import { loadGeos } from '../geos/geos.ts'
import { outlineOf, type ZoneParcel } from './zone-parcels.ts'

const EAST = 450_000
const NORTH = 3_230_000

function member(code: string, x: number, y: number, width: number, height: number): ZoneParcel {
  const corner = (east: number, north: number): [number, number] => [EAST + east, NORTH + north]
  const ring = [corner(x, y), corner(x + width, y), corner(x + width, y + height), corner(x, y + height), corner(x, y)]
  const polygons = toFlat({ type: 'Polygon', coordinates: [ring] })
  return { code, id: code, polygons } as unknown as ZoneParcel
}

test('four lots on both sides of a road and one set back', async () => {
  const geos = await loadGeos()
  const members = [
    member('a', 0, 0, 60, 40),
    member('b', 60, 0, 60, 40),
    member('c', 0, 52, 60, 40),
    member('d', 60, 52, 70, 55),
  ]
  const outline = projectToPlane(outlineOf(members, 20, EPSG_4549, geos), EPSG_4549)
  expect(geos.isValid(outline)).toBe(true)
  expect(outline.polygonEnds).toHaveLength(1)
  const edges: number[] = []
  for (let at = 0; at < outline.ringEnds[0]! - 1; at++) {
    const [x0, y0, x1, y1] = outline.coordinates.subarray(2 * at, 2 * at + 4)
    edges.push(Math.hypot(x1! - x0!, y1! - y0!))
  }
  // Sixteen corners of members less those inside, and a few points at the two mouths of the road.
  expect(edges.length).toBeLessThan(26)
  for (const { polygons } of members) expect(planarAreaM2(geos.difference(polygons, outline))).toBeLessThan(0.02)
  // The road between the lots is in, nothing beside them.
  const land = members.reduce((sum, { polygons }) => sum + planarAreaM2(polygons), 0)
  expect(planarAreaM2(outline) - land).toBeGreaterThan(12 * 100)
  expect(planarAreaM2(outline) - land).toBeLessThan(12 * 125)
})
