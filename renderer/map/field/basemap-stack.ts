/**
 * Basemaps under the parcels, one grid layer per source. A tile that is blank is cut out of its parent, up to three levels
 * up; a source in GCJ-02 is drawn where it truly lies, by the shift at the middle of each tile.
 */
import { type Coords, GridLayer, type Map as LeafletMap } from 'leaflet'
import { toGcj02 } from '../../../shared/geometry/gcj02.ts'
import { latitudeToTile, longitudeToTile, tileLatitude, tileLongitude } from '../../../shared/tiles/tile-address.ts'
import type { BasemapView, ReadTile } from './field-store.ts'

const PANE = 'field-basemaps'
const TILE_PX = 256
const PARENTS = 3

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
        const key = `${view.version}/${view.gcj02}`
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

function sourceLayer(view: BasemapView, read: ReadTile): GridLayer {
  const pictures = new Map<string, Promise<ImageBitmap | null>>()
  /** The picture of a source tile, asked for once while the layer lives; a broken one counts as blank. */
  const picture = (z: number, x: number, y: number): Promise<ImageBitmap | null> => {
    const side = 2 ** z
    if (x < 0 || y < 0 || x >= side || y >= side) return Promise.resolve(null)
    const key = `${z}/${x}/${y}`
    let known = pictures.get(key)
    if (!known) {
      known = read(view.id, z, x, y)
        .then(tile =>
          tile ? createImageBitmap(new Blob([tile.bytes as Uint8Array<ArrayBuffer>], { type: tile.type })) : null,
        )
        .catch(() => null)
      pictures.set(key, known)
      if (pictures.size > 200) pictures.delete(pictures.keys().next().value!)
    }
    return known
  }

  /** Draws the part of the source that covers the tile at (x, y), which need not be whole numbers. */
  async function paint(context: CanvasRenderingContext2D, z: number, x: number, y: number): Promise<void> {
    for (let column = Math.floor(x); column < x + 1; column++) {
      for (let row = Math.floor(y); row < y + 1; row++) {
        for (
          let level = Math.min(z, view.maxZoom), tries = 0;
          level >= view.minZoom && tries <= PARENTS;
          level--, tries++
        ) {
          const factor = 2 ** (z - level)
          const bitmap = await picture(level, Math.floor(column / factor), Math.floor(row / factor))
          if (!bitmap) continue
          const size = bitmap.width / factor
          const size2 = bitmap.height / factor
          const scale = context.canvas.width
          context.drawImage(
            bitmap,
            (column % factor) * size,
            (row % factor) * size2,
            size,
            size2,
            (column - x) * scale,
            (row - y) * scale,
            scale,
            scale,
          )
          break
        }
      }
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
    minZoom: Math.max(0, view.minZoom),
    updateWhenZooming: false,
  })
}

/** Where the content of a true tile lies in a source that is shifted, in fractional tiles. */
function shifted(z: number, x: number, y: number): [number, number] {
  const [lng, lat] = toGcj02(tileLongitude(x + 0.5, z), tileLatitude(y + 0.5, z))
  return [longitudeToTile(lng, z) - 0.5, latitudeToTile(lat, z) - 0.5]
}
