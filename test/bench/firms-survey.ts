/** The survey file of the enterprise benches: parcels of an invented county, enterprises with three years of figures. */
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { installSideHook } from '../../service/boundary/side-index.ts'
import { openStore, type Store } from '../../service/db/store.ts'
import { runImport } from '../../service/imports/run-import.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import { writeCounty } from './county.ts'
import { fillFirms } from './firms.ts'

/** Makes `count` parcels and enterprises in a new folder of this name; the caller closes the store. */
export async function makeFirmsSurvey(name: string, count: number): Promise<{ file: string; store: Store }> {
  const folder = join(tmpdir(), 'lowland-bench', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const geojson = join(folder, 'county.geojson')
  await writeCounty(geojson, count)
  let serial = 0
  const deps = {
    now: () => new Date('2026-05-01T08:00:00Z'),
    newId: () =>
      uuidV7(Date.UTC(2026, 4, 1), bytes => {
        serial++
        for (let index = 0; index < 4; index++) bytes[15 - index] = (serial >>> (8 * index)) & 255
      }),
    profile: () => ({ user: 'bench', role: 'clerk', unit: null, device: 'bench' }),
  }
  const file = join(folder, 'bench.lowland')
  const store = openStore(file, deps, { create: true })
  installSideHook(store)
  await fillNewSurvey(store, 'lanxi-2021-2023', 'bench')
  const started = performance.now()
  const options = { match: 'code' as const, outside_guard: true, crs: 'EPSG:4490' }
  await runImport(store, { file: geojson, kind: 'parcels', options, dryRun: false }, createJobControl())
  await fillFirms(store, count)
  process.stderr.write(
    `${count} enterprises × 3 years made in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
  )
  return { file, store }
}
