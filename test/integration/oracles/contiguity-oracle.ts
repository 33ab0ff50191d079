/**
 * 50亩连片率 by brute force (domain §6): distances between edges on a local plane of metres, every pair of parcels of a unit,
 * connected components.
 */
import type { Store } from '../../../service/db/store.ts'
import { decodeGeometry } from '../../../shared/geometry/geopackage-blob.ts'

interface Lot {
  unit: string | null
  area: number
  rings: [number, number][][]
  box: [number, number, number, number]
}

const LAT = (29.2 * Math.PI) / 180
/** Metres of a degree at 29.2° north on the ellipsoid; within the county good to 2 in 1000, a few cm of the gap. */
const X = 111_412.84 * Math.cos(LAT) - 93.5 * Math.cos(3 * LAT)
const Y = 111_132.954 - 559.822 * Math.cos(2 * LAT)
const GAP = 20

export function rateOf(store: Store, unit: string | null): number {
  const clusters = clustersOfUnit(store, unit)
  const all = clusters.reduce((sum, area) => sum + area, 0)
  const large = clusters.filter(area => area >= (50 * 2000) / 3).reduce((sum, area) => sum + area, 0)
  return all === 0 ? 0 : (100 * large) / all
}

/** Areas of the clusters of a unit (null: of every unit), m²; of some parcels only when `among` (ids) is given. */
export function clustersOfUnit({ read }: Store, unit: string | null, among?: ReadonlySet<string>): number[] {
  const lots = (
    read
      .prepare('SELECT id, unit, area_m2, geometry FROM parcel WHERE deleted = 0 AND (:unit IS NULL OR unit = :unit)')
      .all({ unit }) as {
      id: string
      unit: string | null
      area_m2: number
      geometry: Uint8Array
    }[]
  )
    .filter(row => !among || among.has(row.id))
    .map(row => lotOf(row.unit, row.area_m2, row.geometry))
  const root = lots.map((_, index) => index)
  const find = (index: number): number => (root[index] === index ? index : find(root[index]!))
  for (let a = 0; a < lots.length; a++)
    for (let b = a + 1; b < lots.length; b++)
      if (lots[a]!.unit === lots[b]!.unit && find(a) !== find(b) && areNear(lots[a]!, lots[b]!)) root[find(a)] = find(b)
  const sums = new Map<number, number>()
  for (const [index, lot] of lots.entries()) sums.set(find(index), (sums.get(find(index)) ?? 0) + lot.area)
  return [...sums.values()]
}

function lotOf(unit: string | null, area: number, geometry: Uint8Array): Lot {
  const { coordinates, ringEnds } = decodeGeometry(geometry)
  const rings: [number, number][][] = []
  let at = 0
  for (const end of ringEnds) {
    const ring: [number, number][] = []
    for (; at < end; at++) ring.push([coordinates[2 * at]! * X, coordinates[2 * at + 1]! * Y])
    rings.push(ring)
  }
  const xs = rings.flat().map(point => point[0])
  const ys = rings.flat().map(point => point[1])
  return { unit, area, rings, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] }
}

function areNear(a: Lot, b: Lot): boolean {
  const dx = Math.max(a.box[0] - b.box[2], b.box[0] - a.box[2], 0)
  const dy = Math.max(a.box[1] - b.box[3], b.box[1] - a.box[3], 0)
  if (Math.hypot(dx, dy) > GAP + 1) return false
  return [...corners(a, b), ...corners(b, a)].some(distance => distance <= GAP) || meet(a, b)
}

/** Distances of every corner of one to every edge of the other. */
function* corners(a: Lot, b: Lot): Generator<number> {
  for (const point of a.rings.flat())
    for (const ring of b.rings)
      for (let i = 1; i < ring.length; i++) {
        const [from, to] = [ring[i - 1]!, ring[i]!]
        const [ex, ey] = [to[0] - from[0], to[1] - from[1]]
        const length = ex * ex + ey * ey
        const t =
          length === 0 ? 0 : Math.max(0, Math.min(1, ((point[0] - from[0]) * ex + (point[1] - from[1]) * ey) / length))
        yield Math.hypot(point[0] - from[0] - t * ex, point[1] - from[1] - t * ey)
      }
}

function meet(a: Lot, b: Lot): boolean {
  const side = (p: readonly number[], q: readonly number[], r: readonly number[]) =>
    Math.sign((q[0]! - p[0]!) * (r[1]! - p[1]!) - (q[1]! - p[1]!) * (r[0]! - p[0]!))
  for (const first of a.rings)
    for (let i = 1; i < first.length; i++)
      for (const second of b.rings)
        for (let j = 1; j < second.length; j++) {
          const [p, q, r, s] = [first[i - 1]!, first[i]!, second[j - 1]!, second[j]!]
          if (side(p, q, r) !== side(p, q, s) && side(r, s, p) !== side(r, s, q)) return true
        }
  return false
}
