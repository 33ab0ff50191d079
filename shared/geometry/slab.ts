/**
 * The slab method: the area that two sets of rings have in common, exact where they share edges. All ordinates at which
 * anything happens (vertices of both, crossings of one with the other) cut the plane into horizontal slabs; inside a slab
 * every bound is straight, so the common length at the slab's middle times its height is its common area.
 *
 * Why not cut edges at their crossings and sum (Green's theorem): where two outlines run along each other, the usual
 * case of a boundary that follows parcels, a crossing found on one side and missed on the other gives wildly wrong areas.
 * Here equal edges give bit-equal abscissas and the difference is exactly 0.
 */
import type { FlatPolygons } from './types.ts'

/** Edges in struct-of-arrays form, lower end first; horizontal ones are left out (they bound nothing). */
export interface EdgeSet {
  lowX: Float64Array
  lowY: Float64Array
  highX: Float64Array
  highY: Float64Array
  /** +1 when the ring goes up along the edge, -1 when it goes down. */
  turn: Int8Array
  count: number
}

export function createEdgeSet(capacity: number): EdgeSet {
  return {
    lowX: new Float64Array(capacity),
    lowY: new Float64Array(capacity),
    highX: new Float64Array(capacity),
    highY: new Float64Array(capacity),
    turn: new Int8Array(capacity),
    count: 0,
  }
}

/** Makes room for `capacity` edges; contents are kept. */
function reserve(edges: EdgeSet, capacity: number): void {
  if (edges.turn.length >= capacity) return
  const size = Math.max(capacity, edges.turn.length * 2)
  for (const key of ['lowX', 'lowY', 'highX', 'highY'] as const) {
    const grown = new Float64Array(size)
    grown.set(edges[key])
    edges[key] = grown
  }
  const turn = new Int8Array(size)
  turn.set(edges.turn)
  edges.turn = turn
}

export function pushEdge(edges: EdgeSet, x1: number, y1: number, x2: number, y2: number, turn: number): void {
  if (y1 === y2) return
  reserve(edges, edges.count + 1)
  const index = edges.count++
  const up = y1 < y2
  edges.lowX[index] = up ? x1 : x2
  edges.lowY[index] = up ? y1 : y2
  edges.highX[index] = up ? x2 : x1
  edges.highY[index] = up ? y2 : y1
  edges.turn[index] = up ? turn : -turn
}

/** Appends the edges of all rings that reach into the ordinates [lowY, highY]. Turns follow the rings as they are. */
export function pushRings(edges: EdgeSet, polygons: FlatPolygons, lowY = -Infinity, highY = Infinity): void {
  const { coordinates, ringEnds } = polygons
  let from = 0
  for (const to of ringEnds) {
    for (let index = from * 2; index < (to - 1) * 2; index += 2) {
      const y1 = coordinates[index + 1]!
      const y2 = coordinates[index + 3]!
      if ((y1 < lowY && y2 < lowY) || (y1 > highY && y2 > highY)) continue
      pushEdge(edges, coordinates[index]!, y1, coordinates[index + 2]!, y2, 1)
    }
    from = to
  }
}

/** How crossings of the second set bound its inside: by parity, or by winding > 0 (union of oriented rings). */
export type InsideRule = 'parity' | 'winding'

export interface SlabSums {
  /** Area of the first set. */
  area: number
  /** Area that both have in common. */
  common: number
}

let ordinates = new Float64Array(256)
let activeA = new Int32Array(64)
let activeB = new Int32Array(64)
let crossA = new Float64Array(64)
let crossB = new Float64Array(64)
let turnB = new Int8Array(64)

/** Abscissa of an edge at ordinate y. The only formula for it, so that equal edges give equal bits. */
function abscissa(edges: EdgeSet, index: number, y: number): number {
  const lowY = edges.lowY[index]!
  const lowX = edges.lowX[index]!
  return lowX + ((y - lowY) * (edges.highX[index]! - lowX)) / (edges.highY[index]! - lowY)
}

