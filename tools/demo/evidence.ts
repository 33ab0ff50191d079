/**
 * The evidence that the invented list of the demo needs for the states it claims (domain §11.4): visits of two inspectors, pictures,
 * checks, steps with their authors, opinions, dated milestones, reclamations, acceptances. A few entries are left short of one
 * piece, as in any real list. A pass of its own over what is there already, with its own random numbers.
 */
import { demoPicture, demoPictureName, digestOf } from '../../service/attachments/demo-picture.ts'
import type { BulkTransaction } from '../../service/db/bulk.ts'
import { all, run } from '../../service/db/sql.ts'
import { EVIDENCE_ITEMS } from '../../shared/rules/measure-criteria.ts'
import { defaultRoute } from '../../shared/rules/plan-rules.ts'
import type { Random } from './random.ts'

/** One entry in so many lacks something. */
const SHORT_OF_SOMETHING = 41

interface Entry {
  id: string
  state: string
  enterprise: string
  unit: string
  tax: number | null
  land: number | null
}

interface Parcel {
  id: string
  pk: number
  area_m2: number
  side: string
  side_marked: string | null
  area_out_m2: number | null
}

interface Plan {
  id: string
  route: string
  freed_tce: number | null
  target_tax_per_mu: number | null
  parcel_ids: string
}

/** How far an entry has come: S0 → 0 … S8 → 8; what left the list had been filed. */
function rankOf(state: string): number {
  if (state === 'SX') return 1
  if (state === 'S9') return 5
  return Number(state[1])
}

export function insertEvidence(tx: BulkTransaction, random: Random): void {
  const entries = all<Entry>(
    tx.db,
    `SELECT l.id, l.state, e.id AS enterprise, e.unit, y.tax, y.land_mu_actual AS land
     FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id
     LEFT JOIN enterprise_year y ON y.enterprise_id = e.id AND y.year = 2022 ORDER BY e.code`,
  )
  const parcels = grouped(
    all<Parcel & { owner: string }>(
      tx.db,
      `SELECT o.enterprise_id AS owner, p.id, p.pk, p.area_m2, p.side, p.side_marked, p.area_out_m2
       FROM occupancy o JOIN parcel p ON p.id = o.parcel_id ORDER BY p.code`,
    ),
  )
  const plans = grouped(
    all<Plan & { owner: string }>(
      tx.db,
      'SELECT enterprise_id AS owner, id, route, freed_tce, target_tax_per_mu, parcel_ids FROM plan ORDER BY code',
    ),
  )
  const types = grouped(
    all<{ owner: string; type: string }>(
      tx.db,
      'SELECT plan_id AS owner, type FROM measure ORDER BY plan_id, position',
    ),
  )
  const camera = newCamera(tx)
  let listed = 0
  for (const entry of entries) {
    const rank = rankOf(entry.state)
    if (rank === 0) continue
    const own = parcels.get(entry.enterprise) ?? []
    const plan = plans.get(entry.enterprise)?.[0]
    const measures = plan ? (types.get(plan.id) ?? []).map(row => row.type) : []
    const short = ++listed % SHORT_OF_SOMETHING === 0
    enterList(tx, entry, rank)
    recordSteps(tx, random, entry, rank)
    if (rank >= 2) fileOf(tx, random, camera, entry, own, short && rank < 6)
    if (rank >= 4) checksOf(tx, random, entry, rank)
    if (plan) figuresOf(tx, entry, plan, rank)
    if (plan) routeOf(tx, plan, own, rank >= 4 || entry.state === 'S3')
    if (plan && rank >= 5) opinionsOf(tx, random, plan)
    if (plan && rank >= 6) workOf(tx, random, camera, entry, plan, own, measures, short)
    if (plan && rank >= 7) acceptanceOf(tx, camera, entry, plan, own)
    if (entry.state === 'S8') tx.insert('look_back', { list_entry_id: entry.id, due_date: '2022-11-12' })
  }
}

