/** SQL of the enterprise ledger. */
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { classSource, ratedClass } from '../scoring/rated-class.ts'

type Text = string | null
type Numeric = number | null
export interface LedgerRow {
  readonly name: string
  readonly uscc: Text
  /** Code of the unit that answers for it. */
  readonly unit: Text
  readonly unit_name: Text
  readonly town_name: Text
  readonly industry_code: Text
  readonly in_park: Numeric
  readonly op_status: Text
  readonly state: Text
  readonly remark: Text
  readonly scale: Text
  readonly class: Text
  readonly class_source: Text
  readonly land: Numeric
  readonly tax: Numeric
  readonly value_added: Numeric
  readonly energy: Numeric
  readonly class_before: Text
  readonly class_source_before: Text
  readonly land_before: Numeric
  readonly tax_before: Numeric
  readonly hit_rules: Text
  readonly counted_at: Text
  readonly problems: Text
  readonly freed_mu: Numeric
  readonly freed_tce: Numeric
  readonly due_date: Text
  readonly departments: Text
  readonly responsible: Text
  readonly measures: Text
  readonly descriptions: Text
  readonly sides: Text
  readonly area_in_m2: Numeric
  readonly area_out_m2: Numeric
}

export function newestFiguresYear(db: Db): number | null {
  return get<{ year: number | null }>(db, 'SELECT max(year) AS year FROM enterprise_year WHERE deleted = 0')!.year
}

export interface LedgerLand {
  readonly area_in_m2: Numeric
  readonly area_out_m2: Numeric
}

/** Areas of the parcels that the listed enterprises use, m²; land that several of them share counts once (domain §11.4). */
export function ledgerLand(db: Db, unit: string | undefined): LedgerLand {
  return get(
    db,
    `SELECT sum(area_in_m2) AS area_in_m2, sum(area_out_m2) AS area_out_m2 FROM parcel WHERE deleted = 0 AND id IN (
       SELECT o.parcel_id FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
       WHERE o.deleted = 0 AND (:unit IS NULL OR e.unit = :unit))`,
    { unit: unit ?? null },
  )!
}

/** The same for each unit by its code; a parcel that enterprises of two units use counts in both. */
export function ledgerLandByUnit(db: Db): ReadonlyMap<Text, LedgerLand> {
  const rows = all<LedgerLand & { unit: Text }>(
    db,
    `SELECT x.unit, sum(p.area_in_m2) AS area_in_m2, sum(p.area_out_m2) AS area_out_m2
     FROM (SELECT DISTINCT e.unit, o.parcel_id FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
       WHERE o.deleted = 0) x
       JOIN parcel p ON p.id = x.parcel_id AND p.deleted = 0
     GROUP BY x.unit`,
  )
  return new Map(rows.map(row => [row.unit, row]))
}

/** A parcel counts once for an enterprise, whatever number of relations they have. */
export function ledgerRows(db: Db, year: number, unit: string | undefined): LedgerRow[] {
  const parcels = `FROM parcel p WHERE p.deleted = 0 AND p.id IN
    (SELECT o.parcel_id FROM occupancy o WHERE o.enterprise_id = e.id AND o.deleted = 0)`
  return all(
    db,
    `SELECT e.name, e.uscc, e.unit, coalesce(u.name, e.unit) AS unit_name, coalesce(t.name, e.town) AS town_name, e.industry_code, e.in_park,
       e.op_status, l.state, e.remark, y.scale, ${ratedClass('y')} AS class, ${classSource('y')} AS class_source, y.land_mu_actual AS land, y.tax, y.value_added, y.energy_tce AS energy,
       ${ratedClass('b')} AS class_before, ${classSource('b')} AS class_source_before, b.land_mu_actual AS land_before, b.tax AS tax_before, l.hit_rules,
       -- A rebound takes the closing back; its day stays in the book of steps.
       CASE WHEN l.state IN ('S7', 'S8') THEN l.counted_at END AS counted_at,
       n.problems, n.freed_mu, n.freed_tce, n.due_date, n.departments, n.responsible,
       (SELECT json_group_array(type) FROM (SELECT type FROM measure WHERE plan_id = n.id AND deleted = 0 ORDER BY position)) AS measures,
       (SELECT json_group_array(description) FROM (SELECT description FROM measure WHERE plan_id = n.id AND deleted = 0 AND description <> '' ORDER BY position)) AS descriptions,
       (SELECT json_group_array(side) FROM (SELECT DISTINCT coalesce(p.side, 'unknown') AS side ${parcels}
         ORDER BY instr('inside outside crossing unknown', coalesce(p.side, 'unknown')))) AS sides,
       (SELECT sum(p.area_in_m2) ${parcels}) AS area_in_m2, (SELECT sum(p.area_out_m2) ${parcels}) AS area_out_m2
     FROM enterprise e
       LEFT JOIN report_unit u ON u.code = e.unit AND u.deleted = 0
       LEFT JOIN report_unit t ON t.code = e.town AND t.deleted = 0
       LEFT JOIN enterprise_year y ON y.enterprise_id = e.id AND y.year = :year AND y.deleted = 0
       LEFT JOIN enterprise_year b ON b.enterprise_id = e.id AND b.year = :year - 1 AND b.deleted = 0
       LEFT JOIN list_entry l ON l.enterprise_id = e.id AND l.deleted = 0
       LEFT JOIN plan n ON n.id = (SELECT id FROM plan WHERE enterprise_id = e.id AND deleted = 0
         -- What stands is the newest approved one, as in the list and the counts; a draft says nothing yet.
         ORDER BY status = 'approved' DESC, year DESC, version DESC LIMIT 1)
     WHERE e.deleted = 0 AND (:unit IS NULL OR e.unit = :unit) ORDER BY e.unit, e.code`,
    { year, unit: unit ?? null },
  )
}