/**
 * Adds to `sums` the area of `a` and the area common to `a` and `b` between the ordinates `lowY` and `highY`. `startWinding`
 * is the winding of `b` far left of the edges given (edges of `b` further left may be left out when it says so).
 */
export function addSlabSums(
  a: EdgeSet,
  b: EdgeSet,
  rule: InsideRule,
  lowY: number,
  highY: number,
  startWinding: number,
  sums: SlabSums,
): void {
  const orderA = orderByLow(a)
  const orderB = orderByLow(b)
  const count = collectOrdinates(a, b, orderB, lowY, highY)
  let nextA = 0
  let nextB = 0
  let lengthA = 0
  let lengthB = 0
  if (activeA.length < a.count) activeA = new Int32Array(a.count * 2)
  if (activeB.length < b.count) activeB = new Int32Array(b.count * 2)
  for (let slab = 0; slab + 1 < count; slab++) {
    const low = ordinates[slab]!
    const high = ordinates[slab + 1]!
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) continue
    while (nextA < a.count && a.lowY[orderA[nextA]!]! < middle) activeA[lengthA++] = orderA[nextA++]!
    while (nextB < b.count && b.lowY[orderB[nextB]!]! < middle) activeB[lengthB++] = orderB[nextB++]!
    lengthA = keepReaching(a, activeA, lengthA, middle)
    if (lengthA === 0) continue
    lengthB = keepReaching(b, activeB, lengthB, middle)
    measureSlab(a, lengthA, b, lengthB, rule, middle, high - low, startWinding, sums)
  }
}

function keepReaching(edges: EdgeSet, active: Int32Array, length: number, y: number): number {
  let kept = 0
  for (let index = 0; index < length; index++) {
    const edge = active[index]!
    if (edges.highY[edge]! > y) active[kept++] = edge
  }
  return kept
}

function measureSlab(
  a: EdgeSet,
  lengthA: number,
  b: EdgeSet,
  lengthB: number,
  rule: InsideRule,
  y: number,
  height: number,
  startWinding: number,
  sums: SlabSums,
): void {
  if (crossA.length < lengthA) crossA = new Float64Array(lengthA * 2)
  if (crossB.length < lengthB) {
    crossB = new Float64Array(lengthB * 2)
    turnB = new Int8Array(lengthB * 2)
  }
  for (let index = 0; index < lengthA; index++) insertSorted(crossA, index, abscissa(a, activeA[index]!, y))
  for (let index = 0; index < lengthB; index++) {
    const edge = activeB[index]!
    insertSortedWithTurn(index, abscissa(b, edge, y), rule === 'parity' ? 1 : b.turn[edge]!)
  }
  let next = 0
  let winding = startWinding
  let from = winding > 0 ? -Infinity : Infinity
  for (let pair = 0; pair + 1 < lengthA; pair += 2) {
    const left = crossA[pair]!
    const right = crossA[pair + 1]!
    sums.area += (right - left) * height
    // Intervals of b that begin before this interval of a ends.
    let length = 0
    for (;;) {
      if (winding > 0) {
        const end = endOfInside(next, winding, lengthB, rule)
        const to = end.index < lengthB ? crossB[end.index]! : Infinity
        length += Math.max(0, Math.min(to, right) - Math.max(from, left))
        if (to > right) break
        next = end.index + 1
        winding = 0
        from = Infinity
      }
      if (next >= lengthB || crossB[next]! >= right) break
      winding = rule === 'parity' ? 1 : winding + turnB[next]!
      if (winding > 0) from = crossB[next]!
      next++
    }
    sums.common += length * height
  }
}

const insideEnd = { index: 0 }

/** Index of the crossing at which the inside that holds before crossing `next` ends. */
function endOfInside(next: number, winding: number, length: number, rule: InsideRule): { index: number } {
  let index = next
  if (rule === 'winding') {
    let current = winding
    for (; index < length; index++) {
      current += turnB[index]!
      if (current <= 0) break
    }
  }
  insideEnd.index = index
  return insideEnd
}

