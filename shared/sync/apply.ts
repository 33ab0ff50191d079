/**
 * What becomes of one patch: the rules by which the hub, and a device that reads a bundle, take somebody else's change.
 * Pure logic over `HubState`; the caller runs it in one transaction and keeps receipts and the order of patches.
 */
import type { EntityName } from '../model/entity.ts'
import { type ColumnValue, changedFields, type MergeState, mergeRecord, NO_STATE, sameState } from './merge.ts'
import { invalidity } from './patch-check.ts'
import type { ConflictKind, SyncConflict, SyncPatch, SyncReceipt, SyncRow } from './protocol.ts'
import { mayWrite, type Reference, referencesOf, UNIT_OF_NONE, unitSource } from './scope.ts'
import { codeKey, provisionalCode, type UniqueCode, uniqueCodesOf } from './unique-codes.ts'

export interface HubState {
  row(entity: EntityName, id: string): Promise<SyncRow | undefined>
  /** States of the record in order: the last one at or before `seq` (if any) and all after it. */
  historySince(entity: EntityName, id: string, seq: number): Promise<SyncRow[]>
  /** A live record other than `id` that holds the code. */
  holder(code: UniqueCode, key: string, id: string): Promise<string | undefined>
  /** Live records that point at this one. */
  referring(entity: EntityName, id: string): Promise<SyncRow[]>
  /** Takes the next place of the survey's sequence. */
  nextSeq(): Promise<number>
  append(row: SyncRow): Promise<void>
  addConflict(conflict: SyncConflict, unit: string | null): Promise<void>
  conflictById(id: string): Promise<{ conflict: SyncConflict; unit: string | null } | undefined>
  resolve(id: string, resolution: NonNullable<SyncConflict['resolution']>): Promise<void>
  newId(): string
}

export interface Sender {
  readonly device: string
  /** Null for the county. */
  readonly unit: string | null
}

interface Found {
  readonly kind: ConflictKind
  readonly field: string | null
  readonly base: ColumnValue
  readonly mine: ColumnValue
  readonly theirs: ColumnValue
  readonly geometry?: SyncConflict['geometry']
  readonly theirsBy?: SyncRow
}

/** Applies one patch and gives its receipt. Never throws for what a device sent: that is a `refused` receipt. */
export async function applyPatch(state: HubState, sender: Sender, patch: SyncPatch): Promise<SyncReceipt> {
  const refuse = (reason: string): SyncReceipt => {
    return { patch: patch.id, status: 'refused', seq: null, conflicts: [], parallel: [], reason }
  }
  const wrong = invalidity(patch)
  if (wrong !== undefined) return refuse(wrong)
  const current = await state.row(patch.entity, patch.entity_id)
  if (!current && patch.op !== 'create') return refuse('unknown_record')

  const theirs: MergeState = current ?? NO_STATE
  const base = withBefore(current ? await baseOf(state, sender, patch) : NO_STATE, patch)
  const mine = withAfter(base, patch)
  const outcome = mergeRecord(base, mine, theirs)
  const conflicts: Found[] = outcome.conflicts.map(conflict => ({ ...conflict }))
  let merged = outcome.merged

  const before = current?.unit
  const allowed =
    mayWrite(sender.unit, before, await unitOf(state, patch.entity, merged.fields)) &&
    // A patch that loses must not speak about another unit's row either.
    mayWrite(sender.unit, before, await unitOf(state, patch.entity, mine.fields))
  if (!allowed) return refuse('out_of_scope')
  const decided = patch.resolves ? await state.conflictById(patch.resolves.conflict) : undefined
  if (patch.resolves) {
    const isOurs = decided && decided.conflict.entity === patch.entity && decided.conflict.entity_id === patch.entity_id
    if (!isOurs || !mayWrite(sender.unit, undefined, decided.unit)) return refuse('unknown_conflict')
    if (decided.conflict.resolution) return refuse('already_resolved')
  }

  if (merged.deleted && !theirs.deleted) {
    const user = await newReference(state, sender, patch)
    if (user) {
      conflicts.push({
        kind: 'reference',
        field: null,
        base: null,
        mine: 'deleted',
        theirs: `${user.entity}/${user.entity_id}`,
        theirsBy: user,
      })
      merged = { ...merged, deleted: false }
    }
  }
  if (!merged.deleted) {
    const wanted = merged
    for (const dangling of await danglingReferences(state, theirs, wanted, patch.entity)) conflicts.push(dangling)
    for (const code of uniqueCodesOf(patch.entity)) {
      const twin = await twinOf(state, code, merged, patch.entity_id)
      if (!twin) continue
      conflicts.push(twin.conflict)
      merged = withoutTwin(code, merged, theirs, current !== undefined, patch.entity_id)
    }
  }

  const unit = await unitOf(state, patch.entity, merged.fields)
  const isNew = !current || !sameState(merged, theirs) || unit !== current.unit
  if (!isNew && conflicts.length === 0 && !decided) {
    return receiptOf(patch, current.seq, [], outcome.parallel)
  }
  const seq = await state.nextSeq()
  const row: SyncRow = {
    seq,
    entity: patch.entity,
    entity_id: patch.entity_id,
    deleted: merged.deleted,
    fields: { ...merged.fields },
    geometry: merged.geometry,
    unit,
    patch: {
      id: patch.id,
      device: sender.device,
      user: patch.edit.user,
      at: patch.edit.at,
      label: patch.edit.label,
      reason: patch.edit.reason,
    },
  }
  if (isNew) await state.append(row)
  if (isNew && unit !== before) await moveChildren(state, row, 0)

  const ids: string[] = []
  for (const found of conflicts) {
    const id = state.newId()
    ids.push(id)
    await state.addConflict(conflictOf(id, seq, found, row, found.theirsBy ?? current, unit), unit)
  }
  if (decided && ids.length === 0 && patch.resolves) {
    const { take } = patch.resolves
    await state.resolve(patch.resolves.conflict, { take, user: patch.edit.user, device: sender.device, seq })
  }
  return receiptOf(patch, seq, ids, outcome.parallel)
}

