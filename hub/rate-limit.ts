/** Token buckets: so many requests at once, so many per minute afterwards, for each key. Kept in memory. */
export interface RateLimit {
  /** Seconds to wait, or 0 when the request may pass. */
  take(key: string): number
}

const MAX_KEYS = 50_000

export function rateLimit(perMinute: number, now: () => number = Date.now): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    take(key) {
      const at = now()
      const bucket = buckets.get(key)
      // A clock set back must not lock anybody out.
      const passed = bucket ? Math.max(0, at - bucket.at) : 0
      const left = bucket ? Math.min(perMinute, bucket.left + (passed / 60_000) * perMinute) : perMinute
      buckets.delete(key)
      // The oldest keys go first: a flood of addresses cannot fill the memory.
      if (buckets.size >= MAX_KEYS) buckets.delete(buckets.keys().next().value!)
      buckets.set(key, { left: left >= 1 ? left - 1 : left, at })
      return left >= 1 ? 0 : Math.max(1, Math.ceil(((1 - left) * 60) / perMinute))
    },
  }
}
