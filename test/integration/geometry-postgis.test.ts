/** Zones and inside areas against PostGIS, which shares no code with ours: members exactly, areas within 1e-6 of the parcel. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { createBarrierIndex } from '../../shared/geometry/barrier-index.ts'
import { createBoundaryIndex } from '../../shared/geometry/boundary-index.ts'
import { clusterParcels } from '../../shared/geometry/cluster.ts'
import { ribbonParts } from '../../shared/geometry/ribbon.ts'
import { boxOf, type FlatPolygons, type Ring, toFlat } from '../../shared/geometry/types.ts'
import { boxesOf, type County, createRandom, makeCounty } from '../support/county.ts'
import { moved } from '../support/polygon-arbitraries.ts'
import { loadParcels, type PostGis, startPostGis, toWkbHex } from '../support/postgis.ts'

let postgis: PostGis
beforeAll(async () => {
  postgis = await startPostGis()
}, 120_000)
afterAll(() => postgis?.close())

/** Clusters as sorted lists of members, whatever their labels. */
function sets(labelOf: (index: number) => number | string, count: number): string[] {
  const members = new Map<number | string, number[]>()
  for (let index = 0; index < count; index++) {
    const label = labelOf(index)
    members.set(label, [...(members.get(label) ?? []), index])
  }
  return [...members.values()].map(list => list.join(' ')).sort()
}

test('on 20 random layouts and three gaps the clusters are those of ST_ClusterDBSCAN, member for member', async () => {
  let clusters = 0
  for (let seed = 1; seed <= 20; seed++) {
    const county = makeCounty({ blocks: 6, seed, groups: 5 })
    await loadParcels(postgis, county.parcels, county.groupOf)
    for (const gapM of [10, 30, 50]) {
      const input = {
        count: county.parcels.length,
        boxes: county.boxes,
        polygons: (index: number) => county.parcels[index]!,
        group: (index: number) => county.groupOf[index]!,
      }
      const labels = clusterParcels(input, { gapM })
      // minpoints 1: no parcel is noise, so that clusters are the connected components of ST_DWithin.
      const rows = await postgis.query<{ n: number; grp: number; c: number }>(
        'SELECT n, grp, ST_ClusterDBSCAN(g, $1::float8, 1) OVER (PARTITION BY grp) AS c FROM parcel',
        [gapM],
      )
      const theirs = new Map(rows.map(row => [row.n, `${row.grp}/${row.c}`]))
      const ours = sets(index => labels[index]!, input.count)
      expect(ours, `seed ${seed}, gap ${gapM}`).toEqual(sets(index => theirs.get(index)!, input.count))
      clusters += ours.length
    }
  }
  // The layouts are neither one lump nor dust, or the comparison would say little.
  expect(clusters).toBeGreaterThan(20 * 3 * 5)
}, 300_000)

/**
 * Rivers of 3 to 30 m and railways of half a metre that wind through a layout, some ending within it, and a lake. A railway is
 * many small rectangles, as it is imported.
 */
function barriersOf(seed: number, west: number, south: number, size: number): FlatPolygons[] {
  const random = createRandom(seed + 1000)
  const lines = Array.from({ length: 7 }, (_, number) => {
    const isUpright = number % 2 === 0
    // Blocks are 430 m apart: most lines follow a road between two of them, the last ones cross land.
    const road = Math.ceil(4 * random()) / 5
    const [start, bend, phase] = [
      number < 5 ? road : 0.05 + 0.9 * random(),
      number < 5 ? 25 * random() ** 2 : 100,
      7 * random(),
    ]
    const until = number % 4 === 0 ? 1.05 : 0.3 + 0.5 * random()
    const line: number[] = []
    for (let way = -0.05; way < until; way += 0.01) {
      const [along, aside] = [way * size, start * size + bend * Math.sin(phase + way * 9)]
      line.push(...(isUpright ? [west + aside, south + along] : [west + along, south + aside]))
    }
    return ribbonParts(Float64Array.from(line), number % 3 === 0 ? 0.25 : 1.5 + 13 * random())
  })
  const [x, y] = [west + size * random(), south + size * random()]
  const lake: Ring = Array.from({ length: 41 }, (_, at) => [
    x + (at === 40 ? 1 : Math.cos((at * Math.PI) / 20)) * 260,
    y + (at === 40 ? 0 : Math.sin((at * Math.PI) / 20)) * 180,
  ])
  return [...lines.flat(), toFlat({ type: 'Polygon', coordinates: [lake] })]
}

