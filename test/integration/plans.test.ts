import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEnterprise, saveYear } from '../../service/enterprises/enterprises.ts'
import { draftPlan } from '../../service/plans/plan-draft.ts'
import { planDetail, planPage, savePlan } from '../../service/plans/plans.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
let enterpriseId: string

beforeEach(async () => {
  fixture = await openFixture()
  const { store } = fixture
  const ids = await createParcels(store, [{ code: 'A-1', geometry: rectangle(0, 0, 100, 100), side_marked: 'outside' }])
  const saved = await createEnterprise(store, {
    values: { name: '兰溪恒兴纺织有限公司', unit: '330781001' },
    parcel_id: ids.get('A-1')!,
  })
  enterpriseId = saved.id
  for (const [year, tax] of [
    [2023, 5],
    [2024, 8],
    [2025, 12],
  ] as const) {
    await saveYear(store, { enterprise_id: enterpriseId, year, base_rev: null, values: { tax, land_mu_actual: 10 } })
  }
})
afterEach(() => fixture.close())

const complete = {
  problems: '设备老旧,亩均税收低',
  freed_mu: 15,
  status: 'submitted',
}
const measure = { type: 'M10', description: '拆除复垦', due_date: '2026-10-31' }

test('a draft presets parcels, route, due date, lead department and the frozen baseline of the latest two years', async () => {
  const { id } = await draftPlan(fixture.store, { enterprise_id: enterpriseId })
  const detail = planDetail(fixture.store.read, id, '2026-05-01')
  expect(detail.record).toMatchObject({
    code: 'FA-QY-00001-2026',
    year: 2026,
    version: 1,
    route: 'EXIT_RECLAIM',
    due_date: '2026-12-31',
    departments: ['JX'],
    status: 'draft',
    baseline_year: 2025,
  })
  const baseline = detail.record['baseline'] as { years: Record<string, unknown>[] }
  expect(baseline.years.map(year => [year['year'], year['tax'], year['tax_per_mu']])).toEqual([
    [2025, 12, 1.2],
    [2024, 8, 0.8],
  ])
  expect(detail.parcels.map(parcel => parcel.code)).toEqual(['A-1'])
  expect(detail.default_route).toBe('EXIT_RECLAIM')
  expect(detail.missing.map(entry => entry.key)).toEqual(['problems', 'measures', 'freed_mu'])
})

test('the baseline stays as it was when the figures are corrected later', async () => {
  const { store } = fixture
  const { id } = await draftPlan(store, { enterprise_id: enterpriseId })
  await saveYear(store, { enterprise_id: enterpriseId, year: 2025, base_rev: 1, values: { tax: 99 } })
  const { record } = planDetail(store.read, id, '2026-05-01')
  expect((record['baseline'] as { years: { tax: number }[] }).years[0]!.tax).toBe(12)
  await savePlan(store, { id, base_rev: 1, values: { baseline: null, problems: '改' } })
  expect(planDetail(store.read, id, '2026-05-01').record['baseline']).not.toBeNull()
})

test('drafting twice gives the same live draft; after submission a new version', async () => {
  const { store } = fixture
  const first = await draftPlan(store, { enterprise_id: enterpriseId })
  expect((await draftPlan(store, { enterprise_id: enterpriseId })).id).toBe(first.id)
  await savePlan(store, { id: first.id, base_rev: 1, values: complete, measures: [measure] })
  const second = await draftPlan(store, { enterprise_id: enterpriseId })
  expect(planDetail(store.read, second.id, '2026-05-01').record).toMatchObject({
    version: 2,
    code: 'FA-QY-00001-2026-V2',
  })
  expect(planPage(store.read, { offset: 0, limit: 10 }).total).toBe(2)
})

