/** The wire between laptop and hub cut after any number of bytes, either way: nothing lost, nothing twice. */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { startHub } from '../../hub/hub.ts'
import { openHubDatabase } from '../../hub/storage/open.ts'
import { all } from '../../service/db/sql.ts'
import { countsOf } from '../../service/sync/run-sync.ts'
import { changeLink } from '../../service/sync/sync-repo.ts'
import { codeFor, newPlace, removePlaces } from '../support/hub-place.ts'
import { Device } from '../support/sync-devices.ts'
import { createParcels, rectangle } from './survey-fixture.ts'

afterAll(removePlaces)

interface Wire {
  url: string
  /** Bytes that still pass towards the hub and back before everything is cut. */
  allow(up: number, down: number): void
  close(): void
}

async function wireTo(hub: string): Promise<Wire> {
  const { hostname, port } = new URL(hub)
  let [up, down] = [Infinity, Infinity]
  const sockets = new Set<Socket>()
  const server: Server = createServer(near => {
    const far = connect({ host: hostname, port: Number(port) })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (part: Buffer) => {
      const passes = Math.min(up, part.length)
      up -= passes
      far.write(part.subarray(0, passes), () => {
        if (up === 0) near.destroy()
      })
    })
    far.on('data', (part: Buffer) => {
      const passes = Math.min(down, part.length)
      down -= passes
      near.write(part.subarray(0, passes), () => {
        if (down === 0) near.destroy()
      })
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    allow(nextUp, nextDown) {
      up = nextUp
      down = nextDown
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

test('a meeting cut at any byte goes on from there', async () => {
  const place = await newPlace()
  const hub = await startHub({ place, strangerPerMinute: 1e6, devicePerMinute: 1e6 })
  const wire = await wireTo(hub.url)
  const county = new Device('county', null)
  const a = new Device('a', 'A')
  try {
    await county.enrol(hub.url, await codeFor(place, null))
    await a.enrol(hub.url, await codeFor(place, 'A'))
    await a.store.quiesced(db => changeLink(db, { hub: wire.url }))
    const ids = [
      ...(await createParcels(a.store, [{ code: 'P', unit: 'A', geometry: rectangle(0, 0, 9, 9) }])).values(),
    ]
    wire.allow(Infinity, Infinity)
    await a.sync()

    let cuts = 0
    let edits = 0
    for (let bytes = 1; bytes < 4200; bytes += 139) {
      for (const [up, down] of [
        [bytes, Infinity],
        [Infinity, bytes],
      ] as const) {
        edits += 1
        await a.store.mutate({ label: 'updated' }, tx => tx.update('parcel', ids[0]!, { remark: `${edits}` }))
        await county.store.mutate({ label: 'updated' }, tx =>
          tx.create('report_unit', { code: `U${edits}`, name: 'x' }),
        )
        await county.sync()
        wire.allow(up, down)
        await a.sync().catch(error => {
          expect(error).toMatchObject({ code: 'hub_unreachable' })
          cuts += 1
        })
      }
    }
    expect(cuts).toBeGreaterThan(20)
    wire.allow(Infinity, Infinity)
    await a.sync()
    expect(countsOf(a.store)).toEqual({ pending: 0, conflicts: 0 })
    expect(all(a.store.read, 'SELECT id FROM report_unit WHERE deleted = 0')).toHaveLength(edits)
    const { db } = await openHubDatabase(place)
    const remarks = (
      await db.selectFrom('row_history').select('fields').where('entity', '=', 'parcel').orderBy('seq').execute()
    ).map(row => Number((JSON.parse(row.fields) as { remark?: string }).remark ?? 0))
    await db.destroy()
    // Every edit once and in order.
    expect(remarks).toEqual(Array.from({ length: edits + 1 }, (_, index) => index))
  } finally {
    a.close()
    county.close()
    wire.close()
    await hub.close()
  }
})
