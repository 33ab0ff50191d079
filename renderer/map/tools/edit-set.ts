/**
 * The outlines in hand while corners are edited: the parcel, and the neighbours that share corners with it, all with common
 * corners. Gestures are steps that can be taken back; what differs from the beginning is what has to be written.
 */
import { nodeTogether } from '../../../shared/geometry/edit/noding.ts'
import type { Outline } from '../../../shared/geometry/edit/outline.ts'
import { deleteShared, insertShared, moveShared, type Outlines } from '../../../shared/geometry/edit/shared-vertices.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { type Corner, cornerNumber, positionOf } from './corners.ts'
import { openPolygons, type ParcelSource } from './sketch.ts'
import { type SnapTarget, snapTarget } from './snapping.ts'
import type { EditLabel } from './tool.ts'

interface Step {
  readonly outlines: Outlines
  readonly label: string
  readonly corner: Corner
}

export interface EditSet {
  readonly parcel: ParcelSource
  readonly around: readonly ParcelSource[]
  /** The outline of the parcel in hand as it is now. */
  outline(): Outline
  /** Parcels whose outlines differ from what is stored. */
  changed(): { readonly parcel: ParcelSource; readonly outline: Outline }[]
  isChanged(): boolean
  hasCode(code: string): boolean
  /** Outlines to snap to: all but the parcel's own. */
  targets(): SnapTarget[]
  /** A gesture begins; `commit` makes it a step, `cancel` takes it back. */
  begin(label: string, corner: Corner): void
  move(corner: Corner, to: Position, follows: boolean): void
  insert(after: Corner, position: Position, follows: boolean): void
  /** A step by itself; why it was refused, or null. */
  remove(corner: Corner, follows: boolean): 'minimum' | 'junction' | null
  commit(): void
  cancel(): void
  undo(): boolean
  redo(): boolean
  reset(): void
  /** Everything has been written. */
  forget(): void
  /** Names the edit: the gesture, when there was one only. */
  label(): EditLabel
}

export function createEditSet(parcel: ParcelSource, around: readonly ParcelSource[]): EditSet {
  const all = new Map([parcel, ...around].map(source => [source.id, source]))
  let base: Outlines = nodeTogether(
    new Map([...all].map(([id, source]): [string, Outline] => [id, openPolygons(source.geometry)])),
  )
  let outlines = base
  let gesture: Step | null = null
  let past: readonly Step[] = []
  let future: readonly Step[] = []

  const codes = new Set([...all.values()].map(source => source.code))
  const own = (): Outline => outlines.get(parcel.id)!
  /** Applies a change to all outlines, or to the parcel's own only. */
  const apply = (follows: boolean, change: (some: Outlines) => Outlines): void => {
    if (follows) outlines = change(outlines)
    else outlines = new Map([...outlines, ...change(new Map([[parcel.id, own()]]))])
  }
  const travel = (back: boolean): boolean => {
    const step = (back ? past : future).at(-1)
    if (!step) return false
    const here = { ...step, outlines }
    past = back ? past.slice(0, -1) : [...past, here]
    future = back ? [...future, here] : future.slice(0, -1)
    outlines = step.outlines
    return true
  }
  const finish = (step: Step): void => {
    // Where a corner came to lie on a neighbour's edge the neighbour gets it too.
    outlines = nodeTogether(outlines)
    past = [...past, step]
    future = []
  }

  return {
    parcel,
    around,
    outline: own,
    changed: () =>
      [...outlines]
        .filter(([id, outline]) => outline !== base.get(id))
        .map(([id, outline]) => ({ parcel: all.get(id)!, outline })),
    isChanged: () => past.length > 0,
    hasCode: code => codes.has(code),
    targets: () =>
      [...outlines].filter(([id]) => id !== parcel.id).map(([id, outline]) => snapTarget(all.get(id)!.code, outline)),
    begin(label, corner) {
      gesture = { outlines, label, corner }
    },
    move(corner, to, follows) {
      const from = positionOf(own(), corner)
      apply(follows, some => moveShared(some, from, to))
    },
    insert(after, position, follows) {
      const ring = own()[after.polygon]![after.ring]!
      const [a, b] = [ring[after.vertex]!, ring[(after.vertex + 1) % ring.length]!]
      apply(follows, some => insertShared(some, a, b, position))
    },
    remove(corner, follows) {
      const some: Outlines = follows ? outlines : new Map([[parcel.id, own()]])
      const deletion = deleteShared(some, positionOf(own(), corner))
      if ('refused' in deletion) return deletion.refused
      const step = { outlines, label: 'vertex_removed', corner }
      outlines = new Map([...outlines, ...deletion.outlines])
      finish(step)
      return null
    },
    commit() {
      if (gesture) finish(gesture)
      gesture = null
    },
    cancel() {
      if (gesture) outlines = gesture.outlines
      gesture = null
    },
    undo: () => travel(true),
    redo: () => travel(false),
    reset() {
      outlines = base
      past = []
      future = []
      gesture = null
    },
    forget() {
      base = outlines
      past = []
      future = []
    },
    label() {
      const [step] = past
      if (past.length !== 1 || !step)
        return { label: changedCount(outlines, base) > 1 ? 'outlines_edited' : 'outline_edited' }
      return { label: step.label, values: { vertex: nameOf(step) } }
    },
  }
}

function changedCount(outlines: Outlines, base: Outlines): number {
  return [...outlines].filter(([id, outline]) => outline !== base.get(id)).length
}

function nameOf({ outlines, corner }: Step): string {
  const [outline] = outlines.values()
  return `J${cornerNumber(outline!, corner)}`
}
