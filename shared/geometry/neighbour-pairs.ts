/**
 * All pairs of boxes of one group that come within a gap of each other: the candidates of clustering. A sweep from west to
 * east in horizontal strips; no tree, because every box is asked once and boxes are many and small. Pure.
 */

export interface GroupedBoxes {
  count: number
  /** minX, minY, maxX, maxY of each. */
  boxes: Float64Array
  /** Only boxes of equal groups make pairs; any integers. */
  group: (index: number) => number
}

/** Calls `visit` once for every pair (lower index first) whose boxes are at most `gap` apart in x and in y. */
export function eachNeighbourPair(input: GroupedBoxes, gap: number, visit: (i: number, j: number) => void): void {
  const { boxes, count } = input
  if (count < 2) return
  const strips = stripsFor(input, gap)
  const { start, entries } = fillStrips(input, strips)
  for (let bucket = 0; bucket + 1 < start.length; bucket++) {
    const end = start[bucket + 1]!
    const strip = Math.floor(bucket / strips.groupCount)
    for (let position = start[bucket]!; position < end; position++) {
      const i = entries[position]!
      const minY = boxes[i * 4 + 1]! - gap
      const maxX = boxes[i * 4 + 2]! + gap
      const maxY = boxes[i * 4 + 3]! + gap
      for (let next = position + 1; next < end; next++) {
        const j = entries[next]!
        if (boxes[j * 4]! > maxX) break
        const minYj = boxes[j * 4 + 1]!
        if (minYj > maxY || boxes[j * 4 + 3]! < minY) continue
        // A pair that meets in several strips is reported in the lowest that both are in.
        if (strips.first[i] !== strip && strips.first[j] !== strip) continue
        if (i < j) visit(i, j)
        else visit(j, i)
      }
    }
  }
}

/** Parcels without outline have no box; they are nobody's neighbour. */
function hasExtent(boxes: Float64Array, index: number): boolean {
  const at = index * 4
  return Number.isFinite(boxes[at]! + boxes[at + 1]! + boxes[at + 2]! + boxes[at + 3]!)
}

interface Strips {
  count: number
  groupCount: number
  groupOf: Uint32Array
  /** First and last strip of a box; the last reaches up by the gap, and is before the first where there is no box. */
  first: Uint32Array
  last: Uint32Array
}

/** Strips a few boxes high, but no more buckets (strip × group) than boxes need. */
function stripsFor({ boxes, count, group }: GroupedBoxes, gap: number): Strips {
  const ranks = new Map<number, number>()
  const groupOf = new Uint32Array(count)
  let minY = Infinity
  let maxY = -Infinity
  let heights = 0
  for (let index = 0; index < count; index++) {
    const key = group(index)
    const rank = ranks.get(key) ?? ranks.size
    if (rank === ranks.size) ranks.set(key, rank)
    groupOf[index] = rank
    if (!hasExtent(boxes, index)) continue
    minY = Math.min(minY, boxes[index * 4 + 1]!)
    maxY = Math.max(maxY, boxes[index * 4 + 3]!)
    heights += boxes[index * 4 + 3]! - boxes[index * 4 + 1]!
  }
  const wanted = (maxY - minY) / (4 * (heights / count + gap))
  const most = Math.ceil((count * 4 + 1024) / ranks.size)
  const stripCount = Math.max(1, Math.min(most, wanted > 0 ? Math.floor(wanted) : 1))
  const perMeter = stripCount / (maxY - minY || 1)
  const stripOf = (y: number): number => Math.min(stripCount - 1, Math.max(0, Math.floor((y - minY) * perMeter)))
  const first = new Uint32Array(count)
  const last = new Uint32Array(count)
  for (let index = 0; index < count; index++) {
    const isUsed = hasExtent(boxes, index)
    first[index] = isUsed ? stripOf(boxes[index * 4 + 1]!) : 1
    last[index] = isUsed ? stripOf(boxes[index * 4 + 3]! + gap) : 0
  }
  return { count: stripCount, groupCount: ranks.size, groupOf, first, last }
}

