/** Edge-to-edge distance of polygons in a metric plane: 0 where they touch, overlap or one holds the other. Exact, pure. */
import { isInsidePolygons } from './point-in-polygon.ts'
import { type Box, boxOf, type FlatPolygons, type Position } from './types.ts'

/** The shortest connection between two polygons, from a place on the first to a place on the second. */
export interface Connection {
  distanceM: number
  from: Position
  to: Position
}

let nearB = new Int32Array(64)

/**
 * Are `a` and `b` at most `limitM` apart? Asked for every pair of neighbours, so it stops at the first place that answers
 * and leaves no garbage.
 */
export function withinDistance(
  a: FlatPolygons,
  b: FlatPolygons,
  limitM: number,
  boxA: Readonly<Box> = boxOf(a),
  boxB: Readonly<Box> = boxOf(b),
): boolean {
  if (boxDistance(boxA, boxB) > limitM) return false
  if (cornersMeet(a, b, limitM, boxB)) return true
  if (nearB.length < b.coordinates.length) nearB = new Int32Array(b.coordinates.length * 2)
  const countB = edgesNear(b, boxA, limitM, nearB)
  const { coordinates, ringEnds } = a
  const left = boxB[0] - limitM
  const bottom = boxB[1] - limitM
  const right = boxB[2] + limitM
  const top = boxB[3] + limitM
  let index = 0
  for (let ring = 0; ring < ringEnds.length; ring++) {
    for (const end = (ringEnds[ring]! - 1) * 2; index < end; index += 2) {
      const x1 = coordinates[index]!
      const x2 = coordinates[index + 2]!
      if ((x1 < left && x2 < left) || (x1 > right && x2 > right)) continue
      const y1 = coordinates[index + 1]!
      const y2 = coordinates[index + 3]!
      if ((y1 < bottom && y2 < bottom) || (y1 > top && y2 > top)) continue
      if (isEdgeNearAny(coordinates, index, b.coordinates, countB, limitM)) return true
    }
    index += 2
  }
  return holdsPartOf(b, boxB, a) !== undefined || holdsPartOf(a, boxA, b) !== undefined
}

/**
 * Is the corner of `a` nearest to the middle of `b` within the limit of a corner of `b`? Of neighbours 98 in 100 are answered
 * so, before any edge is looked at; false says nothing. A little less than the limit, so that rounding decides nothing.
 */
function cornersMeet(a: FlatPolygons, b: FlatPolygons, limit: number, boxB: Readonly<Box>): boolean {
  const p = a.coordinates
  const q = b.coordinates
  const mx = (boxB[0] + boxB[2]) / 2
  const my = (boxB[1] + boxB[3]) / 2
  let x = 0
  let y = 0
  let least = Infinity
  for (let i = 0; i < p.length; i += 2) {
    const dx = p[i]! - mx
    const dy = p[i + 1]! - my
    const d = dx * dx + dy * dy
    if (d < least) {
      least = d
      x = p[i]!
      y = p[i + 1]!
    }
  }
  const bound = limit * limit * (1 - 1e-9)
  for (let i = 0; i < q.length; i += 2) {
    const dx = q[i]! - x
    const dy = q[i + 1]! - y
    if (dx * dx + dy * dy <= bound) return true
  }
  return false
}

/** Is the edge at `i` at most `limit` from one of the first `count` edges in `nearB`? */
function isEdgeNearAny(p: Float64Array, i: number, q: Float64Array, count: number, limit: number): boolean {
  const ax = p[i]!
  const ay = p[i + 1]!
  const bx = p[i + 2]!
  const by = p[i + 3]!
  const minX = Math.min(ax, bx) - limit
  const maxX = Math.max(ax, bx) + limit
  const minY = Math.min(ay, by) - limit
  const maxY = Math.max(ay, by) + limit
  for (let index = 0; index < count; index++) {
    const j = nearB[index]!
    const cx = q[j]!
    const dx = q[j + 2]!
    if ((cx < minX && dx < minX) || (cx > maxX && dx > maxX)) continue
    const cy = q[j + 1]!
    const dy = q[j + 3]!
    if ((cy < minY && dy < minY) || (cy > maxY && dy > maxY)) continue
    if (
      isNearEdge(ax, ay, cx, cy, dx, dy, limit) ||
      isNearEdge(bx, by, cx, cy, dx, dy, limit) ||
      isNearEdge(cx, cy, ax, ay, bx, by, limit) ||
      isNearEdge(dx, dy, ax, ay, bx, by, limit) ||
      edgesCross(p, i, q, j)
    )
      return true
  }
  return false
}

