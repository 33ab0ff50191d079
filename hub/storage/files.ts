/**
 * Attachments at the hub: bytes under their SHA-256 in one folder, each whole or absent. What is still coming stands beside
 * as `.part`; its length is how far the upload is, so that it can go on after any break. The hash decides at the end.
 */
import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync } from 'node:fs'
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FILE_ID, type SyncRow } from '../../shared/sync/protocol.ts'
import { mayRead } from '../../shared/sync/scope.ts'
import { HubError } from '../errors.ts'
import type { Device } from './devices.ts'
import { rowFromColumns } from './survey-state.ts'
import { fileHash, type HubDb } from './tables.ts'

const LARGEST_ORIGINAL = 512 * 1024 * 1024
const LARGEST_THUMBNAIL = 512 * 1024
const JPEG = [0xff, 0xd8, 0xff]

export interface FileStore {
  /** Length of what is there, whole or coming; undefined when nothing came yet. */
  stateOf(id: string): Promise<{ bytes: number; length: number; isWhole: boolean } | undefined>
  begin(id: string, length: number): Promise<void>
  /** Appends at `offset`; gives the new length. Throws `gap` when the upload stands elsewhere. */
  append(id: string, offset: number, body: AsyncIterable<Buffer>): Promise<number>
  pathOf(id: string): string
}

export function openFileStore(folder: string): FileStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const whole = (id: string): string => join(folder, checked(id))
  const part = (id: string): string => `${whole(id)}.part`
  const planned = (id: string): string => `${whole(id)}.length`
  const busy = new Set<string>()

  const stateOf: FileStore['stateOf'] = async id => {
    const done = await stat(whole(id)).catch(() => undefined)
    if (done) return { bytes: done.size, length: done.size, isWhole: true }
    const coming = await stat(part(id)).catch(() => undefined)
    const length = coming && Number(await readFile(planned(id), 'utf8').catch(() => 'none'))
    return coming && Number.isInteger(length) ? { bytes: coming.size, length: length!, isWhole: false } : undefined
  }

  return {
    pathOf: whole,
    stateOf,
    async begin(id, length) {
      if (await stateOf(id)) return
      await writeFile(planned(id), String(length), { mode: 0o600 })
      await writeFile(part(id), '', { mode: 0o600 })
    },
    async append(id, offset, body) {
      if (busy.has(id)) throw new HubError('busy', '这个附件正由另一台设备上传', 5)
      busy.add(id)
      try {
        const state = await stateOf(id)
        if (!state) throw new HubError('not_found', '没有这个上传')
        if (state.isWhole) return state.bytes
        if (state.bytes !== offset) throw new HubError('gap', `上传已到第 ${state.bytes} 字节，请从那里继续`)
        const { length } = state
        const file = await open(part(id), 'r+')
        let at = offset
        try {
          for await (const chunk of body) {
            if (at + chunk.length > length) throw new HubError('too_large', '附件比说明的大')
            await file.write(chunk, 0, chunk.length, at)
            at += chunk.length
          }
          await file.sync()
        } finally {
          await file.close()
        }
        if (at === length) await finish(id)
        return at
      } finally {
        busy.delete(id)
      }
    },
  }

  async function finish(id: string): Promise<void> {
    const isGood = await isWhatItSays(id, part(id))
    if (isGood) await rename(part(id), whole(id))
    else await rm(part(id), { force: true })
    await rm(planned(id), { force: true })
    if (!isGood) throw new HubError('bad_request', '附件内容与校验值不符，请重新上传')
  }
}

/** Who may use a file: whoever gets a record that names it; to send it, it must be a record of the own unit. */
export async function fileRights(
  db: HubDb,
  device: Device,
  id: string,
): Promise<{ mayGet: boolean; maySend: boolean; longest: number }> {
  const [, sha256, thumb] = FILE_ID.exec(id) ?? []
  if (sha256 === undefined) throw new HubError('not_found', '没有这个附件')
  const rows = await recordsNaming(db, [sha256])
  const sizes = rows.map(row => row.fields['size']).filter(size => typeof size === 'number')
  return {
    mayGet: rows.some(row => mayRead(device.unit, row.unit)),
    maySend: rows.some(row => device.unit === null || row.unit === device.unit),
    longest: thumb
      ? LARGEST_THUMBNAIL
      : Math.min(LARGEST_ORIGINAL, sizes.length > 0 ? Math.max(...sizes) : LARGEST_ORIGINAL),
  }
}

/** Of these, what is here whole and may be got by the device: one question to the database for all of them. */
export async function knownFiles(
  db: HubDb,
  store: FileStore,
  device: Device,
  ids: readonly string[],
): Promise<string[]> {
  const hashOf = (id: string): string => id.slice(0, 64)
  const rows = ids.length === 0 ? [] : await recordsNaming(db, [...new Set(ids.map(hashOf))])
  const readable = new Set(rows.filter(row => mayRead(device.unit, row.unit)).map(row => row.fields['sha256']))
  const known: string[] = []
  for (const id of ids) if (readable.has(hashOf(id)) && (await store.stateOf(id))?.isWhole) known.push(id)
  return known
}

async function recordsNaming(db: HubDb, hashes: readonly string[]): Promise<SyncRow[]> {
  const query = db.selectFrom('row_state').selectAll().where('entity', '=', 'attachment')
  return (await query.where(fileHash(db), 'in', hashes).execute()).map(rowFromColumns)
}

function checked(id: string): string {
  if (!FILE_ID.test(id)) throw new HubError('not_found', '没有这个附件')
  return id
}

/** An original has its hash; a small picture has none, it must be a JPEG and is never shown as anything else. */
async function isWhatItSays(id: string, path: string): Promise<boolean> {
  if (id.endsWith('.thumb')) {
    const file = await open(path, 'r')
    try {
      const { buffer } = await file.read(Buffer.alloc(3), 0, 3, 0)
      return JPEG.every((byte, index) => buffer[index] === byte)
    } finally {
      await file.close()
    }
  }
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex') === id
}