/** Bends a layout by less than a metre, so that no two edges are parallel and shortest connections are unique. */
function bent(parcels: readonly FlatPolygons[]): FlatPolygons[] {
  return parcels.map(parcel => {
    const coordinates = parcel.coordinates.slice()
    for (let at = 0; at < coordinates.length; at += 2) {
      const [x, y] = [parcel.coordinates[at]!, parcel.coordinates[at + 1]!]
      coordinates[at] = x + 0.4 * Math.sin(y / 53) + 0.2 * Math.sin(x / 31)
      coordinates[at + 1] = y + 0.4 * Math.sin(x / 47 + 1) + 0.2 * Math.sin(y / 29)
    }
    return { ...parcel, coordinates }
  })
}

test('with barriers, on 20 random layouts and three gaps, the clusters are those of ST_ShortestLine and ST_Intersection', async () => {
  let kept = 0
  let changed = 0
  for (let seed = 1; seed <= 20; seed++) {
    const { groupOf, parcels: straight } = makeCounty({ blocks: 5, seed, groups: 2 })
    const parcels = bent(straight)
    const barriers = barriersOf(seed, 440_000, 3_230_000, 5 * 430)
    await loadParcels(postgis, parcels, groupOf)
    await postgis.query('DROP TABLE IF EXISTS barrier')
    await postgis.query(
      `CREATE TABLE barrier AS SELECT ST_GeomFromWKB(decode(hex, 'hex')) AS g FROM unnest(ARRAY['${barriers.map(toWkbHex).join("','")}']) AS t(hex)`,
    )
    await postgis.query('CREATE INDEX ON barrier USING gist (g)')
    // Each pair once, within the greatest gap: how far it is, and how much of its shortest connection the worst barrier covers.
    const pairs = await postgis.query<{ i: number; j: number; d: number; covered: number | null }>(
      `SELECT i, j, d, (SELECT max(ST_Length(ST_Intersection(r.g, s))) FROM barrier r WHERE ST_Intersects(r.g, s)) AS covered
       FROM (SELECT a.n AS i, b.n AS j, ST_Distance(a.g, b.g) AS d, ST_ShortestLine(a.g, b.g) AS s
         FROM parcel a JOIN parcel b ON a.n < b.n AND a.grp = b.grp AND ST_DWithin(a.g, b.g, 50)) p`,
    )
    for (const gapM of [10, 30, 50]) {
      const theirs = parcels.map((_, index) => index)
      const near = pairs.filter(pair => pair.d <= gapM)
      const linked = near.filter(({ d, covered }) => d === 0 || (covered ?? 0) <= 0.05)
      kept += near.length - linked.length
      // The smaller label spreads along the links until nothing changes.
      for (let isChanging = true; isChanging; ) {
        isChanging = false
        for (const { i, j } of linked) {
          const label = Math.min(theirs[i]!, theirs[j]!)
          if (theirs[i] === theirs[j]) continue
          theirs[i] = label
          theirs[j] = label
          isChanging = true
        }
      }
      const input = {
        count: parcels.length,
        boxes: boxesOf(parcels),
        polygons: (index: number) => parcels[index]!,
        group: (index: number) => groupOf[index]!,
      }
      const ours = [...clusterParcels(input, { gapM, barriers: createBarrierIndex(barriers) })]
      expect(ours, `seed ${seed}, gap ${gapM}`).toEqual(theirs)
      if (clusterParcels(input, { gapM }).some((label, at) => label !== ours[at])) changed++
    }
  }
  // Barriers matter: links that they cut, and runs whose clusters they change.
  expect(kept).toBeGreaterThan(1000)
  expect(changed).toBeGreaterThan(40)
}, 300_000)

