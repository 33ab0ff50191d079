/**
 * The hub was put back to an older backup: what it took after that place (`after`) is gone there and still here. Everything
 * is looked through once more; where the hub lacks a value that this laptop had from it, the value goes as an ordinary
 * patch, based on what the record was at that place. So the hub merges it like any other late change: nothing is lost,
 * what another laptop brought back already makes no second change, and what people changed since is not written over.
 *
 * May break off anywhere and goes on from there. Nothing is sent before everything was looked through: what is brought
 * back has to go before changes that were made on top of it.
 */
import type { z } from 'zod'
import { ENTITY_NAMES, type EntityName } from '../../shared/model/entity.ts'
import { changedFields, type MergeState, NO_STATE } from '../../shared/sync/merge.ts'
import type { RepairRow, SyncPatch, statusResponseSchema } from '../../shared/sync/protocol.ts'
import { mayWrite } from '../../shared/sync/scope.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import type { Db } from '../db/open.ts'
import { all, get, run } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { noteSides, settleRest, show, takeRow } from './apply-remote.ts'
import { collectNow } from './collect.ts'
import type { HubLink } from './hub-link.ts'
import { type RemoteWriter, remoteWriter } from './local-record.ts'
import {
  changeLink,
  hubBase,
  insertOutbox,
  readLink,
  type SyncLink,
  type SyncRecord,
  syncRecord,
  writeConflict,
  writeHubRow,
} from './sync-repo.ts'

type Status = z.infer<typeof statusResponseSchema>
type Repair = NonNullable<SyncLink['repair']>

const ROWS = 250
const WAITS = `state IN ('waiting', 'sent') AND state <> 'settled'`

/** Gives the number of patches that bring back what the hub lost; undefined when it was not restored since last time. */
export async function repairAfterRestore(
  store: Store,
  hub: HubLink,
  status: Status,
  control: JobControl,
): Promise<number | undefined> {
  const link = readLink(store.read)!
  const newest = status.restores.at(-1)?.id
  if (newest === undefined || newest === link.restore) return undefined
  const known = status.restores.findIndex(({ id }) => id === link.restore)
  const after = Math.min(...status.restores.slice(known + 1).map(({ head }) => head))
  if (!link.repair && !hasLost(store.read, after)) {
    const cursor = Math.min(link.cursor, after)
    await store.quiesced(db => changeLink(db, { restore: newest, cursor }))
    return 0
  }
  if (link.repair?.restore !== newest)
    await store.quiesced(db => db.transaction(() => begin(db, store, { restore: newest, after, since: 0 })).immediate())
  for (;;) {
    await control.checkpoint()
    const { since } = readLink(store.read)!.repair!
    control.report({ phase: 'repair', done: since, total: Math.max(status.head, since) })
    const page = await hub.pull(link.survey, since, ROWS, after)
    const { result } = await store.bulk({ label: 'synced', kind: 'remote' }, async tx => {
      collectNow(tx.db, store)
      const writer = remoteWriter(tx, store.newId)
      for (const row of page.rows) takeAgain(tx, writer, store, row, after)
      for (const conflict of page.conflicts) writeConflict(tx.db, conflict)
      const { repair } = readLink(tx.db)!
      changeLink(tx.db, { repair: { ...repair!, since: page.cursor }, head: page.head })
      noteSides(tx.db, writer)
      return page.more ? 0 : finish(tx, writer, store, { ...repair!, since: page.cursor }, status.last_device_seq)
    })
    if (!page.more) return result
  }
}

function hasLost(db: Db, after: number): boolean {
  const found = get(
    db,
    `SELECT 1 FROM sync_record WHERE seq > :after UNION ALL SELECT 1 FROM sync_outbox WHERE receipt_seq > :after
     UNION ALL SELECT 1 FROM sync_conflict WHERE seq > :after LIMIT 1`,
    { after },
  )
  return found !== undefined
}

