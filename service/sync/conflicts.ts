/**
 * Conflicts as people read and decide them. A decision is an edit like any other, in the history and in the undo stack;
 * its patch carries the conflict's id to the hub, which closes it for everybody.
 */
import type { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import type { ConflictDetail, ConflictItem, takeSchema } from '../../shared/contract/sync.ts'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { fromFlat } from '../../shared/geometry/types.ts'
import { fieldOf } from '../../shared/model/entity.ts'
import type { ColumnValue } from '../../shared/sync/merge.ts'
import type { SyncConflict } from '../../shared/sync/protocol.ts'
import type { Db } from '../db/open.ts'
import { fromColumn } from '../db/rows.ts'
import { all, get, run } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { applyDecision } from './decide.ts'
import { nameOf } from './names.ts'
import { fromBase64, readLink } from './sync-repo.ts'

interface StoredConflict {
  id: string
  open: number
  body: string
  decided: string | null
}

const SELECT = `SELECT c.id, c.open, c.body, d.take AS decided FROM sync_conflict c
  LEFT JOIN sync_decision d ON d.conflict = c.id`

/** Newest last. Open ones are those that neither the hub nor a decision made here has closed. */
export function listConflicts(db: Db, isOpen: boolean): ConflictItem[] {
  const where = isOpen ? 'c.open = 1 AND d.take IS NULL' : 'c.open = 0 OR d.take IS NOT NULL'
  return all<StoredConflict>(db, `${SELECT} WHERE ${where} ORDER BY c.seq, c.id`).map(row => itemOf(db, row))
}

export function conflictDetail(db: Db, id: string): ConflictDetail {
  const row = get<StoredConflict>(db, `${SELECT} WHERE c.id = ?`, [id])
  if (!row) throw noSuchConflict()
  const { geometry } = JSON.parse(row.body) as SyncConflict
  const [base, mine, theirs] = [geometry?.base, geometry?.mine, geometry?.theirs].map(text =>
    text ? decodeGeometry(fromBase64(text)) : null,
  )
  const shape = (polygons: typeof base) => (polygons ? fromFlat(polygons) : null)
  let only: [number | null, number | null] = [null, null]
  if (mine && theirs) {
    const [a, b] = [toEqualAreaPlane(mine), toEqualAreaPlane(theirs)]
    const common = intersectionAreaM2(a, b)
    only = [Math.max(0, planarAreaM2(a) - common), Math.max(0, planarAreaM2(b) - common)]
  }
  return {
    ...itemOf(db, row),
    geometry: geometry
      ? {
          base: shape(base ?? null),
          mine: shape(mine ?? null),
          theirs: shape(theirs ?? null),
          only_mine_m2: only[0],
          only_theirs_m2: only[1],
        }
      : null,
  }
}

/** Decides one conflict. Throws `not_found` and `refused` when it is decided already. */
export async function resolveConflict(
  store: Store,
  id: string,
  take: z.infer<typeof takeSchema>,
  reason: string | undefined,
): Promise<void> {
  const row = get<StoredConflict>(store.read, `${SELECT} WHERE c.id = ?`, [id])
  if (!row) throw noSuchConflict()
  if (row.open === 0 || row.decided !== null)
    throw new AppError('refused', '这个冲突已经处理过', { reason: 'conflict_decided' })
  const conflict = JSON.parse(row.body) as SyncConflict
  const name = nameOf(store.read, conflict.entity, conflict.entity_id)
  const decide = (db: Db, edit: string | null): void => {
    const { entity, entity_id } = conflict
    run(
      db,
      `INSERT INTO sync_decision (conflict, entity, entity_id, take, edit, user, reason, at)
       VALUES (:conflict, :entity, :entity_id, :take, :edit, :user, :reason, :at)`,
      {
        conflict: id,
        entity,
        entity_id,
        take: take === 'merge' ? 'other' : take,
        edit,
        user: store.profile().user,
        reason: reason ?? null,
        at: store.now().toISOString(),
      },
    )
  }
  let isDecided = false
  await store.mutate({ label: 'conflict_decided', values: { name }, reason }, tx => {
    applyDecision(tx, conflict, take)
    if (tx.touched.ids.size === 0) return
    const { id: edit } = get<{ id: string }>(tx.db, 'SELECT id FROM edit ORDER BY seq DESC LIMIT 1')!
    decide(tx.db, edit)
    isDecided = true
  })
  // What stands stays: no edit, but a decision all the same.
  if (!isDecided) await store.quiesced(db => db.transaction(() => decide(db, null)).immediate())
}

function itemOf(db: Db, row: StoredConflict): ConflictItem {
  const conflict = JSON.parse(row.body) as SyncConflict
  const { id, kind, entity, entity_id, field } = conflict
  const self = readLink(db)?.device
  const by = ({ user, device, at }: SyncConflict['mine_by']) => ({ user, device, at, own: device === self })
  const shown = (value: ColumnValue): unknown => {
    if (kind === 'field' && field !== null) return readable(() => fromColumn(fieldOf(entity, field), value))
    if (kind !== 'delete_edit' && kind !== 'edit_delete') return value
    return readable(() => valuesOf(entity, String(value ?? '{}')))
  }
  return {
    id,
    kind,
    entity,
    entity_id,
    name: nameOf(db, entity, entity_id),
    field,
    base: shown(conflict.base),
    mine: shown(conflict.mine),
    theirs: kind === 'twin_code' ? nameOf(db, entity, String(conflict.theirs)) : shown(conflict.theirs),
    mine_by: by(conflict.mine_by),
    theirs_by: by(conflict.theirs_by),
    has_geometry: Boolean(conflict.geometry),
    open: row.open === 1,
    decided: row.decided,
    resolution: conflict.resolution ? { take: conflict.resolution.take, user: conflict.resolution.user } : null,
  }
}

function valuesOf(entity: SyncConflict['entity'], text: string): Record<string, unknown> {
  const columns = JSON.parse(text) as Record<string, ColumnValue>
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [name, fromColumn(fieldOf(entity, name), value)]),
  )
}

function readable(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return null
  }
}

function noSuchConflict(): AppError {
  return new AppError('not_found', '找不到这个冲突', { reason: 'conflict_not_found' })
}
