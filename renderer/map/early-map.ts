/**
 * The map before the window: most starts end on the map where it stood last, so it is drawn from the remembered view while
 * the rest of the window's code is read and run. Lies where the frame will leave room for it; the map page takes it over.
 */

import type { TileSource } from './map-port.ts'
import { type StartedMap, type StartOptions, startMap } from './map-start.ts'
import { acquirePainter } from './painting/painter-link.ts'
import type { StoredView } from './stored-view.ts'

export interface EarlyMap {
  readonly started: StartedMap
  /** The survey whose view it shows, as far as the window remembers. */
  readonly file: string
}

let early: (EarlyMap & { readonly room: HTMLElement }) | null = null

export function startEarlyMap(
  view: StoredView,
  options: Pick<StartOptions, 'source' | 'language' | 'reducedMotion'>,
): EarlyMap {
  const room = document.createElement('div')
  room.className = 'map-early'
  document.body.append(room)
  early = { room, started: startMap(room, { ...options, view, extent: null, dark: false }), file: view.file }
  return early
}

/** The early map's source, once there is one. */
export function sourceEarlyMap(source: TileSource): void {
  if (early) acquirePainter(source)
}

/** Hands the early map over, in its new place; null when there is none or it was taken. */
export function takeEarlyMap(parent: HTMLElement): EarlyMap | null {
  const taken = early
  early = null
  if (!taken) return null
  parent.append(taken.started.element)
  taken.room.remove()
  taken.started.map.invalidateSize({ pan: false })
  return taken
}

/** The window opens on something else. */
export function discardEarlyMap(): void {
  early?.started.map.remove()
  early?.room.remove()
  early = null
}
