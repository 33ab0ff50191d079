import { afterEach, beforeEach, expect, test } from 'vitest'
import { countedEvents } from '../../service/loop/count-repo.ts'
import { loopProblems } from '../../service/loop/loop-view.ts'
import { runDueSteps, takeStep } from '../../service/loop/steps.ts'
import { divide } from '../../service/parcels/parcel-edits.ts'
import { splitAlong } from '../../shared/geometry/edit/divide.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf, toFlat } from '../../shared/geometry/types.ts'
import { countTotals } from '../../shared/rules/closed-loop/counting.ts'
import {
  acceptanceEvidence,
  agree,
  figures,
  fileEvidence,
  type LoopRole,
  type LoopWorld,
  openLoopWorld,
  PUBLISHED,
  photo,
  planEvidence,
  workEvidence,
} from '../support/loop-world.ts'

let world: LoopWorld
beforeEach(() => {
  world = openLoopWorld()
})
afterEach(() => world.close())

async function step(id: string, name: string, role: LoopRole, more: object = {}, department?: string) {
  world.as(role, department)
  await takeStep(world.store, { step: name, enterprise_ids: [id], ...more })
}

const stateOf = (id: string) =>
  (world.store.read.prepare('SELECT state FROM enterprise WHERE id = ?').get(id) as { state: string }).state
const areaOf = (id: string) =>
  (world.store.read.prepare('SELECT area_m2 FROM parcel WHERE id = ?').get(id) as { area_m2: number }).area_m2

/** Brings an enterprise to S7 by every step, and returns its plan. */
async function walk(id: string, parcel: string, route: string, measures: readonly string[]): Promise<string> {
  await step(id, 'start', 'township')
  await fileEvidence(world, id)
  await step(id, 'file', 'township')
  world.pass(10)
  await step(id, 'list', 'manager', { values: PUBLISHED })
  const plan = await planEvidence(world, id, [parcel], route, measures)
  await step(id, 'submit', 'township')
  await agree(world, plan, 'JX')
  await agree(world, plan, 'ZG')
  await step(id, 'approve', 'manager')
  world.pass(60)
  await workEvidence(world, id, plan, [parcel])
  await step(id, 'finish', 'township')
  await acceptanceEvidence(world, id, plan, [{ parcel_id: parcel, area_m2: areaOf(parcel) }])
  await step(id, 'close', 'department', {}, 'ZG')
  return plan
}

test('an upgrade inside and an exit outside walk the whole loop; land and parcel show the state and count once', async () => {
  const inside = await world.enterprise('A', 'inside')
  const outside = await world.enterprise('B', 'outside')
  const planA = await walk(inside.id, inside.parcel, 'UPGRADE', ['M6', 'M8'])
  await walk(outside.id, outside.parcel, 'EXIT_RECLAIM', ['M4', 'M10'])
  expect([stateOf(inside.id), stateOf(outside.id)]).toEqual(['S7', 'S7'])
  const parcelState = world.store.read.prepare('SELECT state FROM parcel WHERE id = ?').get(inside.parcel)
  expect(parcelState).toEqual({ state: 'S7' })
  const totals = countTotals(countedEvents(world.store.read), '2022-01-01', '2022-12-31')
  expect(totals.enterprises).toBe(2)
  expect(totals.land_m2).toBeCloseTo(areaOf(inside.parcel) + areaOf(outside.parcel), 6)
  expect(totals.upgraded_m2).toBeCloseTo(areaOf(inside.parcel), 6)
  expect(totals.energy_tce).toBe(60)
  expect(planA).toBeTruthy()
})

test('every step is recorded with author, role, time and reason, and is one step of undo', async () => {
  const { id } = await world.enterprise('A', 'inside')
  await step(id, 'start', 'township')
  await fileEvidence(world, id)
  await step(id, 'exclude', 'manager', {
    values: { exclusion_reason: 'public', doc_no: '兰经信〔2022〕9号' },
    reason: '供水企业',
  })
  expect(stateOf(id)).toBe('SX')
  const rows = world.store.read
    .prepare('SELECT from_state, to_state, author, role, department, reason, doc_no FROM state_change ORDER BY pk')
    .all()
  expect(rows).toEqual([
    {
      from_state: 'S0',
      to_state: 'S1',
      author: '张三',
      role: 'township',
      department: null,
      reason: null,
      doc_no: null,
    },
    {
      from_state: 'S1',
      to_state: 'SX',
      author: '张三',
      role: 'manager',
      department: 'JX',
      reason: '供水企业',
      doc_no: '兰经信〔2022〕9号',
    },
  ])
})

