/**
 * The one three-way merge of device, hub and bundle (DESIGN §9). Pure: no clock, no storage. `theirs` is what the hub
 * holds and stands wherever both sides changed the same thing; what does not stand is kept in a conflict.
 */
import type { ConflictKind } from './protocol.ts'

/** Values in column form, as they stand in the survey file; lists and objects are JSON text. */
export type ColumnValue = string | number | null

/** One record without stamps and derived fields. `geometry` is base64 of the GeoPackage binary. */
export interface MergeState {
  readonly deleted: boolean
  readonly fields: Readonly<Record<string, ColumnValue>>
  readonly geometry: string | null
}

export interface MergeConflict {
  readonly kind: ConflictKind
  /** Null for outline and deletion. */
  readonly field: string | null
  /** For a deletion against an edit: JSON of the fields that either side changed, as that side has them. */
  readonly base: ColumnValue
  readonly mine: ColumnValue
  readonly theirs: ColumnValue
  readonly geometry?: { readonly base: string | null; readonly mine: string | null; readonly theirs: string | null }
}

export interface MergeResult {
  readonly merged: MergeState
  readonly conflicts: readonly MergeConflict[]
  /** Fields (`geometry` for the outline) that they changed while mine changed others. */
  readonly parallel: readonly string[]
}

/** What both sides had before the record was there. */
export const NO_STATE: MergeState = { deleted: false, fields: {}, geometry: null }

/** Lists whose order has a meaning (the lead department stands first): they are merged as one value. */
const ORDERED_LISTS: ReadonlySet<string> = new Set(['departments'])

/**
 * Merges `mine` into `theirs`. Fields absent from a state count as null.
 *
 * - Only one side changed a field: its value. Both changed it to the same: no conflict.
 * - Both changed it differently: lists of which members were only added or taken away merge as sets, everything else is a
 *   conflict (`field`, for outlines `geometry`).
 * - One side deleted what the other edited: `delete_edit` (mine deletes) or `edit_delete`; theirs stands as a whole.
 */
export function mergeRecord(base: MergeState, mine: MergeState, theirs: MergeState): MergeResult {
  const mineChanged = changedFields(base, mine)
  const theirsChanged = changedFields(base, theirs)
  const against = deletionAgainstEdit(base, mine, theirs, mineChanged, theirsChanged)
  if (against) return { merged: theirs, conflicts: [against], parallel: [] }

  const fields: Record<string, ColumnValue> = { ...theirs.fields }
  const conflicts: MergeConflict[] = []
  const collided = new Set<string>()
  for (const field of mineChanged) {
    const before = fieldValue(base, field)
    const own = fieldValue(mine, field)
    const other = fieldValue(theirs, field)
    if (other === before || other === own) {
      fields[field] = own
      continue
    }
    collided.add(field)
    const list = ORDERED_LISTS.has(field) ? undefined : mergeLists(before, own, other)
    if (list !== undefined) fields[field] = list
    else conflicts.push({ kind: 'field', field, base: before, mine: own, theirs: other })
  }

  let geometry = theirs.geometry
  const isOutlineMine = mine.geometry !== base.geometry
  const isOutlineTheirs = theirs.geometry !== base.geometry
  if (isOutlineMine && isOutlineTheirs && mine.geometry !== theirs.geometry) {
    conflicts.push({
      kind: 'geometry',
      field: null,
      base: null,
      mine: null,
      theirs: null,
      geometry: { base: base.geometry, mine: mine.geometry, theirs: theirs.geometry },
    })
  } else if (isOutlineMine) geometry = mine.geometry

  const isMineEdited = mineChanged.length > 0 || isOutlineMine || mine.deleted !== base.deleted
  const parallel = isMineEdited ? theirsChanged.filter(field => !mineChanged.includes(field)) : []
  // A list merged as a set has members from both sides: that is a parallel change too.
  for (const field of collided) if (!conflicts.some(conflict => conflict.field === field)) parallel.push(field)
  if (isMineEdited && isOutlineTheirs && !isOutlineMine) parallel.push('geometry')
  const deleted = mine.deleted === base.deleted ? theirs.deleted : mine.deleted
  return { merged: { deleted, fields, geometry }, conflicts, parallel: parallel.sort() }
}

/** Names of the fields in which `state` differs from `base`, sorted. */
export function changedFields(base: MergeState, state: MergeState): string[] {
  const names = new Set([...Object.keys(base.fields), ...Object.keys(state.fields)])
  return [...names].filter(name => fieldValue(base, name) !== fieldValue(state, name)).sort()
}

/** True when nothing but absent-or-null differs between the states. */
export function sameState(a: MergeState, b: MergeState): boolean {
  return a.deleted === b.deleted && a.geometry === b.geometry && changedFields(a, b).length === 0
}

function fieldValue(state: MergeState, field: string): ColumnValue {
  return Object.hasOwn(state.fields, field) ? state.fields[field]! : null
}

function deletionAgainstEdit(
  base: MergeState,
  mine: MergeState,
  theirs: MergeState,
  mineChanged: readonly string[],
  theirsChanged: readonly string[],
): MergeConflict | undefined {
  if (mine.deleted === theirs.deleted) return undefined
  const isMineEdited = mineChanged.length > 0 || mine.geometry !== base.geometry
  const isTheirsEdited = theirsChanged.length > 0 || theirs.geometry !== base.geometry
  const isMineDeletion = mine.deleted && !base.deleted
  const isTheirsDeletion = theirs.deleted && !base.deleted
  if (!(isMineDeletion && isTheirsEdited) && !(isTheirsDeletion && isMineEdited)) return undefined
  const names = [...new Set([...mineChanged, ...theirsChanged])].sort()
  const values = (state: MergeState): string =>
    JSON.stringify(Object.fromEntries(names.map(name => [name, fieldValue(state, name)])))
  return {
    kind: isMineDeletion ? 'delete_edit' : 'edit_delete',
    field: null,
    base: values(base),
    mine: values(mine),
    theirs: values(theirs),
    geometry: { base: base.geometry, mine: mine.geometry, theirs: theirs.geometry },
  }
}

/**
 * Members that either side added stay, members that either side took away go; what is common keeps its order. Undefined
 * when a value is no plain list, a member is repeated, or a side changed the order of what was there.
 */
function mergeLists(base: ColumnValue, mine: ColumnValue, theirs: ColumnValue): ColumnValue | undefined {
  const [before, own, other] = [base, mine, theirs].map(plainList)
  if (!before || !own || !other || !keepsOrder(before, own) || !keepsOrder(before, other)) return undefined
  const kept = other.filter(member => !before.includes(member) || own.includes(member))
  const added = own.filter(member => !before.includes(member) && !other.includes(member))
  return JSON.stringify([...kept, ...added])
}

type Scalar = string | number | boolean

function plainList(value: ColumnValue | undefined): Scalar[] | undefined {
  if (value === null) return []
  if (typeof value !== 'string' || !value.startsWith('[')) return undefined
  let list: unknown
  try {
    list = JSON.parse(value)
  } catch {
    return undefined
  }
  if (!Array.isArray(list) || new Set(list).size !== list.length) return undefined
  const isPlain = list.every(member => ['string', 'number', 'boolean'].includes(typeof member))
  return isPlain ? (list as Scalar[]) : undefined
}

function keepsOrder(before: readonly Scalar[], after: readonly Scalar[]): boolean {
  const wasBefore = after.filter(member => before.includes(member))
  const stayed = before.filter(member => after.includes(member))
  return wasBefore.every((member, index) => member === stayed[index])
}
