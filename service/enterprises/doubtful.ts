/** Enterprises whose figures of a year want checking; judged by `shared/rules/figure-checks`, not by SQL. */
import { type CheckedFigures, figureFindings } from '../../shared/rules/figure-checks.ts'
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'
import type { EnterpriseFilter } from './enterprises-repo.ts'

type Row = CheckedFigures & { readonly pk: number; readonly enterprise_id: string; readonly op_status: string | null }

const COLUMNS = [
  'year',
  'scale',
  'land_mu_actual',
  'land_mu_owned',
  'land_mu_rented',
  'tax',
  'value_added',
  'output',
  'revenue',
  'rd',
  'employees',
  'power_kwh',
  'energy_tce',
  'unread',
]
  .map(name => `y.${name}`)
  .join(', ')

/** The filter with `doubtful` turned into keys. What the map says of the land is left to the record itself. */
export function withDoubtful(db: Db, filter: EnterpriseFilter, year: number | null): EnterpriseFilter {
  return filter.doubtful && year !== null ? { ...filter, pks: doubtfulPks(db, year) } : filter
}

function doubtfulPks(db: Db, year: number): number[] {
  const rows = all<Row>(
    db,
    `SELECT e.pk, y.enterprise_id, e.op_status, ${COLUMNS} FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
     WHERE y.deleted = 0 AND y.year = :year`,
    { year },
  )
  // Only what a leap is judged by, out of the index that holds it.
  const before = all<CheckedFigures & { readonly enterprise_id: string }>(
    db,
    `SELECT enterprise_id, year, tax, value_added, energy_tce, land_mu_actual FROM enterprise_year
     WHERE deleted = 0 AND year = :year - 1`,
    { year },
  )
  const then = new Map(before.map(row => [row.enterprise_id, row]))
  return rows
    .filter(row => {
      const unread = typeof row.unread === 'string' ? (JSON.parse(row.unread) as unknown) : null
      const context = { op_status: row.op_status, before: then.get(row.enterprise_id) }
      return figureFindings(unread === row.unread ? row : { ...row, unread }, context).length > 0
    })
    .map(row => row.pk)
}
