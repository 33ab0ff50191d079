/** Small repairs that leave the meaning of rings untouched: closing, dropping repeated points and rings that enclose nothing. Pure. */
import type { FlatPolygons } from '../../shared/geometry/types.ts'

/** Closed rings; `opened` is the first vertex of the first ring that was not closed. Copies only when it must. */
export function closeRings(polygons: FlatPolygons): { polygons: FlatPolygons; opened: [number, number] | undefined } {
  const { coordinates, ringEnds } = polygons
  let opened: [number, number] | undefined
  let missing = 0
  let from = 0
  for (const to of ringEnds) {
    if (isOpen(coordinates, from, to)) {
      missing++
      opened ??= [coordinates[from * 2]!, coordinates[from * 2 + 1]!]
    }
    from = to
  }
  if (!opened) return { polygons, opened }
  const copy = new Float64Array(coordinates.length + missing * 2)
  const ends = new Uint32Array(ringEnds.length)
  let target = 0
  from = 0
  ringEnds.forEach((to, ring) => {
    copy.set(coordinates.subarray(from * 2, to * 2), target * 2)
    target += to - from
    if (isOpen(coordinates, from, to)) {
      copy[target * 2] = coordinates[from * 2]!
      copy[target * 2 + 1] = coordinates[from * 2 + 1]!
      target++
    }
    ends[ring] = target
    from = to
  })
  return { polygons: { coordinates: copy, ringEnds: ends, polygonEnds: polygons.polygonEnds.slice() }, opened }
}

/** One or two points are no ring that could be closed. */
function isOpen(c: Float64Array, from: number, to: number): boolean {
  return to - from > 2 && (c[from * 2] !== c[to * 2 - 2] || c[from * 2 + 1] !== c[to * 2 - 1])
}

/** Without vertices that repeat the one before. */
export function dropRepeatedPoints(polygons: FlatPolygons): FlatPolygons {
  const { coordinates: c, ringEnds } = polygons
  const kept = new Float64Array(c.length)
  const ends = new Uint32Array(ringEnds.length)
  let target = 0
  let from = 0
  ringEnds.forEach((to, ring) => {
    for (let vertex = from; vertex < to; vertex++) {
      const repeats = vertex > from && c[vertex * 2] === c[vertex * 2 - 2] && c[vertex * 2 + 1] === c[vertex * 2 - 1]
      if (repeats) continue
      kept[target * 2] = c[vertex * 2]!
      kept[target * 2 + 1] = c[vertex * 2 + 1]!
      target++
    }
    ends[ring] = target
    from = to
  })
  return { coordinates: kept.slice(0, target * 2), ringEnds: ends, polygonEnds: polygons.polygonEnds }
}

/** Without rings of fewer than four points (closed); a polygon goes with its shell. */
export function dropShortRings(polygons: FlatPolygons): FlatPolygons {
  const { coordinates, ringEnds } = polygons
  const pieces: Float64Array[] = []
  const ends: number[] = []
  const polygonEnds: number[] = []
  let total = 0
  let ring = 0
  for (const end of polygons.polygonEnds) {
    const before = ends.length
    for (let shell = true, gone = false; ring < end; ring++, shell = false) {
      const from = ring === 0 ? 0 : ringEnds[ring - 1]!
      const to = ringEnds[ring]!
      if (to - from < 4) gone ||= shell
      else if (!gone) {
        pieces.push(coordinates.subarray(from * 2, to * 2))
        total += to - from
        ends.push(total)
      }
    }
    if (ends.length > before) polygonEnds.push(ends.length)
  }
  const kept = new Float64Array(total * 2)
  let at = 0
  for (const piece of pieces) {
    kept.set(piece, at)
    at += piece.length
  }
  return { coordinates: kept, ringEnds: Uint32Array.from(ends), polygonEnds: Uint32Array.from(polygonEnds) }
}
