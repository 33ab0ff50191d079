/** Reads what the closed loop judges, for any number of enterprises at once. SQL text of the loop stays here. */
import type { LoopFacts, PlanFacts, StepFacts } from '../../shared/rules/closed-loop/facts.ts'
import {
  defaultRoute,
  effectiveSide,
  type MeasureState,
  missingOfPlan,
  type PlanState,
} from '../../shared/rules/plan-rules.ts'
import { inspectorsOf } from '../../shared/rules/visits.ts'
import type { Db } from '../db/open.ts'
import { type Row, rowToRecord, selectColumns } from '../db/rows.ts'
import { all } from '../db/sql.ts'
import { landOf } from '../parcels/land-sql.ts'
import { landOf as acceptedLand } from './count-repo.ts'

type Owned<T> = T & { owner: string }
type Values = Record<string, unknown>

/** Facts of the live entries of these enterprises, by enterprise; `today` is the day on which a step would happen. */
export function loadFacts(db: Db, enterpriseIds: readonly string[], today: string): Map<string, LoopFacts> {
  const wanted = JSON.stringify(enterpriseIds)
  const rows = <T>(sql: string): Owned<T>[] => all<Owned<T>>(db, sql, { wanted })
  const inWanted = 'IN (SELECT value FROM json_each(:wanted))'
  const entries = rows<Row>(
    `SELECT l.enterprise_id AS owner, e.name, e.unit, l.id, l.state, l.list_year, l.batch, l.hit_rules, l.exclusion_reason,
       l.listed_doc, l.publicity_from, l.publicity_to
     FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
     WHERE l.deleted = 0 AND l.enterprise_id ${inWanted}`,
  )
  const steps = grouped(
    rows<StepFacts>(
      `SELECT l.enterprise_id AS owner, s.from_state, s.to_state, s.happened_on, s.at, s.reason, s.doc_no
       FROM state_change s JOIN list_entry l ON l.id = s.list_entry_id AND l.deleted = 0
       WHERE s.deleted = 0 AND l.enterprise_id ${inWanted} ORDER BY s.at, s.pk`,
    ),
  )
  const years = grouped(
    rows<LoopFacts['years'][number]>(
      `SELECT enterprise_id AS owner, year, land_mu_actual, tax, energy_tce FROM enterprise_year
       WHERE deleted = 0 AND enterprise_id ${inWanted} ORDER BY year`,
    ),
  )
  const parcels = grouped(
    rows<Omit<LoopFacts['parcels'][number], 'disputed'> & { side: string | null; disputed: number | null }>(
      `SELECT DISTINCT o.enterprise_id AS owner, p.id, p.code, coalesce(p.area_m2, 0) AS area_m2, p.side, p.side_marked, p.disputed
       FROM occupancy o JOIN parcel p ON p.id = o.parcel_id AND p.deleted = 0
       WHERE o.deleted = 0 AND o.enterprise_id ${inWanted} ORDER BY p.code`,
    ),
  )
  const visits = grouped(
    rows<{ id: string; status: string; inspectors: string | null }>(
      `${landOf('WHERE enterprise_id', inWanted)}
       SELECT enterprise_id AS owner, id, status, inspectors FROM survey_visit WHERE deleted = 0 AND enterprise_id ${inWanted}
       UNION SELECT l.owner, v.id, v.status, v.inspectors FROM land l JOIN survey_visit v ON v.parcel_id = l.id
         WHERE v.deleted = 0 AND v.enterprise_id IS NULL`,
    ),
  )
  const photos = grouped(rows<PhotoRow>(photoSql(inWanted)))
  const twins = sameBytes(db, [...photos.values()].flat())
  const checks = grouped(
    rows<LoopFacts['checks'][number]>(
      `SELECT coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) AS owner, c.dimension, c.result, c.rectified_at
       FROM compliance_check c LEFT JOIN plan p ON p.id = c.plan_id LEFT JOIN survey_visit v ON v.id = c.visit_id
       WHERE c.deleted = 0 AND coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) ${inWanted}`,
    ),
  )
  const reclamations = grouped(
    rows<LoopFacts['reclamations'][number]>(
      `${landOf('WHERE enterprise_id', inWanted)}
       SELECT DISTINCT l.owner, r.id, r.parcel_id, r.accepted_on, r.acceptance_doc, r.new_farmland_m2,
         r.area_m2, r.paddy_m2, r.dry_m2, p.area_out_m2
       FROM land l JOIN reclamation r ON r.parcel_id = l.id JOIN parcel p ON p.id = r.parcel_id WHERE r.deleted = 0`,
    ),
  )
  const lookBacks = grouped(
    rows<LoopFacts['look_backs'][number]>(
      `SELECT l.enterprise_id AS owner, b.id, b.due_date, b.done_at, b.result
       FROM look_back b JOIN list_entry l ON l.id = b.list_entry_id AND l.deleted = 0
       WHERE b.deleted = 0 AND l.enterprise_id ${inWanted} ORDER BY b.due_date, b.pk`,
    ),
  )
  const plans = grouped(plansOf(db, wanted, inWanted))
  const facts = new Map<string, LoopFacts>()
  for (const { owner, name, unit, hit_rules, ...entry } of entries as Owned<Values>[]) {
    const hits: unknown = typeof hit_rules === 'string' ? JSON.parse(hit_rules) : []
    const own = parcels.get(owner) ?? []
    facts.set(owner, {
      today,
      entry: { ...(entry as unknown as LoopFacts['entry']), hits: Array.isArray(hits) ? hits.length : 0 },
      enterprise: { id: owner, name: String(name), unit: unit as string | null },
      steps: steps.get(owner) ?? [],
      years: years.get(owner) ?? [],
      parcels: own.map(({ disputed, ...parcel }) => ({ ...parcel, disputed: disputed === 1 })),
      visits: (visits.get(owner) ?? []).map(({ inspectors, ...visit }) => ({
        ...visit,
        inspectors: inspectors === null ? 0 : inspectorsOf(JSON.parse(inspectors)).length,
      })),
      photos: ownPhotos(photos.get(owner) ?? [], twins),
      checks: checks.get(owner) ?? [],
      plan: planInForce(plans.get(owner) ?? [], String(entry['state'])),
      reclamations: reclamations.get(owner) ?? [],
      look_backs: lookBacks.get(owner) ?? [],
    })
  }
  return facts
}

