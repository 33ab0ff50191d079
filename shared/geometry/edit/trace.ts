/** Tracing: the way along stored edges between two places on them, with the stored coordinates bit by bit. */
import { localPlane } from './metres.ts'
import { ON_EDGE_DEGREES } from './noding.ts'
import { type OpenRing, type Outline, type Place, samePlace } from './outline.ts'

/**
 * The vertices between `from` and `to` along the ring that both lie on, the shorter way round; both ends left out. Null
 * when no ring holds both.
 */
export function traceBetween(outlines: readonly Outline[], from: Place, to: Place): readonly Place[] | null {
  let best: { path: Place[]; length: number } | null = null
  for (const outline of outlines)
    for (const ring of outline.flat()) {
      const start = positionOn(ring, from)
      const end = positionOn(ring, to)
      if (start === null || end === null) continue
      for (const path of [pathBetween(ring, start, end), pathBetween(ring, end, start).reverse()]) {
        const length = lengthOf([from, ...path, to])
        if (!best || length < best.length) best = { path, length }
      }
    }
  return best?.path ?? null
}

/** Where a place lies on a ring: index of the edge, and how far along it (0 at its first vertex). */
interface RingPosition {
  readonly edge: number
  readonly t: number
}

function positionOn(ring: OpenRing, place: Place): RingPosition | null {
  const vertex = ring.findIndex(corner => samePlace(corner, place))
  if (vertex >= 0) return { edge: vertex, t: 0 }
  for (const [edge, from] of ring.entries()) {
    const to = ring[(edge + 1) % ring.length]!
    const dx = to[0] - from[0]
    const dy = to[1] - from[1]
    const length2 = dx * dx + dy * dy
    const px = place[0] - from[0]
    const py = place[1] - from[1]
    const across = px * dy - py * dx
    const along = px * dx + py * dy
    if (along > 0 && along < length2 && across * across <= ON_EDGE_DEGREES ** 2 * length2)
      return { edge, t: along / length2 }
  }
  return null
}

/** Vertices after `start` and before `end` in the ring's direction. */
function pathBetween(ring: OpenRing, start: RingPosition, end: RingPosition): Place[] {
  const path: Place[] = []
  let edge = start.edge
  if (edge === end.edge && end.t >= start.t) return path
  do {
    edge = (edge + 1) % ring.length
    if (edge === end.edge && end.t === 0) return path
    path.push(ring[edge]!)
  } while (edge !== end.edge)
  return path
}

function lengthOf(places: readonly Place[]): number {
  const plane = localPlane(places[0]!)
  const metres = places.map(place => plane.toMetres(place))
  return metres
    .slice(1)
    .reduce((sum, [x, y], index) => sum + Math.hypot(x - metres[index]![0], y - metres[index]![1]), 0)
}
