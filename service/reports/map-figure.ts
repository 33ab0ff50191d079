/**
 * The map of some parcels: the parcels by side or by another theme with their numbers, surroundings, the boundary by
 * sub-zone, the outline of a zone. Pure; plane coordinates in m.
 */
import { interiorPoint } from '../../shared/geometry/interior-point.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { ReportFigure } from '../../shared/report/model.ts'
import { boxAround, createCanvas, type LegendEntry, MAP_FRAME, WORD_PX } from './figure-canvas.ts'
import { placeNumbers } from './map-numbers.ts'
import { hatch, type Segment } from './map-sheet/hatch.ts'

export interface MapFigureInput {
  readonly title: string
  readonly members: readonly {
    readonly number: number
    readonly side: string | null
    /** Code of the theme, where there is one. */
    readonly code?: string
    readonly outline: FlatPolygons
  }[]
  readonly neighbours: readonly FlatPolygons[]
  readonly boundary: readonly { readonly subzone: string; readonly outline: FlatPolygons }[]
  readonly outline: FlatPolygons | null
  /** What the parcels are coloured by; by side when left out. */
  readonly theme?: readonly MapTheme[]
}

export interface MapTheme {
  readonly code: string
  readonly label: string
  readonly fill: string
}

const OTHER_SIDE = '#f4bd84'
export const SIDE_THEME: readonly MapTheme[] = [
  { code: 'inside', label: '界内', fill: '#9dc3ea' },
  { code: 'outside', label: '界外', fill: OTHER_SIDE },
  // Both: stripes of the other colour are drawn over it.
  { code: 'crossing', label: '跨界', fill: '#9dc3ea' },
  { code: 'unknown', label: '未判定', fill: '#dcdfe3' },
]
const STRIPE_PX = 8
const DIGIT_PX = 6.7
const ZONE_LINE = 'stroke="#b00020" stroke-width="1.8"'

export const SUBZONE_LINES = [
  { subzone: 'concentrated', label: '集中建设区', dash: '' },
  { subzone: 'flexible', label: '弹性发展区', dash: '8 4' },
  { subzone: 'special', label: '特别用途区', dash: '2 3' },
  { subzone: 'unspecified', label: '开发边界', dash: '8 3 2 3' },
] as const

export const subzoneStroke = (dash: string): string =>
  `fill="none" stroke="#7a1fa2" stroke-width="1.6"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`

export function mapFigure(input: MapFigureInput): ReportFigure {
  const { members, theme = SIDE_THEME } = input
  const canvas = createCanvas(
    boxAround([...members.map(member => member.outline), ...(input.outline ? [input.outline] : [])]) ?? [0, 0, 1, 1],
  )
  const codeOf = (member: MapFigureInput['members'][number]) =>
    input.theme ? (member.code ?? '') : (member.side ?? 'unknown')
  canvas.draw(input.neighbours, 'fill="#f1f1f1" stroke="#aaa" stroke-width="0.5"')
  const present = theme.filter(({ code }) => members.some(member => codeOf(member) === code))
  for (const { code, fill } of present) {
    const outlines = members.filter(member => codeOf(member) === code).map(member => member.outline)
    canvas.draw(outlines, `fill="${fill}" stroke="${code === 'crossing' ? 'none' : '#333'}" stroke-width="0.9"`)
    if (input.theme || code !== 'crossing') continue
    const lines = outlines.flatMap(outline => hatch(canvas.onPaper(outline), STRIPE_PX))
    canvas.shape(`<path d="${lines.map(lineOf).join('')}" ${STRIPES}/>`)
    canvas.draw(outlines, 'fill="none" stroke="#333" stroke-width="0.9"')
  }
  canvas.draw(input.outline ? [input.outline] : [], `fill="none" ${ZONE_LINE}`)
  const lines = SUBZONE_LINES.filter(({ subzone }) => input.boundary.some(feature => feature.subzone === subzone))
  for (const { subzone, dash } of lines)
    canvas.draw(
      input.boundary.filter(feature => feature.subzone === subzone).map(feature => feature.outline),
      subzoneStroke(dash),
    )
  const numbers = placeNumbers(
    members.map(({ number, outline }) => {
      const [east, north] = interiorPoint(outline) ?? boxOf(outline)
      return { text: String(number), x: canvas.x(east), y: canvas.y(north) }
    }),
    { size: WORD_PX, digit: DIGIT_PX, frame: MAP_FRAME },
  )
  for (const { text, x, y, width, atX, atY } of numbers) {
    if (x !== atX || y !== atY)
      canvas.shape(
        `<path d="M${x.toFixed(1)} ${y.toFixed(1)}L${atX.toFixed(1)} ${atY.toFixed(1)}" stroke="#111" stroke-width="0.6"/><circle cx="${atX.toFixed(1)}" cy="${atY.toFixed(1)}" r="1.4" fill="#111"/>`,
      )
    canvas.word(text, x - width / 2, y + 4, { halo: true })
  }
  const box = (fill: string) => `<rect width="22" height="11" fill="${fill}" stroke="#333"/>`
  return canvas.finish(input.title, [
    ...present.map(
      ({ code, label, fill }): LegendEntry => ({
        label,
        sign: `${box(fill)}${!input.theme && code === 'crossing' ? SIGN_STRIPES : ''}`,
      }),
    ),
    ...(input.outline ? [{ label: '区域范围', sign: `<path d="M0 6h22" ${ZONE_LINE}/>` }] : []),
    ...lines.map(({ label, dash }) => ({ label, sign: `<path d="M0 6h22" ${subzoneStroke(dash)}/>` })),
  ])
}

const STRIPES = `fill="none" stroke="${OTHER_SIDE}" stroke-width="${STRIPE_PX / 2}"`
const SIGN_STRIPES = `<path d="M2.5 8.5L8.5 2.5M9.5 8.5L15.5 2.5M16 9L20 5" ${STRIPES}/>`

function lineOf([x0, y0, x1, y1]: Segment): string {
  return `M${x0.toFixed(1)} ${y0.toFixed(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}`
}
