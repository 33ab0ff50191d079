/**
 * Leaflet layer of painted tiles: asks the painter for a bitmap per tile and places it. Updates are painted in place, so
 * that a change never shows a blank. A tile is 512 px: Leaflet zoom z + 1 shows tiles of z.
 */
import { type Coords, type DoneCallback, GridLayer, type GridLayerOptions, type Map as LeafletMap } from 'leaflet'
import { TILE_SIZE_PX, ZOOM_OFFSET } from '../../../shared/tiles/tile-address.ts'
import { devicePixels } from '../painting/device-pixels.ts'
import type { PainterLink } from '../painting/painter-link.ts'
import { type TileAddress, type TilePart, tileKey } from '../painting/painter-messages.ts'
import { dropPixels, pictureOf } from '../painting/pictures.ts'

export interface ParcelLayerOptions extends GridLayerOptions {
  readonly layer: string
  readonly painter: PainterLink
}

interface PlacedTile {
  readonly address: TileAddress
  /** Tells Leaflet once that the tile may be shown. */
  done: DoneCallback | null
  /** Leaflet's; holds the picture. */
  readonly element: HTMLElement
  picture: HTMLCanvasElement | null
}

/** Tiles farther than this outside of the view are taken out of the picture; near enough for the fastest drag of a frame. */
const SHOWN_MARGIN_PX = 200

export class ParcelLayer extends GridLayer {
  readonly #layer: string
  readonly #painter: PainterLink
  readonly #tiles = new Map<string, PlacedTile>()
  readonly #completions: (() => void)[] = []
  #stop: (() => void) | null = null
  #isZooming = false
  /** Called after bitmaps were placed, for whatever depends on the tiles, such as labels. */
  onPlaced: () => void = () => undefined
  onFailed: (code: string, message: string) => void = () => undefined

  constructor(options: ParcelLayerOptions) {
    super({
      tileSize: TILE_SIZE_PX,
      updateWhenZooming: false,
      updateWhenIdle: false,
      updateInterval: 100,
      keepBuffer: 1,
      minZoom: 5,
      maxZoom: 22,
      noWrap: true,
      ...options,
    })
    this.#layer = options.layer
    this.#painter = options.painter
    this.on('tileunload', event => this.#unload((event as unknown as { coords: Coords }).coords))
  }

  override onAdd(map: LeafletMap): this {
    this.#stop = this.#painter.listen({
      painted: ({ key, bitmap, part }) => this.#place(key, bitmap, part),
      failed: ({ key, code, message }) => {
        if (this.#tiles.has(key)) this.onFailed(code, message)
      },
    })
    map.on('move moveend resize', this.#hideFar, this)
    map.on('zoomstart', this.#showAll, this)
    return super.onAdd(map)
  }

  override onRemove(map: LeafletMap): this {
    map.off('move moveend resize', this.#hideFar, this)
    map.off('zoomstart', this.#showAll, this)
    super.onRemove(map)
    for (const { address } of this.#tiles.values()) this.#painter.send({ kind: 'unwant', tile: address })
    this.#tiles.clear()
    this.#stop?.()
    this.#stop = null
    return this
  }

  override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const element = document.createElement('div')
    const address = this.addressOf(coords)
    if (address.x < 0 || address.y < 0) {
      window.setTimeout(() => done(undefined, element), 0)
      return element
    }
    this.#tiles.set(tileKey(address), { address, done, element, picture: null })
    this.#painter.send({ kind: 'want', tile: address, devicePixels: devicePixels() })
    return element
  }

  /**
   * Tiles kept around the view need no copy of theirs in the compositor: as many bytes again as the tile itself. While the
   * map zooms they are all shown, because what lies outside may come in.
   */
  #hideFar(): void {
    const map = this._map
    if (this.#isZooming || !map) return
    const { min, max } = map.getPixelBounds()
    if (!min || !max) return
    const z = map.getZoom() - ZOOM_OFFSET
    for (const { address, element } of this.#tiles.values()) {
      if (address.z !== z) continue
      const [left, top] = [address.x * TILE_SIZE_PX, address.y * TILE_SIZE_PX]
      const isFar =
        left > max.x + SHOWN_MARGIN_PX ||
        top > max.y + SHOWN_MARGIN_PX ||
        left + TILE_SIZE_PX < min.x - SHOWN_MARGIN_PX ||
        top + TILE_SIZE_PX < min.y - SHOWN_MARGIN_PX
      const display = isFar ? 'none' : ''
      if (element.style.display !== display) element.style.display = display
    }
  }

  #showAll(): void {
    this.#isZooming = true
    this._map?.once('zoomend', () => {
      this.#isZooming = false
    })
    for (const { element } of this.#tiles.values()) element.style.display = ''
  }

  addressOf(coords: Pick<Coords, 'x' | 'y' | 'z'>): TileAddress {
    return { layer: this.#layer, z: coords.z - ZOOM_OFFSET, x: coords.x, y: coords.y }
  }

  /** True while a tile in view has not been painted once. */
  get isWaiting(): boolean {
    return [...this.#tiles.values()].some(tile => tile.done !== null)
  }

  /** Resolves when every tile in view has been painted. */
  whenComplete(): Promise<void> {
    if (!this.isWaiting) return Promise.resolve()
    return new Promise(resolve => this.#completions.push(resolve))
  }

  #place(key: string, bitmap: ImageBitmap, part: TilePart | null): void {
    const tile = this.#tiles.get(key)
    // A part of a picture that is gone: the tile has been asked for again and comes whole.
    if (!tile || (part && !tile.picture)) return
    show(tile, bitmap, part)
    const { done } = tile
    tile.done = null
    done?.(undefined, tile.element)
    this.onPlaced()
    if (this.#completions.length > 0 && !this.isWaiting) for (const resolve of this.#completions.splice(0)) resolve()
  }

  #unload(coords: Coords): void {
    const address = this.addressOf(coords)
    const tile = this.#tiles.get(tileKey(address))
    if (!tile) return
    this.#tiles.delete(tileKey(address))
    this.#painter.send({ kind: 'unwant', tile: address })
    if (tile.picture) dropPixels(tile.picture)
  }
}

function show(tile: PlacedTile, bitmap: ImageBitmap, part: TilePart | null): void {
  const old = tile.picture
  const picture = part && old ? withPart(old, bitmap, part) : pictureOf(bitmap)
  picture.className = 'map-tile'
  tile.element.replaceChildren(picture)
  tile.picture = picture
  if (old) dropPixels(old)
}

function withPart(
  old: HTMLCanvasElement,
  bitmap: ImageBitmap,
  { left, top, width, height }: TilePart,
): HTMLCanvasElement {
  const picture = document.createElement('canvas')
  picture.width = old.width
  picture.height = old.height
  const pen = picture.getContext('2d')!
  pen.drawImage(old, 0, 0)
  pen.clearRect(left, top, width, height)
  pen.drawImage(bitmap, left, top)
  return picture
}
