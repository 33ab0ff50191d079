/**
 * Clusters of neighbouring parcels (domain §6): neighbours are parcels of the same group whose edges are at most the gap
 * apart; a cluster is a connected component. A barrier line between two parcels keeps them apart. Metric plane, pure.
 */
import type { BarrierIndex } from './barrier-index.ts'
import { type Connection, nearestConnection, withinDistance } from './distance.ts'
import { eachNeighbourPair } from './neighbour-pairs.ts'
import type { Box, FlatPolygons } from './types.ts'

export interface ClusterInput {
  count: number
  /** minX, minY, maxX, maxY of each parcel. */
  boxes: Float64Array
  polygons: (index: number) => FlatPolygons
  /** Only parcels of equal groups are linked (report unit, or unit and side). */
  group: (index: number) => number
}

export interface ClusterOptions {
  /** Greatest distance of neighbours, metres; inclusive. */
  gapM: number
  /**
   * What neighbours must not be linked across: rivers, expressways, railways. They keep two parcels apart when their shortest
   * connection runs through one; parcels that touch are neighbours in any case.
   */
  barriers?: BarrierIndex | undefined
}

/** For every parcel the smallest index in its cluster. */
export function clusterParcels(input: ClusterInput, options: ClusterOptions): Int32Array {
  const labels = new Int32Array(input.count)
  for (let i = 0; i < labels.length; i++) labels[i] = i
  if (options.barriers) joinPast(input, options, labels)
  else joinWithin(input, options.gapM, labels)
  for (let i = 0; i < labels.length; i++) labels[i] = rootOf(labels, i)
  return labels
}

function joinPast(input: ClusterInput, options: ClusterOptions, parents: Int32Array): void {
  eachNeighbourPair(input, options.gapM, (i, j) => {
    const [rootI, rootJ] = [rootOf(parents, i), rootOf(parents, j)]
    if (rootI !== rootJ && linkOf(input, i, j, options)) join(parents, rootI, rootJ)
  })
}

/**
 * Outmost corners of two neighbours nearly always answer (of a county's 97 in 100). They are looked up beforehand, parcel by
 * parcel as they lie in memory: read in the order of pairs, outlines cost twice as much. Pairs that corners leave open wait
 * until all others are joined: most of them are in one cluster then, and only the rest is measured.
 */
function joinWithin(input: ClusterInput, gapM: number, parents: Int32Array): void {
  const { count, boxes, polygons } = input
  const corners = cornersFor(count)
  for (let index = 0; index < count; index++)
    outmostCorners(polygons(index).coordinates, corners, index * CORNER_STRIDE)
  const open: number[] = []
  eachNeighbourPair(input, gapM, (i, j) => {
    const rootI = rootOf(parents, i)
    const rootJ = rootOf(parents, j)
    if (rootI === rootJ) return
    if (cornersWithin(corners, i * CORNER_STRIDE, j * CORNER_STRIDE, gapM)) join(parents, rootI, rootJ)
    else open.push(i, j)
  })
  const boxI: Box = [0, 0, 0, 0]
  const boxJ: Box = [0, 0, 0, 0]
  for (let pair = 0; pair < open.length; pair += 2) {
    const i = open[pair]!
    const j = open[pair + 1]!
    const rootI = rootOf(parents, i)
    const rootJ = rootOf(parents, j)
    if (rootI === rootJ) continue
    if (withinDistance(polygons(i), polygons(j), gapM, readBox(boxes, i, boxI), readBox(boxes, j, boxJ)))
      join(parents, rootI, rootJ)
  }
}

/** Four corners, x and y. */
const CORNER_STRIDE = 8
let kept = new Float64Array(0)

/**
 * An array for the corners of so many parcels; good until the next call. It is kept, a twelfth of what the outlines themselves
 * take: a survey is clustered again and again while a slider moves, and to make an array of this size anew has the engine
 * search its whole heap for garbage, which at a million parcels took longer than the clusters.
 */
function cornersFor(count: number): Float64Array {
  if (kept.length < count * CORNER_STRIDE) kept = new Float64Array(count * CORNER_STRIDE)
  return kept
}

