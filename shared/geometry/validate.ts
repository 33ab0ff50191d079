/**
 * What is wrong with polygons, told apart by kind and place (OGC 06-103r4 §6.1.11): the import desk names it, the map
 * shows it, the repair is chosen by it. Touching at single points is allowed where the standard allows it. Rings must be
 * closed: who reads files closes them and says so. Pure; any plane.
 */
import { crossAt, type Meeting, meet, orientation } from './edge-meeting.ts'
import { isPlainRing } from './plain-ring.ts'
import { isInsideRing } from './point-in-polygon.ts'
import { hasNoArea, turnsBack } from './ring-shape.ts'
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

/** At most so many defects of a kind are listed for one geometry: a scribble can have millions. */
const MAX_OF_A_KIND = 100

/**
 * All defects of closed rings, in the order of rings; an empty list means valid. Rings that touch so that they cut the
 * inside in two are reported as `ring_self_touch`.
 */
export function validatePolygons(polygons: FlatPolygons): Defect[] {
  if (polygons.ringEnds.length === 1 && isPlainRing(polygons.coordinates, 0, polygons.ringEnds[0]!)) return []
  const list = new DefectList()
  const rings = ringsOf(polygons)
  for (const ring of rings) checkRingItself(polygons.coordinates, ring, list)
  if (list.has('not_finite') || list.has('too_few_points')) return list.defects
  checkMeetings(polygons.coordinates, rings, list)
  if (rings.length > 1 && !list.has('rings_cross') && !list.has('parts_overlap'))
    checkNesting(polygons.coordinates, rings, list)
  for (const ring of rings) {
    // A bow-tie can cancel to nothing too; there the crossing is the defect.
    if (ring.isFlat && !list.has('self_intersection', ring.index))
      list.add('zero_area', ring.index, polygons.coordinates[ring.from * 2]!, polygons.coordinates[ring.from * 2 + 1]!)
  }
  return list.defects
}

/** Each defect once, and not too many of a kind: a thousand repeated points must not hide a crossing. */
class DefectList {
  readonly defects: Defect[] = []
  readonly #seen = new Set<string>()
  readonly #counts = new Map<string, number>()

  add(kind: DefectKind, ring: number, x: number, y: number): void {
    const key = `${kind} ${ring} ${x} ${y}`
    if (this.isFull(kind) || this.#seen.has(key)) return
    this.#seen.add(key)
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1).set(`${kind} ${ring}`, 1)
    this.defects.push({ kind, ring, x, y })
  }

