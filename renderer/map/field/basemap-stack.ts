/**
 * Basemaps under the parcels, one grid layer per source. A tile that is blank is cut out of its parent, up to three levels
 * up; a source in GCJ-02 is drawn where it truly lies, by the shift at the middle of each tile.
 */
import { type Coords, GridLayer, type Map as LeafletMap } from 'leaflet'
import { toGcj02 } from '../../../shared/geometry/gcj02.ts'
import { latitudeToTile, longitudeToTile, tileLatitude, tileLongitude } from '../../../shared/tiles/tile-address.ts'
import type { BasemapView, ReadTile } from './field-store.ts'
import { geographicStrips, type TileStrip } from './geographic-tiles.ts'
import { decodeTile } from './tile-decoder.ts'

const PANE = 'field-basemaps'
const TILE_PX = 256

export interface BasemapStack {
  show(views: readonly BasemapView[], read: ReadTile | null): void
  remove(): void
}

export function basemapStack(map: LeafletMap): BasemapStack {
  const pane = map.createPane(PANE)
  pane.style.zIndex = '170'
  pane.style.pointerEvents = 'none'
  const layers = new Map<string, { layer: GridLayer; key: string }>()
  let shown: readonly BasemapView[] = []
  let reader: ReadTile | null = null

  return {
    show(views, read) {
      if (views === shown && read === reader) return
      const sameReader = read === reader
      shown = views
      reader = read
      for (const [id, { layer }] of layers) {
        if (read && sameReader && views.some(view => view.id === id)) continue
        layer.remove()
        layers.delete(id)
      }
      if (!read) return
      views.forEach((view, index) => {
        const key = `${view.version}/${view.gcj02}/${view.shownFrom}/${view.shownTo}`
        const known = layers.get(view.id)
        if (known && known.key !== key) known.layer.remove()
        const layer = known?.key === key ? known.layer : sourceLayer(view, read).addTo(map)
        layers.set(view.id, { layer, key })
        layer.setOpacity(view.opacity)
        layer.setZIndex(index + 1)
      })
    },
    remove() {
      for (const { layer } of layers.values()) layer.remove()
      layers.clear()
    },
  }
}

interface Cut {
  readonly bitmap: ImageBitmap
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

function sourceLayer(view: BasemapView, read: ReadTile): GridLayer {
  const pictures = new Map<string, Promise<ImageBitmap | null>>()
  /**
   * The part of a source tile that a tile at `z` shows, asked for once while the layer lives; broken or blank ones are null.
   * A vector tile is painted for the zoom it is shown at, a picture is cut out by whoever draws it.
   */
  const picture = (level: number, z: number, column: number, row: number): Promise<ImageBitmap | null> => {
    const factor = 2 ** (z - level)
    const [x, y] = [Math.floor(column / factor), Math.floor(row / factor)]
    const side = 2 ** level
    if (x < 0 || y < 0 || x >= side || y >= side) return Promise.resolve(null)
    const part = view.kind === 'vector' ? { factor, column: column % factor, row: row % factor, zoom: z } : null
    const key = part ? `${z}/${column}/${row}` : `${level}/${x}/${y}`
    let known = pictures.get(key)
    if (!known) {
      known = read(view.id, level, x, y)
        .then(tile => (tile ? decodeTile(tile, part) : null))
        .catch(() => null)
      pictures.set(key, known)
      if (pictures.size > 200) pictures.delete(pictures.keys().next().value!)
    }
    return known
  }

  /** What shows the source's tile (column, row) at `z`: itself, or its part of the nearest coarser one that is not blank. */
  async function find(z: number, column: number, row: number): Promise<Cut | null> {
    for (
      let level = Math.min(z, view.maxZoom), tries = 0;
      level >= view.minZoom && tries <= view.parents;
      level--, tries++
    ) {
      const bitmap = await picture(level, z, column, row)
      if (!bitmap) continue
      const cut = view.kind === 'vector' ? 1 : 2 ** (z - level)
      const [width, height] = [bitmap.width / cut, bitmap.height / cut]
      return { bitmap, left: (column % cut) * width, top: (row % cut) * height, width, height }
    }
    return null
  }

  /** Draws the part of the source that covers the tile at (x, y), which need not be whole numbers. */
  async function paint(context: CanvasRenderingContext2D, z: number, x: number, y: number): Promise<void> {
    const scale = context.canvas.width
    if (view.grid === 'geographic') return paintStrips(context, geographicStrips(z, x, y, scale), z)
    for (let column = Math.floor(x); column < x + 1; column++) {
      for (let row = Math.floor(y); row < y + 1; row++) {
        const found = await find(z, column, row)
        if (!found) continue
        const { bitmap, left, top, width, height } = found
        context.drawImage(bitmap, left, top, width, height, (column - x) * scale, (row - y) * scale, scale, scale)
      }
    }
  }

  async function paintStrips(
    context: CanvasRenderingContext2D,
    strips: readonly TileStrip[],
    z: number,
  ): Promise<void> {
    const side = context.canvas.width
    for (const strip of strips) {
      const found = await find(z, strip.column, strip.row)
      if (!found) continue
      const part = (strip.to - strip.from) * found.height
      const from = found.top + strip.from * found.height
      context.drawImage(found.bitmap, found.left, from, found.width, part, strip.left, strip.top, side, strip.height)
    }
  }

  class SourceLayer extends GridLayer {
    protected override createTile({ x, y, z }: Coords, done: (error?: Error, tile?: HTMLElement) => void): HTMLElement {
      const canvas = document.createElement('canvas')
      const pixels = Math.round(TILE_PX * Math.min(2, window.devicePixelRatio))
      canvas.width = pixels
      canvas.height = pixels
      const context = canvas.getContext('2d')
      if (!context) return canvas
      const [sx, sy] = view.gcj02 ? shifted(z, x, y) : [x, y]
      paint(context, z, sx, sy).then(
        () => done(undefined, canvas),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), canvas),
      )
      return canvas
    }
  }
  return new SourceLayer({
    pane: PANE,
    tileSize: TILE_PX,
    minZoom: Math.max(view.minZoom, view.shownFrom ?? 0),
    ...(view.shownTo === null ? {} : { maxZoom: view.shownTo }),
    updateWhenZooming: false,
  })
}

/** Where the content of a true tile lies in a source that is shifted, in fractional tiles. */
function shifted(z: number, x: number, y: number): [number, number] {
  const [lng, lat] = toGcj02(tileLongitude(x + 0.5, z), tileLatitude(y + 0.5, z))
  return [longitudeToTile(lng, z) - 0.5, latitudeToTile(lat, z) - 0.5]
}
