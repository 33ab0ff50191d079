/**
 * Sums of groups of enterprises with their ratios as Σ/Σ (domain §11.5), for the figures of one year. A ratio is taken over
 * the enterprises of which both figures are known; how many were not is said beside it.
 */
import type { EnterpriseGroups } from '../../shared/contract/enterprises.ts'
import { carbonOf, type Indicators, ratio } from '../../shared/rules/indicators.ts'
import type { Db } from '../db/open.ts'
import { all, get } from '../db/sql.ts'
import { RATED_CLASS } from '../scoring/rated-class.ts'
import { withDoubtful } from './doubtful.ts'
import { type EnterpriseFilter, FROM_ALL, whereOf } from './enterprises-repo.ts'

export type GroupKey = EnterpriseGroups['by']

/** Closed: never from input. */
const KEYS: Readonly<Record<GroupKey, string>> = {
  all: "''",
  unit: 'e.unit',
  industry: "substr(ltrim(upper(e.industry_code), 'ABCDEFGHIJKLMNOPQRST'), 1, 2)",
  class: `coalesce(${RATED_CLASS}, 'N')`,
  scale: 'y.scale',
}

type RatioName = keyof EnterpriseGroups['rows'][number]['ratios']

const RATIOS: Readonly<Record<RatioName, readonly [string, string]>> = {
  tax_per_mu: ['y.tax', 'y.land_mu_actual'],
  va_per_mu: ['y.value_added', 'y.land_mu_actual'],
  energy_intensity: ['y.energy_tce', 'y.value_added'],
  labour_productivity: ['y.value_added', 'y.employees'],
} satisfies Partial<Record<keyof Indicators, readonly [string, string]>>

const RATIO_COLUMNS = Object.entries(RATIOS)
  .map(([name, [over, under]]) => {
    const both = `${over} IS NOT NULL AND ${under} IS NOT NULL`
    return `sum(CASE WHEN ${both} THEN ${over} END) AS ${name}_over, sum(CASE WHEN ${both} THEN ${under} END) AS ${name}_under,
      count(CASE WHEN ${both} THEN 1 END) AS ${name}_counted`
  })
  .join(', ')

type Row = Record<string, number | null> & { readonly key: string | null }

/** Groups by their key; enterprises of which the key is unknown stand last, with key null. */
export function groupSums(db: Db, filter: EnterpriseFilter, year: number | null, by: GroupKey): EnterpriseGroups {
  const where = whereOf(withDoubtful(db, filter, year), year)
  const factor =
    get<{ carbon_factor: number | null }>(
      db,
      'SELECT carbon_factor FROM campaign WHERE deleted = 0 ORDER BY pk LIMIT 1',
    )?.carbon_factor ?? null
  const key = KEYS[by]
  const rows = all<Row>(
    db,
    `SELECT nullif(${key}, '') AS key, count(*) AS enterprises, count(y.pk) AS with_figures,
       sum(y.land_mu_actual) AS land_mu, sum(y.tax) AS tax, sum(y.value_added) AS value_added,
       sum(y.energy_tce) AS energy_tce, ${RATIO_COLUMNS}
     ${FROM_ALL} WHERE ${where.sql} GROUP BY 1 ORDER BY (key IS NULL), key`,
    where.parameters,
  )
  return {
    year,
    by,
    carbon_factor: factor,
    rows: rows.map(row => ({
      key: row.key,
      enterprises: Number(row['enterprises']),
      with_figures: Number(row['with_figures']),
      land_mu: row['land_mu'] ?? null,
      tax: row['tax'] ?? null,
      value_added: row['value_added'] ?? null,
      energy_tce: row['energy_tce'] ?? null,
      co2_t: carbonOf(row['energy_tce'] ?? null, factor),
      ratios: {
        tax_per_mu: ratioOf(row, 'tax_per_mu'),
        va_per_mu: ratioOf(row, 'va_per_mu'),
        energy_intensity: ratioOf(row, 'energy_intensity'),
        labour_productivity: ratioOf(row, 'labour_productivity'),
      },
    })),
  }
}

function ratioOf(row: Row, name: RatioName): { value: number | null; counted: number; missing: number } {
  const counted = Number(row[`${name}_counted`])
  return {
    value: ratio(row[`${name}_over`], row[`${name}_under`]),
    counted,
    missing: Number(row['enterprises']) - counted,
  }
}
