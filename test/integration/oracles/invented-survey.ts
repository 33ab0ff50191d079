/**
 * A small invented survey of awkward cases for oracles, at 2026-05-01: a closing on New Year's day, a rebound recorded and one
 * imported, a removal, a tenant, land of another unit, two approved plan versions and a draft, unknown figures, an enterprise
 * without a unit, an empty unit, a zone without land, a parcel in two zones, a plan sent back, checks put right after the quarter.
 */
import type { Transaction } from '../../../service/db/transaction.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from '../survey-fixture.ts'

type Values = Record<string, unknown>
type Step = readonly [on: string, from: string, to: string]

const LAN = '330781001'
const NU = '330781006'

/** First steps of an entry that was listed on a day and went to work on another. */
const begun = (listed: string, work: string): Step[] => [
  [listed, 'S2', 'S3'],
  [work, 'S3', 'S4'],
  [work, 'S4', 'S5'],
]

export async function openInvented(): Promise<SurveyFixture> {
  const survey = await openFixture()
  const { store } = survey
  const ids = await createParcels(store, [
    parcel('P1', LAN, 0, 150, 120, {
      area_in_m2: 12_000.25,
      area_out_m2: 5999.5,
      side: 'crossing',
      side_marked: 'inside',
    }),
    parcel('P2', LAN, 160, 150, 120, { area_in_m2: 0, area_out_m2: 18_000, side: 'outside' }),
    parcel('P3', LAN, 600, 50, 100, { side: 'inside', area_in_m2: 5000, area_out_m2: 0 }),
    parcel('P4', NU, 320, 100, 120, { side: 'outside', area_in_m2: 0, area_out_m2: 12_000, side_marked: 'inside' }),
    parcel('P5', NU, 2000, 100, 100, {}),
    parcel('P6', NU, 2115, 300, 100, { side: 'crossing', area_in_m2: 10_000.5, area_out_m2: 19_999.75 }),
  ])
  await store.mutate({ label: 'invented' }, tx => {
    const campaign = store.read.prepare('SELECT id FROM campaign').pluck().get() as string
    tx.update('campaign', campaign, { start_year: 2025, carbon_factor: 2, zone_min_mu: 15 })
    tx.create('report_unit', { code: '330781003', name: '永昌街道', kind: 'street' })
    targets(tx)
    firms(tx, code => ids.get(code)!)
    zones(tx, code => ids.get(code)!)
  })
  return survey
}

function parcel(code: string, unit: string, x: number, width: number, height: number, more: Values) {
  return { code, unit, name: code, geometry: rectangle(x, 0, width, height), ...more }
}

function targets(tx: Transaction): void {
  const add = (scope: string, year: number | null, indicator: string, value: number) =>
    tx.create('target', { scope, year, indicator, value, unit_symbol: '' })
  // Set twice: the later one stands.
  add(LAN, 2026, '整治高耗低效企业', 9)
  add(LAN, 2026, '整治高耗低效企业', 4)
  add(NU, 2026, '整治高耗低效企业', 3)
  add('330781003', 2026, '整治高耗低效企业', 2)
  add(LAN, 2026, '盘活低效用地', 50)
  add(NU, 2026, '盘活低效用地', 20)
  add(LAN, 2026, '腾出用能', 120.5)
  add(LAN, 2025, '整治高耗低效企业', 1)
  add('330781', null, '整治高耗低效企业', 20)
  add('330781', null, '盘活低效用地', 300)
  add('330781', null, '减碳', 500)
  add('330781', null, '规上工业亩均税收', 20)
  add('330781', 2026, '腾出用能', 400)
}

