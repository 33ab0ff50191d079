/**
 * What is kept beside a computed score, so that it can be explained and checked later: the standard, the place, and per item
 * the figures and the points. Packed into short lists, for a county keeps sixty thousand of them.
 */
import type { YearFigures } from '../indicators.ts'
import { INDICATOR_PARTS } from '../indicators.ts'
import type { NotScored, ScoredItem, ScoreResult } from './score.ts'
import type { ScoreGroup, ScoreIndicator, ScoreMethod } from './standard.ts'

/** indicator, weight, numerator, denominator, base or [min, max], points, 1 when filled with the group's mean, cap. */
type PackedItem = readonly [
  ScoreIndicator,
  number,
  number | null,
  number | null,
  number | readonly [number, number],
  number,
  0 | 1,
  (number | null)?,
]

export interface ScoreBasis {
  /** Version of the standard of the year. */
  readonly version: number
  readonly method: ScoreMethod
  readonly group: ScoreGroup | null
  readonly rank: number | null
  readonly of: number
  readonly items: readonly PackedItem[]
  readonly why: NotScored | null
  readonly missing: readonly ScoreIndicator[]
}

export function packBasis(result: ScoreResult, version: number): ScoreBasis {
  const { method, group, rank, of, why, missing } = result
  const items = result.items.map((entry): PackedItem => {
    const against = entry.base ?? ([entry.min!, entry.max!] as const)
    const packed = [entry.indicator, entry.weight, entry.numerator, entry.denominator, against, entry.points] as const
    return entry.cap === undefined ? [...packed, entry.filled ? 1 : 0] : [...packed, entry.filled ? 1 : 0, entry.cap]
  })
  return { version, method, group, rank, of, items, why, missing }
}

/** The items of a basis as they were scored. */
export function itemsOfBasis(basis: ScoreBasis): ScoredItem[] {
  return basis.items.map(([indicator, weight, numerator, denominator, against, points, filled, cap]) => {
    const isKnown = numerator !== null && denominator !== null && denominator !== 0
    return {
      indicator,
      weight,
      numerator,
      denominator,
      value: isKnown ? numerator / denominator : null,
      ...(typeof against === 'number' ? { base: against } : { min: against[0], max: against[1] }),
      ...(cap == null ? {} : { cap }),
      points,
      ...(filled === 1 ? { filled: true } : {}),
    }
  })
}

/** True when the figures of the year are no longer those that were scored. */
export function isOutdated(basis: ScoreBasis, figures: YearFigures): boolean {
  const scale = figures.scale === 'above' || figures.scale === 'below' ? figures.scale : null
  if (basis.group !== null && basis.group !== scale) return true
  return basis.items.some(([indicator, , numerator, denominator]) => {
    const [over, under] = INDICATOR_PARTS[indicator]
    return (over(figures) ?? null) !== numerator || (under(figures) ?? null) !== denominator
  })
}
