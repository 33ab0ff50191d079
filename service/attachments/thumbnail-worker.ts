/** The thread behind `thumbnail.ts`: one picture in, a small one or an error text out. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { makeThumbnail } from './scale-jpeg.ts'

const { bytes, path, orientation } = workerData as { bytes?: Uint8Array; path?: string; orientation: number }
try {
  const picture = bytes ?? new Uint8Array(readFileSync(path!))
  parentPort?.postMessage({ bytes: makeThumbnail(picture, orientation) })
} catch (error) {
  parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
}
