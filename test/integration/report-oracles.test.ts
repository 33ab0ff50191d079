/**
 * Every figure of 月报表, 季度通报, 年度考核 and the wall chart again from the raw tables, for the demo county and for a small survey
 * of awkward cases, at the end of every month; a figure without an oracle fails.
 */
import { join, resolve } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDashboard } from '../../service/dashboard/dashboard.ts'
import { buildPeriodicReport } from '../../service/reports/periodic-report.ts'
import { writeDocx } from '../../service/reports/write-docx.ts'
import { writePdf } from '../../service/reports/write-pdf.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { type CellValue, columnTitle, printCell, type Report } from '../../shared/report/model.ts'
import { ASSESSMENT_METHODS, MEASURED } from '../../shared/rules/assessment.ts'
import { docxCells, pdfText } from '../support/report-reading.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'
import { rateOf } from './oracles/contiguity-oracle.ts'
import { openInvented } from './oracles/invented-survey.ts'
import { annualFigures, monthlyFigures, quarterlyFigures, Raw } from './oracles/periodic-oracles.ts'
import type { SurveyFixture } from './survey-fixture.ts'

let demo: DemoFixture
let small: SurveyFixture

beforeAll(async () => {
  demo = await openDemo()
  small = await openInvented()
}, 60_000)
afterAll(() => {
  demo.close()
  small.close()
})

const SURVEYS = {
  demo: () => new Raw(demo.store, '2022-12-05'),
  invented: () => new Raw(small.store, '2026-05-01'),
}
type Name = keyof typeof SURVEYS

/** Same text and nulls; numbers to 1e-6 (the book adds in another order than SQL), in the demo 亩 to the rest of its rounding. */
function same(got: Record<string, unknown>, expected: Record<string, unknown>, where: string): void {
  expect(Object.keys(got).sort(), where).toEqual(Object.keys(expected).sort())
  for (const [title, value] of Object.entries(expected))
    if (typeof value === 'number') {
      expect(typeof got[title], `${where} ${title} ${got[title]}`).toBe('number')
      expect(Math.abs(Number(got[title]) - value), `${where} ${title}: ${got[title]} ≠ ${value}`).toBeLessThan(1e-6)
    } else expect(got[title], `${where} ${title}`).toBe(value)
}

/** Cells of a row by their titles, without those that name it or are judged elsewhere. */
function named({ summary }: Report, row: readonly unknown[], besides: readonly string[]): Record<string, unknown> {
  const cells = summary.columns.map((column, index) => [columnTitle(column), row[index]] as const)
  return Object.fromEntries(cells.filter(([title]) => !besides.includes(title)))
}

describe.each([
  ['demo', [['2022', [4, 10, 11, 12]]]],
  [
    'invented',
    [
      ['2025', [11, 12]],
      ['2026', [1, 2, 3, 4, 5]],
    ],
  ],
] as const)('月报表 of the %s', (survey, years) => {
  for (const [year, months] of years)
    for (const month of months)
      test(`${year}-${month}`, async () => {
        const raw = SURVEYS[survey as Name]()
        const report = await buildPeriodicReport(raw.store, { kind: 'monthly', year: Number(year), month })
        const rows = new Map(report.summary.rows.map(row => [row[0], row]))
        expect(rows.size).toBe(raw.units().length)
        for (const { code, name } of raw.units())
          same(named(report, rows.get(name)!, ['考核单位']), monthlyFigures(raw, code, Number(year), month), name)
        same(
          named(report, report.summary.totals!, ['考核单位']),
          monthlyFigures(raw, null, Number(year), month),
          '全市',
        )
      })
})

test('the invented survey has what it was invented for', async () => {
  const raw = SURVEYS.invented()
  const at = (month: number, year = 2026) => monthlyFigures(raw, null, year, month)
  expect(at(12, 2025)).toMatchObject({
    '本月完成(家)': 1,
    '待验收(家)': 1,
    '累计腾能(tce)': 100,
    '本月新增列入(家)': 5,
  })
  expect(at(1)['本月完成(家)']).toBe(2)
  expect(at(1)['累计腾能(tce)']).toBe(12.5)
  expect(at(3)).toMatchObject({ '本月完成(家)': -2, '反弹(家)': 1 })
  expect(at(4)).toMatchObject({ '本月完成(家)': -1, '反弹(家)': 2, '本月新增列入(家)': 1 })
  expect(at(5)['逾期(家)']).toBe(4)
})

