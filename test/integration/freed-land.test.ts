/** 可供地清单 of the demo county: proposals against SQL over the raw tables, the ledger's edits, filters and files. */
import { createRouterClient, type RouterClient } from '@orpc/server'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore, type Store } from '../../service/db/store.ts'
import { acceptProposals } from '../../service/freed/freed-methods.ts'
import { freedLedger } from '../../service/freed/freed-view.ts'
import { takeStep } from '../../service/loop/steps.ts'
import { createService, type Service } from '../../service/service.ts'
import { FREED_STATUSES } from '../../shared/contract/freed.ts'
import {
  acceptanceEvidence,
  agree,
  fileEvidence,
  type LoopRole,
  openLoopWorld,
  PUBLISHED,
  planEvidence,
  workEvidence,
} from '../support/loop-world.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

let demo: DemoFixture
let service: Service
/** `measure` is the id of the proof: a measure, or a reclamation. */
let expected: { parcel_id: string; measure: string; area: number; source?: 'reclamation' | 'acceptance' }[]
let client: RouterClient<Service['router']>

beforeAll(async () => {
  demo = await openDemo()
  // M4 counts once vacated and demolished; all land of the plan that the enterprise does not rent, up to the measure's area.
  expected = vacated(demo.store)
  expected.push(...reclaimed(demo.store, expected))
  expected.push(...accepted(demo.store, expected))
  demo.store.close()
  service = await createService({
    surveyFile: demo.store.file,
    dataFolder: `${demo.folder}/data`,
    resourcesFolder: 'resources',
    appVersion: 'test',
    now: () => new Date('2022-12-05T02:00:00Z'),
  })
  client = createRouterClient(service.router)
  await client.survey.setProfile({ user: '甲', role: 'manager', unit: null })
}, 60_000)
afterAll(() => {
  service.close()
  demo.close()
})

function vacated(store: Store): typeof expected {
  const rows = store.read
    .prepare(
      `SELECT n.id AS plan, j.value AS parcel_id, m.id AS measure, m.area_mu * 2000 / 3 AS wanted, p.area_m2 AS area
       FROM plan n JOIN measure m ON m.plan_id = n.id AND m.type = 'M4' JOIN list_entry l ON l.enterprise_id = n.enterprise_id,
         json_each(n.parcel_ids) j JOIN parcel p ON p.id = j.value
       WHERE n.status = 'approved' AND l.state NOT IN ('S0', 'S1', 'S2', 'SX')
         AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.parcel_id = p.id AND o.enterprise_id = n.enterprise_id AND o.role = 'TENANT' AND o.deleted = 0)
         AND (SELECT count(DISTINCT k.type) FROM milestone k WHERE k.plan_id = n.id AND k.type IN ('vacated', 'demolished')
           AND k.date_actual IS NOT NULL) = 2 ORDER BY n.pk, j.key`,
    )
    .all() as { plan: string; parcel_id: string; measure: string; wanted: number | null; area: number }[]
  const left = new Map<string, number>()
  return rows.flatMap(({ plan, parcel_id, measure, wanted, area }) => {
    const rest = left.get(plan) ?? wanted ?? Number.POSITIVE_INFINITY
    const taken = Math.min(rest, area)
    left.set(plan, rest - taken)
    return taken > 1e-6 ? [{ parcel_id, measure, area: taken }] : []
  })
}

/** M10 counts at its acceptance what the M4 of the same plan had left of a parcel. */
function reclaimed(store: Store, before: typeof expected): typeof expected {
  const rows = store.read
    .prepare(
      `SELECT r.id AS measure, r.parcel_id, r.area_m2 AS area, p.area_m2 AS whole FROM reclamation r JOIN plan n ON n.id = r.plan_id
       JOIN parcel p ON p.id = r.parcel_id JOIN list_entry l ON l.enterprise_id = n.enterprise_id
       WHERE n.status = 'approved' 
         AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.parcel_id = p.id AND o.enterprise_id = n.enterprise_id AND o.role = 'TENANT')`,
    )
    .all() as { measure: string; parcel_id: string; area: number; whole: number }[]
  return rows.flatMap(({ measure, parcel_id, area, whole }) => {
    const taken = before.filter(row => row.parcel_id === parcel_id).reduce((sum, row) => sum + row.area, 0)
    const rest = Math.min(area, whole - taken)
    return rest >= 1 ? [{ parcel_id, measure, area: rest, source: 'reclamation' as const }] : []
  })
}