/** What was published with the list, and why an entry was left out of it. */
function enterList(tx: BulkTransaction, entry: Entry, rank: number): void {
  tx.replace('list_entry', entry.id, {
    ...(rank >= 3
      ? {
          listed_doc: LISTED_DOC,
          publicity_from: '2022-03-21',
          publicity_to: '2022-03-28',
        }
      : {}),
    ...(entry.state === 'SX' ? { exclusion_reason: 'not_started' } : {}),
  })
}

export const LISTED_DOC = '兰经信示例〔2022〕3号'

export const PATH = [
  ['S0', 'S1', '2022-02-10', 'township'],
  ['S1', 'S2', '2022-03-10', 'township'],
  ['S2', 'S3', '2022-04-02', 'manager'],
  ['S3', 'S4', '2022-05-12', 'township'],
  ['S4', 'S5', '2022-06-08', 'manager'],
  ['S5', 'S6', '2022-11-21', 'township'],
] as const

/** A step as it was taken; without a role by the calendar. */
export function insertStep(
  tx: BulkTransaction,
  random: Random,
  entryId: string,
  [from, to, on, role]: readonly [from: string, to: string, on: string, role: string | null],
  more: object = {},
): void {
  tx.insert('state_change', {
    list_entry_id: entryId,
    from_state: from,
    to_state: to,
    happened_on: on,
    at: `${on}T0${random.integer(1, 9)}:${String(random.integer(10, 59))}:00.000Z`,
    author: role === null ? null : role === 'manager' ? '示例经办人' : '示例审核人',
    role,
    department: role === 'manager' ? 'JX' : null,
    ...more,
  })
}

/** Steps of what is still on its way; those of what was closed come last of all (`closings.ts`). */
function recordSteps(tx: BulkTransaction, random: Random, entry: Entry, rank: number): void {
  if (rank >= 7) return
  const step = (from: string, to: string, on: string, role: string, more: object = {}): void =>
    insertStep(tx, random, entry.id, [from, to, on, role], more)
  for (const [from, to, on, role] of PATH.slice(0, rank))
    step(from, to, on, role, to === 'S3' ? { doc_no: LISTED_DOC } : {})
  const doc_no = '兰经信示例〔2022〕9号'
  if (entry.state === 'SX')
    step('S1', 'SX', '2022-03-16', 'manager', { doc_no, reason: '合同期内尚未投产，不纳入本批' })
  if (entry.state === 'S9') step('S5', 'S9', '2022-10-18', 'manager', { doc_no, reason: '已列入征收计划' })
}

const FINDINGS = [
  '厂房在用，设备陈旧，部分车间空置。',
  '仅一条生产线运转，堆场占地较大。',
  '部分厂房出租，出租面积约三成。',
  '围墙内有空地未利用，建筑密度偏低。',
]
const PEOPLE = [
  ['示例巡查员甲', '示例巡查员乙'],
  ['示例巡查员丙', '示例巡查员丁'],
] as const

/** The baseline as it was in 2021, deadlines of measures within that of the plan, targets that follow from what is said. */
function figuresOf(tx: BulkTransaction, entry: Entry, plan: Plan, rank: number): void {
  run(
    tx.db,
    `UPDATE measure SET due_date = min(due_date, (SELECT p.due_date FROM plan p WHERE p.id = measure.plan_id)) WHERE plan_id = ?`,
    [plan.id],
  )
  const [year] = all<Record<string, number | string | null>>(
    tx.db,
    `SELECT year, scale, class, land_mu_actual, tax, value_added, energy_tce FROM enterprise_year
     WHERE enterprise_id = ? AND year = 2021`,
    [entry.enterprise],
  )
  if (!year) return
  const { tax, land_mu_actual: land, energy_tce: energy } = year as Record<string, number | null>
  const perMu = tax == null || !land ? {} : { tax_per_mu: tax / land }
  const round = (value: number): number => Math.round(value * 100) / 100
  // An exit needs no target; what is done is measured by its figures and keeps the target that it met.
  const target =
    plan.route === 'EXIT_RECLAIM' || rank >= 6 || energy == null || plan.freed_tce === null
      ? null
      : round(Math.max(energy * 0.4, energy - plan.freed_tce))
  tx.replace('plan', plan.id, {
    baseline: { years: [{ ...year, ...perMu }] },
    target_energy_tce: target,
    ...(target === null ? {} : { freed_tce: round(energy! - target) }),
  })
}

