/** The office files open in another office program: LibreOffice turns them into PDF pages with their Chinese titles. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import type { Store } from '../../service/db/store.ts'
import { writeLedger } from '../../service/reports/ledger.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { writeZoneDocx } from '../../service/reports/write-zone-docx.ts'
import { buildZoneReport } from '../../service/reports/zone-report.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

const root = join(import.meta.dirname, '../..')
let demo: DemoFixture
let store: Store
let folder: string

beforeAll(async () => {
  demo = await openDemo()
  ;({ store, folder } = demo)
}, 60_000)
afterAll(() => demo.close())

/** Text of the PDF that LibreOffice makes of a file. Needs `soffice` and `pdftotext` on the machine (README). */
function textThroughOffice(file: string): string {
  const profile = `-env:UserInstallation=file://${join(folder, 'office')}`
  execFileSync('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, file], { stdio: 'ignore' })
  const pdf = file.replace(/\.\w+$/, '.pdf')
  return execFileSync('pdftotext', ['-layout', pdf, '-'], { maxBuffer: 64 * 1024 * 1024 }).toString()
}

describe('LibreOffice', () => {
  it('opens the zone report in Word and Excel form and the ledger', { timeout: 240_000 }, async () => {
    const report = await buildZoneReport(store, { year: 2022, unit: '330781E01' }, join(root, 'resources'))
    const docx = join(folder, 'report.docx')
    const xlsx = join(folder, 'sheets.xlsx')
    const ledger = join(folder, 'ledger.xlsx')
    await writeZoneDocx(report, docx, join(root, 'resources/reports/zone-report.docx'), join(root, 'resources'))
    await writeXlsx(report, xlsx)
    await writeLedger(store, { year: 2022, unit: '330781E01' }, ledger, createJobControl())
    const words = textThroughOffice(docx)
    expect(words).toContain('连片整治区域')
    expect(words).toContain('兰溪经济开发区')
    expect(textThroughOffice(xlsx)).toContain('连片')
    expect(textThroughOffice(ledger)).toContain('企业清单台账')
  })
})