  isFull(kind: DefectKind): boolean {
    return (this.#counts.get(kind) ?? 0) >= MAX_OF_A_KIND
  }

  has(kind: DefectKind, ring?: number): boolean {
    return this.#counts.has(ring === undefined ? kind : `${kind} ${ring}`)
  }
}

interface RingSpan {
  index: number
  polygon: number
  isShell: boolean
  from: number
  to: number
  /** Encloses nothing by its signed area. */
  isFlat: boolean
  /** Places where a spike leaves the outline: the touch there is part of the spike. */
  spikeFeet: string[]
  minX: number
  minY: number
  maxX: number
  maxY: number
}

function ringsOf(polygons: FlatPolygons): RingSpan[] {
  const spans: RingSpan[] = []
  const c = polygons.coordinates
  let index = 0
  let from = 0
  polygons.polygonEnds.forEach((end, polygon) => {
    for (let isShell = true; index < end; index++, isShell = false) {
      const to = polygons.ringEnds[index]!
      let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
      for (let vertex = from; vertex < to; vertex++) {
        minX = Math.min(minX, c[vertex * 2]!)
        maxX = Math.max(maxX, c[vertex * 2]!)
        minY = Math.min(minY, c[vertex * 2 + 1]!)
        maxY = Math.max(maxY, c[vertex * 2 + 1]!)
      }
      spans.push({ index, polygon, isShell, from, to, isFlat: false, spikeFeet: [], minX, minY, maxX, maxY })
      from = to
    }
  })
  return spans
}

const placeKey = (x: number, y: number): string => `${x} ${y}`

function checkRingItself(c: Float64Array, ring: RingSpan, list: DefectList): void {
  const add = (kind: DefectKind, vertex: number): void => {
    list.add(kind, ring.index, c[vertex * 2] ?? Number.NaN, c[vertex * 2 + 1] ?? Number.NaN)
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
  for (let i = 0; i < distinct.length; i++) {
    const before = distinct[(i + distinct.length - 1) % distinct.length]!
    const here = distinct[i]!
    const after = distinct[(i + 1) % distinct.length]!
    if (!turnsBack(c, before, here, after)) continue
    add('spike', here)
    ring.spikeFeet.push(placeKey(c[before * 2]!, c[before * 2 + 1]!), placeKey(c[after * 2]!, c[after * 2 + 1]!))
  }
  ring.isFlat = hasNoArea(c, ring.from, ring.to)
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

/** Every pair of edges that meet where they should not. */
function checkMeetings(c: Float64Array, rings: readonly RingSpan[], list: DefectList): void {
  const touches = new TouchGraph()
  const loops: [ring: number, x: number, y: number][] = []
  sweepEdges(c, rings, (edgeA, edgeB, a, b) => {
    const meeting = meet(c, edgeA, edgeB)
    if (!meeting || (a === b && meeting.how !== 'cross' && areNeighbours(c, a, edgeA, edgeB))) return
    const { x, y } = meeting
    const kind = kindOfMeeting(c, meeting, a, b)
    if (kind) list.add(kind, a.index, x, y)
    else if (a.polygon === b.polygon && a !== b && touches.closesLoop(a.index, b.index, placeKey(x, y)))
      loops.push([a.isShell ? b.index : a.index, x, y])
    return kind !== undefined && BREAKING_DEFECTS.has(kind) && list.isFull(kind)
  })
  // Rings that run along each other touch at both ends; there that is the defect.
  if (!list.has('rings_cross')) for (const loop of loops) list.add('ring_self_touch', ...loop)
}

function kindOfMeeting(c: Float64Array, { how, x, y }: Meeting, a: RingSpan, b: RingSpan): DefectKind | undefined {
  if (how === 'touch' && !crossAt(c, a, b, x, y))
    return a === b && !a.spikeFeet.includes(placeKey(x, y)) ? 'ring_self_touch' : undefined
  if (a === b) return 'self_intersection'
  return a.polygon === b.polygon ? 'rings_cross' : 'parts_overlap'
}

/** Rings and the places where they touch; a loop in it cuts the inside of the polygon in two. */
class TouchGraph {
  readonly #parents = new Map<number | string, number | string>()
  readonly #links = new Set<string>()

  closesLoop(ringA: number, ringB: number, place: string): boolean {
    const first = this.#link(ringA, place)
    return this.#link(ringB, place) || first
  }

  #link(ring: number, place: string): boolean {
    const key = `${ring} ${place}`
    if (this.#links.has(key)) return false
    this.#links.add(key)
    const a = this.#root(ring)
    const b = this.#root(place)
    this.#parents.set(a, b)
    return a === b
  }

  #root(node: number | string): number | string {
    let root = node
    for (let next = this.#parents.get(root); next !== undefined && next !== root; next = this.#parents.get(root))
      root = next
    return root
  }
}

/**
 * Calls `visit` with every two edges whose extents overlap along the axis on which edges overlap less; edges without
 * length are left out. Stops when `visit` returns true.
 */
function sweepEdges(
  c: Float64Array,
  rings: readonly RingSpan[],
  visit: (edgeA: number, edgeB: number, a: RingSpan, b: RingSpan) => boolean | undefined,
): void {
  const edges: number[] = []
  const ringOfEdge: RingSpan[] = []
  let [lengthX, lengthY] = [0, 0]
  for (const ring of rings) {
    for (let vertex = ring.from; vertex + 1 < ring.to; vertex++) {
      const dx = Math.abs(c[vertex * 2 + 2]! - c[vertex * 2]!)
      const dy = Math.abs(c[vertex * 2 + 3]! - c[vertex * 2 + 1]!)
      if (dx === 0 && dy === 0) continue
      lengthX += dx
      lengthY += dy
      edges.push(vertex)
      ringOfEdge.push(ring)
    }
  }
  const extent = (low: 'minX' | 'minY', high: 'maxX' | 'maxY'): number =>
    rings.reduce((most, ring) => Math.max(most, ring[high]), -Infinity) -
    rings.reduce((least, ring) => Math.min(least, ring[low]), Infinity)
  const axis = lengthX * extent('minY', 'maxY') <= lengthY * extent('minX', 'maxX') ? 0 : 1
  const lows = new Float64Array(edges.length)
  const highs = new Float64Array(edges.length)
  const order = new Uint32Array(edges.length)
  for (let index = 0; index < edges.length; index++) {
    const from = c[edges[index]! * 2 + axis]!
    const to = c[edges[index]! * 2 + 2 + axis]!
    lows[index] = Math.min(from, to)
    highs[index] = Math.max(from, to)
    order[index] = index
  }
  order.sort((a, b) => lows[a]! - lows[b]!)
  const active = new Uint32Array(edges.length)
  let activeCount = 0
  for (const index of order) {
    const low = lows[index]!
    let kept = 0
    for (let slot = 0; slot < activeCount; slot++) {
      const other = active[slot]!
      if (highs[other]! < low) continue
      active[kept++] = other
      if (visit(edges[index]!, edges[other]!, ringOfEdge[index]!, ringOfEdge[other]!)) return
    }
    active[kept] = index
    activeCount = kept + 1
  }
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

/** Holes in their shells and not in each other, parts apart; only asked when no rings cross. */
function checkNesting(c: Float64Array, rings: readonly RingSpan[], list: DefectList): void {
  const add = (kind: DefectKind, ring: RingSpan): void =>
    list.add(kind, ring.index, c[ring.from * 2]!, c[ring.from * 2 + 1]!)
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
    if (!liesInside(c, ring, shells[ring.polygon]!)) add('hole_outside_shell', ring)
    const outerHole = rings.find(
      other => other !== ring && !other.isShell && other.polygon === ring.polygon && liesInside(c, ring, other),
    )
    if (outerHole) add('hole_inside_hole', ring)
  }
}

/** For rings that do not cross: is `ring` within `outer`? Decided by the first edge that does not run on the outer ring. */
function liesInside(c: Float64Array, ring: RingSpan, outer: RingSpan): boolean {
  if (ring.minX < outer.minX || ring.maxX > outer.maxX || ring.minY < outer.minY || ring.maxY > outer.maxY) return false
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
