/**
 * Local records as merge states, and back: writes a merged state into its table with everything that follows from it
 * (areas, side, box, search keys), logs what changed, and settles who bears a code that two records want.
 */
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf } from '../../shared/geometry/types.ts'
import { ENTITIES, type EntityName, geometryFieldOf } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import { changedFields, type MergeState, sameState } from '../../shared/sync/merge.ts'
import type { SyncRow } from '../../shared/sync/protocol.ts'
import { codeKey, provisionalCode, type UniqueCode, uniqueCodesOf } from '../../shared/sync/unique-codes.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import { type ChangeOp, insertChange, insertEdit, type Patch } from '../db/change-log.ts'
import { measureParcel, writeBox, writeSearchKey } from '../db/derive.ts'
import type { Db } from '../db/open.ts'
import { type ColumnValue, type Row, tableOf } from '../db/rows.ts'
import { get, run } from '../db/sql.ts'
import { writeEvaluationScope } from '../enterprises/enterprises-repo.ts'
import { fromBase64, markCollected, toBase64, writeHubRow } from './sync-repo.ts'

/** Who made what is written, for the history of the record. */
export interface Author {
  readonly user: string
  readonly device: string
  readonly at: string
  readonly label: string
  readonly reason: string | null
}

const syncedFields = new Map<EntityName, readonly string[]>()

/** Fields that travel: all but derived ones and the outline. */
export function fieldsThatTravel(entity: EntityName): readonly string[] {
  let names = syncedFields.get(entity)
  if (!names) {
    names = Object.entries(ENTITIES[entity].fields as FieldTable)
      .filter(([, field]) => !field.derived && field.kind !== 'geometry')
      .map(([name]) => name)
    syncedFields.set(entity, names)
  }
  return names
}

export function localRow(db: Db, entity: EntityName, id: string): Row | undefined {
  return get<Row>(db, `SELECT * FROM ${tableOf(entity)} WHERE id = ?`, [id])
}

/** A row of an entity table as the merge sees it: fields that are null are left out. */
export function stateOfRow(entity: EntityName, row: Row): MergeState {
  const fields: Record<string, ColumnValue> = {}
  for (const name of fieldsThatTravel(entity)) {
    const value = row[name] as ColumnValue
    if (value !== null) fields[name] = value
  }
  const geometryField = geometryFieldOf(entity)
  const blob = geometryField ? (row[geometryField] as Uint8Array | null) : null
  return { deleted: row['deleted'] === 1, fields, geometry: blob ? toBase64(blob) : null }
}

export interface RemoteWriter {
  /**
   * Makes the local record equal to `state` and marks it as collected. Where another live record holds a code that this
   * one wants: with `yields` this one waits under a provisional code, otherwise the other one does. `hubRow`: the hub's
   * state to be kept with it.
   */
  put(entity: EntityName, id: string, state: MergeState, author: Author, yields: boolean, hubRow?: SyncRow): void
  /** Records that waited for a code and were written for another's sake. */
  readonly entities: ReadonlySet<EntityName>
}

