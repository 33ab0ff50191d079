/**
 * Basemap files are read in a thread of their own: a GeoTIFF takes tens of milliseconds a tile, a slow stick any time. A
 * file that takes the thread down fails alone: the thread is begun anew for the next call.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Asset } from '../../shared/contract/assets.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { createTileHouse, type TileAnswer, type TileCall, type TileFacts } from './tile-house.ts'

/** The worker's file: beside this one in the sources, beside the bundle in products. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './basemap-worker.ts' : './basemap-worker.cjs', import.meta.url),
)

export interface ThreadFile extends TileFacts {
  tile(z: number, x: number, y: number): Promise<Asset | null>
  close(): void
}

export interface TileThread {
  /** Rejects with an `AppError` that says what is wrong with the file. */
  open(path: string, crs: string | null): Promise<ThreadFile>
  end(): void
}

interface Link {
  send(call: TileCall): Promise<TileAnswer>
  isGone(): boolean
  end(): void
}

/** Without the worker's file (some test runtimes) everything runs in place. */
export function createTileThread(): TileThread {
  let link: Link | undefined
  let lastFile = 0
  return {
    async open(path, crs) {
      if (!link || link.isGone()) link = existsSync(ENTRY) ? threadLink() : placeLink()
      const own = link
      const file = ++lastFile
      const answer = await own.send({ call: 'open', file, path, crs })
      if ('failure' in answer) throw new AppError(answer.failure.code, answer.failure.message, answer.failure.details)
      return {
        ...answer.facts!,
        async tile(z, x, y) {
          const found = await own.send({ call: 'tile', file, z, x, y })
          return 'failure' in found ? null : (found.asset ?? null)
        },
        close: () => void own.send({ call: 'close', file }).catch(() => undefined),
      }
    },
    end: () => link?.end(),
  }
}

function placeLink(): Link {
  return { send: createTileHouse(), isGone: () => false, end: () => undefined }
}

function threadLink(): Link {
  // No flags of this process: no debugger, no test runner in the thread. The empty data is for the package web-worker
  // (behind geotiff), which takes a thread without any for one of its own.
  const worker = new Worker(ENTRY, { execArgv: [], workerData: {} })
  const waiting = new Map<number, { resolve(answer: TileAnswer): void; reject(error: Error): void }>()
  let lastId = 0
  let isGone = false
  const fail = (): void => {
    isGone = true
    for (const { reject } of waiting.values())
      reject(new AppError('file_unreadable', '底图文件无法解码', { reason: 'basemap_damaged' }))
    waiting.clear()
  }
  worker.on('message', ({ id, answer }: { id: number; answer: TileAnswer }) => {
    waiting.get(id)?.resolve(answer)
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
  })
  worker.on('error', fail)
  worker.on('exit', fail)
  worker.unref()
  return {
    send: call =>
      new Promise((resolve, reject) => {
        if (isGone) return reject(new AppError('file_unreadable', '底图文件无法解码', { reason: 'basemap_damaged' }))
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        worker.ref()
        worker.postMessage({ id, call })
      }),
    isGone: () => isGone,
    end: () => void worker.terminate(),
  }
}
