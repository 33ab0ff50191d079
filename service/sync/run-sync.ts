/**
 * One meeting with the hub: what was committed goes into the outbox, the outbox is sent, what others did is fetched. Every
 * step stands in the survey before the next begins, so a meeting may break off anywhere and goes on from there.
 */
import { AppError, isAppError } from '../../shared/contract/errors.ts'
import { LIMITS, type SyncPatch } from '../../shared/sync/protocol.ts'
import { activeBoundary } from '../boundary/boundary-repo.ts'
import { classifyAll } from '../boundary/classify.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import { WRITER_CACHE_KIB } from '../db/open.ts'
import { run, toAppError } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { applyPage, applyReceipts } from './apply-remote.ts'
import { collect } from './collect.ts'
import { assertSpeaksOurLanguage, type HubLink } from './hub-link.ts'
import { repairAfterRestore } from './repair.ts'
import { exchangeFiles, type FilesResult } from './sync-files.ts'
import { changeLink, countConflicts, countUnsent, readLink, type SyncLink, unsent } from './sync-repo.ts'

export interface SyncResult {
  /** Patches that got a receipt, and records whose newest state came. */
  pushed: number
  pulled: number
  /** Conflicts that wait for a person, and patches that wait for a receipt. */
  conflicts: number
  pending: number
  refused: number
  /** Patches that brought back what the hub had lost when it was restored from an older backup. */
  repaired: number
  /** Attachments that went and came, and originals that are still missing here. */
  files: FilesResult
}

const PUSH_BYTES = 8 * 1024 * 1024
/** More of them leave more garbage behind than the laptop's memory need hold. */
const PULL_ROWS = 250

/** Throws `refused` when this survey is not enrolled. */
export function requireLink(store: Store): SyncLink {
  const link = readLink(store.read)
  if (!link) throw new AppError('refused', '这份调查还没有登记到汇总端', { reason: 'not_enrolled' })
  return link
}

export async function runSync(
  store: Store,
  hub: HubLink,
  control: JobControl,
  withOriginals = true,
): Promise<SyncResult> {
  const { survey } = requireLink(store)
  try {
    assertSpeaksOurLanguage(await hub.hello())
    const status = await hub.status()
    refuseForkedFile(store, status)
    const repaired = await repairAfterRestore(store, hub, status, control)
    if (repaired === undefined) refuseOlderHub(store, status)
    const pushed = await pushAll(store, hub, survey, control)
    const pulled = await withSmallCache(store, () => pullAll(store, hub, survey, control))
    await settleSides(store, control)
    await store.quiesced(db => changeLink(db, { last_contact: store.now().toISOString(), last_error: null }))
    const files = await exchangeFiles(store, hub, withOriginals, control)
    await store.quiesced(db => changeLink(db, { missing_originals: files.missing }))
    return { files, repaired: repaired ?? 0, pushed: pushed.sent, pulled, refused: pushed.refused, ...countsOf(store) }
  } catch (raised) {
    // A disk that fills while originals come is said as such.
    const error = toAppError(raised)
    if (isAppError(error) && error.code !== 'cancelled') {
      const { code, message, details } = error
      // On a full disk not even this can be written; what went wrong is what counts.
      await store
        .quiesced(db => changeLink(db, { last_error: { code, message, at: store.now().toISOString(), data: details } }))
        .catch(() => undefined)
    }
    throw error
  }
}

export function countsOf(store: Store): { conflicts: number; pending: number } {
  return { conflicts: countConflicts(store.read), pending: countUnsent(store.read) }
}

type Status = Awaited<ReturnType<HubLink['status']>>

/** A survey that was restored from a backup, or copied, has lost patches that the hub has: its numbers would collide. */
function refuseForkedFile(store: Store, status: Status): void {
  if (status.last_device_seq >= requireLink(store).next_device_seq)
    throw new AppError('refused', '这份调查是旧备份或副本，汇总端已收到它之后的修改；请重新登记后再同步', {
      reason: 'hub_survey_older',
    })
}

/** A hub that was put back to an older state and was not told so (`hub restored`). */
function refuseOlderHub(store: Store, status: Status): void {
  if (status.head < requireLink(store).cursor || status.last_device_seq < lastAnswered(store))
    throw new AppError('refused', '汇总端恢复过较早的备份，缺少本机已收到的内容；请联系县级管理员', {
      reason: 'hub_older',
    })
}

