/** Runs another program and waits for it; prints nothing by itself. */
import { spawn } from 'node:child_process'
import { PROJECT_FOLDER } from './paths.ts'

export interface Finished {
  readonly code: number
  /** stdout and stderr as they came, and stdout alone; empty when the output was shown directly. */
  readonly output: string
  readonly stdout: string
}

export interface RunOptions {
  /** Show the output as it comes instead of collecting it. */
  readonly show?: boolean
  /** Give the program this terminal's input as well. */
  readonly interactive?: boolean
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Ends the program after this time. */
  readonly timeoutMs?: number
}

/** Never throws: a program that cannot be started ends with code 127. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? PROJECT_FOLDER,
      env: options.env ?? process.env,
      timeout: options.timeoutMs,
      stdio: options.show
        ? [options.interactive ? 'inherit' : 'ignore', 'inherit', 'inherit']
        : ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    const printed: Buffer[] = []
    child.stdout?.on('data', chunk => {
      chunks.push(chunk)
      printed.push(chunk)
    })
    child.stderr?.on('data', chunk => chunks.push(chunk))
    child.on('error', error => resolve({ code: 127, output: error.message, stdout: '' }))
    child.on('close', code =>
      resolve({
        code: code ?? 1,
        output: Buffer.concat(chunks).toString('utf8'),
        stdout: Buffer.concat(printed).toString('utf8'),
      }),
    )
  })
}

/** Runs a script with the Node that runs this one. */
export function runNode(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run(process.execPath, args, options)
}
