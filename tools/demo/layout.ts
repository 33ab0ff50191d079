/**
 * Where things are in the demo county: unit outlines, lots along roads with shared edges, a boundary that cuts some of
 * them. Everything is invented; only the county outline and the rough places of the units are like the real ones.
 * Coordinates in the plane of EPSG:4549, metres, until the very end.
 */
import type { Position, Ring } from '../../shared/geometry/types.ts'
import { LANXI_UNITS } from '../../shared/model/lanxi-units.ts'
import type { Random } from './random.ts'

/** Rough centres of the units, degrees. */
const CENTRES: Readonly<Record<string, Position>> = {
  '330781001': [119.455, 29.215],
  '330781002': [119.495, 29.205],
  '330781004': [119.375, 29.205],
  '330781005': [119.41, 29.155],
  '330781006': [119.44, 29.275],
  '330781007': [119.5, 29.145],
  '330781102': [119.345, 29.14],
  '330781104': [119.295, 29.255],
  '330781106': [119.375, 29.325],
  '330781108': [119.51, 29.325],
  '330781109': [119.6, 29.355],
  '330781111': [119.69, 29.33],
  '330781112': [119.745, 29.275],
  '330781200': [119.57, 29.2],
  '330781203': [119.272, 29.142],
  '330781209': [119.8, 29.32],
  '330781E01': [119.475, 29.178],
  '330781E02': [119.405, 29.245],
}

export interface Lot {
  unit: string
  town: string
  road: string
  number: number
  ring: Ring
}

export interface Strip {
  unit: string
  centre: Position
  radius: number
  lots: Lot[]
  /** Outline of all lots and the road between them. */
  hull: Ring
}

export function unitCentres(project: (position: Position) => Position): Map<string, Position> {
  return new Map(LANXI_UNITS.map(unit => [unit.code, project(CENTRES[unit.code]!)]))
}

/** Voronoi cell of a township among the townships, clipped to a box; the zones lie inside townships and have none. */
export function unitCell(
  code: string,
  centres: ReadonlyMap<string, Position>,
  box: readonly [number, number, number, number],
): Ring {
  let cell: Position[] = [
    [box[0], box[1]],
    [box[2], box[1]],
    [box[2], box[3]],
    [box[0], box[3]],
  ]
  const centre = centres.get(code)!
  for (const [other, place] of centres) {
    if (other === code || other.includes('E')) continue
    cell = clipToNearer(cell, centre, place)
  }
  return [...cell, cell[0]!]
}

/** The part of a convex ring that is nearer to `a` than to `b`. */
function clipToNearer(ring: readonly Position[], a: Position, b: Position): Position[] {
  const nx = b[0] - a[0]
  const ny = b[1] - a[1]
  const limit = (b[0] ** 2 + b[1] ** 2 - a[0] ** 2 - a[1] ** 2) / 2
  const out: Position[] = []
  ring.forEach((p, index) => {
    const q = ring[(index + 1) % ring.length]!
    const dp = p[0] * nx + p[1] * ny - limit
    const dq = q[0] * nx + q[1] * ny - limit
    if (dp <= 0) out.push(p)
    if (dp < 0 !== dq < 0) {
      const t = dp / (dp - dq)
      out.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])])
    }
  })
  return out
}

/** The township whose centre is nearest. */
export function townAt(place: Position, centres: ReadonlyMap<string, Position>): string {
  let best = ''
  let bestDistance = Infinity
  for (const [code, centre] of centres) {
    if (code.includes('E')) continue
    const distance = Math.hypot(place[0] - centre[0], place[1] - centre[1])
    if (distance < bestDistance) {
      best = code
      bestDistance = distance
    }
  }
  return best
}

const ROADS = [
  '兴业路',
  '创新路',
  '振兴大道',
  '园区一路',
  '园区二路',
  '工业路',
  '溪东路',
  '富民路',
  '迎宾路',
  '永进路',
  '纬三路',
  '经四路',
]

/**
 * Lots on both sides of a road, one or two rows deep. Neighbours share their corners to the bit; here and there a lot is
 * missing, as in life.
 */
export function makeStrip(random: Random, unit: string, town: string, centre: Position, lotsWanted: number): Strip {
  const angle = random.between(0, Math.PI)
  const along: Position = [Math.cos(angle), Math.sin(angle)]
  const across: Position = [-along[1], along[0]]
  const road = random.pick(ROADS)
  const roadHalf = random.between(6, 10)
  const rows = lotsWanted > 10 ? 2 : 1
  const columns = Math.max(2, Math.ceil(lotsWanted / (2 * rows)))
  const widths = Array.from({ length: columns }, () => random.between(45, 130))
  const length = widths.reduce((sum, width) => sum + width, 0)
  const lots: Lot[] = []
  let number = 1
  let reach = 0
  for (const side of [1, -1]) {
    const depths = Array.from({ length: rows }, () => random.between(70, 150))
    const nodes = cornerNodes(random, centre, along, across, side, roadHalf, widths, depths, length)
    reach = Math.max(reach, roadHalf + depths.reduce((sum, depth) => sum + depth, 0))
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (random.chance(0.06)) continue
        const corners = [
          nodes[row]![column]!,
          nodes[row]![column + 1]!,
          nodes[row + 1]![column + 1]!,
          nodes[row + 1]![column]!,
        ]
        const ring = side > 0 ? corners : [...corners].reverse()
        lots.push({ unit, town, road, number: number++, ring: [...ring, ring[0]!] })
      }
    }
  }
  const corner = (u: number, v: number): Position => [
    centre[0] + along[0] * u + across[0] * v,
    centre[1] + along[1] * u + across[1] * v,
  ]
  const hull: Ring = [
    corner(-length / 2 - 15, -reach - 15),
    corner(length / 2 + 15, -reach - 15),
    corner(length / 2 + 15, reach + 15),
    corner(-length / 2 - 15, reach + 15),
  ]
  return { unit, centre, radius: Math.hypot(length / 2, reach) + 20, lots, hull: [...hull, hull[0]!] }
}

function cornerNodes(
  random: Random,
  centre: Position,
  along: Position,
  across: Position,
  side: number,
  roadHalf: number,
  widths: readonly number[],
  depths: readonly number[],
  length: number,
): Position[][] {
  const rows: Position[][] = []
  let v = roadHalf
  for (let row = 0; row <= depths.length; row++) {
    const nodes: Position[] = []
    let u = -length / 2
    for (let column = 0; column <= widths.length; column++) {
      // Surveyed corners are never on a perfect grid; millimetres are what the land office records.
      const du = row > 0 ? random.between(-4, 4) : 0
      const dv = row > 0 ? random.between(-5, 5) : 0
      const x = centre[0] + along[0] * (u + du) + across[0] * side * (v + dv)
      const y = centre[1] + along[1] * (u + du) + across[1] * side * (v + dv)
      nodes.push([Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000])
      u += widths[column] ?? 0
    }
    rows.push(nodes)
    v += depths[row] ?? 0
  }
  return rows
}

/** An irregular ring round a place, counter-clockwise. */
export function blob(random: Random, centre: Position, radius: number, corners: number): Ring {
  const ring: Position[] = Array.from({ length: corners }, (_, index) => {
    const angle = (index / corners) * 2 * Math.PI
    const reach = radius * random.between(0.72, 1.25)
    return [
      Math.round((centre[0] + Math.cos(angle) * reach) * 1000) / 1000,
      Math.round((centre[1] + Math.sin(angle) * reach) * 1000) / 1000,
    ]
  })
  return [...ring, ring[0]!]
}
