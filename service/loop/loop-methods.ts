/** `loop.*` of the contract. */
import { AppError } from '../../shared/contract/errors.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { countTotals } from '../../shared/rules/closed-loop/counting.ts'
import type { StepInput } from '../../shared/rules/closed-loop/transitions.ts'
import { get } from '../db/sql.ts'
import type { Store } from '../db/store.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { countedEvents } from './count-repo.ts'
import { exportRows, relatedRecords } from './list-repo.ts'
import { loopDetail, loopList, workList } from './loop-view.ts'
import { BEGUN } from './plan-guard.ts'
import { takeStep } from './steps.ts'

export function loopMethods(deps: ServiceDeps) {
  return {
    detail: os.loop.detail.handler(({ input }) => loopDetail(deps.store(), input.enterprise_id)),
    list: os.loop.list.handler(({ input }) => loopList(deps.store(), input)),
    take: os.loop.take.handler(async ({ input }) => {
      const values = input.values as Partial<Record<StepInput, string | number | null>>
      const { edit } = await takeStep(deps.store(), { ...input, values })
      return { edit, done: new Set(input.enterprise_ids).size }
    }),
    opinion: os.loop.opinion.handler(({ input }) => writeOpinion(deps.store(), input)),
    related: os.loop.related.handler(({ input }) => {
      const found = relatedRecords(deps.store().read, input)
      if (found) return found
      throw new AppError('bad_input', '没有这个字段', { reason: 'unknown_field', field: input.field ?? '' })
    }),
    work: os.loop.work.handler(({ input }) => workList(deps.store(), input.list, input.unit, input.limit)),
    exported: os.loop.exported.handler(({ input }) => exportRows(deps.store().read, input.limit)),
    totals: os.loop.totals.handler(({ input: { from, to } }) => {
      const events = countedEvents(deps.store().read).filter(event => event.on >= from && event.on <= to)
      const units = [...new Set(events.map(event => event.unit))].sort((a, b) => (a ?? '').localeCompare(b ?? ''))
      return {
        total: countTotals(events, from, to),
        units: units.map(unit => ({
          unit,
          totals: countTotals(
            events.filter(event => event.unit === unit),
            from,
            to,
          ),
        })),
        events,
      }
    }),
  }
}

/** The opinion of a department on a plan in review: of the own one, which for a manager is 经信 (JX). */
async function writeOpinion(
  store: Store,
  input: {
    plan_id: string
    department?: string | undefined
    decision: string
    reason?: string | undefined
  },
): Promise<{ id: string; rev: number; edit: string }> {
  const { role, user, department: own } = store.profile()
  const department = role === 'manager' ? 'JX' : role === 'department' ? own : null
  const refuse = (message: string, reason: string): AppError => new AppError('refused', message, { reason })
  if (!department || (input.department !== undefined && input.department !== department))
    throw refuse('只能签署本部门的意见', 'not_yours_review')
  if (input.decision === 'return' && !input.reason?.trim()) {
    throw new AppError('bad_input', '退回要写明理由', { reason: 'required', field: 'reason' })
  }
  const plan = get<{ code: string; status: string; state: string | null }>(
    store.read,
    `SELECT p.code, p.status, l.state FROM plan p LEFT JOIN list_entry l ON l.enterprise_id = p.enterprise_id AND l.deleted = 0
     WHERE p.id = ? AND p.deleted = 0`,
    [input.plan_id],
  )
  if (!plan)
    throw new AppError('not_found', '找不到方案，可能已被删除', {
      reason: 'plan_not_found',
      values: { id: input.plan_id },
    })
  // In review with its entry, or a changed plan put up for review while the work goes on.
  const isInReview =
    plan.status === 'submitted' && plan.state !== null && (plan.state === 'S4' || BEGUN.has(plan.state))
  if (!isInReview) throw refuse('方案不在审核中，不能签署意见', 'plan_not_in_review')
  const { result, edit } = await store.mutate(
    { label: `opinion_${input.decision}`, values: { name: plan.code }, reason: input.reason },
    tx =>
      tx.create('approval', {
        plan_id: input.plan_id,
        department,
        decision: input.decision,
        reason: input.reason ?? null,
        decided_on: chinaDate(store.now()),
        decided_by: user,
      }),
  )
  return { id: result, rev: 1, edit }
}
