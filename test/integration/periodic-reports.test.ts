/** Monthly, quarterly and annual reports of the demo county: every figure again by SQL over the raw tables. */
import { join, resolve } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../service/db/store.ts'
import { buildPeriodicReport } from '../../service/reports/periodic-report.ts'
import { writeDocx } from '../../service/reports/write-docx.ts'
import { writePdf } from '../../service/reports/write-pdf.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { columnTitle, printCell, type Report } from '../../shared/report/model.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'
import { stockOn } from './oracles/count-sql.ts'

let demo: DemoFixture
let store: Store
let folder: string

beforeAll(async () => {
  demo = await openDemo()
  ;({ store, folder } = demo)
}, 60_000)
afterAll(() => demo.close())

const sql = (text: string, ...values: unknown[]): number =>
  Number(
    store.read
      .prepare(text)
      .pluck()
      .get(...values) ?? 0,
  )
const cell = ({ summary }: Report, row: number | 'totals', title: string) => {
  const at = summary.columns.findIndex(column => columnTitle(column) === title)
  expect(at, title).toBeGreaterThanOrEqual(0)
  return (row === 'totals' ? summary.totals! : summary.rows[row]!)[at]
}

test('the month: totals and one unit equal SQL; the units add up to the city', async () => {
  const report = await buildPeriodicReport(store, { kind: 'monthly', year: 2022, month: 11 })
  const done = "counted_at BETWEEN '2022-11-01' AND '2022-11-30' AND deleted = 0"
  expect(cell(report, 'totals', '本月完成(家)')).toBe(sql(`SELECT count(*) FROM list_entry WHERE ${done}`))
  expect(cell(report, 'totals', '本月盘活(亩)')).toBeCloseTo(
    ((stockOn(store, null, '2022-11-30').land - stockOn(store, null, '2022-10-31').land) * 3) / 2000,
    6,
  )
  expect(Number(cell(report, 'totals', '本月完成(家)'))).toBeGreaterThan(0)
  expect(cell(report, 'totals', '在整治(家)')).toBe(
    sql("SELECT count(*) FROM list_entry WHERE state = 'S5' AND deleted = 0"),
  )
  for (const title of ['本月完成(家)', '累计完成(家)', '本月盘活(亩)', '在整治(家)', '待验收(家)', '逾期(家)']) {
    const units = report.summary.rows.reduce((sum, _, row) => sum + Number(cell(report, row, title)), 0)
    expect(units, title).toBeCloseTo(Number(cell(report, 'totals', title)), 6)
  }
  // Without a target of its own the county owes what its units owe.
  expect(cell(report, 'totals', '年度目标(亩)')).toBeCloseTo(
    sql("SELECT sum(value) FROM target WHERE deleted = 0 AND year = 2022 AND indicator = '盘活低效用地'"),
    9,
  )
  expect(report.summary.rows).toHaveLength(18)
  expect(report.header).toContainEqual(['状态', '草稿(数据截至 2022-12-05 10:00)'])
})

test('the quarter: no rank without targets, with them the better unit stands first and last quarter beside it', async () => {
  await store.mutate({ label: 'targets' }, tx => {
    const own = "SELECT id FROM target WHERE deleted = 0 AND source = '示例目标'"
    for (const id of store.read.prepare(own).pluck().all() as string[]) tx.remove('target', id)
  })
  const bare = await buildPeriodicReport(store, { kind: 'quarterly', year: 2022, month: 11 })
  expect(bare.summary.rows.every(row => row[0] === null)).toBe(true)
  const best = String(
    store.read
      .prepare(
        `SELECT e.unit FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id WHERE l.counted_at IS NOT NULL AND l.deleted = 0
         GROUP BY e.unit ORDER BY count(*) DESC, e.unit LIMIT 1`,
      )
      .pluck()
      .get(),
  )
  const units = store.read.prepare('SELECT code FROM report_unit WHERE deleted = 0').pluck().all() as string[]
  await store.mutate({ label: 'targets' }, tx => {
    for (const scope of units) {
      tx.create('target', { scope, year: 2022, indicator: '整治高耗低效企业', value: 20, unit_symbol: '家' })
    }
  })
  const report = await buildPeriodicReport(store, { kind: 'quarterly', year: 2022, month: 11 })
  const name = store.read.prepare('SELECT name FROM report_unit WHERE code = ?').pluck().get(best)
  expect(report.summary.rows[0]!.slice(0, 2)).toEqual([1, name])
  const rates = report.summary.rows.map(row => Number(row[2]))
  expect(report.summary.rows.map(row => row[0])).toEqual(
    rates.map(rate => 1 + rates.filter(each => each > rate).length),
  )
  expect(new Set(rates).size).toBeLessThan(rates.length)
  for (const row of report.summary.rows) expect(Number(row[10])).toBe(Number(row[9]) - Number(row[0]))
})

test('the year: tax per mu of the enterprises above size is sum by sum', async () => {
  const report = await buildPeriodicReport(store, { kind: 'annual', year: 2022, month: 12 })
  const row = report.summary.rows.findIndex(cells => cells[0] === '规上工业亩均税收')
  const [tax, land] = ['tax', 'land_mu_actual'].map(field =>
    sql(
      `SELECT sum(${field}) FROM enterprise_year WHERE year = 2022 AND scale = 'above' AND deleted = 0 AND tax IS NOT NULL AND land_mu_actual IS NOT NULL`,
    ),
  )
  expect(cell(report, row, '完成值')).toBeCloseTo(tax! / land!, 9)
  expect(cell(report, row, '目标值')).toBe(20)
  for (const [name, where] of [
    ['小微企业园', '1'],
    ['三星级以上小微企业园', 'star >= 3'],
  ] as const) {
    const park = report.summary.rows.findIndex(cells => cells[0] === name)
    expect(cell(report, park, '完成值'), name).toBe(
      sql(`SELECT count(*) FROM small_park WHERE deleted = 0 AND completed_on <= '2022-12-31' AND ${where}`),
    )
    expect(report.summary.columns.map(column => printCell(column, report.summary.rows[park]![3]!))[3]).toMatch(/^\d+$/)
  }
  // Over the campaign, from its first year to the end of the year asked for.
  const land2 = report.summary.rows.findIndex(cells => cells[0] === '盘活低效用地')
  const counted = stockOn(store, null, '2022-12-31').land - stockOn(store, null, '2020-12-31').land
  expect(counted).toBeGreaterThan(0)
  expect(cell(report, land2, '完成值')).toBeCloseTo((counted * 3) / 2000, 6)
})

test('three formats from one model', async () => {
  const report = await buildPeriodicReport(store, { kind: 'monthly', year: 2022, month: 11 })
  await writePdf(report, join(folder, 'm.pdf'), resolve('resources'))
  await writeDocx(report, join(folder, 'm.docx'), resolve('resources'))
  await writeXlsx(report, join(folder, 'm.xlsx'))
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(join(folder, 'm.xlsx'))
  const values: unknown[] = []
  book.worksheets[0]!.eachRow(row => values.push(...(row.values as unknown[])))
  expect(values).toContain(cell(report, 'totals', '本月盘活(亩)'))
})
