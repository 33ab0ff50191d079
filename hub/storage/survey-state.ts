/**
 * What `applyPatch` needs of the survey, inside one transaction that takes many patches: what they will ask for is read
 * beforehand in a few statements, what they change is kept here and written by a few more (`flush`).
 */
import { randomFillSync } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import type { HubState } from '../../shared/sync/apply.ts'
import type { SyncConflict, SyncPatch, SyncRow } from '../../shared/sync/protocol.ts'
import { type Fields, referencesOf } from '../../shared/sync/scope.ts'
import { codeKey, uniqueCodesOf } from '../../shared/sync/unique-codes.ts'
import { deleteAll, insertAll, type RecordColumns, recordset, selectAll } from './recordset.ts'
import type { HubTables } from './tables.ts'

export interface SurveyState extends HubState {
  /** Reads what these patches will most likely ask for; what they ask besides is read then. */
  preload(patches: readonly SyncPatch[]): Promise<void>
  /** The last place given in this transaction. */
  head(): number
  /** Writes everything that changed; before that the tables are as they were. */
  flush(): Promise<void>
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

const RECORD = { entity: 'text', entity_id: 'text' } as const
const STATE: RecordColumns<HubTables['row_state']> = {
  ...RECORD,
  seq: 'integer',
  deleted: 'integer',
  unit: 'text',
  fields: 'text',
  geometry: 'text',
  patch: 'text',
  device: 'text',
}
const CODE = { name: 'text', code: 'text' } as const
const CODE_KEY: RecordColumns<HubTables['code_key']> = { ...CODE, entity_id: 'text' }
const TARGET = { target_entity: 'text', target_id: 'text' } as const
const REFERENCE: RecordColumns<HubTables['reference']> = { ...RECORD, ...TARGET }
const CONFLICT: RecordColumns<HubTables['conflict']> = {
  id: 'text',
  seq: 'integer',
  unit: 'text',
  open: 'integer',
  body: 'text',
}

const keyOf = (entity: string, id: string): string => `${entity}/${id}`
const recordOf = (key: string): { entity: EntityName; entity_id: string } => {
  const slash = key.indexOf('/')
  return { entity: key.slice(0, slash) as EntityName, entity_id: key.slice(slash + 1) }
}

/** A set per key as the tables have it, with what this transaction takes away and adds. */
class Changing {
  readonly stored = new Map<string, Set<string>>()
  readonly #changes = new Map<string, Map<string, boolean>>()

  change(key: string, member: string, isIn: boolean): void {
    const changes = this.#changes.get(key) ?? new Map<string, boolean>()
    this.#changes.set(key, changes.set(member, isIn))
  }