function receiptOf(patch: SyncPatch, seq: number, conflicts: string[], parallel: readonly string[]): SyncReceipt {
  const status = conflicts.length > 0 ? 'conflict' : parallel.length > 0 ? 'merged' : 'applied'
  return { patch: patch.id, status, seq, conflicts, parallel: [...parallel], reason: null }
}

/** What the device had when it made the patch: the state at `base` with the device's own later changes, not others'. */
async function baseOf(state: HubState, sender: Sender, patch: SyncPatch): Promise<MergeState> {
  const states = await state.historySince(patch.entity, patch.entity_id, patch.base)
  let previous: MergeState = NO_STATE
  let had: MergeState = NO_STATE
  // A list that was merged holds others' members too, which the device has not seen: that is not what it had.
  const others = new Set<string>()
  for (const row of states) {
    const changed = changedFields(previous, row)
    if (row.seq <= patch.base) had = row
    else if (row.patch.device !== sender.device) for (const field of changed) others.add(field)
    else {
      const fields = { ...had.fields }
      for (const field of changed) if (!others.has(field)) fields[field] = row.fields[field] ?? null
      had = {
        deleted: row.deleted === previous.deleted ? had.deleted : row.deleted,
        fields,
        geometry: row.geometry === previous.geometry ? had.geometry : row.geometry,
      }
    }
    previous = row
  }
  return had
}

/** The device's own words on what was there before win over what was worked out. Also the step of rebase.ts. */
export function withBefore(base: MergeState, patch: SyncPatch): MergeState {
  const fields = { ...base.fields }
  for (const [field, [old]] of Object.entries(patch.fields)) fields[field] = old
  const deleted = patch.op === 'restore' ? true : patch.op === 'delete' ? false : base.deleted
  return { deleted, fields, geometry: patch.geometry ? patch.geometry.from : base.geometry }
}

export function withAfter(base: MergeState, patch: SyncPatch): MergeState {
  const fields = { ...base.fields }
  for (const [field, [, now]] of Object.entries(patch.fields)) fields[field] = now
  const deleted = patch.op === 'delete' ? true : patch.op === 'update' ? base.deleted : false
  return { deleted, fields, geometry: patch.geometry ? patch.geometry.to : base.geometry }
}