/** A confirmed visit of two inspectors with three pictures, and every parcel marked. */
function fileOf(
  tx: BulkTransaction,
  random: Random,
  camera: Camera,
  entry: Entry,
  parcels: readonly Parcel[],
  short: boolean,
): void {
  for (const parcel of parcels) {
    if (parcel.side_marked !== null) continue
    parcel.side_marked = parcel.side
    run(
      tx.db,
      'UPDATE parcel_record SET side_marked = (SELECT p.side FROM parcel p WHERE p.pk = parcel_record.pk), side_marked_by = ?, side_marked_at = ? WHERE pk = ?',
      ['示例巡查员', tx.at, parcel.pk],
    )
  }
  const first = parcels[0]
  const people = random.pick(PEOPLE)
  const isAlone = short && random.chance(0.5)
  const visit = tx.insert('survey_visit', {
    enterprise_id: entry.enterprise,
    parcel_id: first?.id ?? null,
    inspectors: isAlone ? [people[0]] : people,
    visited_at: `2022-02-${random.integer(14, 28)}T0${random.integer(1, 8)}:30:00.000Z`,
    findings: random.pick(FINDINGS),
    side_marked: first?.side_marked ?? null,
    operating_status: random.pick(['normal', 'normal', 'half', 'stopped']),
    ineff_types: ['T1'],
    idle_suspect: false,
    weather: random.pick(['晴', '多云', '小雨']),
    status: 'CONFIRMED',
    submitted_by: people[0],
    submitted_at: '2022-03-01T02:00:00.000Z',
    reviewed_by: '示例审核人',
    reviewed_at: '2022-03-08T02:00:00.000Z',
  })
  const owner = { entity: 'survey_visit', id: visit.id }
  for (let count = short && !isAlone ? 2 : 3; count > 0; count--) camera(owner, 'site', 'before', '2022-02-28T10:00:00')
}

const CHECKERS = { AQ: 'YJ', HB: 'ST', ZL: 'SC', NY: 'FG' } as const

/** The four core dimensions answered; what failed on the way was put right before the acceptance. */
function checksOf(tx: BulkTransaction, random: Random, entry: Entry, rank: number): void {
  for (const [dimension, department] of Object.entries(CHECKERS)) {
    const fails = random.chance(0.12)
    tx.insert('compliance_check', {
      enterprise_id: entry.enterprise,
      dimension,
      department,
      result: fails ? 'fail' : 'pass',
      item: fails ? '现场检查发现问题，限期整改' : '现场检查',
      deadline: fails ? '2022-09-30' : null,
      rectified_at: fails && (rank >= 6 || random.chance(0.7)) ? '2022-09-20' : null,
    })
  }
}

/** Where the marks of the inspectors suggest another route than the plan takes, it is reasoned and signed. */
function routeOf(tx: BulkTransaction, plan: Plan, parcels: readonly Parcel[], isComplete: boolean): void {
  const route = defaultRoute(parcels.map(parcel => parcel.side_marked ?? parcel.side))
  if (route === null || route === plan.route || !isComplete) return
  tx.replace('plan', plan.id, {
    route_reason: '按主体部分处置，已与资规部门会商',
    route_signed_by: '示例资规经办人',
  })
}

function opinionsOf(tx: BulkTransaction, random: Random, plan: Plan): void {
  for (const department of ['JX', 'ZG']) {
    tx.insert('approval', {
      plan_id: plan.id,
      department,
      decision: 'agree',
      decided_on: `2022-06-0${random.integer(1, 7)}`,
      decided_by: `示例${department === 'JX' ? '经信' : '资规'}经办人`,
    })
  }
}

