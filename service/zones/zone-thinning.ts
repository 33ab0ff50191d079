/**
 * Fewer boundary points where an outline was made by a machine: corners of the members stay as they are, what growing and
 * shrinking put between them (arcs at road mouths, crumbs beside corners) is straightened. Pure; plane coordinates in m.
 */
import type { FlatPolygons } from '../../shared/geometry/types.ts'

/** How far a straight line may lie from what it replaces: less than the width of a kerb. */
const STRAIGHT_M = 0.5
/** Corners of the members come through uniting unchanged; this forgives the rounding. */
const SAME_M = 0.001

/** The outline with the vertices of `corners` and as few others as keep it within `STRAIGHT_M`. Rings stay closed. */
export function thinned(outline: FlatPolygons, corners: FlatPolygons): FlatPolygons {
  const kept = new Set<string>()
  for (let at = 0; at < corners.coordinates.length; at += 2)
    kept.add(keyOf(corners.coordinates[at]!, corners.coordinates[at + 1]!))
  const coordinates: number[] = []
  const ends: number[] = []
  let from = 0
  for (const end of outline.ringEnds) {
    for (const vertex of thinRing(outline.coordinates, from, end - 1, kept))
      coordinates.push(outline.coordinates[2 * vertex]!, outline.coordinates[2 * vertex + 1]!)
    ends.push(coordinates.length / 2)
    from = end
  }
  return {
    coordinates: Float64Array.from(coordinates),
    ringEnds: Uint32Array.from(ends),
    polygonEnds: outline.polygonEnds,
  }
}

/** Numbers of the vertices that stay, the first one again at the end. */
function thinRing(coordinates: Float64Array, from: number, to: number, kept: ReadonlySet<string>): number[] {
  const count = to - from
  const isCorner = (vertex: number): boolean => kept.has(keyOf(coordinates[2 * vertex]!, coordinates[2 * vertex + 1]!))
  let first = 0
  while (first < count && !isCorner(from + first)) first++
  // A ring without a corner of a member (a hole in the closing) stays as it is.
  if (first === count) return [...Array.from({ length: count }, (_, index) => from + index), from]
  const ring = Array.from({ length: count + 1 }, (_, index) => from + ((first + index) % count))
  const stays: number[] = [ring[0]!]
  let start = 0
  for (let at = 1; at <= count; at++) {
    if (at < count && !isCorner(ring[at]!)) continue
    stays.push(...between(coordinates, ring, start, at), ring[at]!)
    start = at
  }
  // Fewer than a triangle would be no ring.
  return stays.length >= 4 ? stays : [...Array.from({ length: count }, (_, index) => from + index), from]
}

/** What has to stay between two vertices (Douglas and Peucker). */
function between(coordinates: Float64Array, ring: readonly number[], start: number, end: number): number[] {
  let farthest = -1
  let most = STRAIGHT_M
  const [ax, ay] = [coordinates[2 * ring[start]!]!, coordinates[2 * ring[start]! + 1]!]
  const [bx, by] = [coordinates[2 * ring[end]!]!, coordinates[2 * ring[end]! + 1]!]
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  for (let at = start + 1; at < end; at++) {
    const [px, py] = [coordinates[2 * ring[at]!]! - ax, coordinates[2 * ring[at]! + 1]! - ay]
    const share = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length))
    const distance = Math.hypot(px - share * dx, py - share * dy)
    if (distance > most) {
      most = distance
      farthest = at
    }
  }
  if (farthest < 0) return []
  return [...between(coordinates, ring, start, farthest), ring[farthest]!, ...between(coordinates, ring, farthest, end)]
}

function keyOf(x: number, y: number): string {
  return `${Math.round(x / SAME_M)} ${Math.round(y / SAME_M)}`
}
