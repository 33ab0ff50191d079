/** Layers beside the development boundary: farmland, ecological red lines, barriers. Areas against GEOS on the ellipsoid's plane. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadGeos } from '../../service/geos/geos.ts'
import { undoBatch } from '../../service/imports/undo-batch.ts'
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { type FlatPolygons, fromFlat } from '../../shared/geometry/types.ts'
import { type Desk, openDesk } from './import-fixture.ts'
import { createParcels, ORIGIN, rectangle } from './survey-fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const collection = (...geometries: unknown[]): string =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: geometries.map(geometry => ({ type: 'Feature', properties: {}, geometry })),
  })
const layerFile = (name: string, ...polygons: FlatPolygons[]): string =>
  desk.file(name, collection(...polygons.map(fromFlat)))
const options = (layer: 'farmland' | 'eco_redline' | 'barrier') => ({
  name: layer,
  effective: '2022-11-01',
  crs: 'EPSG:4490',
  layer,
})
const overlaps = () =>
  desk.store.read
    .prepare(
      'SELECT code, overlap_farmland_m2 AS farmland, overlap_eco_m2 AS eco FROM parcel WHERE deleted = 0 ORDER BY code',
    )
    .all() as { code: string; farmland: number | null; eco: number | null }[]

test('every parcel is measured against an imported layer, a touching one is not in it, and the undo takes the figures back', async () => {
  await createParcels(desk.store, [
    { code: 'A', geometry: rectangle(0, 0, 100, 100) },
    { code: 'B', geometry: rectangle(100, 0, 200, 100) },
    { code: 'C', geometry: rectangle(300, 0, 400, 100) },
  ])
  const layer = rectangle(-50, -50, 100, 50)
  const { batch } = await desk.run(layerFile('farmland.geojson', layer), 'boundary', options('farmland'))
  const [a, b, c] = overlaps()
  const geos = await loadGeos()
  const stored = desk.store.read.prepare("SELECT geometry FROM parcel WHERE code = 'A'").get() as {
    geometry: Uint8Array
  }
  const expected = ellipsoidAreaM2(geos.intersection(decodeGeometry(stored.geometry), layer))
  expect(Math.abs(a!.farmland! - expected)).toBeLessThan(1e-3)
  expect(b).toEqual({ code: 'B', farmland: 0, eco: null })
  expect(c).toEqual({ code: 'C', farmland: 0, eco: null })
  await undoBatch(desk.store, batch!)
  expect(overlaps().map(row => row.farmland)).toEqual([null, null, null])
})

test('a layer neither decides sides nor can be made the boundary, and a newer version of it replaces the older', async () => {
  await createParcels(desk.store, [{ code: 'A', geometry: rectangle(0, 0, 100, 100) }])
  await desk.run(layerFile('one.geojson', rectangle(0, 0, 100, 100)), 'boundary', options('eco_redline'))
  expect(overlaps()[0]!.eco).toBeGreaterThan(9_900)
  expect(desk.store.read.prepare('SELECT side FROM parcel').get()).toEqual({ side: 'unknown' })
  const second = await desk.run(layerFile('two.geojson', rectangle(0, 0, 50, 100)), 'boundary', options('eco_redline'))
  expect(overlaps()[0]!.eco).toBeLessThan(5_100)
  await undoBatch(desk.store, second.batch!)
  expect(overlaps()[0]!.eco).toBeGreaterThan(9_900)
})

test('what is drawn or imported after the layer is measured at once', async () => {
  await desk.run(layerFile('farmland.geojson', rectangle(0, 0, 100, 100)), 'boundary', options('farmland'))
  await createParcels(desk.store, [{ code: 'A', geometry: rectangle(0, 0, 100, 50) }])
  const file = desk.file(
    'p.geojson',
    JSON.stringify({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { code: 'B' }, geometry: fromFlat(rectangle(500, 0, 600, 50)) }],
    }),
  )
  await desk.run(file, 'parcels', { crs: 'EPSG:4490' })
  const [a, b] = overlaps()
  expect(a!.farmland).toBeGreaterThan(4_900)
  expect(b!.farmland).toBe(0)
})

test('lines are taken as barriers only, and become 0.5 m wide', async () => {
  const [lng, lat] = ORIGIN
  const line = {
    type: 'LineString',
    coordinates: [
      [lng, lat],
      [lng + 0.01, lat],
      [lng + 0.01, lat + 0.01],
    ],
  }
  const file = desk.file('river.geojson', collection(line))
  const refused = await desk.run(file, 'boundary', options('farmland'))
  expect(refused).toMatchObject({ batch: null, rejected: 1 })
  expect(refused.issues[0]).toMatchObject({ code: 'geometry_type' })
  expect(await desk.run(file, 'boundary', options('barrier'))).toMatchObject({ inserted: 1, rejected: 0 })
  const { geometry } = desk.store.read.prepare('SELECT geometry FROM boundary_feature WHERE deleted = 0').get() as {
    geometry: Uint8Array
  }
  // About 973 m and 1,108 m of half a metre.
  expect(ellipsoidAreaM2(decodeGeometry(geometry))).toBeCloseTo((973 + 1108) * 0.5, -1)
})
