/**
 * Clusters of neighbouring parcels (domain §6): neighbours are parcels of the same group whose edges are at most the gap
 * apart; a cluster is a connected component. A barrier line between two parcels keeps them apart. Metric plane, pure.
 */
import Flatbush from 'flatbush'
import { type Connection, crossesLine, nearestConnection, withinDistance } from './distance.ts'
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
  gapM: number
  /** Polylines (x0, y0, x1, y1 …) that neighbours must not be linked across: rivers, expressways, railways. */
  barriers?: readonly Float64Array[]
}

/** For every parcel the smallest index in its cluster. */
export function clusterParcels(input: ClusterInput, options: ClusterOptions): Int32Array {
  const labels = Int32Array.from({ length: input.count }, (_, index) => index)
  if (input.count < 2) return labels
  const index = indexOf(input)
  const { boxes } = input
  for (let i = 0; i < input.count; i++) {
    const groupI = input.group(i)
    const near = index.search(
      boxes[i * 4]! - options.gapM,
      boxes[i * 4 + 1]! - options.gapM,
      boxes[i * 4 + 2]! + options.gapM,
      boxes[i * 4 + 3]! + options.gapM,
      j => j > i && input.group(j) === groupI,
    )
    for (const j of near) {
      const rootI = rootOf(labels, i)
      const rootJ = rootOf(labels, j)
      if (rootI === rootJ || !areLinked(input, i, j, options)) continue
      // The smaller index stays the root, so that roots are the labels asked for.
      if (rootI < rootJ) labels[rootJ] = rootI
      else labels[rootI] = rootJ
    }
  }
  for (let i = 0; i < input.count; i++) labels[i] = rootOf(labels, i)
  return labels
}

export interface Link extends Connection {
  /** Index of the nearest neighbour in the same cluster. */
  neighbour: number
}

/** For each parcel its nearest linked neighbour and how far it is; undefined for parcels that stand alone. */
export function explainLinks(input: ClusterInput, options: ClusterOptions): (Link | undefined)[] {
  const links: (Link | undefined)[] = new Array(input.count).fill(undefined)
  if (input.count < 2) return links
  const index = indexOf(input)
  const { boxes } = input
  for (let i = 0; i < input.count; i++) {
    const groupI = input.group(i)
    const near = index.search(
      boxes[i * 4]! - options.gapM,
      boxes[i * 4 + 1]! - options.gapM,
      boxes[i * 4 + 2]! + options.gapM,
      boxes[i * 4 + 3]! + options.gapM,
      j => j !== i && input.group(j) === groupI,
    )
    for (const j of near) {
      const connection = nearestConnection(
        input.polygons(i),
        input.polygons(j),
        options.gapM,
        boxAt(boxes, i),
        boxAt(boxes, j),
      )
      if (!connection || isBlocked(connection, options)) continue
      const known = links[i]
      if (!known || connection.distanceM < known.distanceM) links[i] = { ...connection, neighbour: j }
    }
  }
  return links
}

function indexOf(input: ClusterInput): Flatbush {
  const index = new Flatbush(input.count)
  for (let i = 0; i < input.count; i++)
    index.add(input.boxes[i * 4]!, input.boxes[i * 4 + 1]!, input.boxes[i * 4 + 2]!, input.boxes[i * 4 + 3]!)
  index.finish()
  return index
}

function areLinked(input: ClusterInput, i: number, j: number, options: ClusterOptions): boolean {
  const boxI = boxAt(input.boxes, i)
  const boxJ = boxAt(input.boxes, j)
  if (!options.barriers?.length) return withinDistance(input.polygons(i), input.polygons(j), options.gapM, boxI, boxJ)
  const connection = nearestConnection(input.polygons(i), input.polygons(j), options.gapM, boxI, boxJ)
  return connection !== undefined && !isBlocked(connection, options)
}

function isBlocked(connection: Connection, options: ClusterOptions): boolean {
  return options.barriers?.some(line => crossesLine(connection.from, connection.to, line)) ?? false
}

function boxAt(boxes: Float64Array, index: number): Box {
  return [boxes[index * 4]!, boxes[index * 4 + 1]!, boxes[index * 4 + 2]!, boxes[index * 4 + 3]!]
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
