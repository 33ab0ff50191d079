/**
 * `node test/bench/zone-preview.ts [--parcels 6000] [--rounds 40]`: the preview of zones while the slider for the gap moves, as the
 * service answers it for one unit. Every answer is for another gap, so nothing is answered from before; the land is read with
 * the first one and kept, as in the window. Units of the demo county, and one made unit of `--parcels` lots. Outlines come in a
 * second request that the window sends when the slider rests; they are measured apart.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { installSideHook } from '../../service/boundary/side-index.ts'
import { openStore, type Store } from '../../service/db/store.ts'
import { runImport } from '../../service/imports/run-import.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { detectZones } from '../../service/zones/zone-detect.ts'
import { countParcels, unitNames } from '../../service/zones/zones-repo.ts'
import { buildDemo } from '../../tools/demo/build-demo.ts'
import { lots } from './county.ts'
import { benchDeps } from './deps.ts'
import { median } from './measure.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const PARCELS = option('parcels', 6000)
const ROUNDS = option('rounds', 40)
const GOAL_MS = 100

const folder = join(tmpdir(), 'lowland-bench', 'zone-preview')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const lines = [
  '| unit | parcels | first, land is read, ms | slider moves, ms: median, 95 %, worst | with outlines, ms: median | goal 100 ms |',
  '|---|---|---|---|---|---|',
]

async function measure(store: Store, name: string, unit: string | undefined): Promise<void> {
  const ask = async (gap_m: number, outlines: boolean): Promise<number> => {
    const started = performance.now()
    const input = { gap_m, min_mu: 50, min_parcels: 2, save: false, cross_unit: false, year: 2026, outlines }
    await detectZones(store, unit === undefined ? input : { ...input, unit }, createJobControl())
    return performance.now() - started
  }
  const first = await ask(20, false)
  const moves: number[] = []
  const drawn: number[] = []
  for (let round = 0; round < ROUNDS; round++) moves.push(await ask(1 + ((round * 7) % 60), false))
  for (let round = 0; round < Math.min(ROUNDS, 5); round++) drawn.push(await ask(5 + round * 5, true))
  moves.sort((a, b) => a - b)
  const late = moves[Math.floor(moves.length * 0.95)]!
  lines.push(
    `| ${name} | ${countParcels(store.read, unit)} | ${first.toFixed(0)} | ${median(moves).toFixed(1)}, ${late.toFixed(1)}, ${moves.at(-1)!.toFixed(1)} | ${median(drawn).toFixed(0)} | ${late <= GOAL_MS ? 'reached' : 'missed'} |`,
  )
}

await buildDemo(join(folder, 'demo.lowland'))
const demo = openStore(join(folder, 'demo.lowland'), benchDeps(), { create: false })
const units = [...unitNames(demo.read)].sort(([a], [b]) => countParcels(demo.read, b) - countParcels(demo.read, a))
for (const [code, name] of units.slice(0, 3)) await measure(demo, name, code)
await measure(demo, 'all units', undefined)
demo.close()

const geojson = join(folder, 'lots.geojson')
const features = [...lots(PARCELS)].map(({ code, ring }) => ({
  type: 'Feature',
  properties: { code, land_class: '0601' },
  geometry: { type: 'Polygon', coordinates: [ring] },
}))
writeFileSync(geojson, JSON.stringify({ type: 'FeatureCollection', features }))
const made = openStore(join(folder, 'made.lowland'), benchDeps(), { create: true })
installSideHook(made)
await fillNewSurvey(made, 'lanxi-2021-2023', 'bench')
const options = { match: 'code', outside_guard: true, crs: 'EPSG:4490' } as const
await runImport(made, { file: geojson, kind: 'parcels', options, dryRun: false }, createJobControl())
await measure(made, 'one made unit', undefined)
made.close()
rmSync(folder, { recursive: true, force: true })

process.stdout.write(
  `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}, ${ROUNDS} moves\n\n${lines.join('\n')}\n`,
)