/** A closing frees the rest of the accepted land where the enterprise goes, and none where it stays. */
function accepted(store: Store, before: typeof expected): typeof expected {
  const rows = store.read
    .prepare(
      `SELECT a.id AS measure, p.id AS parcel_id, min(p.area_m2, json_extract(j.value, '$.area_m2')) AS area
       FROM list_entry l JOIN plan n ON n.enterprise_id = l.enterprise_id JOIN acceptance a ON a.plan_id = n.id,
         json_each(a.accepted_land) j JOIN parcel p ON p.id = json_extract(j.value, '$.parcel_id')
       WHERE l.state IN ('S7', 'S8')
         AND NOT EXISTS (SELECT 1 FROM measure m WHERE m.plan_id = n.id AND m.type IN ('M1', 'M2', 'M3', 'M6', 'M8'))
         AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.parcel_id = p.id AND o.enterprise_id = n.enterprise_id AND o.role = 'TENANT')`,
    )
    .all() as { measure: string; parcel_id: string; area: number }[]
  return rows.flatMap(row => {
    const taken = before.filter(({ parcel_id }) => parcel_id === row.parcel_id).reduce((sum, { area }) => sum + area, 0)
    return row.area - taken >= 1 ? [{ ...row, area: row.area - taken, source: 'acceptance' as const }] : []
  })
}

test('what is proposed is what the raw tables prove, each with its record', async () => {
  const list = await client.freed.list({ limit: 20_000 })
  expect(expected.length).toBeGreaterThan(5)
  const key = (row: { parcel_id: string; measure: string }) => `${row.measure}:${row.parcel_id}`
  expect(list.rows.map(row => `${row.source_id}:${row.parcel_id}`).sort()).toEqual(expected.map(key).sort())
  for (const row of list.rows) {
    const proof = expected.find(other => key(other) === `${row.source_id}:${row.parcel_id}`)!
    const source_entity = proof.source ?? 'measure'
    if (proof.source !== 'acceptance') expect(row.source).toBe(proof.source === 'reclamation' ? 'reclaimed' : 'vacated')
    expect(row).toMatchObject({ status: 'proposed', source_entity, id: null })
    expect(row.area_m2).toBeCloseTo(proof.area, 6)
  }
  expect(list.total).toBe(expected.length)
  // Every closing of the demo names its parcels.
  expect(list.unplaced_m2).toBe(0)
})

test('taken in as one step that undo takes back, edited, filtered, counted and written with the same totals', async () => {
  const { rows } = await client.freed.list({ limit: 20_000 })
  const two = rows.slice(0, 2).map(row => row.key)
  const { created } = await client.freed.accept({ keys: [...two, 'measure:none:none'] })
  expect(created).toBe(2)
  await client.edits.undo()
  expect((await client.freed.list({ filter: { statuses: ['available'] } })).total).toBe(0)
  const all = await client.freed.accept({})
  expect(all.created).toBe(expected.length)
  expect(await client.freed.accept({})).toEqual({ edit: null, created: 0, ids: [] })

  const [first] = (await client.freed.list({ sort: { field: 'area_m2', descending: true } })).rows
  const { id, rev } = first!
  const values = {
    project_name: '高端装备一期',
    investor: '示例投资',
    signed_on: '2022-11-02',
    area_m2: first!.area_m2! + 100,
  }
  await client.records.update({ entity: 'freed_land', id: id!, base_rev: rev, values })
  const signed = await client.freed.list({ filter: { text: '高端装备', statuses: ['signed'] } })
  expect(signed.rows).toHaveLength(1)
  expect(signed.rows[0]!.problems).toContain('evidence_less')

  const list = await client.freed.list({ limit: 20_000 })
  for (const { status, count, area_m2 } of list.counts) {
    const own = await client.freed.list({ filter: { statuses: [status] }, limit: 20_000 })
    expect([own.total, own.rows.length]).toEqual([count, count])
    expect(own.area_m2).toBeCloseTo(area_m2, 6)
  }
  expect(list.counts.map(entry => entry.status)).toEqual([...FREED_STATUSES])

  const job = await client.freed.report({ out: `${demo.folder}/out`, formats: ['xlsx', 'pdf', 'docx'] })
  let step = await job.next()
  while (!step.done) step = await job.next()
  expect(step.value.written).toBe(list.total)
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(step.value.files[0]!)
  const cells: unknown[][] = []
  book.worksheets[0]!.eachRow(row => cells.push(row.values as unknown[]))
  const head = cells.find(row => row.includes('序号'))!
  const totals = cells.find(row => row.includes('合计'))!
  const at = (title: string) => head.indexOf(title)
  expect(totals[at('可供面积(m²)')]).toBeCloseTo(list.area_m2, 6)
  expect(totals[at('可供面积(亩)')]).toBeCloseTo((list.area_m2 * 3) / 2000, 6)
  expect(cells.filter(row => String(row[at('依据')]).startsWith('措施：'))).toHaveLength(
    expected.filter(({ source }) => source === undefined).length,
  )
}, 60_000)