/** Indices by bucket (strip, then group), within a bucket by rising minX. */
function fillStrips({ boxes, count }: GroupedBoxes, strips: Strips): { start: Uint32Array; entries: Uint32Array } {
  const { first, last, groupOf, groupCount } = strips
  const start = new Uint32Array(strips.count * groupCount + 1)
  for (let index = 0; index < count; index++) {
    for (let strip = first[index]!; strip <= last[index]!; strip++) start[strip * groupCount + groupOf[index]! + 1]!++
  }
  for (let bucket = 1; bucket < start.length; bucket++) start[bucket] = start[bucket]! + start[bucket - 1]!
  const entries = new Uint32Array(start[start.length - 1]!)
  const place = start.slice(0, -1)
  const order = roughOrder(boxes, count)
  for (let position = 0; position < order.length; position++) {
    const index = order[position]!
    for (let strip = first[index]!; strip <= last[index]!; strip++)
      entries[place[strip * groupCount + groupOf[index]!]!++] = index
  }
  for (let bucket = 0; bucket + 1 < start.length; bucket++)
    sortByMinX(entries, start[bucket]!, start[bucket + 1]!, boxes)
  return { start, entries }
}

/** By insertion: the rough order leaves little to move. */
function sortByMinX(entries: Uint32Array, from: number, to: number, boxes: Float64Array): void {
  for (let position = from + 1; position < to; position++) {
    const index = entries[position]!
    const x = boxes[index * 4]!
    let place = position
    while (place > from && boxes[entries[place - 1]! * 4]! > x) {
      entries[place] = entries[place - 1]!
      place--
    }
    entries[place] = index
  }
}

/** Bits of the key that the usual single pass looks at: few enough places to stay in the processor's nearest cache. */
const ROUGH_BITS = 11

/**
 * Indices of boxes by about their minX: one pass of counting over its highest bits. When most boxes share few of its places
 * (one far away stretches the scale), two passes over all bits instead.
 */
function roughOrder(boxes: Float64Array, count: number): Uint32Array {
  let minX = Infinity
  let maxX = -Infinity
  let used = 0
  const order = new Uint32Array(count)
  for (let index = 0; index < count; index++) {
    if (!hasExtent(boxes, index)) continue
    order[used++] = index
    const x = boxes[index * 4]!
    if (x < minX) minX = x
    if (x > maxX) maxX = x
  }
  const indices = order.subarray(0, used)
  const scale = maxX > minX ? 0xffff_fffe / (maxX - minX) : 0
  const keys = new Uint32Array(count)
  for (let position = 0; position < used; position++) {
    const index = indices[position]!
    keys[index] = (boxes[index * 4]! - minX) * scale
  }
  const shift = 32 - ROUGH_BITS
  const fullest = countKeys(keys, indices, shift, ROUGH_BITS).reduce((most, n) => Math.max(most, n), 0)
  if (fullest * 32 < used || used < 64) return countingPass(keys, indices, shift, ROUGH_BITS)
  return countingPass(keys, countingPass(keys, indices, 0, 16), 16, 16)
}

/** How many keys have each value of the `bits` bits from `shift`; the number for value v stands at v + 1. */
function countKeys(keys: Uint32Array, order: Uint32Array, shift: number, bits: number): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(2 ** bits + 1)
  const mask = 2 ** bits - 1
  for (let position = 0; position < order.length; position++)
    counts[((keys[order[position]!]! >>> shift) & mask) + 1]!++
  return counts
}

/** The order by these bits of the keys; stable. */
function countingPass(keys: Uint32Array, order: Uint32Array, shift: number, bits: number): Uint32Array<ArrayBuffer> {
  const place = countKeys(keys, order, shift, bits)
  const mask = 2 ** bits - 1
  for (let value = 1; value < place.length; value++) place[value] = place[value]! + place[value - 1]!
  const sorted = new Uint32Array(order.length)
  for (let position = 0; position < order.length; position++) {
    const index = order[position]!
    sorted[place[(keys[index]! >>> shift) & mask]!++] = index
  }
  return sorted
}
