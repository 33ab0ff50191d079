/**
 * `node test/bench/zone-report.ts [--zones 100] [--rounds 3]`: the report of many zones of 40 parcels with their three maps, each
 * format in a process of its own: median time, peak memory, size, and how long a cancel takes to be heard. Beside it the report
 * of one zone in the same minutes; compare with that, not with other machines.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { installSideHook } from '../../service/boundary/side-index.ts'
import { openStore } from '../../service/db/store.ts'
import { runImport } from '../../service/imports/run-import.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { detectZones } from '../../service/zones/zone-detect.ts'
import { lots } from './county.ts'
import { benchDeps } from './deps.ts'
import { median } from './measure.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const ZONES = option('zones', 100)
const ROUNDS = option('rounds', 3)
const PARCELS = 40
const folder = join(tmpdir(), 'lowland-bench', 'zone-report')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

// The first four rows of every block: 40 lots that touch, and a street of 14 m to the next forty.
const features = [...lots(ZONES * 100)]
  .filter((_, index) => index % 100 < PARCELS)
  .map(({ code, ring }) => ({
    type: 'Feature',
    properties: { code, name: `地块 ${code}`, land_class: '0601' },
    geometry: { type: 'Polygon', coordinates: [ring] },
  }))
const geojson = join(folder, 'lots.geojson')
writeFileSync(geojson, JSON.stringify({ type: 'FeatureCollection', features }))

const store = openStore(join(folder, 'bench.lowland'), benchDeps(), { create: true })
installSideHook(store)
await fillNewSurvey(store, 'lanxi-2021-2023', 'bench')
await runImport(
  store,
  {
    file: geojson,
    kind: 'parcels',
    options: { match: 'code', outside_guard: true, crs: 'EPSG:4490' },
    dryRun: false,
  },
  createJobControl(),
)
const found = await detectZones(
  store,
  { gap_m: 5, min_mu: 50, min_parcels: 2, save: true, cross_unit: true, outlines: false, year: 2026 },
  createJobControl(),
)

const one = found.zones[0]!.code
store.close()

interface Run {
  readonly seconds: number
  readonly peakMb: number
  readonly fileMb: number
  readonly cancelMs: number
}
const run = (format: string, zone: string): Run =>
  JSON.parse(
    execFileSync(
      process.execPath,
      // With the memory that the terminal gives itself (package.json).
      ['--max-semi-space-size=8', join(import.meta.dirname, 'zone-report-format.ts'), store.file, format, zone],
      { encoding: 'utf8', maxBuffer: 1 << 24 },
    ),
  ) as Run

const lines = [
  '| format | all zones, s (median) | one zone, s | peak memory, MB (of it one zone) | file, MB | cancel heard after, ms |',
  '|---|---|---|---|---|---|',
]
for (const format of ['geojson', 'gpkg', 'xlsx', 'docx', 'pdf']) {
  const all: Run[] = []
  const single: Run[] = []
  for (let round = 0; round < ROUNDS; round++) {
    all.push(run(format, 'all'))
    single.push(run(format, one))
    process.stderr.write(`${format} ${round + 1}/${ROUNDS}\n`)
  }
  const of = (runs: readonly Run[], read: (run: Run) => number) => median(runs.map(read))
  lines.push(
    `| ${format} | ${of(all, each => each.seconds).toFixed(2)} | ${of(single, each => each.seconds).toFixed(2)} | ${of(all, each => each.peakMb)} (${of(single, each => each.peakMb)}) | ${all[0]!.fileMb.toFixed(1)} | ${of(all, each => each.cancelMs).toFixed(0)} |`,
  )
}
process.stdout.write(
  `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}; ${found.zones.length} zones of ${PARCELS} parcels, ${ROUNDS} rounds, model and maps included\n\n${lines.join('\n')}\n`,
)
