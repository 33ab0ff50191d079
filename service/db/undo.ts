/**
 * Undo and redo: a new edit with the inverse changes, newest first, never a rewind. What somebody else changed since is
 * left alone and named. The stack is read from the change log, so it survives a restart.
 */
import { ENTITIES, geometryFieldOf } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import { type ChangeRow, changesOfEdit, type Patch } from './change-log.ts'
import type { Row } from './rows.ts'
import { fromColumn } from './rows.ts'
import { get } from './sql.ts'
import { sameBytes, type Transaction } from './transaction.ts'

/** Applies the inverse of an edit inside `tx`. Returns the labels of fields and records that were left as they are. */
export function applyInverse(tx: Transaction, editSeq: number): string[] {
  const skipped: string[] = []
  const later = supersededStep(tx, editSeq)
  if (later !== undefined) return [later]
  for (const change of changesOfEdit(tx.db, editSeq).reverse()) invertChange(tx, change, skipped)
  return skipped
}

/** A step of the closed loop goes back as a whole or not at all: once another step followed, nothing of it is undone. */
function supersededStep(tx: Transaction, editSeq: number): string | undefined {
  for (const { entity, entity_id: id, op } of changesOfEdit(tx.db, editSeq)) {
    if (entity !== 'state_change' || op !== 'create') continue
    const last = get(
      tx.db,
      `SELECT 1 FROM state_change s JOIN list_entry l ON l.id = s.list_entry_id AND l.deleted = 0 AND l.state = s.to_state
       WHERE s.id = ? AND s.deleted = 0 AND s.pk = (SELECT max(n.pk) FROM state_change n
         WHERE n.list_entry_id = s.list_entry_id AND n.deleted = 0)`,
      [id],
    )
    if (!last) return ENTITIES[entity].zh
  }
  return undefined
}

function invertChange(tx: Transaction, change: ChangeRow, skipped: string[]): void {
  const { entity, entity_id: id } = change
  const row = get<Row>(tx.db, `SELECT * FROM ${entity} WHERE id = ?`, [id])
  const patch = JSON.parse(change.patch) as Patch
  const name = `${ENTITIES[entity].zh} ${String(row?.['code'] ?? row?.['name'] ?? '')}`.trim()
  if (!row) {
    skipped.push(name)
    return
  }
  const isDeleted = row['deleted'] === 1
  switch (change.op) {
    case 'create': {
      const untouched = Object.entries(patch).every(([field, [, to]]) => row[field] === to)
      const geometryField = geometryFieldOf(entity)
      const sameGeometry = !geometryField || sameBytes(row[geometryField] as Uint8Array | null, change.geometry_to)
      if (isDeleted || !untouched || !sameGeometry) skipped.push(name)
      else tx.remove(entity, id)
      return
    }
    case 'delete':
      if (isDeleted) tx.restore(entity, id)
      else skipped.push(name)
      return
    case 'restore':
      if (isDeleted) skipped.push(name)
      else tx.remove(entity, id)
      return
    case 'update':
      if (isDeleted) skipped.push(name)
      else invertUpdate(tx, change, row, patch, skipped)
  }
}

function invertUpdate(tx: Transaction, change: ChangeRow, row: Row, patch: Patch, skipped: string[]): void {
  const fields = ENTITIES[change.entity].fields as FieldTable
  const values: Record<string, unknown> = {}
  for (const [field, [from, to]] of Object.entries(patch)) {
    if (fields[field]?.derived) continue
    if (row[field] === to) values[field] = fromColumn(fields[field], from)
    else skipped.push(fields[field]?.zh ?? field)
  }
  const geometryField = geometryFieldOf(change.entity)
  let geometryBlob: Uint8Array | undefined
  if (change.geometry_from && geometryField) {
    if (sameBytes(row[geometryField] as Uint8Array | null, change.geometry_to)) geometryBlob = change.geometry_from
    else skipped.push(fields[geometryField]!.zh)
  }
  tx.update(change.entity, change.entity_id, values, geometryBlob ? { geometryBlob } : {})
}
