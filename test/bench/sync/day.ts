/**
 * `node test/bench/sync/day.ts [--laptops 2000 --units 90 --meetings 4 --minutes 5 --together 64]`: a working day of a
 * province's laptops against one hub on PostgreSQL, compressed into minutes. Every laptop is enrolled by its own code and
 * meets the hub several times: hello, status, what it edited, what others did. Times of a meeting are random within its
 * quarter of the day. Anything but a good answer is counted as an error and named.
 */
import { Agent, request } from 'node:http'
import { createEnrollCode } from '../../../hub/storage/devices.ts'
import { openHubDatabase } from '../../../hub/storage/open.ts'
import { PROTOCOL_VERSION, SYNC_SCHEMA, type SyncPatch } from '../../../shared/sync/protocol.ts'
import { createRandom } from '../../../tools/demo/random.ts'
import { Laptop, newId, SURVEY } from '../../support/hub-client.ts'
import { startPostgres } from '../../support/postgres.ts'
import { option, quantile, startHubProcess } from './processes.ts'

const LAPTOPS = option('laptops', 2000)
const UNITS = option('units', 90)
const MEETINGS = option('meetings', 4)
const MINUTES = option('minutes', 5)
const TOGETHER = option('together', 64)
const OUTLINE = Buffer.alloc(250, 7).toString('base64')
const random = createRandom(11)
const agent = new Agent({ keepAlive: true, maxSockets: TOGETHER })
const errors = new Map<string, number>()
const waits: Record<string, number[]> = { hello: [], status: [], push: [], pull: [], enroll: [] }

interface Answer {
  receipts?: { status: string; reason: string | null; seq: number | null }[]
  rows?: { entity_id: string; seq: number; fields: Record<string, unknown>; entity: string }[]
  cursor?: number
  more?: boolean
  token?: string
}

function ask(hub: string, what: string, path: string, token?: string, body?: unknown): Promise<Answer | undefined> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const start = performance.now()
  return new Promise(done => {
    const failed = (why: string): void => {
      errors.set(why, (errors.get(why) ?? 0) + 1)
      done(undefined)
    }
    const sent = request(hub + path, {
      method: text === undefined ? 'GET' : 'POST',
      agent,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
      },
    })
    sent.on('error', error => failed(`${what}: ${error.message}`))
    sent.on('response', answer => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const answered = Buffer.concat(parts).toString('utf8')
        if (answer.statusCode !== 200) {
          failed(`${what}: ${answer.statusCode} ${answered.slice(0, 100)}`)
          return
        }
        waits[what]!.push(performance.now() - start)
        done(JSON.parse(answered) as Answer)
      })
    })
    sent.end(text)
  })
}

interface Sim {
  readonly laptop: Laptop
  readonly unit: string
  cursor: number
  /** What it knows of its unit's parcels. */
  readonly known: Map<string, { seq: number; name: string | null }>
}

const postgres = await startPostgres()
const place = { databaseUrl: await postgres.newDatabase() }
const hub = await startHubProcess(place)
const { db } = await openHubDatabase(place)

async function enrolOne(device: string, unit: string | null): Promise<Laptop> {
  const { code } = await createEnrollCode(db, { unit, role: unit === null ? 'manager' : 'inspector', hours: 24 })
  const body = { code, device, name: device, survey: SURVEY, survey_name: '全省' }
  const answer = await ask(hub.url, 'enroll', '/v1/enroll', undefined, body)
  if (answer?.token === undefined) throw new Error([...errors.keys()].join('\n'))
  return new Laptop(hub.url, device, answer.token)
}

await enrolOne('province', null)
const sims: Sim[] = []
for (let at = 0; at < LAPTOPS; at += TOGETHER)
  sims.push(
    ...(await Promise.all(
      Array.from({ length: Math.min(TOGETHER, LAPTOPS - at) }, async (_, index) => {
        const unit = `U${(at + index) % UNITS}`
        return { laptop: await enrolOne(`laptop-${at + index}`, unit), unit, cursor: 0, known: new Map() }
      }),
    )),
  )
