/** SQL of the sync tables: what the hub has of every record, the outbox, conflicts and the link itself. */
import type { ErrorDetails } from '../../shared/contract/errors.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import type { SyncConflict, SyncPatch, SyncReceipt, SyncRow } from '../../shared/sync/protocol.ts'
import type { HubBase } from '../../shared/sync/rebase.ts'
import type { Db } from '../db/open.ts'
import { all, get, run } from '../db/sql.ts'
import { readSetting, writeSetting } from '../db/store.ts'

/** The link of this survey to its hub; the token stands elsewhere (token-file.ts), so that a copied file carries none. */
export interface SyncLink {
  /** Identity at the hub, made at enrolment. */
  device: string
  /** Address of the hub; null while only bundles carry messages. */
  hub: string | null
  survey: string
  survey_name: string
  unit: string | null
  role: string
  enrolled_at: string
  /** The county's permission for a laptop that never met the hub; null for enrolled ones. */
  grant: string | null
  /** Everything of the scope up to this place of the hub's sequence has come. */
  cursor: number
  /** The hub's newest place when it was last heard of. */
  head: number
  next_device_seq: number
  /** What stands in the outbox up to here was made under an earlier name at the hub; absent: there was none. */
  renamed_after?: number
  /** Change log up to which everything is in the outbox. */
  collected_change: number
  collected_edit: number
  /** Boundary or tolerances came: sides are to be worked out anew. */
  sides_due: boolean
  /** The newest restoration of the hub that this survey knows of; absent: none. */
  restore?: string | null
  /** Bringing back what the hub lost: after which place, and how far its rows have been looked through. */
  repair?: { restore: string; after: number; since: number } | null
  last_contact: string | null
  /** Originals of photos that were not here after the last meeting; absent: nobody has looked yet. */
  missing_originals?: number
  last_error: { code: string; message: string; at: string; data?: ErrorDetails } | null
}

/** again: lost by the hub with its conflict, to be sent once more at the end of a repair. */
export type OutboxState = 'waiting' | 'sent' | 'confirmed' | 'settled' | 'refused' | 'again'

export interface OutboxRow {
  seq: number
  device_seq: number | null
  id: string
  entity: EntityName
  entity_id: string
  edit_seq: number | null
  state: OutboxState
  body: string | null
  receipt: string | null
  receipt_seq: number | null
  bundle: number | null
  at: string
}

export interface SyncRecord {
  entity: EntityName
  entity_id: string
  seq: number
  rev: number
  deleted: number
  fields: string | null
  geometry: Uint8Array | null
  unit: string | null
  device: string | null
  user: string | null
  at: string | null
  parked: number
  /** Since the hub was restored: place at which it lost this state; -1: to be shown anew; 0: nothing of it. */
  lost: number
}

export function readLink(db: Db): SyncLink | undefined {
  return readSetting(db, 'sync') as SyncLink | undefined
}

export function writeLink(db: Db, link: SyncLink): void {
  writeSetting(db, 'sync', link)
}

export function changeLink(db: Db, change: Partial<SyncLink>): SyncLink {
  const link = { ...readLink(db)!, ...change }
  writeLink(db, link)
  return link
}

export function syncRecord(db: Db, entity: EntityName, id: string): SyncRecord | undefined {
  return get<SyncRecord>(db, 'SELECT * FROM sync_record WHERE entity = ? AND entity_id = ?', [entity, id])
}

/** The hub's state of a record, or undefined while the hub does not know it. */
export function hubBase(record: SyncRecord | undefined): HubBase | undefined {
  if (!record || record.fields === null) return undefined
  return {
    seq: record.seq,
    device: record.device ?? '',
    deleted: record.deleted === 1,
    fields: JSON.parse(record.fields) as HubBase['fields'],
    geometry: record.geometry === null ? null : toBase64(record.geometry),
  }
}

