/**
 * A hub and laptops in memory over the very code of `shared/sync`, for simulations by the thousand. What the device does
 * around it (cursor, settling, refusals) follows `service/sync`; the same actions also run on real stores.
 */
import type { EntityName } from '../../shared/model/entity.ts'
import { applyPatch, type HubState } from '../../shared/sync/apply.ts'
import { type MergeState, sameState } from '../../shared/sync/merge.ts'
import type { SyncConflict, SyncPatch, SyncReceipt, SyncRow } from '../../shared/sync/protocol.ts'
import { viewOf } from '../../shared/sync/rebase.ts'
import { mayRead, referencesOf } from '../../shared/sync/scope.ts'
import { codeKey } from '../../shared/sync/unique-codes.ts'

export type Key = string
export const keyOf = (entity: string, id: string): Key => `${entity}/${id}`

export class Gap extends Error {}

export class ModelHub implements HubState {
  head = 0
  readonly rows = new Map<Key, SyncRow>()
  readonly history: SyncRow[] = []
  readonly conflicts = new Map<string, { conflict: SyncConflict; unit: string | null; seq: number }>()
  readonly receipts = new Map<string, SyncReceipt>()
  readonly lastSeq = new Map<string, number>()
  #ids = 0

  row(entity: EntityName, id: string): Promise<SyncRow | undefined> {
    return Promise.resolve(this.rows.get(keyOf(entity, id)))
  }
  historySince(entity: EntityName, id: string, seq: number): Promise<SyncRow[]> {
    const all = this.history.filter(row => row.entity === entity && row.entity_id === id)
    const before = all.filter(row => row.seq <= seq)
    return Promise.resolve([...before.slice(-1), ...all.filter(row => row.seq > seq)])
  }
  holder(code: Parameters<HubState['holder']>[0], key: string, id: string): Promise<string | undefined> {
    const holds = (row: SyncRow): boolean =>
      row.entity === code.entity && row.entity_id !== id && codeKey(code, row) === key
    return Promise.resolve([...this.rows.values()].find(holds)?.entity_id)
  }
  referring(entity: EntityName, id: string): Promise<SyncRow[]> {
    const points = (row: SyncRow): boolean =>
      !row.deleted && referencesOf(row.entity, row.fields).some(to => to.entity === entity && to.id === id)
    return Promise.resolve([...this.rows.values()].filter(points))
  }
  nextSeq(): Promise<number> {
    this.head += 1
    return Promise.resolve(this.head)
  }
  append(row: SyncRow): Promise<void> {
    this.rows.set(keyOf(row.entity, row.entity_id), row)
    this.history.push(row)
    return Promise.resolve()
  }
  addConflict(conflict: SyncConflict, unit: string | null): Promise<void> {
    this.conflicts.set(conflict.id, { conflict, unit, seq: conflict.seq })
    return Promise.resolve()
  }
  conflictById(id: string): Promise<{ conflict: SyncConflict; unit: string | null } | undefined> {
    return Promise.resolve(this.conflicts.get(id))
  }
  resolve(id: string, resolution: NonNullable<SyncConflict['resolution']>): Promise<void> {
    const found = this.conflicts.get(id)!
    this.conflicts.set(id, { ...found, conflict: { ...found.conflict, resolution }, seq: resolution.seq })
    return Promise.resolve()
  }
  newId(): string {
    this.#ids += 1
    return `conflict-${this.#ids}`
  }

  /** As hub/storage/exchange.ts: known patches give their receipts again, a missing number refuses the whole push. */
  async push(device: string, unit: string | null, patches: readonly SyncPatch[]): Promise<SyncReceipt[]> {
    const sorted = [...patches].sort((a, b) => a.device_seq - b.device_seq)
    let next = (this.lastSeq.get(device) ?? 0) + 1
    for (const patch of sorted) {
      if (this.receipts.has(patch.id)) continue
      if (patch.device_seq !== next) throw new Gap(String(next))
      next += 1
    }
    const receipts: SyncReceipt[] = []
    for (const patch of sorted) {
      let receipt = this.receipts.get(patch.id)
      if (!receipt) {
        receipt = await applyPatch(this, { device, unit }, patch)
        this.receipts.set(patch.id, receipt)
        this.lastSeq.set(device, patch.device_seq)
      }
      receipts.push(receipt)
    }
    return receipts
  }

  pull(unit: string | null, since: number, limit: number): Page {
    const readable = (owner: string | null): boolean => mayRead(unit, owner)
    const found = [...this.rows.values()]
      .filter(row => row.seq > since && readable(row.unit))
      .sort((a, b) => a.seq - b.seq)
    const more = found.length > limit
    const rows = found.slice(0, limit)
    const cursor = more ? rows[rows.length - 1]!.seq : this.head
    const conflicts = [...this.conflicts.values()]
      .filter(each => each.seq > since && each.seq <= cursor && readable(each.unit))
      .map(each => each.conflict)
    return { rows, conflicts, since, cursor, more }
  }
}

export interface Page {
  rows: SyncRow[]
  conflicts: SyncConflict[]
  since: number
  cursor: number
  more: boolean
}

