/**
 * Inserts parcels in bulk: the same columns and derivations as BulkTransaction.insert (service/db/bulk.ts), but only the
 * columns that a file fills, bound by position, with areas and box in one go. Three times as fast for 100,000 parcels.
 */
import { encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { PARCEL_FIELDS } from '../../shared/model/entities/parcel.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import { measureParcel, writeBox, writeSearchKey } from '../db/derive.ts'
import { type ColumnValue, toColumn } from '../db/rows.ts'
import { prepare } from '../db/sql.ts'

const STAMP = ['id', 'rev', 'deleted', 'created_by', 'created_at', 'updated_by', 'updated_at', 'origin_device'] as const
const MEASURES = ['area_m2', 'area_planar_m2', 'perimeter_m', 'geometry'] as const

interface WrittenParcel {
  id: string
  areaM2: number
  areaPlanarM2: number
}

export class ParcelWriter {
  private readonly tx: BulkTransaction
  private readonly classified: boolean
  private readonly statements = new Map<
    string,
    { run(...parameters: unknown[]): { lastInsertRowid: number | bigint } }
  >()

  constructor(tx: BulkTransaction) {
    this.tx = tx
    // Without an active boundary or layer every side is unknown: nothing to work out.
    this.classified =
      prepare(tx.db, "SELECT 1 FROM boundary_version WHERE status = 'active' AND deleted = 0").get() !== undefined
  }

  /** Inserts one parcel; `values` by field name, checked as every write is. Throws SQLite's error when the code is taken. */
  insert(values: Readonly<Record<string, unknown>>, geometry: FlatPolygons): WrittenParcel {
    const { tx } = this
    const box = boxOf(geometry)
    const measures = measureParcel(geometry, tx.planeFor(box))
    const id = tx.newId()
    const names = Object.keys(values)
    const columns: Record<string, ColumnValue> = {}
    const parameters: unknown[] = [id, 1, 0, tx.user, tx.at, tx.user, tx.at, tx.device]
    for (const name of names) {
      const value = toColumn('parcel', name, values[name])
      columns[name] = value
      parameters.push(value)
    }
    parameters.push(measures.area_m2, measures.area_planar_m2, measures.perimeter_m, encodeGeometry(geometry))
    const pk = Number(this.statementFor(names).run(...parameters).lastInsertRowid)
    if (this.classified) tx.settle('parcel', pk, geometry)
    else {
      writeBox(tx.db, 'parcel', pk, box)
      tx.widen(box)
    }
    writeSearchKey(tx.db, 'parcel', pk, columns)
    return { id, areaM2: measures.area_m2, areaPlanarM2: measures.area_planar_m2 }
  }

  private statementFor(names: readonly string[]) {
    const key = names.join(',')
    let statement = this.statements.get(key)
    if (!statement) {
      for (const name of names) {
        const field = (PARCEL_FIELDS as FieldTable)[name]
        if (!field || field.derived || field.kind === 'geometry') throw new Error(`not a settable field: ${name}`)
      }
      const all = [...STAMP, ...names, ...MEASURES]
      statement = prepare(
        this.tx.db,
        `INSERT INTO parcel_record (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`,
      )
      this.statements.set(key, statement)
    }
    return statement
  }
}
