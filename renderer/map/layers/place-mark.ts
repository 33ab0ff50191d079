/** A cross at a place that a person asked for by its coordinates, until the next one or until it is taken away. */
import { DivIcon, type Map as LeafletMap, Marker } from 'leaflet'
import type { LngLat } from '../map-port.ts'

export interface PlaceMark {
  show(place: LngLat | null, label?: string): void
  remove(): void
}

export function placeMark(map: LeafletMap): PlaceMark {
  let marker: Marker | null = null
  const clear = (): void => {
    marker?.remove()
    marker = null
  }
  const icon = (): DivIcon =>
    new DivIcon({
      className: 'map-place',
      iconSize: [26, 26],
      html: '<svg viewBox="0 0 26 26" width="26" height="26"><path d="M13 1V10M13 16V25M1 13H10M16 13H25"/></svg>',
    })
  return {
    show(place, label = '') {
      clear()
      if (!place) return
      marker = new Marker([place.lat, place.lng], { icon: icon(), interactive: false, keyboard: false, alt: label })
      marker.addTo(map)
    },
    remove: clear,
  }
}
