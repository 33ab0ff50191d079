/** What goes up must not rest on values that two people still dispute. */
import { AppError } from '../../shared/contract/errors.ts'
import { ENTITIES, type EntityName } from '../../shared/model/entity.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { nameOf } from './names.ts'

interface ReportScope {
  /** Report unit; everything when left out. */
  readonly unit?: string | undefined
  /** Zones; their units count. */
  readonly zoneIds?: readonly string[] | undefined
}

/** Throws `refused`, naming the records, while conflicts of the units in question (or of the county's tables) are open. */
export function refuseOpenConflicts(db: Db, scope: ReportScope = {}): void {
  const units = scope.zoneIds
    ? scope.zoneIds.map(
        id => get<{ unit: string | null }>(db, 'SELECT unit FROM zone WHERE id = ?', [id])?.unit ?? null,
      )
    : scope.unit === undefined
      ? undefined
      : [scope.unit]
  const open = all<{ entity: EntityName; entity_id: string; unit: string | null }>(
    db,
    `SELECT DISTINCT c.entity, c.entity_id, json_extract(c.body, '$.unit') AS unit FROM sync_conflict c
     WHERE c.open = 1 AND NOT EXISTS (SELECT 1 FROM sync_decision d WHERE d.conflict = c.id) ORDER BY c.seq`,
  ).filter(({ unit }) => units === undefined || unit === null || unit === '' || units.includes(unit))
  if (open.length === 0) return
  const names = open
    .slice(0, 5)
    .map(({ entity, entity_id }) => `${ENTITIES[entity].zh} ${nameOf(db, entity, entity_id)}`)
  const records = names.join('、') + (open.length > names.length ? '…' : '')
  throw new AppError('refused', `还有 ${open.length} 条记录的冲突没有处理，请先在“同步”里处理：${records}`, {
    reason: 'open_conflicts',
    values: { count: open.length, records },
  })
}
