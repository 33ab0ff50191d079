/** Gathers fixes at one point until there are enough, until the person has enough, or gives up. */
import { type AveragedPoint, averageFixes, isGoodEnough, type LeastQuality } from '../../../shared/gnss/averaging.ts'
import type { Epoch, Fix } from '../../../shared/gnss/fix.ts'

export interface Collecting {
  readonly taken: number
  readonly wanted: number
  /** Moments without a position, or with one that is not good enough. */
  readonly refused: number
  readonly soFar: AveragedPoint | null
}

export interface Collector {
  /** Null when it was given up, or ended without a fix. */
  readonly result: Promise<AveragedPoint | null>
  /** Takes the mean of what there is. */
  finish(): void
  giveUp(): void
}

/** `first`: the fix that stands now, as the only one when one is wanted. */
export function collectFixes(
  listen: (listener: (epoch: Epoch) => void) => () => void,
  wanted: number,
  least: LeastQuality,
  first: Fix | null,
  onProgress: (progress: Collecting) => void,
): Collector {
  const fixes: Fix[] = []
  let refused = 0
  let settle: (point: AveragedPoint | null) => void = () => undefined
  const result = new Promise<AveragedPoint | null>(resolve => {
    settle = resolve
  })
  const end = (point: AveragedPoint | null) => {
    stop()
    settle(point)
  }
  const take = (fix: Fix | null) => {
    if (fix && isGoodEnough(fix.quality, least)) fixes.push(fix)
    else refused += 1
    onProgress({ taken: fixes.length, wanted, refused, soFar: averageFixes(fixes) })
    if (fixes.length >= wanted) end(averageFixes(fixes))
  }
  const stop = listen(({ fix }) => take(fix))
  onProgress({ taken: 0, wanted, refused: 0, soFar: null })
  if (wanted === 1 && first) take(first)
  return { result, finish: () => end(averageFixes(fixes)), giveUp: () => end(null) }
}
