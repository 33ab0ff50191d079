/** SQL of the periodic reports: list entries with plan and first day of listing, targets, open checks. */
import type { CountEvent } from '../../shared/rules/closed-loop/counting.ts'
import type { ProgressEntry } from '../../shared/rules/progress.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { countedEvents } from '../loop/count-repo.ts'
import { dueDate } from '../loop/list-repo.ts'

/**
 * Live entries of the list with their recorded steps. The day of listing is that of the step into S3 (a plan sent back does
 * not list anew). Without a recorded step it is the logged change, then the end of the public notice, then the day on which
 * the entry came in, unless its list year or its closing says that it was listed before. Days are those of China.
 */
export function progressEntries(db: Db): ProgressEntry[] {
  const events = new Map<string, CountEvent[]>()
  for (const event of countedEvents(db)) append(events, event.entry_id, event)
  const steps = new Map<string, ProgressEntry['steps'][number][]>()
  for (const { entry, ...step } of all<ProgressEntry['steps'][number] & { entry: string }>(
    db,
    `SELECT list_entry_id AS entry, happened_on AS "on", from_state AS "from", to_state AS "to" FROM state_change
     WHERE deleted = 0 ORDER BY happened_on, at, pk`,
  ))
    append(steps, entry, step)
  const came = "date(l.created_at, '+8 hours')"
  return all<Omit<ProgressEntry, 'events' | 'steps'> & { id: string }>(
    db,
    `SELECT l.id, e.unit, l.enterprise_id, l.state, ${dueDate('e.id')} AS due_date,
       coalesce(
         (SELECT min(s.happened_on) FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0
            AND s.to_state = 'S3' AND s.from_state IS NOT 'S4'),
         (SELECT date(min(d.at), '+8 hours') FROM change c JOIN edit d ON d.seq = c.edit_seq
          WHERE c.entity = 'list_entry' AND c.entity_id = l.id AND json_extract(c.patch, '$.state[1]') = 'S3'),
         CASE WHEN l.state IN ('S0', 'S1', 'S2', 'SX') THEN NULL WHEN l.publicity_to IS NOT NULL THEN l.publicity_to
           WHEN l.counted_at < ${came} OR l.list_year <> CAST(substr(${came}, 1, 4) AS INTEGER) THEN NULL ELSE ${came} END
       ) AS listed_on
     FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
     WHERE l.deleted = 0 ORDER BY l.pk`,
  ).map(({ id, ...entry }) => ({ ...entry, events: events.get(id) ?? [], steps: steps.get(id) ?? [] }))
}

function append<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key)
  if (group) group.push(item)
  else groups.set(key, [item])
}

export interface TargetRow {
  readonly scope: string
  readonly indicator: string
  readonly value: number
  readonly unit_symbol: string | null
  readonly year: number | null
}

/** Targets of a year and those without a year (cumulative); of several for the same thing the newest comes first. */
export function targetsOf(db: Db, year: number): TargetRow[] {
  return all(
    db,
    'SELECT scope, indicator, value, unit_symbol, year FROM target WHERE deleted = 0 AND (year = ? OR year IS NULL) ORDER BY pk DESC',
    [year],
  )
}

/** Unsatisfactory checks of a unit's enterprises as they stood on a day: all and those put right by then. */
export function checksByUnit(db: Db, day: string): { unit: string | null; failed: number; rectified: number }[] {
  return all(
    db,
    `SELECT e.unit, count(*) AS failed, coalesce(sum(c.rectified_at <= :day), 0) AS rectified
     FROM compliance_check c LEFT JOIN plan p ON p.id = c.plan_id LEFT JOIN survey_visit v ON v.id = c.visit_id
       JOIN enterprise e ON e.id = coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) AND e.deleted = 0
     WHERE c.deleted = 0 AND c.result = 'fail' AND coalesce(date(v.visited_at, '+8 hours'), '') <= :day GROUP BY e.unit`,
    { day },
  )
}

/** 小微企业园 that were built by the day, all and those of three stars or more: what the campaign wants to have at its end. Empty while none is on record. */
export function parksBuilt(db: Db, until: string): Record<string, number> {
  const row = get<{ known: number; built: number; starred: number }>(
    db,
    `SELECT count(*) AS known, count(*) FILTER (WHERE completed_on <= :until) AS built,
       count(*) FILTER (WHERE completed_on <= :until AND star >= 3) AS starred
     FROM small_park WHERE deleted = 0`,
    { until },
  )!
  return row.known === 0 ? {} : { 小微企业园: row.built, 三星级以上小微企业园: row.starred }
}

/** First year and carbon factor of the campaign; nulls while there is none. */
export function campaignOf(db: Db): { start_year: number | null; carbon_factor: number | null } {
  const row = get<{ start_year: number | null; carbon_factor: number | null }>(
    db,
    'SELECT start_year, carbon_factor FROM campaign WHERE deleted = 0 ORDER BY pk LIMIT 1',
  )
  return row ?? { start_year: null, carbon_factor: null }
}
