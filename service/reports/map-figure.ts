/**
 * The map of a zone as SVG: members by side with their numbers, surroundings, the boundary by sub-zone, scale bar, north
 * arrow, legend. Pure; plane coordinates in m. Words stand as placed spans in one text element a kind, the shape that
 * glyph-outlines.ts turns into paths for the rasteriser. What sticks out of the frame is painted over: a clip path costs half a second.
 */
import { interiorPoint } from '../../shared/geometry/interior-point.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { ReportFigure } from '../../shared/report/model.ts'

export interface MapFigureInput {
  readonly title: string
  readonly members: readonly { readonly number: number; readonly side: string | null; readonly outline: FlatPolygons }[]
  readonly neighbours: readonly FlatPolygons[]
  readonly boundary: readonly { readonly subzone: string; readonly outline: FlatPolygons }[]
  readonly outline: FlatPolygons | null
}

const WIDTH = 680
const HEIGHT = 480
const MARGIN = 40
/** Room below the frame for scale bar and legend. */
const FOOT = 42
const FONT = `font-family="Noto Sans SC"`
const DIGIT_PX = 6.7

const SIDES = [
  { side: 'inside', label: '界内', fill: '#9dc3ea' },
  { side: 'outside', label: '界外', fill: '#f4bd84' },
  { side: 'crossing', label: '跨界', fill: 'url(#crossing)' },
  { side: 'unknown', label: '未判定', fill: '#dcdfe3' },
] as const

const SUBZONES = [
  { subzone: 'concentrated', label: '集中建设区', dash: '' },
  { subzone: 'flexible', label: '弹性发展区', dash: '8 4' },
  { subzone: 'special', label: '特别用途区', dash: '2 3' },
  { subzone: 'unspecified', label: '开发边界', dash: '8 3 2 3' },
] as const

export function mapFigure(input: MapFigureInput): ReportFigure {
  const boxes = input.members.map(member => boxOf(member.outline))
  const west = Math.min(...boxes.map(box => box[0]))
  const south = Math.min(...boxes.map(box => box[1]))
  const east = Math.max(...boxes.map(box => box[2]))
  const north = Math.max(...boxes.map(box => box[3]))
  const scale = Math.min(
    (WIDTH - 2 * MARGIN) / Math.max(east - west, 1),
    (HEIGHT - 2 * MARGIN - FOOT) / Math.max(north - south, 1),
  )
  const x = (value: number) => WIDTH / 2 + (value - (west + east) / 2) * scale
  const y = (value: number) => (HEIGHT - FOOT) / 2 - (value - (south + north) / 2) * scale
  const path = (flat: FlatPolygons): string => {
    let from = 0
    const rings: string[] = []
    for (const end of flat.ringEnds) {
      const points: string[] = []
      for (let at = from; at < end - 1; at++)
        points.push(`${x(flat.coordinates[at * 2]!).toFixed(1)},${y(flat.coordinates[at * 2 + 1]!).toFixed(1)}`)
      rings.push(`M${points.join('L')}Z`)
      from = end
    }
    return rings.join('')
  }
  const draw = (flats: readonly FlatPolygons[], style: string): string =>
    flats.length === 0 ? '' : `<path d="${flats.map(path).join('')}" fill-rule="evenodd" ${style}/>`
  const ofSide = (side: string) => input.members.filter(member => (member.side ?? 'unknown') === side)
  const numbers = input.members.map((member, index) => {
    const [px, py] = interiorPoint(member.outline) ?? boxes[index]!
    const left = x(px) - (String(member.number).length * DIGIT_PX) / 2
    return `<tspan x="${left.toFixed(1)}" y="${(y(py) + 4).toFixed(1)}">${member.number}</tspan>`
  })
  const lines = SUBZONES.filter(({ subzone }) => input.boundary.some(feature => feature.subzone === subzone))
  const frame = `width="${WIDTH - 2}" height="${HEIGHT - FOOT}"`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<defs><pattern id="crossing" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="4" height="8" fill="#9dc3ea"/><rect x="4" width="4" height="8" fill="#f4bd84"/></pattern></defs>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${draw(input.neighbours, 'fill="#f1f1f1" stroke="#aaa" stroke-width="0.5"')}
${SIDES.map(({ side, fill }) =>
  draw(
    ofSide(side).map(member => member.outline),
    `fill="${fill}" stroke="#333" stroke-width="0.9"`,
  ),
).join('')}
${draw(input.outline ? [input.outline] : [], 'fill="none" stroke="#b00020" stroke-width="1.8"')}
${lines
  .map(({ subzone, dash }) =>
    draw(
      input.boundary.filter(feature => feature.subzone === subzone).map(feature => feature.outline),
      `fill="none" stroke="#7a1fa2" stroke-width="1.6" stroke-dasharray="${dash}"`,
    ),
  )
  .join('')}
<text ${FONT} font-size="12" fill="#111" stroke="#fff" stroke-width="2.5" paint-order="stroke">${numbers.join('')}</text>
<path d="M0 0H${WIDTH}V${HEIGHT}H0ZM1 1V${HEIGHT - FOOT + 1}H${WIDTH - 1}V1Z" fill="#fff" fill-rule="evenodd"/>
<rect x="1" y="1" ${frame} fill="none" stroke="#111"/>
<path d="M640 22L632 50L640 44L648 50Z" fill="#111"/>
${footOf(
  scale,
  SIDES.filter(({ side }) => ofSide(side).length > 0),
  lines,
)}
</svg>`
  return { title: input.title, svg, widthPx: WIDTH, heightPx: HEIGHT }
}

function footOf(
  scale: number,
  sides: readonly { label: string; fill: string }[],
  lines: readonly { label: string; dash: string }[],
): string {
  const bar = niceLength(110 / scale)
  const barPx = bar * scale
  const foot = HEIGHT - 16
  const words = [
    `<tspan x="634" y="66">北</tspan>`,
    `<tspan x="${(18 + barPx).toFixed(1)}" y="${foot + 3}">${bar} 米</tspan>`,
  ]
  const shapes = [
    `<path d="M10 ${foot - 5}V${foot}H${(10 + barPx).toFixed(1)}V${foot - 5}" fill="none" stroke="#111" stroke-width="1.5"/>`,
  ]
  let at = 205
  const place = (label: string, shape: string): void => {
    shapes.push(shape)
    words.push(`<tspan x="${at + 27}" y="${foot + 2}">${label}</tspan>`)
    at += 36 + 12 * label.length
  }
  for (const { label, fill } of sides) {
    place(label, `<rect x="${at}" y="${foot - 8}" width="22" height="11" fill="${fill}" stroke="#333"/>`)
  }
  place('区域范围', `<path d="M${at} ${foot - 2}h22" stroke="#b00020" stroke-width="1.8"/>`)
  for (const { label, dash } of lines) {
    place(label, `<path d="M${at} ${foot - 2}h22" stroke="#7a1fa2" stroke-width="1.6" stroke-dasharray="${dash}"/>`)
  }
  return `${shapes.join('')}<text ${FONT} font-size="12" fill="#111">${words.join('')}</text>`
}

/** The largest 1, 2 or 5 × 10ⁿ m that is not longer than `limit`. */
function niceLength(limit: number): number {
  const power = 10 ** Math.floor(Math.log10(limit))
  return power * ([5, 2].find(step => step * power <= limit) ?? 1)
}
