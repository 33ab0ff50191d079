/**
 * Awkward zones on top of the invented survey: an enterprise in zones of two years with other figures in each, a zone with its own
 * investment, one without land, unit and outline, outlines that lie on each other, a removed parcel and a part of a divided one with
 * reclamation, a deleted enterprise, a computed class, unknown size, steps that are late, done and without a date.
 */
import type { Store } from '../../../service/db/store.ts'
import { createParcels, rectangle } from '../survey-fixture.ts'

const LAN = '330781001'
const NU = '330781006'

export async function addAwkwardZones(store: Store): Promise<void> {
  const id = (table: 'zone' | 'parcel' | 'enterprise' | 'plan', code: string) =>
    store.read.prepare(`SELECT id FROM ${table} WHERE code = ?`).pluck().get(code) as string
  const made = await createParcels(store, [
    { code: 'P7', unit: NU, geometry: rectangle(3000, 0, 100, 100), area_in_m2: 10_000, area_out_m2: 0 },
    { code: 'P8', unit: NU, geometry: rectangle(3200, 0, 100, 100) },
  ])
  const [part] = [
    ...(
      await createParcels(store, [
        { code: 'P8-1', unit: NU, geometry: rectangle(3200, 0, 60, 100), parent_id: made.get('P8')! },
      ])
    ).values(),
  ]
  await store.mutate({ label: 'awkward' }, tx => {
    const member = (zone: string, parcel_id: string) => tx.create('zone_member', { zone_id: zone, parcel_id })
    tx.update('zone', id('zone', 'Z1'), { direction: 'upgrade', due_date: '2026-12-31' })
    tx.update('zone', id('zone', 'Z2'), { direction: 'reserve', investment: 200.5 })
    tx.create('zone', { code: 'Z5', name: '空区', year: 2026, unit: null, status: 'planned' })
    const park = tx.create(
      'zone',
      {
        code: 'Z7',
        name: '跨区',
        year: 2026,
        unit: LAN,
        status: 'in_progress',
        direction: 'small_park',
        investment: 0,
      },
      rectangle(200, 0, 310, 120),
    )
    // P2 is in Z1 of the same unit and year too, as when two computers chose it apart.
    for (const code of ['P2', 'P3', 'P4']) member(park, id('parcel', code))
    const removed = tx.create('zone', { code: 'Z8', name: '已撤', year: 2026, unit: LAN, status: 'planned' })
    member(removed, id('parcel', 'P1'))
    tx.remove('zone', removed)
    const gone = tx.create('zone', {
      code: 'Z9',
      name: '全删',
      year: 2026,
      unit: NU,
      status: 'planned',
      direction: 'reclaim',
    })
    for (const parcel of [made.get('P7')!, part!]) member(gone, parcel)
    tx.update('parcel', id('parcel', 'P1'), {
      ineff_types: ['T1', 'T6'],
      land_class: '0601',
      overlap_farmland_m2: 12.345,
      ownership: '20',
    })
    tx.update('parcel', id('parcel', 'P2'), { ineff_types: ['T1'], land_class: '1404', overlap_farmland_m2: 0 })
    for (const [parcel, m2] of [
      [made.get('P7')!, 777],
      [made.get('P8')!, 4000.25],
      [part!, 1000.5],
    ] as const)
      tx.create('reclamation', { parcel_id: parcel, area_m2: m2, new_farmland_m2: m2 })
    const figures = (code: string, year: number, values: Record<string, unknown>) =>
      tx.create('enterprise_year', { enterprise_id: id('enterprise', code), year, ...values })
    figures('E1', 2025, { tax: 60.5, land_mu_actual: 11, scale: 'below', class: 'C' })
    figures('E2', 2025, { tax: 7.125, land_mu_actual: 9.5, scale: 'below', computed_class: 'D' })
    figures('E2', 2027, { tax: 999, land_mu_actual: 1 })
    figures('E6', 2024, { tax: 3, land_mu_actual: null, class: 'B', computed_class: 'A' })
    tx.update('enterprise', id('enterprise', 'E2'), { uscc: '91330781MA00000001', op_status: 'half' })
    const ghost = tx.create('enterprise', { code: 'E90', name: '已删厂', unit: LAN })
    tx.create('occupancy', { enterprise_id: ghost, parcel_id: id('parcel', 'P2'), role: 'OWNER' })
    tx.create('enterprise_year', { enterprise_id: ghost, year: 2026, tax: 5000, land_mu_actual: 1 })
    tx.create('list_entry', { enterprise_id: ghost, state: 'S7', counted_at: '2026-04-01' })
    tx.remove('enterprise', ghost)
    const bare = tx.create('enterprise', { code: 'E91', name: '无方案厂', unit: LAN })
    tx.create('occupancy', { enterprise_id: bare, parcel_id: id('parcel', 'P1'), role: 'TENANT' })
    // The newest plan of E2 is a draft; with figures, departments and steps in every condition.
    const plan = id('plan', `${id('enterprise', 'E2')}-3`)
    tx.update('plan', plan, {
      freed_mu: 21.5,
      freed_tce: 33.25,
      new_tax: 4.75,
      investment: 321.5,
      departments: ['JX', 'ZG', 'XZ'],
      responsible: '王五',
      liaison: '赵六',
    })
    tx.update('plan', id('plan', `${id('enterprise', 'E1')}-1`), { freed_mu: 1.005, investment: 40 })
    const step = (position: number, type: string, date_planned: string | null, date_actual: string | null) =>
      tx.create('milestone', { plan_id: plan, position, type, date_planned, date_actual, area_mu: position * 1.5 })
    step(1, 'signed', '2026-01-01', '2026-02-01')
    step(2, 'vacated', '2026-04-30', null)
    step(3, 'demolished', '2026-05-01', null)
    step(4, 'levelled', null, null)
    tx.remove('parcel', made.get('P7')!)
    tx.remove('parcel', made.get('P8')!)
  })
}
