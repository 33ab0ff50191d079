/**
 * Turns what was committed to the survey since last time into patches of the outbox. Steps of people come from the change
 * log, one patch per record and step; what was written in bulk (imports and their roll-back are logged as batches) is the
 * difference between the record and what the hub has with the outbox on top. Nothing is taken twice: a record says up to
 * which revision it was collected, in the same transaction as its patches.
 */
import { ENTITY_NAMES, type EntityName } from '../../shared/model/entity.ts'
import { changedFields, type MergeState, NO_STATE, sameState } from '../../shared/sync/merge.ts'
import { patchSchema, type SyncPatch } from '../../shared/sync/protocol.ts'
import { viewOf } from '../../shared/sync/rebase.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { ChangeRow, EditRow, Patch } from '../db/change-log.ts'
import type { Db } from '../db/open.ts'
import type { ColumnValue } from '../db/rows.ts'
import { all, get, run } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { fieldsThatTravel, localRow, stateOfRow } from './local-record.ts'
import {
  changeLink,
  hubBase,
  insertOutbox,
  markCollected,
  outstanding,
  readLink,
  type SyncLink,
  syncRecord,
  toBase64,
} from './sync-repo.ts'

/** One record at one place of the order in which things happened; `change` 0: whatever is left of it. */
interface Item {
  entity: EntityName
  id: string
  edit: number
  change: number
  rank: number
}

const CHUNK = 200
const LAST = Number.MAX_SAFE_INTEGER
/** Outlines beyond this do not fit a message. */
const LARGEST_OUTLINE = 12 * 1024 * 1024

/** Collects in short transactions, other writes pass in between. Gives the number of patches made. */
export async function collect(store: Store, control: JobControl): Promise<number> {
  const plan = await store.quiesced(db => planOf(db))
  if (!plan) return 0
  let made = 0
  for (let at = 0; at < plan.items.length; at += CHUNK) {
    control.report({ phase: 'collect', done: at, total: plan.items.length })
    await control.checkpoint()
    made += await store.quiesced(db => inTransaction(db, () => takeItems(db, store, plan.items.slice(at, at + CHUNK))))
  }
  return made + (await store.quiesced(db => inTransaction(db, () => finish(db, store, plan))))
}

/** The same inside a transaction that is already open; for the few edits made while rows were on their way. */
export function collectNow(db: Db, deps: CollectDeps): void {
  const plan = planOf(db)
  if (!plan) return
  takeItems(db, deps, plan.items)
  finish(db, deps, plan)
}

export interface CollectDeps {
  newId(): string
  now(): Date
}

interface Plan {
  items: readonly Item[]
  change: number
  edit: number
}

function inTransaction<T>(db: Db, work: () => T): T {
  return db.transaction(work).immediate()
}

function planOf(db: Db): Plan | undefined {
  const link = readLink(db)
  if (!link) return undefined
  const edit = get<{ n: number | null }>(db, 'SELECT max(seq) AS n FROM edit')?.n ?? 0
  const change = get<{ n: number | null }>(db, 'SELECT max(seq) AS n FROM change')?.n ?? 0
  const isDecided = get(db, 'SELECT 1 FROM sync_decision WHERE collected = 0 LIMIT 1') !== undefined
  if (edit === link.collected_edit && !isDecided) return undefined
  const items: Item[] = []
  const seen = new Map<string, { edit: number; entity: EntityName; id: string }>()
  const changes = all<{ seq: number; edit_seq: number; entity: EntityName; entity_id: string }>(
    db,
    `SELECT c.seq, c.edit_seq, c.entity, c.entity_id FROM change c JOIN edit e ON e.seq = c.edit_seq
     WHERE c.seq > ? AND e.kind <> 'remote' ORDER BY c.seq`,
    [link.collected_change],
  )
  for (const { seq, edit_seq, entity, entity_id } of changes) {
    items.push({ entity, id: entity_id, edit: edit_seq, change: seq, rank: 0 })
    seen.set(`${entity}/${entity_id}`, { edit: edit_seq, entity, id: entity_id })
  }
  const bulk = get<{ seq: number | null }>(
    db,
    `SELECT max(e.seq) AS seq FROM edit e WHERE e.seq > ? AND e.kind <> 'remote'
       AND NOT EXISTS (SELECT 1 FROM change c WHERE c.edit_seq = e.seq)`,
    [link.collected_edit],
  )?.seq
  if (bulk || link.collected_edit === 0) {
    const batches = new Map(
      all<{ batch: string; seq: number }>(
        db,
        'SELECT batch, max(seq) AS seq FROM edit WHERE batch IS NOT NULL AND seq > ? GROUP BY batch',
        [link.collected_edit],
      ).map(({ batch, seq }) => [batch, seq]),
    )
    ENTITY_NAMES.forEach((entity, index) => {
      for (const row of dirtyRecords(db, entity)) {
        if (seen.has(`${entity}/${row.id}`)) continue
        const at = (row.batch === null ? undefined : batches.get(row.batch)) ?? bulk ?? 0
        // Parents are there before their children and go after them.
        items.push({ entity, id: row.id, edit: at, change: LAST, rank: row.deleted === 1 ? -index : index })
      }
    })
  }
  for (const { edit: at, entity, id } of seen.values()) items.push({ entity, id, edit: at, change: LAST, rank: 99 })
  items.sort((a, b) => a.edit - b.edit || a.change - b.change || a.rank - b.rank)
  return { items, change, edit }
}

