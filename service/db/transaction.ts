/**
 * The one write path. Inside a transaction records are created, updated, removed and restored; every step checks its
 * values, keeps what is derived right and appends to the change log. Nothing else in the application writes entity
 * tables one record at a time (bulk imports have their own door in bulk.ts, with the same derivations).
 */
import { AppError } from '../../shared/contract/errors.ts'
import { decodeGeometry, encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { PlaneProjection } from '../../shared/geometry/plane.ts'
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { ENTITIES, type EntityName, geometryFieldOf } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import { type ChangeOp, changesSince, insertChange, type Patch } from './change-log.ts'
import { forgetSide, measureParcel, type SideHook, touchesSearch, writeBox, writeSearchKey } from './derive.ts'
import type { Db } from './open.ts'
import { type ColumnValue, type Row, tableOf, toColumn } from './rows.ts'
import { get, run } from './sql.ts'

export interface TransactionContext {
  db: Db
  editSeq: number
  user: string
  device: string
  at: string
  planeFor: (box: Box) => PlaneProjection
  sideOf: SideHook | undefined
  newId: () => string
}

export interface UpdateOptions {
  /** Revision the new values are based on; a field changed since by somebody else refuses the update. */
  baseRev?: number
  geometry?: FlatPolygons
  /** The very blob to restore (undo), instead of `geometry`. */
  geometryBlob?: Uint8Array
}

/** What a committed transaction touched, for the `changed` event. */
export interface Touched {
  ids: Map<EntityName, Set<string>>
  box: Box | null
  /** Parcels came, went or changed their outlines. */
  shapes: boolean
}

export interface Transaction {
  readonly db: Db
  readonly touched: Touched
  create(entity: EntityName, values: Record<string, unknown>, geometry?: FlatPolygons, id?: string): string
  update(entity: EntityName, id: string, values: Record<string, unknown>, options?: UpdateOptions): number
  remove(entity: EntityName, id: string): number
  restore(entity: EntityName, id: string): number
}

export function createTransaction(context: TransactionContext): Transaction {
  const { db } = context
  const touched: Touched = { ids: new Map(), box: null, shapes: false }

  const create: Transaction['create'] = (entity, values, geometry, id = context.newId()) => {
    const geometryField = geometryFieldOf(entity)
    const columns: Row = { id, rev: 1, deleted: 0, ...stampOf(context, true), origin_device: context.device }
    const patch: Patch = {}
    for (const [name, field] of Object.entries(ENTITIES[entity].fields as FieldTable)) {
      if (field.kind === 'geometry' || field.derived) continue
      const value = toColumn(entity, name, values[name])
      columns[name] = value
      if (value !== null) patch[name] = [null, value]
    }
    refuseUnknown(entity, values)
    const blob = geometry && geometryField ? encodeGeometry(geometry) : null
    if (geometryField) {
      if (!blob && ENTITIES[entity].fields[geometryField as never]['required']) {
        throw new AppError('invalid_geometry', '缺少范围', { reason: 'geometry_missing' })
      }
      columns[geometryField] = blob
    }
    if (geometry) Object.assign(columns, measuresOf(entity, geometry))
    const names = Object.keys(columns)
    const pk = run(
      db,
      `INSERT INTO ${tableOf(entity)} (${names.join(', ')}) VALUES (${names.map(name => `:${name}`).join(', ')})`,
      columns,
    ).lastInsertRowid
    if (geometry) settleGeometry(entity, pk, geometry)
    writeSearchKey(db, entity, pk, columns)
    log(entity, id, 'create', 0, 1, patch, null, blob)
    return id
  }

  const update: Transaction['update'] = (entity, id, values, options = {}) => {
    const row = loadRow(entity, id)
    if (row['deleted'] === 1) throw notFound(entity, id)
    const geometryField = geometryFieldOf(entity)
    refuseUnknown(entity, values)
    const patch: Patch = {}
    for (const [name, value] of Object.entries(values)) {
      if ((ENTITIES[entity].fields as FieldTable)[name]?.derived) throw derivedField(name)
      const column = toColumn(entity, name, value)
      if (column !== row[name]) patch[name] = [row[name] as ColumnValue, column]
    }
    const before = geometryField ? ((row[geometryField] as Uint8Array | null) ?? null) : null
    const blob = options.geometryBlob ?? (options.geometry ? encodeGeometry(options.geometry) : undefined)
    const geometryChanges = blob !== undefined && !sameBytes(blob, before)
    if (options.baseRev !== undefined) refuseConflict(entity, row, options.baseRev, Object.keys(patch), geometryChanges)
    if (Object.keys(patch).length === 0 && !geometryChanges) return Number(row['rev'])

    const columns: Row = Object.fromEntries(Object.entries(patch).map(([name, [, to]]) => [name, to]))
    const rev = Number(row['rev']) + 1
    Object.assign(columns, stampOf(context, false), { rev })
    let polygons: FlatPolygons | undefined
    if (geometryChanges) {
      polygons = options.geometry ?? decodeGeometry(blob)
      columns[geometryField!] = blob
      Object.assign(columns, measuresOf(entity, polygons))
    }
    writeColumns(entity, Number(row['pk']), columns)
    if (polygons) {
      if (before) widen(touched, boxOf(decodeGeometry(before)))
      settleGeometry(entity, Number(row['pk']), polygons)
    } else if (before && entity === 'parcel') widen(touched, boxOf(decodeGeometry(before)))
    if (touchesSearch(entity, Object.keys(patch))) writeSearchKey(db, entity, Number(row['pk']), { ...row, ...columns })
    log(
      entity,
      id,
      'update',
      Number(row['rev']),
      rev,
      patch,
      geometryChanges ? before : null,
      geometryChanges ? blob : null,
    )
    return rev
  }

  const setDeleted = (entity: EntityName, id: string, deleted: boolean): number => {
    const row = loadRow(entity, id)
    if ((row['deleted'] === 1) === deleted) throw notFound(entity, id)
    const rev = Number(row['rev']) + 1
    const pk = Number(row['pk'])
    touched.shapes ||= entity === 'parcel'
    writeColumns(entity, pk, { deleted: deleted ? 1 : 0, rev, ...stampOf(context, false) })
    const geometryField = geometryFieldOf(entity)
    const blob = geometryField ? (row[geometryField] as Uint8Array | null) : null
    if (blob) {
      const polygons = decodeGeometry(blob)
      if (deleted) {
        writeBox(db, entity, pk, null)
        widen(touched, boxOf(polygons))
      } else settleGeometry(entity, pk, polygons)
    }
    writeSearchKey(db, entity, pk, deleted ? null : row)
    log(entity, id, deleted ? 'delete' : 'restore', Number(row['rev']), rev, {}, null, null)
    return rev
  }

  /** Box, and for parcels the computed side; after the row is there, because the side is kept per row. */
  function settleGeometry(entity: EntityName, pk: number, polygons: FlatPolygons): void {
    const box = boxOf(polygons)
    writeBox(db, entity, pk, box)
    widen(touched, box)
    touched.shapes ||= entity === 'parcel'
    if (entity !== 'parcel') return
    const { area_m2, perimeter_m } = get<{ area_m2: number; perimeter_m: number }>(
      db,
      'SELECT area_m2, perimeter_m FROM parcel_record WHERE pk = ?',
      [pk],
    )!
    if (context.sideOf) context.sideOf(db, { pk, polygons, box, areaM2: area_m2, perimeterM: perimeter_m })
    else forgetSide(db, pk)
  }

  function measuresOf(entity: EntityName, polygons: FlatPolygons): Row {
    return entity === 'parcel' ? measureParcel(polygons, context.planeFor(boxOf(polygons))) : {}
  }

  function loadRow(entity: EntityName, id: string): Row {
    const row = get<Row>(db, `SELECT * FROM ${tableOf(entity)} WHERE id = ?`, [id])
    if (!row) throw notFound(entity, id)
    return row
  }

  function writeColumns(entity: EntityName, pk: number, columns: Row): void {
    const assignments = Object.keys(columns).map(name => `${name} = :${name}`)
    run(db, `UPDATE ${tableOf(entity)} SET ${assignments.join(', ')} WHERE pk = :pk`, { ...columns, pk })
  }

  function refuseConflict(entity: EntityName, row: Row, baseRev: number, fields: string[], geometry: boolean): void {
    if (Number(row['rev']) === baseRev) return
    const clashes = new Set<string>()
    for (const change of changesSince(db, entity, String(row['id']), baseRev)) {
      const patch = JSON.parse(change.patch) as Patch
      for (const field of fields) if (field in patch) clashes.add(field)
      if (geometry && change.geometry_to) clashes.add(geometryFieldOf(entity)!)
    }
    if (clashes.size === 0) return
    const labels = [...clashes].map(name => (ENTITIES[entity].fields as FieldTable)[name]?.zh ?? name)
    throw new AppError(
      'revision_conflict',
      `${labels.join('、')}已被${String(row['updated_by'])}修改，请核对后再保存`,
      {
        reason: 'revision_conflict',
        field: [...clashes][0]!,
        values: { fields: [...clashes].join(','), user: String(row['updated_by']), rev: Number(row['rev']) },
      },
    )
  }

  function log(
    entity: EntityName,
    id: string,
    op: ChangeOp,
    baseRev: number,
    rev: number,
    patch: Patch,
    from: Uint8Array | null,
    to: Uint8Array | null,
  ): void {
    const ids = touched.ids.get(entity) ?? new Set()
    touched.ids.set(entity, ids.add(id))
    insertChange(db, {
      edit_seq: context.editSeq,
      entity,
      entity_id: id,
      op,
      base_rev: baseRev,
      rev,
      patch: JSON.stringify(patch),
      geometry_from: from,
      geometry_to: to,
    })
  }

  return {
    db,
    touched,
    create,
    update,
    remove: (entity, id) => setDeleted(entity, id, true),
    restore: (entity, id) => setDeleted(entity, id, false),
  }
}

export function widen(touched: Touched, box: Box): void {
  const old = touched.box
  touched.box = old
    ? [Math.min(old[0], box[0]), Math.min(old[1], box[1]), Math.max(old[2], box[2]), Math.max(old[3], box[3])]
    : [...box]
}

export function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

function stampOf(context: TransactionContext, created: boolean): Row {
  const stamp: Row = { updated_by: context.user, updated_at: context.at }
  return created ? { ...stamp, created_by: context.user, created_at: context.at } : stamp
}

function refuseUnknown(entity: EntityName, values: Record<string, unknown>): void {
  for (const name of Object.keys(values)) {
    const field = (ENTITIES[entity].fields as FieldTable)[name]
    if (!field || field.kind === 'geometry') {
      throw new AppError('bad_input', `${ENTITIES[entity].zh}没有“${name.slice(0, 60)}”这个字段`, {
        reason: 'unknown_field',
        field: name,
      })
    }
  }
}

function derivedField(name: string): AppError {
  return new AppError('bad_input', `“${name}”由系统计算，不能直接填写`, { reason: 'derived_field', field: name })
}

function notFound(entity: EntityName, id: string): AppError {
  return new AppError('not_found', `找不到${ENTITIES[entity].zh}`, {
    reason: 'record_not_found',
    values: { entity, id },
  })
}
