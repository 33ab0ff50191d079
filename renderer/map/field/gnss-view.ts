/**
 * Where the receiver is, for the map to draw; and corners of the tool in hand, for the application to set. Plain data in
 * both directions, put here by the application and by the map.
 */
import type { LngLat } from '../map-port.ts'
import type { Placing } from '../tools/tool.ts'

export interface GnssView {
  /** Null while there has been no position. */
  readonly place: LngLat | null
  /** Radius of the circle; null draws none. */
  readonly accuracyM: number | null
  /** Direction of movement, degrees clockwise from north; null while it stands. */
  readonly courseDegrees: number | null
  /** The position is old: drawn grey. */
  readonly isStale: boolean
  /** The map goes with the position. */
  readonly isFollowed: boolean
  /** The track that is being recorded or looked at. */
  readonly track: readonly LngLat[]
  /** Words for the marker. */
  readonly label: string
}

const NOWHERE: GnssView = {
  place: null,
  accuracyM: null,
  courseDegrees: null,
  isStale: false,
  isFollowed: false,
  track: [],
  label: '',
}

let view = NOWHERE
const listeners = new Set<() => void>()

export function gnssView(): GnssView {
  return view
}

export function setGnssView(change: Partial<GnssView>): void {
  view = { ...view, ...change }
  for (const listener of listeners) listener()
}

export function subscribeGnssView(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The tool in hand, as far as it takes corners. */
export interface CornerTaker {
  /** False when it took none. */
  add(place: LngLat): boolean
  placing(): Placing | null
}

let taker: CornerTaker | null = null

/** The map is there. Returns what to call when it goes. */
export function takeCorners(next: CornerTaker): () => void {
  taker = next
  return () => {
    if (taker === next) taker = null
  }
}

/** Null while there is no map. */
export function cornerTaker(): CornerTaker | null {
  return taker
}
