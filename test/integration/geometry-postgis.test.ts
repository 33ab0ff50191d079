/** Zones and inside areas against PostGIS, which shares no code with ours: members exactly, areas within 1e-6 of the parcel. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { createBoundaryIndex } from '../../shared/geometry/boundary-index.ts'
import { clusterParcels } from '../../shared/geometry/cluster.ts'
import { boxOf, type FlatPolygons, type Ring, toFlat } from '../../shared/geometry/types.ts'
import { type County, makeCounty } from '../support/county.ts'
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

test('areas inside agree with ST_Intersection on every parcel of a layout of 20,000, touching ones included', async () => {
  const county = makeCounty({ blocks: 42, seed: 3 })
  expect(county.parcels.length).toBeGreaterThan(20_000)
  await loadParcels(postgis, county.parcels, county.groupOf)
  const line = winding(county, 4000)
  // Beside the winding line every seventh block's first parcels, so that neighbours touch the boundary along whole edges.
  const followed = county.parcels.filter((_, index) => county.blockOf[index]! % 7 === 0 && index % 12 < 5)
  const index = createBoundaryIndex([
    { polygons: line, subzone: 'line' },
    ...followed.map(polygons => ({ polygons, subzone: 'followed' })),
  ])
  await postgis.query('DROP TABLE IF EXISTS piece')
  await postgis.query('CREATE TABLE piece (g geometry)')
  await postgis.query(
    `INSERT INTO piece SELECT ST_Subdivide(ST_Union(ST_GeomFromWKB(decode(hex, 'hex'))), 200) FROM unnest($1::text[]) AS t(hex)`,
    [[line, ...followed].map(toWkbHex)],
  )
  await postgis.query('CREATE INDEX ON piece USING gist (g)')
  await postgis.query('ANALYZE piece')
  const rows = await postgis.query<{ n: number; area: number }>(
    `SELECT p.n, sum(ST_Area(ST_Intersection(p.g, b.g)))::float8 AS area
     FROM parcel p JOIN piece b ON ST_Intersects(p.g, b.g) GROUP BY p.n`,
  )
  const theirs = new Map(rows.map(row => [row.n, row.area]))
  const wrong: { parcel: number; ours: number; theirs: number }[] = []
  let partly = 0
  county.parcels.forEach((parcel, number) => {
    const area = planarAreaM2(parcel)
    const ours = index.classify(boxOf(parcel), () => parcel).share
    const share = (theirs.get(number) ?? 0) / area
    if (ours > 0 && ours < 1) partly++
    if (Math.abs(ours - share) > 1e-6) wrong.push({ parcel: number, ours, theirs: share })
  })
  expect(wrong).toEqual([])
  expect(partly).toBeGreaterThan(200)
}, 300_000)