async function unitOf(state: HubState, entity: EntityName, fields: SyncRow['fields']): Promise<string | null> {
  const source = unitSource(entity, fields)
  if ('unit' in source) return source.unit
  const parent = await state.row(source.parent.entity, source.parent.id)
  return parent?.unit ?? UNIT_OF_NONE
}

/** A live record that somebody else pointed at this one, unseen by the device that deletes it. */
async function newReference(state: HubState, sender: Sender, patch: SyncPatch): Promise<SyncRow | undefined> {
  const referring = await state.referring(patch.entity, patch.entity_id)
  return referring.find(row => row.seq > patch.base && row.patch.device !== sender.device)
}

/** References that the patch brought and whose target has been deleted. */
async function danglingReferences(
  state: HubState,
  before: MergeState,
  after: MergeState,
  entity: EntityName,
): Promise<Found[]> {
  const found: Found[] = []
  // Where a parcel comes from is history: the parcel that was split is deleted by the very same step.
  const isNewReference = ({ field, id }: Reference): boolean =>
    field !== 'parent_id' && (before.deleted || before.fields[field] !== id)
  for (const reference of referencesOf(entity, after.fields).filter(isNewReference)) {
    const target = await state.row(reference.entity, reference.id)
    if (!target?.deleted) continue
    const { field, id } = reference
    found.push({ kind: 'reference', field, base: null, mine: id, theirs: 'deleted', theirsBy: target })
  }
  return found
}

async function twinOf(
  state: HubState,
  code: UniqueCode,
  merged: MergeState,
  id: string,
): Promise<{ conflict: Found } | undefined> {
  const key = codeKey(code, merged)
  if (key === undefined) return undefined
  const other = await state.holder(code, key, id)
  if (other === undefined) return undefined
  const theirsBy = await state.row(code.entity, other)
  const isSingle = code.fields.length === 1 && code.twin !== 'delete'
  const field = isSingle ? code.fields[0]! : null
  const mine = isSingle ? (merged.fields[code.fields[0]!] ?? null) : key
  return { conflict: { kind: 'twin_code', field, base: null, mine, theirs: other, theirsBy } }
}

function withoutTwin(
  code: UniqueCode,
  merged: MergeState,
  theirs: MergeState,
  isKnown: boolean,
  id: string,
): MergeState {
  if (code.twin === 'delete') return { ...merged, deleted: true }
  const field = code.fields[0]!
  const wanted = merged.fields[field] ?? null
  const held = isKnown && !theirs.deleted ? (theirs.fields[field] ?? null) : null
  const kept = held !== null && held !== wanted ? held : null
  const value = kept ?? (code.twin === 'clear' ? null : provisionalCode(String(wanted), id))
  return { ...merged, fields: { ...merged.fields, [field]: value } }
}

/** Children belong where their parent belongs: they follow it, each with a new place in the sequence. */
async function moveChildren(state: HubState, parent: SyncRow, depth: number): Promise<void> {
  if (depth > 6) return
  for (const child of await state.referring(parent.entity, parent.entity_id)) {
    const unit = await unitOf(state, child.entity, child.fields)
    if (unit === child.unit) continue
    const moved: SyncRow = { ...child, unit, seq: await state.nextSeq() }
    await state.append(moved)
    await moveChildren(state, moved, depth + 1)
  }
}

function conflictOf(
  id: string,
  seq: number,
  found: Found,
  mine: SyncRow,
  theirs: SyncRow | undefined,
  unit: string | null,
): SyncConflict {
  const by = (row: SyncRow): SyncConflict['mine_by'] => ({
    device: row.patch.device,
    user: row.patch.user,
    at: row.patch.at,
    patch: row.patch.id,
  })
  // Another unit's author is nobody's business.
  const isVisible = theirs !== undefined && (theirs.unit === unit || theirs.unit === null)
  const { kind, field, base, geometry } = found
  return {
    id,
    seq,
    entity: mine.entity,
    entity_id: mine.entity_id,
    unit,
    kind,
    field,
    base,
    mine: found.mine,
    theirs: found.theirs,
    ...(geometry ? { geometry } : {}),
    mine_by: by(mine),
    theirs_by: isVisible ? by(theirs) : { device: 'hub', user: '', at: '', patch: 'hub' },
    resolution: null,
  }
}
