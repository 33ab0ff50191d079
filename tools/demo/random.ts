/** A small seeded generator: the demo must come out the same on every machine. */

export interface Random {
  /** In [0, 1). */
  next(): number
  between(low: number, high: number): number
  integer(low: number, high: number): number
  pick<T>(list: readonly T[]): T
  chance(probability: number): boolean
  /** Around 1, positive, long tail to the right. */
  skewed(): number
  fill(bytes: Uint8Array): void
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const random: Random = {
    next,
    between: (low, high) => low + next() * (high - low),
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: list => list[Math.floor(next() * list.length)]!,
    chance: probability => next() < probability,
    skewed: () => Math.exp((next() + next() + next() - 1.5) * 0.9),
    fill: bytes => {
      for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(next() * 256)
    },
  }
  return random
}
