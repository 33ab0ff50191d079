/**
 * Thumbnails are made in a thread of their own, one at a time: decoding a large photo takes a second or more, and the
 * service must go on answering. A thread per picture: what one picture breaks or eats is gone with it.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { PhotoSource } from './photo-source.ts'
import { makeThumbnail } from './scale-jpeg.ts'

/** The worker's file: beside this one in the sources, beside the bundle in products. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './thumbnail-worker.ts' : './thumbnail-worker.cjs', import.meta.url),
)
/** A hundred megapixels take about ten seconds on a weak laptop; a damaged file may take for ever. */
const GIVE_UP_MS = 60_000
/** Below this a picture is done in less time than a thread takes to start. */
const IN_PLACE_BYTES = 100_000

interface Answer {
  readonly bytes?: Uint8Array
  readonly error?: string
}

let queue: Promise<unknown> = Promise.resolve()

/** A small upright JPEG; rejects when the picture cannot be decoded. */
export function thumbnailOf(picture: PhotoSource | Uint8Array, orientation: number): Promise<Uint8Array> {
  const next = queue.then(() => {
    const bytes = picture instanceof Uint8Array ? picture : picture.size === picture.head.length ? picture.head : null
    if (bytes && (bytes.length <= IN_PLACE_BYTES || !existsSync(ENTRY))) return makeThumbnail(bytes, orientation)
    // A large one is read by the thread: handing its bytes over would copy them here.
    return inThread(picture instanceof Uint8Array ? { bytes: picture } : { path: picture.path }, orientation)
  })
  queue = next.catch(() => undefined)
  return next
}

async function inThread(picture: { bytes: Uint8Array } | { path: string }, orientation: number): Promise<Uint8Array> {
  // No flags of this process: a debugger or a test runner must not be loaded into the thread as well.
  const worker = new Worker(ENTRY, { execArgv: [], workerData: { ...picture, orientation } })
  let limit: NodeJS.Timeout | undefined
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      limit = setTimeout(() => reject(new Error('the picture takes too long')), GIVE_UP_MS)
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the thumbnail thread ended')))
    })
    if (!answer.bytes) throw new Error(answer.error ?? 'not decodable')
    return answer.bytes
  } finally {
    clearTimeout(limit)
    void worker.terminate()
  }
}
