/** Visits on a real survey file: handing in, two people, one picture for two, signatures, divided and joined land, old files. */
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addPhotos } from '../../service/attachments/add-photos.ts'
import { listPhotos } from '../../service/attachments/attachments-repo.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { migrate } from '../../service/db/migrate.ts'
import { initialSchema } from '../../service/db/migrations/0010-initial.ts'
import { attachmentIndexes } from '../../service/db/migrations/0060-attachments.ts'
import { boundaryKinds } from '../../service/db/migrations/0100-boundary-kinds.ts'
import { closedLoopSchema } from '../../service/db/migrations/0110-closed-loop.ts'
import { syncTables } from '../../service/db/migrations/0140-sync.ts'
import { bundleTables } from '../../service/db/migrations/0141-bundles.ts'
import { syncFileTable } from '../../service/db/migrations/0142-sync-files.ts'
import { APPLICATION_ID, openWriter } from '../../service/db/open.ts'
import type { ServiceDeps } from '../../service/deps.ts'
import { loadFacts } from '../../service/loop/facts-repo.ts'
import { takeStep } from '../../service/loop/steps.ts'
import { divide, join as joinParcels } from '../../service/parcels/parcel-edits.ts'
import { editsMethods } from '../../service/records/records-methods.ts'
import { fileVisit, reviewVisit, signVisit, startVisit, visitList } from '../../service/visits/visits.ts'
import { waitingLand } from '../../service/visits/visits-repo.ts'
import { splitAlong } from '../../shared/geometry/edit/divide.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf } from '../../shared/geometry/types.ts'
import { inProject } from '../../tools/paths.ts'
import { figures, type LoopWorld, openLoopWorld, photo } from '../support/loop-world.ts'

let world: LoopWorld
let one: { id: string; parcel: string; entry: string }
beforeEach(async () => {
  world = openLoopWorld()
  one = await world.enterprise('A', null)
})
afterEach(() => world.close())

const said = {
  operating_status: 'stopped',
  side_marked: 'inside',
  ineff_types: ['T1', 'T2'],
  idle_suspect: false,
  findings: '厂房空置过半',
  inspectors: ['张三', '李四'],
}

async function draft(parcel = one.parcel, enterprise: string | null = one.id): Promise<string> {
  const values = {
    parcel_id: parcel,
    enterprise_id: enterprise,
    visited_at: '2022-03-01T01:00:00Z',
    status: 'DRAFT',
  }
  return (await world.store.mutate({ label: 'x' }, tx => tx.create('survey_visit', values))).result
}
const row = (id: string) => visitList(world.store, { enterprise_id: one.id }).find(visit => visit.record['id'] === id)!
const revOf = (id: string) => Number(row(id).record['rev'])
const revOfParcel = (id: string) =>
  world.store.read.prepare('SELECT rev FROM parcel WHERE id = ?').pluck().get(id) as number
const factsOf = (id: string) => loadFacts(world.store.read, [id], world.today()).get(id)!

test('handing in needs the answers, marks the parcel, and is one step of undo', async () => {
  const id = await draft()
  expect(startVisit(world.store, one.parcel).draft!.record['id']).toBe(id)
  await expect(fileVisit(world.store, { id, base_rev: 1, values: { findings: '只写了一句' } })).rejects.toMatchObject({
    code: 'refused',
    details: { reason: 'visit_incomplete', values: { keys: 'operating_status,side_marked,inspectors' } },
  })
  expect(row(id).record).toMatchObject({ status: 'DRAFT', findings: null })
  const { remarks } = await fileVisit(world.store, { id, base_rev: 1, values: said })
  expect(remarks).toEqual(['no_photo'])
  expect(row(id).record).toMatchObject({ status: 'SUBMITTED', submitted_by: '张三', ineff_types: ['T1', 'T2'] })
  const mark = () =>
    world.store.read.prepare('SELECT side_marked, side_marked_by FROM parcel WHERE id = ?').get(one.parcel)
  expect(mark()).toEqual({ side_marked: 'inside', side_marked_by: '张三' })
  await expect(fileVisit(world.store, { id, base_rev: 2, values: said })).rejects.toMatchObject({
    details: { reason: 'visit_handed_in' },
  })
  expect(startVisit(world.store, one.parcel).draft).toBeNull()
  expect(startVisit(world.store, one.parcel).presets['inspectors']).toEqual(['张三', '李四'])
  await createRouterClient(editsMethods({ store: () => world.store } as unknown as ServiceDeps), { context: {} }).undo()
  expect(row(id).record['status']).toBe('DRAFT')
  expect(mark()).toEqual({ side_marked: null, side_marked_by: null })
})

