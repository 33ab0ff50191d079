/**
 * The container of a bundle: one file, encrypted as a whole. Magic, a short header in the clear (key derivation and
 * nothing of the survey), then chunks of AES-256-GCM whose nonces count, the last one marked: a chunk that is missing,
 * moved or changed does not open. Inside: entries (deflated JSON), the manifest with their SHA-256 at the end.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import {
  BUNDLE_FORMAT,
  BUNDLE_LIMITS,
  type BundleEntry,
  type BundleManifest,
  bundleManifestSchema,
} from '../../shared/sync/bundle.ts'
import { toAppError } from '../db/sql.ts'

const MAGIC = Buffer.from('LOWBNDL1', 'latin1')
const CHUNK = 64 * 1024
const TAG = 16
const MANIFEST = 'manifest.json'
const SHORTEST_PASSPHRASE = 8
/** 128 MiB and about half a second per guess; nothing weaker and nothing dearer is accepted from a file. */
const KDF = { name: 'scrypt', N: 2 ** 17, r: 8, p: 1 } as const

const headerSchema = z.object({
  format: z.number().int(),
  kdf: z.object({ name: z.literal(KDF.name), N: z.literal(KDF.N), r: z.literal(KDF.r), p: z.literal(KDF.p) }),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  cipher: z.literal('aes-256-gcm'),
})

export interface BundleWriter {
  add(name: string, value: unknown): void
  /** Writes the manifest, flushes, and gives the file its name. */
  close(manifest: Omit<BundleManifest, 'entries'>): { bytes: number; sha256: string }
  /** Leaves nothing behind. */
  discard(): void
}

/** Starts a new file beside its final name. Throws `file_exists`: a bundle is never written over. */
export async function createBundle(file: string, passphrase: string): Promise<BundleWriter> {
  if (passphrase.length < SHORTEST_PASSPHRASE)
    throw new AppError('bad_input', `口令至少 ${SHORTEST_PASSPHRASE} 个字`, { reason: 'passphrase_short' })
  if (existsSync(file)) throw new AppError('file_exists', '文件已存在，未覆盖', { reason: 'file_exists', file })
  mkdirSync(dirname(file), { recursive: true })
  const salt = randomBytes(32)
  const header = Buffer.from(
    JSON.stringify({ format: BUNDLE_FORMAT, kdf: KDF, salt: salt.toString('hex'), cipher: 'aes-256-gcm' }),
  )
  const key = await keyOf(passphrase, salt)
  const partial = `${file}.partial`
  const handle = openSync(partial, 'w', 0o600)
  const hash = createHash('sha256')
  let bytes = 0
  const put = (part: Buffer): void => {
    try {
      writeSync(handle, part)
    } catch (error) {
      throw toAppError(error)
    }
    hash.update(part)
    bytes += part.length
  }
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.length)
  put(Buffer.concat([MAGIC, length, header]))

  let counter = 0
  let waiting: Buffer[] = []
  let waitingBytes = 0
  const seal = (plain: Buffer, isLast: boolean): void => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(counter, isLast))
    if (counter === 0) cipher.setAAD(header)
    counter += 1
    put(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]))
  }
  /** A full chunk is sealed only when more follows, so that the last one is known to be the last. */
  const feed = (part: Buffer): void => {
    waiting.push(part)
    waitingBytes += part.length
    if (waitingBytes <= CHUNK) return
    const all = Buffer.concat(waiting)
    let at = 0
    for (; all.length - at > CHUNK; at += CHUNK) seal(all.subarray(at, at + CHUNK), false)
    waiting = [all.subarray(at)]
    waitingBytes = all.length - at
  }
  const entries: BundleEntry[] = []
  const addEntry = (name: string, raw: Buffer): Buffer => {
    const packed = deflateRawSync(raw, { level: 6 })
    const head = Buffer.alloc(6)
    head.writeUInt16BE(Buffer.byteLength(name))
    head.writeUInt32BE(packed.length, 2)
    feed(head)
    feed(Buffer.from(name, 'utf8'))
    feed(packed)
    return packed
  }
  let isOpen = true
  const end = (): void => {
    if (isOpen) closeSync(handle)
    isOpen = false
  }
  return {
    add(name, value) {
      const raw = Buffer.from(JSON.stringify(value), 'utf8')
      const packed = addEntry(name, raw)
      entries.push({ name, packed: packed.length, raw: raw.length, sha256: sha256(packed) })
    },
    close(manifest) {
      addEntry(MANIFEST, Buffer.from(JSON.stringify({ ...manifest, entries }), 'utf8'))
      seal(Buffer.concat(waiting), true)
      fsyncSync(handle)
      end()
      renameSync(partial, file)
      return { bytes, sha256: hash.digest('hex') }
    },
    discard() {
      end()
      rmSync(partial, { force: true })
    },
  }
}

