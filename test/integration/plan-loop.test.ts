/** Plans and the list move together: handing in, returning, approving; versions, differences, filling, templates, forecast. */
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServiceDeps } from '../../service/deps.ts'
import { loopMethods } from '../../service/loop/loop-methods.ts'
import { takeStep } from '../../service/loop/steps.ts'
import { draftPlan } from '../../service/plans/plan-draft.ts'
import { reviewPlan, submitPlan } from '../../service/plans/plan-review.ts'
import { comparePlans, fillPlan, planTemplatesOf, saveTemplate, versionsOf } from '../../service/plans/plan-versions.ts'
import { planDetail, savePlan } from '../../service/plans/plans.ts'
import { editsMethods } from '../../service/records/records-methods.ts'
import { agree, fileEvidence, type LoopWorld, openLoopWorld, PUBLISHED, planEvidence } from '../support/loop-world.ts'

let world: LoopWorld
let firm: { id: string; parcel: string; entry: string }
beforeEach(async () => {
  world = openLoopWorld()
  firm = await world.enterprise('A', 'inside')
})
afterEach(() => world.close())

const deps = () => ({ store: () => world.store }) as unknown as ServiceDeps
const edits = () => createRouterClient(editsMethods(deps()), { context: {} })
const detail = (id: string) => planDetail(world.store.read, id, world.today())
const states = (plan: string) =>
  world.store.read
    .prepare(
      'SELECT l.state, p.status FROM list_entry l JOIN plan p ON p.enterprise_id = l.enterprise_id WHERE p.id = ?',
    )
    .get(plan)
const write = (plan: string, values: object) =>
  world.store.mutate({ label: 'x' }, tx => tx.update('plan', plan, values as Record<string, unknown>))

/** Lists the enterprise and gives it a complete draft. */
async function listed(measures: readonly string[] = ['M6', 'M8']): Promise<string> {
  world.as('township')
  await takeStep(world.store, { step: 'start', enterprise_ids: [firm.id] })
  await fileEvidence(world, firm.id)
  await takeStep(world.store, { step: 'file', enterprise_ids: [firm.id] })
  world.pass(10)
  world.as('manager')
  await takeStep(world.store, { step: 'list', enterprise_ids: [firm.id], values: PUBLISHED })
  return planEvidence(world, firm.id, [firm.parcel], 'UPGRADE', measures)
}

test('handing in moves plan and entry together, in one step of undo; nobody moves one without the other', async () => {
  const plan = await listed()
  for (const status of ['submitted', 'approved', 'returned']) {
    await expect(write(plan, { status })).rejects.toMatchObject({ details: { reason: 'plan_status_by_step' } })
  }
  world.as('manager')
  await expect(submitPlan(world.store, plan)).rejects.toMatchObject({ details: { reason: 'not_yours_township' } })
  expect(states(plan)).toEqual({ state: 'S3', status: 'draft' })
  world.as('township')
  await submitPlan(world.store, plan)
  expect(states(plan)).toEqual({ state: 'S4', status: 'submitted' })
  await expect(write(plan, { status: 'draft' })).rejects.toMatchObject({ details: { reason: 'plan_status_by_step' } })
  await expect(submitPlan(world.store, plan)).rejects.toMatchObject({ details: { reason: 'plan_handed_in' } })
  await edits().undo()
  expect(states(plan)).toEqual({ state: 'S3', status: 'draft' })
  await edits().redo()
  expect(states(plan)).toEqual({ state: 'S4', status: 'submitted' })
})

test('an incomplete plan, an unanswered check and an unlisted enterprise are refused', async () => {
  const early = (await draftPlan(world.store, { enterprise_id: firm.id, year: 2022 })).id
  await expect(submitPlan(world.store, early)).rejects.toMatchObject({
    details: { reason: 'plan_not_listed', values: { state: 'S0' } },
  })
  world.as('manager')
  await world.store.mutate({ label: 'x' }, tx => tx.remove('plan', early))
  const plan = await listed()
  await write(plan, { problems: null })
  const check = world.store.read.prepare("SELECT id FROM compliance_check WHERE dimension = 'NY'").pluck().get()
  await world.store.mutate({ label: 'x' }, tx => tx.remove('compliance_check', String(check)))
  world.as('township')
  await expect(submitPlan(world.store, plan)).rejects.toMatchObject({
    details: { reason: 'step_incomplete', values: { keys: 'plan_problems,check' } },
  })
  expect(states(plan)).toEqual({ state: 'S3', status: 'draft' })
})

test('a return needs its reason; the next version is a copy whose differences are named with who and when', async () => {
  const first = await listed()
  world.as('township')
  await submitPlan(world.store, first)
  world.as('department', 'ZG')
  await expect(reviewPlan(world.store, { id: first, decision: 'return' })).rejects.toMatchObject({
    details: { reason: 'required' },
  })
  await reviewPlan(world.store, { id: first, decision: 'return', reason: '目标偏低' })
  expect(states(first)).toEqual({ state: 'S3', status: 'returned' })
  expect(world.store.read.prepare('SELECT reason FROM state_change ORDER BY pk DESC LIMIT 1').pluck().get()).toBe(
    '目标偏低',
  )

  world.as('manager')
  const second = (await draftPlan(world.store, { enterprise_id: firm.id, year: 2022, new_version: true })).id
  expect(comparePlans(world.store.read, { from: first, to: second })).toEqual([])
  const { measures, record } = detail(second)
  await savePlan(world.store, {
    id: second,
    base_rev: Number(record['rev']),
    values: { target_tax_per_mu: 9 },
    measures: [
      { ...measures[0], description: '零土地技改' },
      { type: 'M1', description: '诊断', due_date: '2022-10-01' },
    ],
  })
  const differences = comparePlans(world.store.read, { from: first, to: second })
  expect(differences.map(({ part, row, change, field, from, to }) => [part, row, change, field, from, to])).toEqual([
    ['plan', null, 'changed', 'target_tax_per_mu', 5, 9],
    ['measure', 1, 'changed', 'description', '内容', '零土地技改'],
    ['measure', 2, 'added', null, null, null],
    ['measure', 2, 'removed', null, null, null],
  ])
  expect(differences.every(({ by, at }) => by === '张三' && at !== null && at > '2022-03-11')).toBe(true)
  expect(versionsOf(world.store.read, firm.id).map(({ version, status }) => [version, status])).toEqual([
    [2, 'draft'],
    [1, 'returned'],
  ])
  world.as('township')
  await expect(submitPlan(world.store, first)).rejects.toMatchObject({ details: { reason: 'plan_not_newest' } })
  await submitPlan(world.store, second)
  expect(states(second)).toMatchObject({ state: 'S4' })
  expect(detail(second).record['status']).toBe('submitted')
  expect(detail(first).record['status']).toBe('returned')
})

