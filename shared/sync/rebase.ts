/**
 * What a device shows: the hub's newest state of a record with the device's own patches on top that the hub has not
 * answered yet (or whose answer has not come down yet), each taken as the hub would take it. Pure.
 */
import { withAfter, withBefore } from './apply.ts'
import { type MergeState, mergeRecord, NO_STATE } from './merge.ts'
import type { SyncPatch } from './protocol.ts'

export interface HubBase extends MergeState {
  readonly seq: number
  /** Device that made this state at the hub. */
  readonly device: string
}

/**
 * `base` with `patches` (oldest first) on top. Where both changed the same thing the hub's value stands, as it will once
 * the hub has answered; the device's own stays in the outbox and, after that, in the conflict. Undefined when the hub has
 * no state and no patch makes the record.
 */
export function viewOf(base: HubBase | undefined, patches: readonly SyncPatch[], self: string): MergeState | undefined {
  if (!base && !patches.some(patch => patch.op === 'create')) return undefined
  let state: MergeState = base ? { deleted: base.deleted, fields: base.fields, geometry: base.geometry } : NO_STATE
  for (const patch of patches) {
    // Somebody else changed the record since: the hub lets it live and asks a person.
    if (patch.op === 'delete' && base && base.seq > patch.base && base.device !== self) continue
    const before = withBefore(state, patch)
    state = mergeRecord(before, withAfter(before, patch), state).merged
  }
  return state
}