export interface BundleReader {
  readonly manifest: BundleManifest
  readonly sha256: string
  /** Entries in the order of the file, all verified before the first is handed out. */
  entries(): Generator<{ name: string; value: unknown }>
  close(): void
}

/**
 * Opens a bundle read-only and checks all of it: every chunk, every hash, every size. Only then anything of it can be
 * read. Throws `file_unreadable` with what is wrong, or `refused` for newer formats.
 */
export async function openBundle(
  file: string,
  passphrase: string,
  checkpoint: () => Promise<void>,
): Promise<BundleReader> {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch (error) {
    throw new AppError('file_not_found', '找不到数据包', { reason: 'bundle_not_found', file }, { cause: error })
  }
  try {
    const size = fstatSync(handle).size
    if (size > BUNDLE_LIMITS.fileBytes) throw wrong('bundle_too_large', '数据包太大', file)
    const { header, start, salt } = readHeader(handle, size, file)
    const key = await keyOf(passphrase, salt)
    const open = (): Generator<Buffer> => plainChunks(handle, { key, header, start, size, file })

    const hash = createHash('sha256')
    const found: BundleEntry[] = []
    let manifest: BundleManifest | undefined
    let total = 0
    for (const { name, packed } of entriesOf(open(), file, part => hash.update(part))) {
      await checkpoint()
      if (manifest) throw wrong('bundle_damaged', '数据包清单之后还有内容', file)
      if (name === MANIFEST) {
        manifest = parseManifest(unpack(packed, BUNDLE_LIMITS.rawBytes, file), file)
        continue
      }
      const raw = unpack(packed, BUNDLE_LIMITS.rawBytes, file).length
      total += raw
      if (total > BUNDLE_LIMITS.totalRawBytes || found.length >= BUNDLE_LIMITS.entries)
        throw wrong('bundle_bomb', '数据包展开后过大，已拒绝', file)
      found.push({ name, packed: packed.length, raw, sha256: sha256(packed) })
    }
    if (!manifest) throw wrong('bundle_truncated', '数据包不完整(没有清单)', file)
    if (JSON.stringify(found) !== JSON.stringify(manifest.entries))
      throw wrong('bundle_damaged', '数据包内容与清单不符', file)
    const checked = manifest
    return {
      manifest: checked,
      sha256: hash.digest('hex'),
      *entries() {
        for (const { name, packed } of entriesOf(open(), file, () => undefined)) {
          if (name === MANIFEST) return
          yield { name, value: JSON.parse(unpack(packed, BUNDLE_LIMITS.rawBytes, file).toString('utf8')) as unknown }
        }
      },
      close: () => closeSync(handle),
    }
  } catch (error) {
    closeSync(handle)
    throw error
  }
}

function readHeader(handle: number, size: number, file: string): { header: Buffer; start: number; salt: Buffer } {
  const fixed = Buffer.alloc(MAGIC.length + 4)
  if (
    size < fixed.length ||
    readSync(handle, fixed, 0, fixed.length, 0) < fixed.length ||
    !fixed.subarray(0, 8).equals(MAGIC)
  )
    throw wrong('not_a_bundle', '这个文件不是数据包', file)
  const length = fixed.readUInt32BE(8)
  if (length > 4096 || size < fixed.length + length) throw wrong('bundle_truncated', '数据包不完整', file)
  const header = Buffer.alloc(length)
  readSync(handle, header, 0, length, fixed.length)
  let json: unknown
  try {
    json = JSON.parse(header.toString('utf8'))
  } catch {
    throw wrong('bundle_damaged', '数据包已损坏', file)
  }
  const format = z.object({ format: z.number() }).safeParse(json)
  if (format.success && format.data.format > BUNDLE_FORMAT)
    throw new AppError('refused', '数据包由更新的版本写成，请先升级软件', { reason: 'bundle_too_new', file })
  const parsed = headerSchema.safeParse(json)
  if (!parsed.success) throw wrong('bundle_damaged', '数据包已损坏', file)
  return { header, start: fixed.length + length, salt: Buffer.from(parsed.data.salt, 'hex') }
}

