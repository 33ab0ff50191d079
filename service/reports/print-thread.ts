/**
 * Printing in threads: Typst takes seconds for a county's report and cannot be interrupted, so it must not run where other
 * calls are answered. A cancel is heard at once; a thread that is still compiling ends when its call returns.
 */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type PrintAnswer, type PrintTask, runPrintTask } from './print-tasks.ts'

/** The worker's file: beside this one in the sources, beside the bundle in products. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './print-worker.ts' : './print-worker.cjs', import.meta.url),
)
const MOST_THREADS = 2
const LOOK_EVERY_MS = 50

interface PrintThread {
  run(task: PrintTask): Promise<PrintAnswer>
  end(): void
}

/** A thread that does one task at a time. Without its file (some test runtimes) tasks run in place. */
function printThread(): PrintThread {
  if (!existsSync(ENTRY)) return { run: async task => runPrintTask(task), end: () => undefined }
  // No flags of this process: a debugger or a test runner must not be loaded into the thread as well.
  // Little young memory: what a part needed is garbage when the next begins.
  const worker = new Worker(ENTRY, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 8 } })
  return {
    run: task =>
      new Promise((resolve, reject) => {
        const settle = () => {
          worker.off('message', onMessage)
          worker.off('error', onError)
          worker.off('exit', onExit)
        }
        const onMessage = (answer: PrintAnswer | { readonly failure: string }) => {
          settle()
          if ('failure' in answer) reject(new Error(answer.failure))
          else resolve(answer)
        }
        const onError = (error: Error) => {
          settle()
          reject(error)
        }
        const onExit = () => {
          settle()
          reject(new Error('the print thread ended'))
        }
        worker.on('message', onMessage)
        worker.on('error', onError)
        worker.on('exit', onExit)
        worker.postMessage(task)
      }),
    end: () => void worker.terminate(),
  }
}

/** One task in a thread of its own; `checkpoint` is awaited while it runs and may cancel. */
export function printOnce(task: PrintTask, checkpoint: () => Promise<void>): Promise<PrintAnswer> {
  return printing(checkpoint, print => print(task))
}

/** Several tasks one after the other in one thread, which keeps its fonts; `checkpoint` as for one. */
export async function printing<T>(
  checkpoint: () => Promise<void>,
  work: (print: (task: PrintTask) => Promise<PrintAnswer>) => Promise<T>,
): Promise<T> {
  const thread = printThread()
  try {
    return await work(async task => {
      let answer: PrintAnswer | undefined
      const running = thread.run(task).then(result => {
        answer = result
      })
      running.catch(() => undefined)
      while (answer === undefined) {
        await Promise.race([running, new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))])
        await checkpoint()
      }
      return answer
    })
  } finally {
    thread.end()
  }
}

/** Tasks in their order, some of them ahead of who takes them: at most as many as there are threads. */
export async function* printAll(tasks: Iterable<PrintTask>): AsyncGenerator<PrintAnswer> {
  const threads = Array.from({ length: Math.min(MOST_THREADS, availableParallelism()) }, printThread)
  const free = [...threads]
  const running: { answer: Promise<PrintAnswer>; thread: PrintThread }[] = []
  const take = tasks[Symbol.iterator]()
  try {
    for (;;) {
      while (free.length > 0) {
        const next = take.next()
        if (next.done) break
        const thread = free.pop()!
        const answer = thread.run(next.value)
        answer.catch(() => undefined)
        running.push({ answer, thread })
      }
      const first = running.shift()
      if (!first) return
      const answer = await first.answer
      free.push(first.thread)
      yield answer
    }
  } finally {
    for (const thread of threads) thread.end()
  }
}
