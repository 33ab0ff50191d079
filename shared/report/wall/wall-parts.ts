/** What the parts of the wall chart share: colours, numbers as text, the sign of a light. Pure. */
import type { TargetIndicator } from '../../contract/dashboard.ts'
import type { Light } from '../../rules/progress.ts'
import type { Shape } from './shapes.ts'
import type { WallWords } from './words.ts'

export const INK = '#1f2933'
export const QUIET = '#4f5b67'
export const LINE = '#cfd6dd'
/** Told apart by people who do not see red and green (Okabe and Ito). */
export const LIGHT_COLOURS: Readonly<Record<Light, string>> = { green: '#009e73', yellow: '#e69f00', red: '#d55e00' }
export const NO_LIGHT = '#c3cad1'

export interface WallOptions {
  readonly words: WallWords
  /** Name of a unit by its code. */
  readonly nameOf: (unit: string) => string
  /** What the map and the months show. */
  readonly indicator: TargetIndicator
  /** Whose months are shown; null: all. */
  readonly unit: string | null
}

/** A part of the picture. */
export interface WallFrame {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Circle, triangle, square: green, yellow, red. */
export function lightShape(light: Light, x: number, y: number, r: number): Shape[] {
  const fill = LIGHT_COLOURS[light]
  if (light === 'red') return [{ kind: 'rect', x: x - r, y: y - r, width: 2 * r, height: 2 * r, fill }]
  const d =
    light === 'yellow'
      ? `M${x} ${y - r}L${x + r * 1.1} ${y + r * 0.9}L${x - r * 1.1} ${y + r * 0.9}Z`
      : `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`
  return [{ kind: 'path', d, fill }]
}

export function percent(share: number | null): string {
  return share === null ? '—' : `${Math.round(share * 1000) / 10}%`
}

/** Whole numbers for what is counted, tonnes without decimals, 亩 with two; a dash for unknown. */
export function amountText(indicator: TargetIndicator | 'overdue', value: number | null): string {
  if (value === null) return '—'
  const decimals = indicator === 'land' && value !== Math.round(value) ? 2 : 0
  const [whole, rest] = Math.abs(value).toFixed(decimals).split('.') as [string, string?]
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return `${value < 0 && Number(whole) + Number(rest ?? 0) > 0 ? '−' : ''}${grouped}${rest ? `.${rest}` : ''}`
}
