/** Registers of §11.7 (3, 8–12): every figure again by plain SQL over the raw tables, and equal in sheet, Word and PDF. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import type { Store } from '../../service/db/store.ts'
import { readLedger } from '../../service/reports/ledger-data.ts'
import { PARCEL_COLUMNS, writeParcelSheet } from '../../service/reports/registers/parcel-sheet.ts'
import { REGISTERS } from '../../service/reports/registers/registers-methods.ts'
import { writeDocx } from '../../service/reports/write-docx.ts'
import { writePdf } from '../../service/reports/write-pdf.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { columnTitle, printCell, type Report } from '../../shared/report/model.ts'
import { docxCells, pdfText, sheetCells } from '../support/report-reading.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'
import { COMPLIANCE_ORACLE, ledgerOracle, oracleRows, PARCEL_ORACLE, sameRows } from './oracles/list-columns.ts'
import { REGISTER_ORACLES } from './oracles/register-columns.ts'
import { openFixture } from './survey-fixture.ts'

let demo: DemoFixture
let store: Store
let folder: string
type Line = Record<string, string | number | null>

const lines = (sql: string, ...values: unknown[]) => store.read.prepare(sql).all(...values) as Line[]
const one = (sql: string, ...values: unknown[]) =>
  store.read
    .prepare(sql)
    .pluck()
    .get(...values) as number
const column = ({ summary }: Report, title: string) => {
  const at = summary.columns.findIndex(entry => columnTitle(entry) === title)
  expect(at, title).toBeGreaterThanOrEqual(0)
  return summary.rows.map(row => row[at])
}
const total = ({ summary }: Report, title: string) =>
  summary.totals![summary.columns.findIndex(entry => columnTitle(entry) === title)]

beforeAll(async () => {
  demo = await openDemo()
  ;({ store, folder } = demo)
  const parcels = lines(
    'SELECT id, area_out_m2 FROM parcel WHERE deleted = 0 AND area_out_m2 > 900 ORDER BY code LIMIT 4',
  )
  const firms = lines('SELECT id FROM enterprise WHERE deleted = 0 ORDER BY code LIMIT 5')
  await store.mutate({ label: 'records' }, tx => {
    const idle = (parcel: number, values: Line) =>
      tx.create('idle_case', { parcel_id: parcels[parcel]!['id'], ...values })
    idle(0, {
      agreed_start: '2021-03-01',
      due_area_m2: 9000,
      developed_area_m2: 0,
      land_price: 820,
      total_investment: 5000,
      cause: 'ENTERPRISE',
      contract_no: 'HT-1',
    })
    idle(1, {
      agreed_start: '2020-01-01',
      actual_start: '2020-02-01',
      stopped_on: '2021-06-01',
      due_area_m2: 9000.5,
      developed_area_m2: 2000.25,
      total_investment: 4000,
      actual_investment: 900,
      land_price: 333.3,
      cause: 'GOV',
    })
    idle(2, { agreed_start: '2022-10-01', land_price: 100 })
    const reclaim = (parcel: number, values: Line) =>
      tx.create('reclamation', { parcel_id: parcels[parcel]!['id'], ...values })
    reclaim(0, {
      project_name: '甲村复垦',
      area_m2: 600.5,
      new_farmland_m2: 500.25,
      paddy_m2: 300,
      dry_m2: 200.25,
      quota_m2: 400,
      investment: 12.5,
      acceptance_doc: '兰复〔2022〕3号',
      accepted_on: '2022-10-01',
    })
    reclaim(3, {
      project_name: '乙村复垦',
      area_m2: Number(parcels[3]!['area_out_m2']) * 2,
      new_farmland_m2: null,
      investment: 7.25,
    })
    const check = (firm: number, dimension: string, result: string, values: Line = {}) =>
      tx.create('compliance_check', { enterprise_id: firms[firm]!['id'], dimension, result, ...values })
    check(0, 'AQ', 'fail', { department: 'YJ', deadline: '2022-11-01', item: '=危险品' })
    check(1, 'AQ', 'fail', { department: 'YJ', deadline: '2023-01-01' })
    check(2, 'AQ', 'fail', { department: 'YJ', deadline: '2022-09-01', rectified_at: '2022-08-20' })
    check(3, 'HB', 'fail', { department: 'ST' })
    const [crossing, inside] = ['crossing', 'inside'].map(side =>
      one('SELECT id FROM parcel WHERE deleted = 0 AND side = ? ORDER BY code LIMIT 1', side),
    )
    tx.update('parcel', String(crossing), { side_marked: 'inside', boundary_opinion: '按主体部分处置' })
    tx.update('parcel', String(inside), { side_marked: 'outside' })
    tx.update('parcel', String(parcels[0]!['id']), { extra: { PZWH: '兰土批〔2009〕7号', sfcz: 1, QZLSYLYDMJ: 200 } })
    tx.db
      .prepare(`INSERT INTO import_batch (id, kind, file, sha256, size, mapping, options, counts, user, device, at, undone_at)
      VALUES ('B1', 'parcels', '地块.shp', 'x', 1, '{}', '{}', '{"read":50,"rejected":2,"repaired":3}', 'u', 'd', '2022-01-01', NULL),
             ('B2', 'parcels', '撤回.shp', 'x', 1, '{}', '{}', '{"read":9,"rejected":9}', 'u', 'd', '2022-01-02', '2022-01-03')`)
      .run()
    const issue = tx.db.prepare(
      `INSERT INTO qc_issue (batch_id, row_index, rule, severity, message, message_values) VALUES (?, ?, ?, ?, ?, '{}')`,
    )
    for (const [batch, rule, severity] of [
      ['B1', 'self_intersection', 'warning'],
      ['B1', 'self_intersection', 'warning'],
      ['B1', 'required', 'error'],
      ['B1', 'area_mismatch', 'warning'],
      ['B2', 'sliver', 'error'],
    ] as const)
      issue.run(batch, 3, rule, severity, `${rule} 的说明`)
  })
}, 60_000)
afterAll(() => demo.close())

describe('figures', () => {
  test('idle land: days, shares and fee by SQL; government causes and land not yet due cost nothing', () => {
    const report = REGISTERS.idle(store, {})
    const raw = lines(
      `SELECT p.code, max(0, CAST(julianday('2022-12-05') - julianday(CASE WHEN actual_start IS NULL THEN agreed_start ELSE stopped_on END) AS INTEGER)) AS days,
         100.0 * developed_area_m2 / due_area_m2 AS built, 100.0 * actual_investment / total_investment AS spent,
         CASE WHEN cause = 'ENTERPRISE' AND (actual_start IS NULL AND date(agreed_start, '+1 year') <= '2022-12-05'
             OR date(stopped_on, '+1 year') <= '2022-12-05' AND (developed_area_m2 * 3 < due_area_m2 OR actual_investment * 4 < total_investment))
           THEN land_price / 5 END AS fee
       FROM idle_case i JOIN parcel p ON p.id = i.parcel_id WHERE i.deleted = 0 ORDER BY p.unit, p.code`,
    )
    expect(column(report, '地块编号')).toEqual(raw.map(row => row['code']))
    expect(column(report, '闲置天数(天)')).toEqual(raw.map(row => row['days']))
    for (const [title, name] of [
      ['动工比例(%)', 'built'],
      ['投资比例(%)', 'spent'],
      ['测算闲置费(万元)', 'fee'],
    ] as const)
      column(report, title).forEach((value, index) => {
        const expected = raw[index]![name]
        if (expected === null) expect(value, title).toBeNull()
        else expect(value, title).toBeCloseTo(Number(expected), 9)
      })
    expect(column(report, '测算闲置费(万元)')).toContain(164)
    const fees = raw.reduce((sum, row) => sum + Number(row['fee'] ?? 0), 0)
    expect(total(report, '测算闲置费(万元)')).toBeCloseTo(fees, 9)
    expect(total(report, '应动工面积(亩)')).toBeCloseTo(
      one('SELECT sum(due_area_m2) * 3 / 2000 FROM idle_case WHERE deleted = 0'),
      9,
    )
    expect(column(report, '疑似闲置')).toContain('满一年未动工')
    expect(column(report, '疑似闲置')).toContain('动工面积不足三分之一且停工满一年、投资额不足 25% 且停工满一年')
  })

  test.each(['idle', 'reclamation', 'crossing'] as const)('%s: every column of every row by SQL', kind => {
    const { summary } = REGISTERS[kind](store, {})
    const { from, cells } = REGISTER_ORACLES[kind]
    expect(summary.columns.map(columnTitle)).toEqual(Object.keys(cells))
    const sql = `SELECT ${Object.values(cells)
      .map((cell, index) => `${cell} AS c${index}`)
      .join(', ')} FROM ${from}`.replaceAll(':today', "'2022-12-05'")
    const raw = lines(sql)
    expect(raw.length).toBeGreaterThan(1)
    expect(summary.rows).toHaveLength(raw.length)
    for (const [index, row] of summary.rows.entries())
      for (const [at, entry] of summary.columns.entries()) {
        const [shown, expected] = [row[at] ?? null, raw[index]![`c${at}`] ?? null]
        if (typeof expected === 'number') expect(shown, columnTitle(entry)).toBeCloseTo(expected, 7)
        else expect(shown, columnTitle(entry)).toBe(expected)
      }
  })

  test('compliance: every cell of dimension × department, the open list, the rate as sum by sum', () => {
    const report = REGISTERS.compliance(store, {})
    const live = `FROM compliance_check c LEFT JOIN plan p ON p.id = c.plan_id LEFT JOIN survey_visit v ON v.id = c.visit_id
      LEFT JOIN enterprise e ON e.id = coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) WHERE c.deleted = 0 AND coalesce(e.deleted, 0) = 0`
    const raw = lines(
      `SELECT c.dimension, c.department, count(*) AS n, sum(c.result = 'pass') AS pass, sum(c.result = 'fail') AS fail,
         sum(c.result = 'fail' AND c.rectified_at IS NULL) AS open,
         sum(c.result = 'fail' AND c.rectified_at IS NULL AND c.deadline IS NOT NULL AND c.deadline < '2022-12-05') AS late ${live}
       GROUP BY 1, 2`,
    )
    expect(report.summary.rows).toHaveLength(raw.length)
    const shown = new Set(report.summary.rows.map(row => row.slice(2, 5).join() + [row[8], row[9]].join()))
    for (const row of raw)
      expect(shown).toContain([row['n'], row['pass'], row['fail']].join() + [row['open'], row['late']].join())
    for (const [title, name] of [
      ['检查(项)', 'n'],
      ['未闭环(项)', 'open'],
      ['其中逾期(项)', 'late'],
    ] as const)
      expect(total(report, title)).toBe(raw.reduce((sum, row) => sum + Number(row[name]), 0))
    const [failed, open] = ['fail', 'open'].map(name => raw.reduce((sum, row) => sum + Number(row[name]), 0))
    expect(open).toBeGreaterThan(2)
    expect(total(report, '闭环率(%)')).toBeCloseTo((100 * (failed! - open!)) / failed!, 9)
    expect(report.chapters[0]!.sections[0]!.tables[0]!.rows).toHaveLength(open!)
  })

  test('the ledger of the county and its open checks: every cell by SQL', () => {
    const { columns, rows } = readLedger(store, { year: 2022 })
    const oracle = ledgerOracle(2022)
    const cells = rows.map((row, index) => columns.map(({ read }) => read(row, index)))
    expect(rows.length).toBeGreaterThan(400)
    sameRows(cells, oracleRows(store, oracle, '2022-12-05'), Object.keys(oracle.cells))
    const { summary } = REGISTERS.compliance(store, {})
    sameRows(summary.rows, oracleRows(store, COMPLIANCE_ORACLE, '2022-12-05'), Object.keys(COMPLIANCE_ORACLE.cells))
  })

  test('reclamation: areas in 亩 after summing; contradicting areas are named', () => {
    const report = REGISTERS.reclamation(store, {})
    for (const [title, name] of [
      ['复垦面积(亩)', 'area_m2'],
      ['新增耕地(亩)', 'new_farmland_m2'],
      ['节余指标(亩)', 'quota_m2'],
    ] as const)
      expect(total(report, title)).toBeCloseTo(
        one(`SELECT sum(${name}) * 3 / 2000 FROM reclamation WHERE deleted = 0`),
        9,
      )
    expect(total(report, '投资(万元)')).toBeCloseTo(one('SELECT sum(investment) FROM reclamation WHERE deleted = 0'), 9)
    const wrong = one(
      'SELECT count(*) FROM reclamation r JOIN parcel p ON p.id = r.parcel_id WHERE r.deleted = 0 AND r.area_m2 > p.area_out_m2 * 1.01',
    )
    expect(wrong).toBeGreaterThan(0)
    expect(column(report, '核对').filter(text => String(text ?? '').includes('大于界外面积'))).toHaveLength(wrong)
    expect(report.notes.join()).toContain('面积互相矛盾')
  })

  test('crossing parcels: in the order of the form, in + out = area, marks beside the computed side', () => {
    const report = REGISTERS.crossing(store, {})
    expect(report.summary.columns.slice(1).map(entry => entry.title)).toEqual([
      '地块',
      '总面积',
      '界内',
      '界外',
      '界内比例',
      '系统判定',
      '人工标注',
      '差异',
      '资规意见',
    ])
    const raw = lines(
      `SELECT code, area_m2, area_in_m2, area_out_m2 FROM parcel WHERE deleted = 0 AND (side = 'crossing' OR (side_marked IS NOT NULL AND side <> 'unknown' AND side_marked <> side)) ORDER BY unit, code`,
    )
    expect(report.summary.rows).toHaveLength(raw.length)
    for (const [title, name] of [
      ['总面积(亩)', 'area_m2'],
      ['界内(亩)', 'area_in_m2'],
      ['界外(亩)', 'area_out_m2'],
    ] as const)
      expect(total(report, title)).toBeCloseTo(raw.reduce((sum, row) => sum + Number(row[name]), 0) / (2000 / 3), 6)
    expect(Number(total(report, '界内(亩)')) + Number(total(report, '界外(亩)'))).toBeCloseTo(
      Number(total(report, '总面积(亩)')),
      4,
    )
    const differing = one(
      "SELECT count(*) FROM parcel WHERE deleted = 0 AND side_marked IS NOT NULL AND side <> 'unknown' AND side_marked <> side",
    )
    expect(column(report, '差异').filter(value => value === '不一致')).toHaveLength(differing)
    expect(column(report, '资规意见')).toContain('按主体部分处置')
  })

  test('import quality: families and counts of what stands; a batch that was taken back only when asked for', () => {
    const report = REGISTERS.quality(store, {})
    const stands = 'batch_id IN (SELECT id FROM import_batch WHERE undone_at IS NULL)'
    expect(total(report, '数量(条)')).toBe(one(`SELECT count(*) FROM qc_issue WHERE ${stands}`))
    expect(report.summary.rows).toContainEqual([
      '4 图形',
      '4101',
      '环自相交',
      '警告',
      one(`SELECT count(*) FROM qc_issue WHERE rule = 'self_intersection' AND ${stands}`),
    ])
    expect(report.summary.rows).toContainEqual(['3 属性', '3101', '必填项缺失', '错误(未导入)', 1])
    expect(report.notes.join()).toContain(
      `读入 ${one("SELECT sum(json_extract(counts, '$.read')) FROM import_batch WHERE undone_at IS NULL")} 条，拒绝 2 条，修复 3 条`,
    )
    expect(total(REGISTERS.quality(store, { batch: 'B2' }), '数量(条)')).toBe(1)
    expect(() => REGISTERS.quality(store, { batch: 'B9' })).toThrow('找不到这次导入')
  })

  test('parcels: 39 columns of 表1-2 with headings in row 5 and data from row 6, 亩 to four places, totals by unit', async () => {
    const file = join(folder, 'parcels.xlsx')
    const { rows } = await writeParcelSheet(store, undefined, file, [['单位', '全市']], [], createJobControl())
    expect(rows).toBe(one('SELECT count(*) FROM parcel WHERE deleted = 0'))
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(file)
    const sheet = book.worksheets[0]!
    const heads = (sheet.getRow(5).values as string[]).slice(1)
    expect(heads).toHaveLength(43)
    expect([heads[0], heads[4], heads[6], heads[38], heads[39]]).toEqual([
      '调查单元编号',
      '面积(亩)',
      '历史遗留用地面积(亩)',
      '基础设施配套',
      '开发边界(边界侧)',
    ])
    expect(PARCEL_COLUMNS.slice(0, 39).every(([, code]) => code !== '')).toBe(true)
    const whole = oracleRows(store, PARCEL_ORACLE, '2022-12-05')
    const shown = whole.map((row, index) => row.map((_, at) => sheet.getRow(index + 6).getCell(at + 1).value))
    sameRows(shown, whole, Object.keys(PARCEL_ORACLE.cells))
    const raw = lines(
      `SELECT p.code, p.area_m2, p.area_in_m2, p.right_holder, p.extra,
         (SELECT sum(y.tax) / sum(y.land_mu_actual) FROM enterprise_year y WHERE y.year = 2022 AND y.deleted = 0 AND y.tax IS NOT NULL AND y.land_mu_actual IS NOT NULL
           AND y.enterprise_id IN (SELECT enterprise_id FROM occupancy WHERE parcel_id = p.id AND deleted = 0)) AS tax
       FROM parcel p WHERE deleted = 0 ORDER BY unit, code`,
    )
    const cell = (row: number, title: string) => sheet.getRow(row + 6).getCell(heads.indexOf(title) + 1).value
    for (const [index, row] of raw.entries()) {
      expect(cell(index, '面积(亩)')).toBeCloseTo(Number(row['area_m2']) / (2000 / 3), 9)
      expect(cell(index, '界内面积(亩)')).toBeCloseTo(Number(row['area_in_m2']) / (2000 / 3), 9)
      if (row['tax'] === null) expect(cell(index, '地均入库税金(万元/亩)')).toBeNull()
      else expect(cell(index, '地均入库税金(万元/亩)')).toBeCloseTo(Number(row['tax']), 9)
      if (row['extra'] !== null && String(row['extra']).includes('PZWH')) {
        expect(cell(index, '批准文号')).toBe('兰土批〔2009〕7号')
        expect(cell(index, '历史遗留用地面积(亩)')).toBeCloseTo(0.3, 9)
      }
    }
    expect(sheet.getRow(6 + raw.length).values).toEqual([])
    const sums = book.worksheets[1]!
    expect(sums.getRow(sums.rowCount).getCell(3).value).toBeCloseTo(
      one('SELECT sum(area_m2) * 3 / 2000 FROM parcel WHERE deleted = 0'),
      6,
    )
  })
})

test.each(['idle', 'compliance', 'reclamation', 'crossing', 'quality'] as const)(
  '%s: sheet, Word and PDF carry the same totals and never a formula',
  async kind => {
    const report = REGISTERS[kind](store, {})
    const place = process.env['LOWLAND_KEEP_REPORTS'] ?? folder
    mkdirSync(place, { recursive: true })
    const at = (format: string) => join(place, `${kind}.${format}`)
    await writeXlsx(report, at('xlsx'))
    await writeDocx(report, at('docx'), resolve('resources'))
    await writePdf(report, at('pdf'), resolve('resources'))
    const [cells, word, pdf] = [await sheetCells(at('xlsx')), docxCells(at('docx')), pdfText(at('pdf'))]
    let numbers = 0
    report.summary.columns.forEach((entry, index) => {
      const value = report.summary.totals![index]
      if (typeof value !== 'number') return
      numbers++
      const printed = printCell(entry, value)
      expect(cells).toContain(value)
      expect(word).toContain(printed)
      expect(pdf).toContain(printed)
    })
    expect(numbers).toBeGreaterThan(0)
    for (const note of report.notes) expect(pdf).toContain(note.replace(/\s+/g, ''))
  },
  60_000,
)

test('a unit without data and a missing boundary are said, empty columns are not zeros', async () => {
  const fixture = await openFixture()
  try {
    for (const kind of ['idle', 'compliance', 'reclamation', 'crossing'] as const) {
      const report = REGISTERS[kind](fixture.store, { unit: '330781006' })
      expect(report.notes.join(), kind).toContain('女埠街道没有这类数据，表中为空不表示为零')
      expect(report.summary.totals).toBeUndefined()
    }
    expect(REGISTERS.crossing(fixture.store, {}).notes.join()).toContain('没有启用的城镇开发边界')
    expect(REGISTERS.idle(fixture.store, { unit: '999' }).notes.join()).toContain('没有代码为 999 的考核单位')
  } finally {
    fixture.close()
  }
})
