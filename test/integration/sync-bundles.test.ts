/** Bundles between a county and laptops that never see a network; whole ones, old ones, and ones that were tampered with. */
import { createCipheriv, randomBytes, scryptSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { type RunningHub, startHub } from '../../hub/hub.ts'
import { revokeDevice } from '../../hub/storage/devices.ts'
import { type HubPlace, openHubDatabase } from '../../hub/storage/open.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { all, get } from '../../service/db/sql.ts'
import { createBundle, openBundle } from '../../service/sync/bundle-file.ts'
import { inspectBundle } from '../../service/sync/bundle-import.ts'
import { listConflicts, resolveConflict } from '../../service/sync/conflicts.ts'
import { listOutbox } from '../../service/sync/outbox-list.ts'
import { countsOf } from '../../service/sync/run-sync.ts'
import { readLink } from '../../service/sync/sync-repo.ts'
import type { BundleManifest } from '../../shared/sync/bundle.ts'
import { codeFor, newPlace, removePlaces } from '../support/hub-place.ts'
import { Device, PASSPHRASE } from '../support/sync-devices.ts'
import { createParcels, rectangle } from './survey-fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'lowland-bundles-'))
let place: HubPlace
let hub: RunningHub
let county: Device
let town: Device
let devices: Device[]
let files = 0
let id: string

const nextFile = (): string => join(folder, `${++files}.lowbundle`)
const set = (at: Device, values: Record<string, unknown>) =>
  at.store.mutate({ label: 'updated' }, tx => tx.update('parcel', id, values))
const parcel = (at: Device, key = id) =>
  get<Record<string, unknown>>(at.store.read, 'SELECT * FROM parcel WHERE id = ?', [key])

/** County → laptop. */
async function send(to: Device, request: { name?: string; full?: boolean } = {}): Promise<string> {
  await county.sync()
  const file = nextFile()
  await county.export(file, { unit: 'A', ...request })
  await to.import(file)
  return file
}

/** Laptop → county → hub. */
async function bring(from: Device): Promise<string> {
  const file = nextFile()
  await from.export(file)
  await county.import(file)
  await county.sync()
  return file
}

beforeEach(async () => {
  place = await newPlace()
  hub = await startHub({ place, strangerPerMinute: 1000, devicePerMinute: 100_000 })
  county = new Device('county', null)
  town = new Device('town', 'A')
  devices = [county, town]
  await county.enrol(hub.url, await codeFor(place, null))
  await county.store.mutate({ label: 'survey_created', kind: 'system' }, tx => {
    tx.create('campaign', { name: '行动' })
    tx.create('report_unit', { code: 'A', name: '甲镇' })
  })
  const ids = await createParcels(county.store, [
    { code: 'P1', unit: 'A', geometry: rectangle(0, 0, 100, 100) },
    { code: 'Q1', unit: 'B', geometry: rectangle(400, 0, 100, 100) },
  ])
  id = ids.get('P1')!
})
afterEach(async () => {
  for (const each of devices) each.close()
  await hub.close()
})
afterAll(() => {
  removePlaces()
  rmSync(folder, { recursive: true, force: true })
})

test('a laptop without network: package, work, return, receipts, conflicts and all', async () => {
  await send(town)
  expect(parcel(town)).toMatchObject({ code: 'P1' })
  expect(all(town.store.read, 'SELECT code FROM parcel')).toEqual([{ code: 'P1' }])
  expect(readLink(town.store.read)).toMatchObject({ unit: 'A', hub: null })

  await set(town, { name: '镇里的' })
  await set(county, { name: '县里的', remark: '县' })
  await createParcels(town.store, [{ code: 'T1', unit: 'A', geometry: rectangle(0, 300, 10, 10) }])
  const back = nextFile()
  expect(await town.export(back)).toMatchObject({ kind: 'return', number: 1, patches: 2 })
  expect(listOutbox(town.store.read, { kind: 'pending', offset: 0, limit: 9 }).items).toMatchObject([
    { name: 'T1', state: 'sent', bundle: 1 },
    { name: 'P1 镇里的', state: 'sent', bundle: 1 },
  ])
  await county.sync()
  expect(await county.import(back)).toMatchObject({ pushed: 2, refused: 0, already: false, missing: [] })
  await county.sync()
  expect(get(county.store.read, `SELECT unit FROM parcel WHERE code = 'T1'`)).toEqual({ unit: 'A' })
  expect(parcel(county)).toMatchObject({ name: '县里的', remark: '县' })

  await send(town)
  expect(countsOf(town.store)).toEqual({ pending: 0, conflicts: 1 })
  expect(parcel(town)).toMatchObject({ name: '县里的', remark: '县' })
  const [conflict] = listConflicts(town.store.read, true)
  expect(conflict).toMatchObject({ mine: '镇里的', theirs: '县里的', field: 'name' })
  await resolveConflict(town.store, conflict!.id, 'mine', undefined)
  await bring(town)
  expect(parcel(county)).toMatchObject({ name: '镇里的' })
  expect(listConflicts(county.store.read, true)).toEqual([])
  await send(town)
  expect(countsOf(town.store)).toEqual({ pending: 0, conflicts: 0 })
})

test('read twice, late, and after one was lost: nothing twice, nothing missing, the missing one is named', async () => {
  const first = await send(town)
  await set(town, { name: '一' })
  const lost = nextFile()
  await town.export(lost)
  await set(town, { remark: '二' })
  const second = nextFile()
  await town.export(second)
  // The second has all that the lost one had.
  expect(await county.import(second)).toMatchObject({ number: 2, pushed: 2, missing: [1] })
  await county.sync()
  expect(parcel(county)).toMatchObject({ name: '一', remark: '二' })
  for (const file of [second, lost, second])
    expect(await county.import(file)).toMatchObject({ refused: 0, already: file === second })
  await county.sync()
  const head = readLink(county.store.read)!.head

  await send(town)
  expect(countsOf(town.store).pending).toBe(0)
  const before = parcel(town)
  expect(await town.import(first)).toMatchObject({ already: true, pulled: 0 })
  expect(parcel(town)).toEqual(before)
  await county.sync()
  expect(readLink(county.store.read)!.head).toBe(head)
  // A package that goes on from what this laptop has never had.
  const other = new Device('other', 'A')
  devices.push(other)
  await set(county, { location: '路' })
  await county.sync()
  const later = nextFile()
  expect(await county.export(later, { unit: 'A' })).toMatchObject({ number: 3 })
  await expect(other.import(later)).rejects.toMatchObject({
    details: { reason: 'bundle_gap', values: { number: 3, missing: '1,2' } },
  })
})

test('a later return without the earlier one says which is missing', async () => {
  await send(town)
  await set(town, { name: '一' })
  await bring(town)
  await send(town)
  await set(town, { name: '二' })
  const file = nextFile()
  await town.export(file)
  // A hub that has lost the first: its numbers do not fit.
  const { db } = await openHubDatabase(place)
  await db
    .updateTable('device')
    .set({ last_device_seq: 0 })
    .where('id', '=', readLink(town.store.read)!.device)
    .execute()
  await db.destroy()
  await expect(county.import(file)).rejects.toMatchObject({ details: { reason: 'bundle_gap' } })
})

test('whose it is: other laptops, other surveys, other units, revoked ones', async () => {
  const other = new Device('other', 'A')
  devices.push(other)
  const file = await send(town)
  // The same package on a second laptop: it opens, but the county takes only one of both.
  await other.import(file)
  await set(town, { name: '甲' })
  await set(other, { name: '乙' })
  await bring(town)
  const twice = nextFile()
  await other.export(twice)
  await expect(county.import(twice)).rejects.toMatchObject({ details: { reason: 'bundle_grant_used' } })
  await expect(town.import(twice)).rejects.toMatchObject({ details: { reason: 'bundle_county_only' } })

  await county.sync()
  const forSecond = nextFile()
  await county.export(forSecond, { unit: 'A', name: '二号' })
  await expect(town.import(forSecond)).rejects.toMatchObject({ details: { reason: 'bundle_other_device' } })
  await expect(county.export(nextFile(), { unit: 'Z' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(county.export(nextFile(), {})).rejects.toMatchObject({ details: { reason: 'bundle_unit_missing' } })

  const { db } = await openHubDatabase(place)
  await revokeDevice(db, readLink(town.store.read)!.device)
  await db.destroy()
  await set(town, { name: '丙' })
  await expect(bring(town)).rejects.toMatchObject({ details: { reason: 'hub_revoked' } })
})

test('a bundle that was touched anywhere, cut anywhere, or locked by another passphrase does not open', async () => {
  await county.sync()
  const file = nextFile()
  await county.export(file, { unit: 'A' })
  await expect(county.export(file, { unit: 'A' })).rejects.toMatchObject({ code: 'file_exists' })
  const whole = readFileSync(file)
  expect(whole.includes('P1')).toBe(false)
  await expect(town.import(file, '另一个口令另一个')).rejects.toMatchObject({
    details: { reason: 'bundle_passphrase' },
  })
  await expect(county.export(nextFile(), { unit: 'A', full: true })).resolves.toMatchObject({ number: 2 })

  const damaged = join(folder, 'damaged')
  const places = [0, 9, 14, 40, 120, whole.length >> 1, whole.length - 20, whole.length - 1]
  for (const at of places) {
    const copy = Buffer.from(whole)
    copy[at]! ^= 0x41
    writeFileSync(damaged, copy)
    await expect(town.import(damaged), `byte ${at}`).rejects.toMatchObject({ code: 'file_unreadable' })
  }
  for (const length of [0, 7, 11, 60, 200, whole.length - 1]) {
    writeFileSync(damaged, whole.subarray(0, length))
    await expect(town.import(damaged), `length ${length}`).rejects.toMatchObject({ code: 'file_unreadable' })
  }
  writeFileSync(damaged, Buffer.concat([whole, Buffer.from('x')]))
  await expect(town.import(damaged)).rejects.toMatchObject({ code: 'file_unreadable' })
  expect(readLink(town.store.read)).toBeUndefined()
  expect(all(town.store.read, 'SELECT * FROM parcel')).toEqual([])
  await town.import(file)
})

test('chunks cannot be left out or exchanged', async () => {
  const file = nextFile()
  const writer = await createBundle(file, PASSPHRASE)
  // Five chunks that do not compress.
  writer.add(
    'rows/000000.json',
    Array.from({ length: 5 }, () => randomBytes(48 * 1024).toString('base64')),
  )
  const { db: _, ...draft } = { db: 0, ...manifestFor('package') }
  writer.close(draft)
  const whole = readFileSync(file)
  const start = 12 + whole.readUInt32BE(8)
  const chunk = 64 * 1024 + 16
  const part = (index: number) => whole.subarray(start + index * chunk, start + (index + 1) * chunk)
  const count = Math.ceil((whole.length - start) / chunk)
  expect(count).toBeGreaterThan(3)
  const order = (...indexes: number[]) => Buffer.concat([whole.subarray(0, start), ...indexes.map(part)])
  const bad = join(folder, 'bad')
  const last = count - 1
  for (const indexes of [
    [0, 2, 1, ...range(3, last)],
    [0, ...range(2, last)],
    range(0, last - 1),
    [0, ...range(0, last)],
  ]) {
    writeFileSync(bad, order(...indexes))
    await expect(openBundle(bad, PASSPHRASE, async () => undefined)).rejects.toMatchObject({ code: 'file_unreadable' })
  }
})

test('poisoned by somebody who knows the passphrase: bombs, lies, bad names, newer and older ones', async () => {
  const bomb = deflateRawSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 })
  expect(bomb.length).toBeLessThan(1024 * 1024)
  const cases: [string, Buffer][] = [
    ['bundle_bomb', sealed([['rows/000000.json', bomb]], manifestFor('package'))],
    ['bundle_bomb', sealed([], manifestFor('package'), 0xffff_ffff)],
    ['bundle_damaged', sealed([['../../evil.json', deflateRawSync('[]')]], manifestFor('package'))],
    ['bundle_damaged', sealed([['rows/000000.json', deflateRawSync('[]')]], manifestFor('package'))],
    ['bundle_damaged', sealed([], { kind: 'package' })],
    ['bundle_too_new', sealed([], { ...manifestFor('package'), schema: 999 })],
    ['bundle_too_old', sealed([], { ...manifestFor('package'), schema: 0 })],
  ]
  for (const [reason, bytes] of cases) {
    const file = nextFile()
    writeFileSync(file, bytes)
    await expect(town.import(file), reason).rejects.toMatchObject({ details: { reason } })
  }
  const poisoned = nextFile()
  const writer = await createBundle(poisoned, PASSPHRASE)
  writer.add('rows/000000.json', [{ seq: 1, entity: 'parcel; DROP TABLE parcel', entity_id: 'x' }])
  writer.close(manifestFor('package'))
  await expect(town.import(poisoned)).rejects.toMatchObject({ details: { reason: 'bundle_damaged' } })
  expect(all(town.store.read, 'SELECT * FROM parcel')).toEqual([])
})

test('a laptop of bundles that is enrolled at the hub: what it sent counts once, and its numbers have no gap', async () => {
  await send(town)
  await set(town, { location: '东区' })
  await bring(town)
  await set(county, { location: null })
  await town.enrol(hub.url, await codeFor(place, 'A'))
  // The receipt in it is for the name that the laptop had before.
  await send(town)
  await set(town, { name: '直接送出' })
  expect(await town.sync()).toMatchObject({ refused: 0, pending: 0, conflicts: 0 })
  await county.sync()
  for (const each of [town, county]) expect(parcel(each)).toMatchObject({ name: '直接送出', location: null })
})

test('inspect tells what is in it without taking anything', async () => {
  await county.sync()
  const file = nextFile()
  await county.export(file, { unit: 'A' })
  expect(await inspectBundle(file, PASSPHRASE, createJobControl())).toMatchObject({
    kind: 'package',
    number: 1,
    unit: 'A',
    counts: { rows: 3, patches: 0 },
  })
})

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

function manifestFor(kind: BundleManifest['kind']): Omit<BundleManifest, 'entries'> {
  const counts = { rows: 0, patches: 0, conflicts: 0, receipts: 0 }
  const names = { survey_name: '', device_name: '', user: '', created_at: '', unit: 'A', grant: 'g' }
  const numbers = { number: 1, since: 0, cursor: 0, first: 0, last: 0 }
  return {
    format: 1,
    protocol: 1,
    schema: 1,
    kind,
    id: 'b',
    survey: 's',
    device: 'd',
    ...names,
    ...numbers,
    counts,
    settings: {},
  }
}

/** The container as an attacker would write it: correctly sealed, with any content. */
function sealed(entries: [string, Buffer][], manifest: object, claimed?: number): Buffer {
  const salt = randomBytes(32)
  const kdf = { name: 'scrypt', N: 2 ** 17, r: 8, p: 1 }
  const header = Buffer.from(JSON.stringify({ format: 1, kdf, salt: salt.toString('hex'), cipher: 'aes-256-gcm' }))
  const key = scryptSync(PASSPHRASE.normalize('NFC'), salt, 32, { N: kdf.N, r: 8, p: 1, maxmem: 2 ** 28 })
  const withManifest: [string, Buffer][] = [
    ...entries,
    ['manifest.json', deflateRawSync(JSON.stringify({ entries: [], ...manifest }))],
  ]
  const plain = Buffer.concat(
    withManifest.flatMap(([name, packed]) => {
      const head = Buffer.alloc(6)
      head.writeUInt16BE(Buffer.byteLength(name))
      head.writeUInt32BE(claimed ?? packed.length, 2)
      return [head, Buffer.from(name), packed]
    }),
  )
  const chunks: Buffer[] = []
  for (let at = 0, counter = 0; at < plain.length; at += 65536, counter++) {
    const nonce = Buffer.alloc(12)
    nonce.writeUInt8(at + 65536 >= plain.length ? 1 : 0)
    nonce.writeUIntBE(counter, 6, 6)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    if (counter === 0) cipher.setAAD(header)
    chunks.push(cipher.update(plain.subarray(at, at + 65536)), cipher.final(), cipher.getAuthTag())
  }
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.length)
  return Buffer.concat([Buffer.from('LOWBNDL1'), length, header, ...chunks])
}