await db.destroy()
process.stderr.write(`${sims.length} enrolled\n`)

let pushed = 0
let pulled = 0
let conflicts = 0

function edits(sim: Sim): SyncPatch[] {
  const ids = [...sim.known.keys()]
  return Array.from({ length: 3 + Math.floor(random.between(0, 15)) }, (_, index) => {
    const id = index % 3 > 0 && ids.length > 0 ? ids[Math.floor(random.between(0, ids.length))]! : undefined
    const known = id === undefined ? undefined : sim.known.get(id)
    if (id === undefined || !known) {
      const made = newId()
      return { ...sim.laptop.parcel(made, sim.unit), geometry: { from: null, to: OUTLINE } }
    }
    const name = newId()
    const patch = sim.laptop.patch('parcel', id, 'update', { base: known.seq, fields: { name: [known.name, name] } })
    sim.known.set(id, { ...known, name })
    return patch
  })
}

async function meet(sim: Sim): Promise<void> {
  const { laptop } = sim
  await ask(hub.url, 'hello', '/v1/hello')
  await ask(hub.url, 'status', '/v1/status', laptop.token)
  const patches = edits(sim)
  const body = { protocol: PROTOCOL_VERSION, schema: SYNC_SCHEMA, survey: SURVEY, patches }
  const answer = await ask(hub.url, 'push', '/v1/push', laptop.token, body)
  for (const receipt of answer?.receipts ?? []) {
    pushed += 1
    if (receipt.status === 'conflict') conflicts += 1
    if (receipt.status === 'refused') errors.set(`refused: ${receipt.reason}`, 1)
  }
  for (;;) {
    const page = await ask(hub.url, 'pull', `/v1/pull?survey=${SURVEY}&since=${sim.cursor}&limit=250`, laptop.token)
    for (const row of page?.rows ?? []) {
      pulled += 1
      sim.known.set(row.entity_id, { seq: row.seq, name: (row.fields['name'] as string | undefined) ?? null })
    }
    sim.cursor = page?.cursor ?? sim.cursor
    if (page?.more !== true) return
  }
}

const dayMs = MINUTES * 60_000
const plan = sims
  .flatMap(sim =>
    Array.from({ length: MEETINGS }, (_, index) => ({
      sim,
      at: ((index + random.between(0, 1)) * dayMs) / MEETINGS,
    })),
  )
  .sort((a, b) => a.at - b.at)
const start = performance.now()
const late: number[] = []
let next = 0
const busy = new Set<Sim>()
await Promise.all(
  Array.from({ length: TOGETHER }, async () => {
    while (next < plan.length) {
      const { sim, at } = plan[next++]!
      const wait = start + at - performance.now()
      if (wait > 0) await new Promise(go => setTimeout(go, wait))
      late.push(Math.max(0, -wait))
      while (busy.has(sim)) await new Promise(go => setTimeout(go, 50))
      busy.add(sim)
      await meet(sim)
      busy.delete(sim)
    }
  }),
)
const seconds = (performance.now() - start) / 1000
const peak = hub.peak()
agent.destroy()
await hub.close()
postgres.close()

console.log(
  `${LAPTOPS} laptops of ${UNITS} units, ${plan.length} meetings in ${seconds.toFixed(0)} s: ${pushed} patches, ${conflicts} of them conflicts, ${pulled} rows; hub's peak ${peak.toFixed(0)} MiB; a meeting began at most ${(Math.max(...late) / 1000).toFixed(1)} s late\n`,
)
console.log('| request | count | p50, ms | p99, ms |\n|---|---|---|---|')
for (const [what, values] of Object.entries(waits))
  console.log(
    `| ${what} | ${values.length} | ${quantile(values, 0.5).toFixed(0)} | ${quantile(values, 0.99).toFixed(0)} |`,
  )
const wrong = [...errors.values()].reduce((sum, count) => sum + count, 0)
console.log(`\nErrors: ${wrong} (goal: none, ${wrong === 0 ? 'reached' : '**missed**'})`)
for (const [why, count] of errors) console.log(`- ${count} × ${why}`)
process.exitCode = wrong === 0 ? 0 : 1
