/**
 * `node test/bench/geometry-peers.ts --data DIR --geos PROGRAM [--postgis] [--rounds 5]`: the geometry core against native peers on
 * the very same parcels. DIR holds `parcels.wkbs` and `boundary.wkbs` in metres (EPSG:4549): a count, then for each feature the
 * number of its group, the length and the WKB. Both sides read these files before the clock runs. PROGRAM is a plain GEOS
 * program in C that understands `classify_sub DIR OUT` and `zones DIR GAP OUT`, prints lines like
 * `cluster d=30 cpu 0.31`, and writes shares (f64) or labels (i32). CPU seconds of both sides, one peer run per round, in turn.
 * Ours runs 24 times before the first counted round: the service is a process that lives long, the peers need no warming up.
 * What the very first run takes is printed too. Results are compared: a fast wrong answer is no figure.
 * With 5 rounds and PostGIS it takes about six minutes.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBoundaryIndex } from '../../shared/geometry/boundary-index.ts'
import { clusterParcels } from '../../shared/geometry/cluster.ts'
import { dissolve } from '../../shared/geometry/dissolve.ts'
import { decodeWkb } from '../../shared/geometry/geopackage-blob.ts'
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { loadParcels, startPostGis, toWkbHex } from '../support/postgis.ts'
import { clearGarbage, median, verdict } from './measure.ts'

const text = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const data = text('data')
const program = text('geos')
if (!data || !program) throw new Error('--data DIR --geos PROGRAM')
const rounds = Number(text('rounds') ?? 5)
const GAPS_M = [10, 30, 50]

/**
 * Outlines and group numbers of a file, as PROGRAM reads them. Not from GeoJSON: 300 MB of objects that the engine gives back some
 * seconds later, in the middle of a round.
 */
