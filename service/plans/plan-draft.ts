/** A new plan for an enterprise: baseline copied and frozen, parcels, default route, due date and lead department preset. */

import { ENTITIES } from '../../shared/model/entity.ts'
import { indicatorsOf } from '../../shared/rules/indicators.ts'
import { defaultRoute, effectiveSide } from '../../shared/rules/plan-rules.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import type { Transaction } from '../db/transaction.ts'
import { requireEnterprise, type Saved } from '../enterprises/enterprises.ts'
import { type EnterpriseKey, parcelsOfEnterprise, yearRecords } from '../enterprises/enterprises-repo.ts'
import { isPlanCodeTaken, planRows, planVersions, requirePlan } from './plans-repo.ts'

/** Baseline figures are those of this many latest years before or at the plan's year. */
const BASELINE_YEARS = 2

/** Figures copied into the baseline; what they are derived from stays traceable by the year. */
const BASELINE_FIELDS = [
  'scale',
  'class',
  // Beside the published one, never in its place: the sheet says which of the two it prints.
  'computed_class',
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
 * The live draft of the enterprise for the year when there is one, otherwise a new plan: version 1, or, when the newest is
 * past drafting, the next version as a copy of it. `year` defaults to the present one.
 */
export async function draftPlan(
  store: Store,
  input: { enterprise_id: string; year?: number | undefined; new_version?: boolean | undefined },
): Promise<Saved> {
  const enterprise = requireEnterprise(store.read, { id: input.enterprise_id })
  const year = input.year ?? store.now().getFullYear()
  const label = { label: 'plan_drafted', values: { name: enterprise.name, year: String(year) } }
  const { result, edit } = await store.mutate(label, tx => {
    const [newest] = planVersions(tx.db, enterprise.id, year)
    const isOpen = newest && (newest.status === 'draft' || (newest.status === 'returned' && !input.new_version))
    if (isOpen) return { id: newest.id, rev: newest.rev }
    const version = (newest?.version ?? 0) + 1
    const id = tx.create('plan', {
      code: freeCode(tx.db, enterprise, year, version),
      enterprise_id: enterprise.id,
      year,
      version,
      ...(newest
        ? copiedFrom(tx.db, newest.id)
        : { ...presetsOf(tx.db, enterprise.id, year), due_date: `${year}-12-31`, departments: ['JX'] }),
      status: 'draft',
    })
    if (newest) copyRows(tx, newest.id, id)
    return { id, rev: 1 }
  })
  return { ...result, edit }
}

/** What the next version begins with; the numbering is its own, and what was signed was signed for the one before. */
function copiedFrom(db: Db, id: string): Record<string, unknown> {
  const before = requirePlan(db, id)
  const left = ['code', 'enterprise_id', 'year', 'version', 'status', 'approval_doc', 'route_signed_by']
  const names = Object.keys(ENTITIES.plan.fields).filter(name => !left.includes(name))
  return Object.fromEntries(names.map(name => [name, before[name]]))
}

function copyRows(tx: Transaction, from: string, to: string): void {
  for (const entity of ['measure', 'milestone'] as const) {
    for (const row of planRows(tx.db, entity, from)) {
      const values = Object.fromEntries(Object.keys(ENTITIES[entity].fields).map(name => [name, row[name]]))
      tx.create(entity, { ...values, plan_id: to })
    }
  }
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