test('a visit counts once it is confirmed and two different people were there', async () => {
  const id = await draft()
  await fileVisit(world.store, { id, base_rev: 1, values: { ...said, inspectors: ['张三', ' 张 三'] } })
  expect(row(id).remarks).toContain('same_inspector')
  await expect(reviewVisit(world.store, { id, base_rev: revOf(id), decision: 'RETURNED' })).rejects.toMatchObject({
    details: { reason: 'required', field: 'reason' },
  })
  await reviewVisit(world.store, { id, base_rev: revOf(id), decision: 'CONFIRMED' })
  for (let count = 0; count < 3; count++) await photo(world, one.id)
  await figures(world, one.id, 2021, { tax: 20, land_mu_actual: 10 })
  world.as('township')
  await takeStep(world.store, { step: 'start', enterprise_ids: [one.id] })
  const filing = () => takeStep(world.store, { step: 'file', enterprise_ids: [one.id] })
  await expect(filing()).rejects.toMatchObject({ details: { values: { keys: 'visit_inspectors' } } })
  await reviewVisit(world.store, { id, base_rev: revOf(id), decision: 'RETURNED', reason: '须两人到场' })
  expect(row(id).record).toMatchObject({ status: 'RETURNED', review_note: '须两人到场' })
  await fileVisit(world.store, { id, base_rev: revOf(id), values: { inspectors: ['张三', '李四'] } })
  await reviewVisit(world.store, { id, base_rev: revOf(id), decision: 'CONFIRMED' })
  expect(row(id).evidence).toBe(true)
  await filing()
})

test('what was handed in is changed only after it was returned, whoever writes it', async () => {
  const id = await draft()
  await fileVisit(world.store, { id, base_rev: 1, values: said })
  const write = (values: object) =>
    world.store.mutate({ label: 'x' }, tx => tx.update('survey_visit', id, values as Record<string, unknown>))
  const refused = { code: 'refused', details: { reason: 'visit_handed_in' } }
  await expect(write({ inspectors: ['张三', '王五'] })).rejects.toMatchObject(refused)
  await expect(write({ status: 'DRAFT', findings: '改' })).rejects.toMatchObject(refused)
  await expect(world.store.mutate({ label: 'x' }, tx => tx.remove('survey_visit', id))).rejects.toMatchObject(refused)
  await reviewVisit(world.store, { id, base_rev: revOf(id), decision: 'CONFIRMED' })
  await expect(write({ operating_status: 'normal' })).rejects.toMatchObject(refused)
  await reviewVisit(world.store, { id, base_rev: revOf(id), decision: 'RETURNED', reason: '补充' })
  await write({ operating_status: 'normal' })
})

test('one picture for two visits is named on both sides, and the same file twice is one picture', async () => {
  const other = await world.enterprise('B', 'inside')
  const mine = await draft()
  const theirs = await draft(other.parcel, other.id)
  const file = inProject('test/fixtures/exif/noexif.jpg')
  for (const id of [mine, theirs, mine])
    await addPhotos(
      world.store,
      { files: [file], owner: { entity: 'survey_visit', id } },
      path => path,
      createJobControl(),
    )
  expect(row(mine).photos).toHaveLength(1)
  expect(row(mine).twins).toMatchObject([
    { other_owner_entity: 'survey_visit', other_owner_name: 'P-B', other_by: '张三' },
  ])
  expect(factsOf(one.id).photos.map(({ shared }) => shared)).toEqual([true])
  const sha256 = factsOf(one.id).photos[0]!.sha256
  for (let count = 0; count < 2; count++) await photo(world, one.id, { sha256 })
  world.as('township')
  await takeStep(world.store, { step: 'start', enterprise_ids: [one.id] })
  await expect(takeStep(world.store, { step: 'file', enterprise_ids: [one.id] })).rejects.toMatchObject({
    details: { values: { keys: expect.stringContaining('photos,photos_shared') } },
  })
})

