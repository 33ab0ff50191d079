/** Handing a plan in, approving and returning it: with the entry of the list, by the steps of domain §11.4. */
import { AppError } from '../../shared/contract/errors.ts'
import { get } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { plansOfEnterprise } from '../loop/facts-repo.ts'
import { BEGUN, isNewest } from '../loop/plan-guard.ts'
import { takeStep } from '../loop/steps.ts'
import { savePlan } from './plans.ts'
import { requirePlan } from './plans-repo.ts'

interface PlanAtEntry {
  readonly id: string
  readonly code: string
  readonly enterprise: string
  readonly rev: number
  readonly status: string
  /** Null: the enterprise is on no list. */
  readonly state: string | null
}

function planAtEntry(store: Store, id: string): PlanAtEntry {
  const plan = requirePlan(store.read, id)
  const enterprise = String(plan['enterprise_id'])
  const entry = get<{ state: string }>(
    store.read,
    'SELECT state FROM list_entry WHERE enterprise_id = ? AND deleted = 0',
    [enterprise],
  )
  return {
    id,
    code: String(plan['code']),
    enterprise,
    rev: Number(plan['rev']),
    status: String(plan['status']),
    state: entry?.state ?? null,
  }
}

/** Errors: those of the step, `plan_not_newest`, `plan_not_listed` while the entry stands before 列入清单. */
export async function submitPlan(store: Store, id: string): Promise<{ edit: string }> {
  const plan = planAtEntry(store, id)
  const plans = plansOfEnterprise(store.read, plan.enterprise)
  if (!isNewest(plans.find(one => one.id === id)!, plans)) {
    throw new AppError('refused', `方案“${plan.code}”之后已有新的版本，请提交最新版本`, {
      reason: 'plan_not_newest',
      values: { code: plan.code },
    })
  }
  if (plan.status !== 'draft' && plan.status !== 'returned')
    throw new AppError('refused', `方案“${plan.code}”已提交`, { reason: 'plan_handed_in', values: { code: plan.code } })
  if (plan.state === 'S3') return takeStep(store, { step: 'submit', enterprise_ids: [plan.enterprise] })
  if (plan.state !== null && BEGUN.has(plan.state)) {
    const { edit } = await savePlan(store, { id, base_rev: plan.rev, values: { status: 'submitted' } })
    return { edit }
  }
  throw new AppError('refused', `企业还没有列入清单，方案“${plan.code}”先存为草稿`, {
    reason: 'plan_not_listed',
    values: { code: plan.code, state: plan.state ?? '' },
  })
}

export async function reviewPlan(
  store: Store,
  input: { id: string; decision: 'approve' | 'return'; reason?: string | undefined },
): Promise<{ edit: string }> {
  const plan = planAtEntry(store, input.id)
  if (plan.status !== 'submitted')
    throw new AppError('refused', '方案不在审核中', { reason: 'plan_not_in_review', values: { code: plan.code } })
  if (input.decision === 'return' && !input.reason?.trim())
    throw new AppError('bad_input', '退回要写明理由', { reason: 'required', field: 'reason' })
  if (plan.state === 'S4') {
    return takeStep(store, {
      step: input.decision === 'approve' ? 'approve' : 'return',
      enterprise_ids: [plan.enterprise],
      reason: input.reason,
    })
  }
  const status = input.decision === 'approve' ? 'approved' : 'returned'
  const { edit } = await savePlan(store, { id: input.id, base_rev: plan.rev, values: { status }, reason: input.reason })
  return { edit }
}
