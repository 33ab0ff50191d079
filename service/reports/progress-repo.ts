/** SQL of the periodic reports: list entries with plan and first day of listing, targets, open checks. */
import type { CountEvent } from '../../shared/rules/closed-loop/counting.ts'
import type { ProgressEntry } from '../../shared/rules/progress.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { countedEvents } from '../loop/count-repo.ts'

/**
 * Live entries of the list. The day of listing is the first recorded change into S3; an entry that came in already listed
 * (imported, or made by an older version) counts from the day it was made.
 */
export function progressEntries(db: Db): ProgressEntry[] {
  const events = new Map<string, CountEvent[]>()
  for (const event of countedEvents(db)) {
    const own = events.get(event.entry_id)
    if (own) own.push(event)
    else events.set(event.entry_id, [event])
  }
  return all<Omit<ProgressEntry, 'events'> & { id: string }>(
    db,
    `SELECT l.id, e.unit, l.enterprise_id, l.state, n.due_date,
       coalesce(
         (SELECT min(d.at) FROM change c JOIN edit d ON d.seq = c.edit_seq
          WHERE c.entity = 'list_entry' AND c.entity_id = l.id AND json_extract(c.patch, '$.state[1]') = 'S3'),
         CASE WHEN l.state NOT IN ('S0', 'S1', 'S2', 'SX') THEN l.created_at END) AS listed_on
     FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
       LEFT JOIN plan n ON n.id = (SELECT p.id FROM plan p WHERE p.enterprise_id = e.id AND p.deleted = 0
         ORDER BY p.year DESC, p.version DESC LIMIT 1)
     WHERE l.deleted = 0 ORDER BY l.pk`,
  ).map(({ id, ...entry }) => ({ ...entry, events: events.get(id) ?? [] }))
}

export interface TargetRow {
  readonly scope: string
  readonly indicator: string
  readonly value: number
  readonly unit_symbol: string | null
  readonly year: number | null
}

/** Targets of a year and those without a year (cumulative). */
export function targetsOf(db: Db, year: number): TargetRow[] {
  return all(
    db,
    'SELECT scope, indicator, value, unit_symbol, year FROM target WHERE deleted = 0 AND (year = ? OR year IS NULL) ORDER BY pk',
    [year],
  )
}

/** Unsatisfactory checks of a unit's enterprises: all and those put right. */
export function checksByUnit(db: Db): { unit: string | null; failed: number; rectified: number }[] {
  return all(
    db,
    `SELECT e.unit, count(*) AS failed, sum(c.rectified_at IS NOT NULL) AS rectified
     FROM compliance_check c LEFT JOIN plan p ON p.id = c.plan_id LEFT JOIN survey_visit v ON v.id = c.visit_id
       JOIN enterprise e ON e.id = coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id) AND e.deleted = 0
     WHERE c.deleted = 0 AND c.result = 'fail' GROUP BY e.unit`,
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
