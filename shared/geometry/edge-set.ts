/**
 * Edges as the slab method wants them: lower end first, in one array, relative to a common origin. Both outlines of a
 * comparison take the same origin, so that vertices which were bit-equal stay bit-equal and small numbers keep their bits.
 */
import type { FlatPolygons } from './types.ts'

/** Slots of one edge in `data`. */
export const EDGE_STRIDE = 6
export const LOW_X = 0
export const LOW_Y = 1
export const HIGH_X = 2
export const HIGH_Y = 3
/** Change of x per unit of y. */
export const SLOPE = 4
/** +1 when the ring goes up along the edge, -1 when it goes down. */
export const TURN = 5

export interface EdgeSet {
  data: Float64Array
  count: number
  originX: number
  originY: number
  /** Edges of the set may cross each other: outlines that overlap and of which the union is meant. */
  mayCross: boolean
  /** Slots of the edges (index × stride) by lower ordinate; valid after `sortEdges`. */
  order: Int32Array
  /** Ordinates at which edges begin or end; a vertex between two edges of a ring stands once. */
  ends: Float64Array
  endCount: number
}

export function createEdgeSet(): EdgeSet {
  const data = new Float64Array(64 * EDGE_STRIDE)
  return {
    data,
    count: 0,
    originX: 0,
    originY: 0,
    mayCross: false,
    order: new Int32Array(64),
    ends: new Float64Array(128),
    endCount: 0,
  }
}

export function resetEdges(edges: EdgeSet, originX: number, originY: number): void {
  clearEdges(edges)
  edges.originX = originX
  edges.originY = originY
}

/** Takes the edges out; the origin stays. */
export function clearEdges(edges: EdgeSet): void {
  edges.count = 0
  edges.endCount = 0
}

/** Adds the edge from 1 to 2. Horizontal edges bound nothing and are left out. */
export function pushEdge(edges: EdgeSet, x1: number, y1: number, x2: number, y2: number, turn: number): void {
  if (y1 === y2) return
  pushEnd(edges, y1)
  pushEnd(edges, y2)
  putEdge(edges, x1, y1, x2, y2, turn)
}

function pushEnd(edges: EdgeSet, y: number): void {
  if (edges.endCount === edges.ends.length) {
    const grown = new Float64Array(edges.endCount * 2)
    grown.set(edges.ends)
    edges.ends = grown
  }
  edges.ends[edges.endCount++] = y - edges.originY
}

function putEdge(edges: EdgeSet, x1: number, y1: number, x2: number, y2: number, turn: number): void {
  if (y1 === y2) return
  let { data } = edges
  const slot = edges.count * EDGE_STRIDE
  if (slot === data.length) {
    data = new Float64Array(slot * 2)
    data.set(edges.data)
    edges.data = data
  }
  edges.count++
  const { originX, originY } = edges
  if (y1 < y2) {
    data[slot + LOW_X] = x1 - originX
    data[slot + LOW_Y] = y1 - originY
    data[slot + HIGH_X] = x2 - originX
    data[slot + HIGH_Y] = y2 - originY
    data[slot + TURN] = turn
  } else {
    data[slot + LOW_X] = x2 - originX
    data[slot + LOW_Y] = y2 - originY
    data[slot + HIGH_X] = x1 - originX
    data[slot + HIGH_Y] = y1 - originY
    data[slot + TURN] = -turn
  }
  data[slot + SLOPE] = (data[slot + HIGH_X]! - data[slot + LOW_X]!) / (data[slot + HIGH_Y]! - data[slot + LOW_Y]!)
}

/** Adds the edges of all rings that reach into the ordinates [lowY, highY] and begin left of `maxX`. */
export function pushRings(
  edges: EdgeSet,
  polygons: FlatPolygons,
  lowY = -Infinity,
  highY = Infinity,
  maxX = Infinity,
): void {
  const { coordinates, ringEnds } = polygons
  let index = 0
  for (let ring = 0; ring < ringEnds.length; ring++) {
    const end = (ringEnds[ring]! - 1) * 2
    let x1 = coordinates[index]!
    let y1 = coordinates[index + 1]!
    /** Is the end of the edge before among the ends? It is where this one begins. */
    let isKnown = false
    for (index += 2; index <= end; index += 2) {
      const x2 = coordinates[index]!
      const y2 = coordinates[index + 1]!
      const isIn = (y1 > lowY || y2 > lowY) && (y1 < highY || y2 < highY) && (x1 < maxX || x2 < maxX)
      if (isIn) {
        if (!isKnown) pushEnd(edges, y1)
        pushEnd(edges, y2)
        putEdge(edges, x1, y1, x2, y2, 1)
      }
      isKnown = isIn
      x1 = x2
      y1 = y2
    }
  }
}

/** Puts `order` right. Few edges, the usual case, are sorted by insertion: no call, no garbage. */
export function sortEdges(edges: EdgeSet): void {
  const { data, count } = edges
  if (edges.order.length < count) edges.order = new Int32Array(count * 2)
  const { order } = edges
  if (count > 64) {
    for (let index = 0; index < count; index++) order[index] = index * EDGE_STRIDE
    order.subarray(0, count).sort((one, other) => data[one + LOW_Y]! - data[other + LOW_Y]!)
    return
  }
  for (let index = 0; index < count; index++) {
    const slot = index * EDGE_STRIDE
    const low = data[slot + LOW_Y]!
    let place = index
    while (place > 0 && data[order[place - 1]! + LOW_Y]! > low) {
      order[place] = order[place - 1]!
      place--
    }
    order[place] = slot
  }
}