test('the same land taken in on two laptops: both rows say so, keep keys of their own, and the printed list says so', async () => {
  const [row] = (await client.freed.list({ filter: { statuses: ['available'] }, limit: 1 })).rows
  const { parcel_id, source, source_entity, source_id, area_m2, available_on } = row!
  const values = { parcel_id, source, source_entity, source_id, area_m2, available_on }
  const before = await client.freed.list({ limit: 20_000 })
  await client.records.create({ entity: 'freed_land', values })
  const { rows, area_m2: total } = await client.freed.list({ limit: 20_000 })
  expect(rows).toHaveLength(before.rows.length + 1)
  expect(total).toBeCloseTo(before.area_m2, 6)
  const both = rows.filter(each => each.source_id === source_id && each.parcel_id === parcel_id)
  expect(both.map(each => each.problems.includes('recorded_twice'))).toEqual([true, true])
  expect(new Set(rows.map(each => each.key)).size).toBe(rows.length)
  const job = await client.freed.report({ out: `${demo.folder}/twice`, formats: ['xlsx'] })
  let step = await job.next()
  while (!step.done) step = await job.next()
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(step.value.files[0]!)
  const words: string[] = []
  book.worksheets[0]!.eachRow(line => words.push(String(line.getCell(1).value)))
  expect(words.filter(text => text.startsWith('提示：2 行为重复登记的土地'))).toHaveLength(1)
  const printed: unknown[][] = []
  book.worksheets[0]!.eachRow(line => printed.push(line.values as unknown[]))
  const at = printed.find(line => line.includes('序号'))!.indexOf('可供面积(m²)')
  expect(printed.find(line => line.includes('合计'))![at]).toBeCloseTo(before.area_m2, 6)
  await client.edits.undo()
  const after = await client.freed.list({ limit: 20_000 })
  expect(after.rows.filter(each => each.problems.includes('recorded_twice'))).toEqual([])
})

test('one click keeps one of the rows: empty fields come from the others, photos follow, one undo brings all back', async () => {
  const [row] = (await client.freed.list({ filter: { statuses: ['available'] }, limit: 1 })).rows
  const { parcel_id, source, source_entity, source_id, area_m2, available_on } = row!
  const values = { parcel_id, source, source_entity, source_id, area_m2, available_on }
  await expect(client.freed.keepOne({ id: row!.id! })).rejects.toMatchObject({ details: { reason: 'freed_not_twice' } })
  const stated = { project_name: '甲项目', signed_on: '2022-11-20', plan_use: '二类工业用地', remark: '已平整' }
  const { id: other } = await client.records.create({ entity: 'freed_land', values: { ...values, ...stated } })
  const { id: third } = await client.records.create({
    entity: 'freed_land',
    values: { ...values, project_name: '乙项目', investor: '丙公司' },
  })
  const { id: gone } = await client.records.create({
    entity: 'freed_land',
    values: { ...values, withdrawn: true, investment: 9 },
  })
  const photo = {
    file_name: 'a.jpg',
    owner_entity: 'freed_land',
    owner_id: other,
    sha256: '0'.repeat(64),
    size: 1,
    mime: 'image/jpeg',
  }
  const { id: picture } = await client.records.create({ entity: 'attachment', values: photo })
  const before = await client.freed.list({ limit: 20_000 })
  const kept = await client.freed.keepOne({ id: row!.id! })
  expect([...kept.removed].sort()).toEqual([other, third].sort())
  expect(kept.lost).toContain('project_name')
  const after = await client.freed.list({ limit: 20_000 })
  const own = after.rows.find(each => each.id === row!.id)!
  // What the kept row said stands; what it lacked is that of the row taken in first.
  expect(own).toMatchObject({
    project_name: '甲项目',
    investor: '丙公司',
    signed_on: '2022-11-20',
    remark: '已平整',
    plan_use: row!.plan_use ?? '二类工业用地',
    investment: null,
    status: 'signed',
  })
  expect(after.rows.filter(each => each.problems.includes('recorded_twice'))).toEqual([])
  expect(after.area_m2).toBeCloseTo(before.area_m2, 6)
  expect(after.rows.some(each => each.id === gone)).toBe(true)
  expect((await client.records.get({ entity: 'attachment', id: picture }))['owner_id']).toBe(row!.id)
  expect((await client.records.history({ entity: 'freed_land', id: other })).length).toBeGreaterThan(1)
  await client.edits.undo()
  const back = await client.freed.list({ limit: 20_000 })
  expect(back).toEqual({ ...before, rows: before.rows.map(each => ({ ...each, rev: expect.any(Number) })) })
  expect((await client.records.get({ entity: 'attachment', id: picture }))['owner_id']).toBe(other)
  for (const _ of [picture, gone, third, other]) await client.edits.undo()
})

