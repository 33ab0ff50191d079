/**
 * What a vector tile shows, whatever schema it follows (OpenMapTiles, Protomaps, own): one quiet style by what layers and
 * classes are called, for the window and for printed sheets. What is not recognised is drawn in grey, so that no file
 * stays white. Pure: who draws it decides where and how large.
 */
import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'

export interface VectorStyle {
  /** Painted from low to high. */
  readonly rank: number
  readonly fill?: string
  readonly line?: string
  readonly width?: number
  readonly casing?: string
  readonly dash?: readonly number[]
}

const POINT = 1
const POLYGON = 3

/** How a feature looks, by its layer's name and its class; null: not at this zoom. */
export function styleOf(layer: string, kind: string, zoom: number): VectorStyle | null {
  const name = layer.toLowerCase()
  if (/ocean|water|river|lake|水/.test(name))
    return { rank: 2, fill: '#cfe3ee', line: '#9cc3d9', width: zoom < 12 ? 0.8 : 1.6 }
  if (/earth|^land$|background/.test(name)) return { rank: 0, fill: '#faf9f5' }
  if (/landcover|landuse|park|natural|植被|土地/.test(name)) {
    const isGreen = /park|forest|wood|grass|green|scrub|farm|natural|garden|orchard|植被/.test(`${name} ${kind}`)
    return { rank: 1, fill: isGreen ? '#e2edd8' : '#f0eee8' }
  }
  if (/building|建筑|房屋/.test(name))
    return zoom < 13 ? null : { rank: 5, fill: '#e4ded4', line: '#cfc6b8', width: 0.6 }
  if (/rail|铁路/.test(`${name} ${kind}`)) return { rank: 4, line: '#9a9a9a', width: 1.4, dash: [6, 4] }
  if (/road|transport|street|highway|道路|公路/.test(name)) {
    const isLarge = /motorway|highway|trunk|高速|国道/.test(kind)
    const isMiddle = /primary|secondary|major|省道|县道/.test(kind)
    if (!isLarge && !isMiddle && zoom < 12) return null
    const base = isLarge ? 3 : isMiddle ? 2.2 : 1.2
    const width = base * Math.max(0.5, Math.min(4, (zoom - 8) / 4))
    return {
      rank: isLarge ? 8 : 7,
      line: isLarge ? '#f3cf8f' : '#ffffff',
      width,
      casing: isLarge ? '#d9a95a' : '#cbc7bf',
    }
  }
  if (/bound|admin|境界|行政/.test(name)) return { rank: 9, line: '#a08cb0', width: 1, dash: [5, 3] }
  return { rank: 6, fill: 'rgb(120 130 140 / 12%)', line: '#8d98a3', width: 1 }
}

/** The name in the language of the window, else whatever name there is. */
export function labelOf(properties: Readonly<Record<string, unknown>>, language: 'zh' | 'en'): string {
  const keys =
    language === 'zh'
      ? ['name:zh-Hans', 'name:zh', 'name_zh', '名称', 'name', 'NAME']
      : ['name:en', 'name_en', 'name', 'NAME']
  for (const key of keys) {
    const value = properties[key]
    if (typeof value === 'string' && value.trim() !== '') return value.trim().slice(0, 40)
  }
  return ''
}

export interface VectorShape {
  readonly style: VectorStyle
  readonly isPolygon: boolean
  /** Rings or lines; a tile is 1 × 1, its buffer reaches beyond. */
  lines(): { x: number; y: number }[][]
}

export interface VectorLabel {
  /** Empty: a dot without a name. */
  readonly text: string
  readonly x: number
  readonly y: number
  /** 0 for places, more for what is less important. */
  readonly weight: number
}

/** Shapes in painting order, and names. `zoom` is the one it is shown at. Throws when the bytes are no vector tile. */
export function vectorScene(
  bytes: Uint8Array,
  zoom: number,
  language: 'zh' | 'en',
): { shapes: VectorShape[]; labels: VectorLabel[] } {
  const { layers } = new VectorTile(new PbfReader(bytes))
  const shapes: VectorShape[] = []
  const labels: VectorLabel[] = []
  for (const layer of Object.values(layers)) {
    const lines = (feature: VectorTileFeature) =>
      feature.loadGeometry().map(line => line.map(({ x, y }) => ({ x: x / layer.extent, y: y / layer.extent })))
    for (let index = 0; index < layer.length; index++) {
      const feature = layer.feature(index)
      const { properties } = feature
      const kind = ['kind', 'class', 'pmap:kind', 'type', 'fclass'].map(key => properties[key] ?? '').join(' ')
      if (feature.type === POINT) {
        const point = lines(feature)[0]?.[0]
        if (!point) continue
        const text = labelOf(properties, language)
        const isPlace = /place|地名/.test(layer.name)
        if (text !== '') labels.push({ text, ...point, weight: isPlace ? 0 : 1 })
        else if (!isPlace && zoom >= 15) labels.push({ text: '', ...point, weight: 2 })
        continue
      }
      const style = styleOf(layer.name, kind, zoom)
      if (style) shapes.push({ style, isPolygon: feature.type === POLYGON, lines: () => lines(feature) })
    }
  }
  shapes.sort((a, b) => a.style.rank - b.style.rank)
  labels.sort((a, b) => a.weight - b.weight)
  return { shapes, labels }
}

/** The outline of a polygon that is only the tile's own edge is not drawn. */
export function hasOutline({ isPolygon, style }: VectorShape): boolean {
  return style.line !== undefined && !(isPolygon && style.rank < 5)
}
