import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf, toFlat } from '../../shared/geometry/types.ts'
import { decodePackedTile, FLAG_SIDE_DISAGREES } from '../../shared/tiles/packed-tile.ts'
import { latitudeToTile, longitudeToTile, tileBox } from '../../shared/tiles/tile-address.ts'
import { CLASS_CODES, STATE_CODES, taxNumber } from '../../shared/tiles/tile-values.ts'
import { migrate } from '../db/migrate.ts'
import { type Db, openScratch } from '../db/open.ts'
import { putSide } from './put-side.ts'
import { RATING_SQL } from './ratings.ts'
import { LABELLED_TILE_SQL, TILE_SQL } from './tile-repo.ts'
import { createTileService, type TileChange, type TileService } from './tile-service.ts'

let db: Db
let service: TileService
let revision = 7
let listener: (change: TileChange) => void = () => undefined

beforeEach(() => {
  db = openScratch(':memory:')
  migrate(db, () => undefined)
  revision = 7
  service = createTileService({
    store: { read: db, revision: () => revision },
    onChanged: added => {
      listener = added
      return () => undefined
    },
    previewFeatures: key =>
      key === 'a1' ? [{ outline: square(119.46, 29.21, 0.001), status: 2, label: '导入 1' }] : null,
  })
})
afterEach(() => db.close())

const square = (lng: number, lat: number, size: number) =>
  toFlat({
    type: 'Polygon',
    coordinates: [
      [
        [lng, lat],
        [lng + size, lat],
        [lng + size, lat + size],
        [lng, lat + size],
        [lng, lat],
      ],
    ],
  })

function insert(pk: number, lng: number, lat: number, size: number, values: Record<string, unknown> = {}) {
  const outline = square(lng, lat, size)
  const row = {
    pk,
    id: `p${pk}`,
    rev: 1,
    created_by: 'u',
    created_at: '',
    updated_by: 'u',
    updated_at: '',
    origin_device: 'd',
    code: `C${pk}`,
    geometry: encodeGeometry(outline),
    ...values,
  }
  const names = Object.keys(row)
  db.prepare(`INSERT INTO parcel_record (${names.join()}) VALUES (${names.map(name => `@${name}`).join()})`).run(row)
  const [west, south, east, north] = boxOf(outline)
  db.prepare('INSERT INTO parcel_box VALUES (?, ?, ?, ?, ?)').run(pk, west, east, south, north)
}

const addressOf = (lng: number, lat: number, z: number) => ({
  layer: 'parcels',
  z,
  x: Math.floor(longitudeToTile(lng, z)),
  y: Math.floor(latitudeToTile(lat, z)),
  revision: 1,
})
const read = async (request: ReturnType<typeof addressOf>) => decodePackedTile(await service(request))

/** Columns that every record has, and values for them. */
const stamp = "1, 'u', '', 'u', '', 'd'"
const columns = 'id, rev, created_by, created_at, updated_by, updated_at, origin_device'

