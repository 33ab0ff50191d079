/** Outlines of a boundary version for the map, thinned to what the map can show. For drawing only, never for measuring. */
import type { Polygonal } from '../../shared/contract/base.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { type Box, fromFlat, type Position, type Ring } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import { activeBoundary, boundaryFeatures, boundaryFeaturesIn } from './boundary-repo.ts'

export interface OutlineQuery {
  readonly boundary_id?: string
  /** Degrees; features that do not meet it are left out. */
  readonly box?: Readonly<Box>
  readonly tolerance_degrees: number
}

/** One entry per feature; empty when there is no boundary. */
export function boundaryOutlines(db: Db, query: OutlineQuery): { subzone: string; geometry: Polygonal }[] {
  const id = query.boundary_id ?? activeBoundary(db)?.id
  if (id === undefined) return []
  const rows = query.box ? boundaryFeaturesIn(db, id, query.box) : boundaryFeatures(db, id)
  const outlines: { subzone: string; geometry: Polygonal }[] = []
  for (const row of rows) {
    const { coordinates } = fromFlat(decodeGeometry(row.geometry))
    const polygons = coordinates
      .map(polygon => thinnedPolygon(polygon, query.tolerance_degrees))
      .filter(rings => rings.length > 0)
    if (polygons.length > 0) {
      outlines.push({ subzone: row.subzone, geometry: { type: 'MultiPolygon', coordinates: polygons } })
    }
  }
  return outlines
}

/** The rings that are still visible at the tolerance; without its shell a polygon is gone. */
function thinnedPolygon(polygon: readonly Ring[], tolerance: number): Ring[] {
  if (tolerance <= 0) return [...polygon]
  const [shell, ...holes] = polygon.map(ring => thinnedRing(ring, tolerance))
  if (!shell || shell.length < 4) return []
  return [shell, ...holes.filter(ring => ring.length >= 4)]
}

/** Douglas-Peucker on a closed ring; the ring is cut at its first vertex and at the one farthest from it. */
function thinnedRing(ring: Ring, tolerance: number): Ring {
  const first = ring[0]!
  let farthest = 0
  let distance = -1
  ring.forEach((position, index) => {
    const away = Math.hypot(position[0] - first[0], position[1] - first[1])
    if (away > distance) [farthest, distance] = [index, away]
  })
  if (distance <= tolerance) return []
  if (ring.length <= 5) return ring
  const keep = new Uint8Array(ring.length)
  keep[0] = keep[farthest] = keep[ring.length - 1] = 1
  markKept(ring, 0, farthest, tolerance, keep)
  markKept(ring, farthest, ring.length - 1, tolerance, keep)
  return ring.filter((_, index) => keep[index] === 1)
}

function markKept(ring: Ring, from: number, to: number, tolerance: number, keep: Uint8Array): void {
  const stack: [number, number][] = [[from, to]]
  for (let range = stack.pop(); range; range = stack.pop()) {
    const [start, end] = range
    let worst = tolerance
    let at = -1
    for (let index = start + 1; index < end; index++) {
      const away = distanceToSegment(ring[index]!, ring[start]!, ring[end]!)
      if (away > worst) [worst, at] = [away, index]
    }
    if (at < 0) continue
    keep[at] = 1
    stack.push([start, at], [at, end])
  }
}

function distanceToSegment(point: Position, start: Position, end: Position): number {
  const dx = end[0] - start[0]
  const dy = end[1] - start[1]
  const squared = dx * dx + dy * dy
  const along = squared === 0 ? 0 : ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / squared
  const bounded = Math.min(1, Math.max(0, along))
  return Math.hypot(point[0] - start[0] - bounded * dx, point[1] - start[1] - bounded * dy)
}
