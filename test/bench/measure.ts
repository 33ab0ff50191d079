/** Interleaved measuring: ours, baseline, ours, baseline … in the same minutes; medians and their ratio. Never asserts. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Comparison {
  what: string
  ours: number[]
  baseline: string
  theirs: number[]
  note: string
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Runs both in turn, `rounds` counted rounds after one that is not. */
export async function compare(
  what: string,
  ours: () => unknown,
  baseline: string,
  theirs: () => unknown,
  options: { rounds: number; note?: string } = { rounds: 5 },
): Promise<Comparison> {
  const result: Comparison = { what, ours: [], baseline, theirs: [], note: options.note ?? '' }
  for (let round = 0; round <= options.rounds; round++) {
    const a = await timed(ours)
    const b = await timed(theirs)
    if (round === 0) continue
    result.ours.push(a)
    result.theirs.push(b)
  }
  const ratio = median(result.theirs) / median(result.ours)
  process.stderr.write(
    `${what}: ${median(result.ours).toFixed(1)} ms, ${baseline}: ${median(result.theirs).toFixed(1)} ms, ${ratio.toFixed(2)}×\n`,
  )
  return result
}

/** Whether a goal of at least (`≥`) or at most (`≤`) so much is reached, for a table. */
export function verdict(value: number, bound: '≥' | '≤', goal: number, unit = ''): string {
  const isReached = bound === '≥' ? value >= goal : value <= goal
  return `${bound} ${goal}${unit}: ${isReached ? 'reached' : 'missed'}`
}

/**
 * Collects what is no longer needed, so that the garbage of a harness (a parsed file of 100 MB) is not cleared away in the
 * middle of what it measures. Garbage of the measured work itself counts, and is cleared when the engine thinks fit.
 */
export function clearGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

export function toMarkdown(rows: readonly Comparison[]): string {
  const lines = [
    '| what | ours ms (median, min–max) | baseline | baseline ms (median) | baseline ÷ ours | note |',
    '|---|---|---|---|---|---|',
  ]
  for (const row of rows) {
    const range = `${Math.min(...row.ours).toFixed(0)}–${Math.max(...row.ours).toFixed(0)}`
    lines.push(
      `| ${row.what} | ${median(row.ours).toFixed(1)} (${range}) | ${row.baseline} | ${median(row.theirs).toFixed(1)} | ${(median(row.theirs) / median(row.ours)).toFixed(2)} | ${row.note} |`,
    )
  }
  return `${lines.join('\n')}\n`
}
