/** How sides are kept (migration 149): old files, the version that parcels show, boxes read from the nodes of the R*Tree. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyAll } from '../../service/boundary/classify.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { installSideHook } from '../../service/boundary/side-index.ts'
import { migrate } from '../../service/db/migrate.ts'
import { initialSchema } from '../../service/db/migrations/0010-initial.ts'
import { attachmentIndexes } from '../../service/db/migrations/0060-attachments.ts'
import { boundaryKinds } from '../../service/db/migrations/0100-boundary-kinds.ts'
import { closedLoopSchema } from '../../service/db/migrations/0110-closed-loop.ts'
import { syncTables } from '../../service/db/migrations/0140-sync.ts'
import { bundleTables } from '../../service/db/migrations/0141-bundles.ts'
import { syncFileTable } from '../../service/db/migrations/0142-sync-files.ts'
import { APPLICATION_ID, openScratch } from '../../service/db/open.ts'
import { parcelExtent, readParcelBoxes } from '../../service/db/parcel-boxes.ts'
import { all, run } from '../../service/db/sql.ts'
import { createParcels, openFixture, rectangle } from './survey-fixture.ts'

const SHOWN = 'SELECT code, side, inside_share, area_in_m2, area_out_m2, subzones FROM parcel ORDER BY pk'
const STAMP = "1, 'u', '', 'u', '', 'd'"
const STAMPED = 'id, rev, created_by, created_at, updated_by, updated_at, origin_device'

test('a file from before shows of every parcel what it showed, and keeps the other versions', () => {
  const db = openScratch(':memory:')
  try {
    for (const schema of [initialSchema, attachmentIndexes, boundaryKinds, closedLoopSchema]) db.exec(schema)
    for (const schema of [syncTables, bundleTables, syncFileTable]) db.exec(schema)
    db.pragma('user_version = 142')
    db.pragma(`application_id = ${APPLICATION_ID}`)
    for (const [id, date, status] of [
      ['new', '2025-01-01', 'archived'],
      ['old', '2022-11-01', 'active'],
    ])
      db.exec(
        `INSERT INTO boundary_version (${STAMPED}, code, name, effective_date, status) VALUES ('${id}', ${STAMP}, '${id}', '${id}', '${date}', '${status}')`,
      )
    const parcels: [string, string, number | null, string | null][] = [
      ['A', 'inside', 1, '["concentrated"]'],
      ['B', 'outside', 0, '[]'],
      ['C', 'crossing', 0.1 + 0.2, '["concentrated","special"]'],
      ['D', 'unknown', null, null],
    ]
    for (const [code, side, share, subzones] of parcels) {
      const area = 1234.5678901
      const inM2 = share === null ? null : area * share
      db.prepare(
        `INSERT INTO parcel (${STAMPED}, code, geometry, area_m2, side, inside_share, area_in_m2, area_out_m2, subzones)
         VALUES (?, ${STAMP}, ?, x'00', ?, ?, ?, ?, ?, ?)`,
      ).run(code, code, area, side, share, inM2, inM2 === null ? null : area - inM2, subzones)
    }
    db.exec(`INSERT INTO parcel_side VALUES ('old', 1, 'outside', 0, 0, 1, '[]'), ('new', 1, 'crossing', 0.5, 1, 1, '["flexible"]'),
      ('gone', 1, 'inside', 1, 1, 0, '[]')`)
    const before = db.prepare(SHOWN).all()
    migrate(db, () => undefined)
    expect(db.prepare(SHOWN).all()).toEqual(before)
    expect(
      db
        .prepare(
          'SELECT v.id, s.parcel_pk, s.side FROM parcel_side s JOIN boundary_version v ON v.pk = s.boundary_pk WHERE v.id = ?',
        )
        .all('new'),
    ).toEqual([{ id: 'new', parcel_pk: 1, side: 'crossing' }])
  } finally {
    db.close()
  }
})

test('until a new active version is applied parcels show the one before, also those drawn meanwhile', async () => {
  const fixture = await openFixture()
  const { store } = fixture
  try {
    installSideHook(store)
    const boundary = (code: string, x: number) =>
      store.mutate({ label: 'boundary_created' }, tx => {
        const values = { code, name: code, effective_date: `2026-01-0${code}`, status: 'active' }
        const id = tx.create('boundary_version', values)
        tx.create('boundary_feature', { boundary_id: id, subzone: 'concentrated' }, rectangle(x, 0, 1000, 1000))
      })
    await boundary('1', 0)
    await createParcels(store, [{ code: 'A', geometry: rectangle(100, 100, 50, 50) }])
    await boundary('2', 5000)
    await createParcels(store, [{ code: 'B', geometry: rectangle(200, 100, 50, 50) }])
    const shown = () => all<{ side: string }>(store.read, SHOWN).map(row => row.side)
    expect(shown()).toEqual(['inside', 'inside'])
    const result = await classifyAll(store, undefined, createJobControl())
    expect(result).toMatchObject({ outside: 2, flipped: 2 })
    expect(shown()).toEqual(['outside', 'outside'])
  } finally {
    fixture.close()
  }
})

test('boxes read from the nodes of the tree are those that SQLite gives', () => {
  const box = fc.tuple(fc.double({ min: 119, max: 120, noNaN: true }), fc.double({ min: 29, max: 30, noNaN: true }))
  fc.assert(
    fc.property(fc.array(box, { maxLength: 400 }), fc.nat({ max: 7 }), (corners, dropped) => {
      const db = openScratch(':memory:')
      try {
        migrate(db, () => undefined)
        db.exec('BEGIN')
        corners.forEach(([x, y], index) => {
          const pk = ((index * 7919) % 4001) + 1
          run(db, 'INSERT OR REPLACE INTO parcel_box VALUES (?, ?, ?, ?, ?)', [pk, x, x + 0.001, y, y + 0.001])
        })
        run(db, 'DELETE FROM parcel_box WHERE pk % 7 = ?', [dropped])
        const rows = all<Record<string, number>>(db, 'SELECT * FROM parcel_box ORDER BY pk')
        const { count, pks, boxes } = readParcelBoxes(db)
        expect([count, [...pks]]).toEqual([rows.length, rows.map(row => row['pk'])])
        expect([...boxes]).toEqual(rows.flatMap(row => [row['min_x'], row['min_y'], row['max_x'], row['max_y']]))
        expect(parcelExtent(db) === null).toBe(count === 0)
      } finally {
        db.close()
      }
    }),
    { numRuns: 25 },
  )
})
