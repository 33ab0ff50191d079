/**
 * Colours of the map, as plain data that the painting worker applies. Themes change here only; tiles hold no colour.
 * The four class colours (green, blue, yellow, red) belong to the classes A to D and are not used for states.
 */

import { CLASS_CODES, SIDE_CODES, SIDE_CROSSING, STATE_CODES, TAX_CODES } from '../../../shared/tiles/tile-values.ts'
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

export const SIDE_COLOURS: Readonly<Record<string, string>> = {
  inside: '#2f74c0',
  outside: '#e8862e',
  crossing: '#8a5a9e',
  unknown: '#8c939c',
}

export const STATE_COLOURS: Readonly<Record<string, string>> = {
  '': '#b9bec5',
  S0: '#8d96a3',
  S1: '#c3a878',
  S2: '#9c7a54',
  S3: '#dd7f63',
  S4: '#c56fb0',
  S5: '#7766cc',
  S6: '#4a9cc9',
  S7: '#1f8f86',
  S8: '#79c2b4',
  S9: '#5c6470',
  SX: '#cfd3d8',
}

/** The trade's four colours (秀洲 and others: 绿 蓝 黄 红); not rated is grey. */
export const CLASS_COLOURS: Readonly<Record<string, string>> = {
  '': '#b9bec5',
  A: '#3a9a4a',
  B: '#2f6fd0',
  C: '#e0b400',
  D: '#d03a34',
  N: '#8c939c',
}

/** Dark where little is paid: what has to be looked at stands out. */
export const TAX_COLOURS: Readonly<Record<string, string>> = {
  '': '#b9bec5',
  '0': '#7a1f5c',
  '1': '#a94b86',
  '3': '#c98bb0',
  '5': '#a9c4c0',
  '10': '#5f9f98',
  '20': '#1f6f68',
}

/** Eighteen tones for the scored units; a nineteenth unit starts anew. */
const UNIT_TONES = [
  '#4e79a7',
  '#f28e2b',
  '#76b7b2',
  '#b07aa1',
  '#9c755f',
  '#59a14f',
  '#edc948',
  '#e15759',
  '#86bcb6',
  '#d37295',
  '#a0cbe8',
  '#b6992d',
  '#499894',
  '#d4a6c8',
  '#79706e',
  '#8cd17d',
  '#f1ce63',
  '#ff9d9a',
]

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

export function colourOfUnit(code: string, units: readonly { readonly code: string }[]): string {
  const index = units.findIndex(unit => unit.code === code)
  return index < 0 ? '#b9bec5' : UNIT_TONES[index % UNIT_TONES.length]!
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
