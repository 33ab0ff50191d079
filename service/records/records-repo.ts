/** Reads any entity's records and their history. SQL text of this area stays here. */
import type { HistoryItem } from '../../shared/contract/survey.ts'
import { ENTITIES, type EntityName } from '../../shared/model/entity.ts'
import type { FieldTable } from '../../shared/model/field.ts'
import { historyRows, type Patch } from '../db/change-log.ts'
import type { Db } from '../db/open.ts'
import { fromColumn, type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { get } from '../db/sql.ts'

/** A live record by id or official code, without geometry; undefined when there is none. */
export function findRecord(
  db: Db,
  entity: EntityName,
  key: { id?: string | undefined; code?: string | undefined },
): Record<string, unknown> | undefined {
  const columns = selectColumns(entity, 'r')
  const codeField = (ENTITIES[entity] as { codeField?: string }).codeField
  const row =
    key.id !== undefined
      ? get<Row>(db, `SELECT ${columns} FROM ${entity} r WHERE r.id = ? AND r.deleted = 0`, [key.id])
      : key.code !== undefined && codeField
        ? get<Row>(db, `SELECT ${columns} FROM ${entity} r WHERE r.${codeField} = ? AND r.deleted = 0`, [key.code])
        : undefined
  return row ? rowToRecord(entity, row) : undefined
}

/** Everything that ever happened to a record, newest first; a bulk import stands for itself at the end. */
export function recordHistory(db: Db, entity: EntityName, id: string): HistoryItem[] {
  const fields = ENTITIES[entity].fields as FieldTable
  const items: HistoryItem[] = historyRows(db, entity, id).map(row => ({
    edit: row.id,
    at: row.at,
    user: row.user,
    device: row.device,
    kind: row.kind,
    label: row.label,
    values: JSON.parse(row.label_values),
    reason: row.reason,
    batch: row.batch,
    op: row.op,
    rev: row.rev,
    fields: Object.entries(JSON.parse(row.patch) as Patch).map(([field, [from, to]]) => ({
      field,
      from: fromColumn(fields[field], from),
      to: fromColumn(fields[field], to),
    })),
    geometry_changed: row.geometry_to !== null,
  }))
  return [...items, ...importItems(db, entity, id)]
}

/** The batches that made or updated the record: they are logged as batches, not row by row. */
function importItems(db: Db, entity: EntityName, id: string): HistoryItem[] {
  if (!('import_batch' in ENTITIES[entity].fields)) return []
  const batch = get<{ id: string; file: string; user: string; device: string; at: string; row: number | null }>(
    db,
    `SELECT b.id, b.file, b.user, b.device, b.at, ${'source_row' in ENTITIES[entity].fields ? 'r.source_row' : 'NULL'} AS row
     FROM ${entity} r JOIN import_batch b ON b.id = r.import_batch WHERE r.id = ?`,
    [id],
  )
  if (!batch) return []
  return [
    {
      edit: batch.id,
      at: batch.at,
      user: batch.user,
      device: batch.device,
      kind: 'import',
      label: 'imported',
      values: { file: batch.file, row: batch.row === null ? '' : String(batch.row + 1) },
      reason: null,
      batch: batch.id,
      op: 'import',
      rev: 1,
      fields: [],
      geometry_changed: false,
    },
  ]
}
