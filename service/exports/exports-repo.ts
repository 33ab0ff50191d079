/** SQL of exports: every live record with all stored fields, in code order of storage. */
import type { Db } from '../db/open.ts'
import { type Row, selectColumns } from '../db/rows.ts'
import { all, get, iterate } from '../db/sql.ts'

const ZONES_OF_PARCEL = `(SELECT group_concat(code, '、') FROM (SELECT z.code FROM zone_member m
  JOIN zone z ON z.id = m.zone_id AND z.deleted = 0 WHERE m.parcel_id = p.id AND m.deleted = 0 ORDER BY z.year DESC, z.code))`

/** The next live parcels after a pk, with geometry and the codes of their zones. Paged: reads stay short. */
export function parcelPage(db: Db, after: number, unit: string | undefined, limit: number): Row[] {
  return all(
    db,
    `SELECT ${selectColumns('parcel', 'p')}, p.geometry, ${ZONES_OF_PARCEL} AS zone FROM parcel p
     WHERE p.deleted = 0 AND p.pk > :after AND (:unit IS NULL OR p.unit = :unit) ORDER BY p.pk LIMIT :limit`,
    { after, unit: unit ?? null, limit },
  )
}

export function countLive(db: Db, table: 'parcel' | 'enterprise' | 'zone', unit: string | undefined): number {
  return get<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM ${table} WHERE deleted = 0 AND (:unit IS NULL OR unit = :unit)`,
    { unit: unit ?? null },
  )!.n
}

/** Live enterprises with the figures of their newest year (`y_` columns) and the codes of their parcels. */
export function eachEnterprise(db: Db, unit: string | undefined): IterableIterator<Row> {
  const years = selectColumns('enterprise_year', 'y')
    .split(', ')
    .map(column => `${column} AS y_${column.slice(2)}`)
    .join(', ')
  return iterate(
    db,
    `SELECT ${selectColumns('enterprise', 'e')}, ${years},
       (SELECT group_concat(code, '、') FROM (SELECT DISTINCT p.code FROM occupancy o
          JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
          WHERE o.enterprise_id = e.id AND o.deleted = 0 ORDER BY p.code)) AS parcels
     FROM enterprise e LEFT JOIN enterprise_year y ON y.id = (SELECT id FROM enterprise_year v
       WHERE v.enterprise_id = e.id AND v.deleted = 0 ORDER BY v.year DESC LIMIT 1)
     WHERE e.deleted = 0 AND (:unit IS NULL OR e.unit = :unit) ORDER BY e.code`,
    { unit: unit ?? null },
  )
}
