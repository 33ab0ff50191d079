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
  const start = new Uint32Array(strips.count * strips.groupCount + 1)
  for (let index = 0; index < count; index++) {
    const last = strips.last[index]!
    for (let strip = strips.first[index]!; strip <= last; strip++)
      start[strip * strips.groupCount + strips.groupOf[index]! + 1]!++
  }
  for (let bucket = 1; bucket < start.length; bucket++) start[bucket] = start[bucket]! + start[bucket - 1]!
  const entries = new Uint32Array(start[start.length - 1]!)
  const place = start.slice(0, -1)
  for (const index of orderByMinX(boxes, count)) {
    const last = strips.last[index]!
    for (let strip = strips.first[index]!; strip <= last; strip++)
      entries[place[strip * strips.groupCount + strips.groupOf[index]!]!++] = index
  }
  return { start, entries }
}

/** Two stable passes of counting over a 32-bit scale of minX, then insertion for what the scale cannot tell apart. */
function orderByMinX(boxes: Float64Array, count: number): Uint32Array {
  let minX = Infinity
  let maxX = -Infinity
  let used = 0
  let order = new Uint32Array(count)
  for (let index = 0; index < count; index++) {
    if (!hasExtent(boxes, index)) continue
    order[used++] = index
    minX = Math.min(minX, boxes[index * 4]!)
    maxX = Math.max(maxX, boxes[index * 4]!)
  }
  order = order.subarray(0, used)
  const scale = maxX > minX ? 0xffff_fffe / (maxX - minX) : 0
  const keys = new Uint32Array(count)
  for (const index of order) keys[index] = (boxes[index * 4]! - minX) * scale
  for (const shift of [0, 16]) order = countingPass(keys, order, shift)
  for (let position = 1; position < used; position++) {
    const index = order[position]!
    const x = boxes[index * 4]!
    let to = position
    while (to > 0 && boxes[order[to - 1]! * 4]! > x) {
      order[to] = order[to - 1]!
      to--
    }
    order[to] = index
  }
  return order
}

function countingPass(keys: Uint32Array, order: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const place = new Uint32Array(65_537)
  for (const index of order) place[((keys[index]! >>> shift) & 0xffff) + 1]!++
  for (let value = 1; value < place.length; value++) place[value] = place[value]! + place[value - 1]!
  const sorted = new Uint32Array(order.length)
  for (const index of order) sorted[place[(keys[index]! >>> shift) & 0xffff]!++] = index
  return sorted
}