describe.each([
  ['demo', 2022, [2, 4]],
  ['invented', 2026, [1, 2]],
  ['invented', 2025, [4]],
] as const)('季度通报 of the %s, %i', (survey, year, quarters) => {
  test.each(quarters)('quarter %i', async quarter => {
    const raw = SURVEYS[survey]()
    const report = await buildPeriodicReport(raw.store, { kind: 'quarterly', year, month: quarter * 3 })
    const besides = ['排名', '单位', '综合得分', '上季排名', '升降']
    const figures = raw.units().map(({ code, name }) => ({
      code,
      name,
      figures: quarterlyFigures(raw, code, year, quarter, rateOf(raw.store, code)),
    }))
    for (const each of figures)
      same(named(report, report.summary.rows.find(row => row[1] === each.name)!, besides), each.figures, each.name)
    expect(report.summary.rows.map(row => row[1])).toEqual(ranking(figures).map(each => each.name))
    const before =
      quarter > 1
        ? ranking(
            raw
              .units()
              .map(({ code, name }) => ({ code, name, figures: quarterlyFigures(raw, code, year, quarter - 1, 0) })),
          )
        : []
    for (const row of report.summary.rows) {
      const isRanked = row[2] !== null || row[3] !== null
      const rank = isRanked ? placeOf(figures, row[1]) : null
      expect(row[0], `${row[1]}`).toBe(rank)
      const last = isRanked ? placeOf(before, row[1]) : null
      expect(row[9], `${row[1]}`).toBe(last)
      expect(row[10]).toBe(last === null ? null : last - rank!)
    }
  })
})

type Ranked = { code: string; name: string; figures: Record<string, unknown> }
/** One more than the number of units that are better; units of equal rates share a place. */
function placeOf(rows: readonly Ranked[], name: unknown): number | null {
  const own = rows.find(row => row.name === name)
  if (!own) return null
  const keyOf = ({ figures }: Ranked) => [figures['家数完成率(%)'] ?? -1, figures['亩数完成率(%)'] ?? -1].map(Number)
  const [done, land] = keyOf(own)
  return (
    1 +
    rows.map(keyOf).filter(([a, b]) => a! > done! + 1e-9 || (Math.abs(a! - done!) <= 1e-9 && b! > land! + 1e-9)).length
  )
}

function ranking(rows: readonly Ranked[]): Ranked[] {
  const of = (row: Ranked, title: string) => Number(row.figures[title] ?? -1)
  return [...rows].sort(
    (a, b) =>
      of(b, '家数完成率(%)') - of(a, '家数完成率(%)') ||
      of(b, '亩数完成率(%)') - of(a, '亩数完成率(%)') ||
      (a.code < b.code ? -1 : 1),
  )
}