function readFeatures(name: string): { polygons: FlatPolygons[]; groupOf: Int32Array } {
  const bytes = readFileSync(join(data!, `${name}.wkbs`))
  const count = bytes.readUInt32LE(0)
  const groupOf = new Int32Array(count)
  let at = 4
  const polygons = Array.from({ length: count }, (_, index) => {
    groupOf[index] = bytes.readInt32LE(at)
    const start = at + 8
    at = start + bytes.readUInt32LE(at + 4)
    return decodeWkb(bytes, start)
  })
  return { polygons, groupOf }
}
const { polygons: parcels, groupOf } = readFeatures('parcels')
const boundary = readFeatures('boundary').polygons.map(polygons => ({ polygons, subzone: 'x' }))
const boxes = new Float64Array(parcels.length * 4)
parcels.forEach((parcel, index) => {
  boxes.set(boxOf(parcel), index * 4)
})
const box: Box = [0, 0, 0, 0]
/** The same array each time: a hundred thousand little ones would be the garbage of the harness, not of what is measured. */
function boxAt(index: number): Box {
  for (let side = 0; side < 4; side++) box[side] = boxes[index * 4 + side]!
  return box
}
const folder = mkdtempSync(join(tmpdir(), 'lowland-peers-'))
const lines: string[] = []
const report = (line: string): void => {
  lines.push(line)
  process.stderr.write(`${line}\n`)
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/**
 * CPU seconds of ours in a round. It runs once before that is not counted: the peer has thrown our parcels out of the processor's
 * caches, while its own have just been read when its clock starts.
 */
function ownSeconds(work: () => void): number {
  work()
  return cpuSeconds(work)
}

/** Runs 24 times, begins without garbage; CPU seconds of the first. The engine compiles anew up to the ninth, seldom later. */
function warmUp(work: () => void): number {
  clearGarbage()
  const first = cpuSeconds(work)
  for (let again = 0; again < 23; again++) work()
  return first
}

/** CPU seconds by the name in front of `cpu`, from the peer's own accounting. */
function peer(...args: string[]): Record<string, number> {
  const printed = execFileSync(program!, args, { encoding: 'utf8' })
  const found: Record<string, number> = {}
  for (const [, name, seconds] of printed.matchAll(/^(\w+)[^\n]*? cpu ([\d.]+)/gm)) found[name!] = Number(seconds)
  return found
}

/** `goal`: how many times faster ours must be; none for rows that only inform. */
function row(
  what: string,
  ours: readonly number[],
  name: string,
  theirs: readonly number[],
  note: string,
  goal?: number,
): void {
  const ratio = median(theirs) / median(ours)
  report(
    `| ${what} | ${median(ours).toFixed(3)} (${Math.min(...ours).toFixed(3)}–${Math.max(...ours).toFixed(3)}) | ${name} | ${median(theirs).toFixed(3)} | ${ratio.toFixed(1)} | ${note} | ${goal === undefined ? '' : verdict(ratio, '≥', goal)} |`,
  )
}

report(
  '| what | ours, CPU s (median, min–max) | peer | peer, CPU s | peer ÷ ours | results | goal |\n|---|---|---|---|---|---|---|',
)

const shares = new Float64Array(parcels.length)
const classify = (): void => {
  const index = createBoundaryIndex(boundary)
  for (let at = 0; at < parcels.length; at++) shares[at] = index.classify(boxAt(at), () => parcels[at]!).share
}
{
  const [ours, theirs]: [number[], number[]] = [[], []]
  const out = join(folder, 'shares')
  const first = warmUp(classify)
  for (let round = 0; round <= rounds; round++) {
    const own = ownSeconds(classify)
    const geos = peer('classify_sub', data, out)['classify_sub']!
    if (round > 0) ours.push(own) && theirs.push(geos)
  }
  const reference = new Float64Array(readFileSync(out).buffer)
  let worst = 0
  for (let at = 0; at < parcels.length; at++) worst = Math.max(worst, Math.abs(reference[at]! - shares[at]!))
  row(
    'shares, grid included',
    ours,
    'GEOS, subdivided and prepared',
    theirs,
    `largest difference ${worst.toExponential(1)}; first run ${first.toFixed(3)}`,
    12,
  )
}

const input = {
  count: parcels.length,
  boxes,
  polygons: (at: number) => parcels[at]!,
  group: (at: number) => groupOf[at]!,
}
const dissolved: { unary: number[]; coverage: number[]; ours: number[] } = { unary: [], coverage: [], ours: [] }
for (const gapM of GAPS_M) {
  const [ours, theirs]: [number[], number[]] = [[], []]
  const out = join(folder, 'labels')
  let labels: Int32Array = new Int32Array()
  const first = warmUp(() => clusterParcels(input, { gapM }))
  for (let round = 0; round <= rounds; round++) {
    const own = ownSeconds(() => {
      labels = clusterParcels(input, { gapM })
    })
    const geos = peer('zones', data, String(gapM), out)
    if (gapM === 30) {
      const zones = zonesOf(labels)
      const seconds = cpuSeconds(() => {
        for (const members of zones) if (!dissolve(members)) throw new Error('a clean zone was refused')
      })
      // Outlines that nobody needs any more: not to be cleared away in the next round of clusters.
      clearGarbage()
      if (round > 0) {
        dissolved.ours.push(seconds)
        dissolved.unary.push(geos['unaryunion']!)
        dissolved.coverage.push(geos['coverageunion']!)
      }
    }
    if (round > 0) ours.push(own) && theirs.push(geos['cluster']!)
  }
  const reference = new Int32Array(readFileSync(out).buffer)
  const wrong = labels.filter((label, at) => label !== reference[at]).length
  row(
    `clusters at ${gapM} m`,
    ours,
    'GEOS, STRtree and prepared',
    theirs,
    `${wrong} labels differ; first run ${first.toFixed(3)}`,
    4,
  )
}
row('outlines at 30 m', dissolved.ours, 'GEOS unary union', dissolved.unary, '', 10)
row('outlines at 30 m', dissolved.ours, 'GEOS coverage union', dissolved.coverage, '', 3)
if (process.argv.includes('--postgis')) await againstPostGis()
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`${lines.join('\n')}\n`)