/** Marks what the hub lost, and takes back what was believed of it. */
function begin(db: Db, store: Store, repair: Repair): void {
  const { after } = repair
  collectNow(db, store)
  // From now on everybody's state counts as seen up to that place only, which is what the hub's numbers mean again.
  run(db, 'UPDATE sync_record SET lost = CASE WHEN lost > 0 THEN lost ELSE seq END, seq = ? WHERE seq > ?', [
    after,
    after,
  ])
  run(
    db,
    `UPDATE sync_outbox SET state = 'again' WHERE state IN ('confirmed', 'settled') AND receipt_seq > ?
       AND body IS NOT NULL AND json_extract(receipt, '$.status') = 'conflict'`,
    [after],
  )
  run(db, `UPDATE sync_outbox SET state = 'settled' WHERE state = 'confirmed' AND receipt_seq > ?`, [after])
  // Conflicts of the lost time come again with what is sent again; those of before are open again if their decision is lost.
  run(
    db,
    'DELETE FROM sync_decision WHERE collected = 1 AND conflict IN (SELECT id FROM sync_conflict WHERE seq > ?)',
    [after],
  )
  run(db, 'UPDATE sync_conflict SET seq = 0, open = 0 WHERE seq > ?', [after])
  run(db, 'DELETE FROM sync_file')
  changeLink(db, { repair, cursor: Math.min(readLink(db)!.cursor, after) })
}

function takeAgain(tx: BulkTransaction, writer: RemoteWriter, store: Store, row: RepairRow, after: number): void {
  const { db } = tx
  const record = syncRecord(db, row.entity, row.entity_id)
  if (!record || record.lost <= 0) {
    takeRow(tx, writer, row, false)
    return
  }
  const mine = hubBase(record)!
  const states = row.states ?? [row]
  const was = states.find(({ seq }) => seq <= after)
  const since = states.filter(({ seq }) => seq > after)
  if (mayWriteIt(db, record)) bringBack(db, store, record, was ?? NO_STATE, was?.seq ?? 0, mine, since)
  writeHubRow(db, row, record.rev, record.parked === 1 ? 1 : 0)
  mark(db, record, -1)
}

function mayWriteIt(db: Db, { unit }: SyncRecord): boolean {
  return mayWrite(readLink(db)!.unit, unit, unit)
}

/**
 * A patch for what `mine` has beyond `base`, the hub's state at the place of the restoration, and the hub never had `since`
 * then: a value that somebody brought back already has been changed by people who knew it. `since` undefined: unknown.
 */
function bringBack(
  db: Db,
  store: Store,
  record: SyncRecord,
  base: MergeState,
  place: number,
  mine: MergeState,
  since: readonly MergeState[] | undefined,
): void {
  const states = since ?? []
  const fields: SyncPatch['fields'] = {}
  for (const name of changedFields(base, mine)) {
    const value = mine.fields[name] ?? null
    if (!states.some(state => (state.fields[name] ?? null) === value)) fields[name] = [base.fields[name] ?? null, value]
  }
  const isOutline = mine.geometry !== base.geometry && !states.some(state => state.geometry === mine.geometry)
  const geometry = isOutline ? { from: base.geometry, to: mine.geometry } : undefined
  const isDeletion = mine.deleted && !base.deleted
  if (isDeletion && (!since || states.some(state => state.deleted))) return
  const isRestored = !mine.deleted && base.deleted && states.every(state => state.deleted)
  const op = !since ? 'create' : isDeletion ? 'delete' : isRestored ? 'restore' : 'update'
  if (op === 'update' && Object.keys(fields).length === 0 && !geometry) return
  const id = store.newId()
  const patch: SyncPatch = {
    id,
    // The number is given when everything was looked through.
    device_seq: 1,
    entity: record.entity,
    entity_id: record.entity_id,
    op,
    base: place,
    fields: op === 'delete' ? {} : fields,
    ...(geometry && op !== 'delete' ? { geometry } : {}),
    edit: { id, label: 'brought_back', user: record.user ?? '', at: record.at ?? '', reason: null },
  }
  enqueue(db, store, patch, null, null)
}

function enqueue(db: Db, store: Store, patch: SyncPatch, number: number | null, edit: number | null): void {
  const { id, entity, entity_id } = patch
  const at = store.now().toISOString()
  const body = JSON.stringify(patch)
  insertOutbox(db, {
    device_seq: number,
    id,
    entity,
    entity_id,
    edit_seq: edit,
    state: 'waiting',
    body,
    receipt: null,
    at,
  })
}

