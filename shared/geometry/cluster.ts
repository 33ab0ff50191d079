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
  const labels = Int32Array.from({ length: input.count }, (_, index) => index)
  const { boxes, polygons } = input
  const boxI: Box = [0, 0, 0, 0]
  const boxJ: Box = [0, 0, 0, 0]
  eachNeighbourPair(input, options.gapM, (i, j) => {
    const rootI = rootOf(labels, i)
    const rootJ = rootOf(labels, j)
    if (rootI === rootJ) return
    readBox(boxes, i, boxI)
    readBox(boxes, j, boxJ)
    const linked = options.barriers
      ? linkOf(input, i, j, options) !== undefined
      : withinDistance(polygons(i), polygons(j), options.gapM, boxI, boxJ)
    if (!linked) return
    // The smaller index stays the root, so that roots are the labels asked for.
    if (rootI < rootJ) labels[rootJ] = rootI
    else labels[rootI] = rootJ
  })
  for (let i = 0; i < input.count; i++) labels[i] = rootOf(labels, i)
  return labels
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

/** Root of a union-find forest with path halving. */
function rootOf(parents: Int32Array, index: number): number {
  let node = index
  while (parents[node] !== node) {
    parents[node] = parents[parents[node]!]!
    node = parents[node]!
  }
  return node
}
