/** Periods of the managers' reports: a month, a quarter, a year of the calendar in China. Pure. */
import { type Period, periodOf } from '../rules/progress.ts'

export const PERIODIC_KINDS = ['monthly', 'quarterly', 'annual'] as const
export type PeriodicKind = (typeof PERIODIC_KINDS)[number]

export interface PeriodicInput {
  readonly kind: PeriodicKind
  readonly year: number
  /** 1–12; of a quarter any of its months. Not used by the annual report. */
  readonly month: number
}

export const quarterOf = (month: number): number => Math.ceil(month / 3)

/** `2022-11`, `2022-Q4`, `2022`. */
export function periodKey({ kind, year, month }: PeriodicInput): string {
  if (kind === 'annual') return String(year)
  return kind === 'quarterly' ? `${year}-Q${quarterOf(month)}` : `${year}-${String(month).padStart(2, '0')}`
}

export function periodRange({ kind, year, month }: PeriodicInput): Period {
  if (kind === 'monthly') return periodOf(year, month, month)
  if (kind === 'annual') return periodOf(year, 1, 12)
  const last = quarterOf(month) * 3
  return periodOf(year, last - 2, last)
}

/** The period before, which may lie in the year before. */
export function periodBefore({ kind, year, month }: PeriodicInput): PeriodicInput {
  if (kind === 'annual') return { kind, year: year - 1, month }
  const first = kind === 'monthly' ? month : quarterOf(month) * 3 - 2
  return first === 1 ? { kind, year: year - 1, month: 12 } : { kind, year, month: first - 1 }
}

/** 2022 年 11 月, 2022 年第 4 季度, 2022 年. */
export function periodInWords({ kind, year, month }: PeriodicInput): string {
  if (kind === 'annual') return `${year} 年`
  return kind === 'quarterly' ? `${year} 年第 ${quarterOf(month)} 季度` : `${year} 年 ${month} 月`
}

/** True once the last day of the period is over. `today` is a day in China, ISO. */
export function isOver(input: PeriodicInput, today: string): boolean {
  return today > periodRange(input).to
}
