/** How far the changes of one record are on their way: here only, sent, or received by the hub. */
import type { RecordSyncState } from '../../shared/contract/sync.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { readLink, syncRecord } from './sync-repo.ts'

export function recordState(db: Db, entity: EntityName, id: string): RecordSyncState {
  if (!readLink(db)) return { state: 'unlinked', refused: 0, conflicts: 0 }
  const counts = new Map(
    all<{ state: string; n: number }>(
      db,
      `SELECT state, count(*) AS n FROM sync_outbox WHERE entity = ? AND entity_id = ? AND state <> 'settled' GROUP BY state`,
      [entity, id],
    ).map(({ state, n }) => [state, n]),
  )
  const conflicts = get<{ n: number }>(
    db,
    `SELECT count(*) AS n FROM sync_conflict c WHERE c.entity = ? AND c.entity_id = ? AND c.open = 1
       AND NOT EXISTS (SELECT 1 FROM sync_decision d WHERE d.conflict = c.id)`,
    [entity, id],
  )!.n
  const refused = counts.get('refused') ?? 0
  const rev = get<{ rev: number }>(db, `SELECT rev FROM ${entity} WHERE id = ?`, [id])?.rev ?? 0
  // What no meeting has looked at yet is not in the outbox.
  const isFresh = rev > (syncRecord(db, entity, id)?.rev ?? 0)
  const state =
    isFresh || counts.has('waiting') || counts.has('again') ? 'saved' : counts.has('sent') ? 'sent' : 'confirmed'
  return { state, refused, conflicts }
}
