/**
 * The first picture: Leaflet's map, the painting worker, basemap and parcels, and nothing else. The window starts it before
 * its own code is there (`renderer/main.tsx`), and `createMapController` takes it over; a later map starts here as well.
 */
import { Map as LeafletMap } from 'leaflet'
import { latitudeToTile, longitudeToTile, ZOOM_OFFSET } from '../../shared/tiles/tile-address.ts'
import { type BasemapLayer, basemapLayer, HOME_BOX } from './layers/basemap-layer.ts'
import { ParcelLayer } from './layers/parcel-layer.ts'
import { boundsOf, viewOf } from './layers/view-geometry.ts'
import type { MapBox, TileSource } from './map-port.ts'
import { acquirePainter, type PainterLink } from './painting/painter-link.ts'
import type { StoredView } from './stored-view.ts'

export interface StartedMap {
  readonly element: HTMLElement
  readonly map: LeafletMap
  readonly painter: PainterLink
  readonly basemap: BasemapLayer
  readonly parcels: ParcelLayer
}

export interface StartOptions {
  readonly view: StoredView | null
  /** Shown without a view; null for the home county. */
  readonly extent: MapBox | null
  /** Null while the service is not connected: `acquirePainter` gives it later. */
  readonly source: TileSource | null
  readonly language: 'zh' | 'en'
  readonly dark: boolean
  readonly reducedMotion: boolean
}

/** @param parent laid out already: Leaflet measures it. */
export function startMap(parent: HTMLElement, options: StartOptions): StartedMap {
  const element = document.createElement('div')
  element.className = 'map-canvas'
  parent.append(element)
  const map = new LeafletMap(element, {
    zoomControl: false,
    attributionControl: false,
    doubleClickZoom: true,
    fadeAnimation: false,
    zoomAnimation: !options.reducedMotion,
    inertia: !options.reducedMotion,
    minZoom: 5,
    maxZoom: 22,
    zoomSnap: 1,
    wheelPxPerZoomLevel: 100,
  })
  showPlace(map, options)
  const painter = acquirePainter(options.source)
  // Tiles near the middle first, from the very first one.
  tellCentre(map, painter)
  const parcels = new ParcelLayer({ layer: 'parcels', painter }).addTo(map)
  painter.endAhead()
  const basemap = basemapLayer(map)
  basemap.setAppearance(options.language, options.dark)
  return { element, map, painter, basemap, parcels }
}

/** Moves at once to a remembered place, else to all of the data. */
export function showPlace(map: LeafletMap, { view, extent }: Pick<StartOptions, 'view' | 'extent'>): void {
  if (view) map.setView([view.centre.lat, view.centre.lng], view.zoom, { animate: false })
  else map.fitBounds(boundsOf(extent ?? HOME_BOX), { padding: [24, 24], animate: false })
}

export function tellCentre(map: LeafletMap, painter: PainterLink): void {
  const { centre, zoom } = viewOf(map)
  const z = zoom - ZOOM_OFFSET
  painter.send({ kind: 'centre', z, x: longitudeToTile(centre.lng, z), y: latitudeToTile(centre.lat, z) })
}
