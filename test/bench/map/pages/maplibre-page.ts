/** The other peer: MapLibre with all parcels as one GeoJSON source, fill and outline. WebGL is whatever the browser has. */
import { type ExpressionSpecification, Map as LibreMap, type MapGeoJSONFeature, setWorkerUrl } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import type {} from '../stopwatch.ts'

setWorkerUrl(workerUrl)
const FILLS = [
  ['#4f83cc', '#e8923a', '#888888'],
  ['#3a9d5d', '#b04a5a', '#7a6fb0'],
]
const query = new URLSearchParams(location.search)
const watch = window.__stopwatch
const data = await (await fetch('data.geojson')).json()
const inMemory = performance.now()

const map = new LibreMap({
  container: 'map',
  // 512 px tiles: one less than Leaflet's zoom for the same scale.
  zoom: Number(query.get('z')) - 1,
  center: [Number(query.get('lng')), Number(query.get('lat'))],
  attributionControl: false,
  fadeDuration: 0,
  style: { version: 8, sources: {}, layers: [] },
})
const colours = (theme: number): ExpressionSpecification => [
  'match',
  ['get', 'k'],
  0,
  FILLS[theme]![0]!,
  1,
  FILLS[theme]![1]!,
  FILLS[theme]![2]!,
]
const still = (): Promise<number> =>
  new Promise(resolve => {
    map.once('idle', () => resolve(performance.now()))
    map.triggerRepaint()
  })

map.once('load', async () => {
  map.addSource('parcels', { type: 'geojson', data, generateId: true })
  map.addLayer({
    id: 'fill',
    type: 'fill',
    source: 'parcels',
    paint: {
      'fill-color': ['case', ['boolean', ['feature-state', 'changed'], false], '#cc2222', colours(0)] as never,
      'fill-opacity': 0.6,
    },
  })
  map.addLayer({
    id: 'line',
    type: 'line',
    source: 'parcels',
    paint: {
      'line-color': ['case', ['boolean', ['feature-state', 'selected'], false], '#ff0000', '#333344'] as never,
      'line-width': 1,
    },
  })
  watch.fromNavigation = await still()
  watch.firstPaint = watch.fromNavigation - inMemory
  watch.done = true
})
map.on('click', 'fill', ({ features }: { features?: MapGeoJSONFeature[] }) => {
  const id = features?.[0]?.id
  if (id === undefined) return
  if (watch.selected !== null) map.setFeatureState({ source: 'parcels', id: watch.selected }, { selected: false })
  map.setFeatureState({ source: 'parcels', id }, { selected: true })
  map.once('render', () => watch.select(Number(id)))
})
watch.idle = still
watch.zoomed = () => new Promise(resolve => map.once('zoomend', () => resolve()))
watch.setStatus = async k => {
  const began = performance.now()
  map.setFeatureState({ source: 'parcels', id: Number(watch.selected ?? 0) }, { changed: k % 2 === 0 })
  return (await still()) - began
}
watch.setTheme = async k => {
  const began = performance.now()
  map.setPaintProperty('fill', 'fill-color', colours(k))
  return (await still()) - began
}