/** The distance between `a` and `b` in metres. */
export function edgeDistance(a: FlatPolygons, b: FlatPolygons): number {
  return nearestConnection(a, b, Infinity)!.distanceM
}

/** The shortest connection when it is at most `limitM`, otherwise undefined. */
export function nearestConnection(
  a: FlatPolygons,
  b: FlatPolygons,
  limitM: number,
  boxA: Readonly<Box> = boxOf(a),
  boxB: Readonly<Box> = boxOf(b),
): Connection | undefined {
  if (boxDistance(boxA, boxB) > limitM) return undefined
  const held = holdsPartOf(b, boxB, a) ?? holdsPartOf(a, boxA, b)
  if (held) return { distanceM: 0, from: held, to: held }
  const offsetsA = new Int32Array(a.coordinates.length / 2)
  const offsetsB = new Int32Array(b.coordinates.length / 2)
  const countA = edgesNear(a, boxB, limitM, offsetsA)
  const countB = edgesNear(b, boxA, limitM, offsetsB)
  const search = createSearch(limitM)
  for (let i = 0; i < countA; i++) {
    for (let j = 0; j < countB; j++) {
      if (search.consider(a.coordinates, offsetsA[i]!, b.coordinates, offsetsB[j]!)) return search.best()
    }
  }
  return search.best()
}

/** Distance of two boxes, 0 when they meet. */
function boxDistance(a: Readonly<Box>, b: Readonly<Box>): number {
  const dx = Math.max(0, a[0] - b[2], b[0] - a[2])
  const dy = Math.max(0, a[1] - b[3], b[1] - a[3])
  return dx === 0 || dy === 0 ? dx + dy : Math.sqrt(dx * dx + dy * dy)
}

/** A vertex of a part of `inner` that lies in `outer`: the case that no pair of edges betrays. */
function holdsPartOf(outer: FlatPolygons, box: Readonly<Box>, inner: FlatPolygons): Position | undefined {
  let ring = 0
  for (const polygonEnd of inner.polygonEnds) {
    const from = ring === 0 ? 0 : inner.ringEnds[ring - 1]! * 2
    const x = inner.coordinates[from]!
    const y = inner.coordinates[from + 1]!
    ring = polygonEnd
    if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue
    if (isInsidePolygons(outer, x, y)) return [x, y]
  }
  return undefined
}

/** Puts the offsets (into coordinates) of the edges that come within `limit` of `box` into `offsets`; returns how many. */
function edgesNear(polygons: FlatPolygons, box: Readonly<Box>, limit: number, offsets: Int32Array): number {
  const { coordinates: c, ringEnds } = polygons
  const minX = box[0] - limit
  const minY = box[1] - limit
  const maxX = box[2] + limit
  const maxY = box[3] + limit
  let count = 0
  let index = 0
  for (let ring = 0; ring < ringEnds.length; ring++) {
    const end = (ringEnds[ring]! - 1) * 2
    let x1 = c[index]!
    let y1 = c[index + 1]!
    for (index += 2; index <= end; index += 2) {
      const x2 = c[index]!
      const y2 = c[index + 1]!
      if (
        (x1 >= minX || x2 >= minX) &&
        (x1 <= maxX || x2 <= maxX) &&
        (y1 >= minY || y2 >= minY) &&
        (y1 <= maxY || y2 <= maxY)
      )
        offsets[count++] = index - 2
      x1 = x2
      y1 = y2
    }
  }
  return count
}

/** Distance of (px, py) to the edge from 1 to 2. */
function pointToEdge(px: number, py: number, x1: number, y1: number, x2: number, y2: number): number {
  const ex = x2 - x1
  const ey = y2 - y1
  const length2 = ex * ex + ey * ey
  let t = length2 === 0 ? 0 : ((px - x1) * ex + (py - y1) * ey) / length2
  t = Math.max(0, Math.min(1, t))
  // Towards the nearer end, so that the end itself is met exactly.
  const dx = t <= 0.5 ? px - x1 - t * ex : px - x2 + (1 - t) * ex
  const dy = t <= 0.5 ? py - y1 - t * ey : py - y2 + (1 - t) * ey
  return Math.sqrt(dx * dx + dy * dy)
}

