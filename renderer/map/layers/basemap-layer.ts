/**
 * The bundled basemap: county outlines with Lanxi set off, and a graticule, so that the map is never a white sheet. For
 * orientation only; nothing is measured on it and nothing on it can be clicked.
 */

import type { Feature, FeatureCollection } from 'geojson'
import { DivIcon, GeoJSON, LayerGroup, type Map as LeafletMap, Marker, Polyline, svg } from 'leaflet'
import countiesText from '../../../resources/basemap/jinhua-counties.geojson?raw'

const HOME_COUNTY = '330781'
const PANE = 'basemap'
const GRATICULE_STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
const GRATICULE_GAP_PX = 110
/** Names stand in the way of parcels at larger scales. */
const MAX_NAME_ZOOM = 13

/** Where the map opens when there are no parcels and no remembered view. */
export const HOME_BOX = [119.22, 29.02, 119.91, 29.46] as const

export interface BasemapLayer {
  setAppearance(language: 'zh' | 'en', isDark: boolean): void
  remove(): void
}

export function basemapLayer(map: LeafletMap): BasemapLayer {
  const pane = map.createPane(PANE)
  pane.style.zIndex = '150'
  pane.style.pointerEvents = 'none'
  // Few lines on a large plain ground: a canvas of this size would cost over 20 MB.
  const renderer = svg({ pane: PANE, padding: 0.2 })
  const common = { pane: PANE, renderer, interactive: false } as const
  const counties = JSON.parse(countiesText) as FeatureCollection
  const outlines = new GeoJSON(counties, common).addTo(map)
  const names = new LayerGroup()
  const graticule = new LayerGroup().addTo(map)
  let tone = tones(false)

  function drawGraticule() {
    graticule.clearLayers()
    const bounds = map.getBounds().pad(0.3)
    const degreesPerPixel = (map.getBounds().getEast() - map.getBounds().getWest()) / map.getSize().x
    const wanted = degreesPerPixel * GRATICULE_GAP_PX
    const step = GRATICULE_STEPS.filter(candidate => candidate >= wanted).at(-1) ?? GRATICULE_STEPS[0]!
    const [west, east, south, north] = [bounds.getWest(), bounds.getEast(), bounds.getSouth(), bounds.getNorth()]
    const style = { ...common, color: tone.graticule, weight: 1, smoothFactor: 0 }
    for (let i = Math.ceil(west / step); i * step <= east; i++) {
      graticule.addLayer(
        new Polyline(
          [
            [south, i * step],
            [north, i * step],
          ],
          style,
        ),
      )
    }
    for (let i = Math.ceil(south / step); i * step <= north; i++) {
      graticule.addLayer(
        new Polyline(
          [
            [i * step, west],
            [i * step, east],
          ],
          style,
        ),
      )
    }
    if (map.getZoom() <= MAX_NAME_ZOOM) names.addTo(map)
    else names.remove()
  }
  map.on('moveend', drawGraticule)

  return {
    setAppearance(language, isDark) {
      tone = tones(isDark)
      outlines.setStyle(feature => countyStyle(feature, tone))
      names.clearLayers()
      for (const feature of counties.features) names.addLayer(nameMarker(feature, language))
      drawGraticule()
    },
    remove() {
      map.off('moveend', drawGraticule)
      outlines.remove()
      names.remove()
      graticule.remove()
    },
  }
}

function tones(isDark: boolean) {
  return isDark
    ? { home: '#2a323c', other: '#20262d', homeLine: '#8fa3b8', line: '#414b57', graticule: '#2c343d' }
    : { home: '#fbfaf6', other: '#eff1f3', homeLine: '#7c8a99', line: '#c9d0d8', graticule: '#e0e4e9' }
}

function isHome(feature: Feature | undefined): boolean {
  return feature?.properties?.['code'] === HOME_COUNTY
}

function countyStyle(feature: Feature | undefined, tone: ReturnType<typeof tones>) {
  return {
    fillColor: isHome(feature) ? tone.home : tone.other,
    fillOpacity: 1,
    color: isHome(feature) ? tone.homeLine : tone.line,
    weight: isHome(feature) ? 2 : 1,
  }
}

function nameMarker(feature: Feature, language: 'zh' | 'en'): Marker {
  const [lng, lat] = (feature.properties?.['label'] ?? [0, 0]) as [number, number]
  const name = document.createElement('span')
  name.textContent = String(feature.properties?.[language === 'zh' ? 'name' : 'name_en'])
  const icon = new DivIcon({
    html: name,
    className: isHome(feature) ? 'map-county map-county-home' : 'map-county',
    iconSize: [120, 20],
  })
  return new Marker([lat, lng], { icon, interactive: false, keyboard: false, pane: PANE })
}
