/**
 * The totals of several zones. What belongs to more than one of them counts once: a parcel by its id, an enterprise by its
 * id with the figures of the newest of these zones, a plan by its id, land under two outlines by the area of their union. Sums are raw.
 */
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { sumKnown } from '../../shared/report/model.ts'
import type { Geos } from '../geos/geos.ts'
import type { ReportEnterprise, ReportParcel } from './report-repo.ts'
import type { ZoneFacts } from './zone-report-facts.ts'

export interface ZoneTotals {
  readonly parcels: readonly ReportParcel[]
  readonly enterprises: readonly ReportEnterprise[]
  readonly outlineM2: number | null
  readonly areaM2: number
  readonly areaInM2: number | null
  readonly areaOutM2: number | null
  /** 万元. Plans of enterprises in several zones once; a zone's own figure as it is. */
  readonly investment: number | null
}

/** The first of each id. */
function byId<T extends { readonly id: string }>(rows: readonly T[]): T[] {
  const found = new Map<string, T>()
  for (const row of rows) if (!found.has(row.id)) found.set(row.id, row)
  return [...found.values()]
}

export function totalsOf(zones: readonly ZoneFacts[], geos: Geos): ZoneTotals {
  const parcels = byId(zones.flatMap(zone => zone.parcels))
  const plans = byId(zones.filter(zone => zone.ownInvestment === null).flatMap(zone => zone.plans))
  return {
    parcels,
    enterprises: byId([...zones].sort((a, b) => b.zone.year - a.zone.year).flatMap(zone => zone.enterprises)),
    outlineM2: unionM2(zones, geos),
    areaM2: parcels.reduce((sum, parcel) => sum + parcel.area_m2, 0),
    areaInM2: sumKnown(parcels.map(parcel => parcel.area_in_m2)),
    areaOutM2: sumKnown(parcels.map(parcel => parcel.area_out_m2)),
    investment: sumKnown([...zones.map(zone => zone.ownInvestment), ...plans.map(plan => plan.investment)]),
  }
}

/** Square degrees of common land below which outlines are held to touch only: a few square centimetres. */
const TOUCHING = 1e-14

/** m²; outlines that lie on each other are united first, all others are added as they are. Null without any outline. */
function unionM2(zones: readonly ZoneFacts[], geos: Geos): number | null {
  const drawn = zones.flatMap(({ outline, outlineM2 }) =>
    outline && outlineM2 !== null ? [{ outline, outlineM2, box: boxOf(outline) }] : [],
  )
  const group = drawn.map((_, index) => index)
  const rootOf = (index: number): number => (group[index] === index ? index : rootOf(group[index]!))
  drawn.forEach((a, index) => {
    drawn.slice(index + 1).forEach((b, offset) => {
      const isNear = a.box[0] < b.box[2] && b.box[0] < a.box[2] && a.box[1] < b.box[3] && b.box[1] < a.box[3]
      if (isNear && intersectionAreaM2(a.outline, b.outline) > TOUCHING)
        group[rootOf(index + offset + 1)] = rootOf(index)
    })
  })
  const members = new Map<number, { outline: FlatPolygons; outlineM2: number }[]>()
  drawn.forEach((each, index) => {
    members.set(rootOf(index), [...(members.get(rootOf(index)) ?? []), each])
  })
  return sumKnown(
    [...members.values()].map(each =>
      each.length === 1 ? each[0]!.outlineM2 : ellipsoidAreaM2(geos.union(each.map(({ outline }) => outline))),
    ),
  )
}
