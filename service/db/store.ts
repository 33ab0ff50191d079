/**
 * An open survey: one writer, one reader that sees committed data only, the lock, and the queue through which every
 * write goes. After a commit exactly one `changed` event tells what was touched; nothing is told before.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import type { ServiceEvent } from '../../shared/contract/survey.ts'
import { EPSG_4549, type PlaneProjection, planeForBox } from '../../shared/geometry/plane.ts'
import type { Box } from '../../shared/geometry/types.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { writeRotatingBackup } from './backup.ts'
import { type BulkTransaction, createBulkTransaction } from './bulk.ts'
import { type EditKind, insertEdit, latestRevision } from './change-log.ts'
import type { SideHook } from './derive.ts'
import { assertSafeLocation } from './location.ts'
import { lockSurvey } from './lock.ts'
import { migrate, requiredMigration } from './migrate.ts'
import { type Db, openForeign, openReader, openWriter, settleLog } from './open.ts'
import { get, run, toAppError } from './sql.ts'
import { createTransaction, type Touched, type Transaction } from './transaction.ts'
import { datingZones } from './zone-days.ts'

export interface Profile {
  user: string
  role: string
  unit: string | null
  /** Which department a person of role `department` speaks for. */
  department?: string | null
  device: string
}

/** An edit about to be committed. `before` still shows the data as they were; `db` as they would be. */
export interface Commit {
  readonly db: Db
  readonly before: Db
  readonly edit: { readonly seq: number; readonly kind: EditKind; readonly at: string }
  readonly profile: Profile
  /** Null for bulk work, whose single changes are not logged. */
  readonly touched: Touched | null
}

/** Judges an edit before it is committed, and may derive more from it. Throwing takes the whole edit back. */
export type CommitHook = (commit: Commit) => void

export interface StoreDeps {
  now: () => Date
  newId: () => string
  profile: () => Profile
}

export interface EditOptions {
  /** Key of the UI catalogue: `edit.<label>`. */
  label: string
  values?: Record<string, string>
  reason?: string | undefined
  kind?: EditKind
  batch?: string
  undoOf?: string
}

type ChangedEvent = Extract<ServiceEvent, { type: 'changed' }>

export interface Store {
  readonly file: string
  readonly read: Db
  readonly plane: PlaneProjection
  now(): Date
  newId(): string
  profile(): Profile
  revision(): number
  /** One edit: a short synchronous transaction with its change log. Nothing is written when `work` throws. */
  mutate<T>(edit: EditOptions, work: (tx: Transaction) => T): Promise<{ result: T; edit: string }>
  /** Long work in one transaction, logged as one edit. Other writes wait, readers go on with the old data. */
  bulk<T>(edit: EditOptions, work: (tx: BulkTransaction) => Promise<T>): Promise<{ result: T; edit: string | null }>
  onChanged(listener: (event: ChangedEvent) => void): () => void
  setSideHook(hook: SideHook): void
  /** Hooks run in the order in which they were added. */
  addCommitHook(hook: CommitHook): void
  setting(key: string): unknown
  backup(why: string): Promise<string>
  /** Runs `work` with the writer while no other write is going on (maintenance such as VACUUM INTO). */
  quiesced<T>(work: (db: Db) => T): Promise<T>
  close(): void
}

/** Ids beyond this are not listed in an event. */
const EVENT_IDS = 1000

/** Opens (or with `create` makes) the survey `file`. Throws the codes of unsafe places, locks, foreign and newer files. */
export function openStore(file: string, deps: StoreDeps, options: { create: boolean }): Store {
  const path = resolve(file)
  assertSafeLocation(path)
  if (options.create && existsSync(path))
    throw new AppError('file_exists', '文件已存在，未覆盖', { reason: 'file_exists' })
  if (!options.create && !existsSync(path))
    throw new AppError('file_not_found', '找不到调查文件', { reason: 'survey_not_found' })
  const unlock = lockSurvey(path)
  let writer: Db | undefined
  try {
    if (!options.create) refuseForeign(path)
    writer = openWriter(path, { mustExist: !options.create })
    const db = writer
    migrate(db, () => writeRotatingBackup(db, path, deps.now(), 'before-migration'))
    return createStore(path, db, openReader(path), unlock, deps)
  } catch (error) {
    writer?.close()
    unlock()
    throw toAppError(error)
  }
}

