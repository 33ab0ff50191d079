/** The hub is put back to an older backup: laptops bring back what it lost, on SQLite and PostgreSQL. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningHub, startHub } from '../../hub/hub.ts'
import { backupHub, markRestored, restoreHub } from '../../hub/storage/backup.ts'
import { type HubPlace, openHubDatabase } from '../../hub/storage/open.ts'
import { rowFromColumns } from '../../hub/storage/survey-state.ts'
import { all, get } from '../../service/db/sql.ts'
import { localRow, stateOfRow } from '../../service/sync/local-record.ts'
import { countsOf } from '../../service/sync/run-sync.ts'
import { changedFields } from '../../shared/sync/merge.ts'
import type { SyncRow } from '../../shared/sync/protocol.ts'
import { mayRead } from '../../shared/sync/scope.ts'
import { codeFor, newPlace, removePlaces } from '../support/hub-place.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { Device } from '../support/sync-devices.ts'
import { createParcels, rectangle } from './survey-fixture.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => {
  postgres?.close()
  removePlaces()
})

const set = (device: Device, id: string, values: Record<string, unknown>) =>
  device.store.mutate({ label: 'updated' }, tx => tx.update('parcel', id, values))
const make = async (device: Device, code: string): Promise<string> =>
  [...(await createParcels(device.store, [{ code, unit: 'A', geometry: rectangle(0, 0, 9, 9) }])).values()][0]!

const apart: typeof fetch = (url, init) =>
  fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), connection: 'close' } })

async function rowsOf(place: HubPlace): Promise<SyncRow[]> {
  const { db } = await openHubDatabase(place)
  const rows = (await db.selectFrom('row_state').selectAll().execute()).map(rowFromColumns)
  await db.destroy()
  return rows
}

/** What each laptop shows otherwise than the hub. */
async function differences(place: HubPlace, devices: readonly Device[]): Promise<string[]> {
  const wrong: string[] = []
  const rows = await rowsOf(place)
  for (const device of devices) {
    for (const row of rows.filter(each => mayRead(device.unit, each.unit))) {
      const local = localRow(device.store.read, row.entity, row.entity_id)
      const state = local && stateOfRow(row.entity, local)
      const fields = state ? changedFields(row, state) : ['missing']
      if (fields.length > 0 || state?.deleted !== row.deleted || state.geometry !== row.geometry)
        wrong.push(`${device.name} ${row.entity} ${row.entity_id} ${fields.join(',')}`)
    }
    const { pending } = countsOf(device.store)
    if (pending > 0) wrong.push(`${device.name} has ${pending} pending`)
  }
  return wrong
}

