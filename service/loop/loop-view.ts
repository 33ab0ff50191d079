/** What the window and the terminal see of the closed loop: one enterprise, the list, the worklists, and what is not proved. */
import type { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import type { LoopDetail, LoopRow, LoopStep, WORK_LISTS, workItemSchema } from '../../shared/contract/loop.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import type { LoopFacts, Missing } from '../../shared/rules/closed-loop/facts.ts'
import { standingProblems } from '../../shared/rules/closed-loop/standing.ts'
import { type Actor, missingFor, notYours, transitionsFrom } from '../../shared/rules/closed-loop/transitions.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { findRecord } from '../records/records-repo.ts'
import { loadFacts } from './facts-repo.ts'
import {
  checksOf,
  draftsOf,
  type ListQuery,
  listedIn,
  listPage,
  overdueChecks,
  relatedRecords,
  stateCounts,
  visitsOf,
} from './list-repo.ts'
import { actorOf } from './steps.ts'

type WorkItem = z.infer<typeof workItemSchema>
type WorkList = (typeof WORK_LISTS)[number]

/** Facts are read for so many enterprises at a time. */
const AT_ONCE = 2000

/** Everything about one enterprise in the loop, with the checklist of every step that leads on from its state. */
export function loopDetail(store: Store, enterpriseId: string): LoopDetail {
  const db = store.read
  const facts = factsOf(store, [enterpriseId]).get(enterpriseId)
  if (!facts) {
    if (!findRecord(db, 'enterprise', { id: enterpriseId })) {
      throw new AppError('not_found', '找不到企业，可能已被删除', {
        reason: 'enterprise_not_found',
        values: { key: enterpriseId },
      })
    }
    const none = { next: [], history: [], problems: [], plan: null, approvals: [], acceptances: [], look_backs: [] }
    return { entry: null, ...none, checks: checksOf(db, enterpriseId), visits: visitsOf(db, enterpriseId) }
  }
  const of = (entity: 'state_change' | 'look_back' | 'approval' | 'acceptance', field: string, id: string) =>
    relatedRecords(db, { entity, field, id, offset: 0, limit: 500 })?.rows ?? []
  const plan = facts.plan ? (findRecord(db, 'plan', { id: facts.plan.id }) ?? null) : null
  return {
    entry: findRecord(db, 'list_entry', { id: facts.entry.id }) ?? null,
    next: nextSteps(facts, actorOf(store.profile())),
    history: of('state_change', 'list_entry_id', facts.entry.id),
    problems: standingProblems(facts).map(asData),
    plan,
    checks: checksOf(db, enterpriseId),
    approvals: facts.plan ? of('approval', 'plan_id', facts.plan.id) : [],
    acceptances: facts.plan ? of('acceptance', 'plan_id', facts.plan.id) : [],
    look_backs: of('look_back', 'list_entry_id', facts.entry.id).reverse(),
    visits: visitsOf(db, enterpriseId),
  }
}

/** The steps that lead on; what people say with a step is missing until they say it. The calendar's own step is left out. */
function nextSteps(facts: LoopFacts, actor: Actor): LoopStep[] {
  return transitionsFrom(facts.entry.state)
    .filter(transition => transition.by !== 'system')
    .map(transition => ({
      step: transition.key,
      to: transition.to,
      inputs: [...transition.inputs],
      not_yours: notYours(transition, actor, facts),
      missing: missingFor(transition, facts, { reason: null, doc_no: null }).map(asData),
    }))
}

/** States in which a step may wait for somebody; exact competence is said row by row. */
export function statesOf(actor: Actor): string[] {
  switch (actor.role) {
    case 'township':
      return ['S0', 'S1', 'S3', 'S5']
    case 'manager':
      return ['S2', 'S4', 'S6', 'S8']
    case 'department':
      return ['S4', 'S6']
    default:
      return []
  }
}

export function loopList(
  store: Store,
  query: ListQuery & { mine: boolean },
): { rows: LoopRow[]; total: number; counts: ReturnType<typeof stateCounts> } {
  const db = store.read
  const actor = actorOf(store.profile())
  const states = query.mine ? statesOf(actor) : query.states
  const units = query.mine && actor.role === 'township' && actor.unit !== null ? [actor.unit] : query.units
  const { rows, total } = listPage(db, { ...query, states, units })
  const facts = factsOf(
    store,
    rows.map(row => row.enterprise_id),
  )
  return {
    total,
    counts: stateCounts(db, { units, text: query.text }),
    rows: rows.map(row => {
      const own = facts.get(row.enterprise_id)
      const next = own ? nextSteps(own, actor) : []
      return {
        ...row,
        next: next.map(({ step, to, not_yours, missing }) => ({
          step,
          to,
          not_yours,
          // What is said with the step itself is not missing from the records.
          missing: missing.filter(item => item.place.entity !== 'input').length,
        })),
      }
    }),
  }
}

/** Entries whose state is not proved by their records: come by a merge, or from a list made elsewhere. */
export function loopProblems(
  db: Db,
  today: string,
  unit: string | null = null,
): { facts: LoopFacts; problems: Missing[] }[] {
  const found: { facts: LoopFacts; problems: Missing[] }[] = []
  const ids = listedIn(db, ['S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'SX'], unit)
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    for (const facts of loadFacts(db, ids.slice(start, start + AT_ONCE), today).values()) {
      const problems = standingProblems(facts)
      if (problems.length > 0) found.push({ facts, problems })
    }
  }
  return found
}

/** One worklist: exact total, first rows. */
export function workList(
  store: Store,
  list: WorkList,
  unit: string | null,
  limit: number,
): { total: number; items: WorkItem[] } {
  const db = store.read
  const today = chinaDate(store.now())
  const first = (items: WorkItem[]) => ({ total: items.length, items: items.slice(0, limit) })
  switch (list) {
    case 'my_drafts': {
      const { total, rows } = draftsOf(db, store.profile().user, unit, limit)
      return { total, items: rows.map(row => ({ ...row, missing: [] })) }
    }
    case 'unproved':
      return first(loopProblems(db, today, unit).map(({ facts, problems }) => itemOf(facts, problems)))
    case 'missing_evidence':
      return first(
        eachOf(store, ['S5', 'S6'], unit).flatMap(facts => {
          const onward = transitionsFrom(facts.entry.state).find(
            entry => entry.key === 'finish' || entry.key === 'close',
          )!
          const missing = onward.missing(facts, null)
          return missing.length > 0 ? [itemOf(facts, missing)] : []
        }),
      )
    case 'overdue': {
      const late = overdueChecks(db, today)
      return first(
        eachOf(store, ['S2', 'S3', 'S4', 'S5', 'S6'], unit)
          .map(facts => {
            const due = ['S4', 'S5', 'S6'].includes(facts.entry.state) ? (facts.plan?.due_date ?? null) : null
            const check = late.get(facts.enterprise.id) ?? null
            return { facts, due: due !== null && due < today && (check === null || due < check) ? due : check }
          })
          .filter(({ due }) => due !== null)
          .sort((a, b) => (a.due! < b.due! ? -1 : 1))
          .map(({ facts, due }) => ({ ...itemOf(facts, []), due })),
      )
    }
    case 'to_review': {
      const actor = actorOf(store.profile())
      return first(
        eachOf(store, statesOf(actor), unit).flatMap(facts => {
          const isReady = nextSteps(facts, actor).some(
            ({ step, not_yours, missing }) =>
              step !== 'remove' &&
              not_yours === null &&
              missing.every(item => item.place.entity === 'input' || item.place.entity === 'approval'),
          )
          return isReady ? [itemOf(facts, [])] : []
        }),
      )
    }
    case 'look_back': {
      const soon = chinaDate(new Date(store.now().getTime() + 30 * 86_400_000))
      return first(
        eachOf(store, ['S7', 'S8'], unit).flatMap(facts => {
          const next = facts.look_backs.find(item => item.done_at === null && item.due_date <= soon)
          if (facts.entry.state !== 'S8' && !next) return []
          return [{ ...itemOf(facts, []), due: next?.due_date ?? null }]
        }),
      )
    }
  }
}

function eachOf(store: Store, states: readonly string[], unit: string | null): LoopFacts[] {
  const ids = states.length === 0 ? [] : listedIn(store.read, states, unit)
  const facts: LoopFacts[] = []
  for (let start = 0; start < ids.length; start += AT_ONCE)
    facts.push(...factsOf(store, ids.slice(start, start + AT_ONCE)).values())
  return facts
}

function itemOf(facts: LoopFacts, missing: readonly Missing[]): WorkItem {
  return {
    entity: 'enterprise',
    id: facts.enterprise.id,
    enterprise_id: facts.enterprise.id,
    title: facts.enterprise.name,
    unit: facts.enterprise.unit,
    state: facts.entry.state,
    plan_status: null,
    due: facts.plan?.due_date ?? null,
    missing: missing.map(asData),
  }
}

function factsOf(store: Store, ids: readonly string[]): Map<string, LoopFacts> {
  return loadFacts(store.read, ids, chinaDate(store.now()))
}

function asData({ key, values, place }: Missing): LoopStep['missing'][number] {
  const { entity, id, field } = place
  return {
    key,
    ...(values ? { values: { ...values } } : {}),
    place: { entity, ...(id === undefined ? {} : { id }), ...(field === undefined ? {} : { field }) },
  }
}
