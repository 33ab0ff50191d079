/** Published months of the demo county: frozen whatever is edited since, revised with reason and differences, compared later. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../service/db/store.ts'
import { buildPeriodicReport } from '../../service/reports/periodic-report.ts'
import { checkPublish, publish, reopened } from '../../service/reports/publish.ts'
import { newestPublished, publishedById } from '../../service/reports/published-repo.ts'
import { createService } from '../../service/service.ts'
import type { Contract } from '../../shared/contract/contract.ts'
import { columnTitle, type Report } from '../../shared/report/model.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

let demo: DemoFixture
let store: Store

beforeAll(async () => {
  demo = await openDemo()
  ;({ store } = demo)
}, 60_000)
afterAll(() => demo.close())

const NOVEMBER = { kind: 'monthly', year: 2022, month: 11 } as const
const OCTOBER = { kind: 'monthly', year: 2022, month: 10 } as const
const one = (sql: string, ...values: unknown[]) =>
  store.read
    .prepare(sql)
    .pluck()
    .get(...values)
const cell = ({ summary }: Report, name: string, title: string) => {
  const row = [...summary.rows, summary.totals!].find(cells => cells[0] === name)!
  return row[summary.columns.findIndex(column => columnTitle(column) === title)]
}
/** A closing of November that nobody knew of when the month was published. */
async function enterLate(days = '2022-11-20'): Promise<string> {
  const entry = one(
    `SELECT l.id FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.unit IS NOT NULL
     WHERE l.deleted = 0 AND l.state = 'S5' AND l.counted_at IS NULL LIMIT 1`,
  ) as string
  await store.mutate({ label: 'late' }, tx => {
    tx.update('list_entry', entry, { state: 'S7', counted_at: days, counted_mu: 12.5, counted_tce: 40 })
  })
  return entry
}

test('a month: published once, frozen against every later edit, revised with reason and differences', async () => {
  const draft = await buildPeriodicReport(store, NOVEMBER)
  expect(draft.header).toContainEqual(['状态', '草稿(数据截至 2022-12-05 10:00)'])
  expect((await checkPublish(store, NOVEMBER)).problem).toBeNull()
  const first = await publish(store, NOVEMBER, undefined)
  expect(first).toMatchObject({ revision: 1, differences: [] })
  const stored = newestPublished(store.read, 'monthly', '2022-11')!
  expect(stored.report.header).toContainEqual(['状态', '已发布 第 1 号'])
  expect(stored.report.summary).toEqual(draft.summary)
  // The checksum is of the stored text itself, by a hash of our own.
  expect(
    createHash('sha256')
      .update(String(one('SELECT body FROM published_report WHERE id = ?', first.id)))
      .digest('hex'),
  ).toBe(stored.sha256)
  await expect(publish(store, NOVEMBER, 'x')).rejects.toMatchObject({ details: { reason: 'nothing_changed' } })

  const before = JSON.stringify(reopened(store, publishedById(store.read, first.id)!))
  await enterLate()
  await store.mutate({ label: 'renamed' }, tx => {
    tx.update('report_unit', one('SELECT id FROM report_unit LIMIT 1') as string, { name: '改名街道' })
    tx.update('target', one("SELECT id FROM target WHERE scope = '330781' LIMIT 1") as string, { value: 1 })
  })
  expect(JSON.stringify(reopened(store, publishedById(store.read, first.id)!))).toBe(before)

  await expect(publish(store, NOVEMBER, ' ')).rejects.toMatchObject({ details: { reason: 'revision_reason' } })
  const second = await publish(store, NOVEMBER, '补录一家销号企业')
  expect(second.revision).toBe(2)
  const total = second.differences.find(entry => entry.row === '全市' && entry.column === '本月完成(家)')!
  expect(Number(total.after)).toBe(Number(total.before) + 1)
  const revised = newestPublished(store.read, 'monthly', '2022-11')!.report
  expect(revised.notes[0]).toContain('修订理由：补录一家销号企业')
  expect(revised.chapters.at(-1)!.sections[0]!.tables[0]!.rows).toContainEqual([
    '全市',
    '本月完成(家)',
    total.before,
    total.after,
  ])
  expect(JSON.stringify(reopened(store, publishedById(store.read, first.id)!))).toBe(before)
})

test('the rows behind a published figure add up to it, by SQL over what was frozen', () => {
  const { id, report } = newestPublished(store.read, 'monthly', '2022-11')!
  const sum = (what: string, from: string) =>
    Number(
      one(
        `SELECT total(json_extract(e.value, '$[3]')) FROM monthly_snapshot s, json_each(s.figures, '$.events') e
         WHERE s.report_id = ? AND json_extract(e.value, '$[2]') = ? AND json_extract(e.value, '$[0]') BETWEEN ? AND '2022-11-30'`,
        id,
        what,
        from,
      ),
    )
  expect(cell(report, '全市', '本月完成(家)')).toBe(sum('enterprise', '2022-11-01'))
  expect(cell(report, '全市', '累计完成(家)')).toBe(sum('enterprise', '2022-01-01'))
  expect(cell(report, '全市', '累计盘活(亩)')).toBeCloseTo((sum('land', '2022-01-01') * 3) / 2000, 6)
  expect(one('SELECT count(*) FROM monthly_snapshot WHERE report_id = ?', id)).toBeGreaterThanOrEqual(18)
})

