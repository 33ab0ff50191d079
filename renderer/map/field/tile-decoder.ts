/** Basemap tiles become bitmaps in a worker: unpacking, painting and looking for blank ones cost the window nothing. */
import type { TileBytes } from './field-store.ts'
import type { DecodeAnswer, DecodeRequest } from './tile-decoding.ts'
import type { TilePart } from './vector-painter.ts'

let worker: Worker | undefined
let lastId = 0
const waiting = new Map<number, (bitmap: ImageBitmap | null) => void>()

/** Null for a tile that is blank or broken. `part` is what a vector tile is painted for. */
export function decodeTile(tile: TileBytes, part: TilePart | null): Promise<ImageBitmap | null> {
  worker ??= begin()
  const id = ++lastId
  const pixelRatio = Math.min(2, window.devicePixelRatio)
  const language = document.documentElement.lang.startsWith('en') ? 'en' : 'zh'
  const request: DecodeRequest = { id, bytes: tile.bytes, type: tile.type, part, pixelRatio, language }
  return new Promise(resolve => {
    waiting.set(id, resolve)
    worker!.postMessage(request)
  })
}

function begin(): Worker {
  const begun = new Worker(new URL('../basemap.worker.ts', import.meta.url), { type: 'module' })
  begun.onmessage = ({ data }: MessageEvent<DecodeAnswer>) => {
    waiting.get(data.id)?.(data.bitmap)
    waiting.delete(data.id)
  }
  begun.onerror = () => {
    for (const resolve of waiting.values()) resolve(null)
    waiting.clear()
  }
  return begun
}
