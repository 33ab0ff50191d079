/**
 * `node test/bench/sync/push.ts [--devices 50 --patches 20 --rate 2000 --seconds 20 --rounds 3]`: fifty laptops push at
 * once, on SQLite and PostgreSQL in the same minutes. First as fast as the hub takes it (patches/s at saturation; there a
 * push waits for all others by design), then at the offered rate (how long one push takes while so many come in). Hub,
 * database and laptops share this machine.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HubPlace } from '../../../hub/storage/open.ts'
import { PROTOCOL_VERSION, SYNC_SCHEMA, type SyncPatch } from '../../../shared/sync/protocol.ts'
import { type Laptop, newId, SURVEY } from '../../support/hub-client.ts'
import { enrolled } from '../../support/hub-place.ts'
import { startPostgres } from '../../support/postgres.ts'
import { median } from '../measure.ts'
import { judged, option, quantile, startHubProcess } from './processes.ts'

const DEVICES = option('devices', 50)
const PATCHES = option('patches', 20)
const RATE = option('rate', 2000)
const SECONDS = option('seconds', 20)
/** Twelve corners, as base64 of a GeoPackage binary of that size. */
const OUTLINE = Buffer.alloc(250, 7).toString('base64')
const agent = new Agent({ keepAlive: true, maxSockets: DEVICES })

interface Pusher {
  readonly laptop: Laptop
  readonly unit: string
  /** Records that it has made, with their place in the sequence. */
  readonly made: { id: string; seq: number; name: string }[]
}

/** Half new records with outlines, half edits of one field of records that are there. */
function bodyOf({ laptop, unit, made }: Pusher): { body: string; creates: string[] } {
  const creates: string[] = []
  const patches: SyncPatch[] = Array.from({ length: PATCHES }, (_, index) => {
    const old = index % 2 === 1 ? made[Math.floor(Math.random() * made.length)] : undefined
    if (!old) {
      const id = newId()
      creates.push(id)
      const fields = { right_holder: [null, '兰溪市某某有限公司'], town: [null, '云山'] } as const
      return {
        ...laptop.parcel(id, unit, id, { right_holder: [...fields.right_holder], town: [...fields.town] }),
        geometry: { from: null, to: OUTLINE },
      }
    }
    const name = newId()
    const patch = laptop.patch('parcel', old.id, 'update', {
      base: old.seq,
      fields: { name: [old.name === '' ? null : old.name, name] },
    })
    old.name = name
    return patch
  })
  return { body: JSON.stringify({ protocol: PROTOCOL_VERSION, schema: SYNC_SCHEMA, survey: SURVEY, patches }), creates }
}

function post(url: string, token: string, body: string): Promise<{ receipts: { seq: number; status: string }[] }> {
  return new Promise((done, fail) => {
    const sent = request(`${url}/v1/push`, {
      method: 'POST',
      agent,
      headers: { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) },
    })
    sent.on('error', fail)
    sent.on('response', answer => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        if (answer.statusCode === 200) done(JSON.parse(text) as never)
        else fail(new Error(`${answer.statusCode} ${text}`))
      })
    })
    sent.end(body)
  })
}

/** Milliseconds of one push. */
async function pushOnce(pusher: Pusher): Promise<number> {
  const { body, creates } = bodyOf(pusher)
  const start = performance.now()
  const { receipts } = await post(pusher.laptop.url, pusher.laptop.token, body)
  const took = performance.now() - start
  if (receipts.some(receipt => receipt.status !== 'applied')) throw new Error(JSON.stringify(receipts))
  const isNew = receipts.filter((_, index) => index % 2 === 0 || receipts.length === creates.length)
  creates.forEach((id, index) => {
    pusher.made.push({ id, seq: isNew[index]!.seq, name: '' })
  })
  return took
}

interface Figures {
  saturated: number
  saturatedP99: number
  offered: number
  p50: number
  p99: number
  peak: number
  /** Milliseconds of the hub's processor time per patch, without the database server's. */
  cpu: number
}

async function measure(place: HubPlace): Promise<Figures> {
  const hub = await startHubProcess(place)
  await enrolled(hub.url, place, 'county', null)
  const pushers: Pusher[] = []
  for (let index = 0; index < DEVICES; index++) {
    const unit = `U${index % 18}`
    pushers.push({ laptop: await enrolled(hub.url, place, `laptop-${index}`, unit), unit, made: [] })
  }
  const fast: number[] = []
  let start = performance.now()
  const end = start + SECONDS * 500
  await Promise.all(
    pushers.map(async pusher => {
      while (performance.now() < end) fast.push(await pushOnce(pusher))
    }),
  )
  const saturated = (fast.length * PATCHES * 1000) / (performance.now() - start)

  // Every laptop has its own times; one that is late catches up, its delay counts from when it should have begun.
  const every = (DEVICES * PATCHES * 1000) / RATE
  const steady: number[] = []
  start = performance.now()
  await Promise.all(
    pushers.map(async (pusher, index) => {
      for (let due = start + (index / DEVICES) * every; due < start + SECONDS * 1000; due += every) {
        await new Promise(next => setTimeout(next, Math.max(0, due - performance.now())))
        const late = Math.max(0, performance.now() - due - 2)
        steady.push(late + (await pushOnce(pusher)))
      }
    }),
  )
  const offered = (steady.length * PATCHES * 1000) / (performance.now() - start)
  const peak = hub.peak()
  const cpu = (hub.cpu() * 1000) / ((fast.length + steady.length) * PATCHES)
  await hub.close()
  return {
    saturated,
    saturatedP99: quantile(fast, 0.99),
    offered,
    p50: quantile(steady, 0.5),
    p99: quantile(steady, 0.99),
    peak,
    cpu,
  }
}

const postgres = await startPostgres()
const folder = mkdtempSync(join(tmpdir(), 'lowland-push-bench-'))
const results: Record<'SQLite' | 'PostgreSQL', Figures[]> = { SQLite: [], PostgreSQL: [] }
for (let round = 0; round < option('rounds', 3); round++) {
  results.SQLite.push(await measure({ folder: join(folder, String(round)) }))
  results.PostgreSQL.push(await measure({ databaseUrl: await postgres.newDatabase() }))
}
agent.destroy()
postgres.close()
rmSync(folder, { recursive: true, force: true })

console.log(`${DEVICES} laptops, ${PATCHES} patches a push (half new, half edits), medians of rounds\n`)
console.log(
  `| | at once, patches/s | p99 there, ms | at ${RATE} offered: taken/s | p50, ms | p99, ms | hub's peak, MiB | hub's CPU, ms a patch | goals |\n|---|---|---|---|---|---|---|---|---|`,
)
for (const [name, figures] of Object.entries(results)) {
  const middle = (key: keyof Figures): number => median(figures.map(figure => figure[key]))
  const of = (key: keyof Figures): string => middle(key).toFixed(0)
  const goals = `${judged(middle('saturated'), '>=', 2000, 'patches/s')}; p99 ${judged(middle('p99'), '<=', 250, 'ms')}`
  console.log(
    `| ${name} | ${of('saturated')} | ${of('saturatedP99')} | ${of('offered')} | ${of('p50')} | ${of('p99')} | ${of('peak')} | ${middle('cpu').toFixed(2)} | ${goals} |`,
  )
}