function zonesOf(labels: Int32Array): FlatPolygons[][] {
  const zones = new Map<number, FlatPolygons[]>()
  labels.forEach((label, at) => {
    const members = zones.get(label)
    if (members) members.push(parcels[at]!)
    else zones.set(label, [parcels[at]!])
  })
  return [...zones.values()].filter(members => members.length > 1)
}

/** Wall seconds of one server process without parallel workers against ours. */
async function againstPostGis(): Promise<void> {
  const postgis = await startPostGis()
  const wall = async (work: () => unknown): Promise<number> => {
    const start = performance.now()
    await work()
    return (performance.now() - start) / 1000
  }
  const clusterOf = (gapM: number): string => `ST_ClusterDBSCAN(g, ${gapM}, 1) OVER (PARTITION BY grp)`
  try {
    await postgis.query("SET jit = off; SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 0")
    await loadParcels(postgis, parcels, [...groupOf])
    await postgis.query('CREATE INDEX ON parcel USING gist (g)')
    await postgis.query('CREATE TABLE line (g geometry)')
    for (const { polygons } of boundary)
      await postgis.query("INSERT INTO line VALUES (ST_GeomFromWKB(decode($1, 'hex')))", [toWkbHex(polygons)])
    await postgis.query('ANALYZE')
    const pairs: [string, string, () => void, string[], number?][] = [
      [
        'shares, grid included',
        'PostGIS, subdivided with index, into a table',
        classify,
        [
          'DROP TABLE IF EXISTS piece, share',
          'CREATE TABLE piece AS SELECT ST_Subdivide(g, 128) AS g FROM line',
          'CREATE INDEX ON piece USING gist (g)',
          'ANALYZE piece',
          `CREATE TABLE share AS SELECT p.n, (SELECT coalesce(sum(CASE WHEN ST_Covers(b.g, p.g) THEN ST_Area(p.g)
             ELSE ST_Area(ST_Intersection(p.g, b.g)) END), 0) FROM piece b WHERE ST_Intersects(b.g, p.g)) / ST_Area(p.g) AS share
           FROM parcel p`,
        ],
        15,
      ],
      // As in the study: the outlines go into the table of zones, where the next step unites them.
      ...GAPS_M.map((gapM): [string, string, () => void, string[], number] => [
        `clusters at ${gapM} m`,
        'PostGIS, ST_ClusterDBSCAN per group, zones into a table',
        () => clusterParcels(input, { gapM }),
        ['DROP TABLE IF EXISTS zone', `CREATE TABLE zone AS SELECT n, grp, g, ${clusterOf(gapM)} AS c FROM parcel`],
        10,
      ]),
      // The least that PostGIS can do: nothing but a number for each parcel.
      ...GAPS_M.map((gapM): [string, string, () => void, string[]] => [
        `clusters at ${gapM} m`,
        'PostGIS, ST_ClusterDBSCAN per group, numbers only',
        () => clusterParcels(input, { gapM }),
        ['DROP TABLE IF EXISTS zone', `CREATE TABLE zone AS SELECT n, ${clusterOf(gapM)} AS c FROM parcel`],
      ]),
    ]
    for (const [what, name, own, statements, goal] of pairs) {
      warmUp(own)
      const [ours, theirs]: [number[], number[]] = [[], []]
      for (let round = 0; round <= rounds; round++) {
        own()
        const a = await wall(own)
        const b = await wall(async () => {
          for (const statement of statements) await postgis.query(statement)
        })
        if (round > 0) ours.push(a) && theirs.push(b)
      }
      row(`${what} (wall)`, ours, name, theirs, '', goal)
    }
  } finally {
    await postgis.close()
  }
}
