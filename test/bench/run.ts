/**
 * `npm run bench [-- --parcels 100000 --rounds 3]`: the first table of docs/benchmarks.md. Each row runs beside a named
 * baseline in the same minutes; compare ratios, not milliseconds, for machines differ and are shared.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { classifyAll } from '../../service/boundary/classify.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { installSideHook } from '../../service/boundary/side-index.ts'
import { openScratch } from '../../service/db/open.ts'
import { all } from '../../service/db/sql.ts'
import { openStore, type Store } from '../../service/db/store.ts'
import { loadGeos } from '../../service/geos/geos.ts'
import { runImport } from '../../service/imports/run-import.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { createTileService } from '../../service/tiles/tile-service.ts'
import { detectZones } from '../../service/zones/zone-detect.ts'
import { toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { decodeGeometry, encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { projectToPlane } from '../../shared/geometry/plane.ts'
import { toFlat } from '../../shared/geometry/types.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import { windingBoundary, writeCounty } from './county.ts'
import { type Comparison, compare, toMarkdown } from './measure.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const COUNT = option('parcels', 100_000)
const ROUNDS = option('rounds', 3)
const BOUNDARY_VERTICES = 20_000

const folder = join(tmpdir(), 'lowland-bench')
rmSync(join(folder, 'run'), { recursive: true, force: true })
mkdirSync(join(folder, 'run'), { recursive: true })
const geojson = join(folder, `county-${COUNT}.geojson`)
await writeCounty(geojson, COUNT)

let serial = 0
const deps = {
  now: () => new Date(),
  newId: () =>
    uuidV7(Date.now(), bytes => {
      serial++
      for (let index = 0; index < 4; index++) bytes[15 - index] = (serial >>> (8 * index)) & 255
    }),
  profile: () => ({ user: 'bench', role: 'clerk', unit: null, device: 'bench' }),
}

async function emptySurvey(name: string): Promise<Store> {
  const file = join(folder, 'run', `${name}-${serial++}.lowland`)
  const store = openStore(file, deps, { create: true })
  installSideHook(store)
  await fillNewSurvey(store, 'lanxi-2021-2023', name)
  return store
}

const importInto = (store: Store) =>
  runImport(
    store,
    {
      file: geojson,
      kind: 'parcels',
      options: { match: 'code', outside_guard: true, crs: 'EPSG:4490' },
      dryRun: false,
    },
    createJobControl(),
  )

/** What a script would do: parse the whole file, insert rows and boxes, check nothing, log nothing. */
function naiveImport(): void {
  const file = join(folder, 'run', 'naive.db')
  rmSync(file, { force: true })
  const db = openScratch(file)
  db.exec(
    'CREATE TABLE p (pk INTEGER PRIMARY KEY, code TEXT, name TEXT, g BLOB); CREATE VIRTUAL TABLE b USING rtree(pk, x1, x2, y1, y2)',
  )
  const insert = db.prepare('INSERT INTO p (code, name, g) VALUES (?, ?, ?)')
  const box = db.prepare('INSERT INTO b VALUES (?, ?, ?, ?, ?)')
  db.exec('BEGIN')
  for (const feature of (
    JSON.parse(readFileSync(geojson, 'utf8')) as {
      features: {
        properties: { code: string; name: string }
        geometry: { type: 'Polygon'; coordinates: [number, number][][] }
      }[]
    }
  ).features) {
    const ring = feature.geometry.coordinates[0]!
    const pk = insert.run(
      feature.properties.code,
      feature.properties.name,
      encodeGeometry(toFlat(feature.geometry)),
    ).lastInsertRowid
    const xs = ring.map(position => position[0])
    const ys = ring.map(position => position[1])
    box.run(pk, Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys))
  }
  db.exec('COMMIT')
  db.close()
}

const rows: Comparison[] = []
rows.push(
  await compare(
    `import ${COUNT.toLocaleString('en')} parcels (GeoJSON; validation, overlap sweep, areas, history)`,
    async () => {
      const store = await emptySurvey('import')
      await importInto(store)
      store.close()
    },
    'JSON.parse + insert, nothing checked',
    naiveImport,
    { rounds: ROUNDS, note: 'baseline keeps no provenance and finds no defect' },
  ),
)

