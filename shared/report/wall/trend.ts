/** Months of one row: what each brought, the sum so far, and the line on which it would be in step. One scale for all. Pure. */
import type { Dashboard, DashboardRow, TargetIndicator } from '../../contract/dashboard.ts'
import type { Shape } from './shapes.ts'
import { amountText, INK, LINE, QUIET, type WallFrame, type WallOptions } from './wall-parts.ts'

const BAR = '#8fb4da'
const SUM = '#1f5fa8'
const PACE = '#8a4b00'

/** Zones have no months: their place is taken by the enterprises. */
export function trendIndicator(indicator: TargetIndicator): Exclude<TargetIndicator, 'zones'> {
  return indicator === 'zones' ? 'enterprises' : indicator
}

export function trend(data: Dashboard, options: WallOptions, frame: WallFrame): Shape[] {
  const { words, unit } = options
  const indicator = trendIndicator(options.indicator)
  const row = (unit === null ? null : data.rows.find(each => each.unit === unit)) ?? data.total
  const name = row.unit === null ? words.all : row.unit === '' ? words.without : options.nameOf(row.unit)
  const amounts = row.months.map(month => amountOf(month, indicator, data.carbon_factor))
  let sum = 0
  const sums = amounts.map(amount => {
    sum += amount ?? 0
    return sum
  })
  const slots = Math.max(row.months.length, data.year === null ? data.years.length * 12 : 12)
  const { target } = row.figures[indicator]
  const top = Math.max(1, target ?? 0, ...sums, ...amounts.map(amount => amount ?? 0)) * 1.08
  const plot = {
    left: frame.x + 84,
    right: frame.x + frame.width - 18,
    top: frame.y + 52,
    bottom: frame.y + frame.height - 34,
  }
  const step = (plot.right - plot.left) / slots
  const y = (value: number): number => plot.bottom - ((plot.bottom - plot.top) * Math.max(0, value)) / top
  const shapes: Shape[] = [
    { kind: 'rect', ...frame, fill: '#fbfcfd', stroke: LINE, radius: 6 },
    {
      kind: 'text',
      x: frame.x + 16,
      y: frame.y + 32,
      text: words.trendTitle(words.indicator[indicator], name),
      size: 22,
      fill: INK,
      bold: true,
    },
    ...key(frame, words, target !== null),
  ]
  // Half of one would read as one.
  for (const share of top <= 1.08 ? [0, 1] : [0, 0.5, 1]) {
    const value = (top / 1.08) * share
    shapes.push(
      { kind: 'path', d: `M${plot.left} ${y(value)}H${plot.right}`, fill: 'none', stroke: '#e3e8ed', width: 1 },
      {
        kind: 'text',
        x: plot.left - 8,
        y: y(value) + 5,
        text: amountText('energy', value),
        size: 15,
        fill: QUIET,
        anchor: 'end',
      },
    )
  }
  shapes.push(...bars(row, amounts, { step, left: plot.left, bottom: plot.bottom, slots, y }, indicator, options, name))
  if (target !== null) {
    const d = `M${plot.left} ${plot.bottom}L${plot.right} ${y(target).toFixed(1)}`
    shapes.push({ kind: 'path', d, fill: 'none', stroke: PACE, width: 2, dash: '7 5' })
  }
  if (sums.length > 0) {
    const points = sums.map((value, index) => `${(plot.left + step * (index + 0.5)).toFixed(1)} ${y(value).toFixed(1)}`)
    shapes.push({ kind: 'path', d: `M${points.join('L')}`, fill: 'none', stroke: SUM, width: 3 })
  }
  return shapes
}

function amountOf(month: DashboardRow['months'][number], indicator: TargetIndicator, factor: number | null) {
  if (indicator === 'enterprises') return month.enterprises
  if (indicator === 'land') return month.land
  if (indicator === 'carbon') return month.energy === null || factor === null ? null : month.energy * factor
  return month.energy
}

interface Plot {
  readonly step: number
  readonly left: number
  readonly bottom: number
  readonly slots: number
  readonly y: (value: number) => number
}

function bars(
  row: DashboardRow,
  amounts: readonly (number | null)[],
  { step, left, bottom, slots, y }: Plot,
  indicator: TargetIndicator,
  { words }: WallOptions,
  name: string,
): Shape[] {
  return row.months.flatMap(({ month }, index): Shape[] => {
    const x = left + index * step
    const amount = amounts[index] ?? null
    const at = y(amount ?? 0)
    const shapes: Shape[] = []
    // Many months: January is named by its year.
    const label = slots <= 12 ? words.month(month) : month.endsWith('-01') ? month.slice(0, 4) : ''
    if (label !== '')
      shapes.push({
        kind: 'text',
        x: x + step / 2,
        y: bottom + 22,
        text: label,
        size: 15,
        fill: QUIET,
        anchor: 'middle',
      })
    if (amount === null || amount === 0) return shapes
    shapes.push({
      kind: 'rect',
      x: x + step * 0.18,
      y: at,
      width: step * 0.64,
      height: Math.max(2, bottom - at),
      fill: BAR,
      figure: { indicator, unit: row.unit, month },
      title: `${name} ${month} ${words.indicator[indicator]} ${amountText(indicator, amount)} ${words.unit[indicator]}`,
    })
    if (slots <= 12)
      shapes.push({
        kind: 'text',
        x: x + step / 2,
        y: at - 5,
        text: amountText(indicator, indicator === 'land' ? Math.round(amount) : amount),
        size: 14,
        fill: INK,
        anchor: 'middle',
      })
    return shapes
  })
}

function key(frame: WallFrame, words: WallOptions['words'], hasTarget: boolean): Shape[] {
  const shapes: Shape[] = []
  let x = frame.x + frame.width - 16
  const say = (text: string): void => {
    shapes.push({ kind: 'text', x, y: frame.y + 30, text, size: 15, fill: QUIET, anchor: 'end' })
    x -= [...text].reduce((width, sign) => width + (sign > '\u2e7f' ? 15 : 8.7), 0) + 8
  }
  if (hasTarget) {
    say(words.pace)
    shapes.push({ kind: 'path', d: `M${x - 26} ${frame.y + 25}h26`, fill: 'none', stroke: PACE, width: 2, dash: '7 5' })
    x -= 40
  }
  say(words.cumulative)
  shapes.push({ kind: 'path', d: `M${x - 26} ${frame.y + 25}h26`, fill: 'none', stroke: SUM, width: 3 })
  x -= 40
  say(words.monthly)
  shapes.push({ kind: 'rect', x: x - 16, y: frame.y + 17, width: 16, height: 16, fill: BAR })
  return shapes
}
