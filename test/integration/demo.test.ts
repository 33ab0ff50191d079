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

test('entries keep the hits that they were listed for, in words; those on their way have their steps', () => {
  const { read } = demo.store
  const rows = read.prepare('SELECT state, hit_rules FROM list_entry').all() as { state: string; hit_rules: string }[]
  const hits = rows.map(row => JSON.parse(row.hit_rules) as { id: string; zh: string; inputs: object }[])
  expect(hits.filter(found => found.length > 0).length).toBeGreaterThan(rows.length * 0.3)
  for (const hit of hits.flat())
    expect([hit.id.slice(0, 2), hit.zh.length > 4, typeof hit.inputs]).toEqual(['R-', true, 'object'])
  // Closed ones come from the list that was kept before: counted by what was imported with them, without steps.
  const without = read
    .prepare(
      `SELECT count(*) FROM list_entry l WHERE l.state NOT IN ('S0', 'S7', 'S8')
       AND NOT EXISTS (SELECT 1 FROM state_change c WHERE c.list_entry_id = l.id AND c.to_state = l.state)`,
    )
    .pluck()
    .get()
  expect(without).toBe(0)
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
