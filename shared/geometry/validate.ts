/**
 * What is wrong with polygons, told apart by kind and place (OGC 06-103r4 §6.1.11): the import desk names it, the map
 * shows it, the repair is chosen by it. Touching at single points is allowed where the standard allows it. Pure; any plane.
 */
import { isInsideRing } from './point-in-polygon.ts'
import type { FlatPolygons } from './types.ts'

export type DefectKind =
  | 'not_finite'
  | 'too_few_points'
  | 'duplicate_point'
  | 'spike'
  | 'self_intersection'
  | 'ring_self_touch'
  | 'rings_cross'
  | 'hole_outside_shell'
  | 'hole_inside_hole'
  | 'parts_overlap'
  | 'zero_area'

export interface Defect {
  kind: DefectKind
  /** Index of the ring over all polygons. */
  ring: number
  x: number
  y: number
}

/** Defects that leave the polygon unusable for areas until it is repaired; the others are untidy but unambiguous. */
export const BREAKING_DEFECTS: ReadonlySet<DefectKind> = new Set<DefectKind>([
  'not_finite',
  'too_few_points',
  'self_intersection',
  'rings_cross',
  'hole_outside_shell',
  'hole_inside_hole',
  'parts_overlap',
  'zero_area',
])

/** At most so many defects are listed for one geometry; a scribble can have millions. */
const MAX_DEFECTS = 200

/** All defects of closed rings, in the order of rings; an empty list means valid. */
export function validatePolygons(polygons: FlatPolygons): Defect[] {
  const defects: Defect[] = []
  const rings = ringsOf(polygons)
  for (const ring of rings) checkRingItself(polygons.coordinates, ring, defects)
  if (defects.some(defect => defect.kind === 'not_finite' || defect.kind === 'too_few_points')) return defects
  checkCrossings(polygons, rings, defects)
  if (!defects.some(defect => defect.kind === 'rings_cross' || defect.kind === 'parts_overlap'))
    checkNesting(polygons, rings, defects)
  for (const ring of rings) {
    if (ring.isFlat && !defects.some(defect => defect.ring === ring.index && defect.kind === 'self_intersection')) {
      defects.push({
        kind: 'zero_area',
        ring: ring.index,
        x: polygons.coordinates[ring.from * 2]!,
        y: polygons.coordinates[ring.from * 2 + 1]!,
      })
    }
  }
  return defects.slice(0, MAX_DEFECTS)
}

interface RingSpan {
  index: number
  polygon: number
  isShell: boolean
  from: number
  to: number
  /** Encloses nothing by its signed area. */
  isFlat?: boolean
}

function ringsOf(polygons: FlatPolygons): RingSpan[] {
  const spans: RingSpan[] = []
  let ring = 0
  let from = 0
  polygons.polygonEnds.forEach((end, polygon) => {
    for (let isShell = true; ring < end; ring++, isShell = false) {
      const to = polygons.ringEnds[ring]!
      spans.push({ index: ring, polygon, isShell, from, to })
      from = to
    }
  })
  return spans
}

function checkRingItself(c: Float64Array, ring: RingSpan, defects: Defect[]): void {
  const add = (kind: DefectKind, vertex: number): void => {
    if (defects.length < MAX_DEFECTS) defects.push({ kind, ring: ring.index, x: c[vertex * 2]!, y: c[vertex * 2 + 1]! })
  }
  for (let vertex = ring.from; vertex < ring.to; vertex++) {
    if (!Number.isFinite(c[vertex * 2]!) || !Number.isFinite(c[vertex * 2 + 1]!)) {
      add('not_finite', vertex)
      return
    }
  }
  const distinct = distinctVertices(c, ring)
  if (distinct.length < 3) {
    add('too_few_points', ring.from)
    return
  }
  for (let vertex = ring.from; vertex + 1 < ring.to; vertex++) {
    if (c[vertex * 2] === c[vertex * 2 + 2] && c[vertex * 2 + 1] === c[vertex * 2 + 3]) add('duplicate_point', vertex)
  }
  let twice = 0
  for (let i = 0; i < distinct.length; i++) {
    const before = distinct[(i + distinct.length - 1) % distinct.length]!
    const here = distinct[i]!
    const after = distinct[(i + 1) % distinct.length]!
    if (turnsBack(c, before, here, after)) add('spike', here)
    twice +=
      (c[here * 2]! - c[ring.from * 2]!) * (c[after * 2 + 1]! - c[ring.from * 2 + 1]!) -
      (c[after * 2]! - c[ring.from * 2]!) * (c[here * 2 + 1]! - c[ring.from * 2 + 1]!)
  }
  // A bow-tie can cancel to nothing too; there the crossing is the defect.
  ring.isFlat = twice === 0
}

