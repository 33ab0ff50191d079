/**
 * The rows behind the figures of a published report, per unit: entries with what each counted, zones, checks, and for the
 * year the figures of enterprises. Kept as they were, so that a figure can be traced after the records moved on.
 */
import { type Period, stateOn } from '../../shared/rules/progress.ts'
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'
import type { PeriodicData } from './periodic-parts.ts'
import { campaignOf, checksByUnit } from './progress-repo.ts'

/** Unit of rows that belong to none: the county alone sees them. */
export const NO_UNIT = '330781'

export interface UnitRows {
  /** Code, name, state at the end of the period, day of listing, day due. */
  readonly entries: readonly (readonly (string | null)[])[]
  /** Day, code of the enterprise, what, amount (家, m², tce), code of the parcel, basis, use. */
  readonly events: readonly (readonly (string | number | null)[])[]
  /** Code, status, parcels, m². */
  readonly zones: readonly (readonly (string | number | null)[])[]
  readonly checks: { readonly failed: number; readonly rectified: number } | null
  /** Code, scale, tax, land in 亩, value added, employees, R&D, revenue, energy; of the year of an annual report. */
  readonly years: readonly (readonly (string | number | null)[])[]
}

type Draft = { -readonly [K in keyof UnitRows]: UnitRows[K] extends readonly (infer R)[] ? R[] : UnitRows[K] }

/** By unit code, in the order of codes. Units without rows have empty ones: that nothing was there is part of the record. */
export function rowsBehind(data: PeriodicData): Map<string, UnitRows> {
  const { db, input, names, period } = data
  const units = new Map<string, Draft>()
  const of = (unit: string | null): Draft => {
    const key = unit !== null && names.has(unit) ? unit : NO_UNIT
    const rows = units.get(key) ?? { entries: [], events: [], zones: [], checks: null, years: [] }
    units.set(key, rows)
    return rows
  }
  for (const code of names.keys()) of(code)
  const since = sinceOf(data)
  const firms = codesOf(db, 'SELECT id, code, name FROM enterprise')
  const parcels = codesOf(db, 'SELECT id, code, name FROM parcel')
  for (const entry of data.entries) {
    const [code, name] = firms.get(entry.enterprise_id) ?? [entry.enterprise_id, null]
    of(entry.unit).entries.push([code, name, stateOn(entry, period.asOf), entry.listed_on, entry.due_date])
    for (const event of entry.events) {
      if (event.on < since || event.on > period.to) continue
      const parcel = event.parcel_id === null ? null : (parcels.get(event.parcel_id)?.[0] ?? event.parcel_id)
      of(entry.unit).events.push([event.on, code, event.what, event.amount, parcel, event.basis, event.use])
    }
  }
  for (const zone of zonesOf(db, input.year))
    of(zone.unit).zones.push([zone.code, zone.status, zone.parcels, zone.area_m2])
  for (const { unit, failed, rectified } of checksByUnit(db, period.asOf)) of(unit).checks = { failed, rectified }
  if (input.kind === 'annual')
    for (const { unit, ...row } of yearsOf(db, input.year)) of(unit).years.push(Object.values(row))
  return new Map([...units].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A year is measured from the campaign's first day too; a month or quarter from that of its year. */
function sinceOf({ db, input, period }: PeriodicData): Period['yearFrom'] {
  const first = input.kind === 'annual' ? campaignOf(db).start_year : null
  return first === null ? period.yearFrom : `${Math.min(first, input.year)}-01-01`
}

function codesOf(db: Db, sql: string): Map<string, readonly [code: string, name: string | null]> {
  return new Map(
    all<{ id: string; code: string; name: string | null }>(db, sql).map(row => [row.id, [row.code, row.name]]),
  )
}

function zonesOf(
  db: Db,
  year: number,
): { unit: string | null; code: string; status: string; parcels: number; area_m2: number | null }[] {
  return all(
    db,
    `SELECT z.unit, z.code, z.status, count(p.id) AS parcels, sum(p.area_m2) AS area_m2 FROM zone z
       LEFT JOIN zone_member m ON m.zone_id = z.id AND m.deleted = 0
       LEFT JOIN parcel p ON p.id = m.parcel_id AND p.deleted = 0
     WHERE z.deleted = 0 AND z.year = ? GROUP BY z.id ORDER BY z.code`,
    [year],
  )
}

function yearsOf(db: Db, year: number): { unit: string | null; [column: string]: string | number | null }[] {
  return all(
    db,
    `SELECT e.unit, e.code, y.scale, y.tax, y.land_mu_actual, y.value_added, y.employees, y.rd, y.revenue, y.energy_tce
     FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
     WHERE y.deleted = 0 AND y.year = ? ORDER BY e.code`,
    [year],
  )
}
