/**
 * What every host must do alike: the same cases run against the terminal's direct client, the loopback host over HTTP, a
 * message port, and inside the window of a real Electron. Plain assertions, no test framework: the cases also run in a page.
 */
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../shared/contract/contract.ts'
import type { ServiceEvent } from '../../shared/contract/survey.ts'

export type ContractClient = ContractRouterClient<Contract>

export interface ContractCase {
  readonly name: string
  run(client: ContractClient): Promise<void>
}

function check(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`contract: ${message}`)
}

interface Failure {
  code: string
  message: string
  data?: { reason?: string; field?: string }
  details?: { reason?: string; field?: string }
}

/** The error of a call that must fail. */
async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call
  } catch (error) {
    return error as Failure
  }
  throw new Error('contract: the call should have failed')
}

const reasonOf = (failure: Failure): string | undefined => (failure.data ?? failure.details)?.reason

/** A small square lot somewhere empty in the county, degrees. */
function squareAt(lng: number, lat: number, size = 0.0005) {
  return {
    type: 'Polygon' as const,
    coordinates: [
      [
        [lng, lat],
        [lng + size, lat],
        [lng + size, lat + size],
        [lng, lat + size],
        [lng, lat],
      ],
    ],
  }
}

let places = 0

/** A place that no other case has used. */
function freePlace(): [number, number] {
  places++
  return [119.2 + (places % 300) * 0.002, 28.985]
}

async function drawParcel(client: ContractClient) {
  const saved = await client.parcels.create({ geometry: squareAt(...freePlace()), allow_overlap: true })
  return client.parcels.detail({ id: saved.id })
}

