/**
 * Takes what the hub sent: rows, conflicts and receipts, each page with its cursor in one transaction. Edits that were
 * committed meanwhile are put into the outbox first, in the same transaction, so that nothing is written over unseen.
 */
import type { EntityName } from '../../shared/model/entity.ts'
import type { SyncConflict, SyncPatch, SyncReceipt, SyncRow } from '../../shared/sync/protocol.ts'
import { type HubBase, viewOf } from '../../shared/sync/rebase.ts'
import { codeKey, uniqueCodesOf } from '../../shared/sync/unique-codes.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import type { Store } from '../db/store.ts'
import { collectNow } from './collect.ts'
import { type Author, type RemoteWriter, remoteWriter } from './local-record.ts'
import {
  changeLink,
  hasOutstanding,
  hubBase,
  hubPlace,
  outstanding,
  parkedRecords,
  readLink,
  settleAll,
  settleRecord,
  syncRecord,
  writeConflict,
  writeReceipt,
} from './sync-repo.ts'

export interface Page {
  readonly rows: readonly SyncRow[]
  readonly conflicts: readonly SyncConflict[]
  readonly cursor: number
  readonly head: number
  readonly more: boolean
}

/** New boundary versions, features or tolerances decide sides anew, as an import of them would. */
const DECIDE_SIDES: readonly EntityName[] = ['boundary_version', 'boundary_feature', 'campaign']

/**
 * Applies one page and gives how many records got a newer state; the last page of a run also settles what the earlier
 * ones left open.
 */
export async function applyPage(store: Store, page: Page, control: JobControl): Promise<number> {
  const nothing = page.rows.length === 0 && page.conflicts.length === 0 && page.more
  if (nothing) return 0
  const isQuiet = page.rows.length === 0 && !(await store.quiesced(db => isOpenAt(db, page.cursor)))
  if (isQuiet) {
    await store.quiesced(db =>
      db
        .transaction(() => {
          for (const conflict of page.conflicts) writeConflict(db, conflict)
          settleAll(db, page.cursor)
          moveOn(db, page)
        })
        .immediate(),
    )
    return 0
  }
  const { result } = await store.bulk({ label: 'synced', kind: 'remote' }, async tx => {
    const { db } = tx
    collectNow(db, store)
    const writer = remoteWriter(tx, store.newId)
    let pulled = 0
    const isAlone = !hasOutstanding(db)
    for (const row of page.rows) {
      await control.checkpoint()
      if (takeRow(tx, writer, row, isAlone)) pulled += 1
    }
    for (const conflict of page.conflicts) writeConflict(db, conflict)
    if (!page.more) {
      settleRest(tx, writer, page.cursor)
    }
    moveOn(db, page)
    noteSides(db, writer)
    return pulled
  })
  return result
}

/** At the end of a run: what is confirmed has come, and codes that records waited for may be free. */
export function settleRest(tx: BulkTransaction, writer: RemoteWriter, cursor: number): void {
  for (const { entity, entity_id } of settleAll(tx.db, cursor)) show(tx, writer, entity, entity_id)
  unpark(tx, writer)
}

export function noteSides(db: BulkTransaction['db'], writer: RemoteWriter): void {
  if (DECIDE_SIDES.some(entity => writer.entities.has(entity))) changeLink(db, { sides_due: true })
}

/** Keeps receipts; what was refused goes back to what the hub has, its values stay in the outbox. */
export async function applyReceipts(store: Store, receipts: readonly SyncReceipt[], head: number): Promise<void> {
  if (receipts.every(receipt => receipt.status !== 'refused')) {
    await store.quiesced(db =>
      db
        .transaction(() => {
          for (const receipt of receipts) writeReceipt(db, receipt)
          changeLink(db, { head })
        })
        .immediate(),
    )
    return
  }
  await store.bulk({ label: 'synced', kind: 'remote' }, async tx => {
    collectNow(tx.db, store)
    const writer = remoteWriter(tx, store.newId)
    for (const receipt of receipts) {
      const refused = writeReceipt(tx.db, receipt)
      if (refused) show(tx, writer, refused.entity, refused.entity_id)
    }
    changeLink(tx.db, { head })
  })
}

/** Never back: a bundle may be older than what has come by other ways. */
function moveOn(db: BulkTransaction['db'], page: Page): void {
  const link = readLink(db)!
  changeLink(db, { cursor: Math.max(link.cursor, page.cursor), head: Math.max(link.head, page.head) })
}

function isOpenAt(db: BulkTransaction['db'], cursor: number): boolean {
  const open = db.prepare(
    `SELECT 1 FROM sync_outbox WHERE state = 'confirmed' AND state <> 'settled' AND receipt_seq <= ? LIMIT 1`,
  )
  return open.get(cursor) !== undefined || parkedRecords(db).length > 0
}

/** False for a state that is older than the one we have. `isAlone`: no record has own patches on top. */
export function takeRow(tx: BulkTransaction, writer: RemoteWriter, row: SyncRow, isAlone: boolean): boolean {
  const { entity, entity_id, seq, deleted, fields, geometry } = row
  const known = hubPlace(tx.db, entity, entity_id)
  if (known !== undefined && seq <= known) return false
  if (!isAlone) settleRecord(tx.db, entity, entity_id, seq)
  const { user, device, at, label, reason } = row.patch
  const patches = isAlone ? [] : outstanding(tx.db, entity, entity_id)
  put(tx, writer, row, { seq, device, deleted, fields, geometry }, patches, { user, device, at, label, reason })
  return true
}

/** Writes what a record should look like now: the hub's state with our outstanding patches on top. */
export function show(tx: BulkTransaction, writer: RemoteWriter, entity: EntityName, id: string): void {
  const { db } = tx
  const record = syncRecord(db, entity, id)
  put(tx, writer, { entity, entity_id: id }, hubBase(record), outstanding(db, entity, id), {
    user: record?.user ?? tx.user,
    device: record?.device ?? tx.device,
    at: record?.at ?? tx.at,
    label: 'synced',
    reason: null,
  })
}

function put(
  tx: BulkTransaction,
  writer: RemoteWriter,
  row: SyncRow | Pick<SyncRow, 'entity' | 'entity_id'>,
  base: HubBase | undefined,
  patches: readonly SyncPatch[],
  by: Author,
): void {
  const { entity, entity_id } = row
  const view = patches.length === 0 ? base : viewOf(base, patches, readLink(tx.db)!.device)
  if (!view) return
  // A code that only our own unanswered change gives gives way; one that the hub has does not.
  const isHubs = base && uniqueCodesOf(entity).every(code => codeKey(code, base) === codeKey(code, view))
  writer.put(entity, entity_id, view, by, !isHubs, 'seq' in row ? row : undefined)
}

/** Records that waited for a code: it may be free by now. */
function unpark(tx: BulkTransaction, writer: RemoteWriter): void {
  for (const { entity, entity_id } of parkedRecords(tx.db)) show(tx, writer, entity, entity_id)
}
