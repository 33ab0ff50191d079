/** Attachments between laptops over a real hub: resumable, by hash, within the unit, and visible while missing. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { type RunningHub, startHub } from '../../hub/hub.ts'
import type { HubPlace } from '../../hub/storage/open.ts'
import { hasOriginal, originalPath, readThumbnail, writeThumbnail } from '../../service/attachments/original-store.ts'
import { get } from '../../service/db/sql.ts'
import { codeFor, newPlace, removePlaces } from '../support/hub-place.ts'
import { Device } from '../support/sync-devices.ts'
import { createParcels, rectangle } from './survey-fixture.ts'

afterAll(removePlaces)

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(3000)])
let place: HubPlace
let hub: RunningHub
let county: Device
let a: Device
let a2: Device
let b: Device
let parcel: string

beforeEach(async () => {
  place = await newPlace()
  hub = await startHub({ place, strangerPerMinute: 1e6, devicePerMinute: 1e6 })
  county = new Device('county', null)
  a = new Device('a', 'A')
  a2 = new Device('a2', 'A')
  b = new Device('b', 'B')
  for (const device of [county, a, a2, b]) await device.enrol(hub.url, await codeFor(place, device.unit))
  const ids = await createParcels(a.store, [{ code: 'P1', unit: 'A', geometry: rectangle(0, 0, 10, 10) }])
  parcel = ids.get('P1')!
})
afterEach(async () => {
  for (const device of [county, a, a2, b]) device.close()
  await hub.close()
})

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** As the photo desk does: the original on disk first, then its record. */
async function addPhoto(device: Device, bytes: Uint8Array): Promise<string> {
  const sha256 = sha(bytes)
  const path = originalPath(device.store.file, sha256)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  await writeThumbnail(device.store.file, sha256, JPEG)
  await device.store.mutate({ label: 'photos_added' }, tx =>
    tx.create('attachment', {
      sha256,
      file_name: '现场.jpg',
      size: bytes.length,
      owner_entity: 'parcel',
      owner_id: parcel,
    }),
  )
  return sha256
}

test('originals and small pictures reach the laptops of the unit and the county, and nobody else', async () => {
  const bytes = randomBytes(2_500_000)
  const sha256 = await addPhoto(a, bytes)
  expect((await a.sync()).files).toEqual({ sent: 2, received: 0, missing: 0 })
  for (const device of [a2, county]) {
    expect((await device.sync()).files).toEqual({ sent: 0, received: 2, missing: 0 })
    expect(readFileSync(originalPath(device.store.file, sha256)).equals(bytes)).toBe(true)
    expect(Buffer.from((await readThumbnail(device.store.file, sha256))!).equals(JPEG)).toBe(true)
  }
  expect((await b.sync()).files).toEqual({ sent: 0, received: 0, missing: 0 })
  // Known by its hash, asked for by another unit: not there.
  expect(await b.link().fileGet(sha256, 0)).toBeUndefined()
  expect(await b.link().fileOffset(sha256)).toBeUndefined()
  await expect(b.link().fileBegin(sha256, bytes.length)).rejects.toMatchObject({ code: 'refused' })
  await expect(b.link().fileAppend(sha256, 0, bytes.subarray(0, 10))).rejects.toMatchObject({ code: 'refused' })
  // The same bytes again: nothing travels.
  await a2.store.mutate({ label: 'photos_added' }, tx =>
    tx.create('attachment', { sha256, file_name: '又一张.jpg', owner_entity: 'parcel', owner_id: parcel }),
  )
  expect((await a2.sync()).files).toEqual({ sent: 0, received: 0, missing: 0 })
})

test('an upload that breaks off goes on where it was; what is not there yet is counted as missing', async () => {
  const bytes = randomBytes(3_200_000)
  const sha256 = await addPhoto(a, bytes)
  let appended = 0
  a.send = async (...given) => {
    if (given[1]?.method === 'PATCH' && ++appended === 3) throw new TypeError('cut')
    return fetch(...given)
  }
  await expect(a.sync()).rejects.toMatchObject({ code: 'hub_unreachable' })
  expect(await a.link().fileOffset(sha256)).toBe(1024 * 1024)
  // The record and the small picture are there, the original is on its way.
  expect((await a2.sync()).files).toEqual({ sent: 0, received: 1, missing: 1 })
  expect(hasOriginal(a2.store.file, sha256)).toBe(false)
  const sizes: number[] = []
  a.send = (...given) => {
    if (given[1]?.method === 'PATCH') sizes.push((given[1].body as Uint8Array).length)
    return fetch(...given)
  }
  expect((await a.sync()).files).toMatchObject({ sent: 1 })
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes.length - 1024 * 1024)
  expect((await a2.sync()).files).toEqual({ sent: 0, received: 1, missing: 0 })
  expect(sha(readFileSync(originalPath(a2.store.file, sha256)))).toBe(sha256)
})

test('bytes that are not what the hash says are refused by the hub and by the laptop', async () => {
  const bytes = randomBytes(5000)
  const sha256 = await addPhoto(a, bytes)
  writeFileSync(originalPath(a.store.file, sha256), randomBytes(5000))
  await a.sync()
  expect(await a.link().fileOffset(sha256)).toBeUndefined()
  expect((await a2.sync()).files.missing).toBe(1)
  // A hub that gives other bytes.
  if (!('folder' in place)) throw new Error('SQLite')
  writeFileSync(join(place.folder, 'files', sha256), randomBytes(5000))
  expect((await a2.sync()).files).toMatchObject({ received: 0, missing: 1 })
  expect(hasOriginal(a2.store.file, sha256)).toBe(false)
  rmSync(join(place.folder, 'files', sha256))
  for (const id of ['..%2f..%2fhub.sqlite', `${'0'.repeat(63)}g`, `${sha256}.part`, `${sha256}.thumb.thumb`])
    expect(await a.link().fileGet(id, 0)).toBeUndefined()
  await expect(a.link().fileBegin(sha256, 5001)).rejects.toMatchObject({ code: 'refused' })
  expect(get(a.store.read, 'SELECT count(*) AS n FROM attachment')).toEqual({ n: 1 })
})