function dirtyRecords(db: Db, entity: EntityName): { id: string; deleted: number; batch: string | null }[] {
  const hasBatch = get(db, `SELECT 1 FROM pragma_table_info('${entity}') WHERE name = 'import_batch'`) !== undefined
  return all(
    db,
    `SELECT r.id, r.deleted, ${hasBatch ? 'r.import_batch' : 'NULL'} AS batch FROM ${entity} r
     LEFT JOIN sync_record s ON s.entity = '${entity}' AND s.entity_id = r.id AND s.rev = r.rev
     WHERE s.rev IS NULL ORDER BY r.pk`,
  )
}

function takeItems(db: Db, deps: CollectDeps, items: readonly Item[]): number {
  const outbox = createOutbox(db, deps)
  for (const item of items) {
    if (item.change === LAST) takeRest(db, outbox, item)
    else takeChange(db, outbox, item)
  }
  return outbox.close()
}

/** Decisions that changed no field have a patch of their own; then the marks move on. */
function finish(db: Db, deps: CollectDeps, plan: Plan): number {
  const outbox = createOutbox(db, deps)
  for (const decision of all<Decision>(db, 'SELECT * FROM sync_decision WHERE collected = 0')) {
    const edit =
      decision.edit === null ? undefined : get<EditRow>(db, 'SELECT * FROM edit WHERE id = ?', [decision.edit])
    outbox.emit(decision.entity, decision.entity_id, 'update', {}, undefined, edit ?? personOf(db, decision), decision)
  }
  // Two may collect at once (a meeting and the list of what is pending): each record is taken once, marks never go back.
  const { collected_change, collected_edit } = readLink(db)!
  changeLink(db, {
    collected_change: Math.max(collected_change, plan.change),
    collected_edit: Math.max(collected_edit, plan.edit),
  })
  return outbox.close()
}

export interface Decision {
  conflict: string
  entity: EntityName
  entity_id: string
  take: 'mine' | 'theirs' | 'other'
  edit: string | null
  user: string
  reason: string | null
  at: string
}

type Author = Pick<EditRow, 'id' | 'label' | 'user' | 'at' | 'reason'> & { seq: number | null }

function personOf(_db: Db, decision: Decision): Author {
  const { at, reason, user } = decision
  return { id: decision.conflict, label: 'conflict_decided', user, at, reason, seq: null }
}

