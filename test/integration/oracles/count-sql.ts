/**
 * What counts (domain §11.4) once more, as stocks on a day in SQL over the raw tables: no events, no order, no code of the
 * program. What a period adds is the stock at its end less the stock before its first day.
 */
import type { Store } from '../../../service/db/store.ts'

/** Day before an ISO day. */
export const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** Live entries, how they were closed and when that was taken back. */
const LIST = `
  entry AS MATERIALIZED (
    SELECT l.id, l.enterprise_id, l.counted_at, l.counted_mu, l.counted_tce, l.rebound_at, e.unit,
      (SELECT count(*) FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0 AND s.from_state = 'S6' AND s.to_state = 'S7') AS closings,
      coalesce((SELECT min(s.happened_on) FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0 AND s.to_state = 'S9'), '9999') AS removed
    FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
    WHERE l.deleted = 0 AND l.state NOT IN ('S0', 'S1', 'S2', 'SX')),
  acc AS MATERIALIZED (
    SELECT n.enterprise_id, n.route, a.* FROM acceptance a JOIN plan n ON n.id = a.plan_id AND n.deleted = 0
    WHERE a.deleted = 0 AND a.conclusion = 'passed' AND a.accepted_on IS NOT NULL),
  closing AS MATERIALIZED (
    SELECT l.id, l.enterprise_id, l.unit, s.happened_on AS day,
      (SELECT a.id FROM acc a WHERE a.enterprise_id = l.enterprise_id AND a.accepted_on <= s.happened_on ORDER BY a.accepted_on DESC LIMIT 1) AS acceptance,
      (SELECT a.freed_tce FROM acc a WHERE a.enterprise_id = l.enterprise_id AND a.accepted_on <= s.happened_on ORDER BY a.accepted_on DESC LIMIT 1) AS tce
    FROM entry l JOIN state_change s ON s.list_entry_id = l.id AND s.deleted = 0 AND s.from_state = 'S6' AND s.to_state = 'S7'
    UNION ALL
    SELECT l.id, l.enterprise_id, l.unit, l.counted_at, NULL, l.counted_tce FROM entry l WHERE l.closings = 0 AND l.counted_at IS NOT NULL),
  back AS MATERIALIZED (
    SELECT l.id, s.happened_on AS day, s.to_state = 'S5' AS is_rebound FROM entry l JOIN state_change s ON s.list_entry_id = l.id AND s.deleted = 0
    WHERE (s.from_state = 'S8' AND s.to_state = 'S5') OR s.to_state = 'S9'
    UNION ALL
    SELECT l.id, l.rebound_at, 1 FROM entry l WHERE l.closings = 0 AND l.counted_at IS NOT NULL AND l.rebound_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0 AND s.from_state = 'S8' AND s.to_state = 'S5')),
  standing AS (
    SELECT c.* FROM closing c WHERE c.day <= :day
      AND NOT EXISTS (SELECT 1 FROM back b WHERE b.id = c.id AND b.day >= c.day AND b.day <= :day))`

