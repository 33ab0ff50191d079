/** Laptops with real survey files against a real hub over TCP. */
import { copyFileSync } from 'node:fs'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type RunningHub, startHub } from '../../hub/hub.ts'
import { revokeDevice } from '../../hub/storage/devices.ts'
import { type HubPlace, openHubDatabase } from '../../hub/storage/open.ts'
import { nextUndo } from '../../service/db/change-log.ts'
import { all, get } from '../../service/db/sql.ts'
import { recordHistory } from '../../service/records/records-repo.ts'
import { listConflicts, resolveConflict } from '../../service/sync/conflicts.ts'
import { listOutbox } from '../../service/sync/outbox-list.ts'
import { refuseOpenConflicts } from '../../service/sync/report-guard.ts'
import { countsOf } from '../../service/sync/run-sync.ts'
import { readLink } from '../../service/sync/sync-repo.ts'
import { codeFor, newPlace, removePlaces } from '../support/hub-place.ts'
import { Device } from '../support/sync-devices.ts'
import { createParcels, rectangle } from './survey-fixture.ts'

afterAll(removePlaces)

let place: HubPlace
let hub: RunningHub
let devices: Device[]

async function device(name: string, unit: string | null, skewMs = 0): Promise<Device> {
  const made = new Device(name, unit, skewMs)
  devices.push(made)
  await made.enrol(hub.url, await codeFor(place, unit))
  return made
}

const parcelOf = (at: Device, code: string) =>
  get<Record<string, unknown>>(at.store.read, 'SELECT * FROM parcel WHERE code = ? AND deleted = 0', [code])

const set = (at: Device, id: string, values: Record<string, unknown>) =>
  at.store.mutate({ label: 'updated' }, tx => tx.update('parcel', id, values))

beforeEach(async () => {
  place = await newPlace()
  hub = await startHub({ place, strangerPerMinute: 1000, devicePerMinute: 100_000 })
  devices = []
})
afterEach(async () => {
  for (const each of devices) each.close()
  await hub.close()
})

