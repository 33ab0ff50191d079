/** Parcels as zone finding sees them (in the survey plane), their clusters, and the common outline of some of them. */

import { planarAreaM2 } from '../../shared/geometry/area.ts'
import type { BarrierIndex } from '../../shared/geometry/barrier-index.ts'
import { clusterParcels, explainLinks } from '../../shared/geometry/cluster.ts'
import { dissolve } from '../../shared/geometry/dissolve.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { type PlaneProjection, projectToPlane, unprojectFromPlane } from '../../shared/geometry/plane.ts'
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { Geos } from '../geos/geos.ts'
import { thinned } from './zone-thinning.ts'
import type { ZoneParcelRow } from './zones-repo.ts'

export interface ZoneParcel {
  readonly id: string
  readonly code: string
  readonly unit: string | null
  readonly location: string | null
  readonly areaM2: number
  /** Null while the side is unknown. */
  readonly areaOutM2: number | null
  /** Survey plane, metres. */
  readonly polygons: FlatPolygons
  readonly planeBox: Box
  /** Degrees. */
  readonly box: Box
}

export function zoneParcelOf(row: ZoneParcelRow, plane: PlaneProjection): ZoneParcel {
  const stored = decodeGeometry(row.geometry)
  const polygons = projectToPlane(stored, plane)
  return {
    id: row.id,
    code: row.code,
    unit: row.unit,
    location: row.location,
    areaM2: row.area_m2,
    areaOutM2: row.area_out_m2,
    polygons,
    planeBox: boxOf(polygons),
    box: boxOf(stored),
  }
}

/** A gap of 0 means "share an edge"; a millimetre forgives the rounding of vertices that lie on a neighbour's edge. */
const TOUCHING_M = 0.001

function inputOf(parcels: readonly ZoneParcel[], groupOf: (index: number) => number) {
  const boxes = new Float64Array(parcels.length * 4)
  parcels.forEach((parcel, index) => {
    boxes.set(parcel.planeBox, index * 4)
  })
  return { count: parcels.length, boxes, polygons: (index: number) => parcels[index]!.polygons, group: groupOf }
}

/** Clusters of parcels at most `gapM` apart, of one unit each unless `crossUnit`; single parcels are clusters too. */
export function clustersOf(
  parcels: readonly ZoneParcel[],
  options: { gapM: number; crossUnit: boolean; barriers?: BarrierIndex | undefined },
): ZoneParcel[][] {
  const groups = new Map<string | null, number>()
  const unitGroups = parcels.map(parcel => {
    const group = groups.get(parcel.unit) ?? groups.size
    groups.set(parcel.unit, group)
    return group
  })
  const input = inputOf(parcels, options.crossUnit ? () => 0 : index => unitGroups[index]!)
  const labels = clusterParcels(input, { gapM: Math.max(options.gapM, TOUCHING_M), barriers: options.barriers })
  const clusters = new Map<number, ZoneParcel[]>()
  parcels.forEach((parcel, index) => {
    const label = labels[index]!
    const cluster = clusters.get(label)
    if (cluster) cluster.push(parcel)
    else clusters.set(label, [parcel])
  })
  return [...clusters.values()]
}

export interface MemberLink {
  readonly linkedTo: string
  /** Edge to edge, metres, to the centimetre. */
  readonly distanceM: number
}

/** Why each parcel belongs: its nearest neighbour among `members` within `gapM`, by parcel id. */
export function linksOf(
  members: readonly ZoneParcel[],
  gapM: number,
  barriers?: BarrierIndex | undefined,
): Map<string, MemberLink> {
  const links = explainLinks(
    inputOf(members, () => 0),
    { gapM: Math.max(gapM, TOUCHING_M), barriers },
  )
  const linksById = new Map<string, MemberLink>()
  links.forEach((link, index) => {
    if (!link) return
    const distanceM = Math.round(link.distanceM * 100) / 100
    linksById.set(members[index]!.id, { linkedTo: members[link.neighbour]!.id, distanceM })
  })
  return linksById
}

