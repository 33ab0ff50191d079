/** Edge-to-edge distance of polygons in a metric plane: 0 where they touch, overlap or one holds the other. Exact, pure. */
import { isInsidePolygons } from './point-in-polygon.ts'
import { type Box, boxOf, type FlatPolygons } from './types.ts'

/** The shortest connection between two polygons, from a place on the first to a place on the second. */
export interface Connection {
  distanceM: number
  from: readonly [number, number]
  to: readonly [number, number]
}

/** Are the edges of `a` and `b` at most `limitM` apart? */
export function withinDistance(
  a: FlatPolygons,
  b: FlatPolygons,
  limitM: number,
  boxA: Readonly<Box> = boxOf(a),
  boxB: Readonly<Box> = boxOf(b),
): boolean {
  return nearestConnection(a, b, limitM, boxA, boxB, true) !== undefined
}

/** The distance between `a` and `b` in metres. */
export function edgeDistance(a: FlatPolygons, b: FlatPolygons): number {
  return nearestConnection(a, b, Infinity)!.distanceM
}

/**
 * The shortest connection when it is at most `limitM`, otherwise undefined. With `anyWithin` the first connection within
 * the limit is good enough.
 */
export function nearestConnection(
  a: FlatPolygons,
  b: FlatPolygons,
  limitM: number,
  boxA: Readonly<Box> = boxOf(a),
  boxB: Readonly<Box> = boxOf(b),
  anyWithin = false,
): Connection | undefined {
  if (
    boxA[0] - limitM > boxB[2] ||
    boxB[0] - limitM > boxA[2] ||
    boxA[1] - limitM > boxB[3] ||
    boxB[1] - limitM > boxA[3]
  )
    return undefined
  const nearA = edgesNear(a, boxB, limitM)
  const nearB = edgesNear(b, boxA, limitM)
  const search = createSearch(limitM, anyWithin)
  for (const i of nearA) {
    for (const j of nearB) {
      if (search.consider(a.coordinates, i, b.coordinates, j)) return search.best()
    }
  }
  // Boundaries farther apart than the limit: one may still lie inside the other.
  if (isInsidePolygons(b, a.coordinates[0]!, a.coordinates[1]!)) return at(a.coordinates)
  if (isInsidePolygons(a, b.coordinates[0]!, b.coordinates[1]!)) return at(b.coordinates)
  return search.best()
}

function at(coordinates: Float64Array): Connection {
  const place = [coordinates[0]!, coordinates[1]!] as const
  return { distanceM: 0, from: place, to: place }
}

/** Offsets (into coordinates) of the edges whose box comes within `limit` of `box`. */
function edgesNear(polygons: FlatPolygons, box: Readonly<Box>, limit: number): number[] {
  const { coordinates: c, ringEnds } = polygons
  const minX = box[0] - limit
  const minY = box[1] - limit
  const maxX = box[2] + limit
  const maxY = box[3] + limit
  const near: number[] = []
  let from = 0
  for (const to of ringEnds) {
    for (let index = from * 2; index < (to - 1) * 2; index += 2) {
      const x1 = c[index]!
      const y1 = c[index + 1]!
      const x2 = c[index + 2]!
      const y2 = c[index + 3]!
      if ((x1 < minX && x2 < minX) || (x1 > maxX && x2 > maxX) || (y1 < minY && y2 < minY) || (y1 > maxY && y2 > maxY))
        continue
      near.push(index)
    }
    from = to
  }
  return near
}

function createSearch(limit: number, anyWithin: boolean) {
  let best = limit * limit
  let found: Connection | undefined

  /** Squared distance of (px, py) to the edge at `j`; keeps the connection when it is the best so far. */
  const tryPoint = (px: number, py: number, c: Float64Array, j: number, swapped: boolean): void => {
    const x1 = c[j]!
    const y1 = c[j + 1]!
    const dx = c[j + 2]! - x1
    const dy = c[j + 3]! - y1
    const length2 = dx * dx + dy * dy
    const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((px - x1) * dx + (py - y1) * dy) / length2))
    const qx = x1 + t * dx
    const qy = y1 + t * dy
    const distance2 = (px - qx) * (px - qx) + (py - qy) * (py - qy)
    if (distance2 > best || (found && distance2 === best)) return
    best = distance2
    const here = [px, py] as const
    const there = [qx, qy] as const
    found = { distanceM: Math.sqrt(distance2), from: swapped ? there : here, to: swapped ? here : there }
  }

  return {
    best: () => found,
    /** Compares two edges; true when the search may stop. */
    consider(a: Float64Array, i: number, b: Float64Array, j: number): boolean {
      const reach = Math.sqrt(best)
      if (
        Math.min(a[i]!, a[i + 2]!) - reach > Math.max(b[j]!, b[j + 2]!) ||
        Math.min(b[j]!, b[j + 2]!) - reach > Math.max(a[i]!, a[i + 2]!)
      )
        return false
      if (Math.min(a[i + 1]!, a[i + 3]!) - reach > Math.max(b[j + 1]!, b[j + 3]!)) return false
      if (Math.min(b[j + 1]!, b[j + 3]!) - reach > Math.max(a[i + 1]!, a[i + 3]!)) return false
      const crossing = crossingOf(a, i, b, j)
      if (crossing) {
        best = 0
        found = { distanceM: 0, from: crossing, to: crossing }
        return true
      }
      tryPoint(a[i]!, a[i + 1]!, b, j, false)
      tryPoint(a[i + 2]!, a[i + 3]!, b, j, false)
      tryPoint(b[j]!, b[j + 1]!, a, i, true)
      tryPoint(b[j + 2]!, b[j + 3]!, a, i, true)
      return found !== undefined && (anyWithin || best === 0)
    },
  }
}

/** Where two edges properly cross. */
function crossingOf(a: Float64Array, i: number, b: Float64Array, j: number): readonly [number, number] | undefined {
  const p = side(a, i, b[j]!, b[j + 1]!)
  const q = side(a, i, b[j + 2]!, b[j + 3]!)
  if (p > 0 === q > 0 || p === 0 || q === 0) return undefined
  const r = side(b, j, a[i]!, a[i + 1]!)
  const s = side(b, j, a[i + 2]!, a[i + 3]!)
  if (r > 0 === s > 0 || r === 0 || s === 0) return undefined
  const t = p / (p - q)
  return [b[j]! + t * (b[j + 2]! - b[j]!), b[j + 1]! + t * (b[j + 3]! - b[j + 1]!)]
}

function side(c: Float64Array, edge: number, x: number, y: number): number {
  return (c[edge + 2]! - c[edge]!) * (y - c[edge + 1]!) - (c[edge + 3]! - c[edge + 1]!) * (x - c[edge]!)
}

/** Does the segment from `p` to `q` cross a polyline (x0, y0, x1, y1 …)? */
export function crossesLine(p: readonly [number, number], q: readonly [number, number], line: Float64Array): boolean {
  const segment = new Float64Array([p[0], p[1], q[0], q[1]])
  for (let index = 0; index + 3 < line.length; index += 2) if (crossingOf(segment, 0, line, index)) return true
  return false
}