interface Sent {
  patch: SyncPatch
  state: 'waiting' | 'confirmed' | 'settled' | 'refused'
  seq: number | null
}

export class ModelDevice {
  readonly id: string
  readonly unit: string | null
  readonly base = new Map<Key, SyncRow>()
  readonly view = new Map<Key, MergeState>()
  readonly outbox: Sent[] = []
  readonly conflicts = new Map<string, SyncConflict>()
  readonly decided = new Set<string>()
  readonly #made: () => string
  cursor = 0
  /** Too old for the hub until it is updated. */
  isOutdated = false

  constructor(id: string, unit: string | null, newId: () => string) {
    this.id = id
    this.unit = unit
    this.#made = newId
  }

  /** One committed change: view and outbox together. */
  commit(
    entity: EntityName,
    id: string,
    op: SyncPatch['op'],
    fields: SyncPatch['fields'],
    geometry?: SyncPatch['geometry'],
    resolves?: SyncPatch['resolves'],
  ): SyncPatch {
    const key = keyOf(entity, id)
    const patch: SyncPatch = {
      id: this.#made(),
      device_seq: this.outbox.length + 1,
      entity,
      entity_id: id,
      op,
      base: this.base.get(key)?.seq ?? 0,
      fields,
      ...(geometry ? { geometry } : {}),
      edit: { id: 'edit', label: 'updated', user: this.id, at: '2027-01-01T00:00:00Z', reason: null },
      ...(resolves ? { resolves } : {}),
    }
    this.outbox.push({ patch, state: 'waiting', seq: null })
    this.show(key)
    return patch
  }

  show(key: Key): void {
    const on = this.outbox.filter(
      ({ patch, state }) =>
        keyOf(patch.entity, patch.entity_id) === key && (state === 'waiting' || state === 'confirmed'),
    )
    const base = this.base.get(key)
    const view = viewOf(
      base && { ...base, device: base.patch.device },
      on.map(({ patch }) => patch),
      this.id,
    )
    if (view) this.view.set(key, view)
  }

  waiting(): SyncPatch[] {
    return this.outbox.filter(({ state }) => state === 'waiting').map(({ patch }) => patch)
  }

  takeReceipts(receipts: readonly SyncReceipt[]): void {
    for (const receipt of receipts) {
      const sent = this.outbox.find(({ patch }) => patch.id === receipt.patch)
      if (sent?.state !== 'waiting') continue
      sent.state = receipt.status === 'refused' ? 'refused' : 'confirmed'
      sent.seq = receipt.seq
      if (sent.state === 'refused') this.show(keyOf(sent.patch.entity, sent.patch.entity_id))
    }
  }

  /** A page of the hub or of a package. One that goes on from what we never had is refused. */
  takePage(page: Page): boolean {
    if (page.since > this.cursor) return false
    for (const row of page.rows) {
      const key = keyOf(row.entity, row.entity_id)
      const known = this.base.get(key)
      if (known && row.seq <= known.seq) continue
      this.base.set(key, row)
      for (const sent of this.outbox)
        if (
          sent.state === 'confirmed' &&
          keyOf(sent.patch.entity, sent.patch.entity_id) === key &&
          sent.seq! <= row.seq
        )
          sent.state = 'settled'
      this.show(key)
    }
    for (const conflict of page.conflicts) {
      const known = this.conflicts.get(conflict.id)
      if (!known?.resolution) this.conflicts.set(conflict.id, conflict)
    }
    if (!page.more) {
      const touched = new Set<Key>()
      for (const sent of this.outbox)
        if (sent.state === 'confirmed' && sent.seq! <= page.cursor) {
          sent.state = 'settled'
          touched.add(keyOf(sent.patch.entity, sent.patch.entity_id))
        }
      for (const key of touched) this.show(key)
    }
    this.cursor = Math.max(this.cursor, page.cursor)
    return true
  }

  /** What the county's laptop would put into a package for a unit. */
  packageFor(unit: string, since: number): Page {
    const rows = [...this.base.values()]
      .filter(row => row.seq > since && row.seq <= this.cursor && mayRead(unit, row.unit))
      .sort((a, b) => a.seq - b.seq)
    const conflicts = [...this.conflicts.values()].filter(
      conflict => (conflict.resolution?.seq ?? conflict.seq) > since && mayRead(unit, conflict.unit),
    )
    return { rows, conflicts, since, cursor: this.cursor, more: false }
  }

  live(entity: EntityName): [string, MergeState][] {
    return [...this.view]
      .filter(([key, state]) => key.startsWith(`${entity}/`) && !state.deleted)
      .map(([key, state]) => [key.slice(entity.length + 1), state])
  }
}

/** Records of the hub that a laptop shows otherwise, after everything was delivered. */
export function differences(hub: ModelHub, device: ModelDevice): Key[] {
  const wrong: Key[] = []
  for (const [key, row] of hub.rows) {
    if (!mayRead(device.unit, row.unit)) continue
    const view = device.view.get(key)
    if (!view || !sameState(view, row)) wrong.push(key)
  }
  return wrong
}