test('a missing piece of evidence, a wrong role and a wrong order are refused, and nothing is written', async () => {
  const { id, entry } = await world.enterprise('A', 'inside')
  await expect(step(id, 'start', 'manager')).rejects.toMatchObject({ details: { reason: 'not_yours_township' } })
  await step(id, 'start', 'township')
  await expect(step(id, 'file', 'township')).rejects.toMatchObject({
    code: 'refused',
    details: { reason: 'step_incomplete', values: { keys: 'visit,photos,land_mu_actual,tax_year' } },
  })
  await expect(step(id, 'close', 'manager')).rejects.toMatchObject({ details: { reason: 'no_such_step' } })
  for (const state of ['S2', 'S7'] as const) {
    world.as('manager')
    await expect(
      world.store.mutate({ label: 'x' }, tx => tx.update('list_entry', entry, { state })),
    ).rejects.toMatchObject({ code: 'refused' })
  }
  await expect(
    world.store.mutate({ label: 'x' }, tx => tx.update('enterprise', id, { state: 'S7' })),
  ).rejects.toMatchObject({ details: { reason: 'derived_field' } })
  expect(stateOf(id)).toBe('S1')
})

test('a batch is published as one step or not at all', async () => {
  const made = [await world.enterprise('A', 'inside'), await world.enterprise('B', 'inside')]
  for (const { id } of made) {
    await step(id, 'start', 'township')
    await fileEvidence(world, id)
    await step(id, 'file', 'township')
  }
  const ids = made.map(({ id }) => id)
  world.as('manager')
  const publish = { step: 'list', enterprise_ids: ids, values: PUBLISHED }
  await expect(takeStep(world.store, publish)).rejects.toMatchObject({
    details: { reason: 'step_incomplete', values: { keys: 'publicity_open' } },
  })
  world.pass(10)
  await world.store.mutate({ label: 'x' }, tx => tx.update('parcel', made[1]!.parcel, { disputed: true }))
  await expect(takeStep(world.store, publish)).rejects.toMatchObject({ details: { values: { keys: 'disputed' } } })
  expect(ids.map(stateOf)).toEqual(['S2', 'S2'])
  await world.store.mutate({ label: 'x' }, tx => tx.update('parcel', made[1]!.parcel, { disputed: false }))
  const { edit } = await takeStep(world.store, publish)
  expect(ids.map(stateOf)).toEqual(['S3', 'S3'])
  expect(edit).toBeTruthy()
})

test('proof of a closed entry cannot be taken away, and a closed entry cannot be deleted', async () => {
  const { id, parcel, entry } = await world.enterprise('A', 'outside')
  const plan = await walk(id, parcel, 'EXIT_RECLAIM', ['M4', 'M10'])
  world.as('manager')
  const { store } = world
  const one = (table: string, where: string) =>
    (store.read.prepare(`SELECT id FROM ${table} WHERE deleted = 0 AND ${where} LIMIT 1`).get() as { id: string }).id
  const proofs = [
    ['acceptance', one('acceptance', '1')],
    ['reclamation', one('reclamation', '1')],
    ['attachment', one('attachment', "kind = 'power_cut'")],
    ['attachment', one('attachment', "kind = 'joint_acceptance'")],
    ['plan', plan],
    ['state_change', one('state_change', "to_state = 'S7'")],
    ['list_entry', entry],
  ] as const
  for (const [entity, record] of proofs) {
    await expect(
      store.mutate({ label: 'x' }, tx => tx.remove(entity, record)),
      entity,
    ).rejects.toMatchObject({
      code: 'refused',
    })
  }
  await expect(
    store.mutate({ label: 'x' }, tx => tx.update('acceptance', one('acceptance', '1'), { conclusion: 'failed' })),
  ).rejects.toMatchObject({ details: { reason: 'proof_in_use' } })
  expect(stateOf(id)).toBe('S7')
})

