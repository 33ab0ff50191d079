/**
 * Colours of the map, as plain data that the painting worker applies. Themes change here only; tiles hold no colour.
 * The four class colours (green, blue, yellow, red) belong to the classes A to D and are not used for states.
 */

import {
  CLASS_COLOURS,
  colourOfUnit,
  colourOfYear,
  FREED_COLOURS,
  SIDE_COLOURS,
  STATE_COLOURS,
  TAX_COLOURS,
} from '../../../shared/tiles/theme-colours.ts'
import {
  CLASS_CODES,
  FREED_CODES,
  SIDE_CODES,
  SIDE_CROSSING,
  STATE_CODES,
  TAX_CODES,
  YEAR_CODES,
} from '../../../shared/tiles/tile-values.ts'
import type { MapFilter, MapThemeName } from '../map-port.ts'

export interface PaintStyle {
  readonly by: MapThemeName
  /** `#rrggbb` by code; the empty code for "no value". */
  readonly colours: Readonly<Record<string, string>>
  /** Code painted as stripes of two colours, or null. */
  readonly stripes: { readonly code: string; readonly colours: readonly [string, string] } | null
  /** Codes in painting order: later ones lie on top where parcels are too small to be told apart. */
  readonly order: readonly string[]
  readonly filter: MapFilter
  readonly fillOpacity: number
  readonly labels: { readonly colour: string; readonly halo: string }
}

/** Status bytes of preview tiles, `state` of a packed tile minus one. */
export const PREVIEW_CODES = ['insert', 'update', 'unchanged', 'repaired', 'rejected'] as const
const PREVIEW_COLOURS: Readonly<Record<string, string>> = {
  '': '#8c939c',
  insert: '#2f74c0',
  update: '#8a5a9e',
  unchanged: '#8c939c',
  repaired: '#d9a514',
  rejected: '#cf3b3b',
}

/** The style of a theme. `units` is the list of scored units in their official order. */
export function themeStyle(
  theme: MapThemeName,
  units: readonly { readonly code: string }[],
  filter: MapFilter,
  dark: boolean,
): PaintStyle {
  const common = {
    filter,
    stripes: null,
    fillOpacity: 0.5,
    labels: dark ? { colour: '#f2f4f7', halo: '#14181d' } : { colour: '#1d2733', halo: '#ffffff' },
  }
  if (theme === 'state') return { ...common, by: theme, colours: STATE_COLOURS, order: ['', ...STATE_CODES] }
  if (theme === 'class') return { ...common, by: theme, colours: CLASS_COLOURS, order: ['', 'N', ...CLASS_CODES] }
  if (theme === 'tax') return { ...common, by: theme, colours: TAX_COLOURS, order: ['', ...[...TAX_CODES].reverse()] }
  // What can still be had lies on top.
  if (theme === 'freed')
    return { ...common, by: theme, colours: FREED_COLOURS, order: ['', ...[...FREED_CODES].reverse()] }
  if (theme === 'year') {
    const colours = Object.fromEntries(['', ...YEAR_CODES].map(code => [code, colourOfYear(code)]))
    return { ...common, by: theme, colours, order: ['', ...YEAR_CODES] }
  }
  if (theme === 'unit') {
    const colours = Object.fromEntries([
      ['', '#b9bec5'],
      ...units.map(unit => [unit.code, colourOfUnit(unit.code, units)]),
    ])
    return { ...common, by: theme, colours, order: ['', ...units.map(unit => unit.code)] }
  }
  return {
    ...common,
    by: theme,
    colours: SIDE_COLOURS,
    stripes: { code: SIDE_CODES[SIDE_CROSSING]!, colours: [SIDE_COLOURS['inside']!, SIDE_COLOURS['outside']!] },
    order: ['unknown', 'inside', 'outside', 'crossing'],
  }
}

/** Features of a dry run by what the import would do with them. */
export function previewStyle(dark: boolean): PaintStyle {
  return {
    ...themeStyle('state', [], null, dark),
    colours: PREVIEW_COLOURS,
    order: ['', ...PREVIEW_CODES],
    fillOpacity: 0.6,
  }
}