/** Keeps the hub's row as the newest state, and up to which local revision the record's changes are in the outbox. */
export function writeHubRow(db: Db, row: SyncRow, rev: number, parked: 0 | 1): void {
  run(
    db,
    `INSERT INTO sync_record (entity, entity_id, seq, rev, deleted, fields, geometry, unit, device, user, at, parked)
     VALUES (:entity, :entity_id, :seq, :rev, :deleted, :fields, :geometry, :unit, :device, :user, :at, :parked)
     ON CONFLICT (entity, entity_id) DO UPDATE SET seq = :seq, rev = :rev, deleted = :deleted, fields = :fields,
       geometry = :geometry, unit = :unit, device = :device, user = :user, at = :at, parked = :parked`,
    {
      entity: row.entity,
      entity_id: row.entity_id,
      seq: row.seq,
      rev,
      deleted: row.deleted ? 1 : 0,
      fields: JSON.stringify(row.fields),
      geometry: row.geometry === null ? null : fromBase64(row.geometry),
      unit: row.unit,
      device: row.patch.device,
      user: row.patch.user,
      at: row.patch.at,
      parked,
    },
  )
}

/** Says up to which local revision a record's changes are in the outbox, and whether it waits under another code. */
export function markCollected(db: Db, entity: EntityName, id: string, rev: number, parked = 0): void {
  run(
    db,
    `INSERT INTO sync_record (entity, entity_id, seq, rev, deleted, parked) VALUES (:entity, :id, 0, :rev, 0, :parked)
     ON CONFLICT (entity, entity_id) DO UPDATE SET rev = :rev, parked = :parked`,
    { entity, id, rev, parked },
  )
}

export function parkedRecords(db: Db): { entity: EntityName; entity_id: string }[] {
  return all(db, 'SELECT entity, entity_id FROM sync_record WHERE parked = 1 ORDER BY rowid')
}

/** Place of the hub's state of a record that we have; undefined while there is none. */
export function hubPlace(db: Db, entity: EntityName, id: string): number | undefined {
  const sql = 'SELECT seq FROM sync_record WHERE entity = ? AND entity_id = ? AND fields IS NOT NULL'
  return get<{ seq: number }>(db, sql, [entity, id])?.seq
}

/** False: no record has patches on top of what the hub has, so nobody need look. */
export function hasOutstanding(db: Db): boolean {
  const sql = `SELECT 1 FROM sync_outbox WHERE state IN ('waiting', 'sent', 'confirmed') AND state <> 'settled' LIMIT 1`
  return get(db, sql) !== undefined
}

/** Patches of a record that are not part of the hub's state that we have, oldest first. Refused ones are not on top. */
export function outstanding(db: Db, entity: EntityName, id: string): SyncPatch[] {
  return all<{ body: string }>(
    db,
    `SELECT body FROM sync_outbox WHERE entity = ? AND entity_id = ? AND state IN ('waiting', 'sent', 'confirmed')
       AND state <> 'settled' ORDER BY seq`,
    [entity, id],
  ).map(({ body }) => JSON.parse(body) as SyncPatch)
}

export function insertOutbox(db: Db, row: Omit<OutboxRow, 'seq' | 'receipt_seq' | 'bundle'>): void {
  run(
    db,
    `INSERT INTO sync_outbox (device_seq, id, entity, entity_id, edit_seq, state, body, receipt, at)
     VALUES (:device_seq, :id, :entity, :entity_id, :edit_seq, :state, :body, :receipt, :at)`,
    { ...row },
  )
}

/** What has no receipt yet, in the order of its numbers, at most so many bytes of bodies (but at least one). */
export function unsent(db: Db, limits: { patches: number; bytes: number; after?: number }): OutboxRow[] {
  const rows = all<OutboxRow>(
    db,
    `SELECT * FROM sync_outbox WHERE state IN ('waiting', 'sent') AND state <> 'settled' AND device_seq > ? ORDER BY device_seq LIMIT ?`,
    [limits.after ?? 0, limits.patches],
  )
  let bytes = 0
  const end = rows.findIndex((row, index) => {
    bytes += (row.body ?? '').length
    return index > 0 && bytes > limits.bytes
  })
  return end < 0 ? rows : rows.slice(0, end)
}