function insertSorted(values: Float64Array, length: number, value: number): void {
  let index = length
  while (index > 0 && values[index - 1]! > value) {
    values[index] = values[index - 1]!
    index--
  }
  values[index] = value
}

/** On equal abscissas entering comes before leaving, so that parts that touch are one inside. */
function insertSortedWithTurn(length: number, value: number, turn: number): void {
  let index = length
  while (index > 0 && (crossB[index - 1]! > value || (crossB[index - 1]! === value && turnB[index - 1]! < turn))) {
    crossB[index] = crossB[index - 1]!
    turnB[index] = turnB[index - 1]!
    index--
  }
  crossB[index] = value
  turnB[index] = turn
}

/** Fills `ordinates` with the sorted distinct ordinates at which the slabs begin and end. */
function collectOrdinates(a: EdgeSet, b: EdgeSet, orderB: Int32Array, lowY: number, highY: number): number {
  let count = 0
  const add = (y: number): void => {
    if (y < lowY || y > highY) return
    if (count === ordinates.length) {
      const grown = new Float64Array(count * 2)
      grown.set(ordinates)
      ordinates = grown
    }
    ordinates[count++] = y
  }
  add(lowY)
  add(highY)
  for (const edges of [a, b]) {
    for (let index = 0; index < edges.count; index++) {
      add(edges.lowY[index]!)
      add(edges.highY[index]!)
    }
  }
  eachCrossing(a, b, orderB, add)
  const sorted = ordinates.subarray(0, count).sort()
  let distinct = 0
  for (let index = 0; index < count; index++) {
    if (index === 0 || sorted[index] !== sorted[distinct - 1]) sorted[distinct++] = sorted[index]!
  }
  return distinct
}

/** Ordinates at which an edge of `a` properly crosses one of `b`. */
function eachCrossing(a: EdgeSet, b: EdgeSet, orderB: Int32Array, found: (y: number) => void): void {
  let tallest = 0
  for (let index = 0; index < b.count; index++) tallest = Math.max(tallest, b.highY[index]! - b.lowY[index]!)
  for (let i = 0; i < a.count; i++) {
    const lowY = a.lowY[i]!
    const highY = a.highY[i]!
    const leftX = Math.min(a.lowX[i]!, a.highX[i]!)
    const rightX = Math.max(a.lowX[i]!, a.highX[i]!)
    for (let position = firstReaching(b, orderB, lowY - tallest); position < b.count; position++) {
      const j = orderB[position]!
      if (b.lowY[j]! >= highY) break
      if (b.highY[j]! <= lowY) continue
      if (Math.max(b.lowX[j]!, b.highX[j]!) < leftX || Math.min(b.lowX[j]!, b.highX[j]!) > rightX) continue
      const y = crossingOrdinate(a, i, b, j)
      if (y !== undefined) found(y)
    }
  }
}

/** Position of the first edge, by lower end, that can still reach ordinate `y`. */
function firstReaching(edges: EdgeSet, order: Int32Array, y: number): number {
  let low = 0
  let high = edges.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges.lowY[order[middle]!]! < y) low = middle + 1
    else high = middle
  }
  return low
}

function crossingOrdinate(a: EdgeSet, i: number, b: EdgeSet, j: number): number | undefined {
  const low = Math.max(a.lowY[i]!, b.lowY[j]!)
  const high = Math.min(a.highY[i]!, b.highY[j]!)
  if (low >= high) return undefined
  const atLow = abscissa(a, i, low) - abscissa(b, j, low)
  const atHigh = abscissa(a, i, high) - abscissa(b, j, high)
  if (atLow === 0 || atHigh === 0 || atLow > 0 === atHigh > 0) return undefined
  const y = low + ((high - low) * atLow) / (atLow - atHigh)
  return y > low && y < high ? y : undefined
}

/** Edge indices by lower ordinate. */
function orderByLow(edges: EdgeSet): Int32Array {
  const order = new Int32Array(edges.count)
  for (let index = 0; index < order.length; index++) order[index] = index
  return order.sort((one, other) => edges.lowY[one]! - edges.lowY[other]!)
}
