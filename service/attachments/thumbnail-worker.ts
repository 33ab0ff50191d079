/** The thread behind `thumbnail.ts`: one picture in, a small one or an error text out. */
import { parentPort, workerData } from 'node:worker_threads'
import { makeThumbnail } from './scale-jpeg.ts'

const { bytes, orientation } = workerData as { bytes: Uint8Array; orientation: number }
try {
  parentPort?.postMessage({ bytes: makeThumbnail(bytes, orientation) })
} catch (error) {
  parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
}
