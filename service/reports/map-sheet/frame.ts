/** What stands around the map on a sheet: title, grid with coordinates, north arrow, legend, scale bar, sources, signatures. */
import { resolveCrs } from '../../../shared/geometry/crs.ts'
import type { PlaneProjection } from '../../../shared/geometry/plane.ts'
import { gridStepM, multiplesBetween, type Rect, type SheetLayout, scaleBarM } from './layout.ts'
import { mm, type SheetPen } from './sheet.ts'

export interface LegendRow {
  /** SVG of the sign in a box of 7 × 4 mm at the origin. */
  readonly sign: string
  readonly label: string
  readonly count: string
}

const GRID_SIZE = 1.9
const LEGEND_SIZE = 2.7
const ROW = 5.2
const INK = '#111111'

/** Covers what sticks out of the map, then draws the frame. A clip path would cost far more than paint. */
export function drawFrame(pen: SheetPen, { width, height, map }: SheetLayout): void {
  const { x, y } = map
  const [right, bottom] = [x + map.width, y + map.height]
  pen.shapes.push(
    `<path d="M-50 -50H${width + 50}V${height + 50}H-50ZM${mm(x)} ${mm(y)}V${mm(bottom)}H${mm(right)}V${mm(y)}Z" fill="#fff" fill-rule="evenodd"/>`,
    `<rect x="${mm(x)}" y="${mm(y)}" width="${mm(map.width)}" height="${mm(map.height)}" fill="none" stroke="${INK}" stroke-width="0.5"/>`,
  )
}

/** Lines on round metres, as far as the frame; their values stand at the frame. */
export function drawGrid(
  pen: SheetPen,
  map: Rect,
  scale: number,
  corner: { readonly easting: number; readonly northing: number },
): { lines: string; label(): void } {
  const step = gridStepM(scale)
  const perMetre = 1000 / scale
  const [right, bottom] = [map.x + map.width, map.y + map.height]
  const east = multiplesBetween(corner.easting, corner.easting + map.width / perMetre, step)
  const north = multiplesBetween(corner.northing, corner.northing + map.height / perMetre, step)
  const xOf = (value: number): number => map.x + (value - corner.easting) * perMetre
  const yOf = (value: number): number => bottom - (value - corner.northing) * perMetre
  const lines = [
    ...east.map(value => `M${mm(xOf(value))} ${mm(map.y)}V${mm(bottom)}`),
    ...north.map(value => `M${mm(map.x)} ${mm(yOf(value))}H${mm(right)}`),
  ].join('')
  return {
    lines: `<path d="${lines}" fill="none" stroke="#5b6773" stroke-width="0.1" stroke-opacity="0.55"/>`,
    label() {
      for (const value of east) {
        pen.write(String(value), xOf(value), map.y - 1.2, GRID_SIZE, { align: 'middle' })
        pen.write(String(value), xOf(value), bottom + 2.8, GRID_SIZE, { align: 'middle' })
      }
      for (const value of north) pen.write(String(value), map.x - 1, yOf(value) + 0.7, GRID_SIZE, { align: 'end' })
    },
  }
}

export function drawTitle(pen: SheetPen, { width }: SheetLayout, title: string, subtitle: string): void {
  const size = Math.min(7, (7 * (width - 30)) / Math.max(pen.width(title, 7, true), 1))
  pen.write(title, width / 2, 12.5, size, { align: 'middle', isBold: true })
  pen.write(pen.fit(subtitle, 2.7, width - 40), width / 2, 18, 2.7, { align: 'middle', colour: '#444444' })
}

/** In the upper right corner of the map. The grid's north is up. */
export function drawNorth(pen: SheetPen, map: Rect): void {
  const [x, y] = [map.x + map.width - 9, map.y + 6]
  const arrow = `M${mm(x)} ${mm(y)}L${mm(x + 3.2)} ${mm(y + 11)}L${mm(x)} ${mm(y + 8.6)}L${mm(x - 3.2)} ${mm(y + 11)}Z`
  pen.shapes.push(`<path d="${arrow}" fill="${INK}" stroke="#fff" stroke-width="1" paint-order="stroke"/>`)
  pen.write('北', x, y - 1, 3.4, { align: 'middle', isBold: true, hasHalo: true })
}

