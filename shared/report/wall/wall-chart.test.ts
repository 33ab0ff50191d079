import { describe, expect, test } from 'vitest'
import type { Dashboard, DashboardRow, TargetIndicator } from '../../contract/dashboard.ts'
import { TARGET_INDICATORS } from '../../contract/dashboard.ts'
import { fitText, type Shape, shapesToSvg, textWidth, WALL_HEIGHT, WALL_WIDTH } from './shapes.ts'
import { wallChart } from './wall-chart.ts'
import { amountText } from './wall-parts.ts'
import { WALL_WORDS } from './words.ts'

const figure = (done: number | null, target: number | null) => {
  const rate = done === null || target === null ? null : done / target
  const light = rate === null ? null : rate >= 1 ? ('green' as const) : ('red' as const)
  return { done, target, rate, gap: rate === null ? null : rate - 1, light }
}
const row = (unit: string | null, scale: number): DashboardRow => ({
  unit,
  figures: {
    enterprises: figure(7 * scale, 8 * scale),
    land: figure(1234.56 * scale, 1000 * scale),
    energy: figure(50_000 * scale, 60_000 * scale),
    carbon: figure(null, 120_000 * scale),
    zones: figure(scale, scale),
  },
  remediating: 3,
  awaiting: 1,
  overdue: 2 * scale,
  rebounds: 0,
  months: Array.from({ length: 12 }, (_, index) => ({
    month: `2022-${String(index + 1).padStart(2, '0')}`,
    enterprises: index % 3,
    land: index * 10,
    energy: null,
  })),
})
const units = Array.from({ length: 18 }, (_, index) => `U${index}`)
const data: Dashboard = {
  year: 2022,
  years: [2022],
  as_of: '2022-12-31',
  passed: 1,
  limits: { green: 0, yellow: -0.1 },
  carbon_factor: 2,
  has_targets: true,
  revision: 1,
  demo: true,
  name: '示例 <行动>',
  total: row(null, 18),
  rows: units.map(unit => row(unit, 1)),
  outlines: units.slice(0, 16).map((unit, index) => {
    const [x, y] = [(index % 4) * 1000, Math.floor(index / 4) * 1000]
    return {
      unit,
      rings: [[x, y, x + 1000, y, x + 1000, y + 1000, x, y + 1000]],
      at: [x + 500, y + 500] as const,
    } as never
  }),
}
const chart = (indicator: TargetIndicator, language: 'zh' | 'en' = 'zh', change: Partial<Dashboard> = {}): Shape[] =>
  wallChart(
    { ...data, ...change },
    { words: WALL_WORDS[language], nameOf: unit => `${unit}街道办事处`, indicator, unit: null },
  )
const texts = (shapes: readonly Shape[]) => shapes.filter(shape => shape.kind === 'text')

describe('the wall chart', () => {
  test('every number of every unit and of all together stands there once as a text that leads to it', () => {
    const shown = texts(chart('enterprises')).filter(shape => shape.figure && !shape.figure.month)
    const at = (indicator: string, unit: string | null) =>
      shown
        .filter(shape => shape.figure!.indicator === indicator && shape.figure!.unit === unit)
        .map(shape => shape.text)
    for (const { unit, figures, overdue } of data.rows) {
      expect(at('enterprises', unit)).toEqual([amountText('enterprises', figures.enterprises.done)])
      expect(at('land', unit)).toEqual(['1,234.56'])
      expect(at('overdue', unit)).toEqual([String(overdue)])
    }
    // Of the county in its card and in the last line.
    expect(at('land', null)).toEqual(['22,222.08', '22,222.08'])
    expect(at('carbon', null)).toEqual(['—'])
  })

  test('says year, day and that the data are invented; does not say so of real ones', () => {
    const words = texts(chart('land')).map(shape => shape.text)
    expect(words).toContain('低效用地整治挂图作战 · 2022 年')
    expect(words).toContain('示例数据')
    expect(words.some(text => text.startsWith('截至 2022-12-31'))).toBe(true)
    expect(texts(chart('land', 'zh', { demo: false })).map(shape => shape.text)).not.toContain('示例数据')
  })

  test('everything lies on the picture, for every indicator, in both languages, and without outlines or targets', () => {
    const variants = TARGET_INDICATORS.flatMap(indicator => [
      chart(indicator),
      chart(indicator, 'en'),
      chart(indicator, 'zh', { outlines: [], year: null, years: [2021, 2022, 2023] }),
    ])
    for (const shape of variants.flat()) {
      if (shape.kind === 'path') continue
      const width = shape.kind === 'rect' ? shape.width : textWidth(shape.text, shape.size)
      const left =
        shape.kind === 'rect' || shape.anchor === undefined
          ? shape.x
          : shape.anchor === 'end'
            ? shape.x - width
            : shape.x - width / 2
      expect(left, JSON.stringify(shape)).toBeGreaterThanOrEqual(-0.5)
      expect(left + width, JSON.stringify(shape)).toBeLessThanOrEqual(WALL_WIDTH + 0.5)
      expect(shape.y).toBeLessThanOrEqual(WALL_HEIGHT)
    }
  })

  test('lights are told by their shape as well as by their colour', () => {
    const lightsOf = (done: number) => {
      const one = { ...row('U0', 1), figures: { ...row('U0', 1).figures, enterprises: figure(done, 8) } }
      const shapes = chart('enterprises', 'zh', { rows: [one], outlines: [] })
      return shapes.filter(shape => shape.fill === '#009e73' || shape.fill === '#d55e00').map(shape => shape.kind)
    }
    expect(lightsOf(9)).not.toEqual(lightsOf(1))
  })

  test('as SVG it holds no raw text of the data', () => {
    const font = { width: textWidth, path: (_: string, x: number, y: number) => `M${x} ${y}` }
    const svg = shapesToSvg(chart('zones'), { regular: font, bold: font })
    expect(svg).not.toContain('<行动>')
    expect(svg.startsWith('<svg ')).toBe(true)
  })
})

test('amounts: whole what is counted, 亩 with two places, a dash for unknown, no minus before a zero', () => {
  expect(amountText('enterprises', 1234)).toBe('1,234')
  expect(amountText('land', 1234.5)).toBe('1,234.50')
  expect(amountText('land', -0.001)).toBe('0.00')
  expect(amountText('energy', -1_000_000)).toBe('−1,000,000')
  expect(amountText('carbon', null)).toBe('—')
})

test('text is cut to its room with an ellipsis', () => {
  expect(fitText('兰溪经济开发区', 20, 200)).toBe('兰溪经济开发区')
  expect(textWidth(fitText('兰溪经济开发区直管区域', 20, 100), 20)).toBeLessThanOrEqual(100)
})

test('a long name of a unit is cut on the map and in its box, the number beside it never', () => {
  const long = '(含原经济技术开发区管理委员会托管片区)'
  const shapes = wallChart(data, {
    words: WALL_WORDS.zh,
    nameOf: unit => `${unit}街道${long}`,
    indicator: 'enterprises',
    unit: null,
  })
  const texts = shapes.flatMap(shape => (shape.kind === 'text' ? [shape] : []))
  for (const shape of texts) expect(shape.text).not.toContain(long)
  // Two units without an outline: their boxes end with what was reached.
  expect(texts.filter(shape => /^U1[67].*… 88%$/.test(shape.text))).toHaveLength(2)
})