test('the land of a listed enterprise can be divided: its plan follows, and that is no loss of proof', async () => {
  const { id, parcel } = await world.enterprise('A', 'inside')
  const plan = await walk(id, parcel, 'UPGRADE', ['M6', 'M8'])
  world.as('township')
  const { store } = world
  const { rev, geometry } = store.read.prepare('SELECT rev, geometry FROM parcel WHERE id = ?').get(parcel) as {
    rev: number
    geometry: Uint8Array
  }
  const [west, south, east, north] = boxOf(decodeGeometry(geometry))
  const line: [number, number][] = [
    [(west + east) / 2, south - 1e-4],
    [(west + east) / 2, north + 1e-4],
  ]
  const { ids } = await divide(store, { id: parcel, base_rev: rev }, ({ polygons }) => splitAlong(polygons, line), {
    label: 'parcel_split_at_boundary',
    keepsMark: false,
  })
  expect(ids).toHaveLength(2)
  const { parcel_ids } = store.read.prepare('SELECT parcel_ids FROM plan WHERE id = ?').get(plan) as {
    parcel_ids: string
  }
  expect(JSON.parse(parcel_ids)).toEqual(ids)
  expect(stateOf(id)).toBe('S7')
})

test('look-backs come up by themselves; a rebound goes back to work and is taken back in its month', async () => {
  const { id, parcel } = await world.enterprise('A', 'inside')
  await walk(id, parcel, 'UPGRADE', ['M6'])
  expect(await runDueSteps(world.store)).toBe(0)
  world.pass(181)
  expect(await runDueSteps(world.store)).toBe(1)
  expect(stateOf(id)).toBe('S8')
  await expect(step(id, 'stable', 'manager')).rejects.toMatchObject({ details: { reason: 'step_incomplete' } })
  const lookBack = world.store.read.prepare('SELECT id FROM look_back ORDER BY due_date LIMIT 1').get() as {
    id: string
  }
  await photo(world, id)
  await world.store.mutate({ label: 'x' }, tx =>
    tx.update('look_back', lookBack.id, { done_at: world.today(), result: 'rebound' }),
  )
  await expect(step(id, 'stable', 'manager')).rejects.toMatchObject({
    details: { values: { keys: 'look_back_stable' } },
  })
  await step(id, 'rebound', 'manager', { reason: '设备回流' })
  expect(stateOf(id)).toBe('S5')
  const events = countedEvents(world.store.read)
  const closed = events.find(event => event.basis === 'closing')!.on
  const found = world.today()
  expect(closed.slice(0, 7)).not.toBe(found.slice(0, 7))
  const month = (day: string) => countTotals(events, `${day.slice(0, 7)}-01`, `${day.slice(0, 7)}-31`)
  expect(month(closed)).toMatchObject({ enterprises: 1 })
  expect(month(found)).toMatchObject({ enterprises: -1, rebounds: 1 })
  expect(month(found).land_m2).toBeCloseTo(-areaOf(parcel), 6)
  await figures(world, id, 2023, { tax: 1 })
})

test('merged data are not refused but named: a state without its evidence', async () => {
  const { id, entry } = await world.enterprise('A', 'inside')
  await world.store.mutate({ label: 'x', kind: 'remote' }, tx => tx.update('list_entry', entry, { state: 'S7' }))
  expect(stateOf(id)).toBe('S7')
  const [found] = loopProblems(world.store.read, world.today())
  expect(found?.facts.enterprise.id).toBe(id)
  expect(found?.problems.map(problem => problem.key)).toEqual(
    expect.arrayContaining(['visit', 'listed_doc', 'plan', 'check']),
  )
})