/** Facts of every live plan of an enterprise, oldest first. */
export function plansOfEnterprise(db: Db, enterpriseId: string): PlanFacts[] {
  return plansOf(db, JSON.stringify([enterpriseId]), 'IN (SELECT value FROM json_each(:wanted))')
}

/** The newest approved plan once the work has begun, the one handed in while it is in review; before that the newest. */
function planInForce(plans: readonly Owned<PlanFacts>[], state: string): PlanFacts | null {
  if (state === 'S4') return plans.filter(plan => plan.status === 'submitted').at(-1) ?? plans.at(-1) ?? null
  const begun = ['S5', 'S6', 'S7', 'S8'].includes(state)
  const approved = begun ? plans.filter(plan => plan.status === 'approved').at(-1) : undefined
  return approved ?? plans.at(-1) ?? null
}

type PhotoRow = Omit<LoopFacts['photos'][number], 'shared'> & { id: string }

/** Live records of the same bytes, by digest. */
function sameBytes(db: Db, photos: readonly PhotoRow[]): Map<string, string[]> {
  const twins = new Map<string, string[]>()
  const digests = JSON.stringify([...new Set(photos.map(photo => photo.sha256))])
  for (const { sha256, id } of all<{ sha256: string; id: string }>(
    db,
    'SELECT sha256, id FROM attachment WHERE deleted = 0 AND owner_id IS NOT NULL AND sha256 IN (SELECT value FROM json_each(?))',
    [digests],
  ))
    twins.set(sha256, [...(twins.get(sha256) ?? []), id])
  return twins
}

/** A picture is shared when a record that is not of this enterprise has the same bytes. */
function ownPhotos(photos: readonly PhotoRow[], twins: ReadonlyMap<string, string[]>): LoopFacts['photos'] {
  const own = new Set(photos.map(photo => photo.id))
  return photos.map(photo => ({ ...photo, shared: (twins.get(photo.sha256) ?? []).some(id => !own.has(id)) }))
}

/** Photos and scans of the enterprise, its land, its visits, its plans and their acceptances; each once. */
function photoSql(inWanted: string): string {
  const columns = 'a.id, a.sha256, a.kind, a.stage, a.longitude, a.latitude, a.created_at'
  const live = 'a.deleted = 0'
  return `${landOf('WHERE enterprise_id', inWanted)}
    SELECT a.owner_id AS owner, ${columns} FROM attachment a
      WHERE ${live} AND a.owner_entity = 'enterprise' AND a.owner_id ${inWanted}
    UNION SELECT l.owner, ${columns} FROM land l
      JOIN attachment a ON a.owner_id = l.id AND a.owner_entity = 'parcel' AND ${live}
    UNION SELECT v.enterprise_id, ${columns} FROM survey_visit v
      JOIN attachment a ON a.owner_id = v.id AND a.owner_entity = 'survey_visit' AND ${live}
      WHERE v.deleted = 0 AND v.enterprise_id ${inWanted}
    UNION SELECT l.owner, ${columns} FROM land l JOIN survey_visit v ON v.parcel_id = l.id AND v.deleted = 0
      JOIN attachment a ON a.owner_id = v.id AND a.owner_entity = 'survey_visit' AND ${live}
      WHERE v.enterprise_id IS NULL
    UNION SELECT p.enterprise_id, ${columns} FROM plan p
      JOIN attachment a ON a.owner_id = p.id AND a.owner_entity = 'plan' AND ${live}
      WHERE p.deleted = 0 AND p.enterprise_id ${inWanted}
    UNION SELECT p.enterprise_id, ${columns} FROM plan p JOIN acceptance c ON c.plan_id = p.id AND c.deleted = 0
      JOIN attachment a ON a.owner_id = c.id AND a.owner_entity = 'acceptance' AND ${live}
      WHERE p.deleted = 0 AND p.enterprise_id ${inWanted}`
}

