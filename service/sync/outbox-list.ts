/** The outbox by name: what is on its way, what the hub refused, what met changes of others. */
import type { OutboxItem } from '../../shared/contract/sync.ts'
import { fieldOf } from '../../shared/model/entity.ts'
import type { SyncPatch, SyncReceipt } from '../../shared/sync/protocol.ts'
import type { Db } from '../db/open.ts'
import { fromColumn } from '../db/rows.ts'
import { all, get } from '../db/sql.ts'
import { nameOf } from './names.ts'
import type { OutboxRow } from './sync-repo.ts'

const WHERE = {
  pending: `o.state IN ('waiting', 'sent') AND o.state <> 'settled'`,
  refused: `o.state = 'refused'`,
  parallel: `o.receipt IS NOT NULL AND json_array_length(o.receipt, '$.parallel') > 0`,
} as const

export function listOutbox(
  db: Db,
  query: { kind: keyof typeof WHERE; offset: number; limit: number },
): { items: OutboxItem[]; total: number } {
  const where = WHERE[query.kind]
  const total = get<{ n: number }>(db, `SELECT count(*) AS n FROM sync_outbox o WHERE ${where}`)!.n
  const rows = all<OutboxRow & { op: string | null }>(
    db,
    `SELECT o.* FROM sync_outbox o WHERE ${where} ORDER BY o.seq DESC LIMIT ? OFFSET ?`,
    [query.limit, query.offset],
  )
  return { total, items: rows.map(row => itemOf(db, row)) }
}

function itemOf(db: Db, row: OutboxRow): OutboxItem {
  const patch = row.body === null ? undefined : (JSON.parse(row.body) as SyncPatch)
  const receipt = row.receipt === null ? undefined : (JSON.parse(row.receipt) as SyncReceipt)
  const edit =
    row.edit_seq === null
      ? undefined
      : get<{ user: string; at: string }>(db, 'SELECT user, at FROM edit WHERE seq = ?', [row.edit_seq])
  return {
    id: row.id,
    entity: row.entity,
    entity_id: row.entity_id,
    name:
      nameOf(db, row.entity, row.entity_id) || String(patch?.fields['code']?.[1] ?? patch?.fields['name']?.[1] ?? ''),
    op: patch?.op ?? 'update',
    state: row.state === 'again' ? 'settled' : row.state,
    bundle: row.bundle,
    user: patch?.edit.user ?? edit?.user ?? '',
    at: patch?.edit.at ?? edit?.at ?? row.at,
    reason: receipt?.reason ?? null,
    parallel: receipt?.parallel ?? [],
    fields: Object.entries(patch?.fields ?? {})
      .slice(0, 100)
      .map(([field, [from, to]]) => ({
        field,
        from: fromColumn(fieldOf(row.entity, field), from),
        to: fromColumn(fieldOf(row.entity, field), to),
      })),
    geometry_changed: patch?.geometry !== undefined,
  }
}
