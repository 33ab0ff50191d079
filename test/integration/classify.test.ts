import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { activateBoundary, classifyAll } from '../../service/boundary/classify.ts'
import { createJobControl, streamJob } from '../../service/boundary/job-stream.ts'
import { boundaryOutlines } from '../../service/boundary/outlines.ts'
import { compareBoundaries, reviewPage } from '../../service/boundary/review.ts'
import { installSideHook, previewSide } from '../../service/boundary/side-index.ts'
import type { Store } from '../../service/db/store.ts'
import type { ReviewList } from '../../shared/contract/boundary-review.ts'
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { type FlatPolygons, fromFlat, toFlat } from '../../shared/geometry/types.ts'
import { createParcels, ORIGIN, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
let store: Store
const idle = () => createJobControl()

beforeEach(async () => {
  fixture = await openFixture()
  store = fixture.store
  installSideHook(store)
})
afterEach(() => fixture.close())

async function createBoundary(
  code: string,
  features: readonly { polygons: FlatPolygons; subzone?: string }[],
  status = 'active',
): Promise<string> {
  const { result } = await store.mutate({ label: 'boundary_created' }, tx => {
    const id = tx.create('boundary_version', { code, name: code, effective_date: '2026-01-01', status })
    for (const { polygons, subzone } of features) {
      tx.create('boundary_feature', { boundary_id: id, subzone: subzone ?? 'concentrated' }, polygons)
    }
    return id
  })
  return result
}

const sides = () =>
  store.read
    .prepare(
      'SELECT code, side, area_m2, area_in_m2, area_out_m2, inside_share, subzones FROM parcel WHERE deleted = 0 ORDER BY code',
    )
    .all() as {
    code: string
    side: string
    area_m2: number
    area_in_m2: number | null
    area_out_m2: number | null
    inside_share: number | null
    subzones: string | null
  }[]

test('without a boundary a drawn parcel is unknown with nulls, and classifying says what is missing', async () => {
  await createParcels(store, [{ code: 'A', geometry: rectangle(0, 0, 100, 100) }])
  expect(sides()[0]).toMatchObject({ side: 'unknown', area_in_m2: null, area_out_m2: null, inside_share: null })
  await expect(classifyAll(store, undefined, idle())).rejects.toMatchObject({
    details: { reason: 'boundary_missing' },
  })
})

test('a drawn parcel has its side at once, and a moved one its new side', async () => {
  await createBoundary('V1', [{ polygons: rectangle(0, 0, 1000, 1000) }])
  const ids = await createParcels(store, [
    { code: 'A', geometry: rectangle(400, 400, 100, 100) },
    { code: 'B', geometry: rectangle(950, 400, 100, 100) },
    { code: 'C', geometry: rectangle(1500, 400, 100, 100) },
  ])
  expect(sides().map(row => row.side)).toEqual(['inside', 'crossing', 'outside'])
  expect(sides()[1]!.inside_share).toBeCloseTo(0.5, 9)
  await store.mutate({ label: 'moved' }, tx =>
    tx.update('parcel', ids.get('C')!, {}, { geometry: rectangle(10, 10, 50, 50) }),
  )
  expect(sides()[2]!.side).toBe('inside')
})

test('a parcel that only touches the line is not inside, digitising slivers do not make it crossing', async () => {
  await createBoundary('V1', [{ polygons: rectangle(0, 0, 1000, 1000) }])
  await createParcels(store, [
    { code: 'touching', geometry: rectangle(1000, 0, 100, 100) },
    { code: 'sliver', geometry: rectangle(999.7, 200, 100, 100) },
    { code: 'over', geometry: rectangle(999, 400, 100, 100) },
  ])
  expect(sides().map(row => [row.code, row.side])).toEqual([
    ['over', 'crossing'],
    ['sliver', 'outside'],
    ['touching', 'outside'],
  ])
  expect(sides()[2]!.area_in_m2).toBe(0)
  expect(sides()[1]!.area_in_m2).toBeCloseTo(30, 0)
})

test('classifying everything agrees with the hook, sums exactly, and counts what flipped', async () => {
  await createBoundary('V1', [{ polygons: rectangle(0, 0, 1000, 1000) }])
  await createParcels(store, [
    { code: 'A', geometry: rectangle(100, 100, 50, 50) },
    { code: 'B', geometry: rectangle(980, 100, 60, 60) },
    { code: 'C', geometry: rectangle(1400, 100, 50, 50) },
    { code: 'D', geometry: rectangle(2400, 100, 50, 50) },
  ])
  const drawn = sides()
  const same = await classifyAll(store, undefined, idle())
  expect(same).toMatchObject({ inside: 1, outside: 2, crossing: 1, unknown: 0, flipped: 0 })
  expect(sides()).toEqual(drawn)
  for (const row of sides()) expect(row.area_in_m2! + row.area_out_m2!).toBe(row.area_m2)

  const wider = await createBoundary('V2', [{ polygons: rectangle(0, 0, 1500, 1000) }], 'archived')
  const whatIf = await classifyAll(store, wider, idle())
  expect(whatIf).toMatchObject({ inside: 3, outside: 1, crossing: 0, flipped: 2 })
  expect(sides()).toEqual(drawn)

  expect(await activateBoundary(store, wider, idle())).toMatchObject({ inside: 3, flipped: 2 })
  expect(sides().map(row => row.side)).toEqual(['inside', 'inside', 'inside', 'outside'])
  const statuses = store.read.prepare('SELECT code, status FROM boundary_version ORDER BY code').all()
  expect(statuses).toEqual([
    { code: 'V1', status: 'archived' },
    { code: 'V2', status: 'active' },
  ])
})

test('sub-zones that hold some of the parcel are named', async () => {
  await createBoundary('V1', [
    { polygons: rectangle(0, 0, 1000, 1000), subzone: 'concentrated' },
    { polygons: rectangle(1000, 0, 1000, 1000), subzone: 'flexible' },
  ])
  await createParcels(store, [
    { code: 'A', geometry: rectangle(950, 100, 100, 100) },
    { code: 'B', geometry: rectangle(1500, 100, 100, 100) },
  ])
  expect(sides().map(row => [row.side, JSON.parse(row.subzones!)])).toEqual([
    ['inside', ['concentrated', 'flexible']],
    ['inside', ['flexible']],
  ])
})

test('an index is built anew when a feature of the version changes', async () => {
  const boundary = await createBoundary('V1', [{ polygons: rectangle(0, 0, 1000, 1000) }])
  await createParcels(store, [{ code: 'A', geometry: rectangle(1100, 100, 50, 50) }])
  expect(sides()[0]!.side).toBe('outside')
  await store.mutate({ label: 'added' }, tx =>
    tx.create('boundary_feature', { boundary_id: boundary, subzone: 'special' }, rectangle(1050, 50, 200, 200)),
  )
  const subject = {
    box: [119.4613, 29.2009, 119.4619, 29.2014] as [number, number, number, number],
    areaM2: 2500,
    perimeterM: 200,
  }
  const preview = previewSide(store, { ...subject, readPolygons: () => rectangle(1100, 100, 50, 50) })
  expect(preview).toMatchObject({ side: 'inside', inside_share: 1 })
  expect(await classifyAll(store, undefined, idle())).toMatchObject({ inside: 1, flipped: 1 })
})

test('a boundary that follows parcel edges gives exactly 0 or 1', async () => {
  const columns = 12
  const blocks = Array.from({ length: columns * columns }, (_, index) => ({
    code: `P${String(index).padStart(3, '0')}`,
    column: index % columns,
    row: Math.floor(index / columns),
  }))
  const cell = (column: number, row: number) => rectangle(column * 61.7, row * 43.3, 61.7, 43.3)
  // A staircase of cells: its outline runs along parcel edges everywhere.
  const within = (column: number, row: number) => column + row < columns - 2
  await createBoundary(
    'V1',
    blocks.filter(block => within(block.column, block.row)).map(block => ({ polygons: cell(block.column, block.row) })),
  )
  await createParcels(
    store,
    blocks.map(block => ({ code: block.code, geometry: cell(block.column, block.row) })),
  )
  const shares = sides().map(row => row.inside_share)
  expect(shares).toEqual(blocks.map(block => (within(block.column, block.row) ? 1 : 0)))
})

test('shares agree with clipping a half-plane, an independent oracle', async () => {
  // The boundary is a triangle with one slanted edge far larger than the parcels.
  const slant = toFlat({
    type: 'Polygon',
    coordinates: [
      [
        [119.4, 29.1],
        [119.6, 29.1],
        [119.4, 29.32],
        [119.4, 29.1],
      ],
    ],
  })
  await createBoundary('V1', [{ polygons: slant }])
  const isInside = ([lng, lat]: readonly [number, number]) => (lng - 119.4) / 0.2 + (lat - 29.1) / 0.22 <= 1
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        east: fc.integer({ min: -3000, max: 9000 }),
        north: fc.integer({ min: -5000, max: 5000 }),
        // The oracle counts points: in a box of few metres its grid and the line's own bend weigh more than the tolerance.
        width: fc.integer({ min: 60, max: 900 }),
        height: fc.integer({ min: 60, max: 900 }),
      }),
      async box => {
        const polygons = rectangle(box.east, box.north, box.width, box.height)
        const ring = fromFlat(polygons).coordinates[0]![0]!
        const lngs = ring.map(p => p[0])
        const lats = ring.map(p => p[1])
        const share = previewSide(store, {
          box: [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)],
          areaM2: ellipsoidAreaM2(polygons),
          perimeterM: 2 * (box.width + box.height),
          readPolygons: () => polygons,
        })!
        let hits = 0
        const steps = 120
        for (let i = 0; i < steps; i++) {
          for (let j = 0; j < steps; j++) {
            const lng = lngs[0]! + ((i + 0.5) / steps) * (lngs[1]! - lngs[0]!)
            const lat = lats[0]! + ((j + 0.5) / steps) * (lats[2]! - lats[0]!)
            if (isInside([lng, lat])) hits++
          }
        }
        expect(Math.abs(share.inside_share - hits / steps ** 2)).toBeLessThan(0.03)
        expect(share.area_in_m2 + share.area_out_m2).toBeCloseTo(ellipsoidAreaM2(polygons), 9)
      },
    ),
    { numRuns: 60 },
  )
})

