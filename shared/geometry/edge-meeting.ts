/**
 * How two edges of rings meet, and whether two outlines that touch at a place go through each other there. Edges are named
 * by the index of their first vertex in a flat coordinate array. Plain floating point: exact for shared vertices.
 */

export interface Meeting {
  how: 'cross' | 'touch' | 'overlap'
  x: number
  y: number
}

/** A closed ring: vertices `from` to `to` (exclusive) of a flat coordinate array. */
export interface VertexRange {
  from: number
  to: number
}

/** Twice the signed area of three positions, relative to the first so that large ordinates keep their digits. */
export function orientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
}

/** Where the edges that begin at vertices `a` and `b` meet; undefined when they are apart. */
export function meet(c: Float64Array, a: number, b: number): Meeting | undefined {
  const ax = c[a * 2]!
  const ay = c[a * 2 + 1]!
  const bx = c[a * 2 + 2]!
  const by = c[a * 2 + 3]!
  const px = c[b * 2]!
  const py = c[b * 2 + 1]!
  const qx = c[b * 2 + 2]!
  const qy = c[b * 2 + 3]!
  if (Math.max(ay, by) < Math.min(py, qy) || Math.max(py, qy) < Math.min(ay, by)) return undefined
  if (Math.max(ax, bx) < Math.min(px, qx) || Math.max(px, qx) < Math.min(ax, bx)) return undefined
  const p = orientation(ax, ay, bx, by, px, py)
  const q = orientation(ax, ay, bx, by, qx, qy)
  const r = orientation(px, py, qx, qy, ax, ay)
  const s = orientation(px, py, qx, qy, bx, by)
  if (p === 0 && q === 0) return collinearMeeting(ax, ay, bx, by, px, py, qx, qy)
  if (p > 0 === q > 0 && p !== 0 && q !== 0) return undefined
  if (r > 0 === s > 0 && r !== 0 && s !== 0) return undefined
  if (p === 0) return { how: 'touch', x: px, y: py }
  if (q === 0) return { how: 'touch', x: qx, y: qy }
  if (r === 0) return { how: 'touch', x: ax, y: ay }
  if (s === 0) return { how: 'touch', x: bx, y: by }
  const t = p / (p - q)
  return { how: 'cross', x: px + t * (qx - px), y: py + t * (qy - py) }
}

function collinearMeeting(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  px: number,
  py: number,
  qx: number,
  qy: number,
): Meeting | undefined {
  const vertical = Math.abs(bx - ax) < Math.abs(by - ay)
  const low = vertical ? Math.max(Math.min(ay, by), Math.min(py, qy)) : Math.max(Math.min(ax, bx), Math.min(px, qx))
  const high = vertical ? Math.min(Math.max(ay, by), Math.max(py, qy)) : Math.min(Math.max(ax, bx), Math.max(px, qx))
  if (low > high) return undefined
  const corners = [
    [ax, ay],
    [bx, by],
    [px, py],
    [qx, qy],
  ] as const
  const at = corners.find(corner => corner[vertical ? 1 : 0] === low)!
  return { how: low === high ? 'touch' : 'overlap', x: at[0], y: at[1] }
}

/** One passage of an outline through a place: angles of the ways in and out, as seen from there. */
interface Passage {
  into: number
  out: number
}

/**
 * Do rings `a` and `b`, which touch at (x, y), go through each other there? A bow-tie drawn with a vertex in its knot is
 * crossed, a ring that only comes back to the place is not. `a` and `b` may be the same ring.
 */
export function crossAt(c: Float64Array, a: VertexRange, b: VertexRange, x: number, y: number): boolean {
  const ofA = passages(c, a, x, y)
  const ofB = a === b ? ofA : passages(c, b, x, y)
  return ofA.some((one, index) => ofB.some((other, second) => (a !== b || second > index) && passThrough(one, other)))
}

function passages(c: Float64Array, ring: VertexRange, x: number, y: number): Passage[] {
  const found: Passage[] = []
  const angle = (vertex: number): number => Math.atan2(c[vertex * 2 + 1]! - y, c[vertex * 2]! - x)
  const isHere = (vertex: number): boolean => c[vertex * 2] === x && c[vertex * 2 + 1] === y
  const last = ring.to - 2
  for (let vertex = ring.from; vertex <= last; vertex++) {
    if (isHere(vertex)) {
      // Of repeated vertices only the first counts.
      const before = vertex === ring.from ? last : vertex - 1
      if (isHere(before)) continue
      let after = vertex
      while (isHere(after)) after = after === last ? ring.from : after + 1
      found.push({ into: angle(before), out: angle(after) })
    } else if (!isHere(vertex + 1) && liesWithin(c, vertex, x, y)) {
      found.push({ into: angle(vertex), out: angle(vertex + 1) })
    }
  }
  return found
}

function liesWithin(c: Float64Array, edge: number, x: number, y: number): boolean {
  const ax = c[edge * 2]!
  const ay = c[edge * 2 + 1]!
  const bx = c[edge * 2 + 2]!
  const by = c[edge * 2 + 3]!
  if (x < Math.min(ax, bx) || x > Math.max(ax, bx) || y < Math.min(ay, by) || y > Math.max(ay, by)) return false
  return orientation(ax, ay, bx, by, x, y) === 0
}

/** The ways of one passage lie on different sides of the other. Ways that run together are no crossing here: they overlap. */
function passThrough(a: Passage, b: Passage): boolean {
  if (a.into === b.into || a.into === b.out || a.out === b.into || a.out === b.out) return false
  return isBetween(a.into, b.into, a.out) !== isBetween(a.into, b.out, a.out)
}

/** Turning left from angle `from`, is `angle` met before `to`? */
function isBetween(from: number, angle: number, to: number): boolean {
  const turn = (end: number): number => (end - from + 4 * Math.PI) % (2 * Math.PI)
  return turn(angle) < turn(to)
}
