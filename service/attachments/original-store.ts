/**
 * Originals by their SHA-256 in `<survey>.files/attachments`, pictures made of them in `…/thumbnails`. A file is whole or
 * absent: written beside, flushed, renamed, and the folder flushed too, before any record may speak of it.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { filesFolderOf } from '../db/lock.ts'
import { isDrawn } from './demo-picture.ts'

export interface Kept {
  readonly sha256: string
  readonly size: number
  /** False when the very same bytes were there already. */
  readonly isNew: boolean
}

const SHA256 = /^[0-9a-f]{64}$/

/** Where an original lies. Throws for anything that is not a hash: rows of foreign files must not name other places. */
export function originalPath(surveyFile: string, sha256: string): string {
  return join(filesFolderOf(surveyFile), 'attachments', checked(sha256))
}

export function thumbnailPath(surveyFile: string, sha256: string): string {
  return join(filesFolderOf(surveyFile), 'thumbnails', `${checked(sha256)}.jpg`)
}

function checked(sha256: string): string {
  if (!SHA256.test(sha256)) throw new Error('not a SHA-256')
  return sha256
}

export function hasOriginal(surveyFile: string, sha256: string): boolean {
  return SHA256.test(sha256) && existsSync(originalPath(surveyFile, sha256))
}

export function hasThumbnail(surveyFile: string, sha256: string): boolean {
  return SHA256.test(sha256) && existsSync(thumbnailPath(surveyFile, sha256))
}

/** True when there are bytes to show for a photo: its original, or a picture of the demo that is drawn on demand. */
export function hasPicture(
  surveyFile: string,
  photo: { readonly sha256: string; readonly file_name: string },
): boolean {
  return hasOriginal(surveyFile, photo.sha256) || isDrawn(photo)
}

let serial = 0

/** Copies `source` under its hash; when this resolves the bytes survive a power cut. */
export async function keepOriginal(surveyFile: string, source: string, signal?: AbortSignal): Promise<Kept> {
  const folder = join(filesFolderOf(surveyFile), 'attachments')
  mkdirSync(folder, { recursive: true })
  const partial = join(folder, `.${process.pid}-${++serial}.part`)
  const hash = createHash('sha256')
  let size = 0
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      size += chunk.length
      done(null, chunk)
    },
  })
  try {
    await pipeline(createReadStream(source), tap, createWriteStream(partial, { flags: 'wx' }), { signal })
    const sha256 = hash.digest('hex')
    const target = originalPath(surveyFile, sha256)
    if ((await stat(target).catch(() => undefined))?.size === size && (await hashOf(target)) === sha256) {
      await rm(partial)
      return { sha256, size, isNew: false }
    }
    await flush(partial)
    await rename(partial, target)
    await flushFolder(folder)
    return { sha256, size, isNew: true }
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** Writes a derived picture; it can be made again, so it is only swapped in, not flushed. */
export async function writeThumbnail(surveyFile: string, sha256: string, bytes: Uint8Array): Promise<void> {
  const target = thumbnailPath(surveyFile, sha256)
  mkdirSync(dirname(target), { recursive: true })
  const partial = join(dirname(target), `.${basename(target)}.${process.pid}-${++serial}.part`)
  try {
    const file = await open(partial, 'wx')
    try {
      await file.writeFile(bytes)
    } finally {
      await file.close()
    }
    await rename(partial, target)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

export async function readThumbnail(surveyFile: string, sha256: string): Promise<Uint8Array | undefined> {
  return readFile(thumbnailPath(surveyFile, sha256)).catch(() => undefined)
}

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename is on disk only when its folder is; Windows keeps folders safe by itself and refuses to open them. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