describe.each([
  ['demo', 2022],
  ['invented', 2026],
  ['invented', 2025],
] as const)('年度考核 of the %s, %i', (survey, year) => {
  test('targets and what was achieved', async () => {
    const raw = SURVEYS[survey]()
    const report = await buildPeriodicReport(raw.store, { kind: 'annual', year, month: 12 })
    const first = raw.one<number>('SELECT start_year FROM campaign WHERE deleted = 0')
    const [own, whole] = [`${year}-01-01`, `${first}-01-01`].map(since => annualFigures(raw, null, year, since, 0))
    const parks = raw.store.read
      .prepare(
        'SELECT total(completed_on <= :to) AS built, total(completed_on <= :to AND star >= 3) AS starred FROM small_park WHERE deleted = 0 HAVING count(*) > 0',
      )
      .get({ to: `${year}-12-31` }) as { built: number; starred: number } | undefined
    const built: Record<string, number> = parks ? { 小微企业园: parks.built, 三星级以上小微企业园: parks.starred } : {}
    const targets = raw.store.read
      .prepare(
        `SELECT indicator, year, value FROM target t WHERE deleted = 0 AND (year = ? OR year IS NULL) AND scope NOT IN (SELECT code FROM report_unit WHERE deleted = 0) ORDER BY pk`,
      )
      .all(year) as { indicator: string; year: number | null; value: number }[]
    const expected = targets.map(({ indicator, year: own_year, value }) => {
      const done = { ...(own_year === null ? whole : own), ...built }[indicator] ?? null
      return [indicator, value, done, done === null ? null : (100 * Number(done)) / value]
    })
    const met = raw
      .units()
      .filter(({ code }) => raw.zones(code, year, raw.today < `${year}-12-31` ? raw.today : `${year}-12-31`) > 0).length
    const owed = raw.units().length
    expected.push(['连片整治区域(每单位每年至少 1 个)', owed, met, (100 * met) / owed])
    const { rows } = report.summary
    expect(rows.map(row => row[0])).toEqual(expected.map(row => row[0]))
    rows.forEach((row, index) => {
      const [target, done, rate] = [row[3], row[4], row[5]]
      same(
        { target, done, rate },
        Object.fromEntries(['target', 'done', 'rate'].map((key, at) => [key, expected[index]![at + 1]])),
        String(row[0]),
      )
    })
  })

  test('a scoring table of everything that is measured', async () => {
    const raw = SURVEYS[survey]()
    const items = Object.keys(MEASURED).map((indicator, index) => ({
      indicator,
      weight: 5 + index,
      target: 7 + index,
      method: ASSESSMENT_METHODS[index % 3]!,
      steps: [
        { from: 1, share: 1 },
        { from: 0.5, share: 0.6 },
      ],
      per_unit: 0.25,
      cap: 1.2,
      value: null,
      evidence: null,
    }))
    await raw.store.mutate({ label: 'table' }, tx => {
      tx.create('assessment_table', { year, name: '全部指标', version: 1, items, active: true })
    })
    const report = await buildPeriodicReport(raw.store, { kind: 'annual', year, month: 12 })
    const values = annualFigures(raw, null, year, `${year}-01-01`, rateOf(raw.store, null))
    expect(Object.keys(values).sort()).toEqual(Object.keys(MEASURED).sort())
    const points = items.map(item => pointsOf(item, values[item.indicator] as number | null))
    report.summary.rows.forEach((row, index) => {
      const [value, point] = [values[items[index]!.indicator], points[index]]
      same({ value: row[3], point: row[5] }, { value, point }, String(row[0]))
    })
    const total = points.reduce<number>((sum, point) => sum + (point ?? 0), 0)
    expect(report.summary.totals![5]).toBeCloseTo(total, 6)
    expect(report.summary.totals![1]).toBe(items.reduce((sum, item) => sum + item.weight, 0))
  })
})

/** 线性 to the cap, 阶梯 by the share reached, 扣分 from the weight down to nought. */
function pointsOf(item: { weight: number; target: number; method: string }, value: number | null): number | null {
  if (value === null) return null
  if (item.method === 'deduct') return Math.max(0, item.weight - 0.25 * Math.max(0, value))
  const reached = Math.max(0, value / item.target)
  if (item.method === 'linear') return item.weight * Math.min(1.2, reached)
  return item.weight * (reached >= 1 ? 1 : reached >= 0.5 ? 0.6 : 0)
}

describe.each([
  [
    'demo',
    [
      [2022, '2022-11-30'],
      [2022, '2022-12-05'],
      [null, '2022-12-05'],
    ],
  ],
  [
    'invented',
    [
      [2026, '2026-03-31'],
      [2026, '2026-05-01'],
      [null, '2026-02-28'],
    ],
  ],
] as const)('挂图作战 of the %s', (survey, asked) => {
  test.each([...asked] as [number | null, string][])('%s until %s', (year, to) => {
    const raw = SURVEYS[survey]()
    const { start, end } = raw.store.read
      .prepare('SELECT start_year AS start, end_year AS "end" FROM campaign WHERE deleted = 0')
      .get() as { start: number; end: number }
    const { rows, total } = buildDashboard(raw.store, { year, to })
    const years = year === null ? Array.from({ length: end - start + 1 }, (_, index) => start + index) : [year]
    const since = `${years[0]}-01-01`
    for (const row of [...rows, total]) {
      if (row.unit === '') continue
      const { all, list } = new Raw(raw.store, to).sums(row.unit, { from: since, to, months: 0 }, since)
      const factor = raw.one<number>('SELECT carbon_factor FROM campaign')
      const target = (indicator: string): number | null =>
        year === null ? campaignTarget(raw, row.unit, indicator, years) : raw.target(row.unit, year, indicator)
      same(
        Object.fromEntries(
          Object.entries(row.figures).flatMap(([key, each]) => [
            [key, each.done],
            [`${key} target`, each.target],
          ]),
        ),
        {
          enterprises: all.done,
          land: all.mu,
          energy: all.tce,
          carbon: all.tce === null ? null : all.tce * factor,
          zones: years.reduce((sum, each) => sum + raw.zones(row.unit, each, to), 0),
          'enterprises target': target('整治高耗低效企业'),
          'land target': target('盘活低效用地'),
          'energy target': target('腾出用能'),
          'carbon target': target('减碳'),
          'zones target': target('连片整治区域'),
        },
        `${row.unit}`,
      )
      expect([row.remediating, row.awaiting, row.overdue, row.rebounds]).toEqual([
        list.remediating,
        list.awaiting,
        list.overdue,
        all.rebounds,
      ])
      for (const month of row.months) {
        const last = new Date(Date.UTC(Number(month.month.slice(0, 4)), Number(month.month.slice(5)), 0))
          .toISOString()
          .slice(0, 10)
        const own = raw.sums(
          row.unit,
          { from: `${month.month}-01`, to: last < to ? last : to, months: 0 },
          `${month.month}-01`,
        )
        same(
          month as never,
          { month: month.month, enterprises: own.all.done, land: own.all.mu, energy: own.all.tce },
          month.month,
        )
      }
    }
  })
})