export function remoteWriter(tx: BulkTransaction, newId: () => string): RemoteWriter {
  const { db } = tx
  const edits = new Map<string, number>()
  const entities = new Set<EntityName>()

  const editOf = (author: Author): number => {
    const key = JSON.stringify(author)
    let seq = edits.get(key)
    if (seq === undefined) {
      const { user, device, at, reason } = author
      const empty = { label_values: '{}', batch: null, undo_of: null }
      seq = insertEdit(db, { id: newId(), kind: 'remote', label: author.label, user, device, at, reason, ...empty })
      edits.set(key, seq)
    }
    return seq
  }

  const write = (
    entity: EntityName,
    id: string,
    state: MergeState,
    author: Author,
    parked: 0 | 1,
    hubRow?: SyncRow,
  ): void => {
    const mark = (rev: number): void => {
      if (hubRow) writeHubRow(db, hubRow, rev, parked)
      else markCollected(db, entity, id, rev, parked)
    }
    const row = localRow(db, entity, id)
    const before = row && stateOfRow(entity, row)
    if (row && before && sameState(before, state)) {
      mark(Number(row['rev']))
      return
    }
    entities.add(entity)
    tx.touched.ids.set(entity, (tx.touched.ids.get(entity) ?? new Set()).add(id))
    const rev = row ? Number(row['rev']) + 1 : 1
    const columns: Row = {
      rev,
      deleted: state.deleted ? 1 : 0,
      updated_by: author.user,
      updated_at: author.at,
    }
    for (const name of fieldsThatTravel(entity)) columns[name] = state.fields[name] ?? null
    const geometryField = geometryFieldOf(entity)
    const isOutlineNew = geometryField !== undefined && state.geometry !== (before?.geometry ?? null)
    const blob = state.geometry === null ? null : fromBase64(state.geometry)
    const polygons = blob && decodeGeometry(blob)
    if (isOutlineNew) {
      columns[geometryField] = blob
      if (entity === 'parcel' && polygons) Object.assign(columns, measureParcel(polygons, tx.planeFor(boxOf(polygons))))
    }
    let pk: number
    if (row) {
      pk = Number(row['pk'])
      run(db, sqlOf('update', entity, columns), { ...columns, pk })
    } else {
      Object.assign(columns, {
        id,
        created_by: author.user,
        created_at: author.at,
        origin_device: author.device,
      })
      pk = run(db, sqlOf('insert', entity, columns), columns).lastInsertRowid
    }
    if (before?.geometry && (isOutlineNew || state.deleted !== before.deleted))
      tx.widen(boxOf(decodeGeometry(fromBase64(before.geometry))))
    if (state.deleted) {
      writeBox(db, entity, pk, null)
      writeSearchKey(db, entity, pk, null)
    } else {
      if (polygons && (isOutlineNew || before?.deleted !== false)) tx.settle(entity, pk, polygons)
      else if (polygons && entity === 'parcel') tx.widen(boxOf(polygons))
      writeSearchKey(db, entity, pk, { ...row, ...columns })
      if (entity === 'enterprise_year') writeEvaluationScope(db, id)
    }
    if (before) log(entity, id, before, state, rev, author)
    mark(rev)
  }

  /** Of a record that was here before: what came from elsewhere stands in its history, with its author. */
  const log = (
    entity: EntityName,
    id: string,
    before: MergeState,
    after: MergeState,
    rev: number,
    author: Author,
  ): void => {
    const patch: Patch = {}
    for (const name of changedFields(before, after))
      patch[name] = [before.fields[name] ?? null, after.fields[name] ?? null]
    const isOutlineNew = before.geometry !== after.geometry
    const op: ChangeOp = before.deleted === after.deleted ? 'update' : after.deleted ? 'delete' : 'restore'
    insertChange(db, {
      edit_seq: editOf(author),
      entity,
      entity_id: id,
      op,
      base_rev: rev - 1,
      rev,
      patch: JSON.stringify(patch),
      geometry_from: isOutlineNew && before.geometry !== null ? fromBase64(before.geometry) : null,
      geometry_to: isOutlineNew && after.geometry !== null ? fromBase64(after.geometry) : null,
    })
  }

  return {
    entities,
    put(entity, id, wanted, author, yields, hubRow) {
      let state = wanted
      let parked: 0 | 1 = 0
      for (const code of uniqueCodesOf(entity)) {
        const holder = holderOf(db, code, state, id)
        if (holder === undefined) continue
        if (yields) {
          state = withoutCode(code, state, id)
          parked = 1
          continue
        }
        const other = stateOfRow(entity, localRow(db, entity, holder)!)
        write(entity, holder, withoutCode(code, other, holder), author, 1)
      }
      write(entity, id, state, author, parked, hubRow)
    },
  }
}

const statements = new Map<string, string>()

/** The statement for these columns, which always come in the same order; made once for each set of them. */
function sqlOf(kind: 'insert' | 'update', entity: EntityName, columns: Row): string {
  const names = Object.keys(columns)
  const key = `${kind} ${entity} ${names.length} ${names.at(-1)} ${'area_m2' in columns}`
  let sql = statements.get(key)
  if (sql === undefined) {
    sql =
      kind === 'insert'
        ? `INSERT INTO ${tableOf(entity)} (${names.join(', ')}) VALUES (${names.map(name => `:${name}`).join(', ')})`
        : `UPDATE ${tableOf(entity)} SET ${names.map(name => `${name} = :${name}`).join(', ')} WHERE pk = :pk`
    statements.set(key, sql)
  }
  return sql
}

/** A live local record other than `id` that bears the code of `state`. */
function holderOf(db: Db, code: UniqueCode, state: MergeState, id: string): string | undefined {
  if (codeKey(code, state) === undefined) return undefined
  const conditions = code.fields.map(field => `${field} = ?`).join(' AND ')
  const values = code.fields.map(field => state.fields[field] ?? null)
  const found = get<{ id: string }>(
    db,
    `SELECT id FROM ${code.entity} WHERE ${conditions} AND deleted = 0 AND id <> ?`,
    [...values, id],
  )
  return found?.id
}

function withoutCode(code: UniqueCode, state: MergeState, id: string): MergeState {
  if (code.twin === 'delete') return { ...state, deleted: true }
  const field = code.fields[0]!
  const value = code.twin === 'clear' ? null : provisionalCode(String(state.fields[field]), id)
  return { ...state, fields: { ...state.fields, [field]: value } }
}
