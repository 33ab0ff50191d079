/**
 * Topological editing: outlines that share a vertex (the same coordinate, bit by bit) keep sharing it when it is moved,
 * inserted or deleted. Outlines must have each other's vertices on their edges (`noding.ts`).
 */
import { mapRings, type OpenRing, type Outline, type Place, samePlace } from './outline.ts'

export type Outlines<Key = string> = ReadonlyMap<Key, Outline>

/** Moves every vertex at `from` to `to`. */
export function moveShared<Key>(outlines: Outlines<Key>, from: Place, to: Place): Outlines<Key> {
  return mapOutlines(outlines, ring =>
    ring.some(place => samePlace(place, from)) ? ring.map(place => (samePlace(place, from) ? to : place)) : ring,
  )
}

/** Puts `place` into every edge between `a` and `b`, whichever way it runs. */
export function insertShared<Key>(outlines: Outlines<Key>, a: Place, b: Place, place: Place): Outlines<Key> {
  return mapOutlines(outlines, ring => {
    const index = ring.findIndex((corner, at) => {
      const next = ring[(at + 1) % ring.length]!
      return (samePlace(corner, a) && samePlace(next, b)) || (samePlace(corner, b) && samePlace(next, a))
    })
    return index < 0 ? ring : [...ring.slice(0, index + 1), place, ...ring.slice(index + 1)]
  })
}

export type Deletion<Key> =
  | { readonly outlines: Outlines<Key> }
  /** `minimum`: a ring would have less than three corners; `junction`: several parcels meet there at different angles. */
  | { readonly refused: 'minimum' | 'junction' }

/**
 * Deletes the vertex at `place` from all outlines. Refused where the outlines go on differently from there: taking such a
 * corner away opens a gap or an overlap whichever way it is done.
 */
export function deleteShared<Key>(outlines: Outlines<Key>, place: Place): Deletion<Key> {
  let between: readonly [Place, Place] | undefined
  for (const outline of outlines.values())
    for (const polygon of outline)
      for (const ring of polygon)
        for (const [index, corner] of ring.entries()) {
          if (!samePlace(corner, place)) continue
          if (ring.length <= 3) return { refused: 'minimum' }
          const before = ring[(index + ring.length - 1) % ring.length]!
          const after = ring[(index + 1) % ring.length]!
          if (between && !joinsSame(between, before, after)) return { refused: 'junction' }
          between ??= [before, after]
        }
  return {
    outlines: mapOutlines(outlines, ring =>
      ring.some(corner => samePlace(corner, place)) ? ring.filter(corner => !samePlace(corner, place)) : ring,
    ),
  }
}

function joinsSame([a, b]: readonly [Place, Place], c: Place, d: Place): boolean {
  return (samePlace(a, c) && samePlace(b, d)) || (samePlace(a, d) && samePlace(b, c))
}

function mapOutlines<Key>(outlines: Outlines<Key>, change: (ring: OpenRing) => OpenRing): Outlines<Key> {
  return new Map([...outlines].map(([key, outline]) => [key, mapRings(outline, change)]))
}
