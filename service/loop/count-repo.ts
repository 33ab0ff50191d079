/** Reads what the counting rules need, for all entries of the list or one. SQL text of counting stays here. */
import type { CountEntry, CountEvent, CountParcel, CountPlan } from '../../shared/rules/closed-loop/counting.ts'
import { countEvents } from '../../shared/rules/closed-loop/counting.ts'
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'

/** The book of everything counted in this survey, in order of time. */
export function countedEvents(db: Db): CountEvent[] {
  // Parcels that were divided since are kept as deleted and go on standing for what was counted of them.
  const lines = all<{ id: string; ancestor: string; area_m2: number | null }>(
    db,
    `WITH RECURSIVE named (id) AS (
       SELECT j.value FROM plan n, json_each(n.parcel_ids) j WHERE n.deleted = 0
       UNION SELECT parcel_id FROM reclamation WHERE deleted = 0
       UNION SELECT json_extract(j.value, '$.parcel_id') FROM acceptance a, json_each(a.accepted_land) j WHERE a.deleted = 0),
     line (id, ancestor, depth) AS (
       SELECT n.id, n.id, 0 FROM named n
       UNION ALL SELECT line.id, p.parent_id, line.depth + 1 FROM line JOIN parcel p ON p.id = line.ancestor
         WHERE p.parent_id IS NOT NULL AND line.depth < 20)
     SELECT l.id, l.ancestor, p.area_m2 FROM line l JOIN parcel p ON p.id = l.ancestor ORDER BY l.depth`,
  )
  const areas = new Map(lines.map(row => [row.ancestor, row.area_m2 ?? 0]))
  // The deepest ancestor comes last.
  const rootOf = new Map(lines.filter(row => row.ancestor !== row.id).map(row => [row.id, row.ancestor]))
  return countEvents(countEntries(db, areas), areas, rootOf)
}

interface PlanRow {
  id: string
  enterprise_id: string
  status: string
  route: string | null
  parcel_ids: string | null
}

/** Entries that can count: those with a step, a closing date or an approved plan. */
function countEntries(db: Db, areas: ReadonlyMap<string, number>): CountEntry[] {
  const entries = all<{
    id: string
    enterprise_id: string
    unit: string | null
    counted_at: string | null
    counted_mu: number | null
    counted_tce: number | null
    rebound_at: string | null
  }>(
    db,
    `SELECT l.id, l.enterprise_id, e.unit, l.counted_at, l.counted_mu, l.counted_tce, l.rebound_at
     FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
     WHERE l.deleted = 0 AND l.state NOT IN ('S0', 'S1', 'S2', 'SX') ORDER BY l.id`,
  )
  // Of the steps and nodes only those that the rules of counting ask for: the others are ten times as many.
  const steps = grouped(
    all<{ owner: string; from: string | null; to: string; on: string }>(
      db,
      `SELECT list_entry_id AS owner, from_state AS "from", to_state AS "to", happened_on AS "on"
       FROM state_change WHERE deleted = 0
         AND (to_state = 'S9' OR (from_state = 'S6' AND to_state = 'S7') OR (from_state = 'S8' AND to_state = 'S5'))
       ORDER BY happened_on, at, pk`,
    ),
  )
  const rented = grouped(
    all<{ owner: string; parcel_id: string }>(
      db,
      `SELECT o.enterprise_id AS owner, o.parcel_id FROM occupancy o WHERE o.deleted = 0 AND o.role = 'TENANT'
       AND NOT EXISTS (SELECT 1 FROM occupancy w WHERE w.enterprise_id = o.enterprise_id AND w.parcel_id = o.parcel_id
         AND w.role = 'OWNER' AND w.deleted = 0)`,
    ),
  )
  const reclamations = grouped(
    all<CountEntry['reclamations'][number] & { owner: string }>(
      db,
      `SELECT parcel_id AS owner, id, parcel_id, area_m2, accepted_on, acceptance_doc
       FROM reclamation WHERE deleted = 0 ORDER BY pk`,
    ),
  )
  const plans = grouped(plansOf(db, areas))
  return entries.map(({ counted_at, counted_mu, counted_tce, rebound_at, ...entry }) => {
    const own = plans.get(entry.enterprise_id) ?? []
    const land = new Set(own.flatMap(plan => plan.parcels.map(parcel => parcel.parcel_id)))
    return {
      ...entry,
      steps: steps.get(entry.id) ?? [],
      plans: own,
      rented: (rented.get(entry.enterprise_id) ?? []).map(row => row.parcel_id),
      reclamations: [...land].flatMap(id => reclamations.get(id) ?? []),
      earlier: { counted_at, counted_mu, counted_tce, rebound_at },
    }
  })
}

function plansOf(db: Db, areas: ReadonlyMap<string, number>): (CountPlan & { owner: string })[] {
  const measures = grouped(
    all<CountPlan['measures'][number] & { owner: string }>(
      db,
      'SELECT plan_id AS owner, id, type, done_at, area_mu FROM measure WHERE deleted = 0 ORDER BY position, pk',
    ),
  )
  const milestones = grouped(
    all<CountPlan['milestones'][number] & { owner: string }>(
      db,
      "SELECT plan_id AS owner, type, date_actual FROM milestone WHERE deleted = 0 AND date_actual IS NOT NULL AND type IN ('vacated', 'demolished') ORDER BY position, pk",
    ),
  )
  const acceptances = grouped(
    all<{
      owner: string
      id: string
      on: string | null
      conclusion: string | null
      land: string | null
      freed_tce: number | null
    }>(
      db,
      `SELECT plan_id AS owner, id, accepted_on AS "on", conclusion, accepted_land AS land, freed_tce
       FROM acceptance WHERE deleted = 0 AND plan_id IS NOT NULL ORDER BY accepted_on, pk`,
    ),
  )
  return all<PlanRow>(
    db,
    'SELECT id, enterprise_id, status, route, parcel_ids FROM plan WHERE deleted = 0 ORDER BY year, version, pk',
  ).map(({ id, enterprise_id, status, route, parcel_ids }) => ({
    owner: enterprise_id,
    id,
    status,
    route,
    parcels: ids(parcel_ids).flatMap(parcel_id => {
      const area_m2 = areas.get(parcel_id)
      return area_m2 === undefined ? [] : [{ parcel_id, area_m2 }]
    }),
    measures: measures.get(id) ?? [],
    milestones: milestones.get(id) ?? [],
    acceptances: (acceptances.get(id) ?? []).map(row => ({ ...row, land: landOf(row.land) })),
  }))
}

function ids(json: string | null): string[] {
  const value: unknown = json === null ? [] : JSON.parse(json)
  return Array.isArray(value) ? value.filter(entry => typeof entry === 'string') : []
}

/** `accepted_land` of an acceptance: a list of `{parcel_id, area_m2}`; anything else counts as not said. */
export function landOf(json: string | null): CountParcel[] | null {
  const value: unknown = json === null ? null : JSON.parse(json)
  if (!Array.isArray(value)) return null
  return value.filter(
    (part): part is CountParcel => typeof part?.parcel_id === 'string' && typeof part?.area_m2 === 'number',
  )
}

function grouped<Row extends { owner: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.owner)
    if (group) group.push(row)
    else groups.set(row.owner, [row])
  }
  return groups
}