function mark(db: Db, record: Pick<SyncRecord, 'entity' | 'entity_id'>, lost: number): void {
  run(db, 'UPDATE sync_record SET lost = ? WHERE entity = ? AND entity_id = ?', [lost, record.entity, record.entity_id])
}

interface Kept {
  seq: number
  edit_seq: number | null
  body: string
}

const rankOf = (entity: EntityName): number => ENTITY_NAMES.indexOf(entity)

/** What the hub does not know at all goes as new; then everything that waits gets the numbers that the hub expects. */
function finish(tx: BulkTransaction, writer: RemoteWriter, store: Store, repair: Repair, lastNumber: number): number {
  const { db } = tx
  const unknown = all<{ entity: EntityName; entity_id: string; lost: number }>(
    db,
    'SELECT entity, entity_id, lost FROM sync_record WHERE lost > 0',
  )
  for (const { entity, entity_id } of unknown) {
    const record = syncRecord(db, entity, entity_id)!
    mark(db, record, 0)
    // A table of the county comes back with the county's own laptop.
    if (!mayWriteIt(db, record)) continue
    bringBack(db, store, record, NO_STATE, 0, hubBase(record)!, undefined)
    run(db, 'UPDATE sync_record SET seq = 0, fields = NULL, geometry = NULL WHERE entity = ? AND entity_id = ?', [
      entity,
      entity_id,
    ])
  }
  const select = 'SELECT seq, edit_seq, body FROM sync_outbox WHERE'
  const brought = all<Kept>(db, `${select} state = 'waiting' AND state <> 'settled' AND device_seq IS NULL`).map(
    patchOf,
  )
  const kept = all<Kept>(db, `${select} ${WAITS} AND device_seq > ? ORDER BY device_seq`, [lastNumber]).map(patchOf)
  const again = all<Kept>(db, `${select} state = 'again' ORDER BY seq`).map(patchOf)
  // Parents before their children: a child's unit is its parent's.
  brought.sort(
    (a, b) =>
      Number(a.patch.op !== 'create') - Number(b.patch.op !== 'create') ||
      rankOf(a.patch.entity) - rankOf(b.patch.entity) ||
      a.seq - b.seq,
  )
  for (const { seq } of [...brought, ...kept]) run(db, 'DELETE FROM sync_outbox WHERE seq = ?', [seq])
  run(db, `UPDATE sync_outbox SET state = 'settled' WHERE state = 'again'`)
  run(db, 'UPDATE sync_outbox SET device_seq = NULL WHERE device_seq > ?', [lastNumber])
  let next = lastNumber
  for (const { patch, edit_seq } of brought) {
    next += 1
    enqueue(db, store, { ...patch, device_seq: next }, next, edit_seq)
  }
  for (const { patch, edit_seq } of [
    ...kept,
    ...again.map(each => ({ ...each, patch: { ...each.patch, id: store.newId() } })),
  ]) {
    next += 1
    const { resolves, ...rest } = patch
    const isLost =
      resolves && get(db, 'SELECT 1 FROM sync_conflict WHERE id = ? AND seq = 0', [resolves.conflict]) !== undefined
    const moved = { ...rest, ...(resolves && !isLost ? { resolves } : {}), base: Math.min(patch.base, repair.after) }
    enqueue(db, store, { ...moved, device_seq: next }, next, edit_seq)
  }
  changeLink(db, {
    next_device_seq: next + 1,
    cursor: repair.since,
    restore: repair.restore,
    repair: null,
  })
  for (const { entity, entity_id } of all<SyncRecord>(db, 'SELECT * FROM sync_record WHERE lost = -1')) {
    show(tx, writer, entity, entity_id)
    mark(db, { entity, entity_id }, 0)
  }
  settleRest(tx, writer, repair.since)
  noteSides(db, writer)
  return brought.length
}

function patchOf({ seq, edit_seq, body }: Kept): { seq: number; edit_seq: number | null; patch: SyncPatch } {
  return { seq, edit_seq, patch: JSON.parse(body) as SyncPatch }
}
