/** Compares what a file says with what the survey has: is it an update or unchanged? Keeps what an update replaces. */
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import type { Db } from '../db/open.ts'
import { type Row, toColumn } from '../db/rows.ts'
import { prepare } from '../db/sql.ts'

/** Half a millimetre in degrees of latitude; outlines that differ by no more are the same. */
const SAME_DEGREES = 0.0005 / 111_000

/** Same structure and every vertex within half a millimetre. */
export function sameGeometry(a: FlatPolygons, b: FlatPolygons): boolean {
  if (a.coordinates.length !== b.coordinates.length || a.ringEnds.length !== b.ringEnds.length) return false
  for (let index = 0; index < a.coordinates.length; index++) {
    if (!(Math.abs(a.coordinates[index]! - b.coordinates[index]!) <= SAME_DEGREES)) return false
  }
  return (
    a.ringEnds.every((end, index) => end === b.ringEnds[index]) &&
    a.polygonEnds.every((end, index) => end === b.polygonEnds[index])
  )
}

/** Values that differ from the stored row. Numbers equal to the last written digit count as the same. */
export function changedValues(
  entity: EntityName,
  row: Row,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const changed: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    const column = toColumn(entity, name, value)
    const stored = row[name]
    if (column === stored) continue
    if (
      typeof column === 'number' &&
      typeof stored === 'number' &&
      Math.abs(column - stored) <= Math.abs(stored) * 1e-12
    )
      continue
    changed[name] = value
  }
  return changed
}

/** Keeps the row that an update of `batch` replaces, once. */
export function keepBefore(db: Db, batch: string, entity: EntityName, row: Row): void {
  const { geometry, ...plain } = row
  prepare(
    db,
    'INSERT OR IGNORE INTO import_before (batch_id, entity, entity_id, row, geometry) VALUES (?, ?, ?, ?, ?)',
  ).run(batch, entity, row['id'], JSON.stringify(plain), geometry ?? null)
}

/** Extra attributes of an update: what was there stays, what the file says is laid over it. */
export function mergedExtra(
  stored: unknown,
  extra: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  if (!extra) return undefined
  const before = typeof stored === 'string' ? (JSON.parse(stored) as Record<string, unknown>) : {}
  return { ...before, ...extra }
}
