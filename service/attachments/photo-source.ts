/**
 * A photo on disk, of which this process reads the beginning only: what a photo says about itself stands there, and a
 * file of 500 MB in one piece would hold everything up. Pictures are decoded by the thread, from the file itself.
 */
import { open } from 'node:fs/promises'

export interface PhotoSource {
  readonly path: string
  readonly size: number
  /** The whole file when it is small. */
  readonly head: Uint8Array
}

/** Cameras write previews and depth pictures before the picture itself; a HEIC of a telephone is smaller than this as a whole. */
const HEAD_BYTES = 16 * 1024 ** 2
const PIECE_BYTES = 1024 ** 2

export async function openPhoto(path: string): Promise<PhotoSource> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const head = new Uint8Array(Math.min(size, HEAD_BYTES))
    let at = 0
    while (at < head.length) {
      const { bytesRead } = await file.read(head, at, Math.min(PIECE_BYTES, head.length - at), at)
      if (bytesRead === 0) break
      at += bytesRead
    }
    return { path, size, head: at < head.length ? head.slice(0, at) : head }
  } finally {
    await file.close()
  }
}
