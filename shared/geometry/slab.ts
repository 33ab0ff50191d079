/**
 * The slab method: the area that two sets of rings have in common, exact where they share edges. All ordinates at which
 * anything happens (vertices of both, crossings of one with the other) cut the plane into horizontal slabs; inside a slab
 * every bound is straight, so the common length at the slab's middle times its height is its common area.
 *
 * Why not cut edges at their crossings and sum (Green's theorem): where two outlines run along each other, the usual
 * case of a boundary that follows parcels, a crossing found on one side and missed on the other gives wildly wrong areas.
 * Here equal edges give bit-equal abscissas and the difference is exactly 0.
 */
import { type EdgeSet, HIGH_X, HIGH_Y, LOW_X, LOW_Y, SLOPE, TURN } from './edge-set.ts'

/** How the second set bounds its inside: by parity, or by winding > 0 (the union of oriented rings). */
type InsideRule = 'parity' | 'winding'

export interface SlabSums {
  /** Area of the first set, by parity. */
  area: number
  /** Area that both have in common. Bit-equal to `area` when the second set covers the first. */
  common: number
}

/**
 * Of the sums, what is smaller than this part is rounding: neighbouring ordinates are told apart at a nanometre, and an
 * edge that ends on another, not at its vertex, misses it by as little.
 */
export const NOISE_SHARE = 1e-12

/** Thinner slabs hold nothing but rounding; their height goes to the next one. */
const LEAST_SLAB_M = 1e-10

let ordinates = new Float64Array(512)
let ordinateCount = 0
let activeA = new Int32Array(64)
let activeB = new Int32Array(64)
let crossA = new Float64Array(64)
let crossB = new Float64Array(64)
let turnB = new Float64Array(64)

/**
 * Adds to `sums` the area of `a` and the area common to `a` and `b` between the ordinates `lowY` and `highY`, which count
 * from the sets' origin. Both sets must be sorted and share the origin. `startWinding` is the winding of `b` left of all
 * its edges given: edges further left may be left out when it says so.
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
  reserve(a.count, b.count)
  collectOrdinates(a, b, lowY, highY)
  const dataA = a.data
  const dataB = b.data
  let nextA = 0
  let nextB = 0
  let lengthA = 0
  let lengthB = 0
  let low = ordinates[0]!
  for (let slab = 1; slab < ordinateCount; slab++) {
    const high = ordinates[slab]!
    const height = high - low
    if (height < LEAST_SLAB_M) continue
    const middle = low + height / 2
    low = high
    while (nextA < a.count && dataA[a.order[nextA]! + LOW_Y]! < middle) activeA[lengthA++] = a.order[nextA++]!
    while (nextB < b.count && dataB[b.order[nextB]! + LOW_Y]! < middle) activeB[lengthB++] = b.order[nextB++]!
    lengthA = cutActive(dataA, activeA, lengthA, middle)
    lengthB = cutActive(dataB, activeB, lengthB, middle)
    if (lengthA === 0) continue
    cutB(dataB, lengthB, middle)
    measureSlab(lengthA, lengthB, rule === 'parity', startWinding, height, sums)
  }
}

function reserve(countA: number, countB: number): void {
  if (activeA.length < countA) {
    activeA = new Int32Array(countA * 2)
    crossA = new Float64Array(countA * 2)
  }
  if (activeB.length < countB) {
    activeB = new Int32Array(countB * 2)
    crossB = new Float64Array(countB * 2)
    turnB = new Float64Array(countB * 2)
  }
}

/** Drops edges that end below `y`; for the first set the abscissas at `y` come out sorted in `crossA`. */
function cutActive(data: Float64Array, active: Int32Array, length: number, y: number): number {
  let kept = 0
  for (let index = 0; index < length; index++) {
    const slot = active[index]!
    if (data[slot + HIGH_Y]! <= y) continue
    active[kept++] = slot
    if (active !== activeA) continue
    const x = data[slot + LOW_X]! + (y - data[slot + LOW_Y]!) * data[slot + SLOPE]!
    let place = kept - 1
    while (place > 0 && crossA[place - 1]! > x) {
      crossA[place] = crossA[place - 1]!
      place--
    }
    crossA[place] = x
  }
  return kept
}

/** The abscissas of the second set at `y`, sorted, each with its turn. The same formula as above, so equal edges agree. */
function cutB(data: Float64Array, length: number, y: number): void {
  for (let index = 0; index < length; index++) {
    const slot = activeB[index]!
    const x = data[slot + LOW_X]! + (y - data[slot + LOW_Y]!) * data[slot + SLOPE]!
    let place = index
    while (place > 0 && crossB[place - 1]! > x) {
      crossB[place] = crossB[place - 1]!
      turnB[place] = turnB[place - 1]!
      place--
    }
    crossB[place] = x
    turnB[place] = data[slot + TURN]!
  }
}

