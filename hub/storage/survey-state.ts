/** What `applyPatch` needs of the survey, inside one transaction. Reads of one push are remembered. */
import { randomFillSync } from 'node:crypto'
import type { Transaction } from 'kysely'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import type { HubState } from '../../shared/sync/apply.ts'
import type { SyncConflict, SyncRow } from '../../shared/sync/protocol.ts'
import { referencesOf } from '../../shared/sync/scope.ts'
import { codeKey, uniqueCodesOf } from '../../shared/sync/unique-codes.ts'
import type { HubTables } from './tables.ts'

export interface SurveyState extends HubState {
  /** Reads all records of a push at once. */
  preload(records: readonly { entity: EntityName; entity_id: string }[]): Promise<void>
  /** The last place given in this transaction. */
  head(): number
}

export const newId = (): string => uuidV7(Date.now(), bytes => randomFillSync(bytes))

export function rowFromColumns(columns: HubTables['row_state']): SyncRow {
  const { seq, entity, entity_id, deleted, unit, fields, geometry, patch } = columns
  return {
    seq,
    entity: entity as EntityName,
    entity_id,
    deleted: deleted === 1,
    fields: JSON.parse(fields) as SyncRow['fields'],
    geometry,
    unit,
    patch: JSON.parse(patch) as SyncRow['patch'],
  }
}

function columnsOf(row: SyncRow): HubTables['row_state'] {
  return {
    entity: row.entity,
    entity_id: row.entity_id,
    seq: row.seq,
    deleted: row.deleted ? 1 : 0,
    unit: row.unit,
    fields: JSON.stringify(row.fields),
    geometry: row.geometry,
    patch: JSON.stringify(row.patch),
    device: row.patch.device,
  }
}

export function surveyState(tx: Transaction<HubTables>, startHead: number): SurveyState {
  let head = startHead
  const known = new Map<string, SyncRow | undefined>()
  const keyOf = (entity: string, id: string): string => `${entity}/${id}`

  async function row(entity: EntityName, id: string): Promise<SyncRow | undefined> {
    const key = keyOf(entity, id)
    if (known.has(key)) return known.get(key)
    const found = await tx
      .selectFrom('row_state')
      .selectAll()
      .where('entity', '=', entity)
      .where('entity_id', '=', id)
      .executeTakeFirst()
    const result = found && rowFromColumns(found)
    known.set(key, result)
    return result
  }

  async function writeCodes(after: SyncRow, before: SyncRow | undefined): Promise<void> {
    for (const code of uniqueCodesOf(after.entity)) {
      const [old, now] = [before && codeKey(code, before), codeKey(code, after)]
      if (old === now) continue
      if (old !== undefined)
        await tx.deleteFrom('code_key').where('entity_id', '=', after.entity_id).where('name', '=', code.name).execute()
      if (now !== undefined)
        await tx.insertInto('code_key').values({ name: code.name, code: now, entity_id: after.entity_id }).execute()
    }
  }

  async function writeReferences(after: SyncRow, before: SyncRow | undefined): Promise<void> {
    const list = (state: SyncRow | undefined) =>
      state && !state.deleted ? referencesOf(state.entity, state.fields).map(({ entity, id }) => keyOf(entity, id)) : []
    const [old, now] = [list(before), list(after)]
    if (JSON.stringify(old) === JSON.stringify(now)) return
    if (old.length > 0)
      await tx
        .deleteFrom('reference')
        .where('entity_id', '=', after.entity_id)
        .where('entity', '=', after.entity)
        .execute()
    const rows = [...new Set(now)].map(key => {
      const slash = key.indexOf('/')
      const [target_entity, target_id] = [key.slice(0, slash), key.slice(slash + 1)]
      return { entity: after.entity, entity_id: after.entity_id, target_entity, target_id }
    })
    if (rows.length > 0) await tx.insertInto('reference').values(rows).execute()
  }

  return {
    head: () => head,
    newId,
    row,

    async preload(records) {
      const ids = [...new Set(records.map(record => record.entity_id))]
      const found = await tx.selectFrom('row_state').selectAll().where('entity_id', 'in', ids).execute()
      for (const record of records) known.set(keyOf(record.entity, record.entity_id), undefined)
      for (const columns of found) known.set(keyOf(columns.entity, columns.entity_id), rowFromColumns(columns))
    },

    async historySince(entity, id, seq) {
      const current = await row(entity, id)
      // Nothing came after: the state itself is the whole answer.
      if (!current || current.seq <= seq) return current ? [current] : []
      const of = tx.selectFrom('row_history').selectAll().where('entity', '=', entity).where('entity_id', '=', id)
      const before = await of.where('seq', '<=', seq).orderBy('seq', 'desc').limit(1).execute()
      const after = await of.where('seq', '>', seq).orderBy('seq').execute()
      return [...before, ...after].map(rowFromColumns)
    },

    async holder(code, key, id) {
      const found = await tx
        .selectFrom('code_key')
        .select('entity_id')
        .where('name', '=', code.name)
        .where('code', '=', key)
        .where('entity_id', '!=', id)
        .executeTakeFirst()
      return found?.entity_id
    },

    async referring(entity, id) {
      const found = await tx
        .selectFrom('reference')
        .select(['entity', 'entity_id'])
        .where('target_id', '=', id)
        .where('target_entity', '=', entity)
        .orderBy('entity_id')
        .execute()
      const rows = await Promise.all(found.map(each => row(each.entity as EntityName, each.entity_id)))
      return rows.filter(each => each !== undefined)
    },

    nextSeq() {
      head += 1
      return Promise.resolve(head)
    },

    async append(after) {
      const before = await row(after.entity, after.entity_id)
      const columns = columnsOf(after)
      await tx.insertInto('row_history').values(columns).execute()
      if (before) {
        const { entity, entity_id, ...rest } = columns
        await tx
          .updateTable('row_state')
          .set(rest)
          .where('entity', '=', entity)
          .where('entity_id', '=', entity_id)
          .execute()
      } else await tx.insertInto('row_state').values(columns).execute()
      await writeCodes(after, before)
      await writeReferences(after, before)
      known.set(keyOf(after.entity, after.entity_id), after)
    },

    async addConflict(conflict, unit) {
      const { id, seq } = conflict
      await tx
        .insertInto('conflict')
        .values({ id, seq, unit, open: 1, body: JSON.stringify(conflict) })
        .execute()
    },

    async conflictById(id) {
      const found = await tx.selectFrom('conflict').selectAll().where('id', '=', id).executeTakeFirst()
      return found && { conflict: JSON.parse(found.body) as SyncConflict, unit: found.unit }
    },

    async resolve(id, resolution) {
      const { body } = await tx.selectFrom('conflict').select('body').where('id', '=', id).executeTakeFirstOrThrow()
      const conflict = { ...(JSON.parse(body) as SyncConflict), resolution }
      await tx
        .updateTable('conflict')
        .set({ body: JSON.stringify(conflict), open: 0, seq: resolution.seq })
        .where('id', '=', id)
        .execute()
    },
  }
}