test('fields and rows are one edit: created, updated, reordered and removed by id', async () => {
  const { store } = fixture
  const { id } = await draftPlan(store, { enterprise_id: enterpriseId })
  const first = await savePlan(store, {
    id,
    base_rev: 1,
    values: { problems: '一' },
    measures: [measure, { ...measure, type: 'M7', description: '停产断电' }],
    milestones: [{ type: 'signed', date_planned: '2026-06-01' }],
  })
  const [demolish, stop] = planDetail(store.read, id, '2026-05-01').measures
  await savePlan(store, {
    id,
    base_rev: first.rev,
    values: {},
    measures: [
      { ...stop, progress: 50 },
      { type: 'M4', description: '腾退', due_date: '2026-11-01' },
    ],
  })
  const after = planDetail(store.read, id, '2026-05-01')
  expect(after.measures.map(row => [row['type'], row['position'], row['progress']])).toEqual([
    ['M7', 1, 50],
    ['M4', 2, null],
  ])
  expect(after.measures[0]!['id']).toBe(stop!['id'])
  expect(after.milestones).toHaveLength(1)
  const edits = store.read
    .prepare('SELECT count(DISTINCT edit_seq) AS n FROM change WHERE entity_id = ?')
    .get(demolish!['id']) as { n: number }
  expect(edits.n).toBe(2)
})

test('an incomplete plan cannot be submitted, and nothing of that edit is kept', async () => {
  const { store } = fixture
  const { id } = await draftPlan(store, { enterprise_id: enterpriseId })
  await expect(savePlan(store, { id, base_rev: 1, values: complete })).rejects.toMatchObject({
    code: 'refused',
    details: { reason: 'plan_incomplete', field: 'measures' },
  })
  expect(planDetail(store.read, id, '2026-05-01').record).toMatchObject({ status: 'draft', problems: null, rev: 1 })
})

test('departing from the default route needs a reason to submit and a signature to approve', async () => {
  const { store } = fixture
  const { id } = await draftPlan(store, { enterprise_id: enterpriseId })
  const other = { ...complete, route: 'UPGRADE', target_tax_per_mu: 20 }
  await expect(savePlan(store, { id, base_rev: 1, values: other, measures: [measure] })).rejects.toMatchObject({
    details: { reason: 'plan_incomplete', field: 'route_reason' },
  })
  const saved = await savePlan(store, {
    id,
    base_rev: 1,
    values: { ...other, route_reason: '保留骨干企业' },
    measures: [measure],
  })
  await expect(savePlan(store, { id, base_rev: saved.rev, values: { status: 'approved' } })).rejects.toMatchObject({
    details: { reason: 'plan_route_unsigned' },
  })
  await savePlan(store, { id, base_rev: saved.rev, values: { status: 'approved', route_signed_by: '资规局' } })
  expect(planDetail(store.read, id, '2026-05-01').record['status']).toBe('approved')
})

test('a row that somebody else removed is refused, not created again', async () => {
  const { store } = fixture
  const { id } = await draftPlan(store, { enterprise_id: enterpriseId })
  await expect(
    savePlan(store, { id, base_rev: 1, values: {}, measures: [{ ...measure, id: 'gone' }] }),
  ).rejects.toMatchObject({ code: 'not_found', details: { reason: 'plan_row_gone', row: 1 } })
})

test('the list finds plans by the enterprise, filters by status and unit, and refuses unknown sort fields', async () => {
  const { store } = fixture
  await draftPlan(store, { enterprise_id: enterpriseId })
  const query = { offset: 0, limit: 10 }
  expect(planPage(store.read, { ...query, text: 'lxhx' }).rows).toMatchObject([
    { enterprise_name: '兰溪恒兴纺织有限公司', unit: '330781001', measures: '', status: 'draft' },
  ])
  expect(planPage(store.read, { ...query, text: 'fa-qy' }).total).toBe(1)
  expect(planPage(store.read, { ...query, statuses: ['approved'] }).total).toBe(0)
  expect(planPage(store.read, { ...query, units: ['330781001'], year: 2026 }).total).toBe(1)
  expect(() => planPage(store.read, { ...query, sort: { field: '1;--', descending: false } })).toThrow(/不能按/)
})
