/**
 * 挂图作战 of the demo county: its numbers by an independent count over the raw tables and by the monthly report, and behind
 * each number a list, a parcel list and a map filter of exactly that size.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient, type RouterClient } from '@orpc/server'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../service/db/store.ts'
import { buildPeriodicReport } from '../../service/reports/periodic-report.ts'
import { createService, type Service } from '../../service/service.ts'
import { FIGURES, type Figure, TARGET_INDICATORS } from '../../shared/contract/dashboard.ts'
import { columnTitle } from '../../shared/report/model.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'
import { stockOn } from './oracles/count-sql.ts'

let demo: DemoFixture
let service: Service
let client: RouterClient<Service['router']>
let counted: Map<string, { enterprises: number; land: number; tce: number }>
let report: Map<string, Record<string, unknown>>

beforeAll(async () => {
  demo = await openDemo()
  counted = bruteForce(demo.store)
  report = await monthlyReport(demo.store)
  demo.store.close()
  service = await createService({
    surveyFile: demo.store.file,
    dataFolder: `${demo.folder}/data`,
    resourcesFolder: 'resources',
    appVersion: 'test',
    now: () => new Date('2022-12-05T02:00:00Z'),
  })
  client = createRouterClient(service.router)
  await client.survey.setProfile({ user: '甲', role: 'manager', unit: null })
}, 60_000)
afterAll(() => {
  service.close()
  demo.close()
})

/** By unit for the days of 2022 up to 30 November: the closings as their entries keep them, land as stock in SQL. */
function bruteForce(store: Store): typeof counted {
  const rows = store.read
    .prepare(
      `SELECT u.code AS unit, count(l.id) AS enterprises, total(l.counted_tce) AS tce FROM report_unit u
       LEFT JOIN enterprise e ON e.unit = u.code LEFT JOIN list_entry l ON l.enterprise_id = e.id AND l.deleted = 0
         AND l.counted_at BETWEEN '2022-01-01' AND '2022-11-30' GROUP BY u.code`,
    )
    .all() as { unit: string; enterprises: number; tce: number }[]
  const mu = (unit: string, day: string): number => (stockOn(store, unit, day).land * 3) / 2000
  return new Map(
    rows.map(({ unit, ...sums }) => [unit, { ...sums, land: mu(unit, '2022-11-30') - mu(unit, '2021-12-31') }]),
  )
}

/** Rows of 月报表 by the code of their unit. */
async function monthlyReport(store: Store): Promise<typeof report> {
  const { summary } = await buildPeriodicReport(store, { kind: 'monthly', year: 2022, month: 11 })
  const codes = new Map(
    (store.read.prepare('SELECT code, name FROM report_unit').all() as { code: string; name: string }[]).map(row => [
      row.name,
      row.code,
    ]),
  )
  const titles = summary.columns.map(columnTitle)
  return new Map(
    [...summary.rows, summary.totals!].map(cells => [
      codes.get(String(cells[0])) ?? '',
      Object.fromEntries(titles.map((title, index) => [title, cells[index]])),
    ]),
  )
}

const until = { year: 2022, to: '2022-11-30' }

test('every unit’s numbers equal an independent count over the raw tables, and the monthly report', async () => {
  const { rows, total } = await client.dashboard.figures(until)
  expect(rows).toHaveLength(18)
  for (const row of [...rows, total]) {
    const own = report.get(row.unit ?? '')!
    expect(row.figures.enterprises.done).toBe(own['累计完成(家)'])
    expect(row.figures.land.done).toBeCloseTo(Number(own['累计盘活(亩)']), 9)
    expect([row.remediating, row.awaiting, row.overdue]).toEqual([
      own['在整治(家)'],
      own['待验收(家)'],
      own['逾期(家)'],
    ])
    expect(`${row.figures.zones.done}`).toBe(String(own['连片区(已谋划/目标)']).split('/')[0])
    if (row.unit === null) continue
    const brute = counted.get(row.unit) ?? { enterprises: 0, land: 0, tce: 0 }
    expect(row.figures.enterprises.done).toBe(brute.enterprises)
    expect(row.figures.land.done).toBeCloseTo(brute.land, 3)
    expect(row.figures.energy.done ?? 0).toBeCloseTo(brute.tce, 6)
    expect(row.months.reduce((sum, month) => sum + month.land, 0)).toBeCloseTo(brute.land, 3)
  }
  expect(total.figures.enterprises.done).toBeGreaterThan(0)
  expect(total.figures.carbon.done).toBeCloseTo(total.figures.energy.done! * 2, 6)
})

test('behind every number a list of exactly that many, and the same parcels in the table, on the map and in the legend', async () => {
  const { rows, total } = await client.dashboard.figures(until)
  let seen = 0
  for (const row of [total, ...rows.slice(0, 6)]) {
    for (const indicator of FIGURES) {
      const figure: Figure = { indicator, ...until, unit: row.unit }
      const number =
        indicator === 'remediating' || indicator === 'awaiting' || indicator === 'overdue'
          ? row[indicator]
          : row.figures[indicator].done
      const { items, sum, parcels, box } = await client.dashboard.items(figure)
      expect(sum, `${row.unit} ${indicator}`).toBeCloseTo(number ?? 0, 6)
      if (!['land', 'energy', 'carbon'].includes(indicator)) expect(items).toHaveLength(number!)
      if (row.unit !== null) expect(items.every(item => item.unit === row.unit)).toBe(true)
      const list = await client.parcels.list({ filter: { figure }, limit: 1 })
      expect(list.total).toBe(parcels)
      expect((await client.parcels.keys({ filter: { figure } })).pks).toHaveLength(parcels)
      const legend = await client.themes.counts({ theme: 'state', filter: { figure } })
      expect(legend.reduce((all, entry) => all + entry.count, 0)).toBe(parcels)
      expect(box === null).toBe(parcels === 0)
      seen += items.length
    }
  }
  expect(seen).toBeGreaterThan(200)
})

