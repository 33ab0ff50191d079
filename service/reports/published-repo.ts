/** SQL of published reports, the rows behind them, and what people wrote into a period's report. */
import type { Difference } from '../../shared/report/differences.ts'
import type { Report } from '../../shared/report/model.ts'
import type { PeriodicKind } from '../../shared/report/periods.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'

export interface PublishedRow {
  readonly id: string
  readonly kind: PeriodicKind
  readonly period: string
  readonly revision: number
  readonly title: string
  readonly sha256: string
  readonly rows_sha256: string
  readonly published_by: string
  readonly published_at: string
  readonly reason: string | null
  readonly differences: string | null
  readonly basis: string | null
}

export interface PublishedReport extends PublishedRow {
  /** As stored, the text that the checksum is of. */
  readonly body: string
  readonly report: Report
}

const COLUMNS =
  'id, kind, period, revision, title, sha256, rows_sha256, published_by, published_at, reason, differences, basis'
/** Two laptops of the county may have published the same revision before they met: the later one stands. */
const NEWEST = 'ORDER BY period DESC, revision DESC, published_at DESC, id DESC'

/** Newest period first, of a period the newest revision first. */
export function publishedRows(
  db: Db,
  filter: { kind?: string | undefined; year?: number | undefined },
): PublishedRow[] {
  return all(
    db,
    `SELECT ${COLUMNS} FROM published_report WHERE deleted = 0 AND (:kind IS NULL OR kind = :kind)
       AND (:year IS NULL OR substr(period, 1, 4) = :year) ${NEWEST}`,
    { kind: filter.kind ?? null, year: filter.year === undefined ? null : String(filter.year) },
  )
}

export function newestPublished(db: Db, kind: PeriodicKind, period: string): PublishedReport | undefined {
  return parsed(
    get(
      db,
      `SELECT ${COLUMNS}, body FROM published_report WHERE deleted = 0 AND kind = ? AND period = ? ${NEWEST} LIMIT 1`,
      [kind, period],
    ),
  )
}

export function publishedById(db: Db, id: string): PublishedReport | undefined {
  return parsed(get(db, `SELECT ${COLUMNS}, body FROM published_report WHERE deleted = 0 AND id = ?`, [id]))
}

function parsed(row: (PublishedRow & { body: string }) | undefined): PublishedReport | undefined {
  return row && { ...row, report: JSON.parse(row.body) as Report }
}

/** Rows behind a published report in the order of the units, as stored; those that this computer has. */
export function snapshotTexts(db: Db, reportId: string): string[] {
  return all<{ figures: string | null }>(
    db,
    'SELECT figures FROM monthly_snapshot WHERE deleted = 0 AND report_id = ? ORDER BY unit, id',
    [reportId],
  ).map(row => row.figures ?? '')
}

export function differencesOf({ differences }: Pick<PublishedRow, 'differences'>): Difference[] {
  return differences === null ? [] : (JSON.parse(differences) as Difference[])
}

export interface NoteRow {
  readonly id: string
  readonly rev: number
  readonly unit: string
  readonly problems: string | null
  readonly next_steps: string | null
  readonly updated_by: string
  readonly updated_at: string
}

/** One note per unit, the newest where two came together. */
export function noteRows(db: Db, period: string): NoteRow[] {
  return all(
    db,
    `SELECT id, rev, unit, problems, next_steps, updated_by, max(updated_at) AS updated_at FROM report_note
     WHERE deleted = 0 AND period = ? GROUP BY unit ORDER BY unit`,
    [period],
  )
}