function firms(tx: Transaction, id: (code: string) => string): void {
  const firm = (code: string, unit: string | null, entry: Values, steps: readonly Step[] = []) => {
    const enterprise_id = tx.create('enterprise', { code, name: `${code}厂`, unit })
    const list_entry_id = tx.create('list_entry', { enterprise_id, list_year: 2025, ...entry })
    for (const [index, [happened_on, from_state, to_state]] of steps.entries())
      tx.create('state_change', {
        list_entry_id,
        happened_on,
        from_state,
        to_state,
        at: `${happened_on}T0${index}:00:00.000Z`,
      })
    return enterprise_id
  }
  const uses = (enterprise_id: string, code: string, role = 'OWNER') =>
    tx.create('occupancy', { enterprise_id, parcel_id: id(code), role })
  const plan = (
    enterprise_id: string,
    version: number,
    values: Values,
    measures: readonly Values[],
    dates: Values = {},
  ) => {
    const made = tx.create('plan', {
      code: `${enterprise_id}-${version}`,
      enterprise_id,
      year: 2025,
      version,
      ...values,
    })
    for (const [index, measure] of measures.entries())
      tx.create('measure', { plan_id: made, position: index + 1, ...measure })
    for (const [index, [type, date_actual]] of Object.entries(dates).entries())
      tx.create('milestone', { plan_id: made, position: index + 1, type, date_actual })
    return made
  }
  const accept = (plan_id: string, accepted_on: string, code: string, area_m2: number, freed_tce: number | null) =>
    tx.create('acceptance', {
      plan_id,
      accepted_on,
      conclusion: 'passed',
      accepted_land: [{ parcel_id: id(code), area_m2 }],
      freed_tce,
    })
  const check = (values: Values) =>
    tx.create('compliance_check', { dimension: 'AQ', result: 'fail', department: 'YJ', ...values })
  const year = (enterprise_id: string, values: Values) =>
    tx.create('enterprise_year', { enterprise_id, year: 2026, scale: 'above', ...values })

  const e1 = firm('E1', LAN, { state: 'S7', counted_at: '2026-01-01', counted_mu: 18 }, [
    ...begun('2025-11-10', '2025-12-01'),
    ['2025-12-31', 'S5', 'S6'],
    ['2026-01-01', 'S6', 'S7'],
  ])
  uses(e1, 'P1')
  accept(
    plan(e1, 1, { route: 'UPGRADE', status: 'approved', due_date: '2025-12-30', parcel_ids: [id('P1')] }, [
      { type: 'M6' },
    ]),
    '2025-12-30',
    'P1',
    12_000,
    null,
  )
  check({ enterprise_id: e1, rectified_at: '2026-04-15' })
  check({ enterprise_id: e1, rectified_at: '2026-03-31' })
  year(e1, { tax: 100, land_mu_actual: 10.5, value_added: 300, employees: 20, rd: 4, revenue: 900 })

  const e2 = firm('E2', LAN, { state: 'S5' }, begun('2025-12-31', '2026-01-20'))
  uses(e2, 'P2')
  uses(e2, 'P4')
  const exit = { route: 'EXIT_RECLAIM', parcel_ids: [id('P2'), id('P4')] }
  const leaving = [{ type: 'M4', area_mu: 30 }, { type: 'M10' }]
  const done = { vacated: '2025-12-31', demolished: '2026-01-01' }
  const first = plan(e2, 1, { ...exit, status: 'approved', due_date: '2026-06-30' }, leaving, done)
  plan(e2, 2, { ...exit, status: 'approved', due_date: '2026-03-30', investment: 80 }, leaving, done)
  plan(e2, 3, { ...exit, status: 'draft', due_date: '2026-12-31' }, leaving)
  const reclaimed = { accepted_on: '2026-02-28', acceptance_doc: '兰复〔2026〕1号' }
  tx.create('reclamation', {
    plan_id: first,
    parcel_id: id('P2'),
    area_m2: 6000.5,
    new_farmland_m2: 5000,
    investment: 12.5,
    ...reclaimed,
  })
  tx.create('reclamation', {
    plan_id: first,
    parcel_id: id('P4'),
    area_m2: 5000.25,
    new_farmland_m2: null,
    ...reclaimed,
  })
  check({ enterprise_id: e2 })
  year(e2, { tax: null, land_mu_actual: 8, value_added: 10, employees: null })

  const e3 = firm('E3', NU, {
    state: 'S5',
    counted_at: '2025-12-31',
    counted_mu: 5.1234,
    counted_tce: 100,
    rebound_at: '2026-03-31',
    publicity_to: '2025-06-30',
  })
  uses(e3, 'P5')
  plan(e3, 1, { route: 'UPGRADE', status: 'approved', due_date: '2026-03-31', parcel_ids: [id('P5')] }, [
    { type: 'M6' },
  ])
  year(e3, { tax: 50, land_mu_actual: 0, scale: 'below' })

  const e4 = firm('E4', NU, { state: 'S7', counted_at: '2026-02-10' }, [
    ...begun('2025-12-01', '2026-01-10'),
    ['2026-02-01', 'S5', 'S6'],
    ['2026-02-10', 'S6', 'S7'],
  ])
  uses(e4, 'P5', 'TENANT')
  accept(
    plan(e4, 1, { route: 'UPGRADE', status: 'approved', parcel_ids: [id('P5')] }, [{ type: 'M8' }]),
    '2026-02-09',
    'P5',
    8000,
    55.55,
  )
  check({
    visit_id: tx.create('survey_visit', {
      parcel_id: id('P5'),
      enterprise_id: e4,
      visited_at: '2026-03-31T20:00:00.000Z',
      status: 'CONFIRMED',
    }),
  })
  check({ enterprise_id: e4, result: 'pass' })
  year(e4, { tax: 30.25, land_mu_actual: 6, value_added: 70, employees: 7, rd: 3, revenue: 200 })

  firm('E5', null, { state: 'S3' }, [['2026-04-02', 'S2', 'S3']])

  const e6 = firm('E6', LAN, { state: 'S5', counted_at: '2026-02-01', rebound_at: '2026-04-30' }, [
    ...begun('2025-12-01', '2026-01-05'),
    ['2026-01-30', 'S5', 'S6'],
    ['2026-02-01', 'S6', 'S7'],
    ['2026-04-20', 'S7', 'S8'],
    ['2026-04-30', 'S8', 'S5'],
  ])
  uses(e6, 'P3')
  accept(
    plan(e6, 1, { route: 'UPGRADE', status: 'approved', due_date: '2026-04-30', parcel_ids: [id('P3')] }, [
      { type: 'M1' },
    ]),
    '2026-01-31',
    'P3',
    3000,
    40,
  )

  const e7 = firm('E7', NU, { state: 'S6' }, [
    ['2025-12-15', 'S2', 'S3'],
    ['2026-01-05', 'S3', 'S4'],
    ['2026-01-08', 'S4', 'S3'],
    ['2026-02-05', 'S3', 'S4'],
    ['2026-02-08', 'S4', 'S5'],
    ['2026-04-29', 'S5', 'S6'],
  ])
  plan(e7, 1, { route: 'UPGRADE', status: 'approved', due_date: '2026-03-30' }, [{ type: 'M2' }])

  firm('E8', LAN, { state: 'SX', exclusion_reason: 'not_started' }, [['2026-01-05', 'S1', 'SX']])

  const e9 = firm('E9', NU, { state: 'S9' }, [
    ...begun('2025-12-01', '2025-12-20'),
    ['2026-01-12', 'S5', 'S6'],
    ['2026-01-15', 'S6', 'S7'],
    ['2026-03-03', 'S7', 'S9'],
  ])
  uses(e9, 'P6')
  const bought = [{ type: 'M9', done_at: '2026-01-10' }]
  accept(
    plan(e9, 1, { route: 'UPGRADE', status: 'approved', parcel_ids: [id('P6')] }, bought),
    '2026-01-14',
    'P6',
    30_000,
    12.5,
  )
}

