/** `records.*` and `edits.*` of the contract: generic reads and writes, history, undo and redo. */

import { AppError } from '../../shared/contract/errors.ts'
import type { UndoState } from '../../shared/contract/survey.ts'
import { ENTITIES, type EntityName } from '../../shared/model/entity.ts'
import { type EditRow, editById, markUndone, nextRedo, nextUndo } from '../db/change-log.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { applyInverse } from '../db/undo.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { findRecord, recordHistory } from './records-repo.ts'

export function recordsMethods(deps: ServiceDeps) {
  return {
    get: os.records.get.handler(({ input }) => {
      const record = findRecord(deps.store().read, input.entity, input)
      if (!record) throw recordNotFound(input.entity)
      return record
    }),
    update: os.records.update.handler(async ({ input }) => {
      const store = deps.store()
      const { result, edit } = await store.mutate(
        { label: 'updated', values: labelValues(store, input.entity, input.id), reason: input.reason },
        tx => tx.update(input.entity, input.id, input.values, { baseRev: input.base_rev }),
      )
      return { id: input.id, rev: result, edit }
    }),
    create: os.records.create.handler(async ({ input }) => {
      const store = deps.store()
      const name = String(input.values['code'] ?? input.values['name'] ?? '')
      const { result, edit } = await store.mutate(
        { label: 'created', values: { entity: input.entity, name }, reason: input.reason },
        tx => tx.create(input.entity, input.values),
      )
      return { id: result, rev: 1, edit }
    }),
    remove: os.records.remove.handler(async ({ input }) => {
      const store = deps.store()
      const { result, edit } = await store.mutate(
        { label: 'removed', values: labelValues(store, input.entity, input.id), reason: input.reason },
        tx => {
          if (input.entity === 'enterprise') refuseWithPlans(tx.db, input.id)
          for (const dependent of dependentsOf(input.entity)) {
            for (const { id } of tx.db
              .prepare(`SELECT id FROM ${dependent.entity} WHERE ${dependent.field} = ? AND deleted = 0`)
              .all(input.id) as { id: string }[]) {
              tx.remove(dependent.entity, id)
            }
          }
          return tx.remove(input.entity, input.id)
        },
      )
      return { id: input.id, rev: result, edit }
    }),
    history: os.records.history.handler(({ input }) => recordHistory(deps.store().read, input.entity, input.id)),
  }
}

/** A plan is a record of its own that others review: it is removed first and on purpose, never along with its enterprise. */
function refuseWithPlans(db: Db, enterpriseId: string): void {
  const { count } = db
    .prepare('SELECT count(*) AS count FROM plan WHERE enterprise_id = ? AND deleted = 0')
    .get(enterpriseId) as { count: number }
  if (count > 0) {
    throw new AppError('refused', `该企业有 ${count} 个方案，请先删除方案再删除企业`, {
      reason: 'enterprise_has_plans',
      values: { count },
    })
  }
}

/** Rows that make no sense without their owner and go with it, in the same edit (so that undo brings all back). */
export function dependentsOf(entity: EntityName): { entity: EntityName; field: string }[] {
  switch (entity) {
    case 'parcel':
      return [
        { entity: 'occupancy', field: 'parcel_id' },
        { entity: 'zone_member', field: 'parcel_id' },
      ]
    case 'enterprise':
      return [
        { entity: 'occupancy', field: 'enterprise_id' },
        { entity: 'enterprise_year', field: 'enterprise_id' },
      ]
    case 'plan':
      return [
        { entity: 'measure', field: 'plan_id' },
        { entity: 'milestone', field: 'plan_id' },
      ]
    case 'zone':
      return [{ entity: 'zone_member', field: 'zone_id' }]
    default:
      return []
  }
}

export function editsMethods(deps: ServiceDeps) {
  const run = async (kind: 'undo' | 'redo') => {
    const store = deps.store()
    const next = kind === 'undo' ? nextUndo : nextRedo
    const target = next(store.read, store.profile().user)
    if (!target) return { state: undoState(store), done: null, skipped: [] }
    // A redo shows the name of the step that had been undone.
    const original = kind === 'redo' ? (editById(store.read, target.undo_of!) ?? target) : target
    const { result } = await store.mutate(
      { label: original.label, values: JSON.parse(original.label_values), kind, undoOf: target.id },
      tx => {
        const skipped = applyInverse(tx, target.seq)
        const made = tx.db.prepare('SELECT id FROM edit ORDER BY seq DESC LIMIT 1').get() as { id: string }
        markUndone(tx.db, target.id, made.id)
        return skipped
      },
    )
    return { state: undoState(store), done: stepOf(original), skipped: result }
  }
  return {
    state: os.edits.state.handler(() => undoState(deps.store())),
    undo: os.edits.undo.handler(() => run('undo')),
    redo: os.edits.redo.handler(() => run('redo')),
  }
}

function undoState(store: Store): UndoState {
  const undo = nextUndo(store.read, store.profile().user)
  const redo = nextRedo(store.read, store.profile().user)
  const original = redo ? (editById(store.read, redo.undo_of!) ?? redo) : undefined
  return { undo: undo ? stepOf(undo) : null, redo: original ? stepOf(original) : null }
}

function stepOf(edit: EditRow): NonNullable<UndoState['undo']> {
  return { edit: edit.id, label: edit.label, values: JSON.parse(edit.label_values), at: edit.at }
}

function labelValues(store: Store, entity: EntityName, id: string): Record<string, string> {
  const record = findRecord(store.read, entity, { id })
  return { entity, name: String(record?.['code'] ?? record?.['name'] ?? '') }
}

export function recordNotFound(entity: EntityName): AppError {
  return new AppError('not_found', `找不到${ENTITIES[entity].zh}`, { reason: 'record_not_found', values: { entity } })
}
