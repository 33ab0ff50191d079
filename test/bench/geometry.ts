/**
 * `node test/bench/geometry.ts [--blocks 91] [--rounds 5]`: the geometry core alone, in memory, on an invented county
 * (91 blocks a side are about 98,000 parcels). The baseline is GEOS (WebAssembly) on as much of the same work as noted, and
 * with `--postgis` PostGIS on all of it: the same parcels in a table with an index, the boundary subdivided, one process.
 */
import { loadGeos } from '../../service/geos/geos.ts'
import { createBoundaryIndex } from '../../shared/geometry/boundary-index.ts'
import { clusterParcels } from '../../shared/geometry/cluster.ts'
import { dissolve } from '../../shared/geometry/dissolve.ts'
import { eachNeighbourPair } from '../../shared/geometry/neighbour-pairs.ts'
import { overlapsMoreThan } from '../../shared/geometry/overlap.ts'
import { type Box, type FlatPolygons, type Position, toFlat } from '../../shared/geometry/types.ts'
import { createRandom, makeCounty } from '../support/county.ts'
import { loadParcels, startPostGis, toWkbHex } from '../support/postgis.ts'
import { type Comparison, compare, median, toMarkdown, verdict } from './measure.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}

const { parcels, groupOf, boxes } = makeCounty({ blocks: option('blocks', 91), seed: 42, groups: 128 })
const rounds = option('rounds', 5)
const count = parcels.length
const named = count.toLocaleString('en')
const boxAt = (index: number): Box => [
  boxes[index * 4]!,
  boxes[index * 4 + 1]!,
  boxes[index * 4 + 2]!,
  boxes[index * 4 + 3]!,
]
const geos = await loadGeos()
const boundary = roughDisc(20_000)
const rows: Comparison[] = []

const classifyAll = (): number[] => {
  const index = createBoundaryIndex([{ polygons: boundary, subzone: 'x' }])
  const crossing: number[] = []
  for (let parcel = 0; parcel < count; parcel++) {
    const { share } = index.classify(boxAt(parcel), () => parcels[parcel]!)
    if (share > 0 && share < 1) crossing.push(parcel)
  }
  return crossing
}
const crossing = classifyAll()
const SAMPLE = 20
rows.push(
  await compare(
    `shares of ${named}, ${crossing.length.toLocaleString('en')} crossing, grid included`,
    classifyAll,
    `GEOS intersection of ${SAMPLE} crossing parcels`,
    () => {
      for (let at = 0; at < SAMPLE; at++)
        geos.area(geos.intersection(parcels[crossing[Math.floor((at * crossing.length) / SAMPLE)]!]!, boundary))
    },
    { rounds },
  ),
)

const input = { count, boxes, polygons: (index: number) => parcels[index]!, group: (index: number) => groupOf[index]! }
for (const gapM of [10, 30, 50]) {
  rows.push(
    await compare(
      `clusters of ${named} at ${gapM} m`,
      () => clusterParcels(input, { gapM }),
      'GEOS growing 2,000 parcels by half the gap and uniting them',
      () => geos.union(parcels.slice(0, 2000).map(parcel => geos.buffer(parcel, gapM / 2))),
      { rounds: Math.min(rounds, 3) },
    ),
  )
}

const zones = new Map<number, FlatPolygons[]>()
clusterParcels(input, { gapM: 30 }).forEach((label, parcel) => {
  const members = zones.get(label)
  if (members) members.push(parcels[parcel]!)
  else zones.set(label, [parcels[parcel]!])
})
const dirtied = createRandom(9)
const shared = [...zones.values()].filter(members => members.length > 1)
rows.push(
  await compare(
    `outlines of ${shared.length.toLocaleString('en')} zones`,
    () => {
      for (const members of shared) if (!dissolve(members)) throw new Error('a clean zone was refused')
    },
    'GEOS unary union of the same',
    () => {
      for (const members of shared) geos.union(members)
    },
    { rounds: Math.min(rounds, 3) },
  ),
)

const dirty = shared.map(members => members.map(parcel => (dirtied() < 0.05 ? spoilt(parcel) : parcel)))
const outlines = (): FlatPolygons[] => dirty.map(members => dissolve(members) ?? geos.union(members))
const refused = dirty.filter(members => !dissolve(members)).length
const invalid = outlines().filter(outline => !geos.isValid(outline)).length
rows.push(
  await compare(
    `outlines of the same, 5 % with T-junctions, slivers of 2 cm or overlaps of 30 cm`,
    outlines,
    'GEOS unary union of the same',
    () => {
      for (const members of dirty) geos.union(members)
    },
    { rounds: Math.min(rounds, 3), note: `${refused} zones left to GEOS, ${invalid} results invalid` },
  ),
)

/** A row with a goal for its median, seconds. */
function judge(goalS: number, row: Comparison): void {
  rows.push({ ...row, note: verdict(median(row.ours) / 1000, '≤', goalS, ' s') })
}

