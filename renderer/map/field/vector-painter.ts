/** Paints a vector tile in the window: the shapes and names of `vectorScene` on a canvas. */
import { hasOutline, type VectorLabel, type VectorShape, vectorScene } from '../../../shared/tiles/vector-scene.ts'

/** The square of a vector tile that is shown: `factor` squares a side, this column and row, at this zoom. */
export interface TilePart {
  readonly factor: number
  readonly column: number
  readonly row: number
  readonly zoom: number
}

type Context = OffscreenCanvasRenderingContext2D

const FONT = '"Noto Sans SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", sans-serif'
const MOST_LABELS = 40

/** Paints `part` of the tile into a square of `side` units. Throws when the bytes are no vector tile. */
export function paintVectorTile(
  context: Context,
  bytes: Uint8Array,
  part: TilePart,
  side: number,
  language: 'zh' | 'en',
): void {
  const { shapes, labels } = vectorScene(bytes, part.zoom, language)
  const place = ({ x, y }: { x: number; y: number }): [number, number] => [
    (x * part.factor - part.column) * side,
    (y * part.factor - part.row) * side,
  ]
  for (const shape of shapes) draw(context, shape, place)
  const placed = labels.map(label => {
    const [x, y] = place(label)
    return { ...label, x, y }
  })
  drawLabels(context, placed, side)
}

function draw(
  context: Context,
  shape: VectorShape,
  place: (point: { x: number; y: number }) => [number, number],
): void {
  const { style, isPolygon } = shape
  context.beginPath()
  for (const line of shape.lines()) {
    line.forEach((point, index) => {
      const [x, y] = place(point)
      if (index === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    })
    if (isPolygon) context.closePath()
  }
  if (isPolygon && style.fill) {
    context.fillStyle = style.fill
    context.fill('nonzero')
  }
  if (!hasOutline(shape) || !style.line) return
  context.lineJoin = 'round'
  context.lineCap = style.dash ? 'butt' : 'round'
  context.setLineDash(style.dash ? [...style.dash] : [])
  if (style.casing && !isPolygon) {
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
function drawLabels(context: Context, labels: readonly VectorLabel[], side: number): void {
  const taken: [number, number, number, number][] = []
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  for (const { text, x, y, weight } of labels) {
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