test('visits, their photos and photos of the land stay in reach when it is divided or joined, and go on proving', async () => {
  const id = await draft(one.parcel, null)
  await fileVisit(world.store, { id, base_rev: 1, values: said })
  await photo(world, one.id, { owner_entity: 'survey_visit', owner_id: id })
  await photo(world, one.id, { owner_entity: 'parcel', owner_id: one.parcel })
  const before = factsOf(one.id)
  const outline = world.store.read.prepare('SELECT geometry FROM parcel WHERE id = ?').pluck().get(one.parcel) as Buffer
  const shape = decodeGeometry(outline)
  const [west, south, east, north] = boxOf(shape)
  const middle = (west + east) / 2
  const cut: [number, number][] = [
    [middle, south - 0.001],
    [middle, north + 0.001],
  ]
  const { ids } = await divide(
    world.store,
    { id: one.parcel, base_rev: revOfParcel(one.parcel) },
    ({ polygons }) => splitAlong(polygons, cut),
    { label: 'parcel_split_at_boundary', keepsMark: false },
  )
  expect(ids).toHaveLength(2)
  for (const part of ids) {
    expect(visitList(world.store, { parcel_id: part })).toMatchObject([{ former_land: true, parcel_code: 'P-A' }])
    expect(listPhotos(world.store.read, { owner: { entity: 'parcel', id: part }, limit: 10 }).total).toBe(2)
  }
  expect(visitList(world.store, { enterprise_id: one.id })).toHaveLength(1)
  const after = factsOf(one.id)
  expect(after.visits).toEqual(before.visits)
  expect(after.photos.map(({ sha256 }) => sha256).sort()).toEqual(before.photos.map(({ sha256 }) => sha256).sort())
  const later = await draft(ids[1]!, null)
  const members = ids.map(part => ({ id: part, base_rev: revOfParcel(part) }))
  await joinParcels(world.store, members, () => shape, undefined)
  expect(visitList(world.store, { parcel_id: ids[0]! }).map(visit => visit.record['id'])).toEqual(
    expect.arrayContaining([id, later]),
  )
})

test('a drawn signature is kept as an attachment, replaced by the same person only, and is no photo', async () => {
  const id = await draft()
  const png = (shade: number) => pngOf(shade).toString('base64')
  await signVisit(world.store, { id, name: '李四', png: `data:image/png;base64,${png(10)}` })
  await signVisit(world.store, { id, name: '企业负责人', png: png(20) })
  await signVisit(world.store, { id, name: '李四', png: png(30) })
  const signatures = row(id).record['signature'] as { name: string; sha256: string }[]
  expect(signatures.map(({ name }) => name)).toEqual(['企业负责人', '李四'])
  const live = world.store.read
    .prepare("SELECT sha256 FROM attachment WHERE kind = 'signature' AND deleted = 0 ORDER BY sha256")
    .pluck()
    .all()
  expect(live).toEqual(signatures.map(({ sha256 }) => sha256).sort())
  expect(row(id)).toMatchObject({ photos: [], remarks: expect.arrayContaining(['no_photo']) })
  for (const bad of ['AAAA', Buffer.from('<svg/>').toString('base64')])
    await expect(signVisit(world.store, { id, name: '李四', png: bad })).rejects.toMatchObject({
      details: { reason: 'signature_damaged' },
    })
})

test('land of listed enterprises waits until it is visited, nearest first', async () => {
  const places = [one, await world.enterprise('B', 'inside'), await world.enterprise('C', 'inside')]
  world.as('township')
  await takeStep(world.store, { step: 'start', enterprise_ids: places.map(place => place.id) })
  const waiting = (near?: string) => waitingLand(world.store.read, { unit: null, near, offset: 0, limit: 10 })
  expect(waiting().rows.map(({ code }) => code)).toEqual(['P-A', 'P-B', 'P-C'])
  expect(waiting(places[2]!.parcel)).toMatchObject({ total: 2, rows: [{ code: 'P-B' }, { code: 'P-A' }] })
  world.as('manager')
  const id = await draft()
  expect(waiting().rows[0]).toMatchObject({ code: 'P-A', status: 'DRAFT' })
  await fileVisit(world.store, { id, base_rev: 1, values: said })
  expect(waiting().rows.map(({ code }) => code)).toEqual(['P-B', 'P-C'])
})

test('a file that has later numbers but not this one gets it, once; one with numbers unknown here is refused', () => {
  const db = openWriter(join(world.store.file, '..', 'old.lowland'), { mustExist: false })
  try {
    // As the application made files before there was a book of migrations.
    for (const schema of [initialSchema, attachmentIndexes, boundaryKinds, closedLoopSchema]) db.exec(schema)
    for (const schema of [syncTables, bundleTables, syncFileTable]) db.exec(schema)
    db.pragma('user_version = 142')
    db.pragma(`application_id = ${APPLICATION_ID}`)
    let backups = 0
    const again = () => migrate(db, () => backups++)
    expect(again()).toBe('migrated')
    expect(again()).toBe('current')
    expect(backups).toBe(1)
    expect(db.prepare('SELECT count(review_note) AS n FROM survey_visit').get()).toEqual({ n: 0 })
    db.exec('INSERT INTO schema_migration VALUES (11)')
    expect(again).toThrow(/更新的版本/)
  } finally {
    db.close()
  }
})

/** A grey picture of 8 × 8 pixels, told apart by its shade. */
function pngOf(shade: number): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(body.length)
    head.write(type, 4, 'latin1')
    return Buffer.concat([head, body, Buffer.alloc(4)])
  }
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0])
  const pixels = deflateSync(Buffer.alloc(8 * 9, shade))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}
