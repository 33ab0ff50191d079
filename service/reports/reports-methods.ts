/** The reports part of the contract: one model, the wanted formats, each noted in the export book. */
import { join } from 'node:path'
import type { Report } from '../../shared/report/model.ts'
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { writeLedger } from './ledger.ts'
import { defaultFolder, logExport, safeFileName, writeWhole } from './output.ts'
import { buildPeriodicReport } from './periodic-report.ts'
import { printPlanSheets } from './plan-sheets.ts'
import { writeDocx } from './write-docx.ts'
import { writePdf } from './write-pdf.ts'
import { writeXlsx } from './write-xlsx.ts'
import { checkZoneReport, makeZoneReport } from './zone-report-job.ts'

type Writer = (report: Report, file: string, resources: string, checkpoint: () => Promise<void>) => Promise<void>

const WRITERS: Readonly<Record<string, Writer>> = {
  pdf: writePdf,
  docx: writeDocx,
  xlsx: writeXlsx,
}

/** The month before the one that is running, in China. */
function lastFullMonth(now: Date): { year: number; month: number } {
  const china = new Date(now.getTime() + 8 * 3_600_000)
  const before = new Date(Date.UTC(china.getUTCFullYear(), china.getUTCMonth() - 1, 1))
  return { year: before.getUTCFullYear(), month: before.getUTCMonth() + 1 }
}

export function reportsMethods(deps: ServiceDeps) {
  return {
    zones: os.reports.zones.handler(({ input, signal }) =>
      streamJob(signal, control => makeZoneReport(deps, { ...input, zoneIds: input.zone_ids }, control)),
    ),
    zonesCheck: os.reports.zonesCheck.handler(({ input }) =>
      checkZoneReport(deps.store(), { year: input.year, unit: input.unit, zoneIds: input.zone_ids }),
    ),
    periodic: os.reports.periodic.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        refuseOpenConflicts(store.read)
        const last = lastFullMonth(store.now())
        const year = input.year ?? last.year
        const month = input.month ?? (year === last.year ? last.month : 12)
        const report = await buildPeriodicReport(store, { kind: input.kind, year, month })
        const folder = deps.resolveOutput(input.out, defaultFolder(store.now(), input.kind))
        const formats = [...new Set(input.formats)]
        const files: string[] = []
        for (const format of formats) {
          control.report({ phase: 'report', done: files.length, total: formats.length })
          await control.checkpoint()
          const name = safeFileName(report.title)
          const file = await writeWhole(join(folder, `${name}.${format}`), temporary =>
            WRITERS[format]!(report, temporary, deps.resourcesFolder, () => control.checkpoint()),
          )
          await logExport(store, `report.${input.kind}.${format}`, file, report.summary.rows.length)
          files.push(file)
        }
        return { files, seconds: (performance.now() - started) / 1000 }
      }),
    ),
    plan: os.reports.plan.handler(({ input, signal }) =>
      streamJob(signal, control =>
        printPlanSheets(deps, { ...input, planIds: input.plan_ids, formats: [...new Set(input.formats)] }, control),
      ),
    ),
    ledger: os.reports.ledger.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        refuseOpenConflicts(store.read, { unit: input.unit })
        const folder = deps.resolveOutput(input.out, defaultFolder(store.now(), 'ledger'))
        let rows = 0
        const file = await writeWhole(join(folder, '企业清单台账.xlsx'), async temporary => {
          rows = await writeLedger(store, input, temporary, control)
        })
        await logExport(store, 'report.ledger', file, rows)
        return { files: [file], seconds: (performance.now() - started) / 1000 }
      }),
    ),
  }
}
