/** The books of the import desk: batches that were committed, their roll-back, and the issues of batches and dry runs. */

import type { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import type { ImportIssue, ImportKind, importBatchSchema } from '../../shared/contract/imports.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { fromFlat } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import type { Action } from './context.ts'
import { openScratchOf } from './scratch.ts'

type ImportBatch = z.infer<typeof importBatchSchema>

interface BatchRow {
  id: string
  kind: ImportKind
  file: string
  at: string
  user: string
  crs_used: string | null
  counts: string
  undone_at: string | null
}

/** All batches, newest first. */
export function listBatches(db: Db): ImportBatch[] {
  const rows = all<BatchRow>(
    db,
    'SELECT id, kind, file, at, user, crs_used, counts, undone_at FROM import_batch ORDER BY seq DESC',
  )
  return rows.map(({ counts, ...row }) => {
    const { issues = 0, ...numbers } = JSON.parse(counts) as Record<string, number>
    return { ...row, counts: numbers, issues }
  })
}

/** Runs `work` on the database that holds the issues of a batch or of a dry run. Throws `not_found` for neither. */
export function withIssueSource<T>(
  store: Store,
  source: string,
  work: (db: Db, run: { file: string; kind: string }) => T,
): T {
  const batch = get<{ file: string; kind: string }>(store.read, 'SELECT file, kind FROM import_batch WHERE id = ?', [
    source,
  ])
  if (batch) return work(store.read, batch)
  const scratch = openScratchOf(store.file, source)
  if (!scratch) throw new AppError('not_found', '找不到这次导入(预览已过期或批次不存在)', { reason: 'batch_not_found' })
  try {
    return work(
      scratch,
      get<{ file: string; kind: string }>(scratch, 'SELECT file, kind FROM run') ?? { file: '', kind: '' },
    )
  } finally {
    scratch.close()
  }
}

interface IssueFilter {
  source: string
  severity?: string | undefined
  code?: string | undefined
  offset: number
  limit: number
}

interface IssueRow {
  row_index: number
  entity_id: string | null
  rule: string
  severity: ImportIssue['severity']
  field: string | null
  message: string
  message_values: string
}

/** A page of issues in file order, how many there are, and counts by rule (of all severities and rules). */
export function listIssues(
  store: Store,
  filter: IssueFilter,
): { rows: ImportIssue[]; total: number; by_code: Record<string, number> } {
  return withIssueSource(store, filter.source, db => {
    const parameters = { source: filter.source, severity: filter.severity ?? null, code: filter.code ?? null }
    const where =
      'batch_id = :source AND (:severity IS NULL OR severity = :severity) AND (:code IS NULL OR rule = :code)'
    const rows = all<IssueRow>(
      db,
      `SELECT row_index, entity_id, rule, severity, field, message, message_values FROM qc_issue WHERE ${where}
       ORDER BY row_index, seq LIMIT :limit OFFSET :offset`,
      { ...parameters, limit: filter.limit, offset: filter.offset },
    )
    const total = get<{ n: number }>(db, `SELECT count(*) AS n FROM qc_issue WHERE ${where}`, parameters)!.n
    const counts = all<{ rule: string; n: number }>(
      db,
      'SELECT rule, count(*) AS n FROM qc_issue WHERE batch_id = ? GROUP BY rule ORDER BY n DESC, rule',
      [filter.source],
    )
    return { rows: rows.map(issueOf), total, by_code: Object.fromEntries(counts.map(({ rule, n }) => [rule, n])) }
  })
}

export function issueOf(row: IssueRow): ImportIssue {
  const {
    row: place,
    lng,
    lat,
    area_before_m2,
    area_after_m2,
    values,
  } = JSON.parse(row.message_values) as Partial<ImportIssue>
  return {
    index: row.row_index,
    row: row.row_index < 0 ? null : (place ?? row.row_index + 1),
    code: row.rule,
    severity: row.severity,
    message: row.message,
    field: row.field,
    record: row.entity_id,
    lng: lng ?? null,
    lat: lat ?? null,
    area_before_m2: area_before_m2 ?? null,
    area_after_m2: area_after_m2 ?? null,
    ...(values ? { values } : {}),
  }
}

type Outline = ReturnType<typeof fromFlat>

/** Outlines of a dry run, evenly taken. */
export function previewOf(
  store: Store,
  preview: string,
  limit: number,
): { total: number; features: { index: number; action: Action; geometry: Outline }[] } {
  const scratch = openScratchOf(store.file, preview)
  if (!scratch) throw new AppError('not_found', '预览已过期，请重新试导入', { reason: 'preview_not_found' })
  try {
    const { n: stored } = get<{ n: number }>(scratch, 'SELECT count(*) AS n FROM outline')!
    const total = get<{ total: number }>(scratch, 'SELECT total FROM run')?.total ?? 0
    const stride = Math.max(1, Math.ceil(stored / limit))
    const rows = all<{ row_index: number; action: Action; geometry: Uint8Array }>(
      scratch,
      `SELECT row_index, action, geometry FROM (SELECT *, row_number() OVER (ORDER BY row_index) - 1 AS place FROM outline)
       WHERE place % :stride = 0 ORDER BY row_index`,
      { stride },
    )
    const features = rows.map(row => ({
      index: row.row_index,
      action: row.action,
      geometry: fromFlat(decodeGeometry(row.geometry)),
    }))
    return { total, features }
  } finally {
    scratch.close()
  }
}

/** The outline of one repaired feature before and after; nulls when it was not repaired. */
export function repairOf(
  store: Store,
  source: string,
  index: number,
): { before: Outline | null; after: Outline | null } {
  return withIssueSource(store, source, db => {
    const row = get<{ geometry_before: Uint8Array; geometry_after: Uint8Array | null }>(
      db,
      'SELECT geometry_before, geometry_after FROM qc_issue WHERE batch_id = ? AND row_index = ? AND geometry_before IS NOT NULL ORDER BY seq LIMIT 1',
      [source, index],
    )
    const outline = (blob: Uint8Array | null | undefined) => (blob ? fromFlat(decodeGeometry(blob)) : null)
    return { before: outline(row?.geometry_before), after: outline(row?.geometry_after) }
  })
}
