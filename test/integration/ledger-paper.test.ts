/** 企业清单台账 on paper: the same totals as the sheet, read from the files; every column on paper; portions are joined whole. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { all, get } from '../../service/db/sql.ts'
import type { ServiceDeps } from '../../service/deps.ts'
import { makeLedger } from '../../service/reports/ledger-job.ts'
import { registerReport, registerTable } from '../../service/reports/registers/frame.ts'
import { parcelReport } from '../../service/reports/registers/parcel-paper.ts'
import { PARCEL_COLUMNS, parcelCells } from '../../service/reports/registers/parcel-sheet.ts'
import { writeLongPaper } from '../../service/reports/report-writers.ts'
import { printCell, printNumber } from '../../shared/report/model.ts'
import { docxTables, pdfText } from '../support/report-reading.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

let demo: DemoFixture
beforeAll(async () => {
  demo = await openDemo()
}, 60_000)
afterAll(() => demo.close())

const deps = () =>
  ({
    store: () => demo.store,
    resourcesFolder: resolve('resources'),
    resolveOutput: (out: string) => out,
  }) as unknown as ServiceDeps

const NAMED = ['序号', '企业名称', '统一社会信用代码']

test('sheet, Word and PDF of one run: the same totals, every column, every enterprise in each of the three tables', async () => {
  const out = join(demo.folder, 'paper')
  const made = await makeLedger(deps(), { out, year: 2022, formats: ['xlsx', 'docx', 'pdf'] }, createJobControl())
  expect(made.files.map(file => file.split('.').at(-1))).toEqual(['xlsx', 'docx', 'pdf'])
  expect(all(demo.store.read, "SELECT 1 FROM export_log WHERE kind LIKE 'report.ledger.%'")).toHaveLength(3)
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(made.files[0]!)
  const sheet = book.worksheets[0]!
  const line = (at: number) => (sheet.getRow(at).values as (string | number | null | undefined)[]).slice(1)
  const heads = line(3).map(String)
  const totals = line(sheet.rowCount - 1)
  const enterprises = sheet.rowCount - 5

  const [summary, ...tables] = docxTables(made.files[1]!)
  const pdf = pdfText(made.files[2]!)
  expect(tables).toHaveLength(3)
  const columns = tables.flatMap(rows => rows[0]!)
  expect(columns.filter(title => !NAMED.includes(title)).sort()).toEqual(
    heads.filter(title => !NAMED.includes(title)).sort(),
  )
  const decimals = (title: string) => (title === '单位增加值能耗(tce/万元)' ? 3 : 2)
  let figures = 0
  for (const rows of [summary!, ...tables]) {
    const isSummary = rows === summary
    expect(rows[0]).toEqual(expect.arrayContaining(isSummary ? ['考核单位'] : NAMED))
    expect(rows).toHaveLength((isSummary ? 18 : enterprises) + 2)
    for (const [at, title] of rows[0]!.entries()) {
      const total = totals[heads.indexOf(title)]
      if (typeof total !== 'number') continue
      const printed = printNumber(total, decimals(title))
      expect(rows.at(-1)![at], title).toBe(printed)
      expect(pdf.includes(printed), title).toBe(true)
      figures++
    }
  }
  expect(figures).toBe(22)
  // Cells of an enterprise in Word are those of the sheet.
  const someone = 500
  const cells = line(3 + someone)
  for (const rows of tables)
    for (const [at, title] of rows[0]!.entries()) {
      const value = cells[heads.indexOf(title)]
      const printed =
        typeof value === 'number' && title !== '序号' ? printNumber(value, decimals(title)) : String(value)
      expect(rows[someone]![at], title).toBe(printed)
      // Words may stand on several lines there.
      if (typeof value === 'number') expect(pdf.includes(printed), title).toBe(true)
    }
  // Units sum up to the county where no land is shared: enterprises always do.
  const count = summary![0]!.indexOf('企业(家)')
  const units = summary!.slice(1, -1).map(row => Number(row[count]))
  expect(units.reduce((sum, value) => sum + value, 0)).toBe(enterprises)
  expect(Number(summary!.at(-1)![count])).toBe(enterprises)
  for (const word of ['边界版本', '填表单位(盖章)', '审核人'])
    for (const text of [pdf, `${line(2).join()}${line(sheet.rowCount).join()}`])
      expect(text.includes(word), word).toBe(true)
}, 60_000)

test('a unit without enterprises says so in every format, and a broken-off ledger leaves no file', async () => {
  const out = join(demo.folder, 'empty')
  const input = { out, year: 2022, unit: '330781999', formats: ['docx', 'pdf'] as const }
  const made = await makeLedger(deps(), input, createJobControl())
  const [summary, ...tables] = docxTables(made.files[0]!)
  for (const rows of [summary!, ...tables]) expect(rows[1]).toEqual(['无'])
  expect(pdfText(made.files[1]!).includes('没有代码为330781999的考核单位')).toBe(true)
  for (const format of ['xlsx', 'docx', 'pdf'] as const) {
    const abort = new AbortController()
    const folder = join(demo.folder, `cancelled-${format}`)
    const control = createJobControl(abort.signal)
    let checks = 0
    const checkpoint = () => {
      if (++checks === 12) abort.abort()
      return control.checkpoint()
    }
    await expect(
      makeLedger(deps(), { out: folder, year: 2022, formats: [format] }, { ...control, checkpoint }),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
  }
}, 60_000)

test('地块台账 on paper: each column of the sheet once, every parcel in each of four tables, sums by SQL in Word and PDF', async () => {
  const unit = '330781E01'
  const { store } = demo
  const empty = registerTable<never>('地块台账', [], [])
  const frame = registerReport(store, { unit }, { title: '地块台账', table: empty }, [])
  const report = await parcelReport(store, unit, frame, createJobControl())
  const [docx, pdf] = [join(demo.folder, 'parcels.docx'), join(demo.folder, 'parcels.pdf')]
  await writeLongPaper(report, 'docx', docx, resolve('resources'), createJobControl())
  await writeLongPaper(report, 'pdf', pdf, resolve('resources'), createJobControl())
  const [summary, ...tables] = docxTables(docx)
  const heads = tables.flatMap(rows => rows[0]!.slice(2))
  expect(heads).toEqual(PARCEL_COLUMNS.slice(1).map(([title]) => title))
  const sheet = [...parcelCells(store, unit)].map(({ cells }) => cells)
  const sums = get<{ n: number; mu: number }>(
    store.read,
    'SELECT count(*) AS n, sum(area_m2) * 3 / 2000 AS mu FROM parcel WHERE deleted = 0 AND unit = ?',
    [unit],
  )!
  expect(summary!.at(-1)!.slice(0, 3)).toEqual(['合计', String(sums.n), printNumber(sums.mu, 2)])
  expect(pdfText(pdf).includes(printNumber(sums.mu, 2))).toBe(true)
  for (const rows of tables) expect(rows).toHaveLength(sums.n + 1)
  for (const [at, cells] of sheet.entries()) {
    const printed = tables.flatMap(rows => rows[at + 1]!.slice(2))
    const expected = PARCEL_COLUMNS.map(([, , decimals], index) =>
      printCell({ kind: decimals > 0 ? 'number' : 'text', decimals }, cells[index] ?? null),
    ).slice(1)
    expect(printed).toEqual(expected)
    expect(tables.map(rows => rows[at + 1]![1])).toEqual(Array(4).fill(cells[0]))
  }
}, 60_000)
