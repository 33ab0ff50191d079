/**
 * The door for bulk work (import, classification of everything, roll-back): one transaction that may take seconds and
 * awaits in between. Rows are not logged one by one; the batch and its provenance are, as one edit. The derivations
 * (areas, boxes, side, search keys) are the same as those of single edits.
 */
import { encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { PlaneProjection } from '../../shared/geometry/plane.ts'
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { ENTITIES, type EntityName, geometryFieldOf } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import { forgetSide, measureParcel, type SideHook, writeBox, writeSearchKey } from './derive.ts'
import type { Db } from './open.ts'
import { type Row, storedNames, tableOf, toColumn } from './rows.ts'
import { get, prepare, run } from './sql.ts'
import { type Touched, widen } from './transaction.ts'

export interface BulkContext {
  db: Db
  user: string
  device: string
  at: string
  planeFor: (box: Box) => PlaneProjection
  sideOf: SideHook | undefined
  newId: () => string
}

export interface BulkTransaction {
  readonly db: Db
  readonly touched: Touched & { bulk: boolean }
  readonly user: string
  readonly device: string
  readonly at: string
  /** The survey plane; decided by the first geometry when the survey has none yet. */
  planeFor(box: Box): PlaneProjection
  newId(): string
  /** Inserts a checked record without logging it; returns its local key and id. */
  insert(entity: EntityName, values: Record<string, unknown>, geometry?: FlatPolygons): { pk: number; id: string }
  /** Replaces fields (and geometry) of a live record without logging; the caller keeps the row it replaced. */
  replace(entity: EntityName, id: string, values: Record<string, unknown>, geometry?: FlatPolygons): void
  /** Computes side and derived areas again for one parcel, after its geometry or the boundary changed. */
  settle(entity: EntityName, pk: number, geometry: FlatPolygons): void
  widen(box: Box): void
  /** Dry run: everything is rolled back at the end and nobody is told. */
  rollbackOnly(): void
  readonly isRollbackOnly: boolean
}

export function createBulkTransaction(context: BulkContext): BulkTransaction {
  const { db } = context
  const touched: Touched & { bulk: boolean } = { ids: new Map(), box: null, shapes: true, bulk: true }
  let rollback = false
  const inserts = new Map<EntityName, { names: string[]; sql: string }>()

  const settle: BulkTransaction['settle'] = (entity, pk, geometry) => {
    const box = boxOf(geometry)
    writeBox(db, entity, pk, box)
    widen(touched, box)
    if (entity !== 'parcel') return
    const { area_m2, perimeter_m } = get<{ area_m2: number; perimeter_m: number }>(
      db,
      'SELECT area_m2, perimeter_m FROM parcel_record WHERE pk = ?',
      [pk],
    )!
    if (context.sideOf) context.sideOf(db, { pk, polygons: geometry, box, areaM2: area_m2, perimeterM: perimeter_m })
    else forgetSide(db, pk)
  }

  const insert: BulkTransaction['insert'] = (entity, values, geometry) => {
    const statement = inserts.get(entity) ?? insertStatement(entity)
    inserts.set(entity, statement)
    const id = context.newId()
    const fields = ENTITIES[entity].fields as FieldTable
    const columns: Row = {
      id,
      rev: 1,
      deleted: 0,
      created_by: context.user,
      created_at: context.at,
      updated_by: context.user,
      updated_at: context.at,
      origin_device: context.device,
    }
    for (const name of statement.names) {
      const field = fields[name]
      if (!field) continue
      columns[name] = field.kind === 'geometry' ? null : field.derived ? null : toColumn(entity, name, values[name])
    }
    if (geometry) {
      columns[geometryFieldOf(entity)!] = encodeGeometry(geometry)
      if (entity === 'parcel') Object.assign(columns, measureParcel(geometry, context.planeFor(boxOf(geometry))))
    }
    const pk = Number(prepare(db, statement.sql).run(columns).lastInsertRowid)
    if (geometry) settle(entity, pk, geometry)
    writeSearchKey(db, entity, pk, columns)
    return { pk, id }
  }

  const replace: BulkTransaction['replace'] = (entity, id, values, geometry) => {
    const row = get<Row>(db, `SELECT * FROM ${tableOf(entity)} WHERE id = ?`, [id])!
    const columns: Row = { rev: Number(row['rev']) + 1, updated_by: context.user, updated_at: context.at }
    for (const [name, value] of Object.entries(values)) columns[name] = toColumn(entity, name, value)
    if (geometry) {
      columns[geometryFieldOf(entity)!] = encodeGeometry(geometry)
      if (entity === 'parcel') Object.assign(columns, measureParcel(geometry, context.planeFor(boxOf(geometry))))
    }
    const assignments = Object.keys(columns).map(name => `${name} = :${name}`)
    run(db, `UPDATE ${tableOf(entity)} SET ${assignments.join(', ')} WHERE id = :id`, { ...columns, id })
    const pk = Number(row['pk'])
    if (geometry) settle(entity, pk, geometry)
    writeSearchKey(db, entity, pk, { ...row, ...columns })
  }

  return {
    db,
    touched,
    user: context.user,
    device: context.device,
    at: context.at,
    planeFor: context.planeFor,
    newId: context.newId,
    insert,
    replace,
    settle,
    widen: box => widen(touched, box),
    rollbackOnly: () => {
      rollback = true
    },
    get isRollbackOnly() {
      return rollback
    },
  }
}

function insertStatement(entity: EntityName): { names: string[]; sql: string } {
  const stamp = ['id', 'rev', 'deleted', 'created_by', 'created_at', 'updated_by', 'updated_at', 'origin_device']
  const names = [...stamp, ...storedNames(entity)]
  return {
    names,
    sql: `INSERT INTO ${tableOf(entity)} (${names.join(', ')}) VALUES (${names.map(name => `:${name}`).join(', ')})`,
  }
}
