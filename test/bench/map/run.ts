/**
 * `node test/bench/map/run.ts [--rounds 5] [--parcels 100000] [--zooms 15,11] [--peers ours,leaflet,maplibre] [--large]
 * [--short] [--desktop] [--keep]`: the window as built against plain Leaflet and MapLibre, without a GPU, 1280 × 800, one
 * fresh browser a visit, interleaved rounds, medians; then a corner dragged among 200 neighbours. `--large` goes on with
 * 300,000 parcels (ours, goals × 1.5) and 1,000,000 (ours, opens and pans). `--short` opens, pans and weighs only;
 * `--desktop` times opening in Electron too. What it makes (0.2 GB; 2.5 GB with `--large`) lies in the folder for
 * temporary files and goes at the end unless `--keep`. Nothing here fails on a slow machine: it prints tables.
 */
import { rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { buildProject } from '../../../tools/build-project.ts'
import { launchDesktop } from '../../e2e/support/launch.ts'
import { type DriveOptions, drive, driveDrag, weigh } from './drive.ts'
import type { Figures } from './figures.ts'
import { type Peer, type Site, serveSite } from './serve.ts'
import { ours, recorders } from './stopwatch.ts'
import { cell, type Row, range, table } from './table.ts'

const text = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback)
}
const has = (name: string): boolean => process.argv.includes(`--${name}`)
const ROUNDS = Number(text('rounds', '5'))
const ZOOMS = text('zooms', '15,11').split(',').map(Number)
const PEERS = text('peers', 'ours,leaflet,maplibre').split(',') as Peer[]

interface Size {
  readonly count: number
  readonly peers: readonly Peer[]
  readonly steps: 'short' | 'all'
  /** What the goals are multiplied by; null: it has to open and pan, no more. */
  readonly factor: number | null
}
const first: Size = {
  count: Number(text('parcels', '100000')),
  peers: PEERS,
  steps: has('short') ? 'short' : 'all',
  factor: factorOf(Number(text('parcels', '100000'))),
}
const sizes: Size[] = [first]
if (has('large')) {
  sizes.push({ count: 300_000, peers: ['ours'], steps: 'all', factor: factorOf(300_000) })
  sizes.push({ count: 1_000_000, peers: ['ours'], steps: 'short', factor: factorOf(1_000_000) })
}

/** Seconds of a visit on a quiet machine of two cores. */
const VISIT_S: Readonly<Record<Peer, number>> = { ours: 75, leaflet: 55, maplibre: 55 }
const minutes = (seconds: number): string => `${Math.ceil(seconds / 60)} minutes`
const expected = sizes.reduce(
  (sum, { peers }) => sum + ROUNDS * ZOOMS.length * peers.reduce((all, peer) => all + VISIT_S[peer], 0) + ROUNDS * 15,
  has('large') ? 420 : 60,
)
process.stderr.write(`about ${minutes(expected)} on a quiet machine\n`)

const began = Date.now()
await buildProject({ force: false })
for (const size of sizes) await measure(size)
process.stderr.write(`done in ${minutes((Date.now() - began) / 1000)}\n`)
// What still holds the process, such as a thread that pauses, has nothing left to do.
process.exit(0)

async function measure({ count, peers, steps, factor }: Size): Promise<void> {
  const site = await serveSite(count, peers)
  const rows: Row[] = ZOOMS.flatMap(zoom => peers.map(peer => ({ peer, zoom, figures: [] })))
  const drags: Row = { peer: 'ours', zoom: 16, figures: [] }
  const empty: number[] = []
  const at = async <Result>(row: Row, of: (options: Omit<DriveOptions, 'zoom' | 'steps'>) => Promise<Result>) => {
    const { url, end } = await site.visit(row.peer, row.zoom)
    const remembered =
      row.peer === 'ours' ? JSON.stringify({ file: site.survey, centre: site.view, zoom: row.zoom }) : null
    const result = await of({ url, remembered, timeoutSeconds: 30 })
    await end()
    return result
  }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      empty.push((await weigh(null)).pssMB ?? 0)
      for (const row of rows) {
        const figures = await at(row, options => drive({ ...options, zoom: row.zoom, steps }))
        row.figures.push(figures)
        // A page that hung has its memory missing as well. The peers' is so far away that it is weighed once.
        if (figures.errors.length === 0 && (row.peer === 'ours' || round === 0)) {
          const { errors, ...weights } = await at(row, options => weigh({ ...options, zoom: row.zoom, steps }))
          Object.assign(figures, weights)
          figures.errors.push(...errors)
        }
        process.stderr.write(`round ${round + 1} ${row.peer} zoom ${row.zoom}: ${inOneLine(figures)}\n`)
      }
      if (steps === 'all' && peers.includes('ours')) {
        drags.figures.push(await at(drags, driveDrag))
        process.stderr.write(`round ${round + 1} drag: ${inOneLine(drags.figures.at(-1)!)}\n`)
      }
    }
    process.stdout.write(
      `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${count.toLocaleString('en')} parcels, ${ROUNDS} rounds, medians (smallest–largest); an empty page takes ${range(empty)} MB PSS\n\n${table(rows, factor)}\n`,
    )
    if (drags.figures.length > 0) {
      process.stdout.write(
        `\nA corner dragged with ${cell(drags, 'dragNeighbours')} neighbours to snap to (goal: frames of 33 ms at the 95th of 100): frame ${cell(drags, 'dragP95')}, worst ${cell(drags, 'dragWorstFrame')}, longest task ${cell(drags, 'dragLongestTask')} ms\n`,
      )
    }
    if (has('desktop') && count === first.count) await desktop(site)
  } finally {
    await site.close()
    if (!has('keep')) rmSync(site.folder, { recursive: true, force: true })
  }
}

/** In Electron: the window loaded again on a service that is running, as the harness of e2e starts it. */
async function desktop({ survey, view }: Site): Promise<void> {
  const app = await launchDesktop({ survey })
  const times = new Map<number, number[]>(ZOOMS.map(zoom => [zoom, []]))
  try {
    await app.page.addInitScript(recorders)
    for (let round = 0; round < ROUNDS; round++) {
      for (const zoom of ZOOMS) {
        await app.page.evaluate(
          stored => localStorage.setItem('map-view', stored),
          JSON.stringify({ file: survey, centre: view, zoom }),
        )
        if (round === 0 && zoom === ZOOMS[0]) await app.page.addInitScript(ours)
        await app.page.reload()
        await app.page.waitForFunction(() => window.__stopwatch?.done, null, { polling: 50 })
        times.get(zoom)!.push(await app.page.evaluate(() => window.__stopwatch.fromNavigation))
      }
    }
  } finally {
    await app.close()
  }
  for (const zoom of ZOOMS)
    process.stdout.write(`\nElectron, first paint at zoom ${zoom}: ${range(times.get(zoom)!)} ms\n`)
}

function inOneLine({ errors, ...figures }: Figures): string {
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${(value as number).toFixed(0)}`)
  return [...parts, `load ${loadavg()[0]!.toFixed(1)}`, ...errors].join(', ')
}

function factorOf(count: number): number | null {
  if (count <= 100_000) return 1
  return count <= 300_000 ? 1.5 : null
}