test('the file itself refuses to change or remove what was published', async () => {
  const { id } = newestPublished(store.read, 'monthly', '2022-11')!
  const frozen = { details: { reason: 'published_frozen' } }
  const row = one('SELECT id FROM monthly_snapshot WHERE report_id = ? LIMIT 1', id) as string
  await expect(
    store.mutate({ label: 'x' }, tx => tx.update('published_report', id, { title: '另一个' })),
  ).rejects.toMatchObject(frozen)
  await expect(store.mutate({ label: 'x' }, tx => tx.remove('published_report', id))).rejects.toMatchObject(frozen)
  await expect(
    store.mutate({ label: 'x' }, tx => tx.update('monthly_snapshot', row, { figures: {} })),
  ).rejects.toMatchObject(frozen)
  await expect(store.quiesced(db => db.exec('DELETE FROM published_report'))).rejects.toMatchObject(frozen)
  // Somebody with a tool of his own: the checksum tells.
  await store.quiesced(db => {
    db.exec('DROP TRIGGER published_report_frozen')
    db.prepare("UPDATE published_report SET body = replace(body, '全市', '全省') WHERE id = ?").run(id)
  })
  expect(() => reopened(store, publishedById(store.read, id)!)).toThrow('校验码')
  await store.quiesced(db =>
    db.prepare("UPDATE published_report SET body = replace(body, '全省', '全市') WHERE id = ?").run(id),
  )
  expect(reopened(store, publishedById(store.read, id)!).title).toContain('11 月')
})

test('a later month is measured against the published one, what came late is named', async () => {
  await publish(store, OCTOBER, undefined)
  const published = newestPublished(store.read, 'monthly', '2022-10')!.report
  await enterLate('2022-10-11')
  const november = await buildPeriodicReport(store, NOVEMBER)
  const table = november.chapters[0]!.sections.at(-1)!.tables[0]!
  const all = table.totals!
  expect(all[1]).toBe(cell(published, '全市', '累计完成(家)'))
  expect(all[3]).toBe(cell(november, '全市', '累计完成(家)'))
  expect(all[4]).toBe(1)
  expect(all[8]).toBeCloseTo(12.5, 6)
  expect(november.notes.some(note => note.includes('补录或更正') && note.includes('1 家'))).toBe(true)
  await expect(publish(store, { kind: 'monthly', year: 2022, month: 12 }, undefined)).rejects.toMatchObject({
    details: { reason: 'period_running' },
  })
})

test('through the contract: a draft, then the published report in three formats; roles; notes of a township', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-published-'))
  const service = await createService({ dataFolder: folder, resourcesFolder: resolve('resources'), appVersion: '0' })
  try {
    const client = createRouterClient(service.router, { context: {} }) as ContractRouterClient<Contract>
    await client.survey.create({ file: join(folder, 'a.lowland') })
    await client.survey.setProfile({ user: '李四', role: 'township', unit: '330781001', department: null })
    const month = { kind: 'monthly', year: 2022, month: 3 } as const
    await client.reports.saveNote({ ...month, unit: '330781001', problems: '资金缺口', next_steps: '签约 3 家' })
    await expect(
      client.reports.saveNote({ ...month, unit: '330781006', problems: '别的单位', next_steps: null }),
    ).rejects.toMatchObject({ details: { reason: 'role_unit' } })
    await expect(client.reports.publish(month)).rejects.toMatchObject({ details: { reason: 'role_procedure' } })
    await client.survey.setProfile({ user: '王五', role: 'manager', unit: null, department: null })
    const check = await client.reports.publishCheck(month)
    expect(check.cautions.map(entry => entry.code)).toEqual(['no_boundary_routes', 'units_empty'])
    const print = async () => {
      const steps = await client.reports.periodic({ ...month, out: `out-${Math.random()}`, formats: ['xlsx'] })
      for (;;) {
        const step = await steps.next()
        if (step.done) return step.value
      }
    }
    expect(await print()).toMatchObject({ status: 'draft', revision: null })
    await client.reports.publish(month)
    const [listed] = await client.reports.published({ kind: 'monthly' })
    expect(listed).toMatchObject({ period: '2022-03', revision: 1, published_by: '王五', intact: true, boundary: null })
    const made = await print()
    expect(made).toMatchObject({ status: 'published', revision: 1 })
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(made.files[0]!)
    const text = JSON.stringify(book.worksheets[0]!.getSheetValues())
    for (const words of ['已发布 第 1 号', listed!.sha256, '资金缺口', '签约 3 家', '没有启用的城镇开发边界'])
      expect(text).toContain(words)
    // Nothing of it is on the undo stack of whoever published.
    expect((await client.edits.state()).undo).toBeNull()
  } finally {
    service.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
