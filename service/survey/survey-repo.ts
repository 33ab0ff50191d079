/** Reads about the survey as a whole. SQL text of this area stays here. */
import type { SurveyInfo } from '../../shared/contract/survey.ts'
import { ENTITY_NAMES } from '../../shared/model/entity.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all, get } from '../db/sql.ts'

export function campaignRecord(db: Db): Record<string, unknown> | null {
  const row = get<Row>(
    db,
    `SELECT ${selectColumns('campaign', 'c')} FROM campaign c WHERE deleted = 0 ORDER BY pk LIMIT 1`,
  )
  return row ? rowToRecord('campaign', row) : null
}

export function listUnits(db: Db): SurveyInfo['units'] {
  return all(db, 'SELECT code, name, name_en, kind FROM report_unit WHERE deleted = 0 ORDER BY code')
}

export function countRecords(db: Db): SurveyInfo['counts'] {
  const count = (table: string): number =>
    get<{ n: number }>(db, `SELECT count(*) AS n FROM ${table} WHERE deleted = 0`)!.n
  return { parcels: count('parcel'), enterprises: count('enterprise'), plans: count('plan'), zones: count('zone') }
}

export function activeBoundarySummary(db: Db): SurveyInfo['boundary'] {
  return (
    get<NonNullable<SurveyInfo['boundary']>>(
      db,
      `SELECT v.id, v.code, v.name, v.effective_date, v.status,
              (SELECT count(*) FROM boundary_feature f WHERE f.boundary_id = v.id AND f.deleted = 0) AS features
       FROM boundary_version v WHERE v.deleted = 0 AND v.status = 'active' AND coalesce(v.kind, 'development') = 'development' ORDER BY v.effective_date DESC, v.pk DESC LIMIT 1`,
    ) ?? null
  )
}

export interface CheckProblem {
  code: string
  message: string
}

/** Does the file hold together? SQLite's own check, then the promises that this application makes on top. */
export function checkSurvey(db: Db): CheckProblem[] {
  const problems: CheckProblem[] = []
  const report = (code: string, message: string): void => {
    problems.push({ code, message })
  }
  for (const row of db.pragma('integrity_check') as { integrity_check: string }[]) {
    if (row.integrity_check !== 'ok') report('integrity', row.integrity_check)
  }
  for (const table of ['parcel_box', 'boundary_feature_box']) {
    const result = get<{ r: string }>(db, `SELECT rtreecheck('${table}') AS r`)!.r
    if (result !== 'ok') report('rtree', `${table}: ${result}`)
  }
  const counted: [string, string, (n: number) => string][] = [
    [
      'box_missing',
      'SELECT count(*) AS n FROM parcel p WHERE p.deleted = 0 AND NOT EXISTS (SELECT 1 FROM parcel_box b WHERE b.pk = p.pk)',
      n => `${n} 个地块没有空间索引`,
    ],
    [
      'box_stray',
      'SELECT count(*) AS n FROM parcel_box b WHERE NOT EXISTS (SELECT 1 FROM parcel p WHERE p.pk = b.pk AND p.deleted = 0)',
      n => `${n} 条空间索引没有对应地块`,
    ],
    [
      'area_split',
      'SELECT count(*) AS n FROM parcel WHERE deleted = 0 AND area_in_m2 IS NOT NULL AND abs(area_in_m2 + area_out_m2 - area_m2) > 1',
      n => `${n} 个地块界内外面积之和与总面积不符`,
    ],
    [
      'occupancy_orphan',
      'SELECT count(*) AS n FROM occupancy o WHERE o.deleted = 0 AND (NOT EXISTS (SELECT 1 FROM parcel p WHERE p.id = o.parcel_id) OR NOT EXISTS (SELECT 1 FROM enterprise e WHERE e.id = o.enterprise_id))',
      n => `${n} 条用地关系指向不存在的记录`,
    ],
    [
      'batch_missing',
      // Batches stay on the laptop that read the file; their records travel.
      `SELECT count(*) AS n FROM parcel p WHERE p.import_batch IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_batch b WHERE b.id = p.import_batch)
       AND NOT EXISTS (SELECT 1 FROM sync_record s WHERE s.entity = 'parcel' AND s.entity_id = p.id AND s.seq > 0)`,
      n => `${n} 个地块的导入批次没有登记`,
    ],
    [
      'batch_partial',
      `SELECT count(*) AS n FROM import_batch b WHERE b.kind = 'parcels' AND b.undone_at IS NULL AND (SELECT count(*) FROM parcel p WHERE p.import_batch = b.id) < json_extract(b.counts, '$.inserted')`,
      n => `${n} 个导入批次不完整`,
    ],
  ]
  for (const [code, sql, message] of counted) {
    const n = get<{ n: number }>(db, sql)!.n
    if (n > 0) report(code, message(n))
  }
  for (const entity of ENTITY_NAMES) {
    const n = get<{ n: number }>(
      db,
      `SELECT count(*) AS n FROM change c JOIN ${entity} r ON r.id = c.entity_id
       WHERE c.entity = ? AND c.rev > r.rev`,
      [entity],
    )!.n
    if (n > 0) report('revision', `${entity}: ${n} 条修改记录晚于现有版本`)
  }
  return problems
}
