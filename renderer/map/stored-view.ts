/** Where the map stood when it was last closed. Apart from the map, because the window's entry asks before Leaflet is there. */
import type { LngLat } from './map-port.ts'

/** A place of the map; `file` is the survey it was seen in. */
export interface StoredView {
  readonly centre: LngLat
  readonly zoom: number
  readonly file: string
}

const VIEW_KEY = 'map-view'

/** Whatever the survey; null when nothing usable is remembered. */
export function storedView(): StoredView | null {
  try {
    const stored = JSON.parse(localStorage.getItem(VIEW_KEY) ?? 'null') as Partial<StoredView> | null
    const numbers = [stored?.centre?.lng, stored?.centre?.lat, stored?.zoom]
    return numbers.every(Number.isFinite) && typeof stored?.file === 'string' ? (stored as StoredView) : null
  } catch {
    return null
  }
}

export function storeView(view: StoredView): void {
  localStorage.setItem(VIEW_KEY, JSON.stringify(view))
}
