/** Periodic reports of the contract: drafts, publications, their files, and what people write into them. */
import { basename, join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import type { PublishedSummary } from '../../shared/contract/published-reports.ts'
import type { Report } from '../../shared/report/model.ts'
import { type PeriodicInput, type PeriodicKind, periodKey } from '../../shared/report/periods.ts'
import { streamJob } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { importAssessment, writeAssessment } from './assessment-table.ts'
import { defaultFolder, logExport, safeFileName, writeWhole } from './output.ts'
import { buildPeriodicReport } from './periodic-report.ts'
import { checkPublish, fileTitle, isIntact, publish, reopened } from './publish.ts'
import {
  differencesOf,
  newestPublished,
  noteRows,
  type PublishedReport,
  publishedById,
  publishedRows,
} from './published-repo.ts'
import { REPORT_WRITERS } from './report-writers.ts'

interface Asked {
  readonly kind: PeriodicKind
  readonly year?: number | undefined
  readonly month?: number | undefined
}

/** The period asked for; the month before the one that is running, in China, where nothing was said. */
function periodAsked(now: Date, { kind, year, month }: Asked): PeriodicInput {
  const china = new Date(now.getTime() + 8 * 3_600_000)
  const last = new Date(Date.UTC(china.getUTCFullYear(), china.getUTCMonth() - 1, 1))
  const wanted = year ?? last.getUTCFullYear()
  return { kind, year: wanted, month: month ?? (wanted === last.getUTCFullYear() ? last.getUTCMonth() + 1 : 12) }
}

function summaryOf(store: Store, published: PublishedReport): PublishedSummary {
  const { id, kind, period, revision, title, sha256, published_by, published_at, reason } = published
  const basis = published.basis === null ? {} : (JSON.parse(published.basis) as Record<string, unknown>)
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    ...{ id, kind, period, revision, title, sha256, published_by, published_at, reason },
    differences: differencesOf(published),
    boundary: text(basis['boundary']),
    rules: text(basis['rules']),
    intact: isIntact(store, published),
  }
}

export function publishedMethods(deps: ServiceDeps) {
  return {
    periodic: os.reports.periodic.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        const asked = periodAsked(store.now(), input)
        const published = publicationAsked(store, input.publication, input.draft, asked)
        let report: Report
        if (published) report = reopened(store, published)
        else {
          refuseOpenConflicts(store.read)
          report = await buildPeriodicReport(store, asked)
        }
        const name = safeFileName(published ? fileTitle(published) : `${report.title}草稿`)
        const kind = published?.kind ?? asked.kind
        const folder = deps.resolveOutput(input.out, defaultFolder(store.now(), kind))
        const formats = [...new Set(input.formats)]
        const files: string[] = []
        for (const format of formats) {
          control.report({ phase: 'report', done: files.length, total: formats.length })
          await control.checkpoint()
          const file = await writeWhole(join(folder, `${name}.${format}`), temporary =>
            REPORT_WRITERS[format](report, temporary, deps.resourcesFolder, () => control.checkpoint()),
          )
          await logExport(store, `report.${kind}.${format}`, file, report.summary.rows.length)
          files.push(file)
        }
        return {
          files,
          seconds: (performance.now() - started) / 1000,
          status: published ? ('published' as const) : ('draft' as const),
          revision: published?.revision ?? null,
        }
      }),
    ),
    published: os.reports.published.handler(({ input }) => {
      const store = deps.store()
      return publishedRows(store.read, input).map(row => summaryOf(store, publishedById(store.read, row.id)!))
    }),
    publishCheck: os.reports.publishCheck.handler(async ({ input }) => {
      const store = deps.store()
      const asked = periodAsked(store.now(), input)
      const { report, latest, differences, problem } = await checkPublish(store, asked)
      return {
        title: report.title,
        period: periodKey(asked),
        latest: latest ? summaryOf(store, latest) : null,
        differences: [...differences],
        problem,
        cautions: [...(report.cautions ?? [])],
      }
    }),
    publish: os.reports.publish.handler(async ({ input }) => {
      const store = deps.store()
      const made = await publish(store, periodAsked(store.now(), input), input.reason)
      return { ...made, differences: [...made.differences] }
    }),
    importAssessment: os.reports.importAssessment.handler(async ({ input }) => {
      const file = deps.resolveInput(input.file)
      const { year, sheet } = input
      const made = await importAssessment(deps.store(), {
        file,
        fileName: basename(file),
        year,
        sheet,
        dryRun: input.dry_run,
      })
      return { ...made, items: made.items.length }
    }),
    assessmentTable: os.reports.assessmentTable.handler(async ({ input }) => {
      const store = deps.store()
      const name = `${input.year}年考核评分表.xlsx`
      let rows = 0
      const target = deps.resolveOutput(input.file, join(defaultFolder(store.now(), 'assessment'), name))
      const file = await writeWhole(target, async temporary => {
        rows = await writeAssessment(store, input.year, temporary)
      })
      await logExport(store, 'report.assessment', file, rows)
      return { file, rows }
    }),
    notes: os.reports.notes.handler(({ input }) => {
      const store = deps.store()
      return noteRows(store.read, periodKey(periodAsked(store.now(), input))).map(
        ({ unit, problems, next_steps, updated_by, updated_at }) => ({
          unit,
          problems,
          next_steps,
          updated_by,
          updated_at,
        }),
      )
    }),
    saveNote: os.reports.saveNote.handler(async ({ input }) => {
      const store = deps.store()
      const period = periodKey(periodAsked(store.now(), input))
      const { unit } = input
      const values = { problems: input.problems?.trim() || null, next_steps: input.next_steps?.trim() || null }
      const { edit, result } = await store.mutate({ label: 'report_note_saved', values: { name: period } }, tx => {
        const old = noteRows(tx.db, period).find(row => row.unit === unit)
        if (old) return tx.update('report_note', old.id, values) !== old.rev
        if (values.problems === null && values.next_steps === null) return false
        tx.create('report_note', { period, unit, ...values })
        return true
      })
      return { edit: result ? edit : null }
    }),
  }
}

function publicationAsked(
  store: Store,
  id: string | undefined,
  draft: boolean,
  asked: PeriodicInput,
): PublishedReport | undefined {
  if (id === undefined) return draft ? undefined : newestPublished(store.read, asked.kind, periodKey(asked))
  const published = publishedById(store.read, id)
  if (!published)
    throw new AppError('not_found', '找不到已发布的报表', {
      reason: 'record_not_found',
      values: { entity: 'published_report', id },
    })
  return published
}