const store = await emptySurvey('county')
await importInto(store)
const boundary = toFlat({ type: 'Polygon', coordinates: [windingBoundary(BOUNDARY_VERTICES)] })
await store.mutate({ label: 'bench', kind: 'system' }, tx => {
  const id = tx.create('boundary_version', { code: 'B', name: 'bench', effective_date: '2022-11-01', status: 'active' })
  tx.create('boundary_feature', { boundary_id: id, subzone: 'concentrated' }, boundary)
})
const geos = await loadGeos()
const outlines = all<{ geometry: Uint8Array }>(store.read, 'SELECT geometry FROM parcel WHERE deleted = 0').map(row =>
  decodeGeometry(row.geometry),
)
const SAMPLE = 60
const plane = toEqualAreaPlane(boundary)
rows.push(
  await compare(
    `classify ${COUNT.toLocaleString('en')} against ${BOUNDARY_VERTICES.toLocaleString('en')} vertices, survey to stored result`,
    () => classifyAll(store, undefined, createJobControl()),
    `GEOS intersection, ${SAMPLE} parcels only`,
    () => {
      for (let index = 0; index < SAMPLE; index++)
        geos.area(geos.intersection(toEqualAreaPlane(outlines[Math.floor((index * outlines.length) / SAMPLE)]!), plane))
    },
    { rounds: ROUNDS, note: `baseline time is for ${SAMPLE} parcels, not all` },
  ),
)
rows.push(
  await compare(
    `zones of ${COUNT.toLocaleString('en')} at 10 m, without outlines`,
    () =>
      detectZones(
        store,
        { gap_m: 10, min_mu: 50, min_parcels: 2, save: false, cross_unit: true, outlines: false, year: 2026 },
        createJobControl(),
      ),
    'GEOS union of 2,000 parcels grown by 5 m',
    () => geos.union(outlines.slice(0, 2000).map(outline => geos.buffer(projectToPlane(outline, store.plane), 5))),
    { rounds: ROUNDS, note: 'baseline time is for 2,000 parcels, not all' },
  ),
)

const tiles = createTileService({ store, onChanged: listener => store.onChanged(listener) })
const tileAt = (z: number): { x: number; y: number } => {
  const n = 2 ** z
  const lat = (29.09 * Math.PI) / 180
  return {
    x: Math.floor(((119.32 + 180) / 360) * n),
    y: Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * n),
  }
}
for (const zoom of [12, 14, 16]) {
  // 512 px tiles: Leaflet zoom z shows tiles of z - 1.
  const { x, y } = tileAt(zoom - 1)
  const size = 360 / 2 ** (zoom - 1)
  const west = x * size - 180
  let revision = store.revision()
  rows.push(
    await compare(
      `tile, zoom ${zoom}`,
      () => tiles({ layer: 'parcels', z: zoom - 1, x, y, revision: revision++ }),
      'the same area as GeoJSON text',
      () => {
        const found = all<{ geometry: Uint8Array }>(
          store.read,
          'SELECT p.geometry FROM parcel_box b JOIN parcel p ON p.pk = b.pk WHERE b.max_x >= ? AND b.min_x <= ?',
          [west, west + size],
        )
        JSON.stringify(found.map(row => [...decodeGeometry(row.geometry).coordinates]))
      },
      { rounds: ROUNDS + 2, note: zoom <= 13 ? 'overview tiles are cached' : '' },
    ),
  )
}
tiles.dispose()
store.close()

const cli = join(import.meta.dirname, '../../cli/main.ts')
rows.push(
  await compare(
    'cold start: terminal opens the survey and answers',
    () =>
      execFileSync(process.execPath, [cli, 'show', 'parcel', '330781-B-000001', '--survey', store.file, '--json'], {
        env: { ...process.env, LOWLAND_DATA: join(folder, 'data') },
      }),
    'node that does nothing',
    () => execFileSync(process.execPath, ['-e', '0']),
    { rounds: ROUNDS + 2 },
  ),
)

const table = toMarkdown(rows)
process.stdout.write(
  `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}, ${ROUNDS} rounds, peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n\n${table}`,
)
writeFileSync(join(folder, 'last.md'), table)