/** Vertices of a ring without its closing one and without repetitions in a row. */
function distinctVertices(c: Float64Array, ring: RingSpan): number[] {
  const vertices: number[] = []
  for (let vertex = ring.from; vertex + 1 < ring.to; vertex++) {
    const last = vertices[vertices.length - 1]
    if (last === undefined || c[last * 2] !== c[vertex * 2] || c[last * 2 + 1] !== c[vertex * 2 + 1])
      vertices.push(vertex)
  }
  const first = vertices[0]
  const last = vertices[vertices.length - 1]
  if (vertices.length > 1 && c[first! * 2] === c[last! * 2] && c[first! * 2 + 1] === c[last! * 2 + 1]) vertices.pop()
  return vertices
}

/** Does the outline come back on itself at `here`? */
function turnsBack(c: Float64Array, before: number, here: number, after: number): boolean {
  const ux = c[before * 2]! - c[here * 2]!
  const uy = c[before * 2 + 1]! - c[here * 2 + 1]!
  const vx = c[after * 2]! - c[here * 2]!
  const vy = c[after * 2 + 1]! - c[here * 2 + 1]!
  const cross = ux * vy - uy * vx
  const dot = ux * vx + uy * vy
  return dot > 0 && Math.abs(cross) <= 1e-9 * dot
}

/** Every pair of edges that meet where they should not, by a sweep over the edges' left ends. */
function checkCrossings(polygons: FlatPolygons, rings: readonly RingSpan[], defects: Defect[]): void {
  const c = polygons.coordinates
  const edgeFrom: number[] = []
  const edgeRing: number[] = []
  rings.forEach((ring, position) => {
    for (let vertex = ring.from; vertex + 1 < ring.to; vertex++) {
      if (c[vertex * 2] === c[vertex * 2 + 2] && c[vertex * 2 + 1] === c[vertex * 2 + 3]) continue
      edgeFrom.push(vertex)
      edgeRing.push(position)
    }
  })
  const left = (edge: number): number => Math.min(c[edgeFrom[edge]! * 2]!, c[edgeFrom[edge]! * 2 + 2]!)
  const right = (edge: number): number => Math.max(c[edgeFrom[edge]! * 2]!, c[edgeFrom[edge]! * 2 + 2]!)
  const order = edgeFrom.map((_, edge) => edge).sort((a, b) => left(a) - left(b))
  let active: number[] = []
  for (const edge of order) {
    const leftX = left(edge)
    active = active.filter(other => right(other) >= leftX)
    for (const other of active) {
      const meeting = meet(c, edgeFrom[edge]!, edgeFrom[other]!)
      if (!meeting) continue
      const kind = kindOfMeeting(
        meeting.how,
        rings[edgeRing[edge]!]!,
        rings[edgeRing[other]!]!,
        edgeFrom[edge]!,
        edgeFrom[other]!,
        c,
      )
      if (!kind) continue
      defects.push({ kind, ring: rings[edgeRing[edge]!]!.index, x: meeting.x, y: meeting.y })
      if (defects.length >= MAX_DEFECTS) return
    }
    active.push(edge)
  }
}

type Meeting = { how: 'cross' | 'touch' | 'overlap'; x: number; y: number }

