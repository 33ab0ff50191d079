/**
 * The painter without its thread: which tiles are wanted, what is known of them, what is painted next. Geometry is kept
 * apart from style: a theme or filter change repaints from memory. `tile-painter.worker.ts` gives it a canvas and messages.
 */
import type { TileValues } from '../../../shared/contract/tiles.ts'
import { decodePackedTile, type PackedTile } from '../../../shared/tiles/packed-tile.ts'
import { patchTile } from '../../../shared/tiles/patch-tile.ts'
import { TILE_SIZE_PX, tileBox } from '../../../shared/tiles/tile-address.ts'
import { parcelsAt, shapeOf } from '../../../shared/tiles/tile-hit.ts'
import type { MapBox } from '../map-port.ts'
import { LABEL_FONT, paintLabels, placeLabels } from './paint-labels.ts'
import { type PaintStyle, themeStyle } from './paint-style.ts'
import { paintTile, releaseSheet } from './paint-tile.ts'
import {
  type LabelView,
  type PainterAnswer,
  type PainterRequest,
  type TileAddress,
  tileKey,
} from './painter-messages.ts'
import { paintGroups, visibility } from './tile-classes.ts'
import { httpTileClient, portTileClient, type TileClient } from './tile-client.ts'
import { partAround, within } from './tile-part.ts'

/** Of all tiles together. What is in view is kept whatever it takes; the rest is for going back a step. */
const MAX_CACHE_BYTES = 3 * 1024 * 1024
const MAX_READS = 3
const EDGE_PX = 16
const FALLBACK_STYLE = themeStyle('side', [], null, false)

interface Wanted {
  readonly address: TileAddress
  devicePixels: number
  needsPaint: boolean
  /** Places of the parcels that got other values since the tile was painted; painted with what is around them. */
  changed: number[]
  reading: AbortController | null
  failed: boolean
}

interface Known {
  readonly tile: PackedTile
  readonly bytes: number
  /** What its values are true for; grows when they are changed in place. */
  revision: number
  stale: boolean
}

export interface TilePainter {
  handle(request: PainterRequest): void
}

