/**
 * What the field work shows on the map besides parcels: basemap sources and photos. Plain data put here by the
 * application; the map draws it (`field-layers.ts`). No Leaflet object goes through here.
 */
import type { LngLat } from '../map-port.ts'

export interface PhotoPlace extends LngLat {
  readonly id: string
  readonly name: string
  /** Degrees clockwise from north, or null. */
  readonly azimuth: number | null
}

export interface BasemapView {
  readonly id: string
  readonly kind: 'raster' | 'vector'
  /** How its tiles divide the world. */
  readonly grid: 'mercator' | 'geographic'
  /** How many levels up a blank tile is looked for; a picture in one piece has no other levels. */
  readonly parents: number
  /** Limits that a person set, or null. */
  readonly shownFrom: number | null
  readonly shownTo: number | null
  readonly minZoom: number
  /** Deeper tiles are enlarged from this one. */
  readonly maxZoom: number
  readonly opacity: number
  /** The tiles are shifted as Chinese web maps are. */
  readonly gcj02: boolean
  /** Changes when the file behind it did, so that no old tile is shown. */
  readonly version: string
}

export interface TileBytes {
  readonly bytes: Uint8Array
  readonly type: string
}

export type ReadTile = (source: string, z: number, x: number, y: number) => Promise<TileBytes | null>

export interface FieldState {
  /** Null hides them. */
  readonly photos: readonly PhotoPlace[] | null
  /** From the bottom up. */
  readonly basemaps: readonly BasemapView[]
  /** A tile in Web Mercator z/x/y; null where the source is blank. */
  readonly readTile: ReadTile | null
  readonly onPhoto: ((id: string) => void) | null
}

let state: FieldState = { photos: null, basemaps: [], readTile: null, onPhoto: null }
const listeners = new Set<() => void>()

export function fieldState(): FieldState {
  return state
}

export function setField(change: Partial<FieldState>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

export function subscribeField(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
