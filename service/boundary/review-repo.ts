/** SQL of the review lists and of comparing two versions. */
import type { BoundaryComparison, ReviewList } from '../../shared/contract/boundary-review.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'

/** Which parcels are on a list; `p` is the parcel. Fixed texts, never built from input. */
const CONDITIONS: Readonly<Record<ReviewList, string>> = {
  crossing: `p.side = 'crossing'`,
  // A mark on a parcel whose side is unknown is not a disagreement: there is nothing to disagree with.
  disagree: `p.side_marked IS NOT NULL AND p.side IS NOT NULL AND p.side <> 'unknown' AND p.side_marked <> p.side`,
  subzone: `p.side IN ('inside', 'crossing') AND (p.subzones LIKE '%"flexible"%' OR p.subzones LIKE '%"special"%')`,
  constraint: `(coalesce(p.overlap_farmland_m2, 0) > 0 OR coalesce(p.overlap_eco_m2, 0) > 0)`,
}

export interface ReviewQuery {
  readonly list: ReviewList
  readonly unit?: string
  /** Only those without an opinion of the planning bureau. */
  readonly undecided: boolean
  readonly offset: number
  readonly limit: number
}

export interface ReviewDbRow {
  readonly subzones: string | null
  readonly [column: string]: unknown
}

const inUnit = (unit: string | undefined) => (unit === undefined ? '' : ' AND p.unit = :unit')

/** Largest parcels first: they move the totals. */
export function reviewRows(db: Db, query: ReviewQuery): { rows: ReviewDbRow[]; total: number } {
  const where = `p.deleted = 0 AND ${CONDITIONS[query.list]}${inUnit(query.unit)}${
    query.undecided ? " AND coalesce(p.boundary_opinion, '') = ''" : ''
  }`
  const unit: Record<string, string> = query.unit === undefined ? {} : { unit: query.unit }
  const rows = all<ReviewDbRow>(
    db,
    `SELECT p.id, p.rev, p.pk, p.code, p.name, p.unit, coalesce(p.area_m2, 0) AS area_m2, p.area_in_m2, p.area_out_m2,
       p.inside_share, coalesce(p.side, 'unknown') AS side, p.side_marked, p.side_mark_reason, p.side_mark_note,
       p.boundary_opinion, p.subzones, p.overlap_farmland_m2, p.overlap_eco_m2
     FROM parcel p WHERE ${where} ORDER BY p.area_m2 DESC, p.code LIMIT :limit OFFSET :offset`,
    { ...unit, limit: query.limit, offset: query.offset },
  )
  const total = get<{ n: number }>(db, `SELECT count(*) AS n FROM parcel p WHERE ${where}`, unit)!.n
  return { rows, total }
}

export function reviewCounts(db: Db, unit: string | undefined): Record<ReviewList, number> {
  const sums = Object.entries(CONDITIONS).map(([list, condition]) => `total(${condition}) AS "${list}"`)
  return get(
    db,
    `SELECT ${sums.join(', ')} FROM parcel p WHERE p.deleted = 0${inUnit(unit)}`,
    unit === undefined ? {} : { unit },
  )!
}

const sidesUnder = (id: 'from' | 'to') => `(SELECT pk FROM boundary_version WHERE id = :${id})`

const BOTH = `FROM parcel_record p JOIN parcel_side a ON a.parcel_pk = p.pk AND a.boundary_pk = ${sidesUnder('from')}
  JOIN parcel_side b ON b.parcel_pk = p.pk AND b.boundary_pk = ${sidesUnder('to')} WHERE p.deleted = 0`

export function comparedCells(db: Db, ids: { from: string; to: string }): BoundaryComparison['cells'] {
  return all(
    db,
    `SELECT a.side AS "from", b.side AS "to", count(*) AS parcels, total(p.area_m2) AS area_m2 ${BOTH}
     GROUP BY a.side, b.side ORDER BY a.side, b.side`,
    ids,
  )
}

export function comparedSums(
  db: Db,
  ids: { from: string; to: string },
): Pick<BoundaryComparison, 'from_in_m2' | 'to_in_m2' | 'area_m2'> {
  return get(
    db,
    `SELECT total(p.area_m2 * a.inside_share) AS from_in_m2, total(p.area_m2 * b.inside_share) AS to_in_m2, total(p.area_m2) AS area_m2 ${BOTH}`,
    ids,
  )!
}

export function flippedRows(db: Db, ids: { from: string; to: string }, limit: number): BoundaryComparison['rows'] {
  return all(
    db,
    `SELECT p.id, p.pk, p.code, p.name, p.unit, coalesce(p.area_m2, 0) AS area_m2, a.side AS from_side, b.side AS to_side,
       p.area_m2 * a.inside_share AS from_in_m2, p.area_m2 * b.inside_share AS to_in_m2 ${BOTH} AND a.side <> b.side
     ORDER BY p.area_m2 DESC, p.code LIMIT :limit`,
    { ...ids, limit },
  )
}