describe('two laptops and a county', () => {
  let county: Device
  let a: Device
  let b: Device
  let id: string

  beforeEach(async () => {
    county = await device('county', null)
    await county.store.mutate({ label: 'survey_created', kind: 'system' }, tx => {
      tx.create('campaign', { name: '行动' })
      tx.create('report_unit', { code: 'A', name: '甲镇' })
    })
    const ids = await createParcels(county.store, [
      { code: 'P1', unit: 'A', name: '一号', geometry: rectangle(0, 0, 100, 100) },
      { code: 'P2', unit: 'A', geometry: rectangle(200, 0, 100, 100) },
      { code: 'Q1', unit: 'B', geometry: rectangle(400, 0, 100, 100) },
    ])
    id = ids.get('P1')!
    expect(await county.sync()).toMatchObject({ pushed: 5, pending: 0, conflicts: 0, refused: 0 })
    a = await device('a', 'A', 365 * 86_400_000)
    b = await device('b', 'A')
    await a.sync()
    await b.sync()
  })

  test('a laptop that changes its unit or becomes the county gets all of that, and what it may no longer write is listed', async () => {
    await set(a, id, { remark: '没来得及送出' })
    const { db } = await openHubDatabase(place)
    await revokeDevice(db, readLink(a.store.read)!.device)
    await expect(a.sync()).rejects.toMatchObject({ details: { reason: 'hub_revoked' } })
    await a.enrol(hub.url, await codeFor(place, 'B'))
    expect(await a.sync()).toMatchObject({ refused: 1, pending: 0 })
    expect(parcelOf(a, 'Q1')).toMatchObject({ unit: 'B' })
    expect(get(a.store.read, `SELECT count(*) AS n FROM sync_outbox WHERE state = 'refused'`)).toEqual({ n: 1 })

    // The hub has it, the laptop does not know; what the county decides meanwhile is not written over by the same change.
    await set(b, id, { location: '东区' })
    b.send = async (...given) => {
      const response = await fetch(...given)
      if (String(given[0]).includes('/push')) throw new TypeError('answer lost')
      return response
    }
    await expect(b.sync()).rejects.toMatchObject({ code: 'hub_unreachable' })
    b.send = fetch
    await county.sync()
    expect(parcelOf(county, 'P1')).toMatchObject({ location: '东区' })
    await set(county, id, { location: null })
    await county.sync()

    await set(b, id, { name: '二号' })
    await revokeDevice(db, readLink(b.store.read)!.device)
    await db.destroy()
    await b.enrol(hub.url, await codeFor(place, null))
    expect(await b.sync()).toMatchObject({ refused: 0, pending: 0, conflicts: 0 })
    expect(parcelOf(b, 'Q1')).toMatchObject({ unit: 'B' })
    await county.sync()
    for (const each of [b, county]) expect(parcelOf(each, 'P1')).toMatchObject({ name: '二号', location: null })
  })

  test('the first download brings the unit and the county tables, with everything that follows from an outline', async () => {
    expect(parcelOf(a, 'P1')).toMatchObject({ id, name: '一号', unit: 'A' })
    expect(parcelOf(a, 'P1')!['area_m2']).toBe(parcelOf(county, 'P1')!['area_m2'])
    expect(parcelOf(a, 'Q1')).toBeUndefined()
    expect(get(a.store.read, 'SELECT name FROM campaign WHERE deleted = 0')).toEqual({ name: '行动' })
    expect(get(a.store.read, 'SELECT count(*) AS n FROM parcel_box')).toEqual({ n: 2 })
    expect(nextUndo(a.store.read, a.store.profile().user)).toBeUndefined()
    // Nothing goes back.
    expect(await a.sync()).toMatchObject({ pushed: 0, pulled: 0, pending: 0 })
  })

  test('different fields meet without a word lost and are listed; the same field waits for a person', async () => {
    await set(a, id, { name: '甲', remark: '甲说' })
    await set(b, id, { location: '河边' })
    await a.sync()
    await b.sync()
    expect(parcelOf(b, 'P1')).toMatchObject({ name: '甲', remark: '甲说', location: '河边' })
    expect(listOutbox(b.store.read, { kind: 'parallel', offset: 0, limit: 10 }).items[0]).toMatchObject({
      name: 'P1 甲',
      parallel: ['name', 'remark'],
    })
    await a.sync()
    await set(a, id, { name: '甲甲' })
    await set(b, id, { name: '乙乙' })
    await b.sync()
    expect(await a.sync()).toMatchObject({ pushed: 1, conflicts: 1 })
    // The hub's value stands, ours is kept.
    expect(parcelOf(a, 'P1')!['name']).toBe('乙乙')
    const [conflict] = listConflicts(a.store.read, true)
    expect(conflict).toMatchObject({ kind: 'field', field: 'name', base: '甲', mine: '甲甲', theirs: '乙乙' })
    expect(conflict!.mine_by).toMatchObject({ user: 'a的人', own: true })
    expect(recordHistory(a.store.read, 'parcel', id)[0]).toMatchObject({ kind: 'remote', user: 'b的人' })

    await b.sync()
    expect(listConflicts(b.store.read, true)).toHaveLength(1)
    // Nothing disputed goes up; another unit's report is not held back.
    expect(() => refuseOpenConflicts(b.store.read, { unit: 'A' })).toThrow(/1 条记录.*P1/)
    expect(() => refuseOpenConflicts(b.store.read)).toThrow()
    refuseOpenConflicts(b.store.read, { unit: 'B' })
    await resolveConflict(b.store, conflict!.id, 'mine', '现场核实')
    expect(listConflicts(b.store.read, true)).toHaveLength(0)
    await expect(resolveConflict(b.store, conflict!.id, 'theirs', undefined)).rejects.toMatchObject({ code: 'refused' })
    refuseOpenConflicts(b.store.read)
    await b.sync()
    await a.sync()
    for (const each of [a, b]) {
      expect(parcelOf(each, 'P1')!['name']).toBe('甲甲')
      expect(listConflicts(each.store.read, true)).toEqual([])
      expect(listConflicts(each.store.read, false)[0]).toMatchObject({ resolution: { take: 'mine', user: 'b的人' } })
    }
  })

  test('outlines and deletions against edits wait for a person, with both outlines', async () => {
    await a.store.mutate({ label: 'moved' }, tx => tx.update('parcel', id, {}, { geometry: rectangle(0, 0, 120, 100) }))
    await b.store.mutate({ label: 'moved' }, tx => tx.update('parcel', id, {}, { geometry: rectangle(0, 0, 80, 100) }))
    await a.sync()
    await b.sync()
    const [conflict] = listConflicts(b.store.read, true)
    expect(conflict).toMatchObject({ kind: 'geometry', has_geometry: true })
    await resolveConflict(b.store, conflict!.id, 'theirs', undefined)
    expect(await b.sync()).toMatchObject({ pushed: 1, conflicts: 0 })
    expect(parcelOf(b, 'P1')!['geometry']).toEqual(parcelOf(a, 'P1')!['geometry'])

    await a.sync()
    await set(a, id, { name: '还在' })
    await b.store.mutate({ label: 'removed' }, tx => tx.remove('parcel', id))
    await a.sync()
    await b.sync()
    expect(parcelOf(b, 'P1')).toMatchObject({ name: '还在' })
    const [again] = listConflicts(b.store.read, true)
    expect(again).toMatchObject({ kind: 'delete_edit', theirs: { name: '还在' } })
    await resolveConflict(b.store, again!.id, 'mine', undefined)
    await b.sync()
    await a.sync()
    expect(parcelOf(a, 'P1')).toBeUndefined()
    expect(get(a.store.read, 'SELECT count(*) AS n FROM parcel_box')).toEqual({ n: 1 })
  })

  test('the same code twice: both live, the later under a provisional code, until they are merged', async () => {
    const [one] = (
      await createParcels(a.store, [{ code: 'N1', unit: 'A', geometry: rectangle(0, 300, 50, 50) }])
    ).values()
    const [two] = (
      await createParcels(b.store, [{ code: 'N1', unit: 'A', remark: '乙', geometry: rectangle(0, 400, 50, 50) }])
    ).values()
    await a.sync()
    await b.sync()
    await a.sync()
    for (const each of [a, b]) {
      expect(parcelOf(each, 'N1')!['id']).toBe(one)
      expect(parcelOf(each, `N1~${two!.slice(-8)}`)!['id']).toBe(two)
    }
    const [conflict] = listConflicts(b.store.read, true)
    expect(conflict).toMatchObject({ kind: 'twin_code', mine: 'N1', theirs: 'N1' })
    await resolveConflict(b.store, conflict!.id, 'merge', undefined)
    expect(await b.sync()).toMatchObject({ conflicts: 0 })
    await a.sync()
    expect(parcelOf(a, 'N1')).toMatchObject({ id: one, remark: '乙' })
    expect(get(a.store.read, 'SELECT deleted FROM parcel WHERE id = ?', [two!])).toEqual({ deleted: 1 })
  })

  test('an import goes as records, its roll-back too', async () => {
    const { result } = await a.store.bulk({ label: 'imported', kind: 'import', batch: 'batch-1' }, async tx =>
      tx.insert('parcel', { code: 'I1', unit: 'A', import_batch: 'batch-1' }, rectangle(0, 600, 10, 10)),
    )
    await set(a, result.id, { name: '导入后改' })
    expect(await a.sync()).toMatchObject({ pushed: 2, refused: 0 })
    await b.sync()
    expect(parcelOf(b, 'I1')).toMatchObject({ name: '导入后改' })
    await a.store.bulk({ label: 'import_undone', kind: 'import', batch: 'batch-1' }, async tx => {
      tx.db.prepare('UPDATE parcel_record SET deleted = 1, rev = rev + 1 WHERE id = ?').run(result.id)
    })
    expect(await a.sync()).toMatchObject({ pushed: 1, refused: 0 })
    await b.sync()
    expect(parcelOf(b, 'I1')).toBeUndefined()
  })

  test('what is refused goes back to what the hub has, and its value stays on the list', async () => {
    const campaign = get<{ id: string }>(a.store.read, 'SELECT id FROM campaign WHERE deleted = 0')!
    await a.store.mutate({ label: 'campaign_updated' }, tx => tx.update('campaign', campaign.id, { name: '改县级' }))
    const [lost] = (await createParcels(a.store, [{ code: 'NOUNIT', geometry: rectangle(0, 800, 10, 10) }])).values()
    expect(await a.sync()).toMatchObject({ pushed: 2, refused: 2 })
    expect(get(a.store.read, 'SELECT name FROM campaign WHERE deleted = 0')).toEqual({ name: '行动' })
    const { items } = listOutbox(a.store.read, { kind: 'refused', offset: 0, limit: 10 })
    expect(items.map(({ name, reason }) => [name, reason])).toEqual([
      ['NOUNIT', 'out_of_scope'],
      ['行动', 'out_of_scope'],
    ])
    expect(items[1]!.fields).toEqual([{ field: 'name', from: '行动', to: '改县级' }])
    // The record is still here; once it has a unit it goes as a whole.
    await set(a, lost!, { unit: 'A' })
    expect(await a.sync()).toMatchObject({ pushed: 1, refused: 0 })
    await b.sync()
    expect(parcelOf(b, 'NOUNIT')).toBeDefined()
  })

  test('an answer that never came: sent again, taken once', async () => {
    await set(a, id, { name: '一次' })
    a.send = async (...given) => {
      const response = await fetch(...given)
      if (String(given[0]).endsWith('/push')) throw new TypeError('cut')
      return response
    }
    await expect(a.sync()).rejects.toMatchObject({ code: 'hub_unreachable' })
    expect(countsOf(a.store)).toEqual({ conflicts: 0, pending: 1 })
    expect(readLink(a.store.read)!.last_error!.code).toBe('hub_unreachable')
    a.send = fetch
    a.restart()
    expect(await a.sync()).toMatchObject({ pushed: 1, pending: 0, conflicts: 0 })
    await county.sync()
    expect(recordHistory(county.store.read, 'parcel', id).filter(item => item.kind === 'remote')).toHaveLength(1)
  })

  test('edits made while rows are on their way are kept', async () => {
    await set(b, id, { name: '乙' })
    await b.sync()
    let isDone = false
    a.send = async (...given) => {
      const response = await fetch(...given)
      if (String(given[0]).includes('/pull') && !isDone) {
        isDone = true
        await set(a, id, { name: '途中', remark: '途中' })
      }
      return response
    }
    await a.sync()
    // The hub's name stands for now; the remark, which nobody else touched, shows.
    expect(parcelOf(a, 'P1')).toMatchObject({ name: '乙', remark: '途中' })
    expect(await a.sync()).toMatchObject({ pushed: 1, conflicts: 1 })
    expect(listConflicts(a.store.read, true)[0]).toMatchObject({ mine: '途中', theirs: '乙' })
    expect(parcelOf(a, 'P1')).toMatchObject({ name: '乙', remark: '途中' })
  })

  test('an old backup is noticed and can be enrolled again', async () => {
    const file = await a.store.backup('test')
    await set(a, id, { name: '备份之后' })
    await a.sync()
    a.store.close()
    copyFileSync(file, a.store.file)
    a.restart()
    await set(a, id, { remark: '恢复后' })
    await expect(a.sync()).rejects.toMatchObject({ details: { reason: 'hub_survey_older' } })
    await a.enrol(hub.url, await codeFor(place, 'A'))
    expect(await a.sync()).toMatchObject({ pushed: 1, conflicts: 0 })
    expect(parcelOf(a, 'P1')).toMatchObject({ name: '备份之后', remark: '恢复后' })
  })

  test('what was collected and the hub’s states give the local rows again', async () => {
    await set(a, id, { name: '甲', remark: 'x' })
    await a.sync()
    const rows = all<{ rev: number; local: number }>(
      a.store.read,
      `SELECT s.rev, p.rev AS local FROM sync_record s JOIN parcel p ON p.id = s.entity_id WHERE s.entity = 'parcel'`,
    )
    expect(rows.length).toBe(2)
    for (const row of rows) expect(row.rev).toBe(row.local)
  })
})