function zones(tx: Transaction, id: (code: string) => string): void {
  const zone = (code: string, year: number, unit: string, status: string, members: readonly string[], days: Values) => {
    const values = { code, name: code, year, unit, status, gap_m: 20, ...days }
    const zone_id = tx.create('zone', values, rectangle(0, 0, 310, 120))
    const joined_on = days['planned_on'] ?? null
    const parts = members.map(member => tx.create('zone_member', { zone_id, parcel_id: id(member), joined_on }))
    return { zone_id, parts }
  }
  // Approved in March: what is said of February knows nothing of it.
  zone('Z1', 2026, LAN, 'approved', ['P1', 'P2'], { planned_on: '2026-01-20', approved_on: '2026-03-10' })
  zone('Z2', 2025, LAN, 'done', ['P2', 'P3'], {})
  const empty = zone('Z3', 2026, NU, 'planned', ['P5'], { planned_on: '2026-02-01' })
  for (const member of empty.parts) tx.remove('zone_member', member)
  zone('Z4', 2026, NU, 'planned', ['P4', 'P6'], { planned_on: '2026-03-02' })
  // Planned in January, given up today with its land.
  const dropped = zone('Z5', 2026, NU, 'planned', ['P5'], { planned_on: '2026-01-05' })
  for (const member of dropped.parts) tx.remove('zone_member', member)
  tx.remove('zone', dropped.zone_id)
}
