/** Edits of several parcels on a real survey file: one step each, undone as one, nothing lost on the way. */
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { installSideHook } from '../../service/boundary/side-index.ts'
import type { Store } from '../../service/db/store.ts'
import { parcelsMethods } from '../../service/parcels/parcels-methods.ts'
import { editsMethods } from '../../service/records/records-methods.ts'
import type { Polygonal } from '../../shared/contract/base.ts'
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { EPSG_4549, projectToPlane } from '../../shared/geometry/plane.ts'
import { fromFlat, type Position, toFlat } from '../../shared/geometry/types.ts'
import { validatePolygons } from '../../shared/geometry/validate.ts'
import { createParcels, ORIGIN, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
let store: Store
beforeEach(async () => {
  fixture = await openFixture()
  store = fixture.store
  installSideHook(store)
})
afterEach(() => fixture.close())

const deps = () => ({
  store: () => store,
  dataFolder: '',
  resourcesFolder: '',
  resolveInput: (file: string) => file,
  resolveOutput: (_file: string | undefined, name: string) => name,
  resolveSurvey: (file: string) => file,
  appVersion: '0',
})
const parcels = () => createRouterClient(parcelsMethods(deps()))
const edits = () => createRouterClient(editsMethods(deps()))

/** Metres east and north of the fixture's origin, as `rectangle` makes them. */
const at = (east: number, north: number): Position => [ORIGIN[0] + east / 97_300, ORIGIN[1] + north / 110_800]
const shape = (x: number, y: number, width: number, height: number): Polygonal =>
  fromFlat(rectangle(x, y, width, height))
const areaOf = (geometry: Polygonal) => ellipsoidAreaM2(toFlat(geometry))
const detail = (code: string) => parcels().detail({ code })
const live = () =>
  (store.read.prepare('SELECT code FROM parcel WHERE deleted = 0 ORDER BY code').all() as { code: string }[]).map(
    row => row.code,
  )
/** Everything that an undo must bring back. */
const state = () =>
  JSON.stringify([
    store.read
      .prepare(
        'SELECT code, name, hex(geometry) AS g, side_marked, area_registered_m2 FROM parcel WHERE deleted = 0 ORDER BY code',
      )
      .all(),
    store.read
      .prepare('SELECT enterprise_id, parcel_id, role, used_area_m2 FROM occupancy WHERE deleted = 0 ORDER BY 1, 2, 3')
      .all(),
    store.read.prepare('SELECT zone_id, parcel_id, linked_to FROM zone_member WHERE deleted = 0 ORDER BY 1, 2').all(),
    store.read.prepare('SELECT id, parcel_ids FROM plan WHERE deleted = 0 ORDER BY 1').all(),
  ])
const corners = (geometry: Polygonal): string[] =>
  (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates).flat(2).map(place => place.join())

/** A and B side by side with a common edge at x = 100, each with an enterprise, a plan and a zone. */
async function twoParcels() {
  const ids = await createParcels(store, [
    { code: 'A', name: '甲', geometry: rectangle(0, 0, 100, 100), area_registered_m2: 9000, overlap_eco_m2: 800 },
    { code: 'B', name: '乙', geometry: rectangle(100, 0, 100, 100), area_registered_m2: 8000 },
  ])
  await store.mutate({ label: 'linked' }, tx => {
    const enterprise = tx.create('enterprise', { code: 'E1', name: '兰溪恒兴' })
    const other = tx.create('enterprise', { code: 'E2', name: '兰溪永昌' })
    tx.create('occupancy', { enterprise_id: enterprise, parcel_id: ids.get('A'), role: 'OWNER', used_area_m2: 6000 })
    tx.create('occupancy', { enterprise_id: enterprise, parcel_id: ids.get('B'), role: 'OWNER', used_area_m2: 3000 })
    tx.create('occupancy', { enterprise_id: other, parcel_id: ids.get('B'), role: 'TENANT' })
    tx.create('plan', {
      code: 'P1',
      enterprise_id: enterprise,
      year: 2026,
      version: 1,
      route: 'UPGRADE',
      status: 'draft',
      parcel_ids: [ids.get('A'), ids.get('B')],
    })
    const zone = tx.create(
      'zone',
      { code: 'Z1', name: '一区', year: 2026, status: 'planned' },
      rectangle(0, 0, 200, 100),
    )
    tx.create('zone_member', { zone_id: zone, parcel_id: ids.get('A'), manual: false })
    tx.create('zone_member', { zone_id: zone, parcel_id: ids.get('B'), manual: false, linked_to: ids.get('A') })
    tx.create('survey_visit', { parcel_id: ids.get('A'), visited_at: '2026-04-01T08:00:00Z', status: 'DRAFT' })
  })
  return ids
}

async function boundaryEast(of: number) {
  await store.mutate({ label: 'boundary' }, tx => {
    const id = tx.create('boundary_version', { code: 'V', name: 'V', effective_date: '2026-01-01', status: 'active' })
    tx.create('boundary_feature', { boundary_id: id, subzone: 'concentrated' }, rectangle(of, -500, 300, 1000))
    tx.create('boundary_feature', { boundary_id: id, subzone: 'flexible' }, rectangle(of + 300, -500, 300, 1000))
  })
}

describe('split', () => {
  test('parts get codes, values, enterprises, zones and plans; the neighbour gets the new corners; one undo', async () => {
    const ids = await twoParcels()
    const before = state()
    const { record, geometry } = await detail('A')
    const result = await parcels().split({ id: ids.get('A')!, base_rev: 1, line: [at(-10, 40), at(150, 40)] })

    expect(live()).toEqual(['A-1', 'A-2', 'B'])
    expect(result.removed).toEqual([{ id: ids.get('A'), code: 'A' }])
    const [large, small] = [await detail('A-1'), await detail('A-2')]
    expect(areaOf(large.geometry) + areaOf(small.geometry)).toBeCloseTo(areaOf(geometry), 3)
    expect(areaOf(large.geometry) / areaOf(geometry)).toBeCloseTo(0.6, 4)
    for (const part of [large, small]) {
      expect(part.record).toMatchObject({
        name: '甲',
        parent_id: record['id'],
        area_registered_m2: null,
        overlap_eco_m2: 800,
      })
      expect(part.enterprises.map(entry => entry.enterprise.name)).toEqual(['兰溪恒兴'])
      expect(part.zones.map(zone => zone.code)).toEqual(['Z1'])
    }
    expect(large.enterprises[0]!.used_area_m2! + small.enterprises[0]!.used_area_m2!).toBeCloseTo(6000, 6)
    const [plan] = store.read.prepare('SELECT parcel_ids FROM plan').all() as { parcel_ids: string }[]
    expect(JSON.parse(plan!.parcel_ids)).toEqual([large.record['id'], small.record['id'], ids.get('B')])
    // Evidence stays with the parent.
    expect(store.read.prepare('SELECT parcel_id FROM survey_visit WHERE deleted = 0').all()).toEqual([
      { parcel_id: ids.get('A') },
    ])
    // The cut's end on the common edge is a corner of the neighbour too, bit by bit.
    const common = corners((await detail('B')).geometry).filter(corner => corners(large.geometry).includes(corner))
    expect(new Set(common).size).toBe(2)

    expect(await edits().undo({})).toMatchObject({ skipped: [], done: { label: 'parcel_split' } })
    expect(state()).toBe(before)
    await edits().redo({})
    expect(live()).toEqual(['A-1', 'A-2', 'B'])
  })

  test('refuses a line that does not divide, a parcel changed since, and takes free codes', async () => {
    const ids = await twoParcels()
    const id = ids.get('A')!
    await createParcels(store, [{ code: 'A-1', geometry: rectangle(500, 0, 10, 10) }])
    await expect(parcels().split({ id, base_rev: 1, line: [at(10, 40), at(50, 40)] })).rejects.toMatchObject({
      details: { reason: 'not_cut' },
    })
    await parcels().reshape({ parcels: [{ id, base_rev: 1, geometry: shape(0, 0, 90, 100) }] })
    const line = [at(-10, 40), at(150, 40)]
    await expect(parcels().split({ id, base_rev: 1, line })).rejects.toMatchObject({ code: 'revision_conflict' })
    const preview = await parcels().split({ id, base_rev: 2, line, dry_run: true })
    expect(preview).toMatchObject({ edit: null, parcels: [{ id: null }, { id: null }] })
    expect(live()).toEqual(['A', 'A-1', 'B'])
    const { parcels: parts } = await parcels().split({ id, base_rev: 2, line })
    expect(parts.map(part => part.code)).toEqual(['A-2', 'A-3'])
  })

  test('at the boundary: -1 inside, -2 outside, areas sum to the parent, sides exact', async () => {
    const ids = await twoParcels()
    await boundaryEast(60)
    const { geometry } = await detail('A')
    const before = state()
    await parcels().splitAtBoundary({ id: ids.get('A')!, base_rev: 1 })
    const [inside, outside] = [await detail('A-1'), await detail('A-2')]
    expect(inside.record).toMatchObject({ side: 'inside', inside_share: 1 })
    expect(outside.record).toMatchObject({ side: 'outside', inside_share: 0 })
    expect(Math.abs(areaOf(inside.geometry) + areaOf(outside.geometry) - areaOf(geometry))).toBeLessThan(1e-3)
    expect(areaOf(inside.geometry) / areaOf(geometry)).toBeCloseTo(0.4, 5)
    const kept = new Set([...corners(inside.geometry), ...corners(outside.geometry)])
    expect(corners(geometry).every(corner => kept.has(corner))).toBe(true)
    await edits().undo({})
    expect(state()).toBe(before)
    await expect(parcels().splitAtBoundary({ id: ids.get('B')!, base_rev: 1 })).rejects.toMatchObject({
      details: { reason: 'not_crossing' },
    })
  })

  test('says so when there is no boundary', async () => {
    const ids = await twoParcels()
    await expect(parcels().splitAtBoundary({ id: ids.get('A')!, base_rev: 1 })).rejects.toMatchObject({
      details: { reason: 'boundary_missing' },
    })
  })
})

describe('merge', () => {
  test('the first keeps its code; enterprises, zone and plan follow; undone in one step', async () => {
    const ids = await twoParcels()
    const before = state()
    const total = areaOf((await detail('A')).geometry) + areaOf((await detail('B')).geometry)
    const request = [
      { id: ids.get('B')!, base_rev: 1 },
      { id: ids.get('A')!, base_rev: 1 },
    ]
    expect((await parcels().merge({ parcels: request, dry_run: true })).removed).toMatchObject([{ code: 'A' }])
    expect(state()).toBe(before)
    await parcels().merge({ parcels: request })
    expect(live()).toEqual(['B'])
    const merged = await detail('B')
    expect(areaOf(merged.geometry)).toBeCloseTo(total, 3)
    expect(merged.geometry.coordinates).toHaveLength(1)
    expect(merged.record).toMatchObject({ name: '乙', area_registered_m2: 17_000, overlap_eco_m2: 800 })
    const owner = merged.enterprises.find(entry => entry.role === 'OWNER')
    expect(owner?.used_area_m2).toBe(9000)
    expect(merged.enterprises).toHaveLength(2)
    expect(merged.zones).toHaveLength(1)
    await edits().undo({})
    expect(state()).toBe(before)
  })

  test('what was split comes together again: area and outline', async () => {
    const ids = await twoParcels()
    const { geometry } = await detail('A')
    const split = await parcels().split({
      id: ids.get('A')!,
      base_rev: 1,
      line: [at(-5, 20), at(50, 70), at(120, 30)],
    })
    await parcels().merge({ parcels: split.parcels.map(part => ({ id: part.id!, base_rev: part.rev })) })
    const merged = (await detail('A-1')).geometry
    expect(Math.abs(areaOf(merged) - areaOf(geometry))).toBeLessThan(1e-3)
    expect(corners(geometry).every(corner => corners(merged).includes(corner))).toBe(true)
    const [one, other] = [merged, geometry].map(shape => projectToPlane(toFlat(shape), EPSG_4549))
    expect(Math.abs(intersectionAreaM2(one!, other!) - areaOf(geometry))).toBeLessThan(areaOf(geometry) * 2e-4)
  })

  test('parcels apart become parts of one, overlapping ones are united', async () => {
    const ids = await createParcels(store, [
      { code: 'A', geometry: rectangle(0, 0, 100, 100) },
      { code: 'C', geometry: rectangle(300, 0, 50, 50) },
      { code: 'D', geometry: rectangle(50, 50, 100, 100) },
    ])
    const request = ['A', 'C', 'D'].map(code => ({ id: ids.get(code)!, base_rev: 1 }))
    await parcels().merge({ parcels: request })
    const { geometry } = await detail('A')
    expect(geometry.coordinates).toHaveLength(2)
    expect(areaOf(geometry)).toBeCloseTo((areaOf(shape(0, 0, 100, 100)) / 10_000) * 20_000, -2)
    await expect(parcels().merge({ parcels: [request[0]!, request[0]!] })).rejects.toMatchObject({
      details: { reason: 'given_twice' },
    })
  })
})

describe('reshape and cut out', () => {
  test('several parcels in one edit; a corner on a neighbour’s edge becomes its corner', async () => {
    const ids = await twoParcels()
    const before = state()
    await parcels().reshape({
      parcels: [
        { id: ids.get('A')!, base_rev: 1, geometry: shape(0, 0, 110, 100) },
        { id: ids.get('B')!, base_rev: 1, geometry: shape(110, 0, 90, 100) },
      ],
    })
    const created = await parcels().create({ geometry: shape(140, 100, 20, 20), values: { code: 'C' } })
    const shared = corners((await detail('B')).geometry).filter(corner =>
      corners(shape(140, 100, 20, 20)).includes(corner),
    )
    expect(new Set(shared).size).toBe(2)
    expect(created.rev).toBe(1)
    await edits().undo({})
    await edits().undo({})
    expect(state()).toBe(before)
  })

  test('refuses overlaps until they are meant, and broken rings always; other revisions are named', async () => {
    const ids = await twoParcels()
    const id = ids.get('A')!
    const request = [{ id, base_rev: 1, geometry: shape(0, 0, 110, 100) }]
    await expect(parcels().reshape({ parcels: request })).rejects.toMatchObject({
      details: { reason: 'overlap', values: { code: 'B' } },
    })
    const bow: Polygonal = {
      type: 'Polygon',
      coordinates: [[at(0, 0), at(50, 50), at(50, 0), at(0, 50), at(0, 0)]],
    }
    await expect(
      parcels().reshape({ parcels: [{ id, base_rev: 1, geometry: bow }], allow_overlap: true }),
    ).rejects.toMatchObject({ code: 'invalid_geometry' })
    const preview = await parcels().previewGeometry({ outlines: [{ id, geometry: shape(0, 0, 110, 100) }] })
    expect(preview.overlaps).toMatchObject([{ outline: 0, id: ids.get('B'), code: 'B' }])
    expect(preview.overlaps[0]!.area_m2).toBeCloseTo(1000, -1)
    expect(preview.outlines[0]).toMatchObject({ id, side: 'unknown', defects: [] })
    await parcels().reshape({ parcels: request, allow_overlap: true })
    await expect(parcels().reshape({ parcels: request, allow_overlap: true })).rejects.toMatchObject({
      code: 'revision_conflict',
    })
  })

  test('cut out: the parcel gives way, or its neighbours do', async () => {
    for (const gives_way of ['parcel', 'neighbours'] as const) {
      const prefix = gives_way.slice(0, 1).toUpperCase()
      const y = gives_way === 'parcel' ? 0 : 1000
      const ids = await createParcels(store, [
        { code: `${prefix}1`, geometry: rectangle(0, y, 100, 100) },
        { code: `${prefix}2`, geometry: rectangle(90, y + 10, 100, 30) },
        { code: `${prefix}3`, geometry: rectangle(90, y + 60, 100, 30) },
      ])
      const request = { id: ids.get(`${prefix}1`)!, base_rev: 1, gives_way }
      const before = state()
      await parcels().cutOut(request)
      const outlines = await Promise.all([1, 2, 3].map(async n => toFlat((await detail(`${prefix}${n}`)).geometry)))
      for (const outline of outlines) expect(validatePolygons(outline)).toEqual([])
      const planar = outlines.map(outline => projectToPlane(outline, EPSG_4549))
      expect(intersectionAreaM2(planar[0]!, planar[1]!)).toBeLessThan(1e-3)
      expect(intersectionAreaM2(planar[0]!, planar[2]!)).toBeLessThan(1e-3)
      expect(ellipsoidAreaM2(outlines[0]!)).toBeCloseTo(gives_way === 'parcel' ? 9400 : 10_000, -2)
      await expect(parcels().cutOut({ ...request, base_rev: 2 })).rejects.toMatchObject({
        details: { reason: 'no_overlap' },
      })
      await edits().undo({})
      expect(state()).toBe(before)
    }
  })
})

test('neighbours: within a box, or round a parcel in two rings; at most the limit', async () => {
  const ids = await createParcels(
    store,
    Array.from({ length: 20 }, (_, index) => ({ code: `N${index}`, geometry: rectangle(index * 50, 0, 50, 50) })),
  )
  const around = await parcels().neighbours({ of: ids.get('N5')! })
  expect(around.map(near => near.code).sort()).toEqual(['N3', 'N4', 'N6', 'N7'])
  expect(around[0]).toMatchObject({ rev: 1 })
  const [west, south] = at(0, 0)
  const [east, north] = at(1000, 50)
  expect(await parcels().neighbours({ box: [west, south, east, north], limit: 7 })).toHaveLength(7)
  await expect(parcels().neighbours({ of: 'gone' })).rejects.toMatchObject({ code: 'not_found' })
})
