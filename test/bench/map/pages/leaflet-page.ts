/** The baseline: plain Leaflet with its own canvas renderer, all parcels as one GeoJSON layer. */
import { canvas, geoJSON, type Layer, Map as LeafletMap, type PathOptions, type Polygon } from 'leaflet'
import 'leaflet/dist/leaflet.css'

const FILLS = [
  ['#4f83cc', '#e8923a', '#888888'],
  ['#3a9d5d', '#b04a5a', '#7a6fb0'],
]
const nextFrame = (): Promise<void> => new Promise(resolve => requestAnimationFrame(() => resolve()))

const query = new URLSearchParams(location.search)
const started = performance.now()
const data = await (await fetch('data.geojson')).json()
const inMemory = performance.now()

const element = document.getElementById('map') as HTMLElement
const map = new LeafletMap(element, {
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
const bench: Record<string, unknown> = { done: false, selected: null, tSelected: 0, prep: inMemory - started }
const renderer = canvas({ padding: 0.1 })
const all = geoJSON(data, {
  style: feature => ({ ...styleOf(feature?.id as number, 0), renderer }),
  onEachFeature(feature, layer: Layer) {
    layers.set(feature.id as number, layer as Polygon)
    layer.on('click', () => {
      if (typeof bench['selected'] === 'number') layers.get(bench['selected'])?.setStyle({ weight: 1 })
      ;(layer as Polygon).setStyle({ weight: 3 })
      bench['selected'] = feature.id as number
      bench['tSelected'] = performance.now()
    })
  },
}).addTo(map)
await nextFrame()
await nextFrame()
bench['firstPaint'] = performance.now() - inMemory
bench['idle'] = async () => {
  await nextFrame()
  await nextFrame()
}
bench['setStatus'] = async (id: number, k: number) => {
  const begin = performance.now()
  layers.get(id)?.setStyle(styleOf(k, 1))
  const sync = performance.now() - begin
  await nextFrame()
  await nextFrame()
  return [sync, performance.now() - begin]
}
bench['setTheme'] = async (k: number) => {
  const begin = performance.now()
  all.setStyle(feature => styleOf(feature?.id as number, k))
  const sync = performance.now() - begin
  await nextFrame()
  await nextFrame()
  return [sync, performance.now() - begin]
}
bench['done'] = true
Object.assign(window, { __map: map, __mapbench: bench })