interface Sealed {
  key: Buffer
  header: Buffer
  start: number
  size: number
  file: string
}

function* plainChunks(handle: number, { key, header, start, size, file }: Sealed): Generator<Buffer> {
  let at = start
  let counter = 0
  let isLast = false
  while (!isLast) {
    const length = Math.min(CHUNK + TAG, size - at)
    if (length < TAG) throw wrong('bundle_truncated', '数据包不完整(被截断)', file)
    isLast = at + length === size
    const sealed = Buffer.alloc(length)
    if (readSync(handle, sealed, 0, length, at) < length) throw wrong('bundle_truncated', '数据包不完整(被截断)', file)
    at += length
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(counter, isLast))
    if (counter === 0) decipher.setAAD(header)
    decipher.setAuthTag(sealed.subarray(length - TAG))
    let plain: Buffer
    try {
      plain = Buffer.concat([decipher.update(sealed.subarray(0, length - TAG)), decipher.final()])
    } catch {
      if (counter === 0) throw wrong('bundle_passphrase', '口令不对，或数据包被改动过', file)
      throw isLast
        ? wrong('bundle_truncated', '数据包不完整(被截断或末尾被改动)', file)
        : wrong('bundle_damaged', '数据包已损坏或被改动过', file)
    }
    counter += 1
    yield plain
  }
}

function* entriesOf(
  chunks: Iterable<Buffer>,
  file: string,
  seen: (part: Buffer) => void,
): Generator<{ name: string; packed: Buffer }> {
  let parts: Buffer[] = []
  let have = 0
  let need = 6
  let head: { nameBytes: number; bytes: number } | undefined
  for (const chunk of chunks) {
    seen(chunk)
    parts.push(chunk)
    have += chunk.length
    while (have >= need) {
      const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      const part = all.subarray(0, need)
      parts = [all.subarray(need)]
      have = all.length - need
      if (!head) {
        head = { nameBytes: part.readUInt16BE(), bytes: part.readUInt32BE(2) }
        if (head.nameBytes > 200 || head.bytes > BUNDLE_LIMITS.packedBytes)
          throw wrong('bundle_bomb', '数据包里的条目过大，已拒绝', file)
        need = head.nameBytes + head.bytes
      } else {
        yield { name: part.subarray(0, head.nameBytes).toString('utf8'), packed: part.subarray(head.nameBytes) }
        head = undefined
        need = 6
      }
    }
  }
  if (head || have > 0) throw wrong('bundle_truncated', '数据包不完整', file)
}

/** Never unpacks more than `limit` bytes, whatever the file promises. */
function unpack(packed: Buffer, limit: number, file: string): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: limit })
  } catch (error) {
    const isBomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw isBomb
      ? wrong('bundle_bomb', '数据包展开后过大，已拒绝', file)
      : wrong('bundle_damaged', '数据包已损坏', file)
  }
}

function parseManifest(raw: Buffer, file: string): BundleManifest {
  let json: unknown
  try {
    json = JSON.parse(raw.toString('utf8'))
  } catch {
    throw wrong('bundle_damaged', '数据包清单已损坏', file)
  }
  const parsed = bundleManifestSchema.safeParse(json)
  if (!parsed.success) throw wrong('bundle_damaged', '数据包清单不符合约定', file)
  return parsed.data
}

function nonceOf(counter: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt8(isLast ? 1 : 0, 0)
  nonce.writeUIntBE(counter, 6, 6)
  return nonce
}

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  const { N, r, p } = KDF
  return new Promise((done, fail) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * 1024 * 1024 }, (error, key) =>
      error ? fail(error) : done(key),
    )
  })
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function wrong(reason: string, message: string, file: string): AppError {
  return new AppError('file_unreadable', message, { reason, file })
}
