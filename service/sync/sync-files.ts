/**
 * Attachments to and from the hub, after the records that name them: small pictures first, then originals, each going on
 * where it broke off and checked by its hash. What does not come stays shown as missing.
 */
import { createWriteStream, mkdirSync } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { AppError, isAppError } from '../../shared/contract/errors.ts'
import { FILE_ID, LIMITS } from '../../shared/sync/protocol.ts'
import {
  hasOriginal,
  hasThumbnail,
  keepOriginal,
  originalPath,
  readThumbnail,
  thumbnailPath,
  writeThumbnail,
} from '../attachments/original-store.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import { all, run } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import type { HubFiles } from './hub-link.ts'

export interface FilesResult {
  sent: number
  received: number
  /** Originals that are neither here nor came. */
  missing: number
}

const CHUNK = 1024 * 1024

/** `withOriginals` false: small pictures only (metered lines). Failures of the network end it; nothing is lost by that. */
export async function exchangeFiles(
  store: Store,
  hub: HubFiles,
  withOriginals: boolean,
  control: JobControl,
): Promise<FilesResult> {
  const result: FilesResult = { sent: 0, received: 0, missing: 0 }
  const known = all<{ sha256: string }>(
    store.read,
    `SELECT DISTINCT a.sha256 FROM attachment a JOIN sync_record s ON s.entity = 'attachment' AND s.entity_id = a.id
     WHERE a.deleted = 0 AND s.fields IS NOT NULL ORDER BY a.pk`,
  ).map(({ sha256 }) => sha256)
  const there = new Set(all<{ id: string }>(store.read, 'SELECT id FROM sync_file').map(({ id }) => id))
  const passes = withOriginals ? (['.thumb', ''] as const) : (['.thumb'] as const)
  const total = known.length * passes.length
  let done = 0
  for (const suffix of passes) {
    const isHere = (sha256: string): boolean =>
      suffix === '' ? hasOriginal(store.file, sha256) : hasThumbnail(store.file, sha256)
    // What is no hash (rows of foreign files) can be nowhere.
    const open = known.filter(
      sha256 => FILE_ID.test(sha256 + suffix) && !(isHere(sha256) && there.has(sha256 + suffix)),
    )
    done += known.length - open.length
    // One question for many: of thousands of originals that are nowhere yet, none is asked for by itself.
    for (let from = 0; from < open.length; from += LIMITS.filesPerQuestion) {
      const asked = open.slice(from, from + LIMITS.filesPerQuestion)
      await control.checkpoint()
      const atHub = new Set(await hub.knownFiles(asked.map(sha256 => sha256 + suffix)))
      for (const sha256 of asked) {
        await control.checkpoint()
        control.report({ phase: 'files', done: done++, total })
        const id = `${sha256}${suffix}`
        try {
          if (isHere(sha256)) {
            if (!atHub.has(id)) {
              await send(hub, id, await sourceOf(store.file, sha256, suffix), control)
              result.sent += 1
            }
            await noteThere(store, id)
          } else if (atHub.has(id) && (await fetchFile(store, hub, sha256, suffix))) {
            await noteThere(store, id)
            result.received += 1
          }
        } catch (error) {
          // Not here yet, not ours to send, or not what it says: the next one may go.
          if (!isAppError(error) || error.code !== 'refused') throw error
        }
      }
    }
  }
  result.missing = known.filter(sha256 => !hasOriginal(store.file, sha256)).length
  return result
}

async function sourceOf(file: string, sha256: string, suffix: '' | '.thumb'): Promise<string | Uint8Array> {
  return suffix === '' ? originalPath(file, sha256) : ((await readThumbnail(file, sha256)) ?? new Uint8Array())
}

function noteThere(store: Store, id: string): Promise<unknown> {
  const at = store.now().toISOString()
  return store.quiesced(db => run(db, 'INSERT OR IGNORE INTO sync_file (id, at) VALUES (?, ?)', [id, at]))
}

async function send(hub: HubFiles, id: string, source: string | Uint8Array, control: JobControl): Promise<void> {
  const length = typeof source === 'string' ? (await stat(source)).size : source.length
  if (length === 0) return
  let offset = await hub.fileOffset(id)
  if (offset === undefined) {
    await hub.fileBegin(id, length)
    offset = (await hub.fileOffset(id)) ?? 0
  }
  const file = typeof source === 'string' ? await open(source, 'r') : undefined
  try {
    while (offset < length) {
      await control.checkpoint()
      const size: number = Math.min(CHUNK, length - offset)
      const chunk: Uint8Array = file
        ? (await file.read(new Uint8Array(size), 0, size, offset)).buffer
        : (source as Uint8Array).subarray(offset, offset + size)
      const reached = await hub.fileAppend(id, offset, chunk)
      if (!(reached > offset)) throw new AppError('hub_unreachable', '附件没有传成，稍后重试', { reason: 'hub_answer' })
      offset = reached
    }
  } finally {
    await file?.close()
  }
}

/** False when the hub does not have it (yet). A part that came before is gone on with. */
async function fetchFile(store: Store, hub: HubFiles, sha256: string, suffix: '' | '.thumb'): Promise<boolean> {
  if (suffix !== '') {
    const answer = await hub.fileGet(`${sha256}${suffix}`, 0)
    if (!answer) return false
    await writeThumbnail(store.file, sha256, new Uint8Array(await new Response(answer).arrayBuffer()))
    return true
  }
  const partial = `${thumbnailPath(store.file, sha256)}.original.part`
  mkdirSync(dirname(partial), { recursive: true })
  const start = (await stat(partial).catch(() => undefined))?.size ?? 0
  const answer = await hub.fileGet(sha256, start)
  if (!answer) return false
  await pipeline(Readable.fromWeb(answer as ReadableStream), createWriteStream(partial, { flags: 'a' }))
  const kept = await keepOriginal(store.file, partial)
  await rm(partial, { force: true })
  if (kept.sha256 === sha256) return true
  // Other bytes than the record names: kept under their own hash they harm nobody, but they are not wanted.
  if (kept.isNew) await rm(originalPath(store.file, kept.sha256), { force: true })
  return false
}
