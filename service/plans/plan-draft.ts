/** A new plan for an enterprise: baseline copied and frozen, parcels, default route, due date and lead department preset. */

import { indicatorsOf } from '../../shared/rules/indicators.ts'
import { defaultRoute, effectiveSide } from '../../shared/rules/plan-rules.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { requireEnterprise, type Saved } from '../enterprises/enterprises.ts'
import { type EnterpriseKey, parcelsOfEnterprise, yearRecords } from '../enterprises/enterprises-repo.ts'
import { isPlanCodeTaken, planVersions } from './plans-repo.ts'

/** Baseline figures are those of this many latest years before or at the plan's year. */
const BASELINE_YEARS = 2

/** Figures copied into the baseline; what they are derived from stays traceable by the year. */
const BASELINE_FIELDS = [
  'scale',
  'class',
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
  'energy_basis',
  'emission_t',
  'data_source',
] as const

/**
 * The live draft of the enterprise for the year when there is one, otherwise a new plan: version 1, or the next version
 * when the newest is past drafting. `year` defaults to the present one.
 */
export async function draftPlan(store: Store, input: { enterprise_id: string; year?: number }): Promise<Saved> {
  const enterprise = requireEnterprise(store.read, { id: input.enterprise_id })
  const year = input.year ?? store.now().getFullYear()
  const label = { label: 'plan_drafted', values: { name: enterprise.name, year: String(year) } }
  const { result, edit } = await store.mutate(label, tx => {
    const [newest] = planVersions(tx.db, enterprise.id, year)
    if (newest && (newest.status === 'draft' || newest.status === 'returned')) return { id: newest.id, rev: newest.rev }
    const version = (newest?.version ?? 0) + 1
    const id = tx.create('plan', {
      code: freeCode(tx.db, enterprise, year, version),
      enterprise_id: enterprise.id,
      year,
      version,
      ...presetsOf(tx.db, enterprise.id, year),
      due_date: `${year}-12-31`,
      departments: ['JX'],
      status: 'draft',
    })
    return { id, rev: 1 }
  })
  return { ...result, edit }
}

function presetsOf(db: Db, enterpriseId: string, year: number): Record<string, unknown> {
  const parcels = parcelsOfEnterprise(db, enterpriseId)
  const figures = yearRecords(db, enterpriseId)
    .filter(record => Number(record['year']) <= year)
    .slice(0, BASELINE_YEARS)
  return {
    parcel_ids: [...new Set(parcels.map(parcel => parcel.id))],
    // Without a known side the neutral route stands until the side is known; the checklist then compares with it.
    route: defaultRoute(parcels.map(effectiveSide)) ?? 'MIXED',
    baseline_year: figures[0]?.['year'] ?? null,
    baseline: figures.length === 0 ? null : { years: figures.map(frozenFigures) },
  }
}

/** Stored figures and derived indicators of one year, as they are now; later corrections do not reach the plan. */
function frozenFigures(record: Record<string, unknown>): Record<string, unknown> {
  const frozen: Record<string, unknown> = { year: record['year'], source_id: record['id'], source_rev: record['rev'] }
  for (const field of BASELINE_FIELDS) if (record[field] !== null) frozen[field] = record[field]
  for (const [name, value] of Object.entries(indicatorsOf(record))) if (value !== null) frozen[name] = value
  return frozen
}

/** FA-<enterprise code>-<year>, from the second version with -V<n>. */
function freeCode(db: Db, enterprise: EnterpriseKey, year: number, version: number): string {
  const base = `FA-${enterprise.code}-${year}`
  for (let number = version; ; number++) {
    const code = number === 1 ? base : `${base}-V${number}`
    if (!isPlanCodeTaken(db, code)) return code
  }
}