/** Puts the vertices that lie outmost in the four diagonal directions into `corners` from `at` on. */
function outmostCorners(coordinates: Float64Array, corners: Float64Array, at: number): void {
  let west = 0
  let east = 0
  let north = 0
  let south = 0
  let leastSum = coordinates[0]! + coordinates[1]!
  let leastDifference = coordinates[0]! - coordinates[1]!
  // From the first vertex on, so that what is least is never also most; the last repeats it.
  let mostSum = leastSum
  let mostDifference = leastDifference
  for (let index = 2; index < coordinates.length - 2; index += 2) {
    const x = coordinates[index]!
    const y = coordinates[index + 1]!
    const sum = x + y
    const difference = x - y
    if (sum < leastSum) {
      leastSum = sum
      west = index
    } else if (sum > mostSum) {
      mostSum = sum
      east = index
    }
    if (difference < leastDifference) {
      leastDifference = difference
      north = index
    } else if (difference > mostDifference) {
      mostDifference = difference
      south = index
    }
  }
  corners[at] = coordinates[west]!
  corners[at + 1] = coordinates[west + 1]!
  corners[at + 2] = coordinates[east]!
  corners[at + 3] = coordinates[east + 1]!
  corners[at + 4] = coordinates[north]!
  corners[at + 5] = coordinates[north + 1]!
  corners[at + 6] = coordinates[south]!
  corners[at + 7] = coordinates[south + 1]!
}

/** Is one of the four corners at `i` within the gap of one at `j`? A little less, so that rounding decides nothing. */
function cornersWithin(corners: Float64Array, i: number, j: number, gapM: number): boolean {
  const bound = gapM * gapM * (1 - 1e-9)
  for (let a = i; a < i + CORNER_STRIDE; a += 2) {
    const x = corners[a]!
    const y = corners[a + 1]!
    for (let b = j; b < j + CORNER_STRIDE; b += 2) {
      const dx = corners[b]! - x
      const dy = corners[b + 1]! - y
      if (dx * dx + dy * dy <= bound) return true
    }
  }
  return false
}

export interface Link extends Connection {
  /** Index of the nearest neighbour in the same cluster. */
  neighbour: number
}

/**
 * For each parcel its nearest linked neighbour (of equally near ones that with the smallest index) and how far it is;
 * undefined for parcels that stand alone.
 */
export function explainLinks(input: ClusterInput, options: ClusterOptions): (Link | undefined)[] {
  const links: (Link | undefined)[] = new Array(input.count).fill(undefined)
  const offer = (i: number, link: Link): void => {
    const known = links[i]
    if (
      !known ||
      link.distanceM < known.distanceM ||
      (link.distanceM === known.distanceM && link.neighbour < known.neighbour)
    )
      links[i] = link
  }
  eachNeighbourPair(input, options.gapM, (i, j) => {
    const connection = linkOf(input, i, j, options)
    if (!connection) return
    const { distanceM, from, to } = connection
    offer(i, { distanceM, from, to, neighbour: j })
    offer(j, { distanceM, from: to, to: from, neighbour: i })
  })
  return links
}

/** The connection that links two parcels, undefined when they are too far apart or a barrier lies between. */
function linkOf(input: ClusterInput, i: number, j: number, options: ClusterOptions): Connection | undefined {
  const boxI = readBox(input.boxes, i, [0, 0, 0, 0])
  const boxJ = readBox(input.boxes, j, [0, 0, 0, 0])
  const connection = nearestConnection(input.polygons(i), input.polygons(j), options.gapM, boxI, boxJ)
  if (!connection || connection.distanceM === 0) return connection
  return options.barriers?.blocks(connection.from, connection.to) ? undefined : connection
}

function readBox(boxes: Float64Array, index: number, box: Box): Box {
  box[0] = boxes[index * 4]!
  box[1] = boxes[index * 4 + 1]!
  box[2] = boxes[index * 4 + 2]!
  box[3] = boxes[index * 4 + 3]!
  return box
}

/** Makes one tree of two. The smaller index stays the root, so that roots are the labels asked for. */
function join(parents: Int32Array, rootI: number, rootJ: number): void {
  if (rootI < rootJ) parents[rootJ] = rootI
  else parents[rootI] = rootJ
}

/** Root of a union-find forest with path halving. */
function rootOf(parents: Int32Array, index: number): number {
  let node = index
  while (parents[node] !== node) {
    parents[node] = parents[parents[node]!]!
    node = parents[node]!
  }
  return node
}
