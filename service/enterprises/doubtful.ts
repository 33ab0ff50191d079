/** Enterprises whose figures of a year want checking; judged by `shared/rules/figure-checks`, not by SQL. */
import { type CheckedFigures, figureFindings } from '../../shared/rules/figure-checks.ts'
import type { Db } from '../db/open.ts'
import { all } from '../db/sql.ts'
import type { EnterpriseFilter } from './enterprises-repo.ts'

type Row = CheckedFigures & { readonly pk: number; readonly op_status: string | null; readonly year: number }

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
    `SELECT e.pk, e.op_status, ${COLUMNS} FROM enterprise_year y JOIN enterprise e ON e.id = y.enterprise_id AND e.deleted = 0
     WHERE y.deleted = 0 AND y.year IN (:year, :year - 1)`,
    { year },
  )
  const before = new Map(rows.filter(row => row.year === year - 1).map(row => [row.pk, row]))
  return rows
    .filter(row => row.year === year)
    .filter(row => {
      const unread = typeof row.unread === 'string' ? (JSON.parse(row.unread) as unknown) : null
      const context = { op_status: row.op_status, before: before.get(row.pk) }
      return figureFindings({ ...row, unread }, context).length > 0
    })
    .map(row => row.pk)
}
