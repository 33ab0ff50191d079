/**
 * What a map tool is: a state machine outside React. It gets pointer places and keys, asks through a narrow context, and
 * shows a sketch. Exactly one is active; leaving disposes of everything it showed.
 */

import type { EditedParcels } from '../../../shared/contract/parcel-edits.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import type { GeometryCheck, Neighbour, ParcelSource, Sketch, SketchGeometry } from './sketch.ts'

export interface PixelPlace {
  readonly x: number
  readonly y: number
}

export interface PointerInput extends PixelPlace {
  readonly kind: 'move' | 'down' | 'up' | 'click' | 'double' | 'context'
  readonly lng: number
  readonly lat: number
  /** Alt held down: places a corner freely, without snapping. */
  readonly isFree: boolean
  /** Shift held down: the right-angle aid; with a click on a parcel, several are chosen. */
  readonly isShift: boolean
}

export interface KeyInput {
  /** As `KeyboardEvent.key`. */
  readonly key: string
  /** Ctrl, or Cmd on a Mac. */
  readonly isCommand: boolean
  readonly isShift: boolean
}

/** A parcel at the revision that the person saw. */
export type BasedOn = Pick<ParcelSource, 'id' | 'rev'>

export interface Reshaped extends BasedOn {
  readonly geometry: SketchGeometry
}

export interface ToolContext {
  toPixel(position: Readonly<Position>): PixelPlace
  toPosition(pixel: PixelPlace): Position
  /** Parcels at a place, smallest first. */
  pick(place: PixelPlace): Promise<string | null>
  /** The same for selecting: the parcel is set off at once, as its tile draws it, and answered when that has been seen. */
  pickToSelect(place: PixelPlace): Promise<string | null>
  /** What was picked will not be selected. */
  dropPicked(): void
  parcel(id: string): Promise<ParcelSource>
  neighbours(box: readonly [number, number, number, number], excludeId: string | null): Promise<readonly Neighbour[]>
  /** Parcels that share corners with a parcel, and those that share corners with them. */
  around(id: string): Promise<readonly Neighbour[]>
  /** What outlines would mean if they were saved in one edit; an id is the parcel that an outline replaces. */
  check(outlines: readonly { id: string | null; geometry: SketchGeometry }[]): Promise<GeometryCheck>
  /** What an edit would make, without writing. */
  preview: {
    atBoundary(parcel: BasedOn): Promise<EditedParcels>
    merge(parcels: readonly BasedOn[]): Promise<EditedParcels>
    cutOut(parcel: BasedOn, givesWay: 'parcel' | 'neighbours'): Promise<EditedParcels>
  }
  /** Null takes the sketch away. */
  show(sketch: Sketch | null): void
  /** Parcels that the tool draws itself, by local key, so that their tile pictures are hidden. */
  hide(pks: readonly number[]): void
  select(id: string | null): void
  /** Asks the application to write. Each is one step of undo and rejects when it was not written. */
  drawn(geometry: SketchGeometry): Promise<void>
  reshaped(parcels: readonly Reshaped[], label: EditLabel): Promise<void>
  split(parcel: BasedOn, line: readonly Readonly<Position>[]): Promise<void>
  splitAtBoundary(parcel: BasedOn): Promise<void>
  merged(parcels: readonly BasedOn[]): Promise<void>
  cutOut(parcel: BasedOn, givesWay: 'parcel' | 'neighbours'): Promise<void>
  removed(parcel: { readonly id: string; readonly code: string }): Promise<void>
  /** Takes the merge tool with these parcels in hand. */
  startMerge(ids: readonly string[]): void
  /** Parcels that the merge tool was taken with; empty the second time. */
  takePicked(): readonly string[]
  /** Back to the select tool. */
  leave(): void
  problem(error: unknown): void
  selectedId(): string | null
}

/** Key of the catalogue (`edit.<label>`) and what its words need. */
export interface EditLabel {
  readonly label: string
  readonly values?: Readonly<Record<string, string>>
}

/** What becomes of a corner from elsewhere. */
export type Placing =
  /** A new corner, the `number`th of the drawing. */
  | { readonly kind: 'add'; readonly number: number }
  /** A stored corner moves; `vertex` is its name, such as J3. */
  | {
      readonly kind: 'move'
      readonly parcelId: string
      readonly code: string
      readonly vertex: string
      readonly from: Position
    }
  /** Outlines are edited, and no corner has been clicked. */
  | { readonly kind: 'choose' }

export interface Tool {
  enter(): void
  exit(): void
  /** True when the tool uses the gesture, so that the map must not pan or zoom with it. */
  onPointer(input: PointerInput): boolean
  /** True when the key was used. */
  onKey(input: KeyInput): boolean
  /** A corner from elsewhere, such as a position fix. True when the tool took it. */
  onPlace?(position: Readonly<Position>): boolean
  /** What `onPlace` would do now; null when it takes no corner. */
  placing?(): Placing | null
  /** Stored parcels changed: by id, null for any. What the tool was based on may be old. */
  onChanged?(ids: readonly string[] | null): void
  /** The view moved or zoomed: places in pixels are new. */
  onView?(): void
}