/** Proof of land by entry, parcel and kind of proof, m²; each with the day from which it holds. */
const LAND = `
  planned AS MATERIALIZED (
    SELECT l.id AS entry, l.enterprise_id, l.unit, n.id AS plan, n.route, j.key AS place, p.id AS parcel, p.area_m2
    FROM entry l JOIN plan n ON n.enterprise_id = l.enterprise_id AND n.deleted = 0 AND n.status = 'approved'
      JOIN json_each(n.parcel_ids) j JOIN parcel p ON p.id = j.value
    WHERE (l.closings > 0 OR l.counted_at IS NULL)
      AND (NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.enterprise_id = l.enterprise_id AND o.parcel_id = p.id AND o.role = 'TENANT' AND o.deleted = 0)
        OR EXISTS (SELECT 1 FROM occupancy o WHERE o.enterprise_id = l.enterprise_id AND o.parcel_id = p.id AND o.role = 'OWNER' AND o.deleted = 0))),
  cleared AS MATERIALIZED (
    SELECT q.*, m.id AS measure, min(coalesce(m.area_mu * 2000.0 / 3, 1e12), 1e12) AS wanted,
      CASE WHEN v.day IS NULL OR d.day IS NULL THEN CASE m.type WHEN 'M9' THEN m.done_at END
        WHEN m.type = 'M9' AND m.done_at < max(v.day, d.day) THEN m.done_at ELSE max(v.day, d.day) END AS day,
      sum(q.area_m2) OVER (PARTITION BY q.entry, q.plan, m.id ORDER BY q.place) - q.area_m2 AS before
    FROM planned q JOIN measure m ON m.plan_id = q.plan AND m.deleted = 0 AND m.type IN ('M4', 'M9')
      LEFT JOIN (SELECT plan_id, min(date_actual) AS day FROM milestone WHERE deleted = 0 AND type = 'vacated' GROUP BY 1) v ON v.plan_id = q.plan
      LEFT JOIN (SELECT plan_id, min(date_actual) AS day FROM milestone WHERE deleted = 0 AND type = 'demolished' GROUP BY 1) d ON d.plan_id = q.plan),
  reclaimed AS MATERIALIZED (
    SELECT q.entry, q.enterprise_id, q.unit, q.parcel, q.area_m2, coalesce(r.area_m2, 1e12) AS claim, r.accepted_on AS day
    FROM reclamation r JOIN planned q ON q.parcel = r.parcel_id
    WHERE r.deleted = 0 AND r.accepted_on IS NOT NULL AND trim(coalesce(r.acceptance_doc, '')) <> ''
      AND EXISTS (SELECT 1 FROM measure m WHERE m.plan_id = q.plan AND m.deleted = 0 AND m.type = 'M10')
    GROUP BY q.entry, r.id),
  proof (entry, unit, parcel, area_m2, kind, claim, day, "use") AS (
    SELECT entry, unit, parcel, area_m2, plan, max(0, min(area_m2, wanted - before)), day,
      CASE route WHEN 'EXIT_RECLAIM' THEN 'reclaimed' WHEN 'UPGRADE' THEN 'upgraded' END FROM cleared WHERE day IS NOT NULL
    UNION ALL SELECT entry, unit, parcel, area_m2, 'M10', min(area_m2, claim), day, 'reclaimed' FROM reclaimed
    UNION ALL SELECT c.id, c.unit, p.id, p.area_m2, 'acceptance', min(p.area_m2, json_extract(j.value, '$.area_m2')), c.day,
      CASE a.route WHEN 'EXIT_RECLAIM' THEN 'reclaimed' WHEN 'UPGRADE' THEN 'upgraded' END
      FROM closing c JOIN acc a ON a.id = c.acceptance JOIN json_each(a.accepted_land) j JOIN parcel p ON p.id = json_extract(j.value, '$.parcel_id')
      WHERE NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.enterprise_id = c.enterprise_id AND o.parcel_id = p.id AND o.role = 'TENANT' AND o.deleted = 0)),
  valid AS (
    SELECT f.*, EXISTS (SELECT 1 FROM closing c WHERE c.id = f.entry AND c.day < f.day AND c.day <= :day
        AND NOT EXISTS (SELECT 1 FROM back b WHERE b.id = c.id AND b.day >= c.day AND b.day <= f.day)) AS later
    FROM proof f JOIN entry l ON l.id = f.entry WHERE f.day <= :day AND f.day <= l.removed
      AND NOT EXISTS (SELECT 1 FROM back b WHERE b.id = f.entry AND b.day >= f.day AND b.day <= :day)),
  kinds AS (SELECT entry, unit, parcel, area_m2, later, kind, max("use") AS "use", sum(claim) AS claim FROM valid GROUP BY entry, parcel, later, kind),
  held AS (
    SELECT unit, parcel, area_m2, max(claim) AS claim, coalesce(max(claim) FILTER (WHERE "use" = 'reclaimed'), 0) AS reclaimed,
      max("use" = 'upgraded') IS 1 AS is_upgraded
    FROM kinds GROUP BY entry, parcel, later),
  parcels AS (
    SELECT unit, parcel, min(area_m2, sum(claim)) AS m2, min(area_m2, sum(reclaimed)) AS reclaimed,
      min(area_m2, sum(CASE WHEN is_upgraded THEN claim - reclaimed ELSE 0 END)) AS upgraded
    FROM held GROUP BY parcel)`

export interface Stock {
  enterprises: number
  land: number
  reclaimed: number
  upgraded: number
}

const NOTHING: Stock = { enterprises: 0, land: 0, reclaimed: 0, upgraded: 0 }
type Sums = Map<string | null, { [Name in keyof Stock]: number }>
const known = new WeakMap<Store, Map<string, unknown>>()

/** The same question of one survey is asked once per revision. */
function once<Answer>(store: Store, key: string, ask: () => Answer): Answer {
  const answers = known.get(store) ?? new Map<string, unknown>()
  known.set(store, answers)
  const whole = `${store.revision()} ${key}`
  if (!answers.has(whole)) answers.set(whole, ask())
  return answers.get(whole) as Answer
}

