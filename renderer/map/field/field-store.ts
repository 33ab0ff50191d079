/**
 * What the field work shows on the map besides parcels: basemap sources, photos, the receiver's position. Plain data put
 * here by the application; the map draws it (`field-layers.ts`). No Leaflet object goes through here.
 */
import { useSyncExternalStore } from 'react'
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
  readonly minZoom: number
  /** Deeper tiles are enlarged from this one. */
  readonly maxZoom: number
  readonly opacity: number
  /** Changes when the file behind it did, so that no old tile is shown. */
  readonly version: string
}

export interface TileBytes {
  readonly bytes: Uint8Array
  readonly type: string
}

export interface Fix extends LngLat {
  /** Radius in metres that holds the position with 95 %; null when the receiver does not say. */
  readonly accuracyM: number | null
}

export interface FieldState {
  /** Null hides them. */
  readonly photos: readonly PhotoPlace[] | null
  /** From the bottom up. */
  readonly basemaps: readonly BasemapView[]
  /** A tile of z/x/y with 256 px; null where the source is blank. */
  readonly readTile: ((source: string, z: number, x: number, y: number) => Promise<TileBytes | null>) | null
  readonly fix: Fix | null
  readonly track: readonly LngLat[]
  readonly onPhoto: ((id: string) => void) | null
  /** Set by the map: gives a corner to the tool in use; false when none takes corners now. */
  readonly addCorner: ((lng: number, lat: number) => boolean) | null
}

let state: FieldState = {
  photos: null,
  basemaps: [],
  readTile: null,
  fix: null,
  track: [],
  onPhoto: null,
  addCorner: null,
}
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

export function useField<T>(select: (state: FieldState) => T): T {
  return useSyncExternalStore(subscribeField, () => select(state))
}
