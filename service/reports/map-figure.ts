/** The map of a zone as SVG: numbered members, surroundings, the boundary, scale bar, north arrow. Pure; plane coordinates in m. */
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { ReportFigure } from '../../shared/report/model.ts'

export interface MapFigureInput {
  readonly title: string
  readonly members: readonly { readonly number: number; readonly outline: FlatPolygons }[]
  readonly neighbours: readonly FlatPolygons[]
  readonly boundary: readonly FlatPolygons[]
  readonly outline: FlatPolygons | null
}

const WIDTH = 680
const HEIGHT = 480
const MARGIN = 40
const FONT = `font-family="Noto Sans SC"`

export function mapFigure(input: MapFigureInput): ReportFigure {
  const boxes = input.members.map(member => boxOf(member.outline))
  const west = Math.min(...boxes.map(box => box[0]))
  const south = Math.min(...boxes.map(box => box[1]))
  const east = Math.max(...boxes.map(box => box[2]))
  const north = Math.max(...boxes.map(box => box[3]))
  const scale = Math.min(
    (WIDTH - 2 * MARGIN) / Math.max(east - west, 1),
    (HEIGHT - 2 * MARGIN - 40) / Math.max(north - south, 1),
  )
  const x = (value: number) => (WIDTH / 2 + (value - (west + east) / 2) * scale).toFixed(2)
  const y = (value: number) => (HEIGHT / 2 - 15 - (value - (south + north) / 2) * scale).toFixed(2)
  const path = (flat: FlatPolygons): string => {
    let from = 0
    const rings: string[] = []
    for (const end of flat.ringEnds) {
      const points: string[] = []
      for (let at = from; at < end - 1; at++)
        points.push(`${x(flat.coordinates[at * 2]!)},${y(flat.coordinates[at * 2 + 1]!)}`)
      rings.push(`M${points.join('L')}Z`)
      from = end
    }
    return rings.join('')
  }
  const drawn = (flats: readonly FlatPolygons[], style: string) =>
    flats.map(flat => `<path d="${path(flat)}" fill-rule="evenodd" ${style}/>`).join('')
  const labels = input.members.map((member, index) => {
    const box = boxes[index]!
    const place = `x="${x((box[0] + box[2]) / 2)}" y="${y((box[1] + box[3]) / 2)}"`
    return `<text ${place} dy="4" ${FONT} font-size="12" font-weight="bold" text-anchor="middle" fill="#111" stroke="#fff" stroke-width="2.5" paint-order="stroke">${member.number}</text>`
  })
  const bar = niceLength(140 / scale)
  const barPx = (bar * scale).toFixed(2)
  const foot = HEIGHT - 22
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<defs><clipPath id="frame"><rect x="1" y="1" width="${WIDTH - 2}" height="${HEIGHT - 42}"/></clipPath></defs>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<g clip-path="url(#frame)">${drawn(input.neighbours, 'fill="#eee" stroke="#999" stroke-width="0.5"')}
${drawn(
  input.members.map(member => member.outline),
  'fill="#f6d9a8" stroke="#7a4a00" stroke-width="1"',
)}
${drawn(input.outline ? [input.outline] : [], 'fill="none" stroke="#b00020" stroke-width="1.8"')}
${drawn(input.boundary, 'fill="none" stroke="#0050b3" stroke-width="1.6" stroke-dasharray="8 3 2 3"')}
${labels.join('')}</g>
<rect x="1" y="1" width="${WIDTH - 2}" height="${HEIGHT - 42}" fill="none" stroke="#111"/>
<path d="M640 22L632 50L640 44L648 50Z" fill="#111"/><text x="640" y="66" ${FONT} font-size="13" text-anchor="middle">北</text>
<path d="M10 ${foot - 5}V${foot}H${10 + Number(barPx)}V${foot - 5}" fill="none" stroke="#111" stroke-width="1.5"/>
<text x="${18 + Number(barPx)}" y="${foot + 3}" ${FONT} font-size="12">${bar} 米</text>
<g ${FONT} font-size="12"><rect x="270" y="${foot - 8}" width="22" height="11" fill="#f6d9a8" stroke="#7a4a00"/><text x="298" y="${foot + 3}">成员地块</text>
<path d="M370 ${foot - 2}h26" stroke="#b00020" stroke-width="1.8"/><text x="402" y="${foot + 3}">区域范围</text>
<path d="M474 ${foot - 2}h26" stroke="#0050b3" stroke-width="1.6" stroke-dasharray="8 3 2 3"/><text x="506" y="${foot + 3}">城镇开发边界</text></g>
</svg>`
  return { title: input.title, svg, widthPx: WIDTH, heightPx: HEIGHT }
}

/** The largest 1, 2 or 5 × 10ⁿ m that is not longer than `limit`. */
function niceLength(limit: number): number {
  const power = 10 ** Math.floor(Math.log10(limit))
  return power * ([5, 2].find(step => step * power <= limit) ?? 1)
}