test('breaking off the stream rolls everything back', async () => {
  await createBoundary('V1', [{ polygons: rectangle(0, 0, 1000, 1000) }])
  await createParcels(
    store,
    Array.from({ length: 600 }, (_, index) => ({ code: `P${index}`, geometry: rectangle(index * 20, 100, 15, 15) })),
  )
  const wider = await createBoundary('V2', [{ polygons: rectangle(-500, -500, 50_000, 5000) }], 'archived')
  const before = sides()
  const stream = streamJob(undefined, control => activateBoundary(store, wider, control))
  for await (const progress of stream) {
    expect(progress.total).toBe(600)
    break
  }
  expect(sides()).toEqual(before)
  expect(store.read.prepare("SELECT code FROM boundary_version WHERE status = 'active'").all()).toEqual([
    { code: 'V1' },
  ])
  // The writer is free again.
  await store.mutate({ label: 'x' }, tx => tx.create('report_unit', { code: 'X', name: 'X' }))
})

test('outlines are thinned for the map and cut down to what meets the box', async () => {
  const circle = Array.from({ length: 361 }, (_, degree): [number, number] => [
    ORIGIN[0] + 0.02 * Math.cos((degree % 360) * (Math.PI / 180)),
    ORIGIN[1] + 0.02 * Math.sin((degree % 360) * (Math.PI / 180)),
  ])
  await createBoundary('V1', [
    { polygons: toFlat({ type: 'Polygon', coordinates: [circle] }) },
    { polygons: rectangle(20_000, 0, 10, 10) },
  ])
  const all = boundaryOutlines(store.read, { tolerance_degrees: 0 })
  expect(all).toHaveLength(2)
  const [thin, ...rest] = boundaryOutlines(store.read, { tolerance_degrees: 0.001 })
  expect(rest).toEqual([])
  const ring = thin!.geometry.coordinates[0]![0] as unknown as number[][]
  expect(ring.length).toBeLessThan(40)
  expect(ring[0]).toEqual(ring[ring.length - 1])
  const box = [ORIGIN[0] - 0.001, ORIGIN[1] - 0.001, ORIGIN[0], ORIGIN[1]] as [number, number, number, number]
  expect(boundaryOutlines(store.read, { tolerance_degrees: 0, box })).toHaveLength(1)
})

