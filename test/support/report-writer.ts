/** `SURVEY FOLDER FORMAT...`: the zone report of each format into a folder that has no room; one JSON line each with the error and what is left. */
import { readdirSync } from 'node:fs'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { openStore } from '../../service/db/store.ts'
import { makeZoneReport } from '../../service/reports/zone-report-job.ts'
import { inProject } from '../../tools/paths.ts'
import { benchDeps } from '../bench/deps.ts'

const [survey, folder, ...formats] = process.argv.slice(2) as [string, string, ...'pdf'[]]
const store = openStore(survey, benchDeps(), { create: false })
const deps = { store: () => store, resourcesFolder: inProject('resources'), resolveOutput: () => folder }
for (const format of formats) {
  const error: unknown = await makeZoneReport(
    deps as unknown as Parameters<typeof makeZoneReport>[0],
    { formats: [format], crs: 'EPSG:4490' },
    createJobControl(),
  ).catch((problem: unknown) => problem)
  const { code, details } = error as { code?: string; details?: { reason?: string; file?: string } }
  process.stdout.write(
    `${JSON.stringify({ format, code, reason: details?.reason, names: details?.file?.endsWith(format), left: readdirSync(folder).filter(name => name !== 'zeros') })}\n`,
  )
}
store.close()
process.exit(0)