/** Is `pointToEdge` at most `limit`? Without division or root, except where rounding could decide. */
function isNearEdge(px: number, py: number, x1: number, y1: number, x2: number, y2: number, limit: number): boolean {
  const ex = x2 - x1
  const ey = y2 - y1
  const dx = px - x1
  const dy = py - y1
  const along = dx * ex + dy * ey
  const length2 = ex * ex + ey * ey
  let value = 0
  let bound = limit * limit
  if (along <= 0) value = dx * dx + dy * dy
  else if (along >= length2) value = (px - x2) * (px - x2) + (py - y2) * (py - y2)
  else {
    const across = dx * ey - dy * ex
    value = across * across
    bound *= length2
  }
  if (value > bound * (1 + 1e-9) && bound > 0) return false
  if (value < bound * (1 - 1e-9)) return true
  return pointToEdge(px, py, x1, y1, x2, y2) <= limit
}

function createSearch(limit: number) {
  let reach = limit
  let found: Connection | undefined

  /** Keeps the connection of (px, py) with the edge at `j` when it is the shortest so far. */
  const tryPoint = (px: number, py: number, c: Float64Array, j: number, swapped: boolean): void => {
    const x1 = c[j]!
    const y1 = c[j + 1]!
    const x2 = c[j + 2]!
    const y2 = c[j + 3]!
    const distanceM = pointToEdge(px, py, x1, y1, x2, y2)
    if (distanceM > reach || (found && distanceM === reach)) return
    reach = distanceM
    const ex = x2 - x1
    const ey = y2 - y1
    const length2 = ex * ex + ey * ey
    const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((px - x1) * ex + (py - y1) * ey) / length2))
    const here: Position = [px, py]
    const there: Position = t === 1 ? [x2, y2] : [x1 + t * ex, y1 + t * ey]
    found = { distanceM, from: swapped ? there : here, to: swapped ? here : there }
  }

  return {
    best: () => found,
    /** Compares two edges; true when nothing can be shorter. */
    consider(a: Float64Array, i: number, b: Float64Array, j: number): boolean {
      if (
        Math.min(a[i]!, a[i + 2]!) - reach > Math.max(b[j]!, b[j + 2]!) ||
        Math.min(b[j]!, b[j + 2]!) - reach > Math.max(a[i]!, a[i + 2]!) ||
        Math.min(a[i + 1]!, a[i + 3]!) - reach > Math.max(b[j + 1]!, b[j + 3]!) ||
        Math.min(b[j + 1]!, b[j + 3]!) - reach > Math.max(a[i + 1]!, a[i + 3]!)
      )
        return false
      const crossing = crossingOf(a, i, b, j)
      if (crossing) {
        found = { distanceM: 0, from: crossing, to: crossing }
        return true
      }
      tryPoint(a[i]!, a[i + 1]!, b, j, false)
      tryPoint(a[i + 2]!, a[i + 3]!, b, j, false)
      tryPoint(b[j]!, b[j + 1]!, a, i, true)
      tryPoint(b[j + 2]!, b[j + 3]!, a, i, true)
      return found !== undefined && reach === 0
    },
  }
}

/** Where two edges properly cross. */
function crossingOf(a: Float64Array, i: number, b: Float64Array, j: number): Position | undefined {
  if (!edgesCross(a, i, b, j)) return undefined
  const p = side(a, i, b[j]!, b[j + 1]!)
  const q = side(a, i, b[j + 2]!, b[j + 3]!)
  const t = p / (p - q)
  return [b[j]! + t * (b[j + 2]! - b[j]!), b[j + 1]! + t * (b[j + 3]! - b[j + 1]!)]
}

function edgesCross(a: Float64Array, i: number, b: Float64Array, j: number): boolean {
  const p = side(a, i, b[j]!, b[j + 1]!)
  const q = side(a, i, b[j + 2]!, b[j + 3]!)
  if (p > 0 === q > 0 || p === 0 || q === 0) return false
  const r = side(b, j, a[i]!, a[i + 1]!)
  const s = side(b, j, a[i + 2]!, a[i + 3]!)
  return r > 0 !== s > 0 && r !== 0 && s !== 0
}

/** Twice the area of the triangle of an edge and a position: positive when the position lies left of the edge. */
function side(c: Float64Array, edge: number, x: number, y: number): number {
  return (c[edge + 2]! - c[edge]!) * (y - c[edge + 1]!) - (c[edge + 3]! - c[edge + 1]!) * (x - c[edge]!)
}