test('two versions are compared as parcels lie now; nothing is activated, and the review lists hold what they say', async () => {
  const parcels = await createParcels(store, [
    { code: 'A', geometry: rectangle(0, 0, 100, 100) },
    { code: 'B', geometry: rectangle(200, 0, 100, 100) },
    { code: 'C', geometry: rectangle(350, 0, 100, 100) },
  ])
  const inside = parcels.get('A')
  const from = await createBoundary('V1', [{ polygons: rectangle(-10, -10, 260, 200) }])
  const to = await createBoundary('V2', [{ polygons: rectangle(-10, -10, 350, 200), subzone: 'flexible' }], 'archived')
  await classifyAll(store, from, idle())
  const compared = await compareBoundaries(store, { from, to }, idle())
  expect(compared.cells.map(cell => [cell.from, cell.to, cell.parcels])).toEqual([
    ['crossing', 'inside', 1],
    ['inside', 'inside', 1],
    ['outside', 'outside', 1],
  ])
  expect(compared).toMatchObject({ flipped: 1, rows: [{ code: 'B', from_side: 'crossing', to_side: 'inside' }] })
  const areas = compared.cells.reduce((sum, cell) => sum + cell.area_m2, 0)
  expect(areas).toBeCloseTo(compared.area_m2, 6)
  expect(compared.from_in_m2).toBeCloseTo(
    sides().reduce((sum, row) => sum + row.area_in_m2!, 0),
    6,
  )
  expect(sides().map(row => row.side)).toEqual(['inside', 'crossing', 'outside'])

  await store.mutate({ label: 'test' }, tx => tx.update('parcel', inside!, { side_marked: 'outside' }))
  const page = (list: ReviewList, undecided = false) =>
    reviewPage(store.read, { list, undecided, offset: 0, limit: 50 })
  expect(page('crossing').counts).toEqual({ crossing: 1, disagree: 1, subzone: 0, constraint: 0 })
  expect(page('disagree').rows).toMatchObject([{ code: 'A', side: 'inside', side_marked: 'outside' }])
  await store.mutate({ label: 'test' }, tx => tx.update('parcel', inside!, { boundary_opinion: '按界外处置' }))
  expect(page('disagree', true).total).toBe(0)
  await activateBoundary(store, to, idle())
  expect(
    page('subzone')
      .rows.map(row => row.code)
      .sort(),
  ).toEqual(['A', 'B'])
})
