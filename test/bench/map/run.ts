/**
 * `node test/bench/map/run.ts [--parcels 100000] [--rounds 5] [--zooms 15,11] [--peers ours,leaflet,maplibre] [--short]
 * [--desktop]`: the window as built against plain Leaflet and MapLibre, without a GPU, 1280 × 800, one fresh browser a visit,
 * interleaved rounds, medians. `--short` opens, pans and weighs only; `--desktop` times opening in Electron too.
 * Nothing here fails on a slow machine: it prints a table.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildProject } from '../../../tools/build-project.ts'
import { launchDesktop } from '../../e2e/support/launch.ts'
import { median } from '../measure.ts'
import { drive, type Figures } from './drive.ts'
import { type Peer, type Site, serveSite } from './serve.ts'
import { ours, recorders } from './stopwatch.ts'

const text = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback)
}
const COUNT = Number(text('parcels', '100000'))
const ROUNDS = Number(text('rounds', '5'))
const ZOOMS = text('zooms', '15,11').split(',').map(Number)
const PEERS = text('peers', 'ours,leaflet,maplibre').split(',') as Peer[]
const isShort = process.argv.includes('--short')

type Row = { readonly peer: Peer; readonly zoom: number; readonly figures: Figures[] }
type Measure = Exclude<keyof Figures, 'errors'>

const MEASURES: readonly (readonly [Measure, string])[] = [
  ['fromNavigation', 'first paint, from navigation, ms'],
  ['firstPaint', 'first paint, data already in memory for peers, ms'],
  ['panWorstFrame', 'pan: worst frame, ms'],
  ['panLongestTask', 'pan: longest task, ms'],
  ['panTasks', 'pan: tasks over 50 ms, sum, ms'],
  ['zoomSettled', 'zoom step fully drawn, ms'],
  ['zoomWorstFrame', 'zoom: worst frame, ms'],
  ['clickSelected', 'click to outline, ms'],
  ['clickPainted', 'click to painted outline, ms'],
  ['statusPainted', "one parcel's colour painted, ms"],
  ['recoloured', 'recolour all, ms'],
  ['heapMB', 'heap, MB'],
  ['pssMB', 'window process, MB PSS'],
  ['calibration', 'fixed loop before the visit, ms'],
]

await buildProject({ force: false })
const site = await serveSite(COUNT, PEERS)
const rows: Row[] = ZOOMS.flatMap(zoom => PEERS.map(peer => ({ peer, zoom, figures: [] })))
try {
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of rows) {
      const { url, end } = await site.visit(row.peer, row.zoom)
      const remembered =
        row.peer === 'ours' ? JSON.stringify({ file: site.survey, centre: site.view, zoom: row.zoom }) : null
      const figures = await drive({ url, zoom: row.zoom, remembered, timeoutSeconds: 60, short: isShort })
      await end()
      row.figures.push(figures)
      process.stderr.write(`round ${round + 1} ${row.peer} zoom ${row.zoom}: ${inOneLine(figures)}\n`)
    }
  }
} finally {
  await site.close()
}

const lines = [
  `| | ${rows.map(row => `${row.peer}, zoom ${row.zoom}`).join(' | ')} |`,
  `|---|${rows.map(() => '---').join('|')}|`,
  ...MEASURES.map(([name, words]) => `| ${words} | ${rows.map(row => cell(row, name)).join(' | ')} |`),
]
process.stdout.write(
  `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${COUNT.toLocaleString('en')} parcels, ${ROUNDS} rounds, medians (smallest–largest)\n\n${lines.join('\n')}\n`,
)
writeFileSync(join(tmpdir(), `lowland-mapbench-${COUNT}`, 'last.json'), JSON.stringify(rows))
if (process.argv.includes('--desktop')) await desktop(site)

/** In Electron: the window loaded again on a service that is running, as the harness of e2e starts it. */
async function desktop({ survey, view }: Site): Promise<void> {
  if (!existsSync(survey)) return
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

function cell({ figures }: Row, name: Measure): string {
  const values = figures.flatMap(one => (one[name] === undefined ? [] : [one[name]]))
  if (values.length === 0) return '–'
  return values.length < figures.length ? `${range(values)} (${values.length} of ${figures.length})` : range(values)
}

function range(values: readonly number[]): string {
  const whole = (value: number): string => value.toFixed(0)
  return `${whole(median(values))} (${whole(Math.min(...values))}–${whole(Math.max(...values))})`
}

function inOneLine({ errors, ...figures }: Figures): string {
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${(value as number).toFixed(0)}`)
  return [...parts, `load ${loadavg()[0]!.toFixed(1)}`, ...errors].join(', ')
}