  now(key: string): string[] {
    const members = new Set(this.stored.get(key))
    for (const [member, isIn] of this.#changes.get(key) ?? []) {
      if (isIn) members.add(member)
      else members.delete(member)
    }
    return [...members].sort()
  }
}

const after = (patch: SyncPatch, before: Fields = {}): Fields => {
  const now = Object.entries(patch.fields).map(([name, [, value]]) => [name, value] as const)
  return { ...before, ...Object.fromEntries(now) }
}

const targetsOf = (state: SyncRow | undefined): string[] =>
  state && !state.deleted ? referencesOf(state.entity, state.fields).map(({ entity, id }) => keyOf(entity, id)) : []

const codesOf = (entity: EntityName, fields: Fields): { name: string; code: string }[] =>
  uniqueCodesOf(entity).flatMap(code => {
    const key = codeKey(code, { deleted: false, fields, geometry: null })
    return key === undefined ? [] : [{ name: code.name, code: key }]
  })

export function surveyState(tx: Transaction<HubTables>, startHead: number): SurveyState {
  let head = startHead
  const known = new Map<string, SyncRow | undefined>()
  /** States of a record: the last one at or before `since` and all after it. */
  const histories = new Map<string, { since: number; rows: SyncRow[] }>()
  const referrers = new Changing()
  const holders = new Changing()
  const written = {
    history: [] as HubTables['row_history'][],
    rows: new Map<string, HubTables['row_state']>(),
    codesGone: new Map<string, { name: string; entity_id: string }>(),
    codes: new Map<string, HubTables['code_key']>(),
    referencesGone: new Set<string>(),
    references: new Map<string, HubTables['reference'][]>(),
    conflicts: new Map<string, HubTables['conflict']>(),
  }

  async function load(keys: readonly string[]): Promise<void> {
    const missing = [...new Set(keys)].filter(key => !known.has(key))
    for (const key of missing) known.set(key, undefined)
    for (const columns of await selectAll(tx, 'row_state', RECORD, missing.map(recordOf)))
      known.set(keyOf(columns.entity, columns.entity_id), rowFromColumns(columns))
  }

  async function row(entity: EntityName, id: string): Promise<SyncRow | undefined> {
    const key = keyOf(entity, id)
    if (!known.has(key)) await load([key])
    return known.get(key)
  }

  async function loadReferrers(targets: readonly string[]): Promise<void> {
    const missing = [...new Set(targets)].filter(key => !referrers.stored.has(key))
    for (const key of missing) referrers.stored.set(key, new Set())
    const wanted = missing.map(recordOf).map(({ entity, entity_id }) => ({
      target_entity: entity,
      target_id: entity_id,
    }))
    for (const found of await selectAll(tx, 'reference', TARGET, wanted))
      referrers.stored.get(keyOf(found.target_entity, found.target_id))!.add(keyOf(found.entity, found.entity_id))
  }

  async function loadHolders(codes: readonly { name: string; code: string }[]): Promise<void> {
    const missing = codes.filter(({ name, code }) => !holders.stored.has(keyOf(name, code)))
    for (const { name, code } of missing) holders.stored.set(keyOf(name, code), new Set())
    for (const found of await selectAll(tx, 'code_key', CODE, missing))
      holders.stored.get(keyOf(found.name, found.code))!.add(found.entity_id)
  }

  async function loadHistories(wanted: readonly { entity: string; entity_id: string; base: number }[]): Promise<void> {
    if (wanted.length === 0) return
    const columns = { ...RECORD, base: 'integer' } as const
    const { rows } = await sql<HubTables['row_history']>`
      SELECT h.* FROM ${recordset(tx, 'given', columns, wanted)} CROSS JOIN row_history AS h
      WHERE h.entity = given.entity AND h.entity_id = given.entity_id AND h.seq >= coalesce((SELECT max(b.seq)
        FROM row_history AS b WHERE b.entity = given.entity AND b.entity_id = given.entity_id AND b.seq <= given.base), 0)
      ORDER BY h.seq`.execute(tx)
    for (const { entity, entity_id, base } of wanted) histories.set(keyOf(entity, entity_id), { since: base, rows: [] })
    for (const columns of rows)
      histories.get(keyOf(columns.entity, columns.entity_id))!.rows.push(rowFromColumns(columns))
    // What this transaction did is not in the table yet.
    for (const columns of written.history) {
      const kept = histories.get(keyOf(columns.entity, columns.entity_id))
      if (kept && !kept.rows.some(each => each.seq === columns.seq)) kept.rows.push(rowFromColumns(columns))
    }
  }

  function keepCodes(now: SyncRow, before: SyncRow | undefined): void {
    for (const code of uniqueCodesOf(now.entity)) {
      const [old, key] = [before && codeKey(code, before), codeKey(code, now)]
      if (old === key) continue
      const { name } = code
      const { entity_id } = now
      const place = keyOf(name, entity_id)
      if (old !== undefined) {
        holders.change(keyOf(name, old), entity_id, false)
        written.codesGone.set(place, { name, entity_id })
        written.codes.delete(place)
      }
      if (key !== undefined) {
        holders.change(keyOf(name, key), entity_id, true)
        written.codes.set(place, { name, code: key, entity_id })
      }
    }
  }

  function keepReferences(now: SyncRow, before: SyncRow | undefined): void {
    const [old, targets] = [targetsOf(before), targetsOf(now)]
    if (JSON.stringify(old) === JSON.stringify(targets)) return
    const key = keyOf(now.entity, now.entity_id)
    for (const target of old) referrers.change(target, key, false)
    for (const target of targets) referrers.change(target, key, true)
    const rows = [...new Set(targets)].map(target => {
      const { entity, entity_id } = recordOf(target)
      return { ...recordOf(key), target_entity: entity, target_id: entity_id }
    })
    if (old.length > 0) written.referencesGone.add(key)
    written.references.set(key, rows)
  }

  return {
    head: () => head,
    newId,
    row,

    async preload(patches) {
      const records = new Map<string, number>()
      for (const { entity, entity_id, base } of patches) {
        const key = keyOf(entity, entity_id)
        records.set(key, Math.min(records.get(key) ?? base, base))
      }
      await load([
        ...records.keys(),
        ...patches.flatMap(patch =>
          referencesOf(patch.entity, after(patch)).map(({ entity, id }) => keyOf(entity, id)),
        ),
      ])
      // Children are asked for when a record comes, goes, or may change its unit.
      const isAsked = (patch: SyncPatch): boolean =>
        patch.op !== 'update' || 'unit' in patch.fields || referencesOf(patch.entity, after(patch)).length > 0
      await loadReferrers(patches.filter(isAsked).map(({ entity, entity_id }) => keyOf(entity, entity_id)))
      const states = [...records.keys()].map(key => known.get(key)).filter(state => state !== undefined)
      await load([...states.flatMap(targetsOf), ...[...records.keys()].flatMap(key => referrers.now(key))])
      const codes = patches.flatMap(patch => {
        const before = known.get(keyOf(patch.entity, patch.entity_id))?.fields
        return codesOf(patch.entity, after(patch, before))
      })
      await loadHolders([...new Map(codes.map(code => [keyOf(code.name, code.code), code])).values()])
      const behind: { entity: string; entity_id: string; base: number }[] = []
      for (const [key, base] of records) {
        const state = known.get(key)
        if (!state) histories.set(key, { since: 0, rows: [] })
        else if (state.seq <= base) histories.set(key, { since: state.seq, rows: [state] })
        else behind.push({ ...recordOf(key), base })
      }
      await loadHistories(behind)
    },

    async historySince(entity, id, seq) {
      const current = await row(entity, id)
      // Nothing came after: the state itself is the whole answer.
      if (!current || current.seq <= seq) return current ? [current] : []
      const key = keyOf(entity, id)
      if ((histories.get(key)?.since ?? Number.POSITIVE_INFINITY) > seq)
        await loadHistories([{ entity, entity_id: id, base: seq }])
      const { rows } = histories.get(key)!
      return [...rows.filter(each => each.seq <= seq).slice(-1), ...rows.filter(each => each.seq > seq)]
    },

    async holder(code, key, id) {
      await loadHolders([{ name: code.name, code: key }])
      return holders.now(keyOf(code.name, key)).find(each => each !== id)
    },

    async referring(entity, id) {
      const key = keyOf(entity, id)
      await loadReferrers([key])
      const keys = referrers.now(key)
      await load(keys)
      const rows = keys.map(each => known.get(each)).filter(each => each !== undefined)
      return rows.sort((a, b) => (a.entity_id < b.entity_id ? -1 : a.entity_id > b.entity_id ? 1 : 0))
    },

    nextSeq() {
      head += 1
      return Promise.resolve(head)
    },

    async append(now) {
      const before = await row(now.entity, now.entity_id)
      const key = keyOf(now.entity, now.entity_id)
      const columns = columnsOf(now)
      written.history.push(columns)
      written.rows.set(key, columns)
      keepCodes(now, before)
      keepReferences(now, before)
      histories.get(key)?.rows.push(now)
      known.set(key, now)
    },

    addConflict(conflict, unit) {
      const { id, seq } = conflict
      written.conflicts.set(id, { id, seq, unit, open: 1, body: JSON.stringify(conflict) })
      return Promise.resolve()
    },

    async conflictById(id) {
      const found =
        written.conflicts.get(id) ??
        (await tx.selectFrom('conflict').selectAll().where('id', '=', id).executeTakeFirst())
      return found && { conflict: JSON.parse(found.body) as SyncConflict, unit: found.unit }
    },

    async resolve(id, resolution) {
      const found = (await this.conflictById(id))!
      const body = JSON.stringify({ ...found.conflict, resolution } satisfies SyncConflict)
      written.conflicts.set(id, { id, seq: resolution.seq, unit: found.unit, open: 0, body })
    },

    async flush() {
      await insertAll(tx, 'row_history', STATE, written.history)
      await insertAll(
        tx,
        'row_state',
        STATE,
        [...written.rows.values()],
        sql`ON CONFLICT (entity, entity_id) DO UPDATE SET seq = excluded.seq, deleted = excluded.deleted,
          unit = excluded.unit, fields = excluded.fields, geometry = excluded.geometry, patch = excluded.patch,
          device = excluded.device`,
      )
      await deleteAll(tx, 'code_key', { name: 'text', entity_id: 'text' }, [...written.codesGone.values()])
      await insertAll(tx, 'code_key', CODE_KEY, [...written.codes.values()])
      await deleteAll(tx, 'reference', RECORD, [...written.referencesGone].map(recordOf))
      await insertAll(tx, 'reference', REFERENCE, [...written.references.values()].flat())
      await insertAll(
        tx,
        'conflict',
        CONFLICT,
        [...written.conflicts.values()],
        sql`ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, open = excluded.open, body = excluded.body`,
      )
    },
  }
}
