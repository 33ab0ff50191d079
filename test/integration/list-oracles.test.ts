/**
 * 企业清单台账, 地块台账, 合规检查汇总, 导入质检报告 and revisions of a published month: every figure again by SQL over the raw
 * tables of the invented survey, whose awkward cases are added to here; a column without an oracle fails.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import type { Store } from '../../service/db/store.ts'
import { readLedger } from '../../service/reports/ledger-data.ts'
import { publish } from '../../service/reports/publish.ts'
import { newestPublished, publishedById } from '../../service/reports/published-repo.ts'
import { writeParcelSheet } from '../../service/reports/registers/parcel-sheet.ts'
import { REGISTERS } from '../../service/reports/registers/registers-methods.ts'
import { columnTitle, printCell, type ReportTable } from '../../shared/report/model.ts'
import { openInvented } from './oracles/invented-survey.ts'
import {
  COMPLIANCE_ORACLE,
  COMPLIANCE_TOTALS,
  type ListOracle,
  ledgerOracle,
  OPEN_CHECKS_ORACLE,
  oracleRows,
  PARCEL_ORACLE,
  QUALITY_ORACLE,
  sameRows,
} from './oracles/list-columns.ts'
import { monthlyFigures, Raw } from './oracles/periodic-oracles.ts'
import type { SurveyFixture } from './survey-fixture.ts'

const TODAY = '2026-05-01'
const folder = mkdtempSync(join(tmpdir(), 'lowland-lists-'))
let survey: SurveyFixture
let store: Store

beforeAll(async () => {
  survey = await openInvented()
  ;({ store } = survey)
  const id = (table: string, code: string) => one<string>(`SELECT id FROM ${table} WHERE code = '${code}'`)
  const firm = (code: string) => id('enterprise', code)
  await store.mutate({ label: 'lists' }, tx => {
    tx.update('enterprise', firm('E1'), {
      town: '330781001',
      uscc: '91330781MA28D00005',
      industry_code: '3311',
      in_park: true,
      op_status: 'half',
      remark: '=备注',
    })
    tx.update('enterprise', firm('E2'), { town: '330781999', in_park: false, op_status: 'zombie' })
    const entryOf = (code: string) => one<string>('SELECT id FROM list_entry WHERE enterprise_id = ?', firm(code))
    tx.update('list_entry', entryOf('E1'), { hit_rules: ['R-01', { id: 'R-04' }] })
    tx.update('list_entry', entryOf('E2'), { hit_rules: [] })
    const year = (code: string, of: number, values: Record<string, unknown>) =>
      tx.create('enterprise_year', { enterprise_id: firm(code), year: of, ...values })
    year('E1', 2025, { class: 'C', computed_class: 'B', tax: 90.125, land_mu_actual: 10.5, scale: 'above' })
    year('E2', 2025, { computed_class: 'D', tax: 3, land_mu_actual: 0 })
    year('E6', 2026, { computed_class: 'A', energy_tce: 33.3, value_added: 0, scale: 'below' })
    year('E7', 2026, { class: 'D', energy_tce: 12.5, value_added: 50, tax: 0, land_mu_actual: 3 })
    tx.remove('enterprise_year', year('E8', 2026, { tax: 1000, land_mu_actual: 1 }))
    const plan = (code: string, version: number) =>
      one<string>('SELECT id FROM plan WHERE enterprise_id = ? AND version = ?', firm(code), version)
    tx.update('plan', plan('E2', 2), {
      problems: '已批准的理由',
      freed_mu: 12.345,
      freed_tce: 8.5,
      departments: ['ZG', 'JX'],
      responsible: '甲',
    })
    tx.update('plan', plan('E2', 3), { problems: '草稿的理由', freed_mu: 99, departments: ['FG'], responsible: '乙' })
    tx.create('measure', { plan_id: plan('E2', 2), position: 3, type: 'M4', description: '腾空' })
    tx.create('measure', { plan_id: plan('E2', 2), position: 4, type: 'M6', description: '腾空' })
    tx.remove('measure', tx.create('measure', { plan_id: plan('E2', 2), position: 5, type: 'M1', description: '删去' }))
    // Two relations of one enterprise with one parcel, one that is gone, and land in and out and across in the order of nobody.
    const uses = (code: string, parcel: string, role: string) =>
      tx.create('occupancy', { enterprise_id: firm(code), parcel_id: id('parcel', parcel), role })
    uses('E1', 'P1', 'ACTUAL_USER')
    uses('E1', 'P2', 'TENANT')
    uses('E1', 'P3', 'TENANT')
    uses('E1', 'P5', 'TENANT')
    tx.remove('occupancy', uses('E7', 'P1', 'OWNER'))
    tx.update('parcel', id('parcel', 'P1'), {
      dcdybh: 'DC-1',
      town: '330781001',
      use_state: '2',
      land_class: '0601',
      ownership: '20',
      acquire: 'grant',
      area_registered_m2: 17_000,
      area_approved_m2: 17_500.5,
      ineff_types: ['T1'],
      far: 0.85,
      density: 41.5,
      invest_intensity: 150,
      extra: { pzwh: '兰土批〔2009〕7号', QZLSYLYDMJ: '200', SFDX: '否', 登记用途: '工业', SYQLX: 'G' },
    })
    tx.update('parcel', id('parcel', 'P2'), {
      ineff_types: [],
      extra: { QZLSYLYDMJ: '约二亩', GZJZ: '', DJGDZCTZ: 77 },
    })
    tx.update('parcel', id('parcel', 'P3'), { ineff_types: ['T2', 'T3'] })
    const check = (values: Record<string, unknown>) =>
      tx.create('compliance_check', { dimension: 'HB', result: 'fail', department: 'ST', ...values })
    check({ plan_id: plan('E2', 1), deadline: '2026-05-01', item: '当天到期' })
    check({ enterprise_id: firm('E6'), deadline: '2026-04-30', item: '已逾期' })
    check({ enterprise_id: firm('E6'), department: null, result: 'unchecked', deadline: '2026-01-01' })
    check({ enterprise_id: firm('E5'), dimension: 'XF', result: 'not_applicable' })
    const gone = tx.create('enterprise', { code: 'E99', name: '已删厂', unit: '330781001' })
    check({ enterprise_id: gone })
    tx.remove('enterprise', gone)
    tx.db
      .prepare(`INSERT INTO import_batch (id, kind, file, sha256, size, mapping, options, counts, user, device, at, undone_at)
      VALUES ('B1', 'parcels', '地块.shp', 'x', 1, '{}', '{}', '{}', 'u', 'd', '2026-01-01', NULL),
             ('B2', 'parcels', '撤回.shp', 'x', 1, '{}', '{}', '{}', 'u', 'd', '2026-01-02', '2026-01-03'),
             ('B3', 'enterprises', '企业.xlsx', 'x', 1, '{}', '{}', '{}', 'u', 'd', '2026-01-04', NULL)`)
      .run()
    const issue = tx.db.prepare(
      'INSERT INTO qc_issue (batch_id, row_index, rule, severity, message, message_values) VALUES (?, ?, ?, ?, ?, ?)',
    )
    issue.run('B1', 9, 'sliver', 'warning', '小', '{}')
    issue.run('B1', -1, 'z_dropped', 'info', '整个文件', '{}')
    issue.run('B3', 4, 'required', 'error', '缺名称', '{"row":12}')
    issue.run('B3', 5, 'sliver', 'warning', '小', '{}')
    issue.run('B2', 1, 'overlap', 'error', '撤回的', '{}')
  })
}, 60_000)
afterAll(() => {
  survey.close()
  rmSync(folder, { recursive: true, force: true })
})

const one = <Value = number>(sql: string, ...values: unknown[]) =>
  store.read
    .prepare(sql)
    .pluck()
    .get(...values) as Value

function check(table: ReportTable, oracle: ListOracle): void {
  const titles = Object.keys(oracle.cells)
  expect(table.columns.map(columnTitle)).toEqual(titles)
  expect(table.rows.length).toBeGreaterThan(1)
  sameRows(table.rows, oracleRows(store, oracle, TODAY), titles)
}

test.each([2026, 2025])('企业清单台账 of %i: every cell of every column, sums of each column before rounding', year => {
  const { columns, rows, totals } = readLedger(store, { year })
  const oracle = ledgerOracle(year)
  const titles = Object.keys(oracle.cells)
  expect(columns.map(column => column.title)).toEqual(titles)
  const expected = oracleRows(store, oracle, TODAY)
  sameRows(
    rows.map((row, index) => columns.map(({ read }) => read(row, index))),
    expected,
    titles,
  )
  const land = (field: string) =>
    `SELECT sum(${field}) * 3 / 2000.0 FROM parcel WHERE deleted = 0 AND id IN (SELECT parcel_id FROM occupancy WHERE deleted = 0)`
  const ratio = (over: string, under: string, of: number) =>
    `SELECT sum(y.${over}) * 1.0 / nullif(sum(y.${under}), 0) FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
     WHERE y.deleted = 0 AND y.year = ${of} AND y.${over} + y.${under} IS NOT NULL`
  const special: Record<string, string> = {
    界内亩: land('area_in_m2'),
    界外亩: land('area_out_m2'),
    [`亩均税收(${year - 1}，万元/亩)`]: ratio('tax', 'land_mu_actual', year - 1),
    [`亩均税收(${year}，万元/亩)`]: ratio('tax', 'land_mu_actual', year),
    '单位增加值能耗(tce/万元)': ratio('energy_tce', 'value_added', year),
  }
  const summed = [
    '实际用地(亩)',
    '评价税收(万元)',
    '增加值(万元)',
    '能耗(tce)',
    '预计腾出用地(亩)',
    '预计腾出能耗(tce)',
  ]
  for (const [index, title] of titles.entries()) {
    if (index === 0) continue
    const cells = expected.map(row => row[index]).filter(value => typeof value === 'number')
    const value = special[title]
      ? one<number | null>(special[title])
      : summed.includes(title) && cells.length > 0
        ? cells.reduce((sum, cell) => sum + cell, 0)
        : null
    if (value === null) expect(totals[index], title).toBeNull()
    else expect(totals[index], title).toBeCloseTo(value, 7)
  }
})

test('地块台账: every cell of the sheet as it stands in the file, and the sums by unit', async () => {
  const file = join(folder, 'parcels.xlsx')
  await writeParcelSheet(store, undefined, file, [], [], createJobControl())
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  const [sheet, sums] = book.worksheets as [ExcelJS.Worksheet, ExcelJS.Worksheet]
  const titles = Object.keys(PARCEL_ORACLE.cells)
  expect((sheet.getRow(5).values as string[]).slice(1)).toEqual(titles)
  const expected = oracleRows(store, PARCEL_ORACLE, TODAY)
  const line = (from: ExcelJS.Worksheet, at: number, n: number) =>
    Array.from({ length: n }, (_, index) => from.getRow(at).getCell(index + 1).value)
  expect(sheet.rowCount).toBe(5 + expected.length)
  sameRows(
    expected.map((_, index) => line(sheet, 6 + index, titles.length)),
    expected,
    titles,
  )
  const figures = `count(*), sum(area_m2) * 3 / 2000.0, sum(area_in_m2) * 3 / 2000.0, sum(area_out_m2) * 3 / 2000.0, sum(area_in_m2 IS NULL)`
  const units = store.read
    .prepare(
      `SELECT (SELECT name FROM report_unit u WHERE u.code = p.unit), ${figures} FROM parcel p WHERE deleted = 0 GROUP BY p.unit
       UNION ALL SELECT '合计', ${figures} FROM parcel p WHERE deleted = 0`,
    )
    .raw()
    .all() as (string | number)[][]
  sameRows(
    // On this sheet what is unknown is a dash.
    units.map((_, index) => line(sums, 2 + index, 6).map(value => (value === '—' ? null : value))),
    units,
    ['考核单位', '地块', '面积', '界内', '界外', '未判定'],
  )
})

test('合规检查汇总: every cell, the totals, the list of what is open', () => {
  const { summary, chapters } = REGISTERS.compliance(store, {})
  check(summary, COMPLIANCE_ORACLE)
  const titles = Object.keys(COMPLIANCE_TOTALS.cells)
  sameRows([summary.totals!.slice(2)], [oracleRows(store, COMPLIANCE_TOTALS, TODAY)[0]!.slice(2)], titles.slice(2))
  check(chapters[0]!.sections[0]!.tables[0]!, OPEN_CHECKS_ORACLE)
})

test('导入质检报告: every line of what stands, counts of each rule and severity', () => {
  const { summary, chapters } = REGISTERS.quality(store, {})
  const list = chapters[0]!.sections[0]!.tables[0]!
  const titles = Object.keys(QUALITY_ORACLE.cells)
  const heads = list.columns.map(columnTitle)
  expect(heads.filter(title => title !== '规则')).toEqual(titles)
  sameRows(
    list.rows.map(row => titles.map(title => row[heads.indexOf(title)])),
    oracleRows(store, QUALITY_ORACLE, TODAY),
    titles,
  )
  const counts = store.read
    .prepare(
      `SELECT q.severity, count(*) FROM qc_issue q WHERE q.batch_id IN (SELECT id FROM import_batch WHERE undone_at IS NULL) GROUP BY q.rule, q.severity`,
    )
    .raw()
    .all() as [string, number][]
  const words: Record<string, string> = { error: '错误(未导入)', warning: '警告', info: '提示' }
  expect(summary.rows.map(row => `${row[3]} ${row[4]}`).sort()).toEqual(
    counts.map(([severity, n]) => `${words[severity]} ${n}`).sort(),
  )
  expect(summary.totals![4]).toBe(counts.reduce((sum, [, n]) => sum + n, 0))
})

test('a published month stays; its correction is a revision whose differences are those of SQL before and after', async () => {
  const period = { kind: 'monthly', year: 2026, month: 2 } as const
  const figuresNow = () => {
    const raw = new Raw(store, TODAY)
    const units = [...raw.units(), { code: null, name: '全市' }]
    return new Map(units.map(({ code, name }) => [name, monthlyFigures(raw, code, 2026, 2)]))
  }
  const before = figuresNow()
  const first = await publish(store, period, undefined)
  const body = () => one<string>('SELECT body FROM published_report WHERE id = ?', first.id)
  const frozen = body()
  // What was entered wrongly or late: the day, land and energy of a closing, and a target.
  const entry = one<string>(
    "SELECT l.id FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.code = 'E3' WHERE l.deleted = 0",
  )
  const target = one<string>(
    "SELECT id FROM target WHERE scope = '330781001' AND year = 2026 AND indicator = '盘活低效用地' AND deleted = 0",
  )
  await store.mutate({ label: 'corrections' }, tx => {
    tx.update('list_entry', entry, { counted_at: '2026-02-27', counted_mu: 6.25, counted_tce: 70 })
    tx.update('target', target, { value: 40 })
  })
  expect(body()).toBe(frozen)
  const second = await publish(store, period, '补录')
  const after = figuresNow()
  const columns = newestPublished(store.read, 'monthly', '2026-02')!.report.summary.columns
  const changed: string[] = []
  for (const [unit, figures] of before)
    for (const [title, was] of Object.entries(figures)) {
      const is = after.get(unit)![title]
      const isSame = typeof was === 'number' && typeof is === 'number' ? Math.abs(was - is) < 1e-9 : was === is
      if (isSame) continue
      changed.push(`${unit} ${title}`)
      const told = second.differences.find(each => each.row === unit && each.column === title)
      expect(told, `${unit} ${title}`).toBeDefined()
      // Told as it is printed.
      const column = columns.find(each => columnTitle(each) === title)!
      expect([told!.before, told!.after], `${unit} ${title}`).toEqual([was, is].map(each => printCell(column, each!)))
    }
  expect(changed.length).toBeGreaterThan(6)
  expect(second.differences.map(each => `${each.row} ${each.column}`).sort()).toEqual(changed.sort())
  // The first one still says what SQL said before, the newest what it says now.
  for (const [id, figures] of [
    [first.id, before],
    [newestPublished(store.read, 'monthly', '2026-02')!.id, after],
  ] as const) {
    const { summary } = publishedById(store.read, id)!.report
    for (const row of [...summary.rows, summary.totals!])
      for (const [index, column] of summary.columns.entries()) {
        if (index === 0) continue
        const expected = figures.get(String(row[0]))![columnTitle(column)]
        if (typeof expected === 'number') expect(row[index], columnTitle(column)).toBeCloseTo(expected, 6)
        else expect(row[index] ?? null, columnTitle(column)).toBe(expected)
      }
  }
  expect(body()).toBe(frozen)
})