if (process.argv.includes('--million')) {
  const million = makeCounty({ blocks: 292, seed: 42, groups: 1024 })
  const size = million.parcels.length
  const wide = {
    count: size,
    boxes: million.boxes,
    polygons: (at: number) => million.parcels[at]!,
    group: (at: number) => million.groupOf[at]!,
  }
  judge(
    1.2,
    await compare(
      `clusters of ${size.toLocaleString('en')} at 30 m`,
      () => clusterParcels(wide, { gapM: 30 }),
      `the same of ${named}`,
      () => clusterParcels(input, { gapM: 30 }),
      { rounds: Math.min(rounds, 3) },
    ),
  )
  const box: Box = [0, 0, 0, 0]
  judge(
    0.3,
    await compare(
      `shares of ${size.toLocaleString('en')}, grid included`,
      () => {
        const index = createBoundaryIndex([{ polygons: boundary, subzone: 'x' }])
        for (let at = 0; at < size; at++) {
          for (let side = 0; side < 4; side++) box[side] = million.boxes[at * 4 + side]!
          index.classify(box, () => million.parcels[at]!)
        }
      },
      `the same of ${named}`,
      classifyAll,
      { rounds: Math.min(rounds, 3) },
    ),
  )
}

rows.push(
  await compare(
    `overlaps over 1 m² among ${named}`,
    () => {
      let overlaps = 0
      eachNeighbourPair({ count, boxes, group: () => 0 }, 0, (i, j) => {
        if (overlapsMoreThan(parcels[i]!, parcels[j]!, 1, boxAt(i), boxAt(j))) overlaps++
      })
      if (overlaps > 0) throw new Error(`${overlaps} overlaps in a clean county`)
    },
    'GEOS intersection of 2,000 pairs',
    () => {
      for (let pair = 0; pair < 2000; pair++) geos.area(geos.intersection(parcels[pair]!, parcels[pair + 1]!))
    },
    { rounds: Math.min(rounds, 3) },
  ),
)

if (process.argv.includes('--postgis')) await againstPostGis()
process.stdout.write(toMarkdown(rows))

/** A parcel as bad surveys have them: a vertex that its neighbour lacks, one moved by 2 cm, or one moved by 30 cm. */
function spoilt(parcel: FlatPolygons): FlatPolygons {
  const kind = dirtied()
  const { coordinates } = parcel
  if (kind < 1 / 3) {
    // A new vertex in the middle of the first edge.
    const grown = new Float64Array(coordinates.length + 2)
    grown.set(coordinates.subarray(0, 2))
    grown[2] = (coordinates[0]! + coordinates[2]!) / 2
    grown[3] = (coordinates[1]! + coordinates[3]!) / 2
    grown.set(coordinates.subarray(2), 4)
    return { ...parcel, coordinates: grown, ringEnds: parcel.ringEnds.map(end => end + 1) }
  }
  const moved = Float64Array.from(coordinates)
  moved[2] = moved[2]! + (kind < 2 / 3 ? 0.02 : 0.3)
  return { ...parcel, coordinates: moved }
}

/** A ragged disc about the middle of the county. */
function roughDisc(vertices: number): FlatPolygons {
  const random = createRandom(5)
  const [minX, minY] = boxAt(0)
  const [, , maxX, maxY] = boxAt(count - 1)
  const middle: Position = [(minX + maxX) / 2, (minY + maxY) / 2]
  const radius = (maxX - minX) * 0.35
  const ring = Array.from({ length: vertices }, (_, index): Position => {
    const angle = (2 * Math.PI * index) / vertices
    const reach = radius * (1 + 0.2 * Math.sin(7 * angle) + 0.08 * Math.sin(61 * angle)) + (random() - 0.5) * 20
    return [middle[0] + reach * Math.cos(angle), middle[1] + reach * Math.sin(angle)]
  })
  ring.push([...ring[0]!])
  return toFlat({ type: 'Polygon', coordinates: [ring] })
}

async function againstPostGis(): Promise<void> {
  const postgis = await startPostGis()
  const once = { rounds: Math.min(rounds, 3) }
  try {
    await postgis.query("SET jit = off; SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 0")
    await loadParcels(postgis, parcels, groupOf)
    await postgis.query('CREATE INDEX ON parcel USING gist (g)')
    await postgis.query("CREATE TABLE line AS SELECT ST_GeomFromWKB(decode($1, 'hex')) AS g", [toWkbHex(boundary)])
    await postgis.query('ANALYZE')
    rows.push(
      await compare(
        `shares of ${named}, grid included`,
        classifyAll,
        'PostGIS, subdivided boundary with index',
        async () => {
          await postgis.query('DROP TABLE IF EXISTS piece')
          await postgis.query('CREATE TABLE piece AS SELECT ST_Subdivide(g, 128) AS g FROM line')
          await postgis.query('CREATE INDEX ON piece USING gist (g)')
          await postgis.query('ANALYZE piece')
          await postgis.query(
            `SELECT sum(share) FROM (SELECT p.n, (SELECT coalesce(sum(CASE WHEN ST_Covers(b.g, p.g) THEN ST_Area(p.g)
               ELSE ST_Area(ST_Intersection(p.g, b.g)) END), 0) FROM piece b WHERE ST_Intersects(b.g, p.g)) / ST_Area(p.g) AS share
             FROM parcel p) q`,
          )
        },
        once,
      ),
    )
    for (const gapM of [10, 30, 50]) {
      rows.push(
        await compare(
          `clusters of ${named} at ${gapM} m`,
          () => clusterParcels(input, { gapM }),
          'PostGIS, ST_ClusterDBSCAN per group',
          () =>
            postgis.query(
              'SELECT count(DISTINCT (grp, c)) FROM (SELECT grp, ST_ClusterDBSCAN(g, $1::float8, 1) OVER (PARTITION BY grp) AS c FROM parcel) q',
              [gapM],
            ),
          once,
        ),
      )
    }
  } finally {
    await postgis.close()
  }
}
