/** The enterprise ledger of the demo county: totals against SQL over the raw tables, land counted once. */
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { all, get } from '../../service/db/sql.ts'
import type { Store } from '../../service/db/store.ts'
import { writeLedger } from '../../service/reports/ledger.ts'
import { SQUARE_METERS_PER_MU } from '../../shared/geometry/area.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

let demo: DemoFixture
let store: Store
let folder: string
let sheet: ExcelJS.Worksheet

beforeAll(async () => {
  demo = await openDemo('2026-11-22T17:30:00Z')
  ;({ store, folder } = demo)
  const file = join(folder, 'ledger.xlsx')
  await writeLedger(store, { year: 2022 }, file, createJobControl())
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  sheet = book.worksheets[0]!
}, 60_000)
afterAll(() => demo.close())

const titles = (): string[] => (sheet.getRow(3).values as (string | undefined)[]).slice(1).map(String)
const totalOf = (title: string): number =>
  Number(sheet.getRow(sheet.rowCount - 1).getCell(titles().indexOf(title) + 1).value)

describe('the ledger', () => {
  it('prints on three sheets of A4 beside each other with headings and names on each, no code cut, each measure once', () => {
    expect(sheet.pageSetup).toMatchObject({
      paperSize: 9,
      orientation: 'landscape',
      fitToWidth: 3,
      fitToHeight: 0,
      printTitlesRow: '3:3',
      printTitlesColumn: 'A:D',
    })
    expect(sheet.headerFooter.oddFooter).toContain('&P')
    const [codes, measures] = [titles().indexOf('统一社会信用代码') + 1, titles().indexOf('整治方式') + 1]
    expect(sheet.getColumn(codes).width).toBeGreaterThan(18)
    for (let at = 4; at < sheet.rowCount - 1; at++) {
      const words = String(sheet.getRow(at).getCell(measures).value).split('、')
      expect(new Set(words).size).toBe(words.length)
    }
  })

  it('prints problems, types and descriptions of the newest plan where the form wants reason, way and measures', () => {
    const column = (title: string) => titles().indexOf(title) + 1
    const [name, reason, way, measures] = ['企业名称', '整治提升理由', '整治方式', '整治措施'].map(column)
    let planned = 0
    for (let at = 4; at < sheet.rowCount - 1; at++) {
      const row = sheet.getRow(at)
      const plan = get<{ id: string; problems: string | null }>(
        store.read,
        `SELECT p.id, p.problems FROM plan p JOIN enterprise e ON e.id = p.enterprise_id
         WHERE e.name = ? AND p.deleted = 0 AND p.year = 2022 ORDER BY p.version DESC LIMIT 1`,
        [String(row.getCell(name!).value)],
      )
      const texts = (field: string): string[] =>
        plan
          ? all<{ v: string }>(
              store.read,
              `SELECT ${field} AS v FROM measure WHERE plan_id = ? AND deleted = 0 AND ${field} <> '' ORDER BY position`,
              [plan.id],
            ).map(({ v }) => v)
          : []
      if (plan) planned++
      const types = [...new Set(texts('type'))].map(code => labelOf('measure_type', code))
      expect(row.getCell(reason!).value).toBe(plan?.problems ?? '—')
      expect(row.getCell(way!).value).toBe(types.join('、') || '—')
      expect(row.getCell(measures!).value).toBe([...new Set(texts('description'))].join('；') || '—')
    }
    expect(planned).toBeGreaterThan(400)
  })

  it('counts land once that several enterprises share', () => {
    const once = get<{ a: number; b: number }>(
      store.read,
      'SELECT sum(area_in_m2) AS a, sum(area_out_m2) AS b FROM parcel WHERE deleted = 0 AND id IN (SELECT parcel_id FROM occupancy WHERE deleted = 0)',
    )!
    const often = get<{ a: number }>(
      store.read,
      'SELECT sum(p.area_in_m2) AS a FROM (SELECT DISTINCT enterprise_id, parcel_id FROM occupancy WHERE deleted = 0) o JOIN parcel p ON p.id = o.parcel_id',
    )!
    expect(often.a).toBeGreaterThan(once.a)
    expect(totalOf('界内亩')).toBeCloseTo(once.a / SQUARE_METERS_PER_MU, 6)
    expect(totalOf('界外亩')).toBeCloseTo(once.b / SQUARE_METERS_PER_MU, 6)
  })

  it('has the group tax per mu as sum by sum, never the mean of ratios', () => {
    const sums = get<{ tax: number; land: number }>(
      store.read,
      'SELECT sum(tax) AS tax, sum(land_mu_actual) AS land FROM enterprise_year WHERE year = 2022 AND tax IS NOT NULL AND land_mu_actual IS NOT NULL',
    )!
    expect(totalOf('亩均税收(2022，万元/亩)')).toBeCloseTo(sums.tax / sums.land, 9)
  })

  it('sums each column before rounding, of the year and of the newest plan of each enterprise', () => {
    const one = (sql: string) => get<{ v: number }>(store.read, sql)!.v
    for (const [title, field] of [
      ['实际用地(亩)', 'land_mu_actual'],
      ['评价税收(万元)', 'tax'],
      ['增加值(万元)', 'value_added'],
      ['能耗(tce)', 'energy_tce'],
    ] as const)
      expect(totalOf(title), title).toBeCloseTo(
        one(
          `SELECT sum(y.${field}) AS v FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id WHERE y.deleted = 0 AND e.deleted = 0 AND y.year = 2022`,
        ),
        6,
      )
    for (const [title, field] of [
      ['预计腾出用地(亩)', 'freed_mu'],
      ['预计腾出能耗(tce)', 'freed_tce'],
    ] as const)
      expect(totalOf(title), title).toBeCloseTo(
        one(
          `SELECT sum(n.${field}) AS v FROM plan n JOIN enterprise e ON e.id = n.enterprise_id WHERE n.deleted = 0 AND e.deleted = 0
             AND NOT EXISTS (SELECT 1 FROM plan x WHERE x.enterprise_id = n.enterprise_id AND x.deleted = 0 AND (x.year, x.version) > (n.year, n.version))`,
        ),
        6,
      )
    expect(totalOf('亩均税收(2021，万元/亩)')).toBeCloseTo(
      one(
        'SELECT sum(tax) / sum(land_mu_actual) AS v FROM enterprise_year WHERE year = 2021 AND tax IS NOT NULL AND land_mu_actual IS NOT NULL',
      ),
      9,
    )
  })

  it('has a day of closing where the entry stands closed, none after a rebound', async () => {
    const entry = get<{ id: string; name: string }>(
      store.read,
      "SELECT l.id, e.name FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id WHERE l.state = 'S7' AND l.counted_at IS NOT NULL LIMIT 1",
    )!
    const shown = async (): Promise<unknown> => {
      const file = join(folder, 'again.xlsx')
      await writeLedger(store, { year: 2022 }, file, createJobControl())
      const book = new ExcelJS.Workbook()
      await book.xlsx.readFile(file)
      const again = book.worksheets[0]!
      const at = (title: string) => titles().indexOf(title) + 1
      for (let row = 4; row < again.rowCount - 1; row++)
        if (again.getRow(row).getCell(at('企业名称')).value === entry.name)
          return again.getRow(row).getCell(at('销号日期')).value
      return undefined
    }
    expect(await shown()).toBe('2022-11-25')
    await store.mutate({ label: 'rebound' }, tx =>
      tx.update('list_entry', entry.id, { state: 'S5', rebound_at: '2022-12-01' }),
    )
    expect(await shown()).toBe('—')
  })

  it('prints rule names or a dash, never raw data, and the day as it is in China', () => {
    const rules = new Set<string>()
    const column = titles().indexOf('命中规则') + 1
    for (let row = 4; row < sheet.rowCount - 1; row++) rules.add(String(sheet.getRow(row).getCell(column).value))
    expect([...rules].some(text => text.includes('['))).toBe(false)
    expect(String(sheet.getRow(2).getCell(1).value)).toContain('截至日期：2026-11-23')
  })
})
