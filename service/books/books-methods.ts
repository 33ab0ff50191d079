/** `books.*` of the contract. */
import { join } from 'node:path'
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { chinaDate, defaultFolder, logExport, writeWhole } from '../reports/output.ts'
import { writeDocx } from '../reports/write-docx.ts'
import { writePdf } from '../reports/write-pdf.ts'
import { writeXlsx } from '../reports/write-xlsx.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { checkSummary } from './books-repo.ts'
import { bookReport, onPaper } from './books-report.ts'

const WRITERS = { xlsx: writeXlsx, pdf: writePdf, docx: writeDocx } as const

export function booksMethods(deps: ServiceDeps) {
  return {
    checks: os.books.checks.handler(({ input }) => {
      const store = deps.store()
      const today = chinaDate(store.now())
      return { today, rows: checkSummary(store.read, input.unit, today) }
    }),
    report: os.books.report.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        refuseOpenConflicts(store.read, { unit: input.unit })
        const report = bookReport(store, input.book, input.unit)
        const folder = deps.resolveOutput(input.out, defaultFolder(store.now(), input.book))
        const formats = [...new Set(input.formats)]
        const files: string[] = []
        for (const format of formats) {
          control.report({ phase: 'report', done: files.length, total: formats.length })
          await control.checkpoint()
          const file = await writeWhole(join(folder, `${report.title}.${format}`), temporary =>
            WRITERS[format](format === 'xlsx' ? report : onPaper(report), temporary, deps.resourcesFolder),
          )
          await logExport(store, `report.${input.book}.${format}`, file, report.summary.rows.length)
          files.push(file)
        }
        return { files, written: report.summary.rows.length, seconds: (performance.now() - started) / 1000 }
      }),
    ),
  }
}