function plansOf(db: Db, wanted: string, inWanted: string): Owned<PlanFacts>[] {
  const ofPlans = <T>(columns: string, table: string, order: string): Map<string, Owned<T>[]> =>
    grouped(
      all<Owned<T>>(
        db,
        `SELECT x.plan_id AS owner, ${columns} FROM ${table} x JOIN plan p ON p.id = x.plan_id AND p.deleted = 0
         WHERE x.deleted = 0 AND p.enterprise_id ${inWanted} ORDER BY ${order}`,
        { wanted },
      ),
    )
  type MeasureRow = PlanFacts['measures'][number] & MeasureState
  const measures = ofPlans<MeasureRow>(
    'x.id, x.position, x.type, x.done_at, x.description, x.due_date',
    'measure',
    'x.position, x.pk',
  )
  const milestones = ofPlans<PlanFacts['milestones'][number]>('x.type, x.date_actual', 'milestone', 'x.position, x.pk')
  const approvals = ofPlans<PlanFacts['approvals'][number]>(
    'x.department, x.decision, x.created_at',
    'approval',
    'x.created_at, x.pk',
  )
  const acceptances = ofPlans<
    Omit<PlanFacts['acceptances'][number], 'departments' | 'land'> & {
      members: string | null
      accepted_land: string | null
    }
  >(
    'x.id, x.accepted_on, x.conclusion, x.doc_no, x.created_at, x.members, x.accepted_land',
    'acceptance',
    'x.created_at, x.pk',
  )
  const rows = all<Row>(
    db,
    `SELECT ${selectColumns('plan', 'p')} FROM plan p WHERE p.deleted = 0 AND p.enterprise_id ${inWanted}
     ORDER BY p.year, p.version, p.pk`,
    { wanted },
  )
  const sides = new Map(
    all<{ id: string; side: string | null; side_marked: string | null }>(
      db,
      `SELECT DISTINCT c.id, c.side, c.side_marked FROM plan p, json_each(p.parcel_ids) j JOIN parcel c ON c.id = j.value AND c.deleted = 0
       WHERE p.deleted = 0 AND p.enterprise_id ${inWanted}`,
      { wanted },
    ).map(row => [row.id, effectiveSide(row)]),
  )
  return rows.map(row => {
    const plan = rowToRecord('plan', row)
    const id = String(plan['id'])
    const ids = ((plan['parcel_ids'] as string[] | null) ?? []).filter(parcel => sides.has(parcel))
    const route = defaultRoute(ids.map(parcel => sides.get(parcel)))
    const own = measures.get(id) ?? []
    return {
      ...(plan as unknown as Pick<PlanFacts, PlainPlanField>),
      owner: String(plan['enterprise_id']),
      id,
      default_route: route,
      departments: (plan['departments'] as string[] | null) ?? [],
      parcel_ids: ids,
      missing: missingOfPlan(plan as unknown as PlanState, own, { parcels: ids.length, defaultRoute: route }),
      measures: own,
      milestones: milestones.get(id) ?? [],
      approvals: approvals.get(id) ?? [],
      acceptances: (acceptances.get(id) ?? []).map(({ members, accepted_land, ...acceptance }) => ({
        ...acceptance,
        departments: departmentsOf(members),
        land: acceptedLand(accepted_land),
      })),
    }
  })
}

type PlainPlanField = Exclude<
  keyof PlanFacts,
  | 'id'
  | 'default_route'
  | 'departments'
  | 'parcel_ids'
  | 'missing'
  | 'measures'
  | 'milestones'
  | 'approvals'
  | 'acceptances'
>

/** Departments named among the members (`[{name, department}]`), each once. */
function departmentsOf(json: string | null): string[] {
  const value: unknown = json === null ? null : JSON.parse(json)
  if (!Array.isArray(value)) return []
  return [...new Set(value.map((member: { department?: unknown }) => member?.department))].filter(
    (department): department is string => typeof department === 'string' && department !== '',
  )
}

function grouped<T>(rows: readonly Owned<T>[]): Map<string, Owned<T>[]> {
  const groups = new Map<string, Owned<T>[]>()
  for (const row of rows) {
    const group = groups.get(row.owner)
    if (group) group.push(row)
    else groups.set(row.owner, [row])
  }
  return groups
}
