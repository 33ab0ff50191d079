/**
 * What the person is looking at: page, selection, tool, theme, filters. Lives outside React so that commands, shortcuts and
 * the map can reach it; nothing here is data of the survey.
 */
import { useSyncExternalStore } from 'react'
import type { ImportKind } from '../../shared/contract/imports.ts'
import type { ParcelFilter } from '../../shared/contract/parcels.ts'
import type { FlyTo, LngLat, MapThemeName, MapToolName, MapView } from '../map/map-port.ts'

export const PAGES = [
  'map',
  'todo',
  'enterprises',
  'identify',
  'plans',
  'loop',
  'books',
  'zones',
  'boundaries',
  'data',
  'reports',
  'dashboard',
  'sync',
  'settings',
] as const
export type Page = (typeof PAGES)[number]

/** The record whose panel is open. */
export type Selection =
  | { entity: 'parcel'; id: string }
  | { entity: 'enterprise'; id: string }
  | { entity: 'plan'; id: string }
  | { entity: 'zone'; id: string }
  | null

export interface UiState {
  page: Page
  selection: Selection
  /** Where the selection was made: other pages than this, the map and the enterprises do not show its panel. */
  selectedOn: Page
  tool: MapToolName
  theme: MapThemeName
  /** Shared by the map and the parcel table. */
  filter: ParcelFilter
  flyTo: FlyTo
  view: MapView | null
  pointer: LngLat | null
  tableOpen: boolean
  panelWidth: number
  /** Tab that the record panel is asked to show; it takes the wish and clears it. */
  panelTab: string | null
  /** The next outline drawn becomes that of this zone instead of a new parcel. */
  drawingFor: { readonly zoneId: string; readonly name: string } | null
  paletteOpen: boolean
  shortcutsOpen: boolean
  bookmarksOpen: boolean
  printOpen: boolean
  /** Boundary versions side by side on the map. */
  compare: { from: string; to: string } | null
  /** Dry run whose outlines are shown over the map. */
  previewKey: string | null
  /** Zones that the next report is to be of, and their year; the reports page takes the wish and clears it. */
  reportZones: { readonly year: number; readonly ids: readonly string[] } | null
  /** What the import desk is to take in next; it takes the wish and clears it. */
  importKind: ImportKind | null
  /** File to open in the import desk, dropped or chosen elsewhere. */
  importFile: string | null
  /** An import is under way: its page stays alive, with its answers and its running work, while others are shown. */
  importing: boolean
}

let state: UiState = {
  page: 'map',
  selection: null,
  selectedOn: 'map',
  tool: 'select',
  theme: 'side',
  filter: {},
  flyTo: null,
  view: null,
  pointer: null,
  tableOpen: false,
  panelWidth: 360,
  panelTab: null,
  drawingFor: null,
  paletteOpen: false,
  shortcutsOpen: false,
  bookmarksOpen: false,
  printOpen: false,
  compare: null,
  previewKey: null,
  reportZones: null,
  importKind: null,
  importFile: null,
  importing: false,
}
const listeners = new Set<() => void>()

export function uiState(): UiState {
  return state
}

export function setUi(change: Partial<UiState>): void {
  state = { ...state, ...change }
  if (change.selection) state.selectedOn = state.page
  if (change.page && location.hash !== `#/${change.page}`) location.hash = `#/${change.page}`
  for (const listener of listeners) listener()
}

/** One slice of the state; the component renders again only when the slice changes. */
export function useUi<T>(select: (state: UiState) => T): T {
  return useSyncExternalStore(subscribe, () => select(state))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Opens a record's panel, on its page when it has one of its own. */
export function openRecord(selection: NonNullable<Selection>, page?: Page): void {
  setUi({ selection, ...(page ? { page } : {}) })
}

/** The page named in the address; reload and history keep the place. */
export function followAddress(): void {
  const read = (): void => {
    const page = location.hash.slice(2).split('/')[0] as Page
    if (PAGES.includes(page) && page !== state.page) setUi({ page })
  }
  addEventListener('hashchange', read)
  read()
}