test('a month of the trend leads to its list; months add up to the number', async () => {
  const { total } = await client.dashboard.figures(until)
  for (const { month, enterprises, land } of total.months) {
    const of = (indicator: 'enterprises' | 'land') => client.dashboard.items({ indicator, ...until, unit: null, month })
    expect((await of('enterprises')).items).toHaveLength(enterprises)
    expect((await of('land')).sum).toBeCloseTo(land, 6)
  }
  expect(total.months.reduce((sum, month) => sum + month.enterprises, 0)).toBe(total.figures.enterprises.done)
})

test('targets: saved as one step, from a table with all its rows or none, read by lights and report alike', async () => {
  await client.dashboard.saveTargets({
    year: 2022,
    cells: (await client.dashboard.targets({ year: 2022 })).map(cell => ({ ...cell, value: null })),
  })
  const bare = await client.dashboard.figures(until)
  expect([bare.has_targets, bare.total.figures.enterprises.light]).toEqual([false, null])
  const unit = bare.rows[0]!.unit!
  const saved = await client.dashboard.saveTargets({
    year: 2022,
    cells: [
      { unit, indicator: 'enterprises', value: 1000 },
      { unit: null, indicator: 'land', value: 1 },
    ],
  })
  expect(saved.written).toBe(2)
  const owed = await client.dashboard.figures(until)
  expect(owed.rows[0]!.figures.enterprises).toMatchObject({ target: 1000, light: 'red' })
  expect(owed.total.figures.land).toMatchObject({ target: 1, light: 'green' })
  await client.edits.undo()
  expect((await client.dashboard.figures(until)).has_targets).toBe(false)

  const { file } = await client.dashboard.targetTable({ year: 2022, file: join(demo.folder, 'targets.xlsx') })
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  const sheet = book.worksheets[0]!
  expect(sheet.rowCount).toBe(20)
  sheet.eachRow((row, number) => {
    if (number > 1) row.getCell(2).value = number
  })
  sheet.getRow(4).getCell(3).value = '很多'
  sheet.getRow(5).getCell(1).value = '没有的镇'
  await book.xlsx.writeFile(join(demo.folder, 'bad.xlsx'))
  const bad = await client.dashboard.importTargets({ file: join(demo.folder, 'bad.xlsx'), year: 2022 })
  expect(bad).toMatchObject({ edit: null, written: 0 })
  expect(bad.problems.map(problem => [problem.row, problem.code])).toEqual([
    [4, 'cell_not_number'],
    [5, 'unit_unknown'],
  ])
  expect((await client.dashboard.figures(until)).has_targets).toBe(false)
  sheet.getRow(4).getCell(3).value = 12.5
  sheet.getRow(5).getCell(1).value = (await client.dashboard.targets({ year: 2022 }))[15]!.unit
  await book.xlsx.writeFile(join(demo.folder, 'good.xlsx'))
  const good = await client.dashboard.importTargets({ file: join(demo.folder, 'good.xlsx'), year: 2022 })
  expect(good).toMatchObject({ written: 20, problems: [] })
  expect((await client.dashboard.importTargets({ file: join(demo.folder, 'good.xlsx'), year: 2022 })).written).toBe(0)
  const cells = await client.dashboard.targets({ year: 2022 })
  expect(cells.filter(cell => cell.indicator === 'enterprises').map(cell => cell.value)).toEqual(
    Array.from({ length: 19 }, (_, index) => index + 2),
  )
  writeFileSync(join(demo.folder, 'nothing.csv'), '单位,别的\n全市,1\n')
  await expect(
    client.dashboard.importTargets({ file: join(demo.folder, 'nothing.csv'), year: 2022 }),
  ).rejects.toMatchObject({ details: { reason: 'no_targets' } })
}, 30_000)

test('the limits of the lights are data of the campaign', async () => {
  await client.dashboard.saveTargets({
    year: 2022,
    cells: [{ unit: null, indicator: 'enterprises', value: 1_000_000 }],
  })
  const light = async () => (await client.dashboard.figures(until)).total.figures.enterprises.light
  expect(await light()).toBe('red')
  await client.survey.updateCampaign({ values: { light_green_gap: -1, light_yellow_gap: -1 } })
  expect(await light()).toBe('green')
})

test('the picture: PNG of the size asked for, with the numbers of the moment; written to the export book', async () => {
  for (const language of ['zh', 'en'] as const) {
    const job = await client.dashboard.picture({ ...until, language, width: 1280, out: join(demo.folder, language) })
    let step = await job.next()
    while (!step.done) step = await job.next()
    const [file] = step.value.files
    expect(existsSync(file!)).toBe(true)
    const bytes = readFileSync(file!)
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1280, 720])
    if (process.env['KEEP']) writeFileSync(join(process.env['KEEP'], `wall-${language}.png`), bytes)
  }
  expect((await client.loop.exported({ limit: 1 }))[0]).toMatchObject({ kind: 'dashboard.picture' })
  expect(TARGET_INDICATORS).toHaveLength(5)
}, 30_000)