describe('tile service', () => {
  it('holds every live parcel whose box meets the tile, at every scale', async () => {
    const place = fc.record({
      lng: fc.double({ min: 119.4, max: 119.5, noNaN: true }),
      lat: fc.double({ min: 29.2, max: 29.3, noNaN: true }),
      size: fc.double({ min: 1e-6, max: 0.02, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(place, { maxLength: 30 }), fc.integer({ min: 8, max: 18 }), async (places, z) => {
        db.exec('DELETE FROM parcel_record; DELETE FROM parcel_box')
        listener({ box: null, entities: {}, bulk: true })
        for (const [index, p] of places.entries()) insert(index + 1, p.lng, p.lat, p.size)
        const request = addressOf(119.45, 29.25, z)
        const [west, south, east, north] = tileBox(request.z, request.x, request.y)
        const expected = places.flatMap((p, index) =>
          p.lng <= east && p.lng + p.size >= west && p.lat <= north && p.lat + p.size >= south ? [index + 1] : [],
        )
        expect([...(await read(request)).pk]).toEqual(expect.arrayContaining(expected))
      }),
      { numRuns: 60 },
    )
  })

  it('carries the values of themes and filters', async () => {
    insert(1, 119.46, 29.21, 0.001, {
      state: 'S3',
      side_marked: 'outside',
      unit: '330781001',
      name: '恒兴',
    })
    putSide(db, 1, 'inside')
    insert(2, 119.46, 29.21, 0.0005, { deleted: 1 })
    const tile = await read(addressOf(119.4605, 29.2105, 16))
    expect([...tile.pk]).toEqual([1])
    expect(STATE_CODES[tile.state[0]! - 1]).toBe('S3')
    expect(tile.side[0]).toBe(0)
    expect(tile.flags[0]! & FLAG_SIDE_DISAGREES).toBe(FLAG_SIDE_DISAGREES)
    expect(tile.units[tile.unit[0]!]).toBe('330781001')
    expect(tile.labels).toEqual(['C1\n恒兴'])
  })

  it('bands 亩均税收 as sum over sum of the latest year known, and leaves unknown apart from zero', async () => {
    insert(1, 119.46, 29.21, 0.001)
    insert(2, 119.47, 29.21, 0.001)
    insert(3, 119.48, 29.21, 0.001)
    const year = (enterprise: string, of: number, tax: number | null, land: number | null): void => {
      db.prepare(
        `INSERT INTO enterprise_year (${columns}, enterprise_id, year, tax, land_mu_actual) VALUES (?, ${stamp}, ?, ?, ?, ?)`,
      ).run(`${enterprise}${of}`, enterprise, of, tax, land)
    }
    for (const [enterprise, parcel] of [
      ['a', 'p1'],
      ['b', 'p1'],
      ['c', 'p2'],
      ['d', 'p3'],
    ]) {
      db.exec(
        `INSERT INTO enterprise (${columns}, code, name) VALUES ('${enterprise}', ${stamp}, '${enterprise}', '甲')`,
      )
      db.exec(`INSERT INTO occupancy (${columns}, enterprise_id, parcel_id, role)
               VALUES ('o${enterprise}', ${stamp}, '${enterprise}', '${parcel}', 'owner')`)
    }
    // Owner and user in one: the enterprise still counts once.
    db.exec(
      `INSERT INTO occupancy (${columns}, enterprise_id, parcel_id, role) VALUES ('oa2', ${stamp}, 'a', 'p1', 'user')`,
    )
    // Mean of ratios would be (30 + 1) / 2; sum over sum is 40 / 20 = 2.
    year('a', 2022, 30, 1)
    year('b', 2022, 10, 19)
    year('a', 2021, 0, 1)
    year('c', 2022, 0, 10)
    year('d', 2022, null, 10)
    const tile = await read(addressOf(119.47, 29.21, 12))
    const bands = new Map([...tile.pk].map((pk, index) => [pk, tile.tax[index]]))
    expect(bands.get(1)).toBe(taxNumber(2))
    expect(bands.get(2)).toBe(taxNumber(0))
    expect(bands.get(3)).toBe(0)
  })

  it('answers the newest revision and says so', async () => {
    const request = addressOf(119.46, 29.21, 10)
    expect((await read(request)).revision).toBe(7)
    revision = 9
    expect((await read(request)).revision).toBe(9)
  })

  it('forgets an overview tile when a change meets it, and only then', async () => {
    const request = addressOf(119.46, 29.21, 10)
    expect((await read(request)).count).toBe(0)
    insert(1, 119.46, 29.21, 0.01)
    listener({ box: [10, 10, 11, 11], entities: { parcel: ['p1'] }, bulk: false })
    expect((await read(request)).count).toBe(0)
    listener({ box: [119.46, 29.21, 119.47, 29.22], entities: { parcel: ['p1'] }, bulk: false })
    expect((await read(request)).count).toBe(1)
  })

  it('gives the class of the latest year, the worse of several enterprises', async () => {
    insert(1, 119.46, 29.21, 0.001)
    for (const [enterprise, year, rating] of [
      ['e1', 2021, 'D'],
      ['e1', 2022, 'B'],
      ['e2', 2022, 'C'],
    ] as const) {
      db.exec(
        `INSERT INTO enterprise_year (${columns}, enterprise_id, year, class)
         VALUES ('${enterprise}${year}', ${stamp}, '${enterprise}', ${year}, '${rating}')`,
      )
    }
    for (const enterprise of ['e1', 'e2']) {
      db.exec(
        `INSERT INTO enterprise (${columns}, code, name) VALUES ('${enterprise}', ${stamp}, '${enterprise}', '甲')`,
      )
      db.exec(
        `INSERT INTO occupancy (${columns}, enterprise_id, parcel_id, role)
         VALUES ('o${enterprise}', ${stamp}, '${enterprise}', 'p1', 'owner')`,
      )
    }
    const tile = await read(addressOf(119.46, 29.21, 14))
    expect(CLASS_CODES[tile.class[0]! - 1]).toBe('C')
  })

  it('draws the features of a dry run and refuses an unknown one', async () => {
    const tile = await read({ ...addressOf(119.46, 29.21, 14), layer: 'preview:a1' })
    expect([...tile.state]).toEqual([2])
    await expect(service({ ...addressOf(119.46, 29.21, 14), layer: 'preview:b2' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('does not read for a request that was given up', async () => {
    await expect(service(addressOf(119.46, 29.21, 14), AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('walks the R*Tree first and finds parcels by key', () => {
    const query = { west: 1, east: 2, south: 1, north: 2, minLng: 0, minLat: 0 }
    for (const sql of [TILE_SQL, LABELLED_TILE_SQL]) {
      const plan = (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(query) as { detail: string }[]).map(step => step.detail)
      expect(plan[0]).toMatch(/SCAN b VIRTUAL TABLE INDEX/)
      expect(plan[1]).toMatch(/SEARCH r USING INTEGER PRIMARY KEY/)
    }
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${RATING_SQL}`).all() as { detail: string }[]
    // Once through the relations; parcels, enterprises and years are found by key.
    const scanned = plan.map(step => step.detail).filter(detail => detail.startsWith('SCAN'))
    expect(scanned.filter(detail => !/^SCAN (o|occupancy)\b/.test(detail))).toEqual([])
  })
})