/** @param post sends an answer, transferring what is listed. */
export function tilePainter(post: (answer: PainterAnswer, transfer: Transferable[]) => void): TilePainter {
  const wanted = new Map<string, Wanted>()
  const known = new Map<string, Known>()
  const styles = new Map<string, PaintStyle>()
  const recentChanges: { revision: number; box: MapBox | null }[] = []
  let skipped: ReadonlySet<number> = new Set()
  let client: TileClient | null = null
  let survey: string | null = null
  let revision = 0
  let centre = { z: 0, x: 0, y: 0 }
  let reads = 0
  let cacheBytes = 0
  let isPainting = false
  let canvas: OffscreenCanvas | null = null

  const styleOf = (layer: string) => styles.get(layer) ?? FALLBACK_STYLE

  function handle(request: PainterRequest): void {
    switch (request.kind) {
      case 'port-source':
        replaceClient(portTileClient(request.port))
        break
      case 'http-source':
        replaceClient(httpTileClient(request.baseUrl, request.headers))
        break
      case 'style':
        // The window repeats the style that the first picture was painted in.
        if (sameStyle(styleOf(request.layer), request.style)) break
        styles.set(request.layer, request.style)
        repaint(entry => entry.address.layer === request.layer)
        break
      case 'skip': {
        const changedPks = new Set([...skipped, ...request.pks])
        skipped = new Set(request.pks)
        repaint(entry => known.get(tileKey(entry.address))?.tile.pk.some(pk => changedPks.has(pk)) ?? false)
        break
      }
      case 'want':
        want(request.tile, request.devicePixels)
        break
      case 'unwant':
        unwant(tileKey(request.tile))
        break
      case 'centre':
        centre = { z: request.z, x: request.x, y: request.y }
        break
      case 'opened':
        opened(request.survey, request.revision)
        break
      case 'changed':
        if (request.revision === 0) forgetAll()
        else if (request.values) valuesChanged(request.revision, request.box, request.values)
        else dataChanged(request.revision, request.box)
        break
      case 'retry':
        for (const entry of wanted.values()) entry.failed = false
        readMore()
        break
      case 'hit':
        post({ kind: 'hit', id: request.id, ...hit(request.tile, request.x, request.y) }, [])
        break
      case 'labels':
        labels(request.id, request.view, request.devicePixels)
        break
    }
  }

  function replaceClient(next: TileClient) {
    client?.close()
    client = next
    for (const entry of wanted.values()) entry.failed = false
    readMore()
  }

  function want(address: TileAddress, devicePixels: number) {
    const key = tileKey(address)
    wanted.set(key, { address, devicePixels, needsPaint: known.has(key), changed: [], reading: null, failed: false })
    const entry = known.get(key)
    if (entry) {
      known.delete(key)
      known.set(key, entry)
    }
    readMore()
    paintSoon()
  }

  function unwant(key: string) {
    wanted.get(key)?.reading?.abort()
    wanted.delete(key)
  }

  function repaint(concerns: (entry: Wanted) => boolean) {
    for (const entry of wanted.values()) if (concerns(entry)) entry.needsPaint = true
    paintSoon()
  }

  function opened(next: string, atRevision: number) {
    const isOther = survey !== null && survey !== next
    survey = next
    if (isOther) forgetAll()
    else dataChanged(atRevision, null)
    for (const entry of wanted.values()) entry.failed = false
    readMore()
  }

  /** Nothing known is worth anything, and answers under way are not either. */
  function forgetAll() {
    revision = 0
    recentChanges.length = 0
    for (const entry of wanted.values()) entry.reading?.abort()
    for (const [key, entry] of known) markStale(key, entry)
    readMore()
  }

  function dataChanged(newRevision: number, box: MapBox | null) {
    noteChange(newRevision, box)
    for (const [key, entry] of known) if (entry.revision < newRevision && meets(box, entry.tile)) markStale(key, entry)
    readMore()
  }

  /** The tiles known already are changed in place. What is being read now may be older: it is read again by `noteChange`. */
  function valuesChanged(newRevision: number, box: MapBox | null, values: readonly TileValues[]) {
    noteChange(newRevision, box)
    for (const [key, entry] of known) {
      if (entry.revision >= newRevision) continue
      if (key.startsWith('parcels/') && !entry.stale) {
        const changed = patchTile(entry.tile, values)
        entry.revision = newRevision
        wanted.get(key)?.changed.push(...changed)
      }
    }
    paintSoon()
  }

  function noteChange(newRevision: number, box: MapBox | null) {
    revision = Math.max(revision, newRevision)
    recentChanges.push({ revision: newRevision, box })
    if (recentChanges.length > 64) {
      // What was forgotten may have met any tile still being read.
      const oldest = recentChanges.shift()!
      recentChanges[0] = { revision: Math.max(oldest.revision, recentChanges[0]!.revision), box: null }
    }
  }

  function markStale(key: string, entry: Known) {
    entry.stale = true
    if (wanted.has(key)) return
    known.delete(key)
    cacheBytes -= entry.bytes
  }

  function nearestFirst(entries: Iterable<Wanted>): Wanted[] {
    const distance = ({ address: { z, x, y } }: Wanted) => {
      const factor = 2 ** (z - centre.z)
      return Math.hypot(x + 0.5 - centre.x * factor, y + 0.5 - centre.y * factor)
    }
    return [...entries].sort((a, b) => distance(a) - distance(b))
  }

  function readMore() {
    if (!client || reads >= MAX_READS) return
    const missing = [...wanted.values()].filter(entry => {
      const have = known.get(tileKey(entry.address))
      return !entry.reading && !entry.failed && (!have || have.stale)
    })
    for (const entry of nearestFirst(missing).slice(0, MAX_READS - reads)) void read(entry, client)
  }

  async function read(entry: Wanted, from: TileClient) {
    const key = tileKey(entry.address)
    const reading = new AbortController()
    entry.reading = reading
    reads += 1
    try {
      const bytes = await from.read({ ...entry.address, revision }, reading.signal)
      remember(key, decodePackedTile(bytes), bytes.length)
      entry.needsPaint = true
      paintSoon()
    } catch (error) {
      const code = (error as { code?: string }).code ?? 'internal'
      // A reader that was replaced leaves its tiles to the next one.
      if (code !== 'cancelled' && from === client) {
        entry.failed = true
        post({ kind: 'failed', key, code, message: (error as Error).message }, [])
      }
    } finally {
      reads -= 1
      entry.reading = null
      readMore()
    }
  }

  function remember(key: string, tile: PackedTile, bytes: number) {
    const old = known.get(key)
    if (old) cacheBytes -= old.bytes
    known.delete(key)
    const stale = recentChanges.some(change => change.revision > tile.revision && meets(change.box, tile))
    known.set(key, { tile, bytes, revision: tile.revision, stale })
    cacheBytes += bytes
    for (const [oldest, entry] of known) {
      if (cacheBytes <= MAX_CACHE_BYTES) break
      if (wanted.has(oldest)) continue
      known.delete(oldest)
      cacheBytes -= entry.bytes
    }
  }

  /** One tile a turn, so that hits and newer wishes come through in between. */
  function paintSoon() {
    if (isPainting) return
    isPainting = true
    nextTurn(() => {
      isPainting = false
      const ready = [...wanted.values()].filter(
        entry => (entry.needsPaint || entry.changed.length > 0) && known.has(tileKey(entry.address)),
      )
      const [next] = nearestFirst(ready)
      if (!next) return releaseSheet()
      paint(next)
      next.needsPaint = false
      next.changed = []
      paintSoon()
    })
  }

  function paint({ address, devicePixels, needsPaint, changed }: Wanted) {
    const key = tileKey(address)
    const { tile, revision: shownRevision } = known.get(key)!
    const size = TILE_SIZE_PX * devicePixels
    const part = needsPaint ? null : partAround(tile, changed, devicePixels)
    const sheet = part ? new OffscreenCanvas(part.width, part.height) : wholeSheet(size)
    const context = sheet.getContext('2d')
    if (!context) {
      post({ kind: 'failed', key, code: 'internal', message: 'no 2d canvas' }, [])
      return
    }
    const style = styleOf(address.layer)
    const isPreview = address.layer !== 'parcels'
    const isVisible = visibility(tile, style, isPreview ? new Set() : skipped)
    const groups = paintGroups(tile, style, isPreview, part ? within(tile, part, devicePixels, isVisible) : isVisible)
    paintTile(context, tile, groups, style, devicePixels, part ?? { left: 0, top: 0, width: size, height: size })
    const bitmap = sheet.transferToImageBitmap()
    post({ kind: 'painted', key, bitmap, part, revision: shownRevision }, [bitmap])
  }

  function wholeSheet(size: number): OffscreenCanvas {
    if (canvas?.width !== size) canvas = new OffscreenCanvas(size, size)
    return canvas
  }

  function hit(address: TileAddress, x: number, y: number): { pks: number[]; rings: number[][] } {
    const entry = known.get(tileKey(address))
    if (!entry) return { pks: [], rings: [] }
    const isVisible = visibility(entry.tile, styleOf(address.layer), skipped)
    const found = parcelsAt(entry.tile, x, y, isVisible)
    return { pks: found.map(({ pk }) => pk), rings: found[0] ? shapeOf(entry.tile, found[0].index) : [] }
  }

  function labels(id: number, view: LabelView, devicePixels: number) {
    const painting = new OffscreenCanvas(view.width * devicePixels, view.height * devicePixels)
    const context = painting.getContext('2d')
    if (!context) {
      post({ kind: 'labels', id, bitmap: null }, [])
      return
    }
    context.scale(devicePixels, devicePixels)
    context.font = LABEL_FONT
    const style = styleOf(view.layer)
    const tiles = [...wanted.values()].flatMap(({ address }) => {
      const entry = address.layer === view.layer && address.z === view.z ? known.get(tileKey(address)) : undefined
      return entry ? [{ tile: entry.tile, isVisible: visibility(entry.tile, style, skipped) }] : []
    })
    const placed = placeLabels(tiles, view, line => context.measureText(line).width)
    if (placed.length === 0) {
      post({ kind: 'labels', id, bitmap: null }, [])
      return
    }
    paintLabels(context, placed, style.labels)
    const bitmap = painting.transferToImageBitmap()
    post({ kind: 'labels', id, bitmap }, [bitmap])
    // Six MB that would wait for the worker's next collection of garbage.
    painting.width = 1
    painting.height = 1
  }

  return { handle }
}

/** A turn of the event loop later. Timers that set each other are held back for 4 ms, which is a fifth of a tile. */
const turns = new MessageChannel()
let waiting: (() => void)[] = []
turns.port1.onmessage = () => {
  const now = waiting
  waiting = []
  for (const work of now) work()
}
function nextTurn(work: () => void): void {
  waiting.push(work)
  turns.port2.postMessage(null)
}

/** Filters by lists of keys are long: they count as different. */
function sameStyle(a: PaintStyle, b: PaintStyle): boolean {
  return !a.filter?.keys && !b.filter?.keys && JSON.stringify(a) === JSON.stringify(b)
}

function meets(box: MapBox | null, tile: PackedTile): boolean {
  if (!box) return true
  const [west, south, east, north] = tileBox(tile.z, tile.x, tile.y, EDGE_PX)
  return box[0] <= east && box[2] >= west && box[1] <= north && box[3] >= south
}
