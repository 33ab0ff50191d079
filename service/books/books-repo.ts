/** SQL of the special records with what they belong to: parcel, enterprise, scored unit. */
import type { CheckSummary } from '../../shared/contract/books.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all } from '../db/sql.ts'

/** Registers that are read from here; the others have their own statements (`service/reports/registers`). */
type BookName = 'standard_land' | 'small_park' | 'two_high'

export type BookRecord = Readonly<Record<string, unknown>> & {
  readonly place: {
    readonly unit: string | null
    readonly parcel: string | null
    readonly enterprise: string | null
  }
}

const OF_PARCEL = `p.unit AS _unit, p.code AS _parcel,
  (SELECT group_concat(name, '、') FROM (SELECT DISTINCT e.name FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id
    AND e.deleted = 0 WHERE o.parcel_id = p.id AND o.deleted = 0 ORDER BY e.code)) AS _enterprise`
const BY_PARCEL = 'LEFT JOIN parcel p ON p.id = r.parcel_id'
const OF_ENTERPRISE = 'NULL AS _parcel, e.name AS _enterprise'

/** A check is written for an enterprise, for its plan or at a visit. */
const CHECKED = `LEFT JOIN plan pl ON pl.id = r.plan_id LEFT JOIN survey_visit v ON v.id = r.visit_id
  LEFT JOIN enterprise e ON e.id = coalesce(r.enterprise_id, pl.enterprise_id, v.enterprise_id)`

const SOURCES: Readonly<Record<BookName, readonly [columns: string, joins: string]>> = {
  standard_land: [OF_PARCEL, BY_PARCEL],
  small_park: ['r.unit AS _unit, NULL AS _parcel, NULL AS _enterprise', ''],
  two_high: [`coalesce(r.unit, e.unit) AS _unit, ${OF_ENTERPRISE}`, 'LEFT JOIN enterprise e ON e.id = r.enterprise_id'],
}

/** Live records of a register, by unit and then as they were written. */
export function bookRecords(db: Db, book: BookName, unit: string | undefined): BookRecord[] {
  const [columns, joins] = SOURCES[book]
  return all<Row>(
    db,
    `SELECT * FROM (SELECT ${selectColumns(book, 'r')}, ${columns} FROM ${book} r ${joins} WHERE r.deleted = 0)
     WHERE (:unit IS NULL OR _unit = :unit) ORDER BY (_unit IS NULL), _unit, pk`,
    { unit: unit ?? null },
  ).map(row => {
    const { _unit, _parcel, _enterprise, ...own } = row
    const place = { unit: _unit, parcel: _parcel, enterprise: _enterprise } as BookRecord['place']
    return { ...rowToRecord(book, own), place }
  })
}

/** Checks by dimension and department; `today` decides what is overdue. */
export function checkSummary(db: Db, unit: string | undefined, today: string): CheckSummary[] {
  const open = "r.result = 'fail' AND r.rectified_at IS NULL"
  return all(
    db,
    `SELECT r.dimension, r.department,
       count(CASE WHEN r.result IN ('pass', 'fail') THEN 1 END) AS checked,
       count(CASE WHEN r.result = 'fail' THEN 1 END) AS failed,
       count(CASE WHEN r.result = 'fail' AND r.rectified_at IS NOT NULL THEN 1 END) AS rectified,
       count(CASE WHEN ${open} THEN 1 END) AS open,
       count(CASE WHEN ${open} AND r.deadline < :today THEN 1 END) AS overdue,
       count(CASE WHEN ${open} AND r.deadline IS NULL THEN 1 END) AS without_deadline
     FROM compliance_check r ${CHECKED}
     WHERE r.deleted = 0 AND (:unit IS NULL OR e.unit = :unit)
     GROUP BY r.dimension, r.department ORDER BY r.dimension, r.department`,
    { unit: unit ?? null, today },
  )
}
