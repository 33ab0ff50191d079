/**
 * Printing in threads: Typst takes seconds for a county's report and cannot be interrupted, so it must not run where other
 * calls are answered. A cancel is heard at once; a thread that is still compiling ends when its call returns.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type PrintAnswer, type PrintTask, runPrintTask } from './print-tasks.ts'

/** The worker's file: beside this one in the sources, beside the bundle in products. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './print-worker.ts' : './print-worker.cjs', import.meta.url),
)
const LOOK_EVERY_MS = 50

interface PrintThread {
  run(task: PrintTask): Promise<PrintAnswer>
  end(): void
}

/** A thread that does one task at a time. Without its file (some test runtimes) tasks run in place. */
function printThread(): PrintThread {
  if (!existsSync(ENTRY)) return { run: async task => runPrintTask(task), end: () => undefined }
  // No flags of this process: a debugger or a test runner must not be loaded into the thread as well.
  const worker = new Worker(ENTRY, { execArgv: [] })
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
export async function printOnce(task: PrintTask, checkpoint: () => Promise<void>): Promise<PrintAnswer> {
  const thread = printThread()
  try {
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
  } finally {
    thread.end()
  }
}
