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
  /** Device that each receipt was given to first. */
  readonly #givenTo = new Map<string, string>()
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

  /**
   * As hub/storage/exchange.ts: known patches give their receipts again, to another name of the laptop too, under its own
   * numbers; a missing number refuses the whole push.
   */
  async push(device: string, unit: string | null, patches: readonly SyncPatch[]): Promise<SyncReceipt[]> {
    const sorted = [...patches].sort((a, b) => a.device_seq - b.device_seq)
    let next = (this.lastSeq.get(device) ?? 0) + 1
    for (const patch of sorted) {
      const first = this.#givenTo.get(patch.id)
      if (first === device || (first !== undefined && patch.device_seq < next)) continue
      if (patch.device_seq !== next) throw new Gap(String(next))
      next += 1
    }
    this.lastSeq.set(device, next - 1)
    const receipts: SyncReceipt[] = []
    for (const patch of sorted) {
      let receipt = this.receipts.get(patch.id)
      if (!receipt) {
        receipt = await applyPatch(this, { device, unit }, patch)
        this.receipts.set(patch.id, receipt)
        this.#givenTo.set(patch.id, device)
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

export interface Sent {
  readonly patch: SyncPatch
  /** Made under a name that the laptop had before. */
  isOlder: boolean
  state: 'waiting' | 'confirmed' | 'settled' | 'refused'
  seq: number | null
}

const NEW_YEAR = Date.UTC(2027, 0, 1)

/** All that stands in the survey file. */
interface Stored {
  name: number
  unit: string | null
  cursor: number
  nextSeq: number
  base: Map<Key, SyncRow>
  view: Map<Key, MergeState>
  outbox: Sent[]
  conflicts: Map<string, SyncConflict>
  decided: Set<string>
}

/** Rows, states and patches are never changed in place. */
function copyOf(is: Stored): Stored {
  return {
    ...is,
    base: new Map(is.base),
    view: new Map(is.view),
    outbox: is.outbox.map(sent => ({ ...sent })),
    conflicts: new Map(is.conflicts),
    decided: new Set(is.decided),
  }
}

export class ModelDevice {
  readonly #person: string
  readonly #made: (clock: number) => string
  #is: Stored
  /** Milliseconds that its clock is off. */
  skew = 0
  /** Too old for the hub until it is updated. */
  isOutdated = false

  constructor(person: string, unit: string | null, newId: (clock: number) => string) {
    this.#person = person
    this.#made = newId
    this.#is = {
      name: 1,
      unit,
      cursor: 0,
      nextSeq: 1,
      base: new Map(),
      view: new Map(),
      outbox: [],
      conflicts: new Map(),
      decided: new Set(),
    }
  }

  get id(): string {
    return this.#is.name === 1 ? this.#person : `${this.#person}.${this.#is.name}`
  }
  get unit(): string | null {
    return this.#is.unit
  }
  get cursor(): number {
    return this.#is.cursor
  }
  get base(): Map<Key, SyncRow> {
    return this.#is.base
  }
  get view(): Map<Key, MergeState> {
    return this.#is.view
  }
  get outbox(): readonly Sent[] {
    return this.#is.outbox
  }
  get conflicts(): ReadonlyMap<string, SyncConflict> {
    return this.#is.conflicts
  }
  get decided(): Set<string> {
    return this.#is.decided
  }

  /** What is done in `work` never reaches the disk: the power fails before its transaction ends. */
  powerCut(work: () => void): void {
    const before = copyOf(this.#is)
    work()
    this.#is = before
  }

  newId(): string {
    return this.#made(NEW_YEAR + this.skew)
  }

  /** As service/sync/enrol.ts: a new name that counts from 1; what has no receipt goes again under its old id. */
  enrolAnew(unit: string | null): void {
    const is = this.#is
    is.name += 1
    is.nextSeq = 1
    if (unit !== is.unit) is.cursor = 0
    is.unit = unit
    is.outbox = is.outbox.map(sent => {
      if (sent.state !== 'waiting') return { ...sent, isOlder: true }
      const patch = { ...sent.patch, device_seq: is.nextSeq }
      is.nextSeq += 1
      return { ...sent, patch, isOlder: true }
    })
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
      id: this.newId(),
      device_seq: this.#is.nextSeq,
      entity,
      entity_id: id,
      op,
      base: this.base.get(key)?.seq ?? 0,
      fields,
      ...(geometry ? { geometry } : {}),
      edit: {
        id: 'edit',
        label: 'updated',
        user: this.#person,
        at: new Date(NEW_YEAR + this.skew).toISOString(),
        reason: null,
      },
      ...(resolves ? { resolves } : {}),
    }
    this.#is.nextSeq += 1
    this.#is.outbox.push({ patch, isOlder: false, state: 'waiting', seq: null })
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

  /** Carried ones may be of a name that the laptop had before: its numbers would have a gap. */
  takeReceipts(receipts: readonly SyncReceipt[], isCarried = false): void {
    for (const receipt of receipts) {
      const sent = this.outbox.find(({ patch }) => patch.id === receipt.patch)
      if (sent?.state !== 'waiting' || (isCarried && sent.isOlder)) continue
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
      if (!known?.resolution) this.#is.conflicts.set(conflict.id, conflict)
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
    this.#is.cursor = Math.max(this.cursor, page.cursor)
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
