/** Collects what an import finds, words it for people, and writes it to the scratch database. Keeps the first 1000. */
import { statSync } from 'node:fs'
import type { ImportIssue, IssueValues } from '../../shared/contract/imports.ts'
import { encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import { prepare } from '../db/sql.ts'
import type { Severity } from '../formats/format.ts'

export interface Finding {
  /** 0-based; -1 speaks of the file. */
  index: number
  code: string
  severity: Severity
  /** Without file and row. */
  message: string
  /** What people count; default index + 1. */
  row?: number
  values?: IssueValues
  field?: string | null
  record?: string | null
  lng?: number
  lat?: number
  areaBeforeM2?: number
  areaAfterM2?: number
  before?: FlatPolygons
  after?: FlatPolygons
}

const RETURNED = 1000

export class IssueLog {
  readonly first: ImportIssue[] = []
  total = 0
  private readonly db: Db
  private readonly source: string
  private readonly fileName: string
  private readonly noun: '要素' | '行'

  constructor(db: Db, source: string, fileName: string, counts: 'feature' | 'row') {
    this.db = db
    this.source = source
    this.fileName = fileName
    this.noun = counts === 'feature' ? '要素' : '行'
  }

  add(finding: Finding): void {
    const { index, code, severity } = finding
    const row = finding.row ?? index + 1
    const place = index < 0 ? '' : this.noun === '要素' ? `第 ${row} 个要素` : `第 ${row} 行`
    const issue: ImportIssue = {
      index,
      row: index < 0 ? null : row,
      code,
      severity,
      message: `文件“${this.fileName}”${place}：${finding.message}`,
    }
    if (finding.field) issue.field = finding.field
    if (finding.record) issue.record = finding.record
    if (finding.lng !== undefined && Number.isFinite(finding.lng)) issue.lng = finding.lng
    if (finding.lat !== undefined && Number.isFinite(finding.lat)) issue.lat = finding.lat
    if (finding.areaBeforeM2 !== undefined) issue.area_before_m2 = finding.areaBeforeM2
    if (finding.areaAfterM2 !== undefined) issue.area_after_m2 = finding.areaAfterM2
    if (finding.values) issue.values = finding.values
    const { lng, lat, area_before_m2, area_after_m2, values } = issue
    prepare(
      this.db,
      `INSERT INTO qc_issue (batch_id, row_index, entity_id, rule, severity, field, message, message_values, geometry_before, geometry_after)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      this.source,
      index,
      finding.record ?? null,
      code,
      severity,
      finding.field ?? null,
      issue.message,
      JSON.stringify({ row, lng, lat, area_before_m2, area_after_m2, values }),
      finding.before ? encodeGeometry(finding.before) : null,
      finding.after ? encodeGeometry(finding.after) : null,
    )
    this.total++
    if (this.first.length < RETURNED) this.first.push(issue)
  }
}

/** Moves all issues of a run into the survey, as issues of the batch. */
export function moveIssues(scratch: Db, survey: Db, batch: string): void {
  const insert = prepare(
    survey,
    `INSERT INTO qc_issue (batch_id, row_index, entity_id, rule, severity, field, message, message_values, geometry_before, geometry_after)
     VALUES (:batch, :row_index, :entity_id, :rule, :severity, :field, :message, :message_values, :geometry_before, :geometry_after)`,
  )
  const rows = scratch.prepare('SELECT * FROM qc_issue ORDER BY seq').iterate() as IterableIterator<
    Record<string, unknown>
  >
  for (const { seq: _seq, batch_id: _source, ...row } of rows) insert.run({ ...row, batch })
}

/** Size of a file in bytes, for provenance. */
export function fileSize(file: string): number {
  return statSync(file).size
}
