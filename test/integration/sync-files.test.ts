/** Attachments between laptops over a real hub: resumable, by hash, within the unit, and visible while missing. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type HubOptions, type RunningHub, startHub } from '../../hub/hub.ts'
import type { HubPlace } from '../../hub/storage/open.ts'
import { hasOriginal, originalPath, readThumbnail, writeThumbnail } from '../../service/attachments/original-store.ts'
import { get } from '../../service/db/sql.ts'
import { readLink } from '../../service/sync/sync-repo.ts'
import { openTokenFile } from '../../service/sync/token-file.ts'
import { LIMITS } from '../../shared/sync/protocol.ts'
import { codeFor, newPlace, removePlaces } from '../support/hub-place.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { Device } from '../support/sync-devices.ts'
import { createParcels, rectangle } from './survey-fixture.ts'

afterAll(removePlaces)

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(3000)])
let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.close())

let place: HubPlace
let hub: RunningHub
let county: Device
let a: Device
let a2: Device
let b: Device
let parcel: string

/** Begins anew on the other database, or with other limits. */
async function open(at: HubPlace, more: Partial<HubOptions> = {}): Promise<void> {
  place = at
  hub = await startHub({ place, strangerPerMinute: 1e6, devicePerMinute: 1e6, ...more })
  county = new Device('county', null)
  a = new Device('a', 'A')
  a2 = new Device('a2', 'A')
  b = new Device('b', 'B')
  for (const device of [county, a, a2, b]) await device.enrol(hub.url, await codeFor(place, device.unit))
  const ids = await createParcels(a.store, [{ code: 'P1', unit: 'A', geometry: rectangle(0, 0, 10, 10) }])
  parcel = ids.get('P1')!
}
async function close(): Promise<void> {
  for (const device of [county, a, a2, b]) device.close()
  await hub.close()
}
beforeEach(async () => open(await newPlace()))
afterEach(close)

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

/** `METHOD /path`, with ids taken out, of all that a laptop asks of the hub about files. */
function counted(device: Device): Map<string, number> {
  const asked = new Map<string, number>()
  device.send = (...given) => {
    const path = new URL(String(given[0])).pathname.replace(/[0-9a-f]{64}/, ':hash')
    const key = `${given[1]?.method ?? 'GET'} ${path}`
    if (path.includes('files')) asked.set(key, (asked.get(key) ?? 0) + 1)
    return fetch(...given)
  }
  return asked
}

const withoutBytes = (device: Device, hashes: readonly string[]): Promise<unknown> =>
  device.store.mutate({ label: 'photos_added' }, tx => {
    for (const sha256 of hashes)
      tx.create('attachment', { sha256, file_name: '远.jpg', size: 9, owner_entity: 'parcel', owner_id: parcel })
  })

test.each(['sqlite', 'postgres'])('originals that are nowhere yet are asked for together, on %s', async kind => {
  if (kind === 'postgres') {
    await close()
    const filesFolder = join(a.folder, 'hub-files')
    await open(await newPlace(postgres), { filesFolder })
  }
  // Records whose bytes stand on no laptop: more than one question may hold.
  const missing = Array.from({ length: LIMITS.filesPerQuestion + 20 }, (_, index) => sha(Buffer.from(`gone ${index}`)))
  await withoutBytes(a, missing)
  const there = await addPhoto(a, randomBytes(4000))
  expect((await a.sync()).files).toEqual({ sent: 2, received: 0, missing: missing.length })

  const asked = counted(a2)
  expect((await a2.sync()).files).toEqual({ sent: 0, received: 2, missing: missing.length })
  expect(Object.fromEntries(asked)).toEqual({
    'POST /v1/known-files': 4,
    'GET /v1/files/:hash.thumb': 1,
    'GET /v1/files/:hash': 1,
  })
  // The small pictures came before the first original was spoken of.
  expect([...asked.keys()]).toEqual(['POST /v1/known-files', 'GET /v1/files/:hash.thumb', 'GET /v1/files/:hash'])
  asked.clear()
  expect((await a2.sync()).files).toEqual({ sent: 0, received: 0, missing: missing.length })
  expect(Object.fromEntries(asked)).toEqual({ 'POST /v1/known-files': 4 })

  // In the order asked, twice if asked twice; the unit decides as it does for the files themselves.
  const ids = [there, missing[0]!, `${there}.thumb`, there]
  for (const device of [a2, county])
    expect(await device.link().knownFiles(ids)).toEqual([there, `${there}.thumb`, there])
  expect(await b.link().knownFiles(ids)).toEqual([])
  expect(await a.link().knownFiles([])).toEqual([])
  const many = Array.from({ length: LIMITS.filesPerQuestion + 1 }, () => there)
  for (const bad of [many, ['../hub.sqlite'], [there.toUpperCase()], [`${there}.part`]])
    await expect(a.link().knownFiles(bad)).rejects.toMatchObject({ code: 'refused' })
  // A laptop that has the bytes which the hub got from another one sends nothing.
  const bytes = randomBytes(4000)
  await addPhoto(a, bytes)
  await addPhoto(a2, bytes)
  await a.sync()
  expect((await a2.sync()).files).toMatchObject({ sent: 0, received: 0 })
})

test('a hub that says "later" is waited for, but never for more than a minute, and nothing is lost meanwhile', async () => {
  const limit = async (devicePerMinute: number): Promise<void> => {
    await hub.close()
    const port = Number(new URL(hub.url).port)
    hub = await startHub({ place, port, strangerPerMinute: 1e6, devicePerMinute })
    // Until the connections to the one before are noticed to be gone.
    for (let isUp = false; !isUp; )
      isUp = await fetch(`${hub.url}/v1/hello`)
        .then(answer => answer.ok)
        .catch(() => false)
  }
  const refusals: number[] = []
  const stop = new AbortController()
  let onRefusal = (): void => undefined
  a.send = async (...given) => {
    const answer = await fetch(...given)
    if (answer.status === 429) refusals.push(Number(answer.headers.get('retry-after')))
    if (answer.status === 429) onRefusal()
    return answer
  }
  await addPhoto(a, randomBytes(500))
  // One request in two and a half minutes: told at once, to be tried again later.
  await limit(0.4)
  await expect(a.sync()).rejects.toMatchObject({ code: 'hub_unreachable', details: { reason: 'hub_busy' } })
  expect(refusals).toEqual([90])
  // One a minute: a person need not wait for that.
  await limit(1)
  onRefusal = () => stop.abort()
  await expect(a.sync(stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  expect(refusals.slice(1)).toEqual([60])
  // Four a second, and all that may come at once is used up: slow, but it goes through to the last byte.
  await limit(240)
  onRefusal = () => undefined
  const { hub: url, device } = readLink(a.store.read)!
  const headers = { authorization: `Bearer ${openTokenFile(a.folder).get(device)}` }
  while ((await fetch(`${url}/v1/status`, { headers })).status !== 429);
  const { pending, files } = await a.sync()
  expect({ pending, files }).toEqual({ pending: 0, files: { sent: 2, received: 0, missing: 0 } })
  expect(refusals.length).toBeGreaterThan(2)
  expect((await county.sync()).files).toMatchObject({ received: 2, missing: 0 })
})
