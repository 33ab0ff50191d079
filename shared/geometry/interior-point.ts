/** A position well inside polygons, for labels and numbers on maps: the middle of the widest stretch at half height. Pure. */
import type { FlatPolygons, Position } from './types.ts'

/**
 * The middle of the widest inner stretch, over all parts, at an ordinate near the part's middle that no vertex has (the
 * method of JTS). Undefined for polygons without area; on a zero-area polygon its first vertex is of no use as a label.
 */
export function interiorPoint({ coordinates, ringEnds, polygonEnds }: FlatPolygons): Position | undefined {
  let best: Position | undefined
  let widest = 0
  let ring = 0
  let from = 0
  for (const polygonEnd of polygonEnds) {
    const to = polygonEnd > ring ? ringEnds[polygonEnd - 1]! : from
    const y = scanOrdinate(coordinates, from, polygonEnd > ring ? ringEnds[ring]! : from)
    const cuts = cutsAt(coordinates, ringEnds, ring, polygonEnd, y)
    for (let index = 0; index + 1 < cuts.length; index += 2) {
      const width = cuts[index + 1]! - cuts[index]!
      if (width <= widest) continue
      widest = width
      best = [(cuts[index]! + cuts[index + 1]!) / 2, y]
    }
    ring = polygonEnd
    from = to
  }
  return best
}

/** Halfway between the vertices next above and next below the middle of a shell's extent. */
function scanOrdinate(coordinates: Float64Array, from: number, to: number): number {
  let minY = Infinity
  let maxY = -Infinity
  for (let vertex = from; vertex < to; vertex++) {
    minY = Math.min(minY, coordinates[vertex * 2 + 1]!)
    maxY = Math.max(maxY, coordinates[vertex * 2 + 1]!)
  }
  const middle = (minY + maxY) / 2
  let below = minY
  let above = maxY
  for (let vertex = from; vertex < to; vertex++) {
    const y = coordinates[vertex * 2 + 1]!
    if (y <= middle) below = Math.max(below, y)
    else above = Math.min(above, y)
  }
  return (below + above) / 2
}

function cutsAt(
  coordinates: Float64Array,
  ringEnds: Uint32Array,
  firstRing: number,
  endRing: number,
  y: number,
): number[] {
  const cuts: number[] = []
  for (let ring = firstRing; ring < endRing; ring++) {
    const from = ring === 0 ? 0 : ringEnds[ring - 1]!
    for (let index = from * 2; index < (ringEnds[ring]! - 1) * 2; index += 2) {
      const y1 = coordinates[index + 1]!
      const y2 = coordinates[index + 3]!
      if (y1 > y === y2 > y) continue
      const x1 = coordinates[index]!
      cuts.push(x1 + ((y - y1) * (coordinates[index + 2]! - x1)) / (y2 - y1))
    }
  }
  return cuts.sort((one, other) => one - other)
}