/** A step of a person, as the change log has it. */
function takeChange(db: Db, outbox: Outbox, item: Item): void {
  const change = get<ChangeRow>(db, 'SELECT * FROM change WHERE seq = ?', [item.change])!
  const record = syncRecord(db, item.entity, item.id)
  if (record && change.rev <= record.rev) return
  const edit = get<EditRow>(db, 'SELECT * FROM edit WHERE seq = ?', [change.edit_seq])!
  const state = outbox.view(item.entity, item.id)
  if (!state && change.op !== 'create') {
    // The hub refused it before: it goes once more as a whole, as it is at the end (takeRest).
    if (wasRefused(db, item)) return
    // Not with the hub and nothing on its way there: what it was before this step goes first, as a new record.
    const before = stateBefore(db, change)
    if (!before || before.deleted) return
    outbox.create(item.entity, item.id, before, bulkAuthor(db, edit))
  } else if (state) outbox.bridge(item.entity, item.id, state, change, bulkAuthor(db, edit))
  const geometry = change.geometry_to
    ? { from: change.geometry_from && toBase64(change.geometry_from), to: toBase64(change.geometry_to) }
    : undefined
  const decision = get<Decision>(
    db,
    'SELECT * FROM sync_decision WHERE edit = ? AND entity = ? AND entity_id = ? AND collected = 0',
    [edit.id, item.entity, item.id],
  )
  // Fields that are derived by now, or gone, do not travel.
  const travels = new Set(fieldsThatTravel(item.entity))
  const fields = Object.fromEntries(
    Object.entries(JSON.parse(change.patch) as Patch).filter(([name]) => travels.has(name)),
  )
  outbox.emit(item.entity, item.id, change.op, fields, geometry, edit, decision)
  markCollected(db, item.entity, item.id, change.rev)
}

/** Whatever the log does not tell: imports, roll-backs, and records whose creation the hub refused before. */
function takeRest(db: Db, outbox: Outbox, item: Item): void {
  const row = localRow(db, item.entity, item.id)
  if (!row) return
  const rev = Number(row['rev'])
  const record = syncRecord(db, item.entity, item.id)
  if (record?.rev === rev) return
  const author = restAuthor(db, item.edit, row)
  const now = stateOfRow(item.entity, row)
  const state = outbox.view(item.entity, item.id)
  if (!state) {
    if (!now.deleted) outbox.create(item.entity, item.id, now, author)
  } else outbox.difference(item.entity, item.id, state, now, author)
  markCollected(db, item.entity, item.id, rev)
}

/** The record as it was before a change: its present state with that change and all later ones taken back. */
function stateBefore(db: Db, first: ChangeRow): MergeState | undefined {
  const row = localRow(db, first.entity, first.entity_id)
  if (!row) return undefined
  const state = stateOfRow(first.entity, row)
  const fields: Record<string, ColumnValue> = { ...state.fields }
  let { deleted, geometry } = state
  const later = all<ChangeRow>(
    db,
    'SELECT * FROM change WHERE entity = ? AND entity_id = ? AND seq >= ? ORDER BY seq DESC',
    [first.entity, first.entity_id, first.seq],
  )
  for (const change of later) {
    for (const [name, [old]] of Object.entries(JSON.parse(change.patch) as Patch)) fields[name] = old
    if (change.geometry_to) geometry = change.geometry_from ? toBase64(change.geometry_from) : null
    if (change.op === 'delete') deleted = false
    if (change.op === 'restore') deleted = true
  }
  return { deleted, fields, geometry }
}

function wasRefused(db: Db, { entity, id }: Item): boolean {
  const sql = `SELECT 1 FROM sync_outbox WHERE entity = ? AND entity_id = ? AND receipt_seq IS NULL AND receipt IS NOT NULL LIMIT 1`
  return get(db, sql, [entity, id]) !== undefined
}

function bulkAuthor(db: Db, before: EditRow): Author {
  const bulk = get<EditRow>(
    db,
    `SELECT * FROM edit e WHERE e.seq < ? AND e.kind = 'import'
       AND NOT EXISTS (SELECT 1 FROM change c WHERE c.edit_seq = e.seq) ORDER BY e.seq DESC LIMIT 1`,
    [before.seq],
  )
  return bulk ?? before
}

function restAuthor(db: Db, editSeq: number, row: Record<string, unknown>): Author {
  const edit = editSeq > 0 ? get<EditRow>(db, 'SELECT * FROM edit WHERE seq = ?', [editSeq]) : undefined
  if (edit) return edit
  const [user, at] = [String(row['updated_by']), String(row['updated_at'])]
  return { id: String(row['id']), label: 'imported', user, at, reason: null, seq: null }
}

function unsendable(patch: SyncPatch): string | undefined {
  const { geometry } = patch
  if ([geometry?.from, geometry?.to].some(text => (text?.length ?? 0) > LARGEST_OUTLINE)) return 'too_large'
  if (JSON.stringify(patch.fields).includes('\\u0000')) return 'invalid_value'
  return patchSchema.safeParse(patch).success ? undefined : 'invalid_value'
}

