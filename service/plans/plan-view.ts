/** What the form of a plan shows besides its fields: evidence per measure, the forecast, contradictions, its place in the list. */
import type { PlanDetail } from '../../shared/contract/plans.ts'
import { missingEvidence } from '../../shared/rules/closed-loop/evidence.ts'
import { EVIDENCE_ITEMS } from '../../shared/rules/measure-criteria.ts'
import { type ForecastInput, forecastOf } from '../../shared/rules/plan-forecast.ts'
import { remarksOfPlan } from '../../shared/rules/plan-remarks.ts'
import type { Db } from '../db/open.ts'
import { get } from '../db/sql.ts'
import { loadFacts, plansOfEnterprise } from '../loop/facts-repo.ts'
import { isNewest } from '../loop/plan-guard.ts'
import { campaignHead } from '../reports/report-repo.ts'
import { versionsOf } from './plan-versions.ts'
import type { PlanParcel } from './plans-repo.ts'

type Values = Record<string, unknown>
const M2_PER_MU = 2000 / 3

type PlanView = Pick<PlanDetail, 'remarks' | 'evidence' | 'forecast' | 'entry' | 'newest' | 'others'>

/** `today` is the day by which it is late or in the future. */
export function planView(
  db: Db,
  plan: Values,
  measures: readonly Values[],
  milestones: readonly Values[],
  parcels: readonly PlanParcel[],
  today: string,
): PlanView {
  const id = String(plan['id'])
  const enterpriseId = String(plan['enterprise_id'])
  const entry = get<{ state: string; list_year: number | null }>(
    db,
    'SELECT state, list_year FROM list_entry WHERE enterprise_id = ? AND deleted = 0',
    [enterpriseId],
  )
  const baseline = baselineOf(plan)
  const own = plansOfEnterprise(db, enterpriseId)
  const self = own.find(one => one.id === id)
  const facts = loadFacts(db, [enterpriseId], today).get(enterpriseId)
  const lacking = facts && self ? new Set(missingEvidence(facts, self).map(nameOfItem)) : undefined
  return {
    entry: entry ?? null,
    newest: self !== undefined && isNewest(self, own),
    others: versionsOf(db, enterpriseId)
      .filter(other => other.id !== id)
      .map(({ id: other, code, year, version, status }) => ({ id: other, code, year, version, status })),
    remarks: remarksOfPlan(plan, measures, milestones, {
      today,
      listYear: entry?.list_year ?? null,
      landMu: parcels.length === 0 ? null : parcels.reduce((sum, { area_m2 }) => sum + area_m2, 0) / M2_PER_MU,
      baseline,
    }).map(({ key, field, values }) => ({ key, field, ...(values ? { values: { ...values } } : {}) })),
    evidence: measures.map((measure, index) => {
      const type = String(measure['type'])
      const position = Number(measure['position'])
      return {
        row: index + 1,
        type,
        items: (EVIDENCE_ITEMS[type] ?? []).map(([item, place]) => ({
          item,
          place,
          done: lacking ? !lacking.has(`${position} ${item}`) : null,
        })),
      }
    }),
    forecast: forecastOf({
      plan: plan as ForecastInput['plan'],
      measures: measures as ForecastInput['measures'],
      parcels,
      baseline,
      carbonFactor: campaignHead(db)?.carbon_factor ?? null,
    }).map(({ terms, ...rest }) => ({ ...rest, terms: terms.map(term => ({ ...term })) })),
  }
}

function nameOfItem({ key, values }: ReturnType<typeof missingEvidence>[number]): string {
  // Contradictory areas stand for the record that they are in.
  const item = key.replace('evidence_', '').replace('reclamation_areas', 'reclamation')
  return `${values?.['row']} ${item}`
}

/** Figures of the frozen baseline year. */
function baselineOf(plan: Values) {
  const years = (plan['baseline'] as { years?: Values[] } | null)?.years ?? []
  const year = years.find(one => one['year'] === plan['baseline_year']) ?? years[0]
  if (!year) return null
  const number = (name: string): number | null => (typeof year[name] === 'number' ? (year[name] as number) : null)
  return {
    land_mu_actual: number('land_mu_actual'),
    tax: number('tax'),
    energy_tce: number('energy_tce'),
    tax_per_mu: number('tax_per_mu'),
  }
}
