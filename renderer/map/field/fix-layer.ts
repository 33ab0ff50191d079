/** The receiver's position with its circle of accuracy, and the way it has come. */
import { Circle, CircleMarker, type Map as LeafletMap, Polyline } from 'leaflet'
import { calmCanvas } from '../layers/calm-canvas.ts'
import type { LngLat } from '../map-port.ts'
import type { Fix } from './field-store.ts'

const PANE = 'gnss'

export interface FixLayer {
  show(fix: Fix | null, track: readonly LngLat[]): void
  remove(): void
}

export function fixLayer(map: LeafletMap): FixLayer {
  const pane = map.createPane(PANE)
  pane.style.zIndex = '640'
  pane.style.pointerEvents = 'none'
  const common = { pane: PANE, renderer: calmCanvas({ pane: PANE, padding: 0.3 }), interactive: false }
  const line = new Polyline([], { ...common, color: '#1f5fa8', weight: 3, opacity: 0.7 }).addTo(map)
  const circle = new Circle([0, 0], { ...common, radius: 1, color: '#1f5fa8', weight: 1, fillOpacity: 0.15 })
  const dot = new CircleMarker([0, 0], {
    ...common,
    radius: 6,
    color: '#ffffff',
    weight: 2,
    fillColor: '#1f5fa8',
    fillOpacity: 1,
  })
  return {
    show(fix, track) {
      line.setLatLngs(track.map(({ lng, lat }) => [lat, lng] as [number, number]))
      if (!fix) {
        circle.remove()
        dot.remove()
        return
      }
      dot.setLatLng([fix.lat, fix.lng]).addTo(map)
      if (fix.accuracyM === null) circle.remove()
      else circle.setLatLng([fix.lat, fix.lng]).setRadius(fix.accuracyM).addTo(map)
      dot.bringToFront()
    },
    remove() {
      line.remove()
      circle.remove()
      dot.remove()
    },
  }
}
