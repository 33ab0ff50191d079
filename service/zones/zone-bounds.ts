/**
 * 四至 in words: what a zone ends at in the east, south, west and north. Named after the nearest land outside it in that
 * direction; where there is none within reach, by the coordinate of the outline. A proposal for a person to correct.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { edgeDistance } from '../../shared/geometry/distance.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { Store } from '../db/store.ts'
import { requireZone } from './zone-guards.ts'
import { outsideParcelsNear } from './zones-repo.ts'

/** Land farther away is not what a zone ends at. */
const REACH_M = 100
/** Degrees that are at least `REACH_M` at the latitudes of China. */
const REACH_DEGREES = 0.0018

const SIDES = ['east', 'south', 'west', 'north'] as const
type Side = (typeof SIDES)[number]
const WORDS: Readonly<Record<Side, string>> = { east: '东', south: '南', west: '西', north: '北' }

interface Named {
  readonly label: string
  readonly distanceM: number
}

export function boundsInWords(store: Store, id: string): string {
  const zone = requireZone(store.read, { id })
  if (!zone.geometry)
    throw new AppError('refused', `“${zone.name}”还没有范围`, {
      reason: 'zone_without_outline',
      values: { name: zone.name },
    })
  const degrees = decodeGeometry(zone.geometry)
  const outline = projectToPlane(degrees, store.plane)
  const box = boxOf(outline)
  const around = boxOf(degrees)
  const near: Box = [
    around[0] - REACH_DEGREES,
    around[1] - REACH_DEGREES,
    around[2] + REACH_DEGREES,
    around[3] + REACH_DEGREES,
  ]
  const nearest: Partial<Record<Side, Named>> = {}
  for (const row of outsideParcelsNear(store.read, zone.id, near)) {
    const polygons = projectToPlane(decodeGeometry(row.geometry), store.plane)
    const distanceM = edgeDistance(outline, polygons)
    if (distanceM > REACH_M) continue
    const side = sideOf(box, polygons)
    const known = nearest[side]
    if (known && known.distanceM <= distanceM) continue
    nearest[side] = { label: row.right_holder ?? row.name ?? row.location ?? row.code, distanceM }
  }
  return SIDES.map(side => `${WORDS[side]}至${nearest[side]?.label ?? coordinateOf(side, around)}`).join('，')
}

/** On which side of the zone's box the middle of some land lies, by the larger share of the box's half extent. */
function sideOf(box: Box, polygons: FlatPolygons): Side {
  const other = boxOf(polygons)
  const dx = ((other[0] + other[2]) / 2 - (box[0] + box[2]) / 2) / Math.max(box[2] - box[0], 1)
  const dy = ((other[1] + other[3]) / 2 - (box[1] + box[3]) / 2) / Math.max(box[3] - box[1], 1)
  if (Math.abs(dx) >= Math.abs(dy)) return dx >= 0 ? 'east' : 'west'
  return dy >= 0 ? 'north' : 'south'
}

function coordinateOf(side: Side, [west, south, east, north]: Box): string {
  if (side === 'east') return `东经${inWords(east)}`
  if (side === 'west') return `东经${inWords(west)}`
  return `北纬${inWords(side === 'north' ? north : south)}`
}

/** 119°28′12.3″ */
function inWords(degrees: number): string {
  const tenths = Math.round(degrees * 36_000)
  const seconds = (tenths % 600) / 10
  const minutes = Math.floor(tenths / 600) % 60
  return `${Math.floor(tenths / 36_000)}°${String(minutes).padStart(2, '0')}′${seconds.toFixed(1).padStart(4, '0')}″`
}
