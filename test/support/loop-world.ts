/**
 * A survey with listed enterprises whose clock and user can be changed, and every kind of evidence as one call: for tests
 * that walk the closed loop. The same write path and guard as the application's.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Profile, type Store } from '../../service/db/store.ts'
import { installLoopGuard } from '../../service/loop/loop-guard.ts'
import { installVisitGuard } from '../../service/visits/visit-guard.ts'
import { toFlat } from '../../shared/geometry/types.ts'

export type LoopRole = 'inspector' | 'clerk' | 'township' | 'department' | 'manager' | 'leader'

export interface LoopWorld {
  readonly store: Store
  /** Who acts from now on. */
  as(role: LoopRole, department?: string): void
  /** Moves the clock on by days. */
  pass(days: number): void
  today(): string
  /** An enterprise of unit U with one parcel that it owns, listed as a candidate. */
  enterprise(code: string, side: 'inside' | 'outside' | null): Promise<{ id: string; parcel: string; entry: string }>
  close(): void
}

/** With `into` the survey file is made there and stays. */
export function openLoopWorld(into?: string): LoopWorld {
  const folder = into ?? mkdtempSync(join(tmpdir(), 'lowland-loop-'))
  let now = Date.parse('2022-03-01T02:00:00Z')
  let made = 0
  let profile: Profile = { user: '张三', role: 'manager', unit: 'U', department: null, device: 'd' }
  const store = openStore(
    join(folder, 'loop.lowland'),
    {
      // A millisecond a look: what comes later is later.
      now: () => new Date(now++),
      newId: () => `id-${String(++made).padStart(6, '0')}`,
      profile: () => profile,
    },
    { create: true },
  )
  installLoopGuard(store)
  installVisitGuard(store)
  let lots = 0
  return {
    store,
    as(role, department) {
      profile = {
        user: '张三',
        role,
        unit: role === 'township' ? 'U' : null,
        department: department ?? null,
        device: 'd',
      }
    },
    pass(days) {
      now += days * 86_400_000
    },
    today: () => new Date(now + 8 * 3_600_000).toISOString().slice(0, 10),
    async enterprise(code, side) {
      const west = 119.4 + ++lots * 0.002
      const ring = [
        [west, 29.2],
        [west + 0.001, 29.2],
        [west + 0.001, 29.201],
        [west, 29.201],
        [west, 29.2],
      ]
      const { result } = await store.mutate({ label: 'made' }, tx => {
        const id = tx.create('enterprise', { code, name: `企业${code}`, unit: 'U' })
        const parcel = tx.create(
          'parcel',
          { code: `P-${code}`, unit: 'U', side_marked: side },
          toFlat({ type: 'Polygon', coordinates: [ring] }),
        )
        tx.create('occupancy', { enterprise_id: id, parcel_id: parcel, role: 'OWNER' })
        const hit = { id: 'R-01', effect: 'list', inputs: { tax_per_mu: 3.2 } }
        const entry = tx.create('list_entry', { enterprise_id: id, state: 'S0', hit_rules: [hit] })
        return { id, parcel, entry }
      })
      return result
    },
    close() {
      store.close()
      if (into === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Values = Record<string, unknown>

async function make(
  store: Store,
  entity: Parameters<Parameters<Parameters<Store['mutate']>[1]>[0]['create']>[0],
  values: Values,
) {
  return (await store.mutate({ label: 'made' }, tx => tx.create(entity, values))).result
}

/** Everything that S1 → S2 asks for. */
export async function fileEvidence(world: LoopWorld, id: string, status = 'CONFIRMED'): Promise<void> {
  const { store } = world
  const inspectors = ['张三', '李四']
  await make(store, 'survey_visit', { enterprise_id: id, visited_at: '2022-03-01T02:00:00Z', inspectors, status })
  for (let index = 0; index < 3; index++) await photo(world, id, { stage: 'before' })
  await figures(world, id, 2021, { tax: 20, land_mu_actual: 10, energy_tce: 500 })
}

export async function figures(world: LoopWorld, id: string, year: number, values: Values): Promise<void> {
  await make(world.store, 'enterprise_year', { enterprise_id: id, year, ...values })
}

let pictures = 0

export async function photo(world: LoopWorld, id: string, values: Values = {}): Promise<string> {
  const sha256 = String(++pictures).padStart(64, '0')
  return make(world.store, 'attachment', {
    sha256,
    file_name: `${pictures}.jpg`,
    kind: 'site',
    owner_entity: 'enterprise',
    owner_id: id,
    longitude: 119.45,
    latitude: 29.2,
    ...values,
  })
}

export const PUBLISHED = {
  list_year: 2022,
  batch: '第一批',
  listed_doc: '兰经信〔2022〕1号',
  publicity_from: '2022-03-01',
  publicity_to: '2022-03-08',
} as const

/** A complete plan of these measures with one milestone, and the four core checks. */
export async function planEvidence(
  world: LoopWorld,
  id: string,
  parcels: readonly string[],
  route: string,
  measures: readonly string[],
): Promise<string> {
  const { store } = world
  const { result } = await store.mutate({ label: 'made' }, tx => {
    const version = store.read.prepare('SELECT count(*) AS n FROM plan WHERE enterprise_id = ?').get(id) as {
      n: number
    }
    const plan = tx.create('plan', {
      code: `FA-${id}-${version.n + 1}`,
      enterprise_id: id,
      year: 2022,
      version: version.n + 1,
      baseline_year: 2021,
      parcel_ids: parcels,
      problems: '亩均税收低',
      route,
      target_tax_per_mu: 5,
      freed_mu: 3,
      due_date: '2022-12-01',
      departments: ['JX', 'XZ'],
      status: 'draft',
    })
    for (const [index, type] of measures.entries()) {
      tx.create('measure', {
        plan_id: plan,
        position: index + 1,
        type,
        description: '内容',
        due_date: '2022-11-01',
      })
    }
    tx.create('milestone', { plan_id: plan, position: 1, type: 'signed', date_planned: '2022-06-01' })
    for (const dimension of ['AQ', 'HB', 'ZL', 'NY']) {
      tx.create('compliance_check', { enterprise_id: id, dimension, result: 'pass' })
    }
    return plan
  })
  return result
}

export async function agree(world: LoopWorld, plan: string, department: string, decision = 'agree'): Promise<void> {
  await make(world.store, 'approval', { plan_id: plan, department, decision, decided_on: world.today() })
}

/** Everything that S5 → S6 asks for, by the measures of the plan. */
export async function workEvidence(
  world: LoopWorld,
  id: string,
  plan: string,
  parcels: readonly string[],
): Promise<void> {
  const { store } = world
  const rows = (table: string) =>
    store.read.prepare(`SELECT id, type FROM ${table} WHERE plan_id = ? AND deleted = 0`).all(plan) as {
      id: string
      type: string
    }[]
  const types = rows('measure').map(row => row.type)
  await store.mutate({ label: 'made' }, tx => {
    for (const row of rows('measure')) tx.update('measure', row.id, { done_at: world.today(), progress: 100 })
    for (const row of rows('milestone')) tx.update('milestone', row.id, { date_actual: world.today() })
    const milestones = new Set<string>()
    if (types.some(type => type === 'M4' || type === 'M5')) milestones.add('vacated')
    if (types.includes('M5')) milestones.add('in_production')
    if (types.includes('M6')) for (const type of ['filed', 'completed']) milestones.add(type)
    if (types.includes('M10') || types.includes('M4')) milestones.add('demolished')
    let position = 10
    for (const type of milestones)
      tx.create('milestone', { plan_id: plan, position: position++, type, date_actual: world.today() })
    if (types.includes('M10')) {
      for (const parcel_id of parcels) {
        tx.create('reclamation', {
          parcel_id,
          plan_id: plan,
          accepted_on: world.today(),
          acceptance_doc: '兰复验〔2022〕3号',
          new_farmland_m2: 1000,
        })
      }
    }
  })
  for (let index = 0; index < 3; index++) await photo(world, id, { stage: 'after' })
  if (types.includes('M4')) for (const kind of ['power_cut', 'deregistration']) await photo(world, id, { kind })
  const has2022 = store.read.prepare('SELECT 1 FROM enterprise_year WHERE enterprise_id = ? AND year = 2022').get(id)
  if (!has2022) await figures(world, id, 2022, { tax: 90, land_mu_actual: 10, energy_tce: 400 })
}

/** Everything that S6 → S7 asks for. */
export async function acceptanceEvidence(
  world: LoopWorld,
  id: string,
  plan: string,
  land: readonly { parcel_id: string; area_m2: number }[],
): Promise<string> {
  await photo(world, id, { kind: 'joint_acceptance' })
  return make(world.store, 'acceptance', {
    plan_id: plan,
    accepted_on: world.today(),
    members: [
      { name: '甲', department: 'JX' },
      { name: '乙', department: 'ZG' },
    ],
    conclusion: 'passed',
    doc_no: '兰验〔2022〕1号',
    accepted_land: land,
    freed_tce: 30,
  })
}
