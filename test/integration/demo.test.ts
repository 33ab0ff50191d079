/** The demo survey: the list it shows is proved but for a few entries, its pictures are there, and it comes out the same twice. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkOriginals, photoAsset } from '../../service/attachments/attachments-methods.ts'
import { listPhotos } from '../../service/attachments/attachments-repo.ts'
import { hasPicture } from '../../service/attachments/original-store.ts'
import { countedEvents } from '../../service/loop/count-repo.ts'
import { loopProblems } from '../../service/loop/loop-view.ts'
import { runDueSteps } from '../../service/loop/steps.ts'
import { buildDemo } from '../../tools/demo/build-demo.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

let demo: DemoFixture
beforeAll(async () => {
  demo = await openDemo()
}, 60_000)
afterAll(() => demo.close())

test('few entries lack evidence, each something else than all', () => {
  const { read } = demo.store
  const judged = read.prepare("SELECT count(*) FROM list_entry WHERE state NOT IN ('S0', 'S1')").pluck().get() as number
  const found = loopProblems(read, '2022-12-05')
  expect(judged).toBeGreaterThan(500)
  expect(found.length).toBeGreaterThan(5)
  expect(found.length).toBeLessThan(judged * 0.08)
  expect(new Set(found.flatMap(({ problems }) => problems.map(problem => problem.key))).size).toBeGreaterThan(3)
})

test('entries keep the hits that they were listed for, in words; all have their steps', () => {
  const { read } = demo.store
  const rows = read.prepare('SELECT state, hit_rules FROM list_entry').all() as { state: string; hit_rules: string }[]
  const hits = rows.map(row => JSON.parse(row.hit_rules) as { id: string; zh: string; inputs: object }[])
  expect(hits.filter(found => found.length > 0).length).toBeGreaterThan(rows.length * 0.3)
  for (const hit of hits.flat())
    expect([hit.id.slice(0, 2), hit.zh.length > 4, typeof hit.inputs]).toEqual(['R-', true, 'object'])
  const without = read
    .prepare(
      `SELECT count(*) FROM list_entry l WHERE l.state <> 'S0'
       AND NOT EXISTS (SELECT 1 FROM state_change c WHERE c.list_entry_id = l.id AND c.to_state = l.state)`,
    )
    .pluck()
    .get()
  expect(without).toBe(0)
})

test('closed entries have the whole way behind them, dated in its order, and count what was accepted', () => {
  const { read } = demo.store
  const ways = read
    .prepare(
      `SELECT l.state, group_concat(s.from_state || s.to_state, ' ' ORDER BY s.happened_on, s.at) AS way, l.counted_at,
         max(s.happened_on) FILTER (WHERE s.to_state = 'S7') AS closed_on
       FROM list_entry l LEFT JOIN state_change s ON s.list_entry_id = l.id WHERE l.state IN ('S7', 'S8') GROUP BY l.id`,
    )
    .all() as { state: string; way: string; counted_at: string; closed_on: string }[]
  const closed = 'S0S1 S1S2 S2S3 S3S4 S4S5 S5S6 S6S7'
  expect(ways.length).toBeGreaterThan(100)
  for (const { state, way, counted_at, closed_on } of ways)
    expect([way, counted_at]).toEqual([state === 'S7' ? closed : `${closed} S7S8`, closed_on])
  // Nothing of the work is later than the day it was closed on.
  const late = read
    .prepare(
      `SELECT count(*) FROM list_entry l JOIN plan p ON p.enterprise_id = l.enterprise_id
       LEFT JOIN measure m ON m.plan_id = p.id LEFT JOIN milestone d ON d.plan_id = p.id LEFT JOIN approval o ON o.plan_id = p.id
       LEFT JOIN reclamation r ON r.plan_id = p.id LEFT JOIN attachment a ON a.owner_id = l.enterprise_id
       WHERE l.state IN ('S7', 'S8') AND (max(coalesce(m.done_at, ''), coalesce(d.date_actual, ''), coalesce(o.decided_on, ''),
         coalesce(r.accepted_on, '')) > l.counted_at OR substr(a.taken_at, 1, 10) > l.counted_at)`,
    )
    .pluck()
    .get()
  expect(late).toBe(0)
  const events = countedEvents(read)
  expect(events.filter(event => event.basis === 'earlier')).toEqual([])
  expect(events.filter(event => event.what === 'enterprise').length).toBe(ways.length)
})

test('every picture is another one, can be shown, and is no foreign file', async () => {
  const { rows, total } = listPhotos(demo.store.read, { limit: 20_000 })
  expect(total).toBe(rows.length)
  expect(new Set(rows.map(row => row.sha256)).size).toBe(rows.length)
  expect(rows.every(row => hasPicture(demo.store.file, row))).toBe(true)
  const asset = (await photoAsset(demo.store, rows[0]!.id, 'original'))!
  expect(createHash('sha256').update(asset.bytes).digest('hex')).toBe(rows[0]!.sha256)
  expect(hasPicture(demo.store.file, { file_name: rows[0]!.file_name, sha256: '0'.repeat(64) })).toBe(false)
  expect(await checkOriginals(demo.store)).toEqual([])
})

test('opening it years later moves nobody by the calendar', async () => {
  expect(await runDueSteps(demo.store)).toBe(0)
})

test('it comes out the same on every machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-demo-twice-'))
  try {
    await buildDemo(join(folder, 'demo.lowland'))
    const dump = (db: Database.Database): string => {
      const hash = createHash('sha256')
      for (const table of ['parcel', 'enterprise', 'plan', 'survey_visit', 'attachment', 'state_change', 'reclamation'])
        for (const row of db.prepare(`SELECT * FROM ${table} ORDER BY pk`).iterate()) hash.update(JSON.stringify(row))
      return hash.digest('hex')
    }
    const again = new Database(join(folder, 'demo.lowland'), { readonly: true })
    expect(dump(again)).toBe(dump(demo.store.read))
    again.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