/** Sums of a unit (null: the county, enterprises without a unit included) up to a day, inclusive; areas in m². */
export function stockOn(store: Store, unit: string | null, day: string): Stock {
  const sums = once(store, `stock ${day}`, (): Sums => {
    const rows = store.read
      .prepare(
        `WITH ${LIST}, ${LAND},
          part AS (SELECT unit, "use", m2, 0 AS firm FROM (
              SELECT unit, 'reclaimed' AS "use", reclaimed AS m2 FROM parcels UNION ALL SELECT unit, 'upgraded', upgraded FROM parcels
              UNION ALL SELECT unit, NULL, m2 - reclaimed - upgraded FROM parcels)),
          land AS (SELECT * FROM part UNION ALL
            SELECT s.unit, (SELECT CASE n.route WHEN 'EXIT_RECLAIM' THEN 'reclaimed' WHEN 'UPGRADE' THEN 'upgraded' END FROM plan n
              WHERE n.enterprise_id = s.enterprise_id AND n.deleted = 0 ORDER BY n.year DESC, n.version DESC LIMIT 1), l.counted_mu * 2000 / 3, 0
            FROM standing s JOIN entry l ON l.id = s.id AND l.closings = 0 AND l.counted_mu IS NOT NULL
            UNION ALL SELECT unit, NULL, 0, 1 FROM standing GROUP BY id)
         SELECT unit, sum(firm) AS enterprises, total(m2) AS land, total(CASE WHEN "use" = 'reclaimed' THEN m2 END) AS reclaimed,
           total(CASE WHEN "use" = 'upgraded' THEN m2 END) AS upgraded FROM land GROUP BY unit`,
      )
      .all({ day }) as ({ unit: string | null } & Stock)[]
    return new Map(rows.map(({ unit: code, ...sum }) => [code, sum]))
  })
  if (unit !== null) return sums.get(unit) ?? NOTHING
  const all = { ...NOTHING }
  for (const sum of sums.values()) for (const name of Object.keys(all) as (keyof Stock)[]) all[name] += sum[name]
  return all
}

interface Move {
  unit: string | null
  tce: number | null
  fell: number
}

/** Closings and what was taken back of them in a period, with their energy. */
function moves(store: Store, unit: string | null, from: string, to: string): Move[] {
  const all = once(store, `moves ${from} ${to}`, () =>
    store.read
      .prepare(
        `WITH ${LIST} SELECT unit, tce, 0 AS fell FROM closing WHERE day BETWEEN :from AND :day
         UNION ALL SELECT c.unit, -c.tce, b.is_rebound FROM back b JOIN closing c ON c.id = b.id AND c.day <= b.day
           AND NOT EXISTS (SELECT 1 FROM back x WHERE x.id = b.id AND x.day >= c.day AND x.day < b.day)
         WHERE b.day BETWEEN :from AND :day`,
      )
      .all({ from, day: to }),
  ) as Move[]
  return unit === null ? all : all.filter(move => move.unit === unit)
}

/** tce of a period: null when something was closed or taken back and nothing of it is known; 0 when nothing was. */
export function energyOf(store: Store, unit: string | null, from: string, to: string): number | null {
  const found = moves(store, unit, from, to)
  if (found.length > 0 && found.every(move => move.tce === null)) return null
  return found.reduce((sum, move) => sum + (move.tce ?? 0), 0)
}

/** Enterprises that fell back in a period, having stood closed until then. */
export function reboundsOf(store: Store, unit: string | null, from: string, to: string): number {
  return moves(store, unit, from, to).filter(move => move.fell === 1).length
}

/** The state of an entry `l` at the end of :day: the last step up to it, before the first step where that came from. */
const STATE = `CASE
  WHEN EXISTS (SELECT 1 FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0 AND s.happened_on > :day) THEN coalesce(
    (SELECT s.to_state FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0 AND s.happened_on <= :day ORDER BY s.happened_on DESC, s.at DESC LIMIT 1),
    (SELECT s.from_state FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0 AND s.happened_on > :day ORDER BY s.happened_on, s.at LIMIT 1))
  WHEN l.counted_at > :day THEN '-' WHEN l.state = 'S5' AND l.rebound_at > :day THEN 'S7' ELSE l.state END`

export interface Standing {
  listed: number
  remediating: number
  awaiting: number
  overdue: number
}

/** Entries listed in a period, and how the list stands at the end of `day`. */
export function standingOn({ read }: Store, unit: string | null, from: string, to: string, day: string): Standing {
  return read
    .prepare(
      `SELECT total(listed BETWEEN :from AND :to) AS listed, total(state = 'S5') AS remediating, total(state = 'S6') AS awaiting,
         total(state IN ('S5', 'S6') AND due < :day) AS overdue
       FROM (SELECT ${STATE} AS state,
         coalesce((SELECT min(s.happened_on) FROM state_change s WHERE s.list_entry_id = l.id AND s.deleted = 0 AND s.to_state = 'S3' AND s.from_state <> 'S4'),
           CASE WHEN l.state NOT IN ('S0', 'S1', 'S2', 'SX') THEN l.publicity_to END) AS listed,
         coalesce((SELECT n.due_date FROM plan n WHERE n.enterprise_id = e.id AND n.deleted = 0 AND n.status = 'approved' ORDER BY n.year DESC, n.version DESC LIMIT 1),
           (SELECT n.due_date FROM plan n WHERE n.enterprise_id = e.id AND n.deleted = 0 AND NOT EXISTS (SELECT 1 FROM plan a WHERE a.enterprise_id = e.id
             AND a.deleted = 0 AND a.status = 'approved') ORDER BY n.year DESC, n.version DESC LIMIT 1)) AS due
         FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
         WHERE l.deleted = 0 AND (:unit IS NULL OR e.unit = :unit))`,
    )
    .get({ unit, from, to, day }) as Standing
}
