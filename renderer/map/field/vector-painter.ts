/**
 * Paints a vector tile in one quiet style, whatever schema it follows (OpenMapTiles, Protomaps, own): by what layers and
 * classes are called. What is not recognised is drawn in grey, so that no file stays white.
 */
import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'

/** The square of a vector tile that is shown: `factor` squares a side, this column and row, at this zoom. */
export interface TilePart {
  readonly factor: number
  readonly column: number
  readonly row: number
  readonly zoom: number
}

type Context = OffscreenCanvasRenderingContext2D

interface Style {
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
const FONT = '"Noto Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", sans-serif'
const MOST_LABELS = 40

/** How a feature looks, by its layer's name and its class; null: not at this zoom. */
export function styleOf(layer: string, kind: string, zoom: number): Style | null {
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

/** Paints `part` of the tile into a square of `side` units. Throws when the bytes are no vector tile. */
export function paintVectorTile(
  context: Context,
  bytes: Uint8Array,
  part: TilePart,
  side: number,
  language: 'zh' | 'en',
): void {
  const { layers } = new VectorTile(new PbfReader(bytes))
  const shapes: { feature: VectorTileFeature; style: Style; scale: number }[] = []
  const labels: { text: string; x: number; y: number; weight: number }[] = []
  for (const layer of Object.values(layers)) {
    const scale = (side * part.factor) / layer.extent
    for (let index = 0; index < layer.length; index++) {
      const feature = layer.feature(index)
      const { properties } = feature
      const kind = ['kind', 'class', 'pmap:kind', 'type', 'fclass'].map(key => properties[key] ?? '').join(' ')
      const text =
        feature.type === POINT || /place|label|name|地名/.test(layer.name) ? labelOf(properties, language) : ''
      if (feature.type === POINT) {
        const point = feature.loadGeometry()[0]?.[0]
        if (!point) continue
        const [x, y] = [point.x * scale - part.column * side, point.y * scale - part.row * side]
        const isPlace = /place|地名/.test(layer.name)
        if (text !== '') labels.push({ text, x, y, weight: isPlace ? 0 : 1 })
        else if (!isPlace && part.zoom >= 15) labels.push({ text: '', x, y, weight: 2 })
        continue
      }
      const style = styleOf(layer.name, kind, part.zoom)
      if (style) shapes.push({ feature, style, scale })
    }
  }
  shapes.sort((a, b) => a.style.rank - b.style.rank)
  for (const { feature, style, scale } of shapes) draw(context, feature, style, scale, part, side)
  drawLabels(context, labels, side)
}

function draw(
  context: Context,
  feature: VectorTileFeature,
  style: Style,
  scale: number,
  part: TilePart,
  side: number,
): void {
  context.beginPath()
  for (const line of feature.loadGeometry()) {
    line.forEach((point, index) => {
      const [x, y] = [point.x * scale - part.column * side, point.y * scale - part.row * side]
      if (index === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    })
    if (feature.type === POLYGON) context.closePath()
  }
  if (feature.type === POLYGON) {
    if (style.fill) {
      context.fillStyle = style.fill
      context.fill('nonzero')
    }
    // The tile's own edge is part of its polygons; only outlines that are meant as such are drawn.
    if (style.rank < 5) return
  }
  if (!style.line) return
  context.lineJoin = 'round'
  context.lineCap = style.dash ? 'butt' : 'round'
  context.setLineDash(style.dash ? [...style.dash] : [])
  if (style.casing && feature.type !== POLYGON) {
    context.strokeStyle = style.casing
    context.lineWidth = (style.width ?? 1) + 1.4
    context.stroke()
  }
  context.strokeStyle = style.line
  context.lineWidth = style.width ?? 1
  context.stroke()
  context.setLineDash([])
}

/** Names that do not meet each other and lie whole within the tile; half a name is worse than none. */
function drawLabels(
  context: Context,
  labels: { text: string; x: number; y: number; weight: number }[],
  side: number,
): void {
  const taken: [number, number, number, number][] = []
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  for (const { text, x, y, weight } of labels.sort((a, b) => a.weight - b.weight)) {
    if (taken.length >= MOST_LABELS) return
    if (text === '') {
      context.fillStyle = '#8d98a3'
      context.fillRect(x - 1.5, y - 1.5, 3, 3)
      continue
    }
    context.font = `${weight === 0 ? 600 : 400} ${weight === 0 ? 13 : 11}px ${FONT}`
    const half = context.measureText(text).width / 2 + 3
    const box: [number, number, number, number] = [x - half, y - 9, x + half, y + 9]
    if (box[0] < 0 || box[1] < 0 || box[2] > side || box[3] > side) continue
    if (taken.some(other => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue
    taken.push(box)
    context.strokeStyle = 'rgb(255 255 255 / 85%)'
    context.lineWidth = 3
    context.strokeText(text, x, y)
    context.fillStyle = weight === 0 ? '#3c4650' : '#65707b'
    context.fillText(text, x, y)
  }
}
