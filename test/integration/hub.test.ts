/** The hub over real TCP, on SQLite and on PostgreSQL: the same cases on both. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HubOptions, type RunningHub, startHub } from '../../hub/hub.ts'
import { revokeDevice } from '../../hub/storage/devices.ts'
import { type HubPlace, openHubDatabase } from '../../hub/storage/open.ts'
import {
  helloSchema,
  hubErrorSchema,
  PROTOCOL_VERSION,
  pushResponseSchema,
  SYNC_SCHEMA,
} from '../../shared/sync/protocol.ts'
import { call, Laptop, newId, rawly, SURVEY } from '../support/hub-client.ts'
import { codeFor, enrolled, newPlace, removePlaces } from '../support/hub-place.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => {
  postgres?.close()
  removePlaces()
})

describe.each(['sqlite', 'postgres'])('hub on %s', kind => {
  let place: HubPlace
  let hub: RunningHub
  let county: Laptop
  let a: Laptop
  let a2: Laptop
  let b: Laptop
  const start = (more: Partial<HubOptions> = {}) => startHub({ place, strangerPerMinute: 1000, ...more })

  beforeEach(async () => {
    place = await newPlace(kind === 'postgres' ? postgres : undefined)
    hub = await start()
    county = await enrolled(hub.url, place, 'county', null)
    a = await enrolled(hub.url, place, 'a', 'A')
    a2 = await enrolled(hub.url, place, 'a2', 'A')
    b = await enrolled(hub.url, place, 'b', 'B')
  })
  afterEach(() => hub.close())

  test('what is pushed is pulled, in order, by pages, in the newest state only', async () => {
    const ids = Array.from({ length: 7 }, newId)
    const receipts = await a.push(...ids.map(id => a.parcel(id, 'A')))
    expect(receipts.map(r => [r.status, r.seq])).toEqual(ids.map((_, index) => ['applied', index + 1]))
    await a.push(a.patch('parcel', ids[0]!, 'update', { base: 1, fields: { name: [null, '一号'] } }))
    const { rows, cursor } = await county.pull(0, 2)
    expect(rows.map(row => row.seq)).toEqual([2, 3, 4, 5, 6, 7, 8])
    expect(rows[6]).toMatchObject({ entity_id: ids[0], geometry: 'R1AAAQ==', unit: 'A', fields: { name: '一号' } })
    expect(await county.pull(cursor)).toEqual({ rows: [], conflicts: [], cursor })
  })

  test('replays give the same receipt, numbers may come in any order within a push, a missing one is said', async () => {
    const patches = [a.parcel(newId(), 'A'), a.parcel(newId(), 'A'), a.parcel(newId(), 'A')]
    const first = await a.push(patches[2]!, patches[0]!, patches[1]!, patches[0]!)
    expect(first.map(receipt => receipt.patch)).toContain(patches[2]!.id)
    const before = await county.pull()
    for (let turn = 0; turn < 3; turn++) {
      const again = await a.push(...patches)
      for (const receipt of again) expect(first).toContainEqual(receipt)
    }
    expect(await county.pull()).toEqual(before)
    const late = a.parcel(newId(), 'A')
    const gap = await a.send([{ ...late, device_seq: late.device_seq + 1 }])
    expect([gap.status, gap.body['code']]).toEqual([409, 'gap'])
    // A laptop under a new name sends again what it sent under the old one: the same receipt, under its own numbers.
    const renamed = [1, 2].map(number => ({ ...patches[number]!, device_seq: number }))
    for (let turn = 0; turn < 2; turn++)
      expect((await a2.send(renamed)).body['receipts']).toEqual(
        renamed.map(patch => first.find(receipt => receipt.patch === patch.id)),
      )
    expect((await a2.send([{ ...patches[0]!, device_seq: 4 }])).body['code']).toBe('gap')
    const moved = await a.send([{ ...patches[0]!, device_seq: 2 }])
    expect([moved.status, moved.body['code']]).toEqual([400, 'bad_request'])
    const other = await a.send([{ ...a.parcel(newId(), 'A'), device_seq: 1 }])
    expect([other.status, other.body['code']]).toEqual([400, 'bad_request'])
    expect(await county.pull()).toEqual(before)
  })

  test('parallel fields merge and are listed; the same field, outline and deletion are conflicts; both values stay', async () => {
    const id = newId()
    const [made] = await a.push(a.parcel(id, 'A', 'P1', { name: [null, '旧'] }))
    const base = made!.seq!
    await a.push(a.patch('parcel', id, 'update', { base, fields: { name: ['旧', '甲'] } }))
    const [beside] = await a2.push(a2.patch('parcel', id, 'update', { base, fields: { town: [null, '云山'] } }))
    expect(beside).toMatchObject({ status: 'merged', parallel: ['name'] })
    const [same] = await a2.push(a2.patch('parcel', id, 'update', { base, fields: { name: ['旧', '乙'] } }))
    expect(same!.status).toBe('conflict')
    await a.push(
      a.patch('parcel', id, 'update', { base: 99, fields: {}, geometry: { from: 'R1AAAQ==', to: 'R1AAAg==' } }),
    )
    const [outline] = await a2.push(
      a2.patch('parcel', id, 'update', { base, geometry: { from: 'R1AAAQ==', to: 'R1AAAw==' } }),
    )
    expect(outline!.status).toBe('conflict')
    const [gone] = await a2.push(a2.patch('parcel', id, 'delete', { base }))
    expect(gone!.status).toBe('conflict')
    const { rows, conflicts } = await county.pull()
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ deleted: false, geometry: 'R1AAAg==', fields: { name: '甲', town: '云山' } })
    expect(conflicts.map(c => c.kind)).toEqual(['field', 'geometry', 'delete_edit'])
    expect(conflicts[0]).toMatchObject({ base: '旧', mine: '乙', theirs: '甲', mine_by: { device: 'a2' } })
    expect(conflicts[1]!.geometry).toEqual({ base: 'R1AAAQ==', mine: 'R1AAAw==', theirs: 'R1AAAg==' })
  })

  test('one device that edits twice offline and then deletes has no conflict with itself', async () => {
    const id = newId()
    const patches = [
      a.parcel(id, 'A'),
      a.patch('parcel', id, 'update', { fields: { name: [null, '1'] } }),
      a.patch('parcel', id, 'update', { fields: { name: ['1', '2'] } }),
      a.patch('parcel', id, 'delete'),
      a.patch('parcel', id, 'restore'),
    ]
    expect((await a.push(...patches)).map(r => r.status)).toEqual(patches.map(() => 'applied'))
    expect((await a.pull()).rows[0]).toMatchObject({ deleted: false, fields: { name: '2' } })
  })

  test('a decision is a patch: it closes the conflict for everybody', async () => {
    const id = newId()
    const [made] = await a.push(a.parcel(id, 'A', 'P1', { name: [null, '旧'] }))
    await a.push(a.patch('parcel', id, 'update', { base: made!.seq!, fields: { name: ['旧', '甲'] } }))
    await a2.push(a2.patch('parcel', id, 'update', { base: made!.seq!, fields: { name: ['旧', '乙'] } }))
    const { conflicts, cursor } = await county.pull()
    const resolves = { conflict: conflicts[0]!.id, take: 'mine' as const }
    const decision = county.patch('parcel', id, 'update', { base: cursor, fields: { name: ['甲', '乙'] }, resolves })
    expect((await county.push(decision))[0]!.status).toBe('applied')
    const seen = await a.pull(cursor)
    expect(seen.rows[0]!.fields['name']).toBe('乙')
    expect(seen.conflicts[0]).toMatchObject({ id: conflicts[0]!.id, resolution: { take: 'mine', device: 'county' } })
    const again = county.patch('parcel', id, 'update', { base: cursor, resolves })
    expect((await county.push(again))[0]).toMatchObject({ status: 'refused', reason: 'already_resolved' })
    const status = await call(hub.url, '/v1/status', { token: a.token })
    expect(status.body).toMatchObject({ device: 'a', unit: 'A', last_device_seq: 2, open_conflicts: 0 })
  })

  test('the same code twice: both records live, the later under a provisional code, the wanted one in the inbox', async () => {
    const [one, two] = [newId(), newId()]
    await a.push(a.parcel(one, 'A', 'LX-1'))
    expect((await b.push(b.parcel(two, 'B', 'LX-1')))[0]!.status).toBe('conflict')
    const { rows, conflicts } = await county.pull()
    expect(rows.map(row => row.fields['code'])).toEqual(['LX-1', `LX-1~${two.slice(-8)}`])
    expect(conflicts[0]).toMatchObject({ kind: 'twin_code', entity_id: two, mine: 'LX-1', theirs: one })
    // Unit B learns that the code is taken, not by whom.
    expect((await b.pull()).conflicts[0]!.theirs_by).toEqual({ device: 'hub', user: '', at: '', patch: 'hub' })
    await a.push(a.patch('parcel', one, 'delete', { base: 1 }))
    const free = b.patch('parcel', two, 'update', { base: 2, fields: { code: [`LX-1~${two.slice(-8)}`, 'LX-1'] } })
    expect((await b.push(free))[0]!.status).toBe('applied')
  })

  test('references: a child of what was deleted, and a deletion of what got a child meanwhile', async () => {
    const [parcel, visit, other] = [newId(), newId(), newId()]
    await a.push(a.parcel(parcel, 'A'), a.parcel(other, 'A'))
    await a.push(a.patch('parcel', parcel, 'delete', { base: 1 }))
    const fields = (id: string) => ({
      parcel_id: [null, id],
      visited_at: [null, '2026-01-01'],
      status: [null, 'DRAFT'],
    })
    const child = a2.patch('survey_visit', visit, 'create', { fields: fields(parcel) as never })
    expect((await a2.push(child))[0]!.status).toBe('conflict')
    await a2.push(a2.patch('survey_visit', newId(), 'create', { fields: fields(other) as never }))
    expect((await a.push(a.patch('parcel', other, 'delete', { base: 2 })))[0]!.status).toBe('conflict')
    const { rows, conflicts } = await county.pull()
    expect(conflicts.map(c => [c.kind, c.field])).toEqual([
      ['reference', 'parcel_id'],
      ['reference', null],
    ])
    expect(rows.find(row => row.entity_id === other)!.deleted).toBe(false)
    expect(rows.filter(row => row.entity === 'survey_visit').map(row => row.unit)).toEqual(['A', 'A'])
  })

  test('the county moves a parcel to another unit: its children go with it', async () => {
    const parcel = newId()
    const fields = { parcel_id: [null, parcel], visited_at: [null, '2026-01-01'], status: [null, 'DRAFT'] } as never
    await a.push(a.parcel(parcel, 'A'), a.patch('survey_visit', newId(), 'create', { fields }))
    const move = { base: 2, fields: { unit: ['A', 'B'] as [string, string] } }
    expect((await a.push(a.patch('parcel', parcel, 'update', move)))[0]!.reason).toBe('out_of_scope')
    expect((await county.push(county.patch('parcel', parcel, 'update', move)))[0]!.status).toBe('applied')
    expect((await b.pull()).rows.map(row => row.entity)).toEqual(['parcel', 'survey_visit'])
    expect((await a.pull()).rows).toEqual([])
  })

  test('doors: wrong, revoked and used-up secrets, other surveys, sizes, shapes, paths, floods', async () => {
    expect(helloSchema.parse((await call(hub.url, '/v1/hello')).body).protocol).toBe(PROTOCOL_VERSION)
    // A refusal is data of one shape; anything else is an answer.
    const refused = async (path: string, init: Parameters<typeof call>[2]) => {
      const { status, body } = await call(hub.url, path, init)
      return status === 200 ? undefined : hubErrorSchema.parse(body).code
    }
    expect(await refused('/v1/status', {})).toBe('unauthorized')
    expect(await refused('/v1/status', { token: `${a.token.slice(0, -1)}_` })).toBe('unauthorized')
    const code = await codeFor(place, 'A')
    const enroll = (device: string) => ({ method: 'POST', body: JSON.stringify({ code, device, name: 'x' }) })
    expect(await refused('/v1/enroll', enroll('b'))).toBe('bad_request')
    expect(await refused('/v1/enroll', enroll('new'))).toBeUndefined()
    expect(await refused('/v1/enroll', enroll('newer'))).toBe('enroll_code_invalid')
    const expired = await codeFor(place, 'A', -1)
    const late = { method: 'POST', body: JSON.stringify({ code: expired, device: 'late', name: 'x' }) }
    expect(await refused('/v1/enroll', late)).toBe('enroll_code_invalid')
    expect((await a.send([], 'another')).body['code']).toBe('wrong_survey')
    for (const body of ['', '{', '[]', '{"protocol":1}', JSON.stringify({ patches: 'x' }), '\u0000'])
      expect(await refused('/v1/push', { method: 'POST', token: a.token, body })).toBe('bad_request')
    expect((await a.send([{ ...a.parcel(newId(), 'A'), entity: 'audit' }])).body['code']).toBe('bad_request')
    a.seq -= 1
    expect((await a.push(a.patch('parcel', newId(), 'create', { fields: { nonsense: [null, 1] } })))[0]!.reason).toBe(
      'unknown_field nonsense',
    )
    for (const path of ['/', '/v1/../v1/push', '/v1/files/../../etc/passwd', '/v1/%2e%2e/hub.sqlite', '/__proto__'])
      expect(await refused(path, { token: a.token })).toBe('not_found')
    expect(await rawly(hub.url, 'GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toContain(
      '404',
    )
    for (const query of ['since=-1', 'since=x', 'limit=0', 'limit=1001', 'since=1;drop'])
      expect(await refused(`/v1/pull?survey=${SURVEY}&${query}`, { token: a.token })).toBe('bad_request')
    const { db } = await openHubDatabase(place)
    expect(await revokeDevice(db, 'a')).toBe(true)
    expect((await a.send([])).body['code']).toBe('revoked')
    const refusals = await db.selectFrom('audit').select('outcome').where('outcome', '!=', 'ok').execute()
    for (const outcome of ['unauthorized', 'revoked', 'enroll_code_invalid', 'not_found', 'refused in part'])
      expect(refusals).toContainEqual({ outcome })
    const hashes = JSON.stringify(await db.selectFrom('device').selectAll().execute())
    expect(hashes).not.toContain(b.token)
    await db.destroy()
  })

  test('bundles are passed on by the county only, for the unit that the hub knows', async () => {
    const id = newId()
    const carried = { id: 'carried-1', name: '无网电脑', unit: 'A' }
    const relay = (from: Laptop, device: object, ...patches: unknown[]) => {
      const body = JSON.stringify({ protocol: 1, schema: SYNC_SCHEMA, survey: SURVEY, device, patches })
      return call(hub.url, '/v1/relay', { method: 'POST', token: from.token, body })
    }
    const patch = { ...a.parcel(id, 'A'), device_seq: 1 }
    a.seq -= 1
    for (const laptop of [a, b])
      expect((await relay(laptop, carried, patch)).body).toMatchObject({ code: 'out_of_scope' })
    const first = await relay(county, carried, patch)
    expect(first.body).toMatchObject({ receipts: [{ status: 'applied' }] })
    expect((await relay(county, carried, patch)).body).toEqual(first.body)
    // It cannot be said to be of another unit later, nor does it write another unit's rows.
    expect((await relay(county, { ...carried, unit: 'B' }, patch)).body).toMatchObject({ code: 'out_of_scope' })
    const foreign = { ...b.parcel(newId(), 'B'), device_seq: 2 }
    b.seq -= 1
    expect((await relay(county, carried, foreign)).body).toMatchObject({
      receipts: [{ status: 'refused', reason: 'out_of_scope' }],
    })
    expect((await relay(county, carried, { ...patch, id: newId(), device_seq: 9 })).body).toMatchObject({ code: 'gap' })
    const { db } = await openHubDatabase(place)
    await revokeDevice(db, carried.id)
    await db.destroy()
    expect((await relay(county, carried, patch)).body).toMatchObject({ code: 'revoked' })
  })

  test('too much at once and too often is refused, slowly sent headers are cut off', async () => {
    await hub.close()
    hub = await start({ bodyBytes: 5000, devicePerMinute: 5, strangerPerMinute: 3, headersTimeout: 1000 })
    a.url = hub.url
    const big = await a.send([a.parcel(newId(), 'A', 'x'.repeat(60), { remark: [null, 'y'.repeat(6000)] })])
    expect([big.status, big.body['code']]).toEqual([413, 'too_large'])
    const head = `POST /v1/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${a.token}\r\ntransfer-encoding: chunked\r\n\r\n`
    expect(await rawly(hub.url, `${head}${`400\r\n${' '.repeat(1024)}\r\n`.repeat(8)}`)).toContain('too_large')
    const codes = []
    for (let turn = 0; turn < 6; turn++) codes.push((await call(hub.url, '/v1/status', { token: a.token })).status)
    expect(codes.filter(status => status === 429)).toHaveLength(3)
    expect(await rawly(hub.url, 'GET /v1/hello HTTP/1.1\r\nx-slow: ')).toContain('408')
    const { db } = await openHubDatabase(place)
    const refusals = await db.selectFrom('audit').select(['outcome', 'device']).where('outcome', '!=', 'ok').execute()
    for (const outcome of ['too_large', 'rate_limited', 'too_slow'])
      expect(refusals.map(each => each.outcome)).toContain(outcome)
    await db.destroy()
    const guesses = []
    for (let turn = 0; turn < 5; turn++)
      guesses.push((await call(hub.url, '/v1/status', { token: 'x'.repeat(43) })).body['code'])
    expect(guesses.slice(3)).toEqual(['rate_limited', 'rate_limited'])
  })

  test('a push whose connection is cut at any byte is taken as a whole or not at all', async () => {
    const patches = [a.parcel(newId(), 'A'), a.parcel(newId(), 'A')]
    const body = JSON.stringify({ protocol: 1, schema: 1, survey: SURVEY, patches })
    const bytes = `POST /v1/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${a.token}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`
    for (let cut = 1; cut < bytes.length; cut++) await rawly(hub.url, bytes.slice(0, cut), true)
    expect((await county.pull()).rows).toHaveLength(0)
    // The last byte is there, the answer is never read.
    await rawly(hub.url, bytes, true)
    expect((await a.push(...patches)).map(receipt => receipt.seq)).toEqual([1, 2])
    expect((await county.pull()).rows).toHaveLength(2)
  })
})

describe('PostgreSQL goes away', () => {
  test('the hub says busy, loses nothing that it acknowledged, and goes on when the server is back', async () => {
    const place = await newPlace(postgres)
    const hub = await startHub({ place, strangerPerMinute: 1000 })
    const county = await enrolled(hub.url, place, 'county', null)
    const first = county.parcel(newId(), 'A')
    const receipts = await county.push(first)
    postgres.stop()
    const second = county.parcel(newId(), 'A')
    const away = await county.send([second])
    expect([away.status, away.body['code']]).toEqual([503, 'busy'])
    postgres.start()
    expect(await county.push(first)).toEqual(receipts)
    expect((await county.push(second))[0]!.status).toBe('applied')
    expect((await county.pull()).rows).toHaveLength(2)
    await hub.close()
  })

  test('restarted in the middle of pushes, every push sent to two hubs at once: nothing twice, nothing lost', async () => {
    const place = await newPlace(postgres)
    const limits = { place, strangerPerMinute: 1e6, devicePerMinute: 1e6 }
    const hubs = [await startHub(limits), await startHub(limits)]
    const county = await enrolled(hubs[0]!.url, place, 'county', null)
    const given = new Map<string, string>()
    let isOver = false
    let busy = 0
    const laptops: Laptop[] = []
    for (const name of ['a', 'b', 'c']) laptops.push(await enrolled(hubs[0]!.url, place, name, 'A'))
    const work = async (first: Laptop): Promise<number> => {
      const both = [first, new Laptop(hubs[1]!.url, first.id, first.token)]
      let sent = 0
      while (!isOver || sent < 100) {
        const patches = Array.from({ length: 20 }, () => first.parcel(newId(), 'A'))
        await Promise.all(
          both.map(async to => {
            for (;;) {
              const answer = await to.send(patches)
              if (answer.status === 200) {
                for (const receipt of pushResponseSchema.parse(answer.body).receipts) {
                  const text = JSON.stringify(receipt)
                  expect(given.get(receipt.patch) ?? text).toBe(text)
                  given.set(receipt.patch, text)
                }
                return
              }
              expect([answer.status, answer.body['code']]).toEqual([503, 'busy'])
              busy += 1
              await new Promise(done => setTimeout(done, 20))
            }
          }),
        )
        sent += patches.length
      }
      return sent
    }
    const working = laptops.map(work)
    for (let turn = 0; turn < 3; turn++) {
      await new Promise(done => setTimeout(done, 300))
      postgres.stop()
      await new Promise(done => setTimeout(done, 100))
      postgres.start()
    }
    isOver = true
    const sent = (await Promise.all(working)).reduce((sum, each) => sum + each, 0)
    expect(busy).toBeGreaterThan(0)
    expect(given.size).toBe(sent)
    const { rows } = await county.pull()
    expect(rows.map(row => row.seq)).toEqual(Array.from({ length: sent }, (_, index) => index + 1))
    expect(new Set(rows.map(row => row.patch.id))).toEqual(new Set(given.keys()))
    for (const each of hubs) await each.close()
  }, 60_000)
})
