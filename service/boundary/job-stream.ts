/**
 * Long work as the contract shows it: progress is yielded, the result returned, breaking off the stream cancels the work.
 * Bridges work that runs inside a store transaction (a callback) and a generator that a transport pulls from.
 */

import type { Progress } from '../../shared/contract/base.ts'
import { breathe, throwIfCancelled } from '../deps.ts'

export interface JobControl {
  /** Tells how far the work is; at most the newest report is kept for a slow listener. */
  report(progress: Progress): void
  /** To be awaited at least every few milliseconds of work: lets other calls through, and throws `cancelled` when broken off. */
  checkpoint(): Promise<void>
}

/** The longest stretch of work without letting other calls through. */
const BREATH_MS = 25

/** Work without a listener, for tests and callers inside the service: never cancelled unless the signal says so. */
export function createJobControl(signal?: AbortSignal, report: (progress: Progress) => void = ignore): JobControl {
  // The first checkpoint always lets others through, so that a job can be broken off before it has begun in earnest.
  let last = Number.NEGATIVE_INFINITY
  return {
    report,
    async checkpoint() {
      throwIfCancelled(signal)
      if (performance.now() - last < BREATH_MS) return
      await breathe()
      last = performance.now()
      throwIfCancelled(signal)
    },
  }
}

/** Runs `work` and yields its reports; returns its result. Leaving the generator early aborts and waits for the roll-back. */
export async function* streamJob<T>(
  signal: AbortSignal | undefined,
  work: (control: JobControl) => Promise<T>,
): AsyncGenerator<Progress, T> {
  const abort = new AbortController()
  const onAbort = () => abort.abort()
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) abort.abort()
  let newest: Progress | undefined
  let wake: () => void = ignore
  let settled = false
  const control = createJobControl(abort.signal, progress => {
    newest = progress
    wake()
  })
  const running = work(control).finally(() => {
    settled = true
    wake()
  })
  // The generator awaits it later; until then a rejection must not count as unhandled.
  running.catch(ignore)
  try {
    while (!settled) {
      if (newest === undefined) await new Promise<void>(resolve => (wake = resolve))
      const progress = newest
      newest = undefined
      if (progress) yield progress
    }
    return await running
  } finally {
    abort.abort()
    signal?.removeEventListener('abort', onAbort)
    await Promise.allSettled([running])
  }
}

function ignore(): void {
  // Nobody listens, or nobody waits.
}
