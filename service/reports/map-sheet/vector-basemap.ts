/** Vector basemaps under a sheet: the window's shapes as paths in millimetres, clipped to their tile; names as labels. */
import { AppError } from '../../../shared/contract/errors.ts'
import { hasOutline, type VectorShape, vectorScene } from '../../../shared/tiles/vector-scene.ts'
import { mm } from './sheet.ts'

type Place = readonly [x: number, y: number]

/** Millimetres of a pixel of the window: what is 1 px there is a fine line here. */
const PX_MM = 0.17
const HAIR = 0.0015
/** Points nearer than this to the one before are left out: nobody sees them, and they make files large. */
const NEAR_MM = 0.08
/** Some 20 MB of paths; a sheet of this is no longer opened by anybody. */
export const MOST_PATH_CHARACTERS = 20_000_000

export interface VectorName {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly weight: number
}

/** The square of a tile that is drawn: the whole, or the part that a blank finer tile would cover. */
export interface VectorPart {
  /** Left upper corner and side in the tile, which is 1 × 1. */
  readonly left: number
  readonly top: number
  readonly side: number
  /** Where the three corners of that square lie on the paper: left upper, right upper, left lower. */
  readonly corners: readonly [Place, Place, Place]
}

/**
 * SVG of a tile's part and the names in it, least important last.
 * @param id unlike any other of the sheet
 */
export function vectorShapes(
  bytes: Uint8Array,
  zoom: number,
  part: VectorPart,
  id: string,
): { svg: string; names: VectorName[] } {
  const [origin, right, low] = part.corners
  const onPaper = ({ x, y }: { x: number; y: number }): Place => {
    const [u, v] = [(x - part.left) / part.side, (y - part.top) / part.side]
    return [
      origin[0] + (right[0] - origin[0]) * u + (low[0] - origin[0]) * v,
      origin[1] + (right[1] - origin[1]) * u + (low[1] - origin[1]) * v,
    ]
  }
  const isInside = ({ x, y }: { x: number; y: number }): boolean =>
    x >= part.left && x < part.left + part.side && y >= part.top && y < part.top + part.side
  const { shapes, labels } = vectorScene(bytes, zoom, 'zh')
  const drawn = shapes.map(shape => drawShape(shape, part, onPaper)).join('')
  const names = labels
    .filter(label => label.text !== '' && isInside(label))
    .map(({ text, weight, ...place }) => {
      const [x, y] = onPaper(place)
      return { text, weight, x, y }
    })
  if (drawn === '') return { svg: '', names }
  // A hair larger than the tile: no light between two of them.
  const [start, end] = [part.side * -HAIR, part.side * (1 + HAIR)]
  const square = [
    [start, start],
    [end, start],
    [end, end],
    [start, end],
  ]
    .map(([x, y]) => onPaper({ x: part.left + x!, y: part.top + y! }))
    .map(([x, y]) => `${mm(x)} ${mm(y)}`)
    .join('L')
  return {
    svg: `<clipPath id="${id}"><path d="M${square}Z"/></clipPath><g clip-path="url(#${id})">${drawn}</g>`,
    names,
  }
}

function drawShape(
  shape: VectorShape,
  { left, top, side }: VectorPart,
  onPaper: (point: { x: number; y: number }) => Place,
): string {
  const { style, isPolygon } = shape
  let path = ''
  const box = { west: Infinity, east: -Infinity, north: Infinity, south: -Infinity }
  for (const line of shape.lines()) {
    let last: Place | undefined
    line.forEach((point, index) => {
      box.west = Math.min(box.west, point.x)
      box.east = Math.max(box.east, point.x)
      box.north = Math.min(box.north, point.y)
      box.south = Math.max(box.south, point.y)
      const place = onPaper(point)
      const isEnd = index === 0 || index === line.length - 1
      if (!isEnd && last && Math.abs(place[0] - last[0]) < NEAR_MM && Math.abs(place[1] - last[1]) < NEAR_MM) return
      path += `${index === 0 ? 'M' : 'L'}${mm(place[0])} ${mm(place[1])}`
      last = place
    })
    if (isPolygon) path += 'Z'
  }
  const meets = box.west < left + side && box.east > left && box.north < top + side && box.south > top
  if (path === '' || !meets) return ''
  const drawn: string[] = []
  if (isPolygon && style.fill) drawn.push(`<path d="${path}" ${paint('fill', style.fill)} fill-rule="nonzero"/>`)
  if (hasOutline(shape) && style.line) {
    const stroke = (colour: string, width: number, dash = ''): string =>
      `<path d="${path}" fill="none" ${paint('stroke', colour)} stroke-width="${mm(width * PX_MM)}" stroke-linejoin="round" stroke-linecap="${style.dash ? 'butt' : 'round'}"${dash}/>`
    const width = style.width ?? 1
    if (style.casing && !isPolygon) drawn.push(stroke(style.casing, width + 1.4))
    const dash = style.dash ? ` stroke-dasharray="${style.dash.map(length => mm(length * PX_MM)).join(' ')}"` : ''
    drawn.push(stroke(style.line, width, dash))
  }
  return drawn.join('')
}

/** `rgb(r g b / a%)` of a canvas is no colour of SVG 1.1. */
function paint(what: 'fill' | 'stroke', colour: string): string {
  const parts = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(colour)
  if (!parts) return `${what}="${colour}"`
  return `${what}="rgb(${parts[1]},${parts[2]},${parts[3]})" ${what}-opacity="${Number(parts[4]) / 100}"`
}

export function tooMuch(name: string): AppError {
  return new AppError('refused', `矢量底图“${name}”在此范围内容过多，请放大比例尺或关闭该底图`, {
    reason: 'sheet_basemap_large',
    values: { name },
  })
}
