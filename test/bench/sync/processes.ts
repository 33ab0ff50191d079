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

export const words = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback)
}
export const option = (name: string, fallback: number): number => Number(words(name, String(fallback)))

/** Highest resident memory of a process so far, in MiB; undefined once it has ended. */
function peakOf(pid: number): number | undefined {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kib === undefined ? undefined : Number(kib) / 1024
  } catch {
    return undefined
  }
}

/** Seconds of processor time of a process so far (Linux counts in hundredths); 0 once it has ended. */
function cpuOf(pid: number): number {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(afterName[11]) + Number(afterName[12])) / 100
  } catch {
    return 0
  }
}

export interface HubProcess {
  readonly url: string
  /** MiB since the start. */
  peak(): number
  /** Seconds since the start. */
  cpu(): number
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
    cpu: () => cpuOf(child.pid!),
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
  readonly cpu: number
}

/**
 * One command of the terminal in its own process: its answer, its seconds with the start of the program, its peak MiB and
 * its seconds of processor time (the figure to compare by while others use the machine).
 */
export async function terminal(dataFolder: string, ...words: string[]): Promise<Ran> {
  const start = performance.now()
  const child: ChildProcess = spawn(NODE, [...FLAGS, 'cli/main.ts', ...words, '--json'], {
    cwd: ROOT,
    env: { ...process.env, LOWLAND_DATA: dataFolder },
    stdio: ['ignore', 'pipe', process.env['BENCH_PROGRESS'] ? 'inherit' : 'ignore'],
  })
  let peak = 0
  let cpu = 0
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid!) ?? 0)
    cpu = Math.max(cpu, cpuOf(child.pid!))
  }, 20)
  let out = ''
  child.stdout!.on('data', part => {
    out += String(part)
  })
  const [code] = (await once(child, 'close')) as [number]
  clearInterval(look)
  const seconds = (performance.now() - start) / 1000
  if (code !== 0) throw new Error(`${words.join(' ')}: ${out}`)
  return { result: JSON.parse(out) as Record<string, unknown>, seconds, peak, cpu }
}

/** The smallest value that `share` of all do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** A figure beside its goal, for the last column of a table. */
export function judged(value: number, relation: '>=' | '<=', goal: number, unit: string): string {
  const isReached = relation === '>=' ? value >= goal : value <= goal
  const sign = relation === '>=' ? '≥' : '≤'
  return `${sign} ${goal.toLocaleString('en')} ${unit}: ${isReached ? 'reached' : `**missed** (${value.toFixed(0)})`}`
}
