/** Photos on the map: a marker that looks into the direction of the camera; many at one place become a number. */
import { DivIcon, LayerGroup, type Map as LeafletMap, Marker } from 'leaflet'
import type { PhotoPlace } from './field-store.ts'

const PANE = 'photos'
/** Photos nearer than this share a marker. */
const CELL_PX = 28

export interface PhotoLayer {
  show(photos: readonly PhotoPlace[] | null, onPhoto: ((id: string) => void) | null): void
  remove(): void
}

export function photoLayer(map: LeafletMap): PhotoLayer {
  map.createPane(PANE).style.zIndex = '630'
  const group = new LayerGroup().addTo(map)
  let photos: readonly PhotoPlace[] = []
  let open: ((id: string) => void) | null = null

  function draw() {
    group.clearLayers()
    const cells = new Map<string, PhotoPlace[]>()
    for (const photo of photos) {
      const { x, y } = map.project([photo.lat, photo.lng])
      const key = `${Math.floor(x / CELL_PX)}/${Math.floor(y / CELL_PX)}`
      cells.set(key, [...(cells.get(key) ?? []), photo])
    }
    for (const cell of cells.values()) group.addLayer(marker(cell))
  }

  function marker(cell: readonly PhotoPlace[]): Marker {
    const first = cell[0]!
    const face = document.createElement('span')
    face.className = 'photo-marker-face'
    face.textContent = cell.length > 1 ? String(cell.length) : ''
    if (cell.length === 1 && first.azimuth !== null) {
      const arrow = document.createElement('span')
      arrow.className = 'photo-marker-arrow'
      arrow.style.transform = `rotate(${first.azimuth}deg)`
      face.append(arrow)
    }
    const icon = new DivIcon({ html: face, className: 'photo-marker', iconSize: [24, 24] })
    const title = cell.length > 1 ? `${first.name} +${cell.length - 1}` : first.name
    return new Marker([first.lat, first.lng], { icon, pane: PANE, title, alt: title, keyboard: true }).on('click', () =>
      open?.(first.id),
    )
  }

  map.on('zoomend', draw)
  return {
    show(next, onPhoto) {
      open = onPhoto
      const shown = next ?? []
      if (shown === photos) return
      photos = shown
      draw()
    },
    remove() {
      map.off('zoomend', draw)
      group.remove()
    },
  }
}
