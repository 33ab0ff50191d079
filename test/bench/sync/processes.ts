/** Hub and laptops as processes of their own, so that time and memory are each one's own. Linux (`/proc`). */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { HubPlace } from '../../../hub/storage/open.ts'

const ROOT = join(dirname(new URL(import.meta.url).pathname), '../../..')
const NODE = join(ROOT, 'node_modules/.bin/node')
/** As `npm run lowland` starts it. */
const FLAGS = ['--max-semi-space-size=8']

export const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}

/** Highest resident memory of a process so far, in MiB; undefined once it has ended. */
function peakOf(pid: number): number | undefined {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kib === undefined ? undefined : Number(kib) / 1024
  } catch {
    return undefined
  }
}

export interface HubProcess {
  readonly url: string
  /** MiB since the start. */
  peak(): number
  close(): Promise<void>
}

/** The hub with no limit on requests: all laptops of a bench have one address. */
export async function startHubProcess(place: HubPlace): Promise<HubProcess> {
  const args = [...FLAGS, join(ROOT, 'test/bench/sync/hub-process.ts'), JSON.stringify(place)]
  const child = spawn(NODE, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url: line,
    peak: () => peakOf(child.pid!) ?? 0,
    async close() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

export interface Ran {
  readonly result: Record<string, unknown>
  readonly seconds: number
  readonly peak: number
}

/** One command of the terminal in its own process: its answer, its seconds with the start of the program, its peak MiB. */
export async function terminal(dataFolder: string, ...words: string[]): Promise<Ran> {
  const start = performance.now()
  const child: ChildProcess = spawn(NODE, [...FLAGS, 'cli/main.ts', ...words, '--json'], {
    cwd: ROOT,
    env: { ...process.env, LOWLAND_DATA: dataFolder },
    stdio: ['ignore', 'pipe', process.env['BENCH_PROGRESS'] ? 'inherit' : 'ignore'],
  })
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid!) ?? 0)
  }, 20)
  let out = ''
  child.stdout!.on('data', part => {
    out += String(part)
  })
  const [code] = (await once(child, 'close')) as [number]
  clearInterval(look)
  const seconds = (performance.now() - start) / 1000
  if (code !== 0) throw new Error(`${words.join(' ')}: ${out}`)
  return { result: JSON.parse(out) as Record<string, unknown>, seconds, peak }
}

/** The smallest value that `share` of all do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
