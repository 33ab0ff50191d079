/** No crafted message of one unit's laptop reads or writes another unit's rows, at any address of the hub. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningHub, startHub } from '../../hub/hub.ts'
import { type HubPlace, openHubDatabase } from '../../hub/storage/open.ts'
import { ENTITY_NAMES } from '../../shared/model/entity.ts'
import { PROTOCOL_VERSION, SYNC_SCHEMA, type SyncPatch } from '../../shared/sync/protocol.ts'
import { call, type Laptop, newId, rawly, SURVEY } from '../support/hub-client.ts'
import { enrolled, newPlace, removePlaces } from '../support/hub-place.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'

/** Stands in every field of unit B's rows that takes text; it must never reach unit A. */
const SECRET = 'B-secret'
const bytesB = Buffer.from(`picture of ${SECRET}`)
const fileB = createHash('sha256').update(bytesB).digest('hex')
const ids = { parcelA: newId(), parcelB: newId(), visitB: newId(), companyB: newId(), unit: newId() }
let postgres: Postgres

beforeAll(async () => {
  postgres = await startPostgres()
}, 60_000)
afterAll(() => {
  postgres?.close()
  removePlaces()
})

const value = fc.constantFrom('A', 'B', '', 'x', ids.parcelA, ids.parcelB, ids.companyB, null, 1)
const field = fc.constantFrom(
  'unit',
  'code',
  'name',
  'parcel_id',
  'enterprise_id',
  'owner_id',
  'owner_entity',
  'findings',
)
const crafted = fc.record({
  entity: fc.oneof(fc.constantFrom('parcel', 'survey_visit', 'enterprise'), fc.constantFrom(...ENTITY_NAMES)),
  entity_id: fc.oneof(fc.constantFrom(...Object.values(ids)), fc.constantFrom('new-1', 'new-2')),
  op: fc.constantFrom('create', 'update', 'delete', 'restore'),
  base: fc.integer({ min: 0, max: 9 }),
  fields: fc.dictionary(field, fc.tuple(value, value), { maxKeys: 5 }),
  geometry: fc.option(fc.constant({ from: null, to: 'R1AAAg==' }), { nil: undefined }),
})

