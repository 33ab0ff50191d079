/** The plan sheet: the same words in PDF and Word, one page each, places of a changed template, batches and refusals. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Document, Packer, Paragraph } from 'docx'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { filesFolderOf } from '../../service/db/lock.ts'
import type { Store } from '../../service/db/store.ts'
import { printPlanSheets } from '../../service/reports/plan-sheets.ts'
import { inProject } from '../../tools/paths.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
let store: Store
let folder: string
let planId: string

beforeEach(async () => {
  fixture = await openFixture()
  store = fixture.store
  folder = mkdtempSync(join(tmpdir(), 'lowland-plan-sheet-'))
  const parcels = await createParcels(store, [{ code: 'P1', geometry: rectangle(0, 0, 100, 200) }])
  planId = await makePlan('兰溪恒兴测试厂', 'E1', [parcels.get('P1')!])
})
afterEach(() => {
  fixture.close()
  rmSync(folder, { recursive: true, force: true })
})

async function makePlan(name: string, code: string, parcel_ids: readonly string[]): Promise<string> {
  const { result } = await store.mutate({ label: 'test' }, tx => {
    const enterprise_id = tx.create('enterprise', { code, name, in_park: false })
    tx.create('enterprise_year', { enterprise_id, year: 2020, tax: 90, land_mu_actual: 30 })
    tx.create('enterprise_year', { enterprise_id, year: 2021, tax: 60, land_mu_actual: 30, energy_tce: 500 })
    const plan = {
      code: `FA-${code}`,
      enterprise_id,
      year: 2022,
      version: 1,
      baseline_year: 2021,
      // Frozen when the plan was made: the tax of 2021 was corrected to 60 since.
      baseline: { years: [{ year: 2021, tax: 66, land_mu_actual: 30, energy_tce: null }] },
      route: 'UPGRADE',
      status: 'draft',
      problems: '设备陈旧',
      parcel_ids,
      freed_mu: 12.345,
      departments: ['JX', 'ZG'],
    }
    const id = tx.create('plan', plan)
    tx.create('measure', { plan_id: id, position: 1, type: 'M6', description: '零土地技改', area_mu: 30 })
    tx.create('milestone', { plan_id: id, position: 1, type: 'filed', date_planned: '2022-03-01' })
    tx.create('compliance_check', {
      plan_id: id,
      dimension: 'AQ',
      result: 'fail',
      deadline: '2022-05-01',
      department: 'YJ',
    })
    return id
  })
  return result
}

const deps = () =>
  ({
    store: () => store,
    resourcesFolder: inProject('resources'),
    resolveOutput: (out: string | undefined) => out ?? folder,
  }) as unknown as Parameters<typeof printPlanSheets>[0]
const print = (request: Partial<Parameters<typeof printPlanSheets>[1]> = {}, signal?: AbortSignal) =>
  printPlanSheets(deps(), { out: folder, formats: ['pdf', 'docx'], ...request }, createJobControl(signal))

const pdfText = (file: string): string => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
/** All words of a Word file, as LibreOffice lays them out. */
async function wordText(file: string): Promise<string> {
  const pages = execFileSync('soffice', ['--headless', '--convert-to', 'pdf', '--outdir', folder, file], {
    encoding: 'utf8',
  })
  expect(pages).toContain('writer_pdf_Export')
  return pdfText(file.replace(/\.docx$/, '.pdf'))
}

test('PDF and Word say the same: facts, Σ of land, two years side by side, unanswered dimensions, criteria', async () => {
  const { files } = await print({ enterprise: 'E1' })
  expect(files.map(file => file.slice(folder.length + 1))).toEqual([
    'FA-E1 兰溪恒兴测试厂 一企一策方案表.pdf',
    'FA-E1 兰溪恒兴测试厂 一企一策方案表.docx',
  ])
  const pdf = pdfText(files[0]!).replace(/\s+/g, '')
  expect(pdf.split('\f').length - 1).toBeLessThanOrEqual(1)
  const word = (await wordText(files[1]!)).replace(/\s+/g, '')
  const area = store.read.prepare('SELECT area_m2 FROM parcel').get() as { area_m2: number }
  const mu = (area.area_m2 / (2000 / 3)).toFixed(2)
  for (const said of [pdf, word]) {
    for (const words of [
      '兰溪恒兴测试厂',
      mu,
      '12.35',
      '零土地技改',
      '2022-03-01',
      '经信局',
      '资规局',
      '不合格',
      '设备陈旧',
    ])
      expect(said).toContain(words)
    // 90/30 and the frozen 66/30, never the mean of something; energy is unknown, not 0.
    expect(said).toContain('亩均税收(万元/亩)3.002.20')
    expect(said).toMatch(/综合能耗\(tce\)——/)
    // No energy is said to be freed: its CO₂ is unknown, not 0.
    expect(said).toMatch(/预计减排二氧化碳\(tCO(₂|2)\)—/)
    expect(said).toContain('改造提升：项目备案、竣工')
    for (const dimension of ['环保', '质量', '能源']) expect(said).toContain(`${dimension}—未查`)
    expect(said).not.toContain('{{')
  }
})

test('a batch is one PDF and one Word file per enterprise; the newest version is printed; cancel leaves nothing half', async () => {
  await makePlan('兰溪第二测试厂', 'E2', [])
  const all = await print()
  expect(all.files).toHaveLength(3)
  expect(pdfText(all.files[0]!).match(/一企一策/g)!.length).toBeGreaterThanOrEqual(2)
  const stop = new AbortController()
  stop.abort()
  await expect(print({ out: join(folder, 'cancelled') }, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  expect((await print({ planIds: [planId], formats: ['docx'] })).files).toHaveLength(1)
  await expect(print({ year: 1999 })).rejects.toMatchObject({ details: { reason: 'no_plans' } })
  const logged = store.read.prepare("SELECT kind, records FROM export_log WHERE kind LIKE 'report.plan%'").all()
  expect(logged).toContainEqual({ kind: 'report.plan.pdf', records: 2 })
})

test("a survey's own Word template is used; places that nobody knows and broken files are named", async () => {
  const own = join(filesFolderOf(store.file), 'templates')
  mkdirSync(own, { recursive: true })
  const write = async (words: string) =>
    writeFileSync(
      join(own, 'plan-sheet.docx'),
      await Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph(words)] }] })),
    )
  await write('本县表样 {{企业名称}} 责任：{{责任人}}')
  const { files } = await print({ formats: ['docx'] })
  expect(await wordText(files[0]!)).toContain('本县表样 兰溪恒兴测试厂 责任：—')
  await write('{{企业名程}}')
  await expect(print({ formats: ['docx'] })).rejects.toMatchObject({
    details: { reason: 'template_places', values: { places: '企业名程' } },
  })
  writeFileSync(join(own, 'plan-sheet.docx'), 'not a word file')
  await expect(print({ formats: ['docx'] })).rejects.toMatchObject({ details: { reason: 'template_damaged' } })
})