export const CONTRACT_CASES: readonly ContractCase[] = [
  {
    name: 'opens the demo with 18 units and says that it is one',
    async run(client) {
      const info = await client.survey.openDemo({ fresh: true })
      check(info.open && info.demo, 'the demo is open')
      check(info.units.length === 18, `18 units, got ${info.units.length}`)
      check(info.counts.parcels > 1000, 'the demo has parcels')
      check(info.boundary !== null, 'a boundary is active')
    },
  },
  {
    name: 'answers a missing record with a code and data, not with a text to be parsed',
    async run(client) {
      const failure = await failureOf(client.records.get({ entity: 'parcel', code: '没有这个编号' }))
      check(failure.code === 'not_found', `code not_found, got ${failure.code}: ${failure.message}`)
      check(reasonOf(failure) === 'record_not_found', 'the reason comes along')
      check(failure.message.includes('地块'), 'Chinese survives the way')
    },
  },
  {
    name: 'refuses input that does not fit the schema',
    async run(client) {
      const failure = await failureOf(client.parcels.list({ limit: -1 } as never))
      check(['bad_input', 'BAD_REQUEST'].includes(failure.code), `bad_input, got ${failure.code}`)
    },
  },
  {
    name: 'refuses a value that its field does not allow, naming the field',
    async run(client) {
      const { record } = await drawParcel(client)
      const failure = await failureOf(
        client.records.update({
          entity: 'parcel',
          id: String(record['id']),
          base_rev: Number(record['rev']),
          values: { far: '很高' },
        }),
      )
      check(failure.code === 'bad_input', failure.code)
      check((failure.data ?? failure.details)?.field === 'far', 'the field is named')
    },
  },
  {
    name: 'draws a parcel with code, areas and side worked out',
    async run(client) {
      const { record } = await drawParcel(client)
      check(/^.+-\d{4}-\d{4}$/.test(String(record['code'])), `a proposed code, got ${String(record['code'])}`)
      check(
        Number(record['area_m2']) > 2000 && Number(record['area_m2']) < 3500,
        `an area, got ${String(record['area_m2'])}`,
      )
      check(record['side'] === 'outside', `the side, got ${String(record['side'])}`)
      check(
        Math.abs(Number(record['area_in_m2']) + Number(record['area_out_m2']) - Number(record['area_m2'])) < 1e-6,
        'in and out add up',
      )
    },
  },
  {
    name: 'wants a reason for a mark that differs, and keeps both values',
    async run(client) {
      const { record } = await drawParcel(client)
      const key = { id: String(record['id']), base_rev: Number(record['rev']) }
      const failure = await failureOf(client.parcels.markSide({ ...key, side: 'inside' }))
      check(failure.code === 'refused' && reasonOf(failure) === 'mark_needs_reason', 'refused without a reason')
      await client.parcels.markSide({ ...key, side: 'inside', reason: 'planning_opinion' })
      const after = (await client.parcels.detail({ id: key.id })).record
      check(after['side'] === 'outside' && after['side_marked'] === 'inside', 'computed and marked side are two fields')
    },
  },
  {
    name: 'undoes and redoes as new edits and names the step',
    async run(client) {
      const { record } = await drawParcel(client)
      const id = String(record['id'])
      await client.records.update({ entity: 'parcel', id, base_rev: Number(record['rev']), values: { name: '甲地块' } })
      const undone = await client.edits.undo()
      check(undone.done?.label === 'updated', 'the step is named')
      check((await client.parcels.detail({ id })).record['name'] === null, 'the name is gone')
      await client.edits.redo()
      check((await client.parcels.detail({ id })).record['name'] === '甲地块', 'the name is back')
      const history = await client.records.history({ entity: 'parcel', id })
      check(history.map(item => item.kind).join() === 'redo,undo,user,user', history.map(item => item.kind).join())
    },
  },
  {
    name: 'merges edits of different fields and reports a conflict on the same one',
    async run(client) {
      const { record } = await drawParcel(client)
      const key = { entity: 'parcel' as const, id: String(record['id']), base_rev: Number(record['rev']) }
      await client.records.update({ ...key, values: { name: '一' } })
      await client.records.update({ ...key, values: { location: '二' } })
      const failure = await failureOf(client.records.update({ ...key, values: { name: '三' } }))
      check(failure.code === 'revision_conflict', failure.code)
    },
  },
  {
    name: 'keeps markup and formulas as the text they are',
    async run(client) {
      const { record } = await drawParcel(client)
      const text = '<img src=x onerror=alert(1)> =HYPERLINK("x") \u202e “引号”'
      await client.records.update({
        entity: 'parcel',
        id: String(record['id']),
        base_rev: Number(record['rev']),
        values: { remark: text },
      })
      check((await client.parcels.detail({ id: String(record['id']) })).record['remark'] === text.trim(), 'unchanged')
    },
  },
  {
    name: 'tells what changed after the commit',
    async run(client) {
      const abort = new AbortController()
      const stream = await client.events.subscribe(undefined, { signal: abort.signal })
      const iterator = stream[Symbol.asyncIterator]()
      await iterator.next()
      const { record } = await drawParcel(client)
      let event: ServiceEvent | undefined
      for (let round = 0; round < 20 && event?.type !== 'changed'; round++)
        event = (await iterator.next()).value as ServiceEvent
      check(event?.type === 'changed', 'a changed event')
      check(event.entities['parcel']?.includes(String(record['id'])), 'with the id of the parcel')
      check(event.box !== null, 'and where it is')
      await iterator.return?.(undefined as never)
      abort.abort()
    },
  },
  {
    name: 'streams progress and returns the result at the end',
    async run(client) {
      const stream = await client.boundaries.classify({})
      let reports = 0
      for (;;) {
        const step = await stream.next()
        if (step.done) {
          const total = step.value.inside + step.value.outside + step.value.crossing + step.value.unknown
          check(total === (await client.survey.info()).counts.parcels, 'every parcel is counted')
          break
        }
        check(step.value.done >= 0, 'progress')
        reports++
      }
      check(reports > 0, 'progress came before the result')
    },
  },
  {
    name: 'stops cancelled work and writes nothing',
    async run(client) {
      const before = await client.survey.info()
      const stream = await client.zones.detect({ save: true, gap_m: 40, year: 2031 })
      await stream.next()
      await stream.return?.(undefined as never)
      const after = await client.survey.info()
      check(after.counts.zones === before.counts.zones, 'no zone was saved')
    },
  },
  {
    name: 'fails inside a stream with a code as well',
    async run(client) {
      const failure = await failureOf(
        (async () => {
          const stream = await client.imports.run({
            file: 'upload:00000000-0000-4000-8000-000000000000/nichts.geojson',
            kind: 'parcels',
          })
          for (;;) if ((await stream.next()).done) break
        })(),
      )
      check(failure.code === 'file_not_found' || failure.code === 'file_unreadable', failure.code)
    },
  },
  {
    name: 'finds by pinyin initials',
    async run(client) {
      const [first] = await client.search.query({ text: 'lxeyjjkfq', limit: 5 })
      const found = first ?? (await client.search.query({ text: 'lxjjkfq', limit: 5 }))[0]
      check(found?.title.includes('经济开发区'), `the zone is found, got ${found?.title}`)
    },
  },
  {
    name: 'takes back a deleted record with everything that hung on it',
    async run(client) {
      const { record } = await drawParcel(client)
      const parcel_id = String(record['id'])
      const enterprise = await client.enterprises.create({ values: { name: `合同测试企业${parcel_id}` } })
      await client.parcels.link({ parcel_id, enterprise_id: enterprise.id, role: 'OWNER' })
      await client.records.remove({ entity: 'parcel', id: parcel_id, reason: '测试' })
      check((await failureOf(client.parcels.detail({ id: parcel_id }))).code === 'not_found', 'gone')
      await client.edits.undo()
      const back = await client.parcels.detail({ id: parcel_id })
      check(back.enterprises.length === 1, 'the enterprise is linked again')
    },
  },
  {
    name: 'never removes an enterprise from under its plans',
    async run(client) {
      const { record } = await drawParcel(client)
      const enterprise = await client.enterprises.create({ values: { name: `有方案企业${String(record['id'])}` } })
      const plan = await client.plans.draft({ enterprise_id: enterprise.id })
      const failure = await failureOf(client.records.remove({ entity: 'enterprise', id: enterprise.id }))
      check(failure.code === 'refused', failure.code)
      await client.records.remove({ entity: 'plan', id: plan.id })
      await client.records.remove({ entity: 'enterprise', id: enterprise.id })
      await client.edits.undo()
      check((await client.enterprises.detail({ id: enterprise.id })).record['id'] === enterprise.id, 'back again')
    },
  },
  {
    name: 'says that a survey has no hub, reaches for none, and refuses what is no bundle',
    async run(client) {
      const status = await client.sync.status()
      check(!status.enrolled && status.pending === 0 && status.mode === 'automatic', 'not enrolled')
      const stream = await client.sync.run()
      const alone = await failureOf(stream.next())
      check(alone.code === 'refused' && reasonOf(alone) === 'not_enrolled', alone.code)
      const nowhere = await failureOf(client.sync.enroll({ hub: 'http://127.0.0.1:9', code: 'K7QF-2MXD-9RTA' }))
      check(nowhere.code === 'hub_unreachable', nowhere.code)
      const bad = await failureOf(client.sync.enroll({ hub: 'not an address at all', code: 'K7QF-2MXD-9RTA' }))
      check(bad.code === 'bad_input', bad.code)
      check((await client.sync.conflicts({})).length === 0, 'no conflicts')
      check((await client.sync.status()).enrolled === false, 'still not enrolled')
    },
  },
]
