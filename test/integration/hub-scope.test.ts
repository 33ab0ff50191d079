/** No crafted message of one unit's laptop reads or writes another unit's rows, at any address of the hub. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningHub, startHub } from '../../hub/hub.ts'
import { ENTITY_NAMES } from '../../shared/model/entity.ts'
import type { SyncPatch } from '../../shared/sync/protocol.ts'
import { call, type Laptop, newId, SURVEY } from '../support/hub-client.ts'
import { enrolled, newPlace, removePlaces } from '../support/hub-place.ts'

/** Stands in every field of unit B's rows that takes text; it must never reach unit A. */
const SECRET = 'B-secret'
let hub: RunningHub
let county: Laptop
let a: Laptop
let b: Laptop
const ids = { parcelA: newId(), parcelB: newId(), visitB: newId(), companyB: newId(), unit: newId() }

beforeAll(async () => {
  const place = await newPlace()
  hub = await startHub({ place, devicePerMinute: 1e6, strangerPerMinute: 1e6 })
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
    'audit',
    'devices',
  )
  const key = fc.constantFrom('survey', 'since', 'limit', 'unit', 'device', 'role', 'entity_id')
  const text = fc.constantFrom(SURVEY, '0', '1', '1000', 'B', 'b', 'county', 'all', "' OR 1=1 --", ids.parcelB)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
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
