/** Runs long work of the service: progress while it runs, cancel, the result at the end. One job at a time per hook. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Progress } from '../../shared/contract/base.ts'
import { isCancelled } from '../app/errors.ts'
import { useNotify } from '../app/notify.ts'

export interface Job<Result> {
  running: boolean
  progress: Progress | null
  result: Result | null
  /** Starts the work; resolves with its result, or undefined when it failed or was cancelled (the person has been told). */
  start(work: (signal: AbortSignal) => Promise<AsyncIterator<Progress, Result, unknown>>): Promise<Result | undefined>
  cancel(): void
  reset(): void
}

/** `onError` takes a failure that the page shows by itself; without it a notice is shown. */
export function useJob<Result>(onError?: (error: unknown) => void): Job<Result> {
  const [state, setState] = useState<{ running: boolean; progress: Progress | null; result: Result | null }>({
    running: false,
    progress: null,
    result: null,
  })
  const abort = useRef<AbortController | null>(null)
  const notify = useNotify()
  const report = useRef(onError)
  report.current = onError
  useEffect(() => () => abort.current?.abort(), [])
  const start = useCallback<Job<Result>['start']>(
    async work => {
      abort.current?.abort()
      const controller = new AbortController()
      abort.current = controller
      setState({ running: true, progress: null, result: null })
      try {
        const stream = await work(controller.signal)
        for (;;) {
          const step = await stream.next()
          if (controller.signal.aborted) throw Object.assign(new Error('cancelled'), { code: 'cancelled' })
          if (step.done) {
            setState({ running: false, progress: null, result: step.value })
            return step.value
          }
          const progress = step.value
          setState(previous => ({ ...previous, progress }))
        }
      } catch (error) {
        if (abort.current === controller) setState({ running: false, progress: null, result: null })
        if (!isCancelled(error, controller.signal)) (report.current ?? notify.error)(error)
        return undefined
      }
    },
    [notify],
  )
  return {
    ...state,
    start,
    cancel: () => abort.current?.abort(),
    reset: () => setState({ running: false, progress: null, result: null }),
  }
}