/** Rows flow into as many columns as there is room for; what has none is named by its number. */
export function drawLegend(pen: SheetPen, box: Rect, heading: string, rows: readonly LegendRow[], note: string): void {
  const { x, y, width, height } = box
  pen.shapes.push(
    `<rect x="${mm(x)}" y="${mm(y)}" width="${mm(width)}" height="${mm(height)}" fill="#fff" stroke="${INK}" stroke-width="0.25"/>`,
  )
  const isBand = width > height * 1.5
  const column = isBand ? 58 : width - 4
  pen.write('图例', isBand ? x + 3 : x + width / 2, y + 6, 3.8, { align: isBand ? 'start' : 'middle', isBold: true })
  pen.write(heading, isBand ? x + 16 : x + 2, isBand ? y + 6 : y + 11.5, 2.9, { isBold: true })
  const top = y + (isBand ? 9 : 14)
  const perColumn = Math.max(1, Math.floor((height - (top - y) - (isBand ? 5 : 8)) / ROW))
  const columns = Math.max(1, Math.floor((width - 4) / column))
  const shown = rows.slice(0, perColumn * columns)
  shown.forEach((row, index) => {
    const left = x + 2 + Math.floor(index / perColumn) * column
    const line = top + (index % perColumn) * ROW
    pen.shapes.push(`<g transform="translate(${mm(left)} ${mm(line)})">${row.sign}</g>`)
    const counted = pen.width(row.count, LEGEND_SIZE)
    const room = column - 9 - counted - (row.count === '' ? 0 : 2) - (isBand ? 5 : 0)
    pen.write(pen.fit(row.label, LEGEND_SIZE, room), left + 9, line + 3, LEGEND_SIZE)
    pen.write(row.count, left + column - (isBand ? 5 : 0), line + 3, LEGEND_SIZE, { align: 'end' })
  })
  const rest = rows.length - shown.length
  const words = rest > 0 ? `另有 ${rest} 项未列出。${note}` : note
  pen.write(pen.fit(words, 2.2, width - 4), x + 2, y + height - 2, 2.2, { colour: '#444444' })
}

/** Scale bar, scale, reference system and sources in the first row; below it the fields to be signed. */
export function drawFoot(
  pen: SheetPen,
  { x, y, width, height }: Rect,
  facts: { scale: number; plane: PlaneProjection; source: string; date: string },
): void {
  const bar = scaleBarM(facts.scale, Math.min(45, width / 4))
  const barMm = (bar * 1000) / facts.scale
  const line = y + 7
  const half = mm(x + barMm / 2)
  pen.shapes.push(
    `<path d="M${mm(x)} ${mm(line - 1.4)}H${mm(x + barMm)}V${mm(line)}H${mm(x)}Z" fill="#fff" stroke="${INK}" stroke-width="0.2"/>`,
    `<path d="M${mm(x)} ${mm(line - 1.4)}H${half}V${mm(line)}H${mm(x)}Z" fill="${INK}"/>`,
  )
  const inKm = bar >= 2000
  const length = (metres: number): string => String(inKm ? metres / 1000 : metres)
  pen.write('0', x, line - 2.2, 2.1, { align: 'middle' })
  pen.write(length(bar / 2), x + barMm / 2, line - 2.2, 2.1, { align: 'middle' })
  pen.write(`${length(bar)} ${inKm ? '千米' : '米'}`, x + barMm, line - 2.2, 2.1, { align: 'middle' })
  pen.write(`比例尺 1:${facts.scale.toLocaleString('en-US')}`, x + barMm + 12, line, 3.4, { isBold: true })
  const room = width - barMm - 60
  const right = x + width
  pen.write(pen.fit(`坐标系：${planeName(facts.plane)}，单位：米`, 2.4, room), right, line - 3, 2.4, { align: 'end' })
  pen.write(pen.fit(facts.source, 2.4, room), right, line + 0.8, 2.4, { align: 'end' })

  const fields = ['制图单位：', '制图：', '审核：', `日期：${facts.date}`]
  const widths = [0.4, 0.2, 0.2, 0.2].map(part => part * width)
  const top = y + 11
  const rowHeight = Math.min(10, height - 12)
  let left = x
  fields.forEach((field, index) => {
    const cell = widths[index]!
    pen.shapes.push(
      `<rect x="${mm(left)}" y="${mm(top)}" width="${mm(cell)}" height="${mm(rowHeight)}" fill="none" stroke="${INK}" stroke-width="0.2"/>`,
    )
    pen.write(pen.fit(field, 2.9, cell - 3), left + 1.5, top + rowHeight / 2 + 1, 2.9)
    left += cell
  })
}

/** `CGCS2000 3度带 中央经线120°(EPSG:4549)`; a plane of no zone is named by its meridian. */
function planeName({ centralMeridianDegrees: meridian, falseEastingM }: PlaneProjection): string {
  const crs =
    falseEastingM === 500_000 && meridian % 3 === 0 ? resolveCrs(`EPSG:${4534 + meridian / 3 - 25}`) : undefined
  return crs?.zh.includes(`${meridian}°`) ? `${crs.zh}(${crs.id})` : `CGCS2000 椭球高斯投影 中央经线${meridian}°`
}