/** Work done: milestones dated, pictures afterwards, and the evidence of every measure. */
function workOf(
  tx: BulkTransaction,
  random: Random,
  camera: Camera,
  entry: Entry,
  plan: Plan,
  parcels: readonly Parcel[],
  measures: readonly string[],
  short: boolean,
): void {
  const owner = { entity: 'enterprise', id: entry.enterprise }
  run(
    tx.db,
    `UPDATE milestone SET date_actual = coalesce(date_actual, min(date_planned, '2022-10-25')) WHERE plan_id = ?`,
    [plan.id],
  )
  const dated = new Set(
    all<{ type: string }>(tx.db, 'SELECT type FROM milestone WHERE plan_id = ?', [plan.id]).map(row => row.type),
  )
  const filed = new Set<string>()
  let position = 20
  for (const [item, place] of measures.flatMap(type => EVIDENCE_ITEMS[type] ?? [])) {
    if (place === 'milestone' && !dated.has(item)) {
      dated.add(item)
      const day = `2022-10-${random.integer(10, 25)}`
      tx.insert('milestone', {
        plan_id: plan.id,
        position: position++,
        type: item,
        date_planned: day,
        date_actual: day,
      })
    }
    if (place === 'file' && !filed.has(item)) {
      filed.add(item)
      // What a few lack: a scan that was promised and never came.
      if (!(short && filed.size === 1)) camera(owner, item, null, '2022-11-10T09:00:00')
    }
    if (place === 'years') meetTarget(tx, entry, plan)
  }
  if (measures.includes('M10')) {
    for (const parcel of parcels) {
      const outside = parcel.area_out_m2 ?? 0
      if (outside <= 0) continue
      const area = Math.floor(outside * 100) / 100
      tx.insert('reclamation', {
        plan_id: plan.id,
        parcel_id: parcel.id,
        project_name: '示例复垦项目',
        area_m2: area,
        new_farmland_m2: Math.floor(area * 90) / 100,
        started_on: '2022-07-05',
        finished_on: '2022-09-28',
        accepted_on: '2022-10-20',
        acceptance_doc: '兰资规示例〔2022〕21号',
      })
    }
  }
  for (let count = short && filed.size === 0 ? 2 : 3; count > 0; count--)
    camera(owner, 'site', 'after', '2022-11-15T10:00:00')
}

/** The figures of 2022 meet what the plan set as its target: the target of a finished plan was within reach. */
function meetTarget(tx: BulkTransaction, entry: Entry, plan: Plan): void {
  if (plan.target_tax_per_mu === null || entry.tax === null || !entry.land) return
  const reached = Math.floor((entry.tax / entry.land) * 95) / 100
  if (reached < plan.target_tax_per_mu) tx.replace('plan', plan.id, { target_tax_per_mu: reached })
}

function acceptanceOf(tx: BulkTransaction, camera: Camera, entry: Entry, plan: Plan, parcels: readonly Parcel[]): void {
  const closed = entry.state === 'S8' ? '2022-05-16' : '2022-11-25'
  tx.insert('acceptance', {
    plan_id: plan.id,
    accepted_on: closed,
    members: [
      { name: '示例验收员甲', department: 'JX' },
      { name: '示例验收员乙', department: 'ZG' },
      { name: '示例验收员丙', department: 'ST' },
    ],
    accepted_land: parcels.map(({ id, area_m2 }) => ({ parcel_id: id, area_m2: Math.floor(area_m2 * 100) / 100 })),
    freed_tce: plan.freed_tce,
    conclusion: 'passed',
    doc_no: '兰验示例〔2022〕5号',
  })
  camera({ entity: 'enterprise', id: entry.enterprise }, 'joint_acceptance', null, `${closed}T09:00:00`)
}

type Camera = (owner: { entity: string; id: string }, kind: string, stage: string | null, at: string) => void

/** Takes one picture after the other, each another one; they have no position. */
function newCamera(tx: BulkTransaction): Camera {
  let taken = 0
  return (owner, kind, stage, at) => {
    const number = ++taken
    const bytes = demoPicture(number)
    tx.insert('attachment', {
      sha256: digestOf(bytes),
      file_name: demoPictureName(number),
      mime: 'image/png',
      size: bytes.length,
      kind,
      stage,
      taken_at: at,
      owner_entity: owner.entity,
      owner_id: owner.id,
      submitted: true,
    })
  }
}

function grouped<Row extends { owner: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(row.owner, [...(groups.get(row.owner) ?? []), row])
  return groups
}
