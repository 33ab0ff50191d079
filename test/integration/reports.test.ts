/** Reports of a real survey: all formats carry the same totals of one model; Chinese text is in the PDF. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { writeLedger } from '../../service/reports/ledger.ts'
import { writeGeojson } from '../../service/reports/write-geojson.ts'
import { writePdf } from '../../service/reports/write-pdf.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { writeZoneDocx } from '../../service/reports/write-zone-docx.ts'
import { buildZoneReport } from '../../service/reports/zone-report.ts'
import { printNumber } from '../../shared/report/model.ts'
import { createParcels, openFixture, rectangle } from './survey-fixture.ts'

const RESOURCES = resolve('resources')

test('a zone in four formats and the ledger', async () => {
  const survey = await openFixture()
  const folder = process.env['REPORT_OUT'] ?? mkdtempSync(join(tmpdir(), 'lowland-report-'))
  try {
    const { store } = survey
    const parcels = [0, 1, 2].map(i => ({
      code: `D-${i}`,
      name: '=1+1',
      unit: '330781001',
      ineff_types: ['T1'],
      geometry: rectangle(i * 160, 0, 150, 120),
    }))
    const ids = await createParcels(store, parcels)
    await store.mutate({ label: 'test' }, tx => {
      const zone = tx.create(
        'zone',
        {
          code: '330781001-2026-01',
          name: '兰江街道<甲>#区"块"',
          year: 2026,
          unit: '330781001',
          status: 'planned',
          direction: 'upgrade',
        },
        rectangle(0, 0, 470, 120),
      )
      for (const parcel_id of ids.values()) tx.create('zone_member', { zone_id: zone, parcel_id })
      const enterprise_id = tx.create('enterprise', { code: 'E1', name: '兰溪某某纺织厂', unit: '330781001' })
      tx.create('enterprise_year', { enterprise_id, year: 2026, land_mu_actual: 10, tax: 25 })
      tx.create('occupancy', { enterprise_id, parcel_id: ids.get('D-0')!, role: 'OWNER' })
    })
    const report = await buildZoneReport(store, { year: 2026 }, RESOURCES)
    expect(report.chapters[0]!.sections.map(section => section.heading.split('、')[0])).toEqual(
      '一 二 三 四 五 六 七 八 九 十 十一 十二'.split(' '),
    )
    const total = report.summary.totals![5] as number
    const shown = printNumber(total, 2)
    const at = (name: string) => join(folder, name)
    await writePdf(report, at('r.pdf'), RESOURCES, undefined, join(RESOURCES, 'reports/zone-report.typ'))
    await writeZoneDocx(report, at('r.docx'), join(RESOURCES, 'reports/zone-report.docx'), RESOURCES)
    await writeXlsx(report, at('r.xlsx'))
    await writeGeojson(report, at('r.geojson'))
    const pdf = execFileSync('pdftotext', ['-layout', at('r.pdf'), '-'], { encoding: 'utf8' })
    expect(pdf).toContain('界址点成果表')
    expect(pdf).toContain('兰江街道<甲>#区"块"')
    expect(pdf).toContain(shown)
    expect(execFileSync('unzip', ['-p', at('r.docx'), 'word/document.xml'], { encoding: 'utf8' })).toContain(shown)
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(at('r.xlsx'))
    const cells: unknown[] = []
    book.getWorksheet('汇总')!.eachRow(row => cells.push(...(row.values as unknown[])))
    expect(cells).toContain(total)
    const { features } = JSON.parse(readFileSync(at('r.geojson'), 'utf8')) as {
      features: { properties: { area_mu: number } }[]
    }
    expect(features).toHaveLength(4)
    expect(features[0]!.properties.area_mu).toBeCloseTo(total, 9)
    expect(await writeLedger(store, {}, at('ledger.xlsx'), createJobControl())).toBe(1)
    await book.xlsx.readFile(at('ledger.xlsx'))
    expect(book.worksheets[0]!.getRow(5).getCell(14).value).toBe(2.5)
  } finally {
    survey.close()
    if (!process.env['REPORT_OUT']) rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)

test('numbers print rounded once, half away from zero', () => {
  expect(printNumber(1.005, 2)).toBe('1.01')
  expect(printNumber(-0.001, 2)).toBe('0.00')
  expect(printNumber(-2.5, 0)).toBe('-3')
})
