/** The units on the map, coloured by their light; those without an outline stand below it as boxes. Pure. */
import type { Dashboard, DashboardRow } from '../../contract/dashboard.ts'
import type { Light } from '../../rules/progress.ts'
import { keepApart, type LabelBox } from './label-room.ts'
import { fitText, type Shape, shortName, textWidth } from './shapes.ts'
import {
  amountText,
  INK,
  LIGHT_COLOURS,
  LINE,
  lightShape,
  NO_LIGHT,
  QUIET,
  type WallFrame,
  type WallOptions,
} from './wall-parts.ts'

const LABEL = 17
/** A longer name would leave its unit. */
const MOST_NAME = 96
/** Room of the light's sign beside a number. */
const MARK = 14
interface Label extends LabelBox {
  readonly name: string
  readonly value: string
  readonly size: number
  readonly light: Light | null
}

const BOX = { width: 236, height: 30, gap: 10 }

export function unitMap(data: Dashboard, options: WallOptions, frame: WallFrame): Shape[] {
  const { words, indicator } = options
  const shapes: Shape[] = [
    { kind: 'rect', ...frame, fill: '#fbfcfd', stroke: LINE, radius: 6 },
    {
      kind: 'text',
      x: frame.x + 16,
      y: frame.y + 32,
      text: words.mapTitle(words.indicator[indicator]),
      size: 22,
      fill: INK,
      bold: true,
    },
    ...legend(data, options, frame),
  ]
  const drawn = new Set(data.outlines.map(outline => outline.unit))
  const boxes = data.rows.filter(row => row.unit !== null && row.unit !== '' && !drawn.has(row.unit))
  const perLine = Math.max(1, Math.floor((frame.width - 20) / (BOX.width + BOX.gap)))
  const boxLines = Math.ceil(boxes.length / perLine)
  const boxTop = frame.y + frame.height - boxLines * (BOX.height + 6) - 8
  if (drawn.size === 0) {
    const y = frame.y + 98
    shapes.push({ kind: 'text', x: frame.x + 16, y, text: words.noOutline, size: 18, fill: QUIET })
  }
  shapes.push(...outlines(data, options, { ...frame, y: frame.y + 72, height: boxTop - frame.y - 78 }))
  for (const [index, row] of boxes.entries()) {
    const x = frame.x + 10 + (index % perLine) * (BOX.width + BOX.gap)
    const y = boxTop + Math.floor(index / perLine) * (BOX.height + 6)
    const title = titleOf(row, options)
    const figure = { indicator, unit: row.unit }
    shapes.push(
      {
        kind: 'rect',
        x,
        y,
        width: BOX.width,
        height: BOX.height,
        fill: fillOf(row, options),
        stroke: '#6b7682',
        figure,
        title,
      },
      {
        kind: 'text',
        x: x + 8,
        y: y + 21,
        text: nameAndValue(options.nameOf(row.unit!), valueText(row, options)),
        size: LABEL,
        fill: INK,
      },
    )
  }
  return shapes
}

/** The name gives way, never the number. */
function nameAndValue(name: string, value: string): string {
  return `${fitText(name, LABEL, BOX.width - 16 - textWidth(` ${value}`, LABEL))} ${value}`
}

function fillOf(row: DashboardRow | undefined, { indicator }: WallOptions): string {
  const light = row?.figures[indicator].light
  return light ? `${LIGHT_COLOURS[light]}99` : `${NO_LIGHT}99`
}

/** Completion where there is a target, else what was done. */
function valueText(row: DashboardRow | undefined, { indicator }: WallOptions): string {
  const figure = row?.figures[indicator]
  if (!figure) return '—'
  // Whole numbers: on the map every sign costs room; the exact ones stand in the table and the tooltip.
  if (figure.rate !== null) return `${Math.round(figure.rate * 100)}%`
  return amountText(indicator, figure.done === null ? null : Math.round(figure.done))
}

