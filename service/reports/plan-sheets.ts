/** Prints plan sheets, one or a batch: progress per enterprise, cancel between two, files appear whole or not at all. */
import { join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import type { PlanSheet } from '../../shared/report/plan-sheet.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { ServiceDeps } from '../deps.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { defaultFolder, logExport, safeFileName, writeWhole } from './output.ts'
import { buildPlanSheet } from './plan-sheet.ts'
import { plansToPrint, type SheetFilter } from './plan-sheet-repo.ts'
import { templateFile } from './report-templates.ts'
import { writePlanPdf } from './write-pdf.ts'
import { writePlanDocx } from './write-plan-docx.ts'

export interface PlanSheetsRequest extends SheetFilter {
  readonly out?: string | undefined
  readonly formats: readonly ('pdf' | 'docx')[]
}

export async function printPlanSheets(
  deps: ServiceDeps,
  request: PlanSheetsRequest,
  control: JobControl,
): Promise<{ files: string[]; seconds: number }> {
  const started = performance.now()
  const store = deps.store()
  refuseOpenConflicts(store.read, request.unit === undefined ? {} : { unit: request.unit })
  const plans = plansToPrint(store.read, request)
  if (plans.length === 0) throw new AppError('not_found', '没有符合条件的一企一策方案', { reason: 'no_plans' })
  const folder = deps.resolveOutput(request.out, defaultFolder(store.now(), 'plan'))
  const sheets: PlanSheet[] = []
  for (const { id } of plans) {
    control.report({ phase: 'report', done: sheets.length, total: plans.length })
    await control.checkpoint()
    sheets.push(buildPlanSheet(store, id))
  }
  const files: string[] = []
  if (request.formats.includes('pdf')) {
    const name =
      sheets.length === 1
        ? safeFileName(`${sheets[0]!.code} ${sheets[0]!.enterprise} 一企一策方案表`)
        : '一企一策方案表'
    const template = templateFile(store, deps.resourcesFolder, 'plan-sheet.typ')
    const file = await writeWhole(join(folder, `${name}.pdf`), temporary =>
      writePlanPdf(sheets, temporary, template, deps.resourcesFolder),
    )
    await logExport(store, 'report.plan.pdf', file, sheets.length)
    files.push(file)
  }
  if (request.formats.includes('docx')) {
    const template = templateFile(store, deps.resourcesFolder, 'plan-sheet.docx')
    for (const [index, sheet] of sheets.entries()) {
      control.report({ phase: 'report', done: index, total: sheets.length })
      await control.checkpoint()
      const name = safeFileName(`${sheet.code} ${sheet.enterprise} 一企一策方案表`)
      const file = await writeWhole(join(folder, `${name}.docx`), temporary =>
        writePlanDocx(sheet, temporary, template, deps.resourcesFolder),
      )
      await logExport(store, 'report.plan.docx', file, 1)
      files.push(file)
    }
  }
  return { files, seconds: (performance.now() - started) / 1000 }
}
