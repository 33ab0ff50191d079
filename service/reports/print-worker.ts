/** The thread behind `print-thread.ts`: one task in, bytes or a problem out, until it is ended. */
import { parentPort } from 'node:worker_threads'
import { type PrintTask, runPrintTask } from './print-tasks.ts'

parentPort?.on('message', (task: PrintTask) => {
  try {
    parentPort?.postMessage(runPrintTask(task))
  } catch (error) {
    parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) })
  }
})
