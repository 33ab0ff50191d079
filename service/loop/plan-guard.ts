/**
 * The status of a plan goes with the list (domain §11.4): before the work begins it changes by the steps 提交, 退回 and 批准 alone; once
 * it has begun, a changed plan (a newer version) is handed in and approved by the same rules, and the entry stays where it is.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import type { LoopFacts, PlanFacts } from '../../shared/rules/closed-loop/facts.ts'
import { missingApproval } from '../../shared/rules/closed-loop/guards.ts'
import { type Actor, notYours, TRANSITIONS } from '../../shared/rules/closed-loop/transitions.ts'
import { type ChangeRow, changesOfEdit, type Patch } from '../db/change-log.ts'
import { get } from '../db/sql.ts'
import type { Commit } from '../db/store.ts'
import { loadFacts, plansOfEnterprise } from './facts-repo.ts'

/** States in which the work has begun and a plan can only be changed. */
export const BEGUN: ReadonlySet<string> = new Set(['S5', 'S6', 'S7', 'S8'])

/** Refuses a status that was written without its step. Undo and redo bring back what was judged when it was done. */
export function judgePlanStatus(commit: Commit, change: ChangeRow, actor: Actor): void {
  if (commit.edit.kind !== 'user' || change.op === 'delete') return
  const status = (JSON.parse(change.patch) as Patch)['status']
  if (!status) return
  const [from, to] = status
  if (to === 'draft' && from !== 'submitted') return
  const isStep = changesOfEdit(commit.db, commit.edit.seq).some(other => other.entity === 'state_change')
  if (isStep) return
  const row = get<{ enterprise_id: string; code: string }>(
    commit.db,
    'SELECT enterprise_id, code FROM plan WHERE id = ?',
    [change.entity_id],
  )!
  const facts = loadFacts(commit.db, [row.enterprise_id], chinaDate(new Date(commit.edit.at))).get(row.enterprise_id)
  if (!facts || !BEGUN.has(facts.entry.state)) {
    throw new AppError('refused', `方案“${row.code}”的状态随清单流转，请用“提交、退回、批准”办理`, {
      reason: 'plan_status_by_step',
      values: { code: row.code },
    })
  }
  if (to === 'approved') refuseUnapproved(facts, row.code, change.entity_id, actor, commit)
}

function refuseUnapproved(facts: LoopFacts, code: string, id: string, actor: Actor, commit: Commit): void {
  const plan = plansOfEnterprise(commit.db, facts.enterprise.id).find(one => one.id === id)!
  const changed: LoopFacts = { ...facts, plan }
  const approve = TRANSITIONS.find(transition => transition.key === 'approve')!
  const barred = notYours(approve, actor, changed)
  if (barred !== null)
    throw new AppError('refused', '由方案的牵头部门批准', { reason: `not_yours_${barred}`, values: { to: 'S5' } })
  const missing = [...plan.missing, ...missingApproval(changed)]
  if (missing.length > 0) {
    throw new AppError('refused', `方案“${code}”还缺 ${missing.length} 项，不能批准`, {
      reason: 'plan_not_agreed',
      values: { code, missing: missing.length, keys: missing.map(item => item.key).join(',') },
    })
  }
}

/** The newest plan of its year; the list takes no other. */
export function isNewest(plan: PlanFacts, plans: readonly PlanFacts[]): boolean {
  return plans.at(-1)?.id === plan.id
}
