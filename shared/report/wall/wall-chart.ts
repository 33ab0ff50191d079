/**
 * 挂图作战 as one picture, 16:9: what is owed and done, the units on the map, their table, the months. Lights are told by
 * shape and word too, never by colour alone. Pure.
 */
import type { Dashboard, DashboardRow, ProgressFigure, TargetIndicator } from '../../contract/dashboard.ts'
import { TARGET_INDICATORS } from '../../contract/dashboard.ts'
import { type FigureKey, fitText, type Shape, shortName, textWidth, WALL_HEIGHT, WALL_WIDTH } from './shapes.ts'
import { trend } from './trend.ts'
import { unitMap } from './unit-map.ts'
import {
  amountText,
  INK,
  LIGHT_COLOURS,
  LINE,
  lightShape,
  NO_LIGHT,
  percent,
  QUIET,
  type WallOptions,
} from './wall-parts.ts'
import type { WallWords } from './words.ts'

const ACCENT = '#1f5fa8'

export function wallChart(data: Dashboard, options: WallOptions): Shape[] {
  return [
    { kind: 'rect', x: 0, y: 0, width: WALL_WIDTH, height: WALL_HEIGHT, fill: '#ffffff' },
    ...head(data, options),
    ...cards(data, options),
    ...unitMap(data, options, { x: 30, y: 262, width: 760, height: 500 }),
    ...trend(data, options, { x: 30, y: 780, width: 760, height: 280 }),
    ...table(data, options),
  ]
}

function head({ year, as_of, demo, name, passed }: Dashboard, { words }: WallOptions): Shape[] {
  const title = words.title(year)
  const shapes: Shape[] = [
    { kind: 'text', x: 30, y: 58, text: title, size: 40, fill: INK, bold: true },
    {
      kind: 'text',
      x: WALL_WIDTH - 30,
      y: 40,
      text: `${words.asOf(as_of)} · ${words.passed(percent(passed))}`,
      size: 26,
      fill: INK,
      anchor: 'end',
    },
    { kind: 'text', x: WALL_WIDTH - 30, y: 72, text: fitText(name, 18, 900), size: 18, fill: QUIET, anchor: 'end' },
  ]
  if (demo) {
    const x = 30 + textWidth(title, 40) + 36
    const width = textWidth(words.demo, 24) + 24
    shapes.push(
      { kind: 'rect', x, y: 26, width, height: 40, fill: '#fff3d6', stroke: '#b7791f', radius: 4 },
      {
        kind: 'text',
        x: x + width / 2,
        y: 55,
        text: words.demo,
        size: 24,
        fill: '#7a4a00',
        anchor: 'middle',
        bold: true,
      },
    )
  }
  return shapes
}

const CARD_GAP = 15
const CARD_WIDTH = (WALL_WIDTH - 60 - 4 * CARD_GAP) / 5

function cards({ total }: Dashboard, { words }: WallOptions): Shape[] {
  return TARGET_INDICATORS.flatMap((indicator, index): Shape[] => {
    const figure = total.figures[indicator]
    const x = 30 + index * (CARD_WIDTH + CARD_GAP)
    const key: FigureKey = { indicator, unit: null }
    const value = amountText(indicator, figure.done)
    const size = value.length > 9 ? 44 : 54
    const bar = CARD_WIDTH - 36
    const share = Math.max(0, Math.min(1, figure.rate ?? 0))
    const shapes: Shape[] = [
      { kind: 'rect', x, y: 92, width: CARD_WIDTH, height: 154, fill: '#f5f8fb', stroke: LINE, radius: 6 },
      { kind: 'text', x: x + 18, y: 124, text: words.indicator[indicator], size: 24, fill: QUIET },
      {
        kind: 'text',
        x: x + 18,
        y: 184,
        text: value,
        size,
        fill: ACCENT,
        bold: true,
        figure: key,
        title: `${words.all} ${words.indicator[indicator]} ${value} ${words.unit[indicator]}`,
      },
      {
        kind: 'text',
        x: x + 18 + textWidth(value, size) + 10,
        y: 184,
        text: figure.done === null ? '' : words.unit[indicator],
        size: 24,
        fill: QUIET,
      },
      { kind: 'rect', x: x + 18, y: 200, width: bar, height: 8, fill: '#dfe5ea', radius: 4 },
      {
        kind: 'rect',
        x: x + 18,
        y: 200,
        width: bar * share,
        height: 8,
        fill: figure.light ? LIGHT_COLOURS[figure.light] : NO_LIGHT,
        radius: 4,
      },
      {
        kind: 'text',
        x: x + 18,
        y: 234,
        text:
          figure.target === null
            ? words.noTarget
            : `${words.target} ${amountText(indicator, figure.target)} · ${percent(figure.rate)}`,
        size: 20,
        fill: QUIET,
      },
    ]
    if (figure.light) {
      shapes.push(
        ...lightShape(figure.light, x + CARD_WIDTH - 22 - textWidth(words.light[figure.light], 20) - 14, 227, 9),
        {
          kind: 'text',
          x: x + CARD_WIDTH - 18,
          y: 234,
          text: words.light[figure.light],
          size: 20,
          fill: INK,
          anchor: 'end',
          title: words.points(figure.gap ?? 0),
        },
      )
    }
    return shapes
  })
}

