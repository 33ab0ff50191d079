/** SQL of the plan sheet: its parcels, its checks, and which plans a batch prints. */
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all } from '../db/sql.ts'

export interface SheetParcel {
  readonly id: string
  readonly code: string
  readonly cert_no: string | null
  readonly area_m2: number | null
  readonly area_in_m2: number | null
  readonly area_out_m2: number | null
  readonly side: string | null
  readonly side_marked: string | null
  readonly land_class: string | null
  readonly far: number | null
  readonly geometry: Uint8Array
}

/** The live parcels among the ids, by code. */
export function sheetParcels(db: Db, ids: readonly string[]): SheetParcel[] {
  return all(
    db,
    `SELECT id, code, cert_no, area_m2, area_in_m2, area_out_m2, side, side_marked, land_class, far, geometry FROM parcel
     WHERE id IN (SELECT value FROM json_each(?)) AND deleted = 0 ORDER BY code`,
    [JSON.stringify(ids)],
  )
}

/** Checks of the plan itself and of its enterprise, by dimension in the order they were made. */
export function checksOfPlan(db: Db, planId: string, enterpriseId: string): Record<string, unknown>[] {
  return all<Row>(
    db,
    `SELECT ${selectColumns('compliance_check', 'c')} FROM compliance_check c
     WHERE c.deleted = 0 AND (c.plan_id = ? OR c.enterprise_id = ?) ORDER BY c.dimension, c.pk`,
    [planId, enterpriseId],
  ).map(row => rowToRecord('compliance_check', row))
}

export interface SheetFilter {
  readonly year?: number | undefined
  readonly unit?: string | undefined
  readonly enterprise?: string | undefined
  readonly planIds?: readonly string[] | undefined
}

/** The newest version of every plan that the filter takes, by unit and enterprise code. Ids named are taken as they are. */
export function plansToPrint(db: Db, filter: SheetFilter): { id: string; code: string; enterprise: string }[] {
  return all(
    db,
    `SELECT p.id, p.code, e.name AS enterprise FROM plan p JOIN enterprise e ON e.id = p.enterprise_id AND e.deleted = 0
     WHERE p.deleted = 0
       AND (:ids IS NULL OR p.id IN (SELECT value FROM json_each(:ids)))
       AND (:ids IS NOT NULL OR p.version = (SELECT max(n.version) FROM plan n
             WHERE n.enterprise_id = p.enterprise_id AND n.year = p.year AND n.deleted = 0))
       AND (:year IS NULL OR p.year = :year) AND (:unit IS NULL OR e.unit = :unit)
       AND (:enterprise IS NULL OR e.code = :enterprise OR e.uscc = :enterprise)
     ORDER BY e.unit, e.code, p.year`,
    {
      ids: filter.planIds ? JSON.stringify(filter.planIds) : null,
      year: filter.year ?? null,
      unit: filter.unit ?? null,
      enterprise: filter.enterprise ?? null,
    },
  )
}
