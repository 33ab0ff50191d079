/** One format of `zone-report.ts` in a process of its own: `SURVEY FORMAT ZONE|all`; one JSON line with time, memory and cancel. */
import { rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { openStore } from '../../service/db/store.ts'
import { makeZoneReport } from '../../service/reports/zone-report-job.ts'
import { findZone } from '../../service/zones/zones-repo.ts'
import { benchDeps } from './deps.ts'

const [survey, format, zone] = process.argv.slice(2) as [string, 'pdf' | 'docx' | 'xlsx' | 'geojson' | 'gpkg', string]
const store = openStore(survey, benchDeps(), { create: false })
const out = join(dirname(survey), 'made')
const deps = {
  store: () => store,
  resourcesFolder: resolve(import.meta.dirname, '../../resources'),
  resolveOutput: () => out,
} as unknown as Parameters<typeof makeZoneReport>[0]
const request = {
  formats: [format],
  crs: 'EPSG:4490',
  ...(zone === 'all' ? {} : { zoneIds: [findZone(store.read, { code: zone })!.id] }),
}

const started = performance.now()
const { files } = await makeZoneReport(deps, request, createJobControl())
const seconds = (performance.now() - started) / 1000
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
const fileMb = statSync(files[0]!).size / 1e6

// Asked for in the middle of the format; heard when the work has ended with nothing left behind.
const stop = new AbortController()
let asked = Number.NaN
setTimeout(
  () => {
    asked = performance.now()
    stop.abort()
  },
  (seconds * 1000) / 2,
)
await makeZoneReport(deps, request, createJobControl(stop.signal)).catch(() => undefined)
const cancelMs = Number.isNaN(asked) ? 0 : performance.now() - asked
rmSync(out, { recursive: true, force: true })
process.stdout.write(JSON.stringify({ seconds, peakMb, fileMb, cancelMs }), () => process.exit(0))
