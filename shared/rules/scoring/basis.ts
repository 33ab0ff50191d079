/**
 * What is kept beside a computed score, so that it can be explained and checked later: the standard, the place, and per item
 * the figures and the points. Packed into short lists, for a county keeps sixty thousand of them.
 */
import type { YearFigures } from '../indicators.ts'
import { INDICATOR_PARTS } from '../indicators.ts'
import type { NotScored, ScoredItem, ScoreResult } from './score.ts'
import type { ScoreGroup, ScoreIndicator, ScoreMethod } from './standard.ts'
import type { Veto } from './veto.ts'

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
  /** What held the class down. */
  readonly veto?: Veto
  /** Judged as one, the head first; `own` are this enterprise's figures per item: the items hold the unit's. */
  readonly together?: readonly string[]
  readonly own?: readonly (readonly [number | null, number | null])[]
}

export function packBasis(result: ScoreResult, version: number): ScoreBasis {
  const { method, group, rank, of, why, missing, veto, together } = result
  const self = together.find(member => member.id === result.id)
  const items = result.items.map((entry): PackedItem => {
    const against = entry.base ?? ([entry.min!, entry.max!] as const)
    const packed = [entry.indicator, entry.weight, entry.numerator, entry.denominator, against, entry.points] as const
    return entry.cap === undefined ? [...packed, entry.filled ? 1 : 0] : [...packed, entry.filled ? 1 : 0, entry.cap]
  })
  return {
    version,
    method,
    group,
    rank,
    of,
    items,
    why,
    missing,
    ...(veto === null ? {} : { veto }),
    ...(self === undefined
      ? {}
      : {
          together: together.map(member => member.name ?? member.id),
          own: result.items.map(entry => figuresOf(entry.indicator, self)),
        }),
  }
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
  // The group of a unit is that of its head.
  if (basis.group !== null && basis.group !== scale && basis.together === undefined) return true
  return basis.items.some(([indicator, , numerator, denominator], index) => {
    const [over, under] = basis.own?.[index] ?? [numerator, denominator]
    const now = figuresOf(indicator, figures)
    return now[0] !== over || now[1] !== under
  })
}

function figuresOf(indicator: ScoreIndicator, figures: YearFigures): [number | null, number | null] {
  const [over, under] = INDICATOR_PARTS[indicator]
  return [over(figures) ?? null, under(figures) ?? null]
}
