/**
 * `node test/bench/classify-peers.ts [--parcels 100000] [--rounds 5] [--spatialite] [--postgis]`: from parcels that are stored to
 * sides that are stored, against SpatiaLite (`apt-get install libsqlite3-mod-spatialite`) and PostGIS (`postgresql-postgis`) on the
 * same outlines and the same boundary of 20,000 vertices. Wall seconds, interleaved; every round of ours begins with a copy of a
 * survey whose parcels have no side yet. The peers get the outlines in the equal-area plane, so that shares can be compared;
 * their boundary is subdivided with an index, made within the time, and their answer is one share per parcel in a table. Ours
 * is that and the side, the areas in and out, the sub-zone, a history entry, in a file that survives a power cut. PostgreSQL
 * runs without fsync and without parallel workers.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { classifyAll } from '../../service/boundary/classify.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { openScratch } from '../../service/db/open.ts'
import { all } from '../../service/db/sql.ts'
import { openStore } from '../../service/db/store.ts'
import { runImport } from '../../service/imports/run-import.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { toFlat } from '../../shared/geometry/types.ts'
import { loadParcels, startPostGis, toWkbHex } from '../support/postgis.ts'
import { windingBoundary, writeCounty } from './county.ts'
import { benchDeps } from './deps.ts'
import { median, verdict } from './measure.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const COUNT = option('parcels', 100_000)
const ROUNDS = option('rounds', 5)
const VERTICES = option('vertices', 20_000)
const folder = join(tmpdir(), 'lowland-bench', 'classify-peers')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const geojson = join(tmpdir(), 'lowland-bench', `county-${COUNT}.geojson`)
await writeCounty(geojson, COUNT)
const boundary = toFlat({ type: 'Polygon', coordinates: [windingBoundary(VERTICES)] })

const base = join(folder, 'base.lowland')
const first = openStore(base, benchDeps(), { create: true })
await fillNewSurvey(first, 'lanxi-2021-2023', 'bench')
const options = { match: 'code', outside_guard: true, crs: 'EPSG:4490' } as const
await runImport(first, { file: geojson, kind: 'parcels', options, dryRun: false }, createJobControl())
await first.mutate({ label: 'bench', kind: 'system' }, tx => {
  const id = tx.create('boundary_version', { code: 'B', name: 'B', effective_date: '2022-11-01', status: 'active' })
  tx.create('boundary_feature', { boundary_id: id, subzone: 'concentrated' }, boundary)
})
const rows = all<{ code: string; geometry: Uint8Array }>(
  first.read,
  'SELECT code, geometry FROM parcel WHERE deleted = 0 ORDER BY code',
)
const parcels = rows.map(row => toEqualAreaPlane(decodeGeometry(row.geometry)))
const line = toEqualAreaPlane(boundary)
first.close()

const wall = async (work: () => unknown): Promise<number> => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

let shares: number[] = []
async function ours(round: number): Promise<number> {
  const file = join(folder, `round-${round}.lowland`)
  copyFileSync(base, file)
  const store = openStore(file, benchDeps(), { create: false })
  const seconds = await wall(() => classifyAll(store, undefined, createJobControl()))
  shares = all<{ inside_share: number }>(
    store.read,
    'SELECT inside_share FROM parcel WHERE deleted = 0 ORDER BY code',
  ).map(row => row.inside_share)
  store.close()
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  rmSync(`${file}.files`, { recursive: true, force: true })
  return seconds
}

interface Peer {
  readonly name: string
  run(): Promise<number>
  /** One share per parcel in the order of `parcels`. */
  answer(): Promise<number[]>
  close(): Promise<void>
}

const MODULES = ['/usr/lib/x86_64-linux-gnu/mod_spatialite.so', '/usr/lib/aarch64-linux-gnu/mod_spatialite.so']

