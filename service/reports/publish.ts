/**
 * Publishing the report of a period: the report as printed and the rows behind it are stored once and never changed; a
 * correction is the next revision with its reason and what differs. Opening it prints what was stored.
 */
import { createHash } from 'node:crypto'
import { AppError } from '../../shared/contract/errors.ts'
import type { PublishProblem } from '../../shared/contract/published-reports.ts'
import { chinaDate, chinaMinute } from '../../shared/lib/china-time.ts'
import { type Difference, differenceTable, tableDifferences } from '../../shared/report/differences.ts'
import type { Report } from '../../shared/report/model.ts'
import { isOver, type PeriodicInput, periodInWords, periodKey } from '../../shared/report/periods.ts'
import type { Store } from '../db/store.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { basisOf } from './periodic-parts.ts'
import { buildPeriodicReport, periodicData } from './periodic-report.ts'
import { newestPublished, type PublishedReport, type PublishedRow, snapshotTexts } from './published-repo.ts'
import { rowsBehind } from './published-rows.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export interface PublishCheck {
  readonly report: Report
  readonly latest: PublishedReport | undefined
  /** Against the newest revision; empty for a first one. */
  readonly differences: readonly Difference[]
  /** Why it cannot be published now. */
  readonly problem: PublishProblem | null
}

/** What publishing would do. Open conflicts throw, as they do when it is done. */
export async function checkPublish(store: Store, input: PeriodicInput): Promise<PublishCheck> {
  refuseOpenConflicts(store.read)
  const report = await buildPeriodicReport(store, input)
  const latest = newestPublished(store.read, input.kind, periodKey(input))
  const differences = latest ? tableDifferences(latest.report.summary, report.summary) : []
  const problem = !isOver(input, chinaDate(store.now()))
    ? 'period_running'
    : latest && differences.length === 0
      ? 'nothing_changed'
      : null
  return { report, latest, differences, problem }
}

export interface Publication {
  readonly id: string
  readonly edit: string
  readonly revision: number
  readonly title: string
  readonly sha256: string
  readonly differences: readonly Difference[]
}

/**
 * Freezes the report of a period. Refused while conflicts are open, before the period is over, when a revision says nothing
 * new, and for a revision without a reason. Not undoable: what was published stays.
 */
export async function publish(store: Store, input: PeriodicInput, reason: string | undefined): Promise<Publication> {
  const { report, latest, differences, problem } = await checkPublish(store, input)
  const period = periodInWords(input)
  if (problem === 'period_running')
    throw new AppError('refused', `${period}还没有结束，不能发布`, { reason: 'period_running', values: { period } })
  if (problem === 'nothing_changed')
    throw new AppError('refused', `${period}的数据与已发布的第 ${latest!.revision} 号相同，不用修订`, {
      reason: 'nothing_changed',
      values: { period, revision: latest!.revision },
    })
  const why = reason?.trim() || null
  if (latest && why === null)
    throw new AppError('refused', `${period}已经发布，修订须说明理由`, {
      reason: 'revision_reason',
      values: { period, revision: latest.revision },
    })
  const revision = (latest?.revision ?? 0) + 1
  const at = store.now()
  const user = store.profile().user || '—'
  const body = JSON.stringify(frozen(report, { revision, at: chinaMinute(at), user, why, differences }))
  const rows = [...rowsBehind(periodicData(store, input))].map(([unit, values]) => ({
    unit,
    text: JSON.stringify(values),
  }))
  const month = periodKey(input)
  const checksum = sha256(body)
  const published_at = at.toISOString()
  const { result: id, edit } = await store.mutate(
    { label: 'report_published', kind: 'system', values: { name: report.title, revision: String(revision) }, reason },
    tx => {
      const made = tx.create('published_report', {
        kind: input.kind,
        period: month,
        revision,
        title: report.title,
        body: JSON.parse(body) as Report,
        sha256: checksum,
        rows_sha256: sha256(rows.map(row => row.text).join('\n')),
        published_by: user,
        published_at,
        reason: why,
        differences,
        basis: basisOf(store),
      })
      for (const { unit, text } of rows)
        tx.create('monthly_snapshot', {
          unit,
          month,
          revision,
          figures: JSON.parse(text) as unknown,
          published_at,
          reason: why?.slice(0, 400) ?? null,
          report_id: made,
        })
      return made
    },
  )
  return { id, edit, revision, title: report.title, sha256: checksum, differences }
}

/** The draft as it is stored: published instead of 草稿, and what a revision changed. */
function frozen(
  report: Report,
  stamp: { revision: number; at: string; user: string; why: string | null; differences: readonly Difference[] },
): Report {
  const status = `已发布 第 ${stamp.revision} 号`
  const header = report.header.flatMap(([label, value]): [string, string][] =>
    label === '状态'
      ? [
          ['状态', status],
          ['发布时间', stamp.at],
          ['发布人', stamp.user],
        ]
      : [[label, value]],
  )
  if (stamp.revision === 1) return { ...report, header }
  const correction = {
    title: '附：修订说明',
    code: '修订说明',
    sections: [
      {
        heading: `第 ${stamp.revision} 号修订`,
        paragraphs: [`修订理由：${stamp.why}`],
        tables: [differenceTable(stamp.differences, stamp.revision - 1)],
        figures: [],
      },
    ],
  }
  return {
    ...report,
    header,
    notes: [`本号为修订，代替第 ${stamp.revision - 1} 号。修订理由：${stamp.why}。变动见附表。`, ...report.notes],
    chapters: [...report.chapters, correction],
  }
}

/**
 * Whether what is stored is still what was published. Rows of other units do not come to a township: there only the
 * report itself can be checked.
 */
export function isIntact(store: Store, published: PublishedReport): boolean {
  if (sha256(published.body) !== published.sha256) return false
  if (store.profile().unit !== null) return true
  const rows = snapshotTexts(store.read, published.id)
  return rows.length === 0 || sha256(rows.join('\n')) === published.rows_sha256
}

/** The report as it was published, with its checksum; refuses one that somebody altered in the file. */
export function reopened(store: Store, published: PublishedReport): Report {
  if (!isIntact(store, published))
    throw new AppError('refused', `“${published.title}”第 ${published.revision} 号与校验码不符，文件可能被改动`, {
      reason: 'published_altered',
      values: { title: published.title, revision: published.revision },
    })
  const { report } = published
  return { ...report, notes: [...report.notes, `校验码 SHA-256 ${published.sha256}`] }
}

export function fileTitle(published: Pick<PublishedRow, 'title' | 'revision'>): string {
  return published.revision === 1 ? published.title : `${published.title}第${published.revision}号`
}