describe.each(['sqlite', 'postgres'])('hub on %s', kind => {
  const filesFolder = mkdtempSync(join(tmpdir(), 'lowland-hub-files-'))
  let hub: RunningHub
  let place: HubPlace
  let county: Laptop
  let a: Laptop
  let b: Laptop

  beforeAll(async () => {
    place = await newPlace(kind === 'postgres' ? postgres : undefined)
    hub = await startHub({ place, filesFolder, devicePerMinute: 1e6, strangerPerMinute: 1e6 })
    county = await enrolled(hub.url, place, 'county', null)
    a = await enrolled(hub.url, place, 'a', 'A')
    b = await enrolled(hub.url, place, 'b', 'B')
    await county.push(
      county.patch('report_unit', ids.unit, 'create', { fields: { code: [null, 'A'], name: [null, '甲'] } }),
    )
    await a.push(a.parcel(ids.parcelA, 'A', 'A-1'))
    const visit = {
      parcel_id: [null, ids.parcelB],
      visited_at: [null, '2026'],
      status: [null, 'DRAFT'],
      findings: [null, SECRET],
    } satisfies SyncPatch['fields']
    const company = { code: [null, SECRET], name: [null, SECRET], unit: [null, 'B'] } satisfies SyncPatch['fields']
    const made = await b.push(
      b.parcel(ids.parcelB, 'B', `${SECRET}-1`, { name: [null, SECRET] }),
      b.patch('survey_visit', ids.visitB, 'create', { fields: visit }),
      b.patch('enterprise', ids.companyB, 'create', { fields: company }),
    )
    expect(made.map(receipt => receipt.status)).toEqual(['applied', 'applied', 'applied'])
  })
  afterAll(async () => {
    await hub.close()
    rmSync(filesFolder, { recursive: true, force: true })
  })

  test('crafted pushes change no row that is not of the own unit, and no answer tells of one', async () => {
    const ofOthers = async () => (await county.pull()).rows.filter(row => row.unit !== 'A')
    const before = await ofOthers()
    expect(before).toHaveLength(4)
    await fc.assert(
      fc.asyncProperty(fc.array(crafted, { minLength: 1, maxLength: 6 }), async messages => {
        const patches = messages.map(message =>
          a.patch(message.entity as SyncPatch['entity'], message.entity_id, message.op as SyncPatch['op'], {
            base: message.base,
            fields: message.fields as SyncPatch['fields'],
            ...(message.geometry ? { geometry: message.geometry } : {}),
          }),
        )
        const answer = await a.send(patches)
        expect(answer.status).toBe(200)
        expect(JSON.stringify(answer.body)).not.toContain(SECRET)
        expect(await ofOthers()).toEqual(before)
        const mine = await a.pull()
        expect(mine.rows.every(row => row.unit === 'A' || row.unit === null)).toBe(true)
        expect(JSON.stringify(mine)).not.toContain(SECRET)
      }),
      { numRuns: 60 },
    )
  })

  test('no crafted address gives anything of another unit', async () => {
    const path = fc.constantFrom(
      'pull',
      'status',
      'hello',
      'health',
      'metrics',
      'push',
      'enroll',
      'files',
      'known-files',
      `files/${fileB}`,
      `files/${fileB}.thumb`,
      'files/..%2f..%2fhub.sqlite',
      'relay',
      'audit',
      'devices',
    )
    const key = fc.constantFrom('survey', 'since', 'limit', 'lost_after', 'unit', 'device', 'role', 'entity_id')
    const text = fc.constantFrom(SURVEY, '0', '1', '1000', 'B', 'b', 'county', 'all', "' OR 1=1 --", ids.parcelB)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
        path,
        fc.array(fc.tuple(key, text), { maxLength: 5 }),
        async (method, name, query) => {
          const answer = await call(hub.url, `/v1/${name}?${new URLSearchParams(query)}`, { method, token: a.token })
          expect(answer.status).not.toBe(500)
          expect(JSON.stringify(answer.body)).not.toContain(SECRET)
        },
      ),
      { numRuns: 300 },
    )
  })

  /** One step of tus for a laptop. */
  const tus = (laptop: Laptop, method: string, path: string, headers: Record<string, string>, body?: Buffer) =>
    fetch(`${hub.url}/v1/files${path}`, {
      method,
      headers: { authorization: `Bearer ${laptop.token}`, 'tus-resumable': '1.0.0', ...headers },
      ...(body ? { body: new Uint8Array(body) } : {}),
    })
  const named = (id: string) => `id ${Buffer.from(id).toString('base64')}`
  const octets = 'application/offset+octet-stream'

  test("another unit's files are neither read nor written, and its bundles not passed on, whatever is sent", async () => {
    const fields = {
      sha256: [null, fileB],
      file_name: [null, 'x.jpg'],
      size: [null, bytesB.length],
      owner_entity: [null, 'parcel'],
      owner_id: [null, ids.parcelB],
    } satisfies SyncPatch['fields']
    expect((await b.push(b.patch('attachment', newId(), 'create', { fields })))[0]!.status).toBe('applied')
    const begun = await tus(b, 'POST', '', { 'upload-length': String(bytesB.length), 'upload-metadata': named(fileB) })
    expect(begun.status).toBe(201)
    const half = Math.floor(bytesB.length / 2)
    const append = (offset: number, part: Buffer) =>
      tus(b, 'PATCH', `/${fileB}`, { 'content-type': octets, 'upload-offset': String(offset) }, part)
    expect((await append(0, bytesB.subarray(0, half))).status).toBe(204)

    const attempt = fc.record({
      method: fc.constantFrom('GET', 'HEAD', 'PATCH', 'POST', 'DELETE'),
      path: fc.constantFrom('', `/${fileB}`, `/${fileB}.thumb`, `/${fileB}.part`, `/../files/${fileB}`, `/${fileB}%00`),
      id: fc.constantFrom(fileB, `${fileB}.thumb`, `../${fileB}`, fileB.toUpperCase(), '', 'a'.repeat(64)),
      offset: fc.constantFrom('0', String(half), '-1', '1e3', '999999999999'),
      length: fc.constantFrom('0', '1', String(bytesB.length), '999999999999', 'NaN'),
      range: fc.constantFrom('bytes=0-', 'bytes=5-', 'bytes=-5', 'bytes=0-1,3-4', ''),
      type: fc.constantFrom(octets, 'text/html'),
    })
    await fc.assert(
      fc.asyncProperty(attempt, async ({ method, path, id, offset, length, range, type }) => {
        const headers = {
          'upload-offset': offset,
          'upload-length': length,
          'upload-metadata': named(id),
          'content-type': type,
          ...(range === '' ? {} : { range }),
        }
        const body = method === 'PATCH' || method === 'POST' ? Buffer.from('x'.repeat(bytesB.length - half)) : undefined
        const answer = await tus(a, method, path, headers, body)
        expect([400, 403, 404, 413]).toContain(answer.status)
        expect(await answer.text()).not.toContain(SECRET)
      }),
      { numRuns: 120 },
    )
    const relayed = fc.record({
      device: fc.constantFrom('b', 'county', 'a', 'new'),
      unit: fc.constantFrom('A', 'B', '', 'all'),
      entity_id: fc.constantFrom(ids.parcelA, ids.parcelB, 'new-3'),
    })
    await fc.assert(
      fc.asyncProperty(relayed, async ({ device, unit, entity_id }) => {
        const patch = { ...a.patch('parcel', entity_id, 'update', { fields: { name: [null, 'x'] } }), device_seq: 1 }
        a.seq -= 1
        const body = JSON.stringify({
          protocol: PROTOCOL_VERSION,
          schema: SYNC_SCHEMA,
          survey: SURVEY,
          device: { id: device, name: 'x', unit },
          patches: [patch],
        })
        const answer = await call(hub.url, '/v1/relay', { method: 'POST', token: a.token, body })
        expect([400, 403]).toContain(answer.status)
      }),
      { numRuns: 40 },
    )
    // Nobody touched it: the rest fits, the hash is right.
    expect((await append(half, bytesB.subarray(half))).status).toBe(204)
    expect(await (await tus(b, 'GET', `/${fileB}`, {})).text()).toBe(bytesB.toString())
    expect((await tus(a, 'GET', `/${fileB}`, {})).status).toBe(404)
    expect((await tus(county, 'GET', `/${fileB}`, {})).status).toBe(200)
  })

  test("a parcel that comes from another unit does not bring that unit's history along", async () => {
    const id = newId()
    const [made] = await b.push(b.parcel(id, 'B', id, { remark: [null, SECRET] }))
    const base = made!.seq!
    await b.push(b.patch('parcel', id, 'update', { base, fields: { remark: [SECRET, '无'] } }))
    const moved = county.patch('parcel', id, 'update', { base: base + 1, fields: { unit: ['B', 'A'] } })
    expect((await county.push(moved))[0]!.status).toBe('applied')
    for (const lost of [0, base - 1, base, base + 1]) {
      const path = `/v1/pull?survey=${SURVEY}&since=0&lost_after=${lost}`
      const mine = await call(hub.url, path, { token: a.token })
      expect(JSON.stringify(mine.body)).toContain(id)
      expect(JSON.stringify(mine.body)).not.toContain(SECRET)
      expect(JSON.stringify((await call(hub.url, path, { token: county.token })).body)).toContain(SECRET)
    }
  })

  test('what was refused stands in the audit with its reason, without secrets and without data', async () => {
    for (const [bytes, outcome] of [
      ['NOT HTTP\r\n\r\n', 'malformed'],
      [`GET /v1/hello HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(20_000)}\r\n\r\n`, 'headers_too_large'],
    ] as const) {
      await rawly(hub.url, bytes)
      const { db } = await openHubDatabase(place)
      const found = await db.selectFrom('audit').select('address').where('outcome', '=', outcome).execute()
      expect({ outcome, found: found.length > 0 }).toEqual({ outcome, found: true })
      await db.destroy()
    }
    const { db } = await openHubDatabase(place)
    const entries = await db.selectFrom('audit').selectAll().where('outcome', '!=', 'ok').execute()
    const outcomes = new Set(entries.map(entry => entry.outcome))
    for (const outcome of ['bad_request', 'not_found', 'out_of_scope', 'refused in part'])
      expect(outcomes).toContain(outcome)
    expect(
      entries.every(entry => entry.address !== '' && (entry.outcome === 'refused in part' || entry.detail !== '')),
    ).toBe(true)
    const all = JSON.stringify(await db.selectFrom('audit').selectAll().execute())
    for (const secret of [SECRET, a.token, b.token, county.token]) expect(all).not.toContain(secret)
    await db.destroy()
  })
})
