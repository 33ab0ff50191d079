/** The window's end of the painting worker: starts it, sends requests, hands answers to whoever asked. */
import type { TileSource } from '../map-port.ts'
import {
  type LabelView,
  type PainterAnswer,
  type PainterRequest,
  type TileAddress,
  tileKey,
} from './painter-messages.ts'

type Painted = Extract<PainterAnswer, { kind: 'painted' }>
type Failed = Extract<PainterAnswer, { kind: 'failed' }>

export interface TileListener {
  painted(answer: Painted): void
  failed(answer: Failed): void
}

export interface Hit {
  /** Local keys, smallest first. */
  readonly pks: readonly number[]
  /** The first of them as drawn, cut at the tile; units of the tile. */
  readonly rings: readonly (readonly number[])[]
}

export interface PainterLink {
  send(request: PainterRequest): void
  setSource(source: TileSource): void
  listen(listener: TileListener): () => void
  /** Asks for tiles whose layer is still to come: they are painted meanwhile and handed over when it wants them. */
  ahead(tiles: readonly TileAddress[], devicePixels: number): void
  /** The layer is there: the tiles that it did not want are let go. */
  endAhead(): void
  /** The parcels at a place of a tile. */
  hit(tile: TileAddress, x: number, y: number): Promise<Hit>
  labels(view: LabelView, devicePixels: number): Promise<ImageBitmap | null>
}

let shared: { readonly painter: PainterLink; source: TileSource | null } | undefined

/**
 * The one painter of the window. A port can be handed to a worker only once, so the worker outlives the map: leaving the
 * map page and coming back finds it, with its source, where it was. Null asks for the painter before the service is there.
 */
export function acquirePainter(source: TileSource | null): PainterLink {
  shared ??= { painter: painterLink(), source: null }
  if (source && shared.source !== source) {
    shared.source = source
    shared.painter.setSource(source)
  }
  return shared.painter
}

function painterLink(): PainterLink {
  const worker = new Worker(new URL('../tile-painter.worker.ts', import.meta.url), { type: 'module' })
  const listeners = new Set<TileListener>()
  const hits = new Map<number, (hit: Hit) => void>()
  const labels = new Map<number, (bitmap: ImageBitmap | null) => void>()
  const early = new Map<
    string,
    { readonly tile: TileAddress; readonly devicePixels: number; painted: Painted | null }
  >()
  let lastId = 0

  worker.onmessage = ({ data }: MessageEvent<PainterAnswer>) => {
    switch (data.kind) {
      case 'painted': {
        const waiting = early.get(data.key)
        if (!waiting) return handOver(data)
        if (data.part) {
          // There is no picture yet for it to go into.
          data.bitmap.close()
          return post({ kind: 'want', tile: waiting.tile, devicePixels: waiting.devicePixels })
        }
        waiting.painted?.bitmap.close()
        waiting.painted = data
        return
      }
      case 'failed':
        for (const listener of listeners) listener.failed(data)
        return
      case 'hit':
        hits.get(data.id)?.(data)
        hits.delete(data.id)
        return
      case 'labels':
        labels.get(data.id)?.(data.bitmap)
        labels.delete(data.id)
    }
  }
  function handOver(painted: Painted) {
    for (const listener of listeners) listener.painted(painted)
    // Whoever wanted it has taken its pixels; closing an emptied bitmap does nothing.
    painted.bitmap.close()
  }
  const post = (request: PainterRequest, transfer: Transferable[] = []) => worker.postMessage(request, transfer)

  function send(request: PainterRequest) {
    const key = request.kind === 'want' ? tileKey(request.tile) : ''
    const waiting = early.get(key)
    if (!waiting) return post(request)
    // The worker wants it already. Whoever asks now notes first that it did.
    early.delete(key)
    const { painted } = waiting
    if (painted) queueMicrotask(() => handOver(painted))
  }

  return {
    send,
    setSource(source) {
      if (source.kind === 'port') {
        post({ kind: 'port-source', port: source.port }, [source.port])
        // The worker holds the port, and a page that goes with it open takes old Electron versions down.
        addEventListener('pagehide', () => worker.terminate(), { once: true })
      } else post({ kind: 'http-source', baseUrl: source.baseUrl, headers: source.headers ?? {} })
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ahead(tiles, devicePixels) {
      for (const tile of tiles) {
        early.set(tileKey(tile), { tile, devicePixels, painted: null })
        post({ kind: 'want', tile, devicePixels })
      }
    },
    endAhead() {
      for (const { tile, painted } of early.values()) {
        painted?.bitmap.close()
        post({ kind: 'unwant', tile })
      }
      early.clear()
    },
    hit: (tile, x, y) =>
      new Promise(resolve => {
        const id = ++lastId
        hits.set(id, resolve)
        send({ kind: 'hit', id, tile, x, y })
      }),
    labels: (view, devicePixels) =>
      new Promise(resolve => {
        const id = ++lastId
        labels.set(id, resolve)
        send({ kind: 'labels', id, view, devicePixels })
      }),
  }
}