function kindOfMeeting(
  how: Meeting['how'],
  a: RingSpan,
  b: RingSpan,
  edgeA: number,
  edgeB: number,
  c: Float64Array,
): DefectKind | undefined {
  if (a === b) {
    if (how === 'cross') return 'self_intersection'
    // Neighbouring edges share their vertex; when they run over each other it is a spike, found already.
    if (areNeighbours(c, a, edgeA, edgeB)) return undefined
    return how === 'touch' ? 'ring_self_touch' : 'self_intersection'
  }
  if (a.polygon !== b.polygon) return how === 'touch' ? undefined : 'parts_overlap'
  return how === 'touch' ? undefined : 'rings_cross'
}

/** Do two edges of a ring follow each other, repetitions of the same point aside? */
function areNeighbours(c: Float64Array, ring: RingSpan, edgeA: number, edgeB: number): boolean {
  const first = Math.min(edgeA, edgeB)
  const second = Math.max(edgeA, edgeB)
  return samePoints(c, first + 1, second) || (samePoints(c, second + 1, ring.to - 1) && samePoints(c, ring.from, first))
}

/** Are all vertices from `a` to `b` at one place? */
function samePoints(c: Float64Array, a: number, b: number): boolean {
  for (let vertex = a; vertex < b; vertex++) {
    if (c[vertex * 2] !== c[vertex * 2 + 2] || c[vertex * 2 + 1] !== c[vertex * 2 + 3]) return false
  }
  return a <= b
}

function meet(c: Float64Array, a: number, b: number): Meeting | undefined {
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

/** Twice the signed area of three positions, relative to the first so that large ordinates keep their digits. */
function orientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
}

/** Holes in their shells and not in each other, parts apart; only asked when no rings cross. */
function checkNesting(polygons: FlatPolygons, rings: readonly RingSpan[], defects: Defect[]): void {
  const c = polygons.coordinates
  const add = (kind: DefectKind, ring: RingSpan): void => {
    defects.push({ kind, ring: ring.index, x: c[ring.from * 2]!, y: c[ring.from * 2 + 1]! })
  }
  const shells = rings.filter(ring => ring.isShell)
  for (const ring of rings) {
    if (ring.isShell) {
      const around = shells.filter(other => other !== ring && liesInside(c, ring, other))
      const inHole = around.every(other =>
        rings.some(hole => !hole.isShell && hole.polygon === other.polygon && liesInside(c, ring, hole)),
      )
      if (around.length > 0 && !inHole) add('parts_overlap', ring)
      continue
    }
    const shell = shells.find(candidate => candidate.polygon === ring.polygon)!
    if (!liesInside(c, ring, shell)) add('hole_outside_shell', ring)
    const outerHole = rings.find(
      other => other !== ring && !other.isShell && other.polygon === ring.polygon && liesInside(c, ring, other),
    )
    if (outerHole) add('hole_inside_hole', ring)
  }
}

/** For rings that do not cross: is `ring` within `outer`? Decided by the first vertex that is not on the outer's vertices. */
function liesInside(c: Float64Array, ring: RingSpan, outer: RingSpan): boolean {
  for (let vertex = ring.from; vertex + 1 < ring.to; vertex++) {
    const mx = (c[vertex * 2]! + c[vertex * 2 + 2]!) / 2
    const my = (c[vertex * 2 + 1]! + c[vertex * 2 + 3]!) / 2
    if (!isOnRing(c, outer, mx, my)) return isInsideRing(c, outer.from, outer.to, mx, my)
  }
  return true
}

function isOnRing(c: Float64Array, ring: RingSpan, x: number, y: number): boolean {
  for (let vertex = ring.from; vertex + 1 < ring.to; vertex++) {
    const ax = c[vertex * 2]!
    const ay = c[vertex * 2 + 1]!
    const bx = c[vertex * 2 + 2]!
    const by = c[vertex * 2 + 3]!
    if (x < Math.min(ax, bx) || x > Math.max(ax, bx) || y < Math.min(ay, by) || y > Math.max(ay, by)) continue
    if (orientation(ax, ay, bx, by, x, y) === 0) return true
  }
  return false
}