function spatialite(): Peer {
  const library = MODULES.find(existsSync)
  if (library === undefined) throw new Error('apt-get install libsqlite3-mod-spatialite')
  const db = openScratch(join(folder, 'peer.sqlite'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.loadExtension(library)
  db.exec(`SELECT InitSpatialMetaData(1); CREATE TABLE parcel (n INTEGER PRIMARY KEY);
    SELECT AddGeometryColumn('parcel', 'g', -1, 'MULTIPOLYGON', 'XY'); CREATE TABLE line (n INTEGER PRIMARY KEY);
    SELECT AddGeometryColumn('line', 'g', -1, 'MULTIPOLYGON', 'XY');`)
  const put = db.prepare('INSERT INTO parcel (n, g) VALUES (?, GeomFromWKB(?, -1))')
  db.transaction(() => {
    for (const [n, parcel] of parcels.entries()) put.run(n, Buffer.from(toWkbHex(parcel), 'hex'))
    db.prepare('INSERT INTO line (n, g) VALUES (0, GeomFromWKB(?, -1))').run(Buffer.from(toWkbHex(line), 'hex'))
  })()
  return {
    name: 'SpatiaLite',
    run: () =>
      wall(() =>
        db.exec(`SELECT DisableSpatialIndex('piece', 'g') WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'piece');
          DROP TABLE IF EXISTS idx_piece_g; DROP TABLE IF EXISTS piece; DROP TABLE IF EXISTS share;
          DELETE FROM geometry_columns WHERE f_table_name = 'piece';
          BEGIN; CREATE TABLE piece (id INTEGER PRIMARY KEY);
          SELECT AddGeometryColumn('piece', 'g', -1, 'MULTIPOLYGON', 'XY');
          INSERT INTO piece (g) WITH RECURSIVE part (x, i, n) AS (SELECT y, 1, NumGeometries(y) FROM (SELECT ST_Subdivide(g, 128) AS y FROM line)
            UNION ALL SELECT x, i + 1, n FROM part WHERE i < n) SELECT CastToMultiPolygon(GeometryN(x, i)) FROM part;
          SELECT CreateSpatialIndex('piece', 'g');
          CREATE TABLE share AS SELECT p.n, coalesce((SELECT sum(CASE WHEN ST_CoveredBy(p.g, b.g) THEN ST_Area(p.g)
              WHEN ST_Intersects(p.g, b.g) THEN coalesce(ST_Area(ST_Intersection(p.g, b.g)), 0) ELSE 0 END)
            FROM idx_piece_g i JOIN piece b ON b.id = i.pkid WHERE i.xmin <= MbrMaxX(p.g) AND i.xmax >= MbrMinX(p.g)
              AND i.ymin <= MbrMaxY(p.g) AND i.ymax >= MbrMinY(p.g)), 0) / ST_Area(p.g) AS share FROM parcel p;
          COMMIT;`),
      ),
    answer: async () => all<{ share: number }>(db, 'SELECT share FROM share ORDER BY n').map(row => row.share),
    close: async () => void db.close(),
  }
}

async function postgis(): Promise<Peer> {
  const server = await startPostGis()
  await server.query("SET jit = off; SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 0")
  await loadParcels(
    server,
    parcels,
    parcels.map(() => 0),
  )
  await server.query('CREATE TABLE line (g geometry)')
  await server.query("INSERT INTO line VALUES (ST_GeomFromWKB(decode($1, 'hex')))", [toWkbHex(line)])
  await server.query('ANALYZE')
  return {
    name: 'PostGIS',
    run: () =>
      wall(async () => {
        await server.query('DROP TABLE IF EXISTS piece, share')
        await server.query('CREATE TABLE piece AS SELECT ST_Subdivide(g, 128) AS g FROM line')
        await server.query('CREATE INDEX ON piece USING gist (g)')
        await server.query('ANALYZE piece')
        await server.query(`CREATE TABLE share AS SELECT p.n, (SELECT coalesce(sum(CASE WHEN ST_Covers(b.g, p.g) THEN ST_Area(p.g)
            ELSE ST_Area(ST_Intersection(p.g, b.g)) END), 0) FROM piece b WHERE ST_Intersects(b.g, p.g)) / ST_Area(p.g) AS share
          FROM parcel p`)
      }),
    answer: async () =>
      (await server.query<{ share: number }>('SELECT share FROM share ORDER BY n')).map(row => Number(row.share)),
    close: () => server.close(),
  }
}

const peers: Peer[] = []
try {
  if (process.argv.includes('--spatialite')) peers.push(spatialite())
  if (process.argv.includes('--postgis')) peers.push(await postgis())
  const own: number[] = []
  const theirs = peers.map((): number[] => [])
  // The first round is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const seconds = await ours(round)
    if (round > 0) own.push(seconds)
    for (const [index, peer] of peers.entries()) {
      const taken = await peer.run()
      if (round > 0) theirs[index]!.push(taken)
    }
  }
  const range = `${median(own).toFixed(2)} (${Math.min(...own).toFixed(2)}–${Math.max(...own).toFixed(2)})`
  const lines = [
    '| peer | ours, s (median, min–max) | peer, s | peer ÷ ours | results | goal |',
    '|---|---|---|---|---|---|',
  ]
  for (const [index, peer] of peers.entries()) {
    const answer = await peer.answer()
    const worst = answer.reduce((most, share, at) => Math.max(most, Math.abs(share - shares[at]!)), 0)
    const ratio = median(theirs[index]!) / median(own)
    lines.push(
      `| ${peer.name} | ${range} | ${median(theirs[index]!).toFixed(2)} | ${ratio.toFixed(1)} | ${answer.filter(share => share > 0 && share < 1 - 1e-9).length} of ${answer.length} parcels cross, largest difference ${worst.toExponential(1)} | ${verdict(ratio, '≥', 4)} |`,
    )
  }
  if (peers.length === 0) lines.push(`| none | ${range} | | | | |`)
  process.stdout.write(
    `\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}; ${parcels.length} parcels, boundary of ${VERTICES} vertices, survey to stored result, ${ROUNDS} rounds\n\n${lines.join('\n')}\n`,
  )
} finally {
  for (const peer of peers) await peer.close()
  rmSync(folder, { recursive: true, force: true })
}