const TABLE = { x: 820, y: 262, width: 1070, bottom: 1060 }
/** Columns of the table: each number stands beside what it is measured by. */
const COLUMNS: readonly { readonly indicator: TargetIndicator | 'overdue'; readonly right: number }[] = [
  { indicator: 'enterprises', right: 1190 },
  { indicator: 'land', right: 1400 },
  { indicator: 'energy', right: 1580 },
  { indicator: 'zones', right: 1740 },
  { indicator: 'overdue', right: 1880 },
]
const NAME_WIDTH = 230
const LIGHT_AT = { enterprises: 1212, land: 1422 } as const

function table({ total, rows }: Dashboard, { words, nameOf }: WallOptions): Shape[] {
  const lines = [...rows, total]
  const step = Math.min(40, (TABLE.bottom - TABLE.y - 44) / lines.length)
  const size = Math.min(22, step * 0.6)
  const shapes: Shape[] = [
    { kind: 'rect', x: TABLE.x, y: TABLE.y, width: TABLE.width, height: 40, fill: '#eaf0f6' },
    { kind: 'text', x: TABLE.x + 12, y: TABLE.y + 28, text: words.units, size: 20, fill: INK, bold: true },
    ...COLUMNS.map(({ indicator, right }): Shape => {
      const unit = words.unit[indicator]
      return {
        kind: 'text',
        x: right,
        y: TABLE.y + 28,
        text: unit ? `${words.indicator[indicator]}(${unit})` : words.indicator[indicator],
        size: 20,
        fill: INK,
        anchor: 'end',
        bold: true,
      }
    }),
  ]
  for (const [index, row] of lines.entries()) {
    const top = TABLE.y + 42 + index * step
    const isTotal = row.unit === null
    if (isTotal || index % 2 === 1)
      shapes.push({
        kind: 'rect',
        x: TABLE.x,
        y: top,
        width: TABLE.width,
        height: step,
        fill: isTotal ? '#eaf0f6' : '#f7f9fb',
      })
    shapes.push(...line(row, top + step * 0.7, size, isTotal, words, nameOf))
  }
  return shapes
}

/** “Lanjiang” reads better than “Lanjiang Subdistr…”. */
function unitText(name: string, size: number): string {
  return textWidth(name, size) <= NAME_WIDTH ? name : fitText(shortName(name), size, NAME_WIDTH)
}

function line(
  row: DashboardRow,
  baseline: number,
  size: number,
  bold: boolean,
  words: WallWords,
  nameOf: (unit: string) => string,
): Shape[] {
  const name = row.unit === null ? words.all : row.unit === '' ? words.without : nameOf(row.unit)
  const shapes: Shape[] = [
    { kind: 'text', x: TABLE.x + 12, y: baseline, text: unitText(name, size), size, fill: INK, bold, title: name },
  ]
  for (const { indicator, right } of COLUMNS) {
    const figure: Pick<ProgressFigure, 'done' | 'target' | 'light' | 'gap' | 'rate'> | null =
      indicator === 'overdue' ? null : row.figures[indicator]
    const value = figure === null ? String(row.overdue) : amountText(indicator, figure.done)
    const target = figure?.target ?? null
    const behind = target === null ? '' : ` / ${amountText(indicator, target)}`
    const behindWidth = textWidth(behind, size * 0.82)
    shapes.push({
      kind: 'text',
      x: right - behindWidth,
      y: baseline,
      text: value,
      size,
      fill: figure === null && row.overdue > 0 ? LIGHT_COLOURS.red : ACCENT,
      anchor: 'end',
      bold,
      figure: { indicator, unit: row.unit },
      title: `${name} ${words.indicator[indicator]} ${value} ${words.unit[indicator]}`,
    })
    if (behind !== '')
      shapes.push({ kind: 'text', x: right, y: baseline, text: behind, size: size * 0.82, fill: QUIET, anchor: 'end' })
    if (figure?.light && (indicator === 'enterprises' || indicator === 'land'))
      shapes.push(...lightShape(figure.light, LIGHT_AT[indicator], baseline - size * 0.36, size * 0.34))
  }
  return shapes
}
