/** What a decision does to the records, inside one edit. `theirs` leaves them as they are, except for a lost owner. */
import { AppError, isAppError } from '../../shared/contract/errors.ts'
import { ENTITIES, type EntityName, fieldOf } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import type { ColumnValue } from '../../shared/sync/merge.ts'
import type { SyncConflict } from '../../shared/sync/protocol.ts'
import { provisionalCode, uniqueCodesOf } from '../../shared/sync/unique-codes.ts'
import { fromColumn, type Row } from '../db/rows.ts'
import { all, get } from '../db/sql.ts'
import type { Transaction } from '../db/transaction.ts'
import { dependentsOf } from '../records/records-methods.ts'
import { fieldsThatTravel } from './local-record.ts'
import { fromBase64 } from './sync-repo.ts'

export function applyDecision(tx: Transaction, conflict: SyncConflict, take: 'mine' | 'theirs' | 'merge'): void {
  const { kind, entity, entity_id: id } = conflict
  if (take === 'merge' && kind !== 'twin_code')
    throw new AppError('bad_input', '只有同号记录可以合并', { reason: 'conflict_not_twins' })
  const row = get<Row>(tx.db, `SELECT * FROM ${entity} WHERE id = ?`, [id])
  if (!row) throw new AppError('not_found', '这条记录不在本机', { reason: 'record_not_found' })
  const isDeleted = row['deleted'] === 1
  if (kind === 'twin_code') {
    if (take === 'mine') takeCode(tx, conflict, isDeleted)
    if (take === 'merge') mergeTwins(tx, entity, id, String(conflict.theirs), isDeleted)
    return
  }
  if (kind === 'reference') {
    const isDeletionWanted = conflict.field === null ? take === 'mine' : take === 'theirs'
    if (isDeletionWanted && !isDeleted) removeWithDependents(tx, entity, id)
    return
  }
  if (take === 'theirs') return
  switch (kind) {
    case 'delete_edit':
      if (!isDeleted) removeWithDependents(tx, entity, id)
      return
    case 'edit_delete':
      if (isDeleted) tx.restore(entity, id)
      tx.update(entity, id, valuesOf(entity, conflict.mine), outlineOf(conflict))
      return
    case 'field':
      tx.update(entity, id, { [conflict.field!]: fromColumn(fieldOf(entity, conflict.field!), conflict.mine) })
      return
    case 'geometry':
      tx.update(entity, id, {}, outlineOf(conflict))
  }
}

function outlineOf(conflict: SyncConflict): { geometryBlob?: Uint8Array } {
  const mine = conflict.geometry?.mine
  return mine ? { geometryBlob: fromBase64(mine) } : {}
}

function valuesOf(entity: EntityName, text: ColumnValue): Record<string, unknown> {
  const columns = JSON.parse(String(text ?? '{}')) as Record<string, ColumnValue>
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [name, fromColumn(fieldOf(entity, name), value)]),
  )
}

function removeWithDependents(tx: Transaction, entity: EntityName, id: string): void {
  for (const dependent of dependentsOf(entity)) {
    const sql = `SELECT id FROM ${dependent.entity} WHERE ${dependent.field} = ? AND deleted = 0`
    for (const child of all<{ id: string }>(tx.db, sql, [id])) tx.remove(dependent.entity, child.id)
  }
  tx.remove(entity, id)
}

/** The later record gets the code, the earlier one a provisional one (or none, or is deleted, as the code's rule says). */
function takeCode(tx: Transaction, conflict: SyncConflict, isDeleted: boolean): void {
  const { entity, entity_id: id } = conflict
  const other = String(conflict.theirs)
  const single = uniqueCodesOf(entity).find(code => code.fields.length === 1 && code.fields[0] === conflict.field)
  const isOtherAlive = get(tx.db, `SELECT 1 FROM ${entity} WHERE id = ? AND deleted = 0`, [other]) !== undefined
  if (!single || single.twin === 'delete') {
    if (isOtherAlive) removeWithDependents(tx, entity, other)
    if (isDeleted) tx.restore(entity, id)
    return
  }
  const field = single.fields[0]!
  if (isOtherAlive)
    tx.update(entity, other, {
      [field]: single.twin === 'clear' ? null : provisionalCode(String(conflict.mine), other),
    })
  if (isDeleted) tx.restore(entity, id)
  tx.update(entity, id, { [field]: conflict.mine })
}

/** The later record fills what is empty in the earlier one, brings what hangs on it, and is deleted. */
function mergeTwins(tx: Transaction, entity: EntityName, id: string, other: string, isDeleted: boolean): void {
  const [from, into] = [id, other].map(key => get<Row>(tx.db, `SELECT * FROM ${entity} WHERE id = ?`, [key])!)
  if (!into || into['deleted'] === 1)
    throw new AppError('refused', '另一条记录已不在，不能合并', { reason: 'twin_gone' })
  for (const [owner, description] of Object.entries(ENTITIES)) {
    for (const [field, { kind, ref }] of Object.entries(description.fields as FieldTable))
      if (kind === 'ref' && ref === entity) repoint(tx, owner as EntityName, field, id, other)
  }
  const sql = 'SELECT id FROM attachment WHERE owner_entity = ? AND owner_id = ? AND deleted = 0'
  for (const { id: photo } of all<{ id: string }>(tx.db, sql, [entity, id]))
    tx.update('attachment', photo, { owner_id: other })
  if (!isDeleted) removeWithDependents(tx, entity, id)
  const values: Record<string, unknown> = {}
  const codes = new Set(uniqueCodesOf(entity).flatMap(code => code.fields))
  for (const name of fieldsThatTravel(entity))
    if (into[name] === null && from![name] !== null && !codes.has(name))
      values[name] = fromColumn(fieldOf(entity, name), from![name] as ColumnValue)
  tx.update(entity, other, values)
}

function repoint(tx: Transaction, owner: EntityName, field: string, from: string, to: string): void {
  const sql = `SELECT id FROM ${owner} WHERE ${field} = ? AND deleted = 0 AND id <> ?`
  for (const { id } of all<{ id: string }>(tx.db, sql, [from, to])) {
    try {
      tx.update(owner, id, { [field]: to })
    } catch (error) {
      // The earlier record has the same link already; this one stays with its own and goes with it.
      if (!isAppError(error) || error.code !== 'duplicate_code') throw error
    }
  }
}
