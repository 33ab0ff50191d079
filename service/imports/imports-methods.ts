/** `imports.*` of the contract. */
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { logExport } from '../reports/output.ts'
import { listBatches, listIssues, previewOf, repairOf, withIssueSource } from './batches.ts'
import { inspectFile } from './inspect.ts'
import { writeIssuesReport } from './issues-report.ts'
import { runImport } from './run-import.ts'
import { undoBatch } from './undo-batch.ts'

export function importsMethods(deps: ServiceDeps) {
  return {
    inspect: os.imports.inspect.handler(({ input }) =>
      inspectFile(deps.store(), { ...input, file: deps.resolveInput(input.file) }),
    ),
    run: os.imports.run.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const store = deps.store()
        const request = {
          file: deps.resolveInput(input.file),
          kind: input.kind,
          options: input.options,
          dryRun: input.dry_run,
        }
        const report =
          input.issues_file === undefined ? undefined : deps.resolveOutput(input.issues_file, '质检报告.xlsx')
        const result = await runImport(store, request, control)
        const source = result.batch ?? result.preview
        if (report !== undefined && source !== null) await writeReport(store, source, report)
        return result
      }),
    ),
    batches: os.imports.batches.handler(() => listBatches(deps.store().read)),
    undo: os.imports.undo.handler(({ input }) => undoBatch(deps.store(), input.batch)),
    issues: os.imports.issues.handler(({ input }) => listIssues(deps.store(), input)),
    issuesReport: os.imports.issuesReport.handler(async ({ input }) => {
      const file = deps.resolveOutput(input.file, '质检报告.xlsx')
      return { file, rows: await writeReport(deps.store(), input.source, file) }
    }),
    preview: os.imports.preview.handler(({ input }) => previewOf(deps.store(), input.preview, input.limit)),
    repair: os.imports.repair.handler(({ input }) => repairOf(deps.store(), input.source, input.index)),
  }
}

type Store = ReturnType<ServiceDeps['store']>

/** Defects quote what was read, names and figures included: it is an export like others. */
async function writeReport(store: Store, source: string, file: string): Promise<number> {
  const rows = await withIssueSource(store, source, (db, run) => writeIssuesReport(db, source, run, file))
  await logExport(store, 'import.issues', file, rows)
  return rows
}
