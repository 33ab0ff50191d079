import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf, toFlat } from '../../shared/geometry/types.ts'
import { decodePackedTile } from '../../shared/tiles/packed-tile.ts'
import { patchTile } from '../../shared/tiles/patch-tile.ts'
import { latitudeToTile, longitudeToTile } from '../../shared/tiles/tile-address.ts'
import { migrate } from '../db/migrate.ts'
import { type Db, openScratch } from '../db/open.ts'
import { changedTileValues } from './changed-values.ts'
import { putSide } from './put-side.ts'
import { createTileService, type TileChange, type TileService } from './tile-service.ts'

let db: Db
let folder: string
let listener: (change: TileChange) => void = () => undefined
let edits = 0

beforeEach(() => {
  db = openScratch(':memory:')
  migrate(db, () => undefined)
  folder = mkdtempSync(join(tmpdir(), 'overview-'))
  edits = 0
  noteEdit()
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const file = (): string => join(folder, 'survey.tiles')

function start(overviewFile?: string, warmAfterMs?: number): TileService {
  return createTileService({
    store: { read: db, revision: () => edits },
    onChanged: added => {
      listener = added
      return () => undefined
    },
    ...(overviewFile ? { overviewFile } : {}),
    ...(warmAfterMs === undefined ? {} : { warmAfterMs }),
  })
}

/** Every state of a survey has a newest edit of its own. */
function noteEdit(): void {
  edits++
  db.prepare(
    "INSERT INTO edit (seq, id, kind, label, label_values, user, device, at) VALUES (?, ?, 'user', 'x', '{}', 'u', 'd', '')",
  ).run(edits, `edit-${edits}`)
}

const place = { lng: 119.46, lat: 29.21, size: 0.002 }
function insert(pk: number): void {
  const { lng, lat, size } = place
  const west = lng + (pk % 5) * size
  const south = lat + Math.floor(pk / 5) * size
  const ring = [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south],
  ]
  const outline = toFlat({ type: 'Polygon', coordinates: [ring as [number, number][]] })
  db.prepare(
    `INSERT INTO parcel_record (pk, id, rev, created_by, created_at, updated_by, updated_at, origin_device, code, geometry, unit)
     VALUES (?, ?, 1, 'u', '', 'u', '', 'd', ?, ?, ?)`,
  ).run(pk, `p${pk}`, `C${pk}`, encodeGeometry(outline), pk % 2 === 0 ? '330781001' : null)
  const [boxWest, boxSouth, boxEast, boxNorth] = boxOf(outline)
  db.prepare('INSERT INTO parcel_box VALUES (?, ?, ?, ?, ?)').run(pk, boxWest, boxEast, boxSouth, boxNorth)
}

const addressAt = (z: number) => ({
  layer: 'parcels',
  z,
  x: Math.floor(longitudeToTile(place.lng + 0.001, z)),
  y: Math.floor(latitudeToTile(place.lat + 0.001, z)),
  revision: 0,
})
const everywhere = [119, 29, 120, 30] as const

describe('tiles changed in place', () => {
  it('are what reading them again would give, in the service and in the window', async () => {
    const change = fc.record({
      pk: fc.integer({ min: 1, max: 12 }),
      state: fc.constantFrom(null, 'S0', 'S5', 'SX'),
      side: fc.constantFrom(null, 'inside', 'crossing'),
      side_marked: fc.constantFrom(null, 'inside', 'outside'),
      unit: fc.constantFrom(null, '330781001', '330781E01'),
      name: fc.constantFrom(null, '恒兴', '兰江'),
    })
    for (let pk = 1; pk <= 12; pk++) insert(pk)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), async steps => {
        const kept = start()
        const zooms = [10, 13, 16]
        for (const z of zooms) await kept(addressAt(z))
        const window = await Promise.all(zooms.map(async z => decodePackedTile((await kept(addressAt(z))).slice())))
        for (const step of steps) {
          for (const { pk, side, ...values } of step) {
            putSide(db, pk, side)
            db.prepare(
              'UPDATE parcel_record SET state = @state, side_marked = @side_marked, unit = @unit, name = @name WHERE pk = @pk',
            ).run({ pk, ...values })
          }
          noteEdit()
          const event = { entities: { parcel: step.map(({ pk }) => `p${pk}`) }, bulk: false, shapes: false }
          listener({ ...event, box: everywhere })
          const values = changedTileValues(db, event)!
          for (const tile of window) patchTile(tile, values)
        }
        const fresh = start()
        for (const [index, z] of zooms.entries()) {
          const expected = meaning(await fresh(addressAt(z)))
          expect(meaning(await kept(addressAt(z)))).toEqual(expected)
          expect(meaningOf(window[index]!)).toEqual(expected)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('are read again when outlines changed, many parcels did, or records that decide about others', () => {
    insert(1)
    const parcel = ['p1']
    const whole = { bulk: false, shapes: false }
    expect(changedTileValues(db, { ...whole, entities: { parcel } })).toHaveLength(1)
    expect(changedTileValues(db, { ...whole, entities: { parcel }, shapes: true })).toBeNull()
    expect(changedTileValues(db, { ...whole, entities: { parcel }, bulk: true })).toBeNull()
    expect(changedTileValues(db, { ...whole, entities: { parcel, occupancy: ['o'] } })).toBeNull()
    expect(changedTileValues(db, { ...whole, entities: { parcel: Array.from({ length: 201 }, String) } })).toBeNull()
    expect(changedTileValues(db, { ...whole, entities: { plan_note: ['n'] } })).toEqual([])
  })
})

describe('overview tiles made ahead', () => {
  it('are the very bytes that asking for them gives, and are there without reading', async () => {
    for (let pk = 1; pk <= 40; pk++) insert(pk)
    const warmed = start(undefined, 0)
    // High up, so that it is none of those that are made ahead.
    await warmed({ ...addressAt(5) })
    await quiet()
    const asked = start()
    for (const z of [10, 12, 13]) {
      const expected = (await asked(addressAt(z))).slice()
      db.exec('UPDATE parcel_record SET deleted = 1')
      expect((await warmed(addressAt(z))).slice()).toEqual(expected)
      db.exec('UPDATE parcel_record SET deleted = 0')
    }
    warmed.dispose()
  })

  it('are made anew after a change, also when it comes in the middle of the work', async () => {
    for (let pk = 1; pk <= 20; pk++) insert(pk)
    const warmed = start(undefined, 0)
    await warmed({ ...addressAt(5) })
    for (let round = 0; round < 5; round++) {
      await new Promise(resolve => setTimeout(resolve, 7 * round))
      insert(30 + round)
      noteEdit()
      listener({ box: everywhere, entities: { parcel: [`p${30 + round}`] }, bulk: false, shapes: true })
      expect(decodePackedTile(await warmed(addressAt(12))).count).toBe(21 + round)
    }
    await quiet()
    const fresh = start()
    for (const z of [10, 11, 12, 13])
      expect(meaning(await warmed(addressAt(z)))).toEqual(meaning(await fresh(addressAt(z))))
    warmed.dispose()
  })
})

describe('overview tiles on disk', () => {
  it('are used for the same state of the survey and for no other', async () => {
    insert(1)
    const first = start(file())
    const bytes = (await first(addressAt(10))).slice()
    first.dispose()
    expect(existsSync(file())).toBe(true)
    // Behind the service's back, so that only a tile from disk can still say 1.
    insert(2)
    expect(decodePackedTile(await start(file())(addressAt(10))).count).toBe(1)
    expect((await start(file())(addressAt(10))).length).toBe(bytes.length)
    noteEdit()
    expect(decodePackedTile(await start(file())(addressAt(10))).count).toBe(2)
  })

  it('follow the changes of the session that writes them', async () => {
    insert(1)
    const first = start(file())
    await first(addressAt(10))
    insert(2)
    noteEdit()
    listener({ box: everywhere, entities: { parcel: ['p2'] }, bulk: false, shapes: true })
    await first(addressAt(10))
    first.dispose()
    expect(decodePackedTile(await start(file())(addressAt(10))).count).toBe(2)
  })

  it('are made anew from a file that is cut off, empty or foreign', async () => {
    insert(1)
    const first = start(file())
    await first(addressAt(10))
    first.dispose()
    const whole = readFileSync(file())
    for (const broken of [
      whole.subarray(0, whole.length - 9),
      Buffer.alloc(0),
      Buffer.from('%PDF-1.7 nothing of ours'),
    ]) {
      writeFileSync(file(), broken)
      expect(decodePackedTile(await start(file())(addressAt(10))).count).toBe(1)
    }
  })
})

/** Long enough for everything that is made ahead here: a few tiles in 36 pieces of next to nothing each. */
const quiet = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 2500))

/** A tile without what may differ between equal pictures: the order of its units and its revision. */
function meaningOf(tile: ReturnType<typeof decodePackedTile>): unknown {
  const { revision: _, units, unit, ...rest } = tile
  return { ...rest, unit: [...unit].map(index => units[index]) }
}
const meaning = (bytes: Uint8Array): unknown => meaningOf(decodePackedTile(bytes.slice()))
