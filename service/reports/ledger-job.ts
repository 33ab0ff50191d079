/** 企业清单台账 in the wanted formats from one reading, each noted in the export book. */
import { join } from 'node:path'
import type { LedgerFormat } from '../../shared/contract/zones.ts'
import type { Report } from '../../shared/report/model.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { ServiceDeps } from '../deps.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { writeLedgerSheet } from './ledger.ts'
import { type LedgerInput, readLedger } from './ledger-data.ts'
import { ledgerReport } from './ledger-report.ts'
import { defaultFolder, logExport, writeWhole } from './output.ts'
import { writeLongPaper } from './report-writers.ts'

export interface LedgerJobInput extends LedgerInput {
  readonly out?: string | undefined
  readonly formats: readonly LedgerFormat[]
}

export async function makeLedger(
  deps: ServiceDeps,
  input: LedgerJobInput,
  control: JobControl,
): Promise<{ files: string[]; seconds: number }> {
  const started = performance.now()
  const store = deps.store()
  refuseOpenConflicts(store.read, { unit: input.unit })
  const folder = deps.resolveOutput(input.out, defaultFolder(store.now(), 'ledger'))
  const data = readLedger(store, input)
  const files: string[] = []
  let report: Report | undefined
  for (const format of new Set(input.formats)) {
    await control.checkpoint()
    const file = await writeWhole(join(folder, `${data.frame.title}.${format}`), async temporary => {
      if (format === 'xlsx') return writeLedgerSheet(data, temporary, control)
      report ??= await ledgerReport(data, control)
      return writeLongPaper(report, format, temporary, deps.resourcesFolder, control)
    })
    await logExport(store, `report.ledger.${format}`, file, data.rows.length)
    files.push(file)
  }
  return { files, seconds: (performance.now() - started) / 1000 }
}