function titleOf(row: DashboardRow, { words, indicator, nameOf }: WallOptions): string {
  const { done, target, gap, light } = row.figures[indicator]
  const pace = light === null || gap === null ? words.noTarget : `${words.light[light]} ${words.points(gap)}`
  const owed = target === null ? '' : ` / ${amountText(indicator, target)}`
  return `${nameOf(row.unit ?? '')} ${words.indicator[indicator]} ${amountText(indicator, done)}${owed} ${words.unit[indicator]} · ${pace}`
}

function outlines(data: Dashboard, options: WallOptions, frame: WallFrame): Shape[] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { rings } of data.outlines) {
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i += 2) {
        west = Math.min(west, ring[i]!)
        east = Math.max(east, ring[i]!)
        south = Math.min(south, ring[i + 1]!)
        north = Math.max(north, ring[i + 1]!)
      }
    }
  }
  if (west >= east || south >= north) return []
  const scale = Math.min((frame.width - 20) / (east - west), frame.height / (north - south))
  const x0 = frame.x + frame.width / 2 - (scale * (west + east)) / 2
  const y0 = frame.y + frame.height / 2 + (scale * (south + north)) / 2
  const place = (x: number, y: number): string => `${(x0 + scale * x).toFixed(1)} ${(y0 - scale * y).toFixed(1)}`
  const byUnit = new Map(data.rows.map(row => [row.unit, row]))
  const areas: Shape[] = []
  const placed: Label[] = []
  for (const { unit, rings, at } of data.outlines) {
    const row = byUnit.get(unit)
    const d = rings
      .map(ring => {
        const points: string[] = []
        for (let i = 0; i + 1 < ring.length; i += 2) points.push(place(ring[i]!, ring[i + 1]!))
        return `M${points.join('L')}Z`
      })
      .join('')
    areas.push({
      kind: 'path',
      d,
      fill: fillOf(row, options),
      stroke: '#5b6773',
      width: 1.2,
      ...(row ? { figure: { indicator: options.indicator, unit }, title: titleOf(row, options) } : {}),
    })
    const [whole, value] = [shortName(options.nameOf(unit)), valueText(row, options)]
    const size = textWidth(whole, LABEL) > 70 ? LABEL * 0.8 : LABEL
    const name = fitText(whole, size, MOST_NAME)
    const light = row?.figures[options.indicator].light ?? null
    const width = Math.max(textWidth(name, size), textWidth(value, LABEL) + (light ? 2 * MARK : 0))
    placed.push({
      name,
      value,
      size,
      light,
      x: x0 + scale * at[0],
      y: y0 - scale * at[1],
      width,
      height: 2 * LABEL + 2,
    })
  }
  keepApart(placed, frame)
  const labels = placed.flatMap(({ name, value, size, light, x, y }): Shape[] => [
    { kind: 'text', x, y: y - 3, text: name, size, fill: INK, anchor: 'middle' },
    { kind: 'text', x, y: y - 3 + LABEL + 1, text: value, size: LABEL, fill: INK, anchor: 'middle', bold: true },
    ...(light ? lightShape(light, x - textWidth(value, LABEL) / 2 - 9, y + LABEL - 8, 5) : []),
  ])
  return [...areas, ...labels]
}

/** One line below the title. */
function legend({ limits }: Dashboard, { words }: WallOptions, frame: WallFrame): Shape[] {
  const lights = ['green', 'yellow', 'red', null] as const
  const size = 16
  let x = frame.x + 16
  return words.legend(limits).flatMap((text, index): Shape[] => {
    const light = lights[index] ?? null
    const left = x
    x += 30 + textWidth(text, size) + 26
    return [
      {
        kind: 'rect',
        x: left,
        y: frame.y + 46,
        width: 22,
        height: 16,
        fill: light ? `${LIGHT_COLOURS[light]}99` : `${NO_LIGHT}99`,
        stroke: '#5b6773',
      },
      ...(light ? lightShape(light, left + 11, frame.y + 54, 5) : []),
      { kind: 'text', x: left + 30, y: frame.y + 60, text, size, fill: QUIET },
    ]
  })
}
