/** The entries of a theme's legend in their order, with words and colours: one list for the map, the filter and the sheet. */
import type { ThemeName } from '../contract/themes.ts'
import { ENUMERATIONS } from '../model/enumerations.ts'
import {
  CLASS_COLOURS,
  colourOfUnit,
  colourOfYear,
  FREED_COLOURS,
  SIDE_COLOURS,
  STATE_COLOURS,
  TAX_COLOURS,
} from './theme-colours.ts'
import { FREED_CODES, TAX_CODES } from './tile-values.ts'

export interface ThemeEntry {
  /** The empty code stands for "no value". */
  readonly code: string
  readonly colour: string
  readonly zh: string
  readonly en: string
}

const NONE: ThemeEntry = { code: '', colour: '#b9bec5', zh: '未填', en: 'Not filled in' }

/** @param years the years that occur, for the theme `year`. */
export function themeEntries(
  theme: ThemeName,
  units: readonly { readonly code: string; readonly name: string; readonly name_en?: string | null }[],
  years: Iterable<string>,
): ThemeEntry[] {
  switch (theme) {
    case 'side':
      return ENUMERATIONS.side.map(({ code, zh, en }) => ({ code, zh, en, colour: SIDE_COLOURS[code]! }))
    case 'state':
      return [...ENUMERATIONS.state.map(({ code, zh, en }) => ({ code, zh, en, colour: STATE_COLOURS[code]! })), NONE]
    case 'class':
      return [...ENUMERATIONS.class.map(({ code, zh, en }) => ({ code, zh, en, colour: CLASS_COLOURS[code]! })), NONE]
    case 'tax':
      return [...TAX_CODES.map(code => ({ code, ...bandOf(code), colour: TAX_COLOURS[code]! })), NONE]
    case 'unit':
      return [
        ...units.map(({ code, name, name_en }) => ({
          code,
          zh: name,
          en: name_en ?? name,
          colour: colourOfUnit(code, units),
        })),
        NONE,
      ]
    case 'freed':
      return [
        ...ENUMERATIONS.supply_status
          .filter(({ code }) => FREED_CODES.includes(code))
          .map(({ code, zh, en }) => ({ code, zh, en, colour: FREED_COLOURS[code]! })),
        { ...NONE, zh: '未列入可供地', en: 'Not freed', colour: FREED_COLOURS['']! },
      ]
    case 'year':
      return [
        ...[...years]
          .filter(code => code !== '')
          .sort()
          .map(code => ({ code, zh: `${code} 年`, en: code, colour: colourOfYear(code) })),
        NONE,
      ]
  }
}

/** “3–5 万元/亩” */
function bandOf(code: string): { zh: string; en: string } {
  const at = TAX_CODES.indexOf(code)
  const to = TAX_CODES[at + 1]
  if (at === 0) return { zh: `不足 ${to} 万元/亩`, en: `under ${to} (10k CNY per mu)` }
  if (to === undefined) return { zh: `${code} 万元/亩及以上`, en: `${code} and more` }
  return { zh: `${code}–${to} 万元/亩`, en: `${code}–${to}` }
}
