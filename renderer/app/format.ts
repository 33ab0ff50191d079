/** Numbers, areas and dates as this trade prints them: 亩 to 2 places, m² to 2, a dash for unknown, never 0 for it. */
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { language } from './i18n/i18n.ts'

export const UNKNOWN = '—'

const formats = new Map<number, Intl.NumberFormat>()

export function formatNumber(value: number | null | undefined, decimals = 2): string {
  if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN
  let format = formats.get(decimals)
  if (!format) {
    format = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    formats.set(decimals, format)
  }
  return format.format(value)
}

/** Bytes as MB of 1024² bytes, one digit behind the point. */
export function formatMegabytes(bytes: number): string {
  return formatNumber(bytes / 1024 ** 2, 1)
}

/** 亩 of an area in m². */
export function formatMu(squareMeters: number | null | undefined, decimals = 2): string {
  return squareMeters === null || squareMeters === undefined
    ? UNKNOWN
    : formatNumber(squareMetersToMu(squareMeters), decimals)
}

export function formatPercent(share: number | null | undefined, decimals = 1): string {
  return share === null || share === undefined ? UNKNOWN : `${formatNumber(share * 100, decimals)}%`
}

/** Local date and time of an ISO instant. */
export function formatInstant(iso: string | null | undefined): string {
  if (!iso) return UNKNOWN
  const date = new Date(iso)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

const ENGLISH_UNITS: Readonly<Record<string, string>> = {
  万元: '10k CNY',
  元: 'CNY',
  亩: 'mu',
  人: 'person',
  年: 'year(s)',
}

/** A unit of the model in the language of the window: 万元/亩 is 10k CNY/mu in English. */
export function unitLabel(unit: string): string
export function unitLabel(unit: string | undefined): string | undefined
export function unitLabel(unit: string | undefined): string | undefined {
  if (unit === undefined || language() === 'zh') return unit
  return unit
    .split('/')
    .map(part => ENGLISH_UNITS[part] ?? part)
    .join('/')
}

/** Words of a list as the language of the window strings them together. */
export function wordList(words: readonly string[]): string {
  return words.join(language() === 'zh' ? '、' : ', ')
}

/** Half sentences one after the other. */
export function clauses(parts: readonly string[]): string {
  return parts.join(language() === 'zh' ? '；' : '; ')
}

/** Today in China, as the service counts days; YYYY-MM-DD. */
export function today(): string {
  return chinaDate(new Date())
}