/** The highest number for which the hub gave a receipt. */
function lastAnswered(store: Store): number {
  const [first] = unsent(store.read, { patches: 1, bytes: 1 })
  return (first?.device_seq ?? requireLink(store).next_device_seq) - 1
}

async function pushAll(
  store: Store,
  hub: HubLink,
  survey: string,
  control: JobControl,
): Promise<{ sent: number; refused: number }> {
  await collect(store, control)
  let sent = 0
  let refused = 0
  const total = countUnsent(store.read)
  let flying = await send(store, hub, survey, 0)
  while (flying) {
    const { patches, answer, last } = flying
    control.report({ phase: 'push', done: sent, total: Math.max(total, sent + patches.length) })
    const { receipts, head } = await answer
    const asked = new Set(patches)
    if (receipts.length !== asked.size || receipts.some(receipt => !asked.has(receipt.patch)))
      throw new AppError('hub_unreachable', '汇总端的回执不完整，稍后重试', { reason: 'hub_answer' })
    await control.checkpoint()
    // The hub has taken these: it works on the next ones while their receipts are written down. What has its receipt need
    // not be looked through again.
    flying = await send(store, hub, survey, last)
    await applyReceipts(store, receipts, head)
    // Edits of this very moment may have been added.
    flying ??= await send(store, hub, survey, last)
    sent += receipts.length
    refused += receipts.filter(receipt => receipt.status === 'refused').length
  }
  return { sent, refused }
}

/** Sends the next patches after that number, marked as sent before; undefined when there are none. */
async function send(store: Store, hub: HubLink, survey: string, after: number) {
  const rows = unsent(store.read, { patches: LIMITS.patchesPerPush, bytes: PUSH_BYTES, after })
  if (rows.length === 0) return undefined
  const [first, last] = [rows[0]!.device_seq!, rows[rows.length - 1]!.device_seq!]
  await store.quiesced(db =>
    run(db, `UPDATE sync_outbox SET state = 'sent' WHERE state = 'waiting' AND device_seq BETWEEN ? AND ?`, [
      first,
      last,
    ]),
  )
  const answer = hub.push(
    survey,
    rows.map(row => JSON.parse(row.body!) as SyncPatch),
  )
  heard(answer)
  return { patches: rows.map(row => row.id), answer, last }
}

async function pullAll(store: Store, hub: HubLink, survey: string, control: JobControl): Promise<number> {
  let pulled = 0
  let coming: ReturnType<HubLink['pull']> | undefined
  for (;;) {
    await control.checkpoint()
    const { cursor, head } = requireLink(store)
    control.report({ phase: 'pull', done: cursor, total: Math.max(head, cursor) })
    const page = await (coming ?? hub.pull(survey, cursor, PULL_ROWS))
    // The next page is on its way while this one is written.
    coming = page.more ? hub.pull(survey, page.cursor, PULL_ROWS) : undefined
    if (coming) heard(coming)
    pulled += await applyPage(store, page, control)
    if (!page.more) return pulled
  }
}

/** While a county comes, what was just written is hardly read again. */
const PULLING_CACHE_KIB = 4096

async function withSmallCache<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const set = (kib: number): Promise<unknown> => store.quiesced(db => db.pragma(`cache_size = -${kib}`))
  await set(PULLING_CACHE_KIB)
  try {
    return await work()
  } finally {
    // A survey that was closed meanwhile has no cache any more.
    await set(WRITER_CACHE_KIB).catch(() => undefined)
  }
}

/** What goes wrong with an answer is told when it is awaited; until then, or if nobody does any more, it ends nothing. */
function heard(answer: Promise<unknown>): void {
  answer.catch(() => undefined)
}

/** Works sides out anew when a boundary came; a meeting that broke off before leaves it to the next one. */
export async function settleSides(store: Store, control: JobControl): Promise<void> {
  if (!readLink(store.read)?.sides_due) return
  const active = activeBoundary(store.read)
  if (active) await classifyAll(store, active.id, control)
  await store.quiesced(db => changeLink(db, { sides_due: false }))
}
