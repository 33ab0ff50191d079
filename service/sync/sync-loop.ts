/** When to meet the hub by itself: soon after edits, now and then otherwise, later and later while it cannot be reached. */
import type { SyncMode } from '../../shared/contract/sync.ts'

export interface SyncLoop {
  /** Something was committed, or the survey was opened. */
  nudge(): void
  /** A meeting ended. */
  ended(isDone: boolean): void
  stop(): void
}

const AFTER_EDIT_S = 5
const EVERY_S = { automatic: 300, metered: 3600 } as const
const FIRST_RETRY_S = 10
const LAST_RETRY_S = 900

/** Seconds until the next attempt after so many failures in a row; with `spread` (0…1) so that laptops do not all come at once. */
export function retryAfter(failures: number, spread: number): number {
  return Math.min(FIRST_RETRY_S * 2 ** (failures - 1), LAST_RETRY_S) * (0.75 + spread / 2)
}

export function syncLoop(deps: {
  mode: () => SyncMode | undefined
  meet: () => void
  random?: () => number
}): SyncLoop {
  let timer: NodeJS.Timeout | undefined
  let due = Number.POSITIVE_INFINITY
  let failures = 0
  const random = deps.random ?? Math.random

  const plan = (seconds: number): void => {
    const at = Date.now() + seconds * 1000
    if (timer && at >= due) return
    clearTimeout(timer)
    due = at
    timer = setTimeout(() => {
      timer = undefined
      due = Number.POSITIVE_INFINITY
      const mode = deps.mode()
      if (mode === 'automatic' || mode === 'metered') deps.meet()
    }, seconds * 1000)
    timer.unref()
  }
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
    due = Number.POSITIVE_INFINITY
  }
  return {
    nudge() {
      // While the hub is away an edit does not bring it back.
      if (failures === 0 && deps.mode() === 'automatic') plan(AFTER_EDIT_S)
      else if (!timer && (deps.mode() === 'automatic' || deps.mode() === 'metered')) plan(FIRST_RETRY_S)
    },
    ended(isDone) {
      failures = isDone ? 0 : failures + 1
      const mode = deps.mode()
      if (mode !== 'automatic' && mode !== 'metered') return
      stop()
      plan(isDone ? EVERY_S[mode] : retryAfter(failures, random()))
    },
    stop,
  }
}
