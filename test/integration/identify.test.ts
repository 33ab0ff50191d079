/** Identification on the demo county: counts against SQL written here, re-runs that change nothing, entries that stay frozen. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { get } from '../../service/db/sql.ts'
import type { Store } from '../../service/db/store.ts'
import { applyInverse } from '../../service/db/undo.ts'
import { currentRules, identify, saveRules } from '../../service/identify/identify.ts'
import { DEFAULT_RULE_SET } from '../../shared/rules/identify/rule-set.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

let demo: DemoFixture
let store: Store

beforeAll(async () => {
  demo = await openDemo()
  store = demo.store
}, 60_000)
afterAll(() => demo.close())

const run = (input: Partial<Parameters<typeof identify>[1]> = {}) =>
  identify(store, { dry_run: false, ...input }, createJobControl())
const count = (sql: string): number => get<{ n: number }>(store.read, sql)!.n
const entries = () =>
  store.read
    .prepare('SELECT id, enterprise_id, state, hit_rules FROM list_entry WHERE deleted = 0 ORDER BY id')
    .all() as {
    id: string
    enterprise_id: string
    state: string
    hit_rules: string
  }[]

/** Enterprises of the screened industries and sizes, by plain SQL. */
const SCREENED = `FROM enterprise e JOIN enterprise_year y ON y.enterprise_id = e.id AND y.year = 2022 AND y.deleted = 0
  WHERE e.deleted = 0 AND e.op_status <> 'not_started'
    AND CAST(substr(ltrim(e.industry_code, 'C'), 1, 2) AS INTEGER) BETWEEN 13 AND 43
    AND NOT (y.scale = 'below' AND y.land_mu_actual IS NOT NULL AND y.land_mu_actual < 3)`

test('a dry run counts like SQL and writes nothing', async () => {
  const before = entries()
  const result = await run({ dry_run: true })
  expect(result.year).toBe(2022)
  expect(result.enterprises).toBe(count('SELECT count(*) AS n FROM enterprise WHERE deleted = 0'))
  const hitsOf = (rule: string) => result.candidates.filter(entry => entry.rules.some(hit => hit.id === rule)).length
  const low = 'y.land_mu_actual > 0 AND y.tax / y.land_mu_actual <'
  expect(hitsOf('R-01')).toBe(count(`SELECT count(*) AS n ${SCREENED} AND y.scale = 'above' AND ${low} 5`))
  expect(hitsOf('R-02')).toBe(count(`SELECT count(*) AS n ${SCREENED} AND y.scale = 'below' AND ${low} 1`))
  expect(hitsOf('R-03')).toBe(count(`SELECT count(*) AS n ${SCREENED} AND e.in_park = 1 AND ${low} 5`))
  expect(hitsOf('R-05')).toBe(
    count(`SELECT count(*) AS n ${SCREENED} AND y.scale = 'below' AND y.land_mu_actual >= 10`),
  )
  expect(hitsOf('R-01')).toBeGreaterThan(10)
  const judged = result.candidates.filter(candidate => candidate.outcome !== 'none')
  expect(result.listed + result.watch + result.flagged + result.excluded).toBe(judged.length)
  expect(result.candidates.filter(candidate => candidate.undecided.length > 0)).toHaveLength(result.undecided)
  expect(entries()).toEqual(before)
})

test('candidates are S0 with their inputs; a second run changes nothing; what people took further stays as it was', async () => {
  const further = entries().filter(entry => entry.state !== 'S0')
  expect(further.length).toBeGreaterThan(0)
  const first = await run()
  expect(first.added).toBeGreaterThan(0)
  const after = entries()
  expect(after.filter(entry => further.some(other => other.id === entry.id))).toEqual(further)
  const hits = after.filter(entry => entry.state === 'S0').map(entry => JSON.parse(entry.hit_rules) as { id: string }[])
  expect(hits.every(list => list.length > 0)).toBe(true)
  expect(new Set(after.map(entry => entry.enterprise_id)).size).toBe(after.length)
  const again = await run()
  expect([again.added, again.updated, again.withdrawn]).toEqual([0, 0, 0])
  expect(entries()).toEqual(after)
})

test('a stricter rule brings enterprises in, a milder one withdraws them, and undo brings them back', async () => {
  const thresholds = (value: number) => ({
    ...DEFAULT_RULE_SET,
    rules: DEFAULT_RULE_SET.rules.map(rule => (rule.id === 'R-01' ? { ...rule, thresholds: [{ value }] } : rule)),
  })
  const tried = await run({ dry_run: true, rule_set: thresholds(30) })
  expect(tried.incoming.length).toBeGreaterThan(0)
  expect(tried.outgoing).toEqual([])
  await saveRules(store, { name: '2022 年规则', rule_set: thresholds(0) })
  expect(currentRules(store.read)).toMatchObject({ version: 1, name: '2022 年规则' })
  const before = entries()
  const milder = await run()
  expect(milder.withdrawn).toBeGreaterThan(0)
  expect(milder.rule_set_version).toBe(1)
  const { id, seq } = get<{ id: string; seq: number }>(
    store.read,
    "SELECT id, seq FROM edit WHERE label = 'identified' ORDER BY seq DESC LIMIT 1",
  )!
  await store.mutate({ label: 'undo', kind: 'undo', undoOf: id }, tx => applyInverse(tx, seq))
  expect(entries()).toEqual(before)
})

test('a broken rule set is refused by name', async () => {
  await store.mutate({ label: 'x' }, tx =>
    tx.create('rule_set', { name: '坏规则', version: 9, rules: { rules: [{ id: 'R-77' }] }, active: true }),
  )
  await expect(run({ dry_run: true })).rejects.toMatchObject({ details: { reason: 'rule_set_broken' } })
})