test('once the work has begun a changed plan is agreed and approved by the same rules, and the entry stays', async () => {
  const first = await listed(['M4'])
  world.as('township')
  await submitPlan(world.store, first)
  await agree(world, first, 'JX')
  await agree(world, first, 'ZG')
  world.as('manager')
  await reviewPlan(world.store, { id: first, decision: 'approve' })
  expect(states(first)).toEqual({ state: 'S5', status: 'approved' })

  const second = (await draftPlan(world.store, { enterprise_id: firm.id, year: 2022 })).id
  await write(second, { due_date: '2022-12-20' })
  world.as('township')
  await submitPlan(world.store, second)
  world.as('manager')
  await expect(reviewPlan(world.store, { id: second, decision: 'approve' })).rejects.toMatchObject({
    details: { reason: 'plan_not_agreed', values: { keys: 'approval,approval' } },
  })
  const opinions = createRouterClient(loopMethods(deps()), { context: {} })
  await opinions.opinion({ plan_id: second, decision: 'agree' })
  world.as('department', 'ZG')
  await opinions.opinion({ plan_id: second, decision: 'agree' })
  await expect(reviewPlan(world.store, { id: second, decision: 'approve' })).rejects.toMatchObject({
    details: { reason: 'not_yours_lead' },
  })
  world.as('manager')
  await reviewPlan(world.store, { id: second, decision: 'approve' })
  expect(detail(second).record['status']).toBe('approved')
  expect(world.store.read.prepare('SELECT state FROM list_entry').pluck().get()).toBe('S5')
})

test("last year's plan and a template fill what is blank, without results; templates keep no figures", async () => {
  const last = await listed(['M6', 'M8'])
  world.as('manager')
  const measure = detail(last).measures[0]!
  await world.store.mutate({ label: 'x' }, tx =>
    tx.update('measure', String(measure['id']), { done_at: '2022-03-12', progress: 100, area_mu: 2 }),
  )
  const template = await saveTemplate(world.store, { plan_id: last, name: '界内提升' })
  await saveTemplate(world.store, { plan_id: last, name: '界内提升' })
  expect(planTemplatesOf(world.store.read)).toHaveLength(1)
  const next = await draftPlan(world.store, { enterprise_id: firm.id, year: 2023 })
  const { filled } = await fillPlan(world.store, { id: next.id, base_rev: 1, from: { plan_id: last } })
  expect(filled).toBeGreaterThan(3)
  const copied = detail(next.id)
  expect(copied.record).toMatchObject({ problems: '亩均税收低', departments: ['JX', 'XZ'], freed_mu: null })
  expect(copied.measures.map(row => [row['type'], row['due_date'], row['done_at'], row['area_mu']])).toEqual([
    ['M6', '2023-11-01', null, 2],
    ['M8', '2023-11-01', null, null],
  ])
  expect(copied.milestones).toMatchObject([{ type: 'signed', date_planned: '2023-06-01', date_actual: null }])

  const other = await world.enterprise('B', 'inside')
  const blank = await draftPlan(world.store, { enterprise_id: other.id, year: 2024 })
  await fillPlan(world.store, { id: blank.id, base_rev: 1, from: { template_id: template.id } })
  const fromTemplate = detail(blank.id)
  expect(fromTemplate.measures.map(row => [row['type'], row['due_date'], row['area_mu']])).toEqual([
    ['M6', '2024-11-01', null],
    ['M8', '2024-11-01', null],
  ])
  await edits().undo()
  expect(detail(blank.id)).toMatchObject({ measures: [], record: { problems: null } })
})

test('the form says the evidence of each measure, what contradicts, and the forecast with its unknowns', async () => {
  const plan = await listed(['M6', 'M10'])
  await write(plan, { due_date: '2023-03-01', freed_mu: 999 })
  const shown = detail(plan)
  expect(shown.evidence.map(({ type, items }) => [type, items.map(({ item, done }) => `${item} ${done}`)])).toEqual([
    ['M6', ['filed false', 'completed false', 'target_year false']],
    ['M10', ['demolished false', 'reclamation false']],
  ])
  expect(shown.remarks.map(({ key }) => key)).toEqual(['beyond_year', 'freed_more_than_land'])
  expect(shown.missing.map(({ key }) => key)).toContain('cross_year_reason')
  const forecast = Object.fromEntries(shown.forecast.map(({ key, value }) => [key, value]))
  // No baseline was frozen and no carbon factor is set: unknown, not 0. The outside of the land is not known either.
  expect(forecast).toEqual({ freed_mu: null, freed_tce: null, co2: null, new_tax: null })
  expect(shown.entry).toEqual({ state: 'S3', list_year: 2022 })
})
