/** Labels of the view, painted by the worker and laid over the tiles after each move; hidden while the map zooms. */
import { DomUtil, type Map as LeafletMap } from 'leaflet'
import { ZOOM_OFFSET } from '../../../shared/tiles/tile-address.ts'
import { LABEL_MIN_Z } from '../../../shared/tiles/tile-builder.ts'
import { devicePixels } from '../painting/device-pixels.ts'
import type { PainterLink } from '../painting/painter-link.ts'
import { dropPixels, pictureOf } from '../painting/pictures.ts'

const PANE = 'labels'
const WAIT_MS = 120
const PADDING_PX = 128

export interface LabelOverlay {
  /** Tiles or their style changed. */
  refresh(): void
  remove(): void
}

export function labelOverlay(map: LeafletMap, painter: PainterLink): LabelOverlay {
  const pane = map.createPane(PANE)
  pane.style.zIndex = '380'
  pane.style.pointerEvents = 'none'
  let shown: HTMLCanvasElement | null = null
  let timer = 0
  let turn = 0

  async function paint() {
    const mine = ++turn
    const z = map.getZoom() - ZOOM_OFFSET
    if (z < LABEL_MIN_Z) return empty()
    const size = map.getSize()
    const corner = map.containerPointToLayerPoint([-PADDING_PX, -PADDING_PX])
    const world = map.getPixelOrigin().add(corner)
    const view = {
      layer: 'parcels',
      z,
      left: world.x,
      top: world.y,
      width: size.x + 2 * PADDING_PX,
      height: size.y + 2 * PADDING_PX,
    }
    const pixels = devicePixels()
    const bitmap = await painter.labels(view, pixels)
    if (mine !== turn) return bitmap?.close()
    if (!bitmap) return empty()
    const picture = pictureOf(bitmap)
    picture.className = 'map-overlay leaflet-zoom-hide'
    picture.style.width = `${view.width}px`
    picture.style.height = `${view.height}px`
    DomUtil.setPosition(picture, corner)
    pane.append(picture)
    empty()
    shown = picture
  }

  /** A canvas larger than the view is over ten MB with the compositor's copy. */
  function empty() {
    if (!shown) return
    shown.remove()
    dropPixels(shown)
    shown = null
  }

  function refresh() {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void paint(), WAIT_MS)
  }
  function zoomStarted() {
    turn += 1
    if (shown) shown.style.display = 'none'
  }
  map.on('moveend', refresh)
  map.on('zoomstart', zoomStarted)

  return {
    refresh,
    remove() {
      turn += 1
      window.clearTimeout(timer)
      map.off('moveend', refresh)
      map.off('zoomstart', zoomStarted)
      empty()
    },
  }
}
