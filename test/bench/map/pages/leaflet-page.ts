/** The baseline: plain Leaflet with its own canvas renderer, all parcels as one GeoJSON layer. */
import { canvas, geoJSON, type Layer, Map as LeafletMap, type PathOptions, type Polygon } from 'leaflet'
import 'leaflet/dist/leaflet.css'
import type {} from '../stopwatch.ts'

const FILLS = [
  ['#4f83cc', '#e8923a', '#888888'],
  ['#3a9d5d', '#b04a5a', '#7a6fb0'],
]
const nextFrame = (): Promise<number> => new Promise(resolve => requestAnimationFrame(resolve))
const twoFrames = async (): Promise<number> => {
  await nextFrame()
  await nextFrame()
  return performance.now()
}

const query = new URLSearchParams(location.search)
const watch = window.__stopwatch
const data = await (await fetch('data.geojson')).json()
const inMemory = performance.now()

const map = new LeafletMap(document.getElementById('map') as HTMLElement, {
  preferCanvas: true,
  zoomControl: false,
  fadeAnimation: false,
  zoomAnimation: true,
})
map.setView([Number(query.get('lat')), Number(query.get('lng'))], Number(query.get('z')))
const styleOf = (id: number, theme: number): PathOptions => ({
  color: '#334',
  weight: 1,
  fillOpacity: 0.6,
  fillColor: FILLS[theme]![id % 3]!,
})
const layers = new Map<number, Polygon>()
const renderer = canvas({ padding: 0.1 })
const all = geoJSON(data, {
  style: feature => ({ ...styleOf(feature?.id as number, 0), renderer }),
  onEachFeature(feature, layer: Layer) {
    layers.set(feature.id as number, layer as Polygon)
    layer.on('click', () => {
      if (typeof watch.selected === 'number') layers.get(watch.selected)?.setStyle({ weight: 1 })
      ;(layer as Polygon).setStyle({ weight: 3 })
      watch.select(feature.id as number)
    })
  },
}).addTo(map)

watch.idle = twoFrames
watch.zoomed = () => new Promise(resolve => map.once('zoomend', () => resolve()))
watch.setStatus = async k => {
  const began = performance.now()
  layers.get(Number(watch.selected ?? 0))?.setStyle(styleOf(k, 1))
  return (await twoFrames()) - began
}
watch.setTheme = async k => {
  const began = performance.now()
  all.setStyle(feature => styleOf(feature?.id as number, k))
  return (await twoFrames()) - began
}
watch.fromNavigation = await twoFrames()
watch.firstPaint = watch.fromNavigation - inMemory
watch.done = true
