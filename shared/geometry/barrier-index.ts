/**
 * Do rivers, expressways or railways lie between two places? Asked for the shortest connection of every pair of neighbours,
 * so the barriers' edges stand in a grid. Metric plane, pure.
 *
 * A connection is blocked when it runs through the inside of a barrier for more than `THROUGH_M`. Touching a bank, or running
 * along it, does not count: parcels end at the bank, and their neighbours on the same bank are neighbours.
 */
import { isInsidePolygons } from './point-in-polygon.ts'
import { type Box, boxOf, type FlatPolygons, type Position } from './types.ts'

/** Parcels and banks are digitised to a few centimetres; a railway taken from its middle line is 50 cm wide. */
const THROUGH_M = 0.05

export interface BarrierIndex {
  /** True when a barrier lies between `p` and `q` (metres). */
  blocks(p: Position, q: Position): boolean
}

interface Barrier {
  readonly polygons: FlatPolygons
  readonly box: Box
}

/** Cells this wide hold a handful of edges each and are few per connection, whose length is that of a gap. */
const CELL_M = 64

/** Boxes of rivers are long: in cells of a kilometre they are few hundreds for a county. */
const WIDE_CELL_M = 1024

export function createBarrierIndex(barriers: readonly FlatPolygons[]): BarrierIndex {
  const all: readonly Barrier[] = barriers.map(polygons => ({ polygons, box: boxOf(polygons) }))
  /** Cell → barriers and positions of their edges, in turn. */
  const cells = new Map<string, number[]>()
  /** Wide cell → barriers whose box meets it: a connection may lie inside a barrier, far from every edge of it. */
  const wideCells = new Map<string, number[]>()
  all.forEach(({ polygons, box }, barrier) => {
    if (polygons.ringEnds.length > 0) {
      eachCell(box[0], box[1], box[2], box[3], WIDE_CELL_M, key => {
        const known = wideCells.get(key)
        if (known) known.push(barrier)
        else wideCells.set(key, [barrier])
      })
    }
    const { coordinates: c, ringEnds } = polygons
    let from = 0
    for (const to of ringEnds) {
      for (let at = from * 2; at < (to - 1) * 2; at += 2) {
        eachCell(c[at]!, c[at + 1]!, c[at + 2]!, c[at + 3]!, CELL_M, key => {
          const entries = cells.get(key)
          if (entries) entries.push(barrier, at)
          else cells.set(key, [barrier, at])
        })
      }
      from = to
    }
  })

  return {
    blocks(p, q) {
      const length = Math.hypot(q[0] - p[0], q[1] - p[1])
      if (length <= THROUGH_M) return false
      const cuts = new Map<number, number[]>()
      eachCell(p[0], p[1], q[0], q[1], CELL_M, key => {
        const entries = cells.get(key)
        if (!entries) return
        for (let entry = 0; entry < entries.length; entry += 2) {
          const barrier = entries[entry]!
          const t = crossing(p, q, all[barrier]!.polygons.coordinates, entries[entry + 1]!)
          const known = cuts.get(barrier) ?? []
          cuts.set(barrier, known)
          if (t !== undefined) known.push(t)
        }
      })
      for (const barrier of wideCells.get(cellKey(p[0], p[1], WIDE_CELL_M)) ?? []) {
        if (!cuts.has(barrier)) cuts.set(barrier, [])
      }
      for (const [barrier, at] of cuts) if (lengthInside(all[barrier]!, p, q, at) * length > THROUGH_M) return true
      return false
    },
  }
}

/** Share of the way from p to q inside a barrier, when `cuts` are all the places where it meets an edge of it. */
function lengthInside({ polygons, box }: Barrier, p: Position, q: Position, cuts: readonly number[]): number {
  const stops = [0, ...[...cuts].sort((a, b) => a - b), 1]
  let inside = 0
  for (let at = 0; at + 1 < stops.length; at++) {
    const [start, end] = [stops[at]!, stops[at + 1]!]
    if (end <= start) continue
    const middle = (start + end) / 2
    const x = p[0] + middle * (q[0] - p[0])
    const y = p[1] + middle * (q[1] - p[1])
    if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue
    if (isInsidePolygons(polygons, x, y)) inside += end - start
  }
  return inside
}

/** Where the connection meets an edge, as a share of its way; undefined when it does not, or runs parallel to it. */
function crossing(p: Position, q: Position, c: Float64Array, at: number): number | undefined {
  const [dx, dy] = [q[0] - p[0], q[1] - p[1]]
  const [ex, ey] = [c[at + 2]! - c[at]!, c[at + 3]! - c[at + 1]!]
  const [ox, oy] = [c[at]! - p[0], c[at + 1]! - p[1]]
  const cross = dx * ey - dy * ex
  if (cross === 0) return undefined
  const t = (ox * ey - oy * ex) / cross
  const u = (ox * dy - oy * dx) / cross
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? t : undefined
}

/** Every cell that the box of a segment meets. Barriers' edges are short; a long one lies in many cells, which is right too. */
function eachCell(x0: number, y0: number, x1: number, y1: number, size: number, visit: (key: string) => void): void {
  const [left, right] = [Math.floor(Math.min(x0, x1) / size), Math.floor(Math.max(x0, x1) / size)]
  const [bottom, top] = [Math.floor(Math.min(y0, y1) / size), Math.floor(Math.max(y0, y1) / size)]
  for (let x = left; x <= right; x++) for (let y = bottom; y <= top; y++) visit(`${x} ${y}`)
}

function cellKey(x: number, y: number, size: number): string {
  return `${Math.floor(x / size)} ${Math.floor(y / size)}`
}
