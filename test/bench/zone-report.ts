/**
 * `node test/bench/zone-report.ts [--zones 100]`: the report of many zones of 40 parcels with their maps, one format after
 * the other: time, memory, and how long a cancel takes to be heard. Compare with the time of one zone, not with other machines.
 */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { installSideHook } from '../../service/boundary/side-index.ts'
import { openStore } from '../../service/db/store.ts'
import { runImport } from '../../service/imports/run-import.ts'
import { writeDocx } from '../../service/reports/write-docx.ts'
import { writeGeojson } from '../../service/reports/write-geojson.ts'
import { writePdf } from '../../service/reports/write-pdf.ts'
import { writeXlsx } from '../../service/reports/write-xlsx.ts'
import { buildZoneReport } from '../../service/reports/zone-report.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { detectZones } from '../../service/zones/zone-detect.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import { lots } from './county.ts'

const at = process.argv.indexOf('--zones')
const ZONES = at < 0 ? 100 : Number(process.argv[at + 1])
const PARCELS = 40
const resources = resolve(import.meta.dirname, '../../resources')
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

let serial = 0
const store = openStore(
  join(folder, 'bench.lowland'),
  {
    now: () => new Date(),
    newId: () =>
      uuidV7(Date.now(), bytes => {
        serial++
        for (let index = 0; index < 4; index++) bytes[15 - index] = (serial >>> (8 * index)) & 255
      }),
    profile: () => ({ user: 'bench', role: 'manager', unit: null, device: 'bench' }),
  },
  { create: true },
)
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

const lines = ['| step | seconds | resident memory after, MB | file, MB |', '|---|---|---|---|']
async function step<T>(name: string, work: () => Promise<T> | T, file?: string): Promise<T> {
  const started = performance.now()
  const result = await work()
  const seconds = ((performance.now() - started) / 1000).toFixed(2)
  const size = file ? (statSync(file).size / 1e6).toFixed(1) : ''
  lines.push(`| ${name} | ${seconds} | ${Math.round(process.memoryUsage().rss / 1e6)} | ${size} |`)
  return result
}

const report = await step('report model with maps', () => buildZoneReport(store, { year: 2026 }, resources))
const out = (extension: string) => join(folder, `report.${extension}`)
await step('GeoJSON', () => writeGeojson(report, out('geojson')), out('geojson'))
await step('XLSX', () => writeXlsx(report, out('xlsx')), out('xlsx'))
await step('DOCX', () => writeDocx(report, out('docx'), resources), out('docx'))
await step('PDF', () => writePdf(report, out('pdf'), resources), out('pdf'))

// A cancel is asked for one second into the DOCX: the answer comes with the next figure.
const asked = performance.now() + 1000
let heard = Number.NaN
await writeDocx(report, out('cancelled.docx'), resources, async () => {
  if (performance.now() > asked) throw new Error('cancelled')
}).catch(() => {
  heard = performance.now() - asked
})
store.close()

process.stdout.write(
  `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}; ${found.zones.length} zones of ${PARCELS} parcels, ` +
    `peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, cancel heard after ${Math.round(heard)} ms\n\n${lines.join('\n')}\n`,
)
