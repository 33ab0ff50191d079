/** The hub's tables, the same on SQLite and PostgreSQL: text and 32-bit integers only, JSON and base64 as text. */
import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'

interface StateColumns {
  entity: string
  entity_id: string
  seq: number
  deleted: number
  /** Report unit; '' while the row has none. Null: everybody's. */
  unit: string | null
  /** JSON of field → column value. */
  fields: string
  geometry: string | null
  /** JSON of `SyncRow.patch`; `device` stands beside it for queries. */
  patch: string
  device: string
}

export interface HubTables {
  survey: { id: string; name: string; head: number }
  device: {
    id: string
    name: string
    unit: string | null
    role: string
    token_hash: string
    enrolled_at: string
    revoked_at: string | null
    last_seen_at: string | null
    last_device_seq: number
  }
  enroll_code: {
    code_hash: string
    unit: string | null
    role: string
    created_at: string
    expires_at: string
    used_at: string | null
    used_by: string | null
  }
  row_state: StateColumns
  row_history: StateColumns
  code_key: { name: string; code: string; entity_id: string }
  reference: { entity: string; entity_id: string; target_entity: string; target_id: string }
  conflict: {
    id: string
    /** Sequence of the last change of the conflict: made or resolved. */
    seq: number
    unit: string | null
    open: number
    /** JSON of `SyncConflict`. */
    body: string
  }
  receipt: { patch: string; device: string; device_seq: number; body: string }
  /** Each time an older backup was put in place: the place of the sequence that it had. */
  restore: { id: string; head: number; at: string }
  audit: {
    id: string
    at: string
    device: string | null
    address: string | null
    action: string
    outcome: string
    detail: string | null
  }
}

export type HubDb = Kysely<HubTables>

/** The hash in an attachment's fields, as `row_state_file` has it: asked for with every file of every meeting. */
export function fileHash(db: HubDb): RawBuilder<string> {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter
  return isPostgres ? sql`((fields::json) ->> 'sha256')` : sql`json_extract(fields, '$.sha256')`
}

/** Makes what is missing; run at every start. */
export async function createTables(db: HubDb): Promise<void> {
  await db.schema
    .createTable('survey')
    .ifNotExists()
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('head', 'integer', column => column.notNull())
    .execute()
  await db.schema
    .createTable('device')
    .ifNotExists()
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('unit', 'text')
    .addColumn('role', 'text', column => column.notNull())
    .addColumn('token_hash', 'text', column => column.notNull().unique())
    .addColumn('enrolled_at', 'text', column => column.notNull())
    .addColumn('revoked_at', 'text')
    .addColumn('last_seen_at', 'text')
    .addColumn('last_device_seq', 'integer', column => column.notNull())
    .execute()
  await db.schema
    .createTable('enroll_code')
    .ifNotExists()
    .addColumn('code_hash', 'text', column => column.primaryKey())
    .addColumn('unit', 'text')
    .addColumn('role', 'text', column => column.notNull())
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('expires_at', 'text', column => column.notNull())
    .addColumn('used_at', 'text')
    .addColumn('used_by', 'text')
    .execute()
  for (const table of ['row_state', 'row_history'] as const) {
    await db.schema
      .createTable(table)
      .ifNotExists()
      .addColumn('entity', 'text', column => column.notNull())
      .addColumn('entity_id', 'text', column => column.notNull())
      .addColumn('seq', 'integer', column => column.notNull().unique())
      .addColumn('deleted', 'integer', column => column.notNull())
      .addColumn('unit', 'text')
      .addColumn('fields', 'text', column => column.notNull())
      .addColumn('geometry', 'text')
      .addColumn('patch', 'text', column => column.notNull())
      .addColumn('device', 'text', column => column.notNull())
      .addPrimaryKeyConstraint(
        `${table}_key`,
        table === 'row_state' ? ['entity', 'entity_id'] : ['entity', 'entity_id', 'seq'],
      )
      .execute()
  }
  await db.schema.createIndex('row_state_unit').ifNotExists().on('row_state').columns(['unit', 'seq']).execute()
  await db.schema
    .createIndex('row_state_shared')
    .ifNotExists()
    .on('row_state')
    .column('seq')
    .where(sql.ref('unit'), 'is', null)
    .execute()
  await sql`CREATE INDEX IF NOT EXISTS row_state_file ON row_state (${fileHash(db)}) WHERE entity = 'attachment'`.execute(
    db,
  )
  await db.schema
    .createTable('code_key')
    .ifNotExists()
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('code', 'text', column => column.notNull())
    .addColumn('entity_id', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('code_key_key', ['name', 'code', 'entity_id'])
    .execute()
  await db.schema.createIndex('code_key_id').ifNotExists().on('code_key').column('entity_id').execute()
  await db.schema
    .createTable('reference')
    .ifNotExists()
    .addColumn('entity', 'text', column => column.notNull())
    .addColumn('entity_id', 'text', column => column.notNull())
    .addColumn('target_entity', 'text', column => column.notNull())
    .addColumn('target_id', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('reference_key', ['target_id', 'target_entity', 'entity_id', 'entity'])
    .execute()
  await db.schema.createIndex('reference_of').ifNotExists().on('reference').column('entity_id').execute()
  await db.schema
    .createTable('conflict')
    .ifNotExists()
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('seq', 'integer', column => column.notNull())
    .addColumn('unit', 'text')
    .addColumn('open', 'integer', column => column.notNull())
    .addColumn('body', 'text', column => column.notNull())
    .execute()
  await db.schema.createIndex('conflict_seq').ifNotExists().on('conflict').column('seq').execute()
  await db.schema
    .createTable('receipt')
    .ifNotExists()
    .addColumn('patch', 'text', column => column.primaryKey())
    .addColumn('device', 'text', column => column.notNull())
    .addColumn('device_seq', 'integer', column => column.notNull())
    .addColumn('body', 'text', column => column.notNull())
    .addUniqueConstraint('receipt_order', ['device', 'device_seq'])
    .execute()
  await db.schema
    .createTable('restore')
    .ifNotExists()
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('head', 'integer', column => column.notNull())
    .addColumn('at', 'text', column => column.notNull())
    .execute()
  await db.schema
    .createTable('audit')
    .ifNotExists()
    .addColumn('id', 'text', column => column.primaryKey())
    .addColumn('at', 'text', column => column.notNull())
    .addColumn('device', 'text')
    .addColumn('address', 'text')
    .addColumn('action', 'text', column => column.notNull())
    .addColumn('outcome', 'text', column => column.notNull())
    .addColumn('detail', 'text')
    .execute()
}