test('contradictions are said, not dropped: one photo for two, areas that cannot be, a plan past its list year', async () => {
  const { store } = world
  const a = await world.enterprise('A', 'outside')
  const b = await world.enterprise('B', 'outside')
  for (const { id } of [a, b]) {
    await step(id, 'start', 'township')
    await fileEvidence(world, id)
  }
  await photo(world, a.id, { sha256: 'f'.repeat(64) })
  const twin = await photo(world, b.id, { sha256: 'f'.repeat(64) })
  await expect(step(b.id, 'file', 'township')).rejects.toMatchObject({ details: { values: { keys: 'photos_shared' } } })
  await store.mutate({ label: 'x' }, tx => tx.remove('attachment', twin))
  await step(b.id, 'file', 'township')
  world.pass(10)
  await step(b.id, 'list', 'manager', { values: PUBLISHED })
  const plan = await planEvidence(world, b.id, [b.parcel], 'EXIT_RECLAIM', ['M10'])
  await store.mutate({ label: 'x' }, tx => tx.update('plan', plan, { due_date: '2023-02-01' }))
  await expect(step(b.id, 'submit', 'township')).rejects.toMatchObject({
    details: { values: { keys: 'plan_cross_year_reason' } },
  })
  await store.mutate({ label: 'x' }, tx => tx.update('plan', plan, { remark: '跨年：等待指标' }))
  await step(b.id, 'submit', 'township')
  await agree(world, plan, 'JX')
  await agree(world, plan, 'ZG')
  await step(b.id, 'approve', 'manager')
  await workEvidence(world, b.id, plan, [b.parcel])
  const reclamation = store.read.prepare('SELECT id FROM reclamation').get() as { id: string }
  await store.mutate({ label: 'x' }, tx => tx.update('reclamation', reclamation.id, { area_m2: 500 }))
  await expect(step(b.id, 'finish', 'township')).rejects.toMatchObject({
    details: { values: { keys: 'evidence_reclamation_areas' } },
  })
  await expect(
    store.mutate({ label: 'x' }, tx => tx.update('reclamation', reclamation.id, { area_m2: -1 })),
  ).rejects.toMatchObject({ details: { reason: 'too_small', field: 'area_m2' } })
  await store.mutate({ label: 'x' }, tx => tx.update('reclamation', reclamation.id, { area_m2: 1000 }))
  await step(b.id, 'finish', 'township')
  await acceptanceEvidence(world, b.id, plan, [{ parcel_id: b.parcel, area_m2: areaOf(b.parcel) * 2 }])
  await expect(step(b.id, 'close', 'manager')).rejects.toMatchObject({
    details: { values: { keys: 'acceptance_land_wrong' } },
  })
})

test('a tenant is counted as an enterprise, and neither its entry nor the book counts its land', async () => {
  const { id, entry, parcel } = await world.enterprise('A', 'inside')
  const link = world.store.read.prepare('SELECT id FROM occupancy WHERE enterprise_id = ?').get(id) as { id: string }
  await world.store.mutate({ label: 'x' }, tx => tx.update('occupancy', link.id, { role: 'TENANT' }))
  await walk(id, parcel, 'UPGRADE', ['M6'])
  expect(world.store.read.prepare('SELECT state, counted_mu FROM list_entry WHERE id = ?').get(entry)).toEqual({
    state: 'S7',
    counted_mu: 0,
  })
  const totals = countTotals(countedEvents(world.store.read), '2022-01-01', '2022-12-31')
  expect(totals).toMatchObject({ enterprises: 1, land_m2: 0 })
})

test('what was counted of a parcel stays counted when it is divided later', async () => {
  const { id, parcel } = await world.enterprise('A', 'inside')
  await walk(id, parcel, 'UPGRADE', ['M6'])
  const sum = () => countTotals(countedEvents(world.store.read), '2022-01-01', '2022-12-31').land_m2
  const before = sum()
  expect(before).toBeCloseTo(areaOf(parcel), 6)
  world.as('manager')
  const half = {
    type: 'Polygon' as const,
    coordinates: [
      [
        [119.5, 29.2],
        [119.5005, 29.2],
        [119.5005, 29.201],
        [119.5, 29.201],
        [119.5, 29.2],
      ],
    ],
  }
  await world.store.mutate({ label: 'x' }, tx => {
    tx.create('parcel', { code: 'P-A-1', parent_id: parcel, side_marked: 'inside' }, toFlat(half))
    tx.remove('parcel', parcel)
  })
  expect(sum()).toBe(before)
})
