/** Everything that a report says about one zone, read once; sums are raw. Reads only. */
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import { sumKnown } from '../../shared/report/model.ts'
import type { Store } from '../db/store.ts'
import { type ZoneRow, zoneRecord } from '../zones/zones-repo.ts'
import * as repo from './report-repo.ts'

export interface ZoneFacts {
  readonly zone: ZoneRow
  readonly record: Readonly<Record<string, string | number | string[] | null>>
  readonly parcels: readonly repo.ReportParcel[]
  readonly enterprises: readonly repo.ReportEnterprise[]
  /** The newest plan of each enterprise that has one. */
  readonly plans: readonly repo.ReportPlan[]
  readonly measures: readonly repo.PlanStep[]
  readonly milestones: readonly repo.PlanStep[]
  /** Raw sums over the members, m²; null while no side is known. */
  readonly areaM2: number
  readonly areaInM2: number | null
  readonly areaOutM2: number | null
  /** Degrees. */
  readonly outline: FlatPolygons | null
  readonly outlineM2: number | null
  /** 万元: what was entered for the zone. */
  readonly ownInvestment: number | null
  /** 万元: the zone's own figure, otherwise the sum of its plans. */
  readonly investment: number | null
  /** Department codes, the leading one first. */
  readonly departments: readonly string[]
  readonly newFarmlandM2: number | null
}

/** Codes of a field that holds several. */
export function codesIn(text: string | null): string[] {
  return text ? (JSON.parse(text) as string[]) : []
}

export function readZoneFacts(store: Store, zone: ZoneRow): ZoneFacts {
  const db = store.read
  const record = zoneRecord(db, zone.id) as Record<string, string | number | string[] | null>
  const parcels = repo.zoneParcels(db, zone.id)
  const enterprises = repo.zoneEnterprises(db, zone.id, zone.year)
  const plans = repo.newestPlans(
    db,
    enterprises.map(enterprise => enterprise.id),
  )
  const planIds = plans.map(plan => plan.id)
  const outline = zone.geometry ? decodeGeometry(zone.geometry) : null
  const ownInvestment = record['investment'] as number | null
  return {
    zone,
    record,
    parcels,
    enterprises,
    plans,
    measures: repo.planSteps(db, 'measure', planIds),
    milestones: repo.planSteps(db, 'milestone', planIds),
    areaM2: parcels.reduce((sum, parcel) => sum + parcel.area_m2, 0),
    areaInM2: sumKnown(parcels.map(parcel => parcel.area_in_m2)),
    areaOutM2: sumKnown(parcels.map(parcel => parcel.area_out_m2)),
    outline,
    outlineM2: outline ? ellipsoidAreaM2(outline) : null,
    ownInvestment,
    investment: ownInvestment ?? sumKnown(plans.map(plan => plan.investment)),
    departments: [
      ...new Set([
        ...((record['departments'] as string[] | null) ?? []),
        ...plans.flatMap(plan => codesIn(plan.departments)),
      ]),
    ],
    newFarmlandM2: repo.newFarmlandM2(db, zone.id),
  }
}