/** A ring that winds through the county and crosses parcels all along. */
function winding({ boxes }: County, vertices: number): FlatPolygons {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < boxes.length; at += 4) {
    west = Math.min(west, boxes[at]!)
    south = Math.min(south, boxes[at + 1]!)
    east = Math.max(east, boxes[at + 2]!)
    north = Math.max(north, boxes[at + 3]!)
  }
  const ring: Ring = Array.from({ length: vertices }, (_, index): [number, number] => {
    const angle = (index / vertices) * 2 * Math.PI
    const reach = 0.3 * (1 + 0.3 * Math.sin(5 * angle) + 0.05 * Math.sin(67 * angle))
    return [
      (west + east) / 2 + (east - west) * reach * Math.cos(angle),
      (south + north) / 2 + (north - south) * reach * Math.sin(angle),
    ]
  })
  return toFlat({ type: 'Polygon', coordinates: [[...ring, ring[0]!]] })
}

test('areas inside and outside agree with PostGIS on every parcel of a layout of 20,000, touching and nearly touching', async () => {
  const county = makeCounty({ blocks: 42, seed: 3 })
  expect(county.parcels.length).toBeGreaterThan(20_000)
  await loadParcels(postgis, county.parcels, county.groupOf)
  const line = winding(county, 4000)
  // Beside the winding line every seventh block's first parcels, so that neighbours touch the boundary along whole edges.
  const followed = county.parcels.filter((_, index) => county.blockOf[index]! % 7 === 0 && index % 12 < 5)
  // In other blocks the boundary misses the edges that it follows by a ten-millionth of a metre up to ten centimetres.
  const missed = county.parcels.flatMap((polygons, index) => {
    const block = county.blockOf[index]!
    const by = [1e-7, -1e-6, 1e-5, -1e-4, 1e-3, -0.01, 0.1][block % 5 === 0 ? (block / 5) % 7 : 7]
    return by === undefined || block % 7 === 0 || index % 12 > 6 ? [] : [moved(polygons, by, -by / 2)]
  })
  expect(missed.length).toBeGreaterThan(1000)
  const features = [line, ...followed, ...missed]
  const index = createBoundaryIndex(features.map((polygons, at) => ({ polygons, subzone: `${Math.min(at, 1)}` })))
  await postgis.query('DROP TABLE IF EXISTS piece')
  await postgis.query('CREATE TABLE piece (g geometry)')
  await postgis.query(
    `INSERT INTO piece SELECT ST_Subdivide(ST_Union(ST_GeomFromWKB(decode(hex, 'hex'))), 200) FROM unnest($1::text[]) AS t(hex)`,
    [features.map(toWkbHex)],
  )
  await postgis.query('CREATE INDEX ON piece USING gist (g)')
  await postgis.query('ANALYZE piece')
  const rows = await postgis.query<{ n: number; inside: number; outside: number }>(
    `SELECT p.n, sum(ST_Area(ST_Intersection(p.g, b.g)))::float8 AS inside,
       ST_Area(ST_Difference(p.g, ST_Union(b.g)))::float8 AS outside
     FROM parcel p JOIN piece b ON ST_Intersects(p.g, b.g) GROUP BY p.n`,
  )
  const theirs = new Map(rows.map(row => [row.n, row]))
  const wrong: { parcel: number; ours: number; theirs: number }[] = []
  let partly = 0
  let nearly = 0
  county.parcels.forEach((parcel, number) => {
    const area = planarAreaM2(parcel)
    const ours = index.classify(boxOf(parcel), () => parcel).share
    const { inside, outside } = theirs.get(number) ?? { inside: 0, outside: area }
    if (ours > 0 && ours < 1) partly++
    if (theirs.has(number) && Math.min(inside, outside) < 1e-3 * area) nearly++
    if (Math.abs(ours - inside / area) > 1e-6) wrong.push({ parcel: number, ours, theirs: inside / area })
    if (Math.abs(1 - ours - outside / area) > 1e-6)
      wrong.push({ parcel: number, ours: 1 - ours, theirs: outside / area })
  })
  expect(wrong).toEqual([])
  expect(partly).toBeGreaterThan(200)
  // Touched by the boundary, or cut by it in next to nothing.
  expect(nearly).toBeGreaterThan(1000)
}, 300_000)
