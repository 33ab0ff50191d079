/**
 * Common vertices of outlines that touch: a vertex that lies on another outline's edge becomes a vertex of that edge, with
 * the very same coordinate. Without it an edge moves away from its neighbour later, or leaves a sliver.
 */
import { mapRings, type OpenRing, type Outline, outlineBox, type Place, samePlace } from './outline.ts'

/** About a tenth of a millimetre: what rounding leaves of a position on an edge. Degrees. */
export const ON_EDGE_DEGREES = 1e-9

/** `outline` with every vertex of `others` that lies on one of its edges, in order along the edge. */
export function withVerticesOf(outline: Outline, others: readonly Outline[], tolerance = ON_EDGE_DEGREES): Outline {
  const box = outlineBox(outline)
  const near: Place[] = []
  for (const other of others)
    for (const polygon of other)
      for (const ring of polygon) for (const place of ring) if (isInBox(place, box, tolerance)) near.push(place)
  if (near.length === 0) return outline
  return mapRings(outline, ring => ringWithPlaces(ring, near, tolerance))
}

function isInBox([x, y]: Place, box: readonly [number, number, number, number], margin: number): boolean {
  return x >= box[0] - margin && x <= box[2] + margin && y >= box[1] - margin && y <= box[3] + margin
}

function ringWithPlaces(ring: OpenRing, places: readonly Place[], tolerance: number): OpenRing {
  let changed = false
  const result: Place[] = []
  ring.forEach((from, index) => {
    result.push(from)
    const to = ring[(index + 1) % ring.length]!
    const found = placesOnEdge(from, to, places, tolerance)
    changed ||= found.length > 0
    result.push(...found)
  })
  return changed ? result : ring
}

/** Places on the inside of an edge, nearest to `from` first, each once; places at its ends are its ends. */
function placesOnEdge(from: Place, to: Place, places: readonly Place[], tolerance: number): Place[] {
  const dx = to[0] - from[0]
  const dy = to[1] - from[1]
  const length2 = dx * dx + dy * dy
  const found: { along: number; place: Place }[] = []
  for (const place of places) {
    const px = place[0] - from[0]
    const py = place[1] - from[1]
    const across = px * dy - py * dx
    if (across * across > tolerance * tolerance * length2) continue
    const along = px * dx + py * dy
    if (along <= 0 || along >= length2) continue
    if (isNear(place, from, tolerance) || isNear(place, to, tolerance)) continue
    if (found.some(other => isNear(other.place, place, tolerance))) continue
    found.push({ along, place })
  }
  return found.sort((one, other) => one.along - other.along).map(({ place }) => place)
}

function isNear(a: Place, b: Place, tolerance: number): boolean {
  return samePlace(a, b) || Math.hypot(a[0] - b[0], a[1] - b[1]) <= tolerance
}

/** All outlines with each other's vertices on their edges; those that need none come back as the same objects. */
export function nodeTogether<Key>(
  outlines: ReadonlyMap<Key, Outline>,
  tolerance = ON_EDGE_DEGREES,
): ReadonlyMap<Key, Outline> {
  const entries = [...outlines].map(([key, outline]) => ({ key, outline, box: outlineBox(outline) }))
  return new Map(
    entries.map(({ key, outline, box }) => {
      const touching = entries.filter(other => other.key !== key && boxesMeet(box, other.box, tolerance))
      return [
        key,
        withVerticesOf(
          outline,
          touching.map(other => other.outline),
          tolerance,
        ),
      ]
    }),
  )
}

type BoxTuple = readonly [number, number, number, number]

export function boxesMeet(a: BoxTuple, b: BoxTuple, margin = 0): boolean {
  return a[0] <= b[2] + margin && b[0] <= a[2] + margin && a[1] <= b[3] + margin && b[1] <= a[3] + margin
}