function createStore(file: string, writer: Db, reader: Db, unlock: () => void, deps: StoreDeps): Store {
  const listeners = new Set<(event: ChangedEvent) => void>()
  let sideOf: SideHook | undefined
  const commitHooks: CommitHook[] = []
  let queue: Promise<unknown> = Promise.resolve()
  let closed = false

  /** Writes run strictly one after another, in the order they were asked for. */
  const enqueue = <T>(work: () => T | Promise<T>): Promise<T> => {
    const next = queue.then(() => {
      if (closed) throw new AppError('survey_not_open', '调查文件已关闭', { reason: 'survey_closed' })
      return work()
    })
    queue = next.catch(() => undefined)
    return next
  }

  /** The plane of the survey; the first geometry of a survey without one decides it, in the same transaction. */
  const planeDecider = () => {
    let plane = readSetting(writer, 'plane') as PlaneProjection | undefined
    return (box: Box): PlaneProjection => {
      if (!plane) {
        plane = planeForBox(box)
        writeSetting(writer, 'plane', plane)
      }
      return plane
    }
  }

  const beginEdit = (edit: EditOptions): { seq: number; id: string; at: string } => {
    const id = deps.newId()
    const at = deps.now().toISOString()
    const profile = deps.profile()
    const seq = insertEdit(writer, {
      id,
      kind: edit.kind ?? 'user',
      label: edit.label,
      label_values: JSON.stringify(edit.values ?? {}),
      user: profile.user,
      device: profile.device,
      at,
      reason: edit.reason ?? null,
      batch: edit.batch ?? null,
      undo_of: edit.undoOf ?? null,
    })
    return { seq, id, at }
  }

  const contextOf = (at: string) => ({
    db: writer,
    user: deps.profile().user,
    device: deps.profile().device,
    at,
    planeFor: planeDecider(),
    sideOf,
    newId: deps.newId,
  })

  const announce = (touched: Touched, bulk: boolean): void => {
    const entities: Record<string, string[]> = {}
    let many = bulk
    for (const [entity, ids] of touched.ids) {
      many ||= ids.size > EVENT_IDS
      entities[entity] = ids.size > EVENT_IDS ? [] : [...ids]
    }
    const event: ChangedEvent = {
      type: 'changed',
      revision: latestRevision(reader),
      entities,
      bulk: many,
      box: touched.box,
      shapes: touched.shapes,
      tile_values: null,
    }
    for (const listener of listeners) listener(event)
  }

  const judge = (edit: Commit['edit'], touched: Touched | null): void => {
    for (const hook of commitHooks) hook({ db: writer, before: reader, edit, profile: deps.profile(), touched })
  }

  const mutate: Store['mutate'] = (edit, work) =>
    enqueue(() => {
      let tx: Transaction
      let outcome: { result: ReturnType<typeof work>; edit: string }
      try {
        writer.exec('BEGIN IMMEDIATE')
        const begun = beginEdit(edit)
        tx = createTransaction({ ...contextOf(begun.at), editSeq: begun.seq })
        // Undo, redo and remote changes bring the days with them.
        const isOwn = edit.kind === undefined || edit.kind === 'user' || edit.kind === 'system'
        outcome = { result: work(isOwn ? datingZones(tx, chinaDate(new Date(begun.at))) : tx), edit: begun.id }
        if (tx.touched.ids.size === 0 && edit.undoOf === undefined) {
          // Nothing was changed: no empty step in the history.
          writer.exec('ROLLBACK')
          return outcome
        }
        judge({ seq: begun.seq, kind: edit.kind ?? 'user', at: begun.at }, tx.touched)
        writer.exec('COMMIT')
      } catch (error) {
        if (writer.inTransaction) writer.exec('ROLLBACK')
        throw toAppError(error)
      }
      announce(tx.touched, false)
      return outcome
    })

  const bulk: Store['bulk'] = (edit, work) =>
    enqueue(async () => {
      let tx: BulkTransaction
      let result: Awaited<ReturnType<typeof work>>
      let begun: { id: string }
      try {
        writer.exec('BEGIN IMMEDIATE')
        const started = beginEdit(edit)
        begun = started
        tx = createBulkTransaction(contextOf(started.at))
        result = await work(tx)
        judge({ seq: started.seq, kind: edit.kind ?? 'user', at: started.at }, null)
        writer.exec(tx.isRollbackOnly ? 'ROLLBACK' : 'COMMIT')
      } catch (error) {
        if (writer.inTransaction) writer.exec('ROLLBACK')
        throw toAppError(error)
      }
      if (tx.isRollbackOnly) return { result, edit: null }
      // A page of a download is small: SQLite's own checkpoint every 1,000 pages is enough, and saves two flushes.
      if (edit.kind !== 'remote') settleLog(writer, 'PASSIVE')
      announce(tx.touched, true)
      return { result, edit: begun.id }
    })

  const quiesced: Store['quiesced'] = work =>
    enqueue(async () => {
      try {
        return await work(writer)
      } catch (error) {
        throw toAppError(error)
      }
    })

  return {
    file,
    read: reader,
    get plane() {
      return planeOf(reader)
    },
    now: deps.now,
    newId: deps.newId,
    profile: deps.profile,
    revision: () => latestRevision(reader),
    mutate,
    bulk,
    onChanged(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setSideHook(hook) {
      sideOf = hook
    },
    addCommitHook(hook) {
      commitHooks.push(hook)
    },
    setting: key => readSetting(reader, key),
    backup: why => quiesced(db => writeRotatingBackup(db, file, deps.now(), why)),
    quiesced,
    close() {
      if (closed) return
      closed = true
      reader.close()
      if (writer.inTransaction) writer.exec('ROLLBACK')
      settleLog(writer, 'TRUNCATE')
      writer.close()
      unlock()
    },
  }
}

export function readSetting(db: Db, key: string): unknown {
  const row = get<{ value: string }>(db, 'SELECT value FROM setting WHERE key = ?', [key])
  return row ? JSON.parse(row.value) : undefined
}

export function writeSetting(db: Db, key: string, value: unknown): void {
  run(db, 'INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)', [key, JSON.stringify(value)])
}

/** The survey's metric plane: fixed by the campaign, otherwise by where the first data lie. */
function planeOf(db: Db): PlaneProjection {
  return (readSetting(db, 'plane') as PlaneProjection | undefined) ?? EPSG_4549
}

function refuseForeign(path: string): void {
  const db = openForeign(path)
  try {
    const outcome = requiredMigration(db)
    if (outcome === 'initialized')
      throw new AppError('not_a_survey', '这个文件是空的，不是调查文件', { reason: 'not_a_survey' })
  } finally {
    db.close()
  }
}