interface Outbox {
  /** What the hub has with the outbox on top; undefined when neither knows the record. */
  view(entity: EntityName, id: string): MergeState | undefined
  create(entity: EntityName, id: string, state: MergeState, author: Author): void
  difference(entity: EntityName, id: string, from: MergeState, to: MergeState, author: Author): void
  /** What a bulk write changed between the outbox and what a step of a person says it found. */
  bridge(entity: EntityName, id: string, state: MergeState, change: ChangeRow, author: Author): void
  emit(
    entity: EntityName,
    id: string,
    op: SyncPatch['op'],
    fields: SyncPatch['fields'],
    geometry: SyncPatch['geometry'],
    author: Author,
    decision?: Decision,
  ): void
  /** Writes the running number; gives how many patches were made. */
  close(): number
}

function createOutbox(db: Db, deps: CollectDeps): Outbox {
  const link: SyncLink = readLink(db)!
  const at = deps.now().toISOString()
  let next = link.next_device_seq
  let made = 0

  const emit: Outbox['emit'] = (entity, id, op, fields, geometry, author, decision) => {
    const patch: SyncPatch = {
      id: deps.newId(),
      device_seq: next,
      entity,
      entity_id: id,
      op,
      base: syncRecord(db, entity, id)?.seq ?? 0,
      fields,
      ...(geometry ? { geometry } : {}),
      edit: {
        id: author.id.slice(0, 64),
        label: author.label.slice(0, 200),
        user: author.user.slice(0, 200),
        at: author.at.slice(0, 40),
        reason: author.reason?.slice(0, 1000) ?? null,
      },
      ...(decision ? { resolves: { conflict: decision.conflict, take: decision.take } } : {}),
    }
    // What no message can carry must not hold up everything behind it: it is kept and said.
    const reason = unsendable(patch)
    const refusal = { patch: patch.id, status: 'refused', seq: null, conflicts: [], parallel: [], reason }
    insertOutbox(db, {
      device_seq: reason === undefined ? next : null,
      id: patch.id,
      entity,
      entity_id: id,
      edit_seq: author.seq,
      state: reason === undefined ? 'waiting' : 'refused',
      body: JSON.stringify(patch),
      receipt: reason === undefined ? null : JSON.stringify(refusal),
      at,
    })
    if (reason === undefined) next += 1
    made += 1
    if (decision) run(db, 'UPDATE sync_decision SET collected = 1 WHERE conflict = ?', [decision.conflict])
  }

  const difference: Outbox['difference'] = (entity, id, from, to, author) => {
    if (sameState(from, to)) return
    if (to.deleted && !from.deleted) {
      emit(entity, id, 'delete', {}, undefined, author)
      return
    }
    const fields: SyncPatch['fields'] = {}
    for (const name of changedFields(from, to)) fields[name] = [from.fields[name] ?? null, to.fields[name] ?? null]
    const geometry = from.geometry === to.geometry ? undefined : { from: from.geometry, to: to.geometry }
    emit(entity, id, from.deleted && !to.deleted ? 'restore' : 'update', fields, geometry, author)
  }

  return {
    view(entity, id) {
      return viewOf(hubBase(syncRecord(db, entity, id)), outstanding(db, entity, id), link.device)
    },
    create(entity, id, state, author) {
      const fields: SyncPatch['fields'] = {}
      for (const name of changedFields(NO_STATE, state)) fields[name] = [null, state.fields[name]!]
      const geometry = state.geometry === null ? undefined : { from: null, to: state.geometry }
      emit(entity, id, 'create', fields, geometry, author)
    },
    difference,
    bridge(entity, id, state, change, author) {
      const fields: Record<string, ColumnValue> = { ...state.fields }
      for (const [name, [old]] of Object.entries(JSON.parse(change.patch) as Patch)) fields[name] = old
      const found = change.geometry_to ? change.geometry_from && toBase64(change.geometry_from) : state.geometry
      const deleted = change.op === 'restore' ? true : change.op === 'create' ? state.deleted : false
      difference(entity, id, state, { deleted, fields, geometry: found }, author)
    },
    emit,
    close() {
      if (made > 0) changeLink(db, { next_device_seq: next })
      return made
    },
  }
}
