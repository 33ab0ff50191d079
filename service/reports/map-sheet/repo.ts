/** SQL of map sheets: parcels of a box that a filter lets through, with what themes and labels need. */
import type { ParcelFilter } from '../../../shared/contract/parcels.ts'
import type { Box } from '../../../shared/geometry/types.ts'
import type { Db } from '../../db/open.ts'
import { all, get } from '../../db/sql.ts'
import { parcelCondition } from '../../parcels/parcels-repo.ts'

export interface SheetParcel {
  readonly pk: number
  readonly code: string
  readonly name: string | null
  readonly side: string | null
  readonly state: string | null
  readonly unit: string | null
  readonly area_m2: number
  readonly geometry: Uint8Array
}

/** Parcels whose box meets `box` (degrees), the largest first: labels are given in this order. */
export function sheetParcels(db: Db, filter: ParcelFilter, box: Readonly<Box>): SheetParcel[] {
  const { where, parameters } = parcelCondition(db, { ...filter, box: [...box] })
  return all(
    db,
    `SELECT p.pk, p.code, p.name, p.side, p.state, p.unit, coalesce(p.area_m2, 0) AS area_m2, p.geometry
     FROM parcel p WHERE ${where} ORDER BY p.area_m2 DESC, p.pk`,
    parameters,
  )
}

export function countSheetParcels(db: Db, filter: ParcelFilter, box: Readonly<Box>): number {
  const { where, parameters } = parcelCondition(db, { ...filter, box: [...box] })
  return get<{ n: number }>(db, `SELECT count(*) AS n FROM parcel p WHERE ${where}`, parameters)!.n
}

/** Names of the enterprises on parcels, by parcel key; the first by code where there are several. */
export function enterpriseNames(db: Db): Map<number, string> {
  const rows = all<{ pk: number; name: string }>(
    db,
    `SELECT p.pk, e.name FROM occupancy o JOIN parcel p ON p.id = o.parcel_id JOIN enterprise e ON e.id = o.enterprise_id
     WHERE o.deleted = 0 AND p.deleted = 0 AND e.deleted = 0 ORDER BY e.code DESC`,
  )
  return new Map(rows.map(({ pk, name }) => [pk, name]))
}