describe.each(['sqlite', 'postgres'])('on %s', kind => {
  /** Copies the hub's data now; gives what puts them back. */
  async function backup(place: HubPlace): Promise<() => Promise<void>> {
    if ('folder' in place) {
      const file = join(place.folder, `backup-${Date.now()}.sqlite`)
      await backupHub(place.folder, file)
      return async () => {
        await restoreHub(place.folder, file)
      }
    }
    const dump = execFileSync('pg_dump', ['--no-owner', '--clean', '--if-exists', place.databaseUrl])
    return async () => {
      execFileSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', place.databaseUrl], {
        input: dump,
        stdio: ['pipe', 'ignore', 'inherit'],
      })
      await markRestored(place)
    }
  }

  async function start(): Promise<{ place: HubPlace; hub: RunningHub; county: Device; one: Device; two: Device }> {
    const place = await newPlace(kind === 'postgres' ? postgres : undefined)
    const hub = await startHub({ place, strangerPerMinute: 1e6, devicePerMinute: 1e6 })
    const [county, one, two] = [new Device('county', null), new Device('one', 'A'), new Device('two', 'A')]
    // A connection that is kept would be dead after the hub's restart.
    for (const device of [county, one, two]) device.send = apart
    for (const device of [county, one, two]) await device.enrol(hub.url, await codeFor(place, device.unit))
    return { place, hub, county, one, two }
  }
  /** The same address as before. */
  const again = (place: HubPlace, hub: RunningHub): Promise<RunningHub> =>
    startHub({ place, port: Number(new URL(hub.url).port), strangerPerMinute: 1e6, devicePerMinute: 1e6 })

  test('edits, new records, deletions, conflicts and unsent work: nothing lost, nothing twice', async () => {
    const { place, hub, county, one, two } = await start()
    const devices = [county, one, two]
    try {
      const [old, gone, fought] = [await make(one, 'P-1'), await make(one, 'P-2'), await make(one, 'P-3')]
      for (const device of devices) await device.sync()
      await set(one, old, { name: '备份前' })
      for (const device of devices) await device.sync()
      const putBack = await backup(place)

      // After the backup, all of it acknowledged.
      await set(one, old, { name: '一号的名称', location: '桥头' })
      await two.store.mutate({ label: 'removed' }, tx => tx.remove('parcel', gone))
      const fresh = await make(two, 'P-4')
      await county.store.mutate({ label: 'updated' }, tx => tx.create('report_unit', { code: 'U9', name: '新单位' }))
      for (const device of [one, two, county, one, two]) await device.sync()
      await set(one, fought, { remark: '一号说' })
      await set(two, fought, { remark: '二号说' })
      await one.sync()
      expect((await two.sync()).conflicts).toBe(1)
      // And some that nobody has sent: on top of what will be lost.
      await set(one, old, { location: '桥头南' })
      await set(two, fresh, { name: '新地块' })

      await hub.close()
      await putBack()
      const next = await again(place, hub)
      // In the meantime somebody goes on, before the others have been there.
      const results = []
      for (const device of [two, one, county]) results.push(await device.sync())
      expect(results[0]!.repaired).toBeGreaterThan(0)
      for (let round = 0; round < 2; round++)
        for (const device of devices) expect((await device.sync()).repaired).toBe(0)

      expect(await differences(place, devices)).toEqual([])
      const rows = await rowsOf(place)
      const parcels = rows.filter(row => row.entity === 'parcel')
      expect(parcels.map(row => row.entity_id).sort()).toEqual([old, gone, fought, fresh].sort())
      const of = (id: string): SyncRow => rows.find(row => row.entity_id === id)!
      expect(of(old)).toMatchObject({ deleted: false, fields: { name: '一号的名称', location: '桥头南' } })
      expect(of(gone).deleted).toBe(true)
      expect(of(fresh)).toMatchObject({ deleted: false, fields: { code: 'P-4', name: '新地块' } })
      expect(rows.filter(row => row.entity === 'report_unit' && row.fields['code'] === 'U9')).toHaveLength(1)
      // Of two values for one field one stands, the other waits in everybody's inbox.
      const bodies = all<{ body: string }>(county.store.read, 'SELECT body FROM sync_conflict WHERE open = 1')
      const open = bodies.map(({ body }) => JSON.parse(body) as { field: string; mine: string; theirs: string })
      expect(open).toHaveLength(1)
      expect([open[0]!.mine, open[0]!.theirs].sort()).toEqual(['一号说', '二号说'])
      for (const device of devices) expect(countsOf(device.store).conflicts).toBe(1)
      await next.close()
    } finally {
      for (const device of devices) device.close()
    }
  })

  test('what people changed after the restoration is not written over, a repair that breaks off goes on', async () => {
    const { place, hub, county, one, two } = await start()
    const devices = [county, one, two]
    try {
      const ids = [await make(one, 'P-1'), await make(one, 'P-2')]
      for (const device of devices) await device.sync()
      const putBack = await backup(place)
      await set(one, ids[0]!, { name: '丢失的', remark: '也丢失' })
      await one.sync()
      await hub.close()
      await putBack()
      const next = await again(place, hub)
      // Two never saw what was lost and writes the same field anew; one comes back after that.
      await set(two, ids[0]!, { name: '恢复后写的' })
      await two.sync()
      let calls = 0
      one.send = (...given) => {
        calls += 1
        return calls > 3 ? Promise.reject(new TypeError('network down')) : apart(...given)
      }
      await expect(one.sync()).rejects.toMatchObject({ code: 'hub_unreachable' })
      one.restart()
      one.send = apart
      for (let round = 0; round < 2; round++) for (const device of [one, two, county]) await device.sync()
      expect(await differences(place, devices)).toEqual([])
      const row = (await rowsOf(place)).find(each => each.entity_id === ids[0])!
      expect(row.fields).toMatchObject({ name: '恢复后写的', remark: '也丢失' })
      const conflict = get<{ body: string }>(county.store.read, 'SELECT body FROM sync_conflict WHERE open = 1')!
      expect(JSON.parse(conflict.body)).toMatchObject({ field: 'name', mine: '丢失的', theirs: '恢复后写的' })
      await next.close()
    } finally {
      for (const device of devices) device.close()
    }
  })

  test('a hub that was put back and not told so is refused, as long as it can be noticed', async () => {
    const { place, hub, county, one, two } = await start()
    try {
      await make(one, 'P-1')
      await one.sync()
      const { db } = await openHubDatabase(place)
      await db.updateTable('device').set({ last_device_seq: 0 }).execute()
      await db.destroy()
      await expect(one.sync()).rejects.toMatchObject({ details: { reason: 'hub_older' } })
      await hub.close()
    } finally {
      for (const device of [county, one, two]) device.close()
    }
  })
})
