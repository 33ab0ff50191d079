/** When a dead data service is started again by itself: once, and again only after a minute of quiet. Pure. */
const QUIET_MS = 60_000

export interface RestartPolicy {
  /** Says what to do about a death at `nowMs`. */
  onDeath(nowMs: number): 'restart' | 'give_up'
  /** A person asked for another try. */
  reset(): void
}

export function restartPolicy(): RestartPolicy {
  let lastDeathMs: number | undefined
  return {
    onDeath(nowMs) {
      const isSecond = lastDeathMs !== undefined && nowMs - lastDeathMs < QUIET_MS
      lastDeathMs = nowMs
      return isSecond ? 'give_up' : 'restart'
    },
    reset() {
      lastDeathMs = undefined
    },
  }
}
