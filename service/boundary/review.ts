/** The review lists of sides, and what differs between two versions of the boundary. */
import type { BoundaryComparison, ReviewList, ReviewRow } from '../../shared/contract/boundary-review.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { classifyInBulk, requireBoundary } from './classify.ts'
import type { JobControl } from './job-stream.ts'
import { comparedCells, comparedSums, flippedRows, type ReviewQuery, reviewCounts, reviewRows } from './review-repo.ts'
import { boundaryIndexesOf } from './side-index.ts'

const MOST_ROWS = 2000

/**
 * Both versions are applied anew, because sides of a version that is not active do not follow edits. In one transaction, so
 * that both see the same parcels; nothing but `parcel_side` is written.
 */
export async function compareBoundaries(
  store: Store,
  ids: { from: string; to: string },
  control: JobControl,
): Promise<BoundaryComparison> {
  const started = performance.now()
  const from = requireBoundary(store.read, ids.from)
  const to = requireBoundary(store.read, ids.to)
  const edit = { label: 'boundary_compared', values: { from: from.name, to: to.name }, kind: 'system' as const }
  const { result } = await store.bulk(edit, async tx => {
    for (const { id } of [from, to]) await classifyInBulk(tx, boundaryIndexesOf(store), id, control)
    const cells = comparedCells(tx.db, ids)
    return {
      cells,
      ...comparedSums(tx.db, ids),
      rows: flippedRows(tx.db, ids, MOST_ROWS),
      flipped: cells.filter(cell => cell.from !== cell.to).reduce((sum, cell) => sum + cell.parcels, 0),
    }
  })
  return { from, to, ...result, seconds: (performance.now() - started) / 1000 }
}

export function reviewPage(
  db: Db,
  query: ReviewQuery,
): { rows: ReviewRow[]; total: number; counts: Record<ReviewList, number> } {
  const { rows, total } = reviewRows(db, query)
  return {
    rows: rows.map(row => ({ ...row, subzones: row.subzones ? JSON.parse(row.subzones) : [] }) as unknown as ReviewRow),
    total,
    counts: reviewCounts(db, query.unit),
  }
}
