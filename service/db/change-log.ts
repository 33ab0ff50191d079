/**
 * The change log: one `edit` per user-visible step, one `change` per record it touched, written in the transaction of
 * the change itself. Audit trail, history, undo and (later) the outbox all read from here and from nowhere else.
 */
import type { EntityName } from '../../shared/model/entity.ts'
import type { Db } from './open.ts'
import type { ColumnValue } from './rows.ts'
import { all, get, run } from './sql.ts'

export type EditKind = 'user' | 'system' | 'import' | 'undo' | 'redo' | 'remote'
export type ChangeOp = 'create' | 'update' | 'delete' | 'restore'

/** Field → [old, new], in column form. */
export type Patch = Record<string, [ColumnValue, ColumnValue]>

export interface EditRow {
  seq: number
  id: string
  kind: EditKind
  label: string
  label_values: string
  user: string
  device: string
  at: string
  reason: string | null
  batch: string | null
  undo_of: string | null
  undone_by: string | null
}

export interface ChangeRow {
  seq: number
  edit_seq: number
  entity: EntityName
  entity_id: string
  op: ChangeOp
  base_rev: number
  rev: number
  patch: string
  geometry_from: Uint8Array | null
  geometry_to: Uint8Array | null
}

export function insertEdit(db: Db, edit: Omit<EditRow, 'seq' | 'undone_by'>): number {
  return run(
    db,
    `INSERT INTO edit (id, kind, label, label_values, user, device, at, reason, batch, undo_of)
     VALUES (:id, :kind, :label, :label_values, :user, :device, :at, :reason, :batch, :undo_of)`,
    { ...edit },
  ).lastInsertRowid
}

export function insertChange(db: Db, change: Omit<ChangeRow, 'seq'>): void {
  run(
    db,
    `INSERT INTO change (edit_seq, entity, entity_id, op, base_rev, rev, patch, geometry_from, geometry_to)
     VALUES (:edit_seq, :entity, :entity_id, :op, :base_rev, :rev, :patch, :geometry_from, :geometry_to)`,
    { ...change },
  )
}

/** The number of the newest commit; grows with every write to the survey. */
export function latestRevision(db: Db): number {
  return get<{ seq: number | null }>(db, 'SELECT max(seq) AS seq FROM edit')?.seq ?? 0
}

export function changesOfEdit(db: Db, editSeq: number): ChangeRow[] {
  return all<ChangeRow>(db, 'SELECT * FROM change WHERE edit_seq = ? ORDER BY seq', [editSeq])
}

/** Changes of a record after revision `rev`, oldest first. */
export function changesSince(db: Db, entity: EntityName, entityId: string, rev: number): ChangeRow[] {
  return all<ChangeRow>(db, 'SELECT * FROM change WHERE entity = ? AND entity_id = ? AND rev > ? ORDER BY seq', [
    entity,
    entityId,
    rev,
  ])
}

/** Every change of a record with the edit it belongs to, newest first. */
export function historyRows(db: Db, entity: EntityName, entityId: string): (ChangeRow & Omit<EditRow, 'seq'>)[] {
  return all(
    db,
    `SELECT c.*, e.id, e.kind, e.label, e.label_values, e.user, e.device, e.at, e.reason, e.batch, e.undo_of, e.undone_by
     FROM change c JOIN edit e ON e.seq = c.edit_seq
     WHERE c.entity = ? AND c.entity_id = ? ORDER BY c.seq DESC`,
    [entity, entityId],
  )
}

/** What Ctrl+Z would undo: the newest own step that still stands. Imports and remote changes never enter the stack. */
export function nextUndo(db: Db, user: string): EditRow | undefined {
  return get<EditRow>(
    db,
    `SELECT * FROM edit WHERE kind IN ('user', 'redo') AND undone_by IS NULL AND user = ? ORDER BY seq DESC LIMIT 1`,
    [user],
  )
}

/** What Ctrl+Y would redo: the newest undo that still stands, unless something new was done since. */
export function nextRedo(db: Db, user: string): EditRow | undefined {
  return get<EditRow>(
    db,
    `SELECT * FROM edit WHERE kind = 'undo' AND undone_by IS NULL AND user = :user
     AND seq > coalesce((SELECT max(seq) FROM edit WHERE kind = 'user' AND user = :user), 0) ORDER BY seq DESC LIMIT 1`,
    { user },
  )
}

export function editById(db: Db, id: string): EditRow | undefined {
  return get<EditRow>(db, 'SELECT * FROM edit WHERE id = ?', [id])
}

export function markUndone(db: Db, id: string, by: string): void {
  run(db, 'UPDATE edit SET undone_by = ? WHERE id = ?', [by, id])
}