/** Walks both sorted rows of abscissas from left to right. On ties the order is of no matter: nothing lies between. */
function measureSlab(
  lengthA: number,
  lengthB: number,
  parity: boolean,
  startWinding: number,
  height: number,
  sums: SlabSums,
): void {
  let insideA = false
  let winding = startWinding
  let nextA = 0
  let nextB = 0
  let x = 0
  let lengthInA = 0
  let lengthInBoth = 0
  while (nextA < lengthA) {
    const xA = crossA[nextA]!
    const ofA = nextB >= lengthB || xA <= crossB[nextB]!
    const next = ofA ? xA : crossB[nextB]!
    if (insideA) {
      lengthInA += next - x
      if (winding > 0) lengthInBoth += next - x
    }
    x = next
    if (ofA) {
      insideA = !insideA
      nextA++
    } else {
      winding = parity ? 1 - winding : winding + turnB[nextB]!
      nextB++
    }
  }
  sums.area += lengthInA * height
  sums.common += lengthInBoth * height
}

function addOrdinate(y: number): void {
  if (ordinateCount === ordinates.length) {
    const grown = new Float64Array(ordinateCount * 2)
    grown.set(ordinates)
    ordinates = grown
  }
  ordinates[ordinateCount++] = y
}

/** Fills `ordinates` with the sorted ordinates at which slabs begin and end; some may be equal. */
function collectOrdinates(a: EdgeSet, b: EdgeSet, lowY: number, highY: number): void {
  ordinateCount = 0
  addOrdinate(lowY)
  addOrdinate(highY)
  addEnds(a, lowY, highY)
  addEnds(b, lowY, highY)
  addCrossings(a, b, lowY, highY)
  if (b.mayCross) addCrossings(b, b, lowY, highY)
  if (ordinateCount > 96) {
    ordinates.subarray(0, ordinateCount).sort()
    return
  }
  for (let index = 1; index < ordinateCount; index++) {
    const y = ordinates[index]!
    let place = index
    while (place > 0 && ordinates[place - 1]! > y) {
      ordinates[place] = ordinates[place - 1]!
      place--
    }
    ordinates[place] = y
  }
}

function addEnds(edges: EdgeSet, lowY: number, highY: number): void {
  const { ends, endCount } = edges
  for (let index = 0; index < endCount; index++) {
    const y = ends[index]!
    if (y > lowY && y < highY) addOrdinate(y)
  }
}

/** Ordinates at which an edge of `a` properly crosses one of `b`. */
function addCrossings(a: EdgeSet, b: EdgeSet, lowY: number, highY: number): void {
  const dataA = a.data
  const dataB = b.data
  let first = 0
  for (let indexA = 0; indexA < a.count; indexA++) {
    const slotA = a.order[indexA]!
    const lowA = dataA[slotA + LOW_Y]!
    if (lowA >= highY) break
    const highA = dataA[slotA + HIGH_Y]!
    if (highA <= lowY) continue
    const xLowA = dataA[slotA + LOW_X]!
    const xHighA = dataA[slotA + HIGH_X]!
    const leftA = Math.min(xLowA, xHighA)
    const rightA = Math.max(xLowA, xHighA)
    // Edges of `a` come with rising lower ends: what ends below this one is of no use to those that follow.
    while (first < b.count && dataB[b.order[first]! + HIGH_Y]! <= lowA) first++
    for (let indexB = first; indexB < b.count; indexB++) {
      const slotB = b.order[indexB]!
      if (dataB[slotB + LOW_Y]! >= highA) break
      if (dataB[slotB + HIGH_Y]! <= lowA) continue
      const xLowB = dataB[slotB + LOW_X]!
      const xHighB = dataB[slotB + HIGH_X]!
      if ((xLowB < leftA && xHighB < leftA) || (xLowB > rightA && xHighB > rightA)) continue
      addCrossing(dataA, slotA, dataB, slotB, lowY, highY)
    }
  }
}

function addCrossing(a: Float64Array, i: number, b: Float64Array, j: number, lowY: number, highY: number): void {
  const low = Math.max(a[i + LOW_Y]!, b[j + LOW_Y]!)
  const high = Math.min(a[i + HIGH_Y]!, b[j + HIGH_Y]!)
  const atLow = abscissa(a, i, low) - abscissa(b, j, low)
  const atHigh = abscissa(a, i, high) - abscissa(b, j, high)
  if (atLow === 0 || atHigh === 0 || atLow > 0 === atHigh > 0) return
  const y = low + ((high - low) * atLow) / (atLow - atHigh)
  if (y > lowY && y < highY) addOrdinate(y)
}

/** Abscissa of an edge at `y`; at its ends that of the vertex itself, so that edges which meet there do not cross. */
function abscissa(data: Float64Array, slot: number, y: number): number {
  return y === data[slot + HIGH_Y]!
    ? data[slot + HIGH_X]!
    : data[slot + LOW_X]! + (y - data[slot + LOW_Y]!) * data[slot + SLOPE]!
}