/** Whether a change that has no receipt yet was made under the name that the laptop has now. */
export function isOfPresentName(db: Db, patch: string): boolean {
  const after = readLink(db)?.renamed_after ?? 0
  return get(db, 'SELECT 1 FROM sync_outbox WHERE id = ? AND seq > ?', [patch, after]) !== undefined
}

export function countUnsent(db: Db): number {
  return get<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM sync_outbox WHERE state IN ('waiting', 'sent') AND state <> 'settled'`,
  )!.n
}

/** Keeps a receipt. Gives the record when the patch was refused, so that its view can be worked out again. */
export function writeReceipt(
  db: Db,
  receipt: SyncReceipt,
): Pick<OutboxRow, 'entity' | 'entity_id' | 'state'> | undefined {
  const sql = 'SELECT entity, entity_id, state FROM sync_outbox WHERE id = ?'
  const row = get<Pick<OutboxRow, 'entity' | 'entity_id' | 'state'>>(db, sql, [receipt.patch])
  if (!row || (row.state !== 'waiting' && row.state !== 'sent')) return undefined
  const state: OutboxState = receipt.status === 'refused' ? 'refused' : 'confirmed'
  run(db, 'UPDATE sync_outbox SET state = ?, receipt = ?, receipt_seq = ? WHERE id = ?', [
    state,
    JSON.stringify(receipt),
    receipt.seq,
    receipt.patch,
  ])
  return state === 'refused' ? row : undefined
}

/** Bodies of plainly applied patches are not needed any more: the change log has them. */
const SETTLE = `UPDATE sync_outbox SET state = 'settled',
  body = CASE WHEN json_extract(receipt, '$.status') IN ('applied', 'merged') THEN NULL ELSE body END`

/** Patches that the hub's state of this record contains. */
export function settleRecord(db: Db, entity: EntityName, id: string, seq: number): void {
  run(
    db,
    `${SETTLE} WHERE entity = ? AND entity_id = ? AND state = 'confirmed' AND state <> 'settled' AND receipt_seq <= ?`,
    [entity, id, seq],
  )
}

/** At the end of a pull everything confirmed up to the cursor has come. Gives the records that were still open. */
export function settleAll(db: Db, cursor: number): { entity: EntityName; entity_id: string }[] {
  const records = all<{ entity: EntityName; entity_id: string }>(
    db,
    `SELECT DISTINCT entity, entity_id FROM sync_outbox WHERE state = 'confirmed' AND state <> 'settled' AND receipt_seq <= ?`,
    [cursor],
  )
  if (records.length > 0)
    run(db, `${SETTLE} WHERE state = 'confirmed' AND state <> 'settled' AND receipt_seq <= ?`, [cursor])
  return records
}

export function writeConflict(db: Db, conflict: SyncConflict): void {
  run(
    db,
    `INSERT INTO sync_conflict (id, seq, entity, entity_id, open, body) VALUES (:id, :seq, :entity, :entity_id, :open, :body)
     ON CONFLICT (id) DO UPDATE SET seq = :seq, open = :open, body = :body WHERE excluded.seq >= seq`,
    {
      id: conflict.id,
      seq: conflict.resolution?.seq ?? conflict.seq,
      entity: conflict.entity,
      entity_id: conflict.entity_id,
      open: conflict.resolution ? 0 : 1,
      body: JSON.stringify(conflict),
    },
  )
}

export function countConflicts(db: Db): number {
  return get<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM sync_conflict c WHERE c.open = 1
       AND NOT EXISTS (SELECT 1 FROM sync_decision d WHERE d.conflict = c.id)`,
  )!.n
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
