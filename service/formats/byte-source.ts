/**
 * Reads a file in pieces as UTF-8 bytes, whatever its encoding, for readers that work on bytes. Holds one read buffer;
 * knows nothing of formats.
 */
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import iconv from 'iconv-lite'
import { AppError } from '../../shared/contract/errors.ts'
import { bomLength, type Encoding } from './encoding.ts'

/** Fills `target` from its start with at most its length in bytes; 0 at the end of the data. */
export interface ByteReader {
  read(target: Uint8Array): Promise<number>
  close(): Promise<void>
}

const SAMPLE_BYTES = 1 << 18

/** The first quarter megabyte of a file, its size, and its last 64 KiB. Throws `file_not_found` or `file_unreadable`. */
export async function sampleFile(
  file: string,
): Promise<{ head: Uint8Array; tail: Uint8Array; size: number; whole: boolean }> {
  const size = await sizeOf(file)
  const handle = await open(file, 'r')
  try {
    const head = new Uint8Array(Math.min(size, SAMPLE_BYTES))
    await readFully(handle, head, 0)
    const tail = new Uint8Array(Math.min(size, 1 << 16))
    await readFully(handle, tail, size - tail.length)
    return { head, tail, size, whole: head.length === size }
  } finally {
    await handle.close()
  }
}

async function sizeOf(file: string): Promise<number> {
  const name = basename(file)
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new AppError('file_not_found', `找不到文件“${name}”`, { reason: 'file_not_found', file: name })
    throw new AppError(
      'file_unreadable',
      `无法读取文件“${name}”`,
      { reason: 'file_unreadable', file: name },
      { cause: error },
    )
  })
  if (!info.isFile())
    throw new AppError('file_unreadable', `“${name}”不是文件`, { reason: 'file_unreadable', file: name })
  if (info.size === 0)
    throw new AppError('file_unreadable', `文件“${name}”是空的`, { reason: 'file_empty', file: name })
  return info.size
}

async function readFully(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done)
    if (bytesRead === 0) return
    done += bytesRead
  }
}

/** A reader over a file that yields UTF-8 without byte order mark. */
export async function readUtf8(file: string, encoding: Encoding): Promise<ByteReader> {
  const handle = await open(file, 'r')
  const close = () => handle.close()
  if (encoding === 'utf-8') {
    let start = true
    return {
      close,
      async read(target) {
        const { bytesRead } = await handle.read(target, 0, target.length)
        if (!start) return bytesRead
        start = false
        const skip = bomLength(target.subarray(0, bytesRead))
        if (skip === 0) return bytesRead
        target.copyWithin(0, skip, bytesRead)
        // A file of nothing but the mark still has to be told from the end of the data: the next call says 0.
        return bytesRead === skip
          ? handle.read(target, 0, target.length).then(next => next.bytesRead)
          : bytesRead - skip
      },
    }
  }
  const decoder = iconv.getDecoder('gb18030')
  const piece = Buffer.alloc(1 << 18)
  let pending: Uint8Array = new Uint8Array(0)
  return {
    close,
    async read(target) {
      while (pending.length === 0) {
        const { bytesRead } = await handle.read(piece, 0, piece.length)
        const text = bytesRead === 0 ? decoder.end() : decoder.write(piece.subarray(0, bytesRead))
        pending = Buffer.from(text ?? '', 'utf8')
        if (bytesRead === 0) break
      }
      const count = Math.min(target.length, pending.length)
      target.set(pending.subarray(0, count))
      pending = pending.subarray(count)
      return count
    },
  }
}