/** Own target over the campaign, else the sum of its years; the county's else the sum of its units. */
function campaignTarget(raw: Raw, unit: string | null, indicator: string, years: readonly number[]): number | null {
  const all = raw.store.read
    .prepare(
      `SELECT value FROM target WHERE deleted = 0 AND year IS NULL AND indicator = :indicator
         AND CASE WHEN :unit IS NULL THEN scope NOT IN (SELECT code FROM report_unit WHERE deleted = 0) ELSE scope = :unit END ORDER BY pk DESC LIMIT 1`,
    )
    .pluck()
    .get({ unit, indicator }) as number | undefined
  if (all !== undefined) return all
  const byYear = (each: string | null) => years.map(year => ownTarget(raw, each, indicator, year))
  const sum = (parts: readonly (number | null)[]) =>
    parts.includes(null) ? null : parts.reduce<number>((total, part) => total + part!, 0)
  const own = sum(byYear(unit))
  return own ?? (unit === null ? sum(raw.units().map(({ code }) => campaignTarget(raw, code, indicator, years))) : null)
}

function ownTarget(raw: Raw, unit: string | null, indicator: string, year: number): number | null {
  if (unit !== null) return raw.target(unit, year, indicator)
  return (
    raw.one(
      `SELECT value FROM target WHERE deleted = 0 AND year = :year AND indicator = :indicator
         AND scope NOT IN (SELECT code FROM report_unit WHERE deleted = 0) ORDER BY pk DESC LIMIT 1`,
      { year, indicator },
    ) ?? null
  )
}

/** Printed cells of a row in order, as they must stand in a Word table; empty ones print —. */
const printed = ({ summary }: Report, row: readonly CellValue[]) =>
  summary.columns.map((column, index) => printCell(column, row[index] ?? null))

test.each(['monthly', 'quarterly', 'annual'] as const)(
  '%s: sheet, Word and PDF of one run carry the same figures',
  async kind => {
    const report = await buildPeriodicReport(demo.store, { kind, year: 2022, month: 11 })
    const at = (format: string) => join(demo.folder, `oracle-${kind}.${format}`)
    await writeXlsx(report, at('xlsx'))
    await writeDocx(report, at('docx'), resolve('resources'))
    await writePdf(report, at('pdf'), resolve('resources'))
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(at('xlsx'))
    const lines: unknown[][] = []
    book.worksheets[0]!.eachRow(row => lines.push((row.values as unknown[]).slice(1)))
    const word = docxCells(at('docx')).join('|')
    const pdf = pdfText(at('pdf'))
    const { columns, rows, totals } = report.summary
    let numbers = 0
    for (const row of [...rows, ...(totals ? [totals] : [])]) {
      const cells = printed(report, row)
      expect(word).toContain(cells.join('|'))
      const line = lines.find(cells => columns.every((_, index) => isSameCell(cells[index], row[index] ?? null)))
      expect(line, cells.join(' ')).toBeDefined()
      for (const [index, value] of row.entries())
        if (typeof value === 'number') {
          expect(pdf).toContain(cells[index])
          numbers++
        }
    }
    expect(numbers).toBeGreaterThan(20)
  },
  60_000,
)

/** Numbers of a sheet are the raw ones, not what is printed. */
function isSameCell(cell: unknown, value: CellValue): boolean {
  if (typeof value === 'number') return cell === value
  return (cell ?? '—') === (value ?? '—') || ((cell ?? '') === '' && (value ?? '') === '')
}
