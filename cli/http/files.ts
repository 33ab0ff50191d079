/** Files over the loopback host: the window's own, uploads into the data folder, downloads of what was produced. */
import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { basename, join, resolve, sep } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { toAppError } from '../../service/db/sql.ts'
import { ERROR_CODES, isAppError } from '../../shared/contract/errors.ts'
import { contentTypeOf, relativeFileOf, SECURITY_HEADERS } from '../../shared/lib/web-files.ts'

/** Larger than any county's data, small enough not to fill a disk by accident. */
export const MAX_UPLOAD_BYTES = 2 * 1024 ** 3

/** Uploads older than this have been imported or given up. */
const KEPT_UPLOAD_MS = 7 * 24 * 3600 * 1000

/**
 * Removes old uploads, but not those that the settings of this computer still name (basemaps are used where they lie).
 * What cannot be removed now is left for the next start.
 */
export async function clearOldUploads(dataFolder: string, now: number): Promise<void> {
  const folder = join(dataFolder, 'uploads')
  const names = await readdir(folder).catch(() => [])
  const settings = names.length > 0 ? await readFile(join(dataFolder, 'device.json'), 'utf8').catch(() => '') : ''
  for (const name of names) {
    const path = join(folder, name)
    const age = now - ((await stat(path).catch(() => undefined))?.mtimeMs ?? now)
    if (age > KEPT_UPLOAD_MS && !settings.includes(name))
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text)
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'application/json' }).end(JSON.stringify(value))
}

async function sendFile(response: ServerResponse, file: string, headers: Record<string, string>): Promise<void> {
  const stats = await stat(file).catch(() => undefined)
  if (!stats?.isFile()) {
    sendText(response, 404, 'not found')
    return
  }
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': contentTypeOf(file),
    'content-length': stats.size,
    ...headers,
  })
  await pipeline(createReadStream(file), response)
}

/** A file of the window. */
export async function sendPage(response: ServerResponse, rendererFolder: string, path: string): Promise<void> {
  const file = relativeFileOf(path)
  if (file === null) return sendText(response, 403, 'forbidden')
  await sendFile(response, join(rendererFolder, file), { 'cache-control': 'no-cache' })
}

/** A produced file, named by its path or its name below the exports folder; nothing outside of it. */
export async function sendProduced(response: ServerResponse, exportsFolder: string, name: string): Promise<void> {
  const root = await realpath(exportsFolder).catch(() => exportsFolder)
  const file = await realpath(resolve(exportsFolder, name)).catch(() => undefined)
  if (!file?.startsWith(root + sep)) return sendText(response, 404, 'not found')
  const encoded = encodeURIComponent(basename(file))
  await sendFile(response, file, { 'content-disposition': `attachment; filename*=UTF-8''${encoded}` })
}

/** Only the last part of what the browser calls the file, without characters that file systems refuse. */
function safeName(given: string): string {
  const name = given.replace(/^.*[\\/]/, '').replace(/[<>:"|?*]|\p{Cc}/gu, '_')
  return name === '' || name.startsWith('.') ? `file${name}` : name.slice(-200)
}

/**
 * Streams the body of `POST /files?name=…` into the data folder and answers `{ file }`, the token that every procedure
 * takes in place of a path. A broken or too large upload leaves nothing behind.
 */
export async function receiveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  dataFolder: string,
  givenName: string,
  maxBytes: number = MAX_UPLOAD_BYTES,
): Promise<void> {
  const id = randomUUID()
  const name = safeName(givenName)
  const folder = join(dataFolder, 'uploads', id)
  let bytes = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(new Error('too_large'))
      else done(null, chunk)
    },
  })
  await mkdir(folder, { recursive: true })
  try {
    await pipeline(request, limit, createWriteStream(join(folder, name), { flags: 'wx' }))
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    const known = toAppError(error)
    if (bytes <= maxBytes && !isAppError(known)) throw error
    response.setHeader('connection', 'close')
    if (isAppError(known))
      sendJson(response, ERROR_CODES[known.code], { error: { code: known.code, message: known.message } })
    else sendJson(response, 413, { error: { code: 'refused', message: '文件太大' } })
    return
  }
  sendJson(response, 200, { file: `upload:${id}/${name}` })
}
