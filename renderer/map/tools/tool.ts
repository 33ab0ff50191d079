/**
 * What a map tool is: a state machine outside React. It gets pointer places and keys, asks through a narrow context, and
 * shows a sketch. Exactly one is active; leaving disposes of everything it showed.
 */

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
  /** Held down to place a vertex freely, without snapping. */
  readonly isFree: boolean
}

export interface KeyInput {
  /** As `KeyboardEvent.key`. */
  readonly key: string
  /** Ctrl, or Cmd on a Mac. */
  readonly isCommand: boolean
  readonly isShift: boolean
}

export interface ToolContext {
  toPixel(position: Readonly<Position>): PixelPlace
  toPosition(pixel: PixelPlace): Position
  /** Parcels at a place, smallest first. */
  pick(place: PixelPlace): Promise<string | null>
  parcel(id: string): Promise<ParcelSource>
  neighbours(box: readonly [number, number, number, number], excludeId: string | null): Promise<readonly Neighbour[]>
  check(geometry: SketchGeometry, excludeId: string | null): Promise<GeometryCheck>
  /** Null takes the sketch away. */
  show(sketch: Sketch | null): void
  /** The parcel that the tool draws itself, by local key, so that its tile picture is hidden; null for none. */
  hide(pk: number | null): void
  select(id: string | null): void
  /** Asks the application to write. Rejects when it was not written. */
  drawn(geometry: SketchGeometry): Promise<void>
  edited(parcel: { readonly id: string; readonly baseRev: number }, geometry: SketchGeometry): Promise<void>
  removed(parcel: { readonly id: string; readonly code: string }): Promise<void>
  /** Back to the select tool. */
  leave(): void
  problem(error: unknown): void
  selectedId(): string | null
}

export interface Tool {
  enter(): void
  exit(): void
  /** True when the tool uses the gesture, so that the map must not pan or zoom with it. */
  onPointer(input: PointerInput): boolean
  /** True when the key was used. */
  onKey(input: KeyInput): boolean
  /** The view moved or zoomed: places in pixels are new. */
  onView?(): void
}
