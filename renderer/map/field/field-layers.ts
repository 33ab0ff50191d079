/** Draws what `field-store.ts` holds: basemaps below the parcels, photos above them; and where the receiver is. */
import './field.css'
import type { Map as LeafletMap } from 'leaflet'
import { basemapStack } from './basemap-stack.ts'
import { fieldState, subscribeField } from './field-store.ts'
import { gnssLayer } from './gnss-layer.ts'
import { photoLayer } from './photo-layer.ts'

export interface FieldLayers {
  remove(): void
}

export function fieldLayers(map: LeafletMap): FieldLayers {
  const photos = photoLayer(map)
  const gnss = gnssLayer(map)
  const basemaps = basemapStack(map)
  const show = (): void => {
    const state = fieldState()
    basemaps.show(state.basemaps, state.readTile)
    photos.show(state.photos, state.onPhoto)
  }
  const stop = subscribeField(show)
  show()
  return {
    remove() {
      stop()
      basemaps.remove()
      photos.remove()
      gnss.remove()
    },
  }
}
