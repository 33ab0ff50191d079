/** Words of a file stay as they were written; which class holds is said the same way on every paper. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import ExcelJS from 'exceljs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildPlanSheet } from '../../service/reports/plan-sheet.ts'
import { createService, type Service } from '../../service/service.ts'
import type { Contract } from '../../shared/contract/contract.ts'
import { openFixture } from './survey-fixture.ts'

let folder: string
let service: Service
let client: ContractRouterClient<Contract>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lowland-names-'))
  service = await createService({ dataFolder: folder, resourcesFolder: folder, appVersion: '0' })
  client = createRouterClient(service.router, { context: {} }) as ContractRouterClient<Contract>
  await client.survey.create({ file: join(folder, 'a.lowland') })
})
afterEach(() => {
  service.close()
  rmSync(folder, { recursive: true, force: true })
})

async function importTable(kind: 'enterprises' | 'parcels' | 'units', lines: string[], year = 2022): Promise<unknown> {
  const file = join(folder, `${Math.random()}.csv`)
  writeFileSync(file, lines.join('\n'))
  let last: unknown
  for await (const step of await client.imports.run({ file, kind, options: { year } } as never)) last = step
  return last
}
const listed = async () => (await client.enterprises.list({ filter: {}, offset: 0, limit: 50 } as never)).rows

test('a name keeps its full-width marks, is found in any width, and codes have one width', async () => {
  await importTable('enterprises', [
    '企业编号,企业名称,地址,备注',
    'Ｅ－００１,浙江（兰溪）公司,兰溪市（东）１号,甲：乙；“丙”Ａ',
  ])
  const written = { code: 'E-001', name: '浙江（兰溪）公司' }
  expect(await listed()).toMatchObject([written])
  const detail = await client.enterprises.detail({ code: 'E-001' })
  expect(detail.record).toMatchObject({ address: '兰溪市（东）１号', remark: '甲：乙；“丙”Ａ' })
  // The same enterprise with narrow brackets and without its code: no second one, no change of name.
  await importTable('enterprises', ['企业名称,评价税收', '浙江(兰溪)公司,12'])
  expect(await listed()).toMatchObject([{ ...written, tax: 12 }])
  expect((await client.enterprises.detail({ code: 'E-001' })).record['former_name'] ?? null).toBeNull()
  // A new name in the same file is known under any width too.
  await importTable('enterprises', ['企业名称,年度,评价税收', '新（厂）,2021,1', '新(厂),2022,2'], undefined as never)
  expect((await listed()).map(row => row.name).sort()).toEqual(['新（厂）', written.name].sort())
})

test('ledger and plan print a computed class with its mark, and a marked class is not imported as published', async () => {
  await importTable('enterprises', [
    '企业编号,企业名称,评价等级,规模,评价税收,实际用地,工业增加值,综合能耗',
    'A,甲,B,规上,10,5,40,3',
    'C,丙,C(测算),规上,12,5,40,3',
  ])
  for await (const _ of await client.scoring.run({ year: 2022, dry_run: false }));
  const rows = await listed()
  expect(rows.map(row => [row.class, row.class_source])).toEqual([
    ['B', 'published'],
    [expect.stringMatching(/^[ABCD]$/), 'computed'],
  ])
  const marked = `${rows[1]!.class}(测算)`
  const out = join(folder, 'out')
  for await (const _ of await client.reports.ledger({ year: 2022, out }));
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(join(out, readdirSync(out)[0]!))
  const sheet = book.worksheets[0]!
  const column = (sheet.getRow(3).values as string[]).indexOf('评价等级(2022)')
  expect([4, 5].map(row => sheet.getRow(row).getCell(column).value)).toEqual(['B', marked])
  // The plan freezes both and its sheet prints the same.
  const { id } = await client.plans.draft({ enterprise_id: rows[1]!.id, year: 2023 })
  const { record } = await client.plans.detail({ id })
  expect(record['baseline']).toMatchObject({ years: [{ year: 2022, computed_class: rows[1]!.class }] })
})

test('the plan sheet prints the class of each year as it holds: published, computed with its mark, unknown', async () => {
  const fixture = await openFixture()
  const { result } = await fixture.store.mutate({ label: 'test' }, tx => {
    const enterprise_id = tx.create('enterprise', { code: 'E', name: '甲厂' })
    const years = [
      { year: 2020, class: 'C', computed_class: 'D' },
      { year: 2021, class: null, computed_class: 'B' },
    ]
    const plan = { code: 'F', enterprise_id, year: 2022, version: 1, baseline_year: 2021, baseline: { years } }
    return tx.create('plan', { ...plan, route: 'UPGRADE', status: 'draft' })
  })
  const table = buildPlanSheet(fixture.store, result).tables.find(({ place }) => place === '效益与能耗')!
  const cells = table.rows.flat()
  const at = cells.indexOf('评价等级')
  expect(cells.slice(at + 1, at + 3)).toEqual(['C类(调控帮扶)', 'B类(提升发展，测算)'])
  fixture.close()
})
