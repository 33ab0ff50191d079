/** 考核评分表: imported with rows named, never coded; annual points and quarterly ranks again by SQL and by hand. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../service/db/store.ts'
import { writeTable } from '../../service/formats/plain-table.ts'
import { importAssessment, readAssessment, writeAssessment } from '../../service/reports/assessment-table.ts'
import { buildPeriodicReport } from '../../service/reports/periodic-report.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

let demo: DemoFixture
let store: Store
const HEADS = ['考核指标', '分值', '目标值', '计分办法', '计分参数', '完成值', '依据附件']
const table = async (name: string, rows: (string | number | null)[][]) => {
  const file = join(demo.folder, name)
  await writeTable(file, '评分', HEADS, rows)
  return { file, fileName: name, year: 2022, dryRun: false }
}
const one = (sql: string, ...values: unknown[]) =>
  Number(
    store.read
      .prepare(sql)
      .pluck()
      .get(...values),
  )

beforeAll(async () => {
  demo = await openDemo()
  ;({ store } = demo)
}, 60_000)
afterAll(() => demo.close())

test('rows that cannot be used are named and nothing is written', async () => {
  const bad = await table('坏.xlsx', [
    ['整治高耗低效企业', 30, 200, '线性', null, null, null],
    ['盘活低效用地', '三十', 100, '线性', null, null, null],
    ['腾出用能', 10, 100, '估计', null, null, null],
    ['减碳', 10, 100, '阶梯', '差不多', null, null],
    ['逾期方案数', 10, null, '扣分', null, null, null],
    ['整治高耗低效企业', 5, 1, '线性', null, null, null],
    ['合计', 100, null, null, null, null, null],
  ])
  const { items, problems } = await readAssessment(bad.file)
  expect(items).toHaveLength(1)
  expect(problems.map(({ row, code }) => [row, code])).toEqual([
    [3, 'cell_not_number'],
    [4, 'assessment_method'],
    [5, 'assessment_steps'],
    [6, 'assessment_deduct'],
    [7, 'indicator_twice'],
  ])
  await expect(importAssessment(store, bad)).rejects.toMatchObject({
    details: { reason: 'assessment_rows', file: '坏.xlsx', row: 3 },
  })
  expect(one('SELECT count(*) FROM assessment_table')).toBe(0)
})

test('the year: every point by SQL over the raw tables; what has no value is named, not nought', async () => {
  const good = await table('评分.xlsx', [
    ['整治高耗低效企业', 40, 500, '线性', null, null, '销号文件'],
    ['规上工业亩均税收', 20, 20, '阶梯', '≥100%:100%;≥50%:60%', null, null],
    ['逾期方案数', 15, null, '扣分', 0.01, null, null],
    ['招商引资', 10, 5, '线性', null, 4, '招商中心'],
    ['满意度', 15, 90, '线性', null, null, null],
    ['合计', 100, null, null, null, null, null],
  ])
  expect(await importAssessment(store, good)).toMatchObject({ version: 1, problems: [] })
  const report = await buildPeriodicReport(store, { kind: 'annual', year: 2022, month: 12 })
  expect(report.summary.columns.map(column => column.title)).toEqual([
    '指标',
    '权重',
    '目标值',
    '完成值',
    '计分办法',
    '得分',
    '依据附件',
  ])
  const done = one(
    `SELECT count(*) - (SELECT count(*) FROM list_entry WHERE deleted = 0 AND rebound_at BETWEEN '2022-01-01' AND '2022-12-31')
     FROM list_entry WHERE deleted = 0 AND counted_at BETWEEN '2022-01-01' AND '2022-12-31'`,
  )
  const tax = one(
    `SELECT sum(tax) / sum(land_mu_actual) FROM enterprise_year WHERE year = 2022 AND scale = 'above' AND deleted = 0 AND tax IS NOT NULL AND land_mu_actual IS NOT NULL`,
  )
  const late = one(
    `SELECT count(*) FROM list_entry l WHERE l.deleted = 0 AND l.state IN ('S5', 'S6') AND (SELECT p.due_date FROM plan p
       WHERE p.enterprise_id = l.enterprise_id AND p.deleted = 0 ORDER BY p.year DESC, p.version DESC LIMIT 1) < '2022-12-05'`,
  )
  const points = [
    (40 * Math.min(done, 500)) / 500,
    tax >= 20 ? 20 : tax >= 10 ? 12 : 0,
    Math.max(0, 15 - late * 0.01),
    8,
    null,
  ]
  expect(report.summary.rows.map(row => row[3])).toEqual([done, expect.closeTo(tax, 9), late, 4, null])
  report.summary.rows.forEach((row, index) => {
    if (points[index] === null) expect(row[5]).toBeNull()
    else expect(row[5]).toBeCloseTo(points[index]!, 9)
  })
  expect(report.summary.totals![1]).toBe(100)
  expect(report.summary.totals![5]).toBeCloseTo(
    points.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    9,
  )
  expect(report.notes.join()).toContain('1 项没有完成值，未计分：满意度')
})

test('the quarter: units rank by points when there is a table, each against its own target in step with the year', async () => {
  const units = store.read.prepare('SELECT code, name FROM report_unit WHERE deleted = 0 ORDER BY code').all() as {
    code: string
    name: string
  }[]
  await store.mutate({ label: 'targets' }, tx => {
    for (const { code } of units)
      tx.create('target', { scope: code, year: 2022, indicator: '整治高耗低效企业', value: 40 })
  })
  const report = await buildPeriodicReport(store, { kind: 'quarterly', year: 2022, month: 9 })
  const points = new Map(
    units.map(({ code, name }) => {
      const done = one(
        `SELECT total(CASE WHEN l.counted_at BETWEEN '2022-01-01' AND '2022-09-30' THEN 1 END) - total(CASE WHEN l.rebound_at BETWEEN '2022-01-01' AND '2022-09-30' THEN 1 END)
         FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id WHERE l.deleted = 0 AND e.unit = ?`,
        code,
      )
      const tax = store.read
        .prepare(
          `SELECT sum(y.tax) / sum(y.land_mu_actual) FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id
           WHERE y.year = 2022 AND y.scale = 'above' AND y.deleted = 0 AND y.tax IS NOT NULL AND y.land_mu_actual IS NOT NULL AND e.unit = ?`,
        )
        .pluck()
        .get(code) as number | null
      const late = one(
        `SELECT count(*) FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id WHERE l.deleted = 0 AND e.unit = ?
           AND (CASE WHEN l.state IN ('S5', 'S6') THEN (SELECT s.to_state FROM state_change s WHERE s.list_entry_id = l.id AND s.happened_on <= '2022-09-30' ORDER BY s.happened_on DESC LIMIT 1)
             ELSE (SELECT s.from_state FROM state_change s WHERE s.list_entry_id = l.id AND s.happened_on > '2022-09-30' ORDER BY s.happened_on LIMIT 1) END) IN ('S5', 'S6')
           AND (SELECT p.due_date FROM plan p WHERE p.enterprise_id = l.enterprise_id AND p.deleted = 0 ORDER BY p.year DESC, p.version DESC LIMIT 1) < '2022-09-30'`,
        code,
      )
      const byTax = tax === null ? 0 : tax >= 20 ? 20 : tax >= 10 ? 12 : 0
      return [name, (40 * Math.min(done, 30)) / 30 + byTax + Math.max(0, 15 - late * 0.01)] as const
    }),
  )
  const scores = report.summary.rows.map(row => Number(row[8]))
  for (const row of report.summary.rows) expect(row[8]).toBeCloseTo(points.get(String(row[1]))!, 9)
  expect(scores).toEqual([...scores].sort((a, b) => b - a))
  // Equal units share a place: one more than there are better ones.
  const isBetter = (a: readonly unknown[], b: readonly unknown[]) =>
    [8, 2, 3].map(at => Number(a[at]) - Number(b[at])).find(difference => difference !== 0) ?? 0
  for (const row of report.summary.rows)
    expect(row[0]).toBe(1 + report.summary.rows.filter(other => isBetter(other, row) > 0).length)
})

test('the table written out is read back unchanged; a new version replaces the old', async () => {
  const file = join(demo.folder, '回.xlsx')
  await writeAssessment(store, 2022, file)
  const before = JSON.parse(
    String(store.read.prepare('SELECT items FROM assessment_table WHERE active = 1').pluck().get()),
  )
  expect((await readAssessment(file)).items).toEqual(before)
  expect(await importAssessment(store, { file, fileName: '回.xlsx', year: 2022, dryRun: false })).toMatchObject({
    version: 2,
  })
  expect(one('SELECT count(*) FROM assessment_table WHERE active = 1')).toBe(1)
})
