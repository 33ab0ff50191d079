/**
 * What maps of reports are drawn with: a frame with a foot for scale bar and legend, paths of plane polygons, words beside
 * the shapes. Pure; plane coordinates in m. What sticks out of the frame is painted over: a clip path costs half a second.
 */
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { FigureWord, ReportFigure } from '../../shared/report/model.ts'

export const FIGURE_WIDTH = 680
export const FIGURE_HEIGHT = 480
/** Height of the words on a map: 8.5 pt where the figure is 17 cm wide. */
export const WORD_PX = 12
/** Room below the frame for scale bar and legend. */
const FOOT = 42
const MARGIN = 40

export const MAP_FRAME = { x: 1, y: 1, width: FIGURE_WIDTH - 2, height: FIGURE_HEIGHT - FOOT } as const

export interface LegendEntry {
  readonly label: string
  /** SVG elements in a box of 22 × 11 whose corner is (0, 0). */
  readonly sign: string
}

export interface Canvas {
  readonly scale: number
  x(easting: number): number
  y(northing: number): number
  /** Polygons in pixels. */
  onPaper(flat: FlatPolygons): FlatPolygons
  /** Adds polygons as one path; nothing for none. */
  draw(flats: readonly FlatPolygons[], style: string): void
  /** Adds elements in pixels. */
  shape(svg: string): void
  word(text: string, x: number, y: number, style?: Partial<Omit<FigureWord, 'text' | 'x' | 'y'>>): void
  /** What was drawn so far, to lay under other figures of the same box. */
  drawn(): string
  /** Frame, north arrow, scale bar, legend; the finished figure. */
  finish(title: string, legend: readonly LegendEntry[]): ReportFigure
}

/** A canvas that shows `box` (plane, m) as large as it fits. Vertices nearer than `detail` pixels to the last are left out. */
export function createCanvas(box: Readonly<Box>, detail = 0): Canvas {
  const [west, south, east, north] = box
  const scale = Math.min(
    (FIGURE_WIDTH - 2 * MARGIN) / Math.max(east - west, 1),
    (FIGURE_HEIGHT - 2 * MARGIN - FOOT) / Math.max(north - south, 1),
  )
  const x = (easting: number) => FIGURE_WIDTH / 2 + (easting - (west + east) / 2) * scale
  const y = (northing: number) => (FIGURE_HEIGHT - FOOT) / 2 - (northing - (south + north) / 2) * scale
  const shapes: string[] = []
  const words: FigureWord[] = []
  const path = (flat: FlatPolygons): string => {
    let from = 0
    let d = ''
    for (const end of flat.ringEnds) {
      const points: string[] = []
      let lastX = Number.NaN
      let lastY = Number.NaN
      for (let at = from; at < end - 1; at++) {
        const px = x(flat.coordinates[at * 2]!)
        const py = y(flat.coordinates[at * 2 + 1]!)
        if (detail > 0 && Math.abs(px - lastX) < detail && Math.abs(py - lastY) < detail) continue
        points.push(`${px.toFixed(1)},${py.toFixed(1)}`)
        lastX = px
        lastY = py
      }
      if (points.length > 2) d += `M${points.join('L')}Z`
      from = end
    }
    return d
  }
  const word: Canvas['word'] = (text, wordX, wordY, style = {}) => {
    words.push({ text, x: wordX, y: wordY, size: WORD_PX, colour: '#111111', halo: false, ...style })
  }
  return {
    scale,
    x,
    y,
    onPaper(flat) {
      const coordinates = flat.coordinates.map((value, index) => (index % 2 === 0 ? x(value) : y(value)))
      return { ...flat, coordinates }
    },
    draw(flats, style) {
      const d = flats.map(path).join('')
      if (d !== '') shapes.push(`<path d="${d}" fill-rule="evenodd" ${style}/>`)
    },
    shape: svg => void shapes.push(svg),
    word,
    drawn: () => shapes.join(''),
    finish(title, legend) {
      const foot = footOf(scale, legend, word)
      word('北', 634, 66)
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${FIGURE_WIDTH}" height="${FIGURE_HEIGHT}" viewBox="0 0 ${FIGURE_WIDTH} ${FIGURE_HEIGHT}"><rect width="${FIGURE_WIDTH}" height="${FIGURE_HEIGHT}" fill="#fff"/>${shapes.join('')}<path d="M-9 -9H${FIGURE_WIDTH + 9}V${FIGURE_HEIGHT + 9}H-9ZM1 1V${FIGURE_HEIGHT - FOOT + 1}H${FIGURE_WIDTH - 1}V1Z" fill="#fff" fill-rule="evenodd"/><rect x="1" y="1" width="${FIGURE_WIDTH - 2}" height="${FIGURE_HEIGHT - FOOT}" fill="none" stroke="#111"/><path d="M640 22L632 50L640 44L648 50Z" fill="#111" stroke="#fff" stroke-width="0.8"/>${foot}</svg>`
      return { title, svg, words, widthPx: FIGURE_WIDTH, heightPx: FIGURE_HEIGHT }
    },
  }
}

/** The box around polygons of a plane; undefined for none. */
export function boxAround(flats: readonly FlatPolygons[]): Box | undefined {
  if (flats.length === 0) return undefined
  const boxes = flats.map(boxOf)
  return [
    Math.min(...boxes.map(box => box[0])),
    Math.min(...boxes.map(box => box[1])),
    Math.max(...boxes.map(box => box[2])),
    Math.max(...boxes.map(box => box[3])),
  ]
}

/** Width of a text in the report's face, near enough to place it: a Chinese letter is as wide as it is high. */
export function widthOf(text: string, size: number): number {
  let width = 0
  for (const sign of text) width += sign > '\u2e7f' ? size : size * 0.56
  return width
}

function footOf(scale: number, legend: readonly LegendEntry[], word: Canvas['word']): string {
  const length = niceLength(110 / scale)
  const barPx = length * scale
  const foot = FIGURE_HEIGHT - 16
  word(length >= 1000 ? `${length / 1000} 千米` : `${length} 米`, 18 + barPx, foot + 3)
  const shapes = [
    `<path d="M10 ${foot - 5}V${foot}H${(10 + barPx).toFixed(1)}V${foot - 5}" fill="none" stroke="#111" stroke-width="1.5"/>`,
  ]
  let at = 190
  for (const { label, sign } of legend) {
    shapes.push(`<g transform="translate(${at.toFixed(1)} ${foot - 8})">${sign}</g>`)
    word(label, at + 26, foot + 2)
    at += 34 + widthOf(label, WORD_PX)
  }
  return shapes.join('')
}

/** The largest 1, 2 or 5 × 10ⁿ m that is not longer than `limit`. */
function niceLength(limit: number): number {
  const power = 10 ** Math.floor(Math.log10(limit))
  return power * ([5, 2].find(step => step * power <= limit) ?? 1)
}