/** Buffers meet for certain, although the parts may be exactly the gap apart. */
const CLOSING_MARGIN_M = 0.05

/**
 * Outline of the members in degrees. Parcels that share edges are dissolved; parts with roads between them are closed by
 * growing and shrinking by half the gap, and then united with the members again, so that the outline holds all of them.
 */
export function outlineOf(
  members: readonly ZoneParcel[],
  gapM: number,
  plane: PlaneProjection,
  geos: Geos,
): FlatPolygons {
  const polygons = members.map(member => member.polygons)
  const united = dissolve(polygons) ?? geos.union(polygons)
  if (united.polygonEnds.length <= 1 || gapM <= 0) return unprojectFromPlane(united, plane)
  const reach = gapM / 2 + CLOSING_MARGIN_M
  const closed = geos.buffer(geos.buffer(united, reach), -reach)
  return unprojectFromPlane(straightened(withoutCrumbs(geos.union([closed, united])), united, geos), plane)
}

/** What of the members a straightened outline may leave out: the rounding of coordinates. */
const LEFT_OUT_M2 = 0.01

/** The outline without the arcs that growing and shrinking leave at road mouths; as it was where members would be cut. */
function straightened(outline: FlatPolygons, united: FlatPolygons, geos: Geos): FlatPolygons {
  const thin = thinned(outline, united)
  if (thin.coordinates.length === outline.coordinates.length || !geos.isValid(thin)) return outline
  return planarAreaM2(geos.difference(united, thin)) <= LEFT_OUT_M2 ? thin : outline
}

/** Growing, shrinking and uniting leave vertices a hair apart, which would be boundary points with an edge of 0.00 m. */
const CRUMB_M = 0.02

/** Drops vertices nearer than `CRUMB_M` to the one kept before; rings stay closed and keep at least a triangle. */
function withoutCrumbs({ coordinates, ringEnds, polygonEnds }: FlatPolygons): FlatPolygons {
  const kept: number[] = []
  const ends: number[] = []
  let from = 0
  for (const end of ringEnds) {
    const ring: [number, number][] = []
    for (let at = from; at < end - 1; at++) {
      const vertex: [number, number] = [coordinates[2 * at]!, coordinates[2 * at + 1]!]
      const last = ring.at(-1)
      if (!last || Math.hypot(vertex[0] - last[0], vertex[1] - last[1]) > CRUMB_M) ring.push(vertex)
    }
    const [first] = ring
    while (ring.length > 3 && Math.hypot(ring.at(-1)![0] - first![0], ring.at(-1)![1] - first![1]) <= CRUMB_M)
      ring.pop()
    if (ring.length >= 3) for (const vertex of [...ring, first!]) kept.push(...vertex)
    else for (let at = 2 * from; at < 2 * end; at++) kept.push(coordinates[at]!)
    ends.push(kept.length / 2)
    from = end
  }
  return { coordinates: Float64Array.from(kept), ringEnds: Uint32Array.from(ends), polygonEnds }
}

export function joinedBox(members: readonly ZoneParcel[]): Box {
  const box: Box = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]
  for (const member of members) {
    box[0] = Math.min(box[0], member.box[0])
    box[1] = Math.min(box[1], member.box[1])
    box[2] = Math.max(box[2], member.box[2])
    box[3] = Math.max(box[3], member.box[3])
  }
  return box
}

/** The unit of all members, or null when there are several (or none is known). */
export function commonUnit(members: readonly ZoneParcel[]): string | null {
  const [first] = members
  return first && members.every(member => member.unit === first.unit) ? first.unit : null
}

export function totalAreaM2(members: readonly ZoneParcel[]): number {
  return members.reduce((sum, member) => sum + member.areaM2, 0)
}

/** Share of the area outside the boundary; parcels of unknown side count as not outside. */
export function outsideShare(members: readonly ZoneParcel[]): number {
  const total = totalAreaM2(members)
  const outside = members.reduce((sum, member) => sum + (member.areaOutM2 ?? 0), 0)
  return total > 0 ? outside / total : 0
}