test('the closed loop walked: an accepted plan frees its land, a rebound takes the evidence away and the row says so', async () => {
  const world = openLoopWorld()
  try {
    const { store } = world
    const one = await world.enterprise('A', 'inside')
    const step = async (name: string, role: LoopRole, more: object = {}, department?: string) => {
      world.as(role, department)
      await takeStep(store, { step: name, enterprise_ids: [one.id], ...more })
    }
    await step('start', 'township')
    await fileEvidence(world, one.id)
    await step('file', 'township')
    world.pass(10)
    await step('list', 'manager', { values: PUBLISHED })
    const plan = await planEvidence(world, one.id, [one.parcel], 'UPGRADE', ['M4'])
    await step('submit', 'township')
    await agree(world, plan, 'JX')
    await agree(world, plan, 'ZG')
    await step('approve', 'manager')
    expect(freedLedger(store.read).rows).toEqual([])
    await workEvidence(world, one.id, plan, [one.parcel])
    const [row] = freedLedger(store.read).rows
    expect(row).toMatchObject({ status: 'proposed', source: 'vacated', condition: 'demolished', parcel_id: one.parcel })
    await acceptProposals(store, undefined)
    await step('finish', 'township')
    const area = store.read.prepare('SELECT area_m2 FROM parcel WHERE id = ?').pluck().get(one.parcel) as number
    await acceptanceEvidence(world, one.id, plan, [{ parcel_id: one.parcel, area_m2: area }])
    await step('close', 'department', {}, 'ZG')
    expect(freedLedger(store.read).rows.map(each => [each.status, each.problems])).toEqual([['available', []]])
    // Out of the list: what it had counted is taken back, and with it the proof.
    await step('remove', 'manager', { values: { doc_no: '兰经信〔2022〕9号' }, reason: '政策调整' })
    expect(freedLedger(store.read).rows.map(each => each.problems)).toEqual([['evidence_gone']])
  } finally {
    world.close()
  }
})

test('a part that was split off and left by its enterprise is proposed with the parcel itself as its record', async () => {
  const store = openStore(
    demo.store.file.replace('demo.lowland', 'split.lowland'),
    {
      now: () => new Date('2022-12-05T02:00:00Z'),
      newId: () => crypto.randomUUID(),
      profile: () => ({ user: '甲', role: 'manager', unit: null, device: 'd' }),
    },
    { create: true },
  )
  try {
    const ring = (west: number) => ({
      coordinates: Float64Array.from([west, 29.2, west + 0.001, 29.2, west + 0.001, 29.201, west, 29.201, west, 29.2]),
      ringEnds: Uint32Array.from([5]),
      polygonEnds: Uint32Array.from([1]),
    })
    const { result } = await store.mutate({ label: 'made' }, tx => {
      const enterprise_id = tx.create('enterprise', { code: 'A', name: '甲厂', unit: 'U' })
      const parent = tx.create('parcel', { code: 'P', unit: 'U' }, ring(119.4))
      const parts = ['P-1', 'P-2'].map((code, index) =>
        tx.create('parcel', { code, unit: 'U', parent_id: parent }, ring(119.4 + index * 0.002)),
      )
      const links = parts.map(parcel_id => tx.create('occupancy', { enterprise_id, parcel_id, role: 'OWNER' }))
      return { parts, links }
    })
    expect(freedLedger(store.read).rows).toEqual([])
    await store.mutate({ label: 'left' }, tx => tx.remove('occupancy', result.links[1]!))
    expect(freedLedger(store.read).rows).toMatchObject([
      {
        status: 'proposed',
        source: 'split',
        source_entity: 'parcel',
        source_id: result.parts[1],
        available_on: '2022-12-05',
        condition: null,
      },
    ])
  } finally {
    store.close()
  }
})
