/** The registers: every kind entered by the generic write path, listed, summed and printed with figures counted by hand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSummary } from '../../service/books/books-repo.ts'
import { REGISTERS } from '../../service/reports/registers/registers-methods.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
let folder: string

/** The clock of the fixture stands on 2026-05-01. */
beforeAll(async () => {
  fixture = await openFixture()
  folder = mkdtempSync(join(tmpdir(), 'lowland-books-'))
  const parcels = await createParcels(fixture.store, [
    { code: 'P1', unit: '330781001', geometry: rectangle(0, 0, 100, 100) },
    { code: 'P2', unit: '330781006', geometry: rectangle(300, 0, 100, 100) },
  ])
  const first = parcels.get('P1')!
  await fixture.store.mutate({ label: 'record_created' }, tx => {
    const own = tx.create('enterprise', { code: 'E1', name: '甲厂', unit: '330781001' })
    const other = tx.create('enterprise', { code: 'E2', name: '乙厂', unit: '330781006' })
    tx.create('occupancy', { enterprise_id: own, parcel_id: first, role: 'ACTUAL_USER' })
    tx.create('standard_land', {
      parcel_id: first,
      committed: { far: 1.5, energy_intensity: 0.3, tax_per_mu: 20 },
      actual: { far: 1.2, energy_intensity: 0.35 },
    })
    tx.create('small_park', { name: '一园', unit: '330781001', star: 3, land_m2: 20_000, firms: 12 })
    tx.create('small_park', { name: '二园', unit: '330781006', star: 2, land_m2: 10_000, firms: 7 })
    tx.create('two_high', {
      project_name: '高耗项目',
      enterprise_id: own,
      energy_tce: 1200,
      value_added: 1000,
      due_date: '2026-04-21',
    })
    const check = (enterprise_id: string, dimension: string, department: string, result: string, more: object = {}) =>
      tx.create('compliance_check', { enterprise_id, dimension, department, result, ...more })
    check(own, 'AQ', 'YJ', 'fail', { deadline: '2026-04-01' })
    check(own, 'AQ', 'YJ', 'fail', { deadline: '2026-06-01' })
    check(own, 'HB', 'ST', 'fail')
    check(own, 'HB', 'ST', 'fail', { deadline: '2026-03-01', rectified_at: '2026-03-20' })
    check(other, 'AQ', 'YJ', 'pass')
    check(other, 'NY', 'FG', 'not_applicable')
  })
})
afterAll(() => {
  fixture.close()
  rmSync(folder, { recursive: true, force: true })
})

type Kind = 'standard_land' | 'small_park' | 'two_high'
const report = (kind: Kind, unit?: string) => REGISTERS[kind](fixture.store, { unit })
/** Cells of the rows under the headings asked for. */
const cells = (kind: Kind, titles: string[], unit?: string) => {
  const { columns, rows } = report(kind, unit).summary
  return rows.map(row => titles.map(title => row[columns.findIndex(column => column.title === title)]))
}

test('standard land names what falls short and no unknown', () => {
  expect(cells('standard_land', ['地块编号', '企业', '容积率', '单位能耗(tce/万元)', '未达标'])).toEqual([
    ['P1', '甲厂', '1.5/1.2', '0.3/0.35', '容积率、单位能耗'],
  ])
})

test('parks by star and unit, two-high projects with their deadline', () => {
  expect(cells('small_park', ['园区名称', '星级', '用地', '入驻企业'])).toEqual([
    ['一园', 3, 30, 12],
    ['二园', 2, 15, 7],
  ])
  const { totals, columns, footnote } = report('small_park').summary
  expect(totals![columns.findIndex(column => column.title === '用地')]).toBeCloseTo(45, 12)
  expect(footnote).toContain('三星级及以上 1 个')
  expect(cells('small_park', ['园区名称'], '330781006')).toEqual([['二园']])
  expect(cells('two_high', ['企业', '考核单位', '单位增加值能耗', '提示'])).toEqual([
    ['甲厂', '兰江街道', 1.2, '逾期 10 天'],
  ])
})

test('checks by dimension and department, with deadlines', () => {
  const summary = (unit?: string) => checkSummary(fixture.store.read, unit, '2026-05-01')
  const of = (checked: number, failed: number, rectified: number, open: number, overdue: number, without: number) => ({
    checked,
    failed,
    rectified,
    open,
    overdue,
    without_deadline: without,
  })
  expect(summary()).toEqual([
    { dimension: 'AQ', department: 'YJ', ...of(3, 2, 0, 2, 1, 0) },
    { dimension: 'HB', department: 'ST', ...of(2, 2, 1, 1, 0, 1) },
    { dimension: 'NY', department: 'FG', ...of(0, 0, 0, 0, 0, 0) },
  ])
  expect(summary('330781006').map(row => [row.dimension, row.checked])).toEqual([
    ['AQ', 1],
    ['NY', 0],
  ])
})

test.each(['standard_land', 'small_park', 'two_high'] as const)(
  '%s is written as a workbook with a row per record',
  async kind => {
    const file = join(folder, `${kind}.xlsx`)
    const model = report(kind)
    await writeXlsx(model, file)
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.readFile(file)
    const texts: string[] = []
    workbook.worksheets[0]!.eachRow(row => texts.push(String(row.getCell(1).text)))
    expect(texts[0]).toBe(model.title)
    expect(texts.filter(cell => /^\d+$/.test(cell))).toHaveLength(model.summary.rows.length)
    expect(model.summary.rows.length).toBeGreaterThan(0)
  },
)
