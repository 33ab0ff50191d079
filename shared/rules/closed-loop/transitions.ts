/**
 * The state machine of a list entry (domain §11.4): which step leads where, who may take it, what it demands and what has
 * to be said with it. Pure; the service enforces it in the write path and the window shows it before a button is pressed.
 */
import type { LoopFacts, Missing, Role, State } from './facts.ts'
import {
  missingAcceptance,
  missingApproval,
  missingDue,
  missingExclusion,
  missingFile,
  missingHit,
  missingListing,
  missingLookBack,
  missingPlan,
  missingPublicity,
  missingWork,
} from './guards.ts'

/** Who takes a step; `lead` is the first department of the plan, `group` the acceptance group, `system` the calendar. */
export type Competence = 'township' | 'manager' | 'review' | 'lead' | 'group' | 'system'

/** What is said with the step itself; all but `reason` and `doc_no` are fields of the list entry. */
export type StepInput =
  | 'reason'
  | 'doc_no'
  | 'list_year'
  | 'batch'
  | 'listed_doc'
  | 'publicity_from'
  | 'publicity_to'
  | 'exclusion_reason'

export interface Transition {
  readonly key: string
  readonly from: readonly State[]
  readonly to: State
  readonly by: Competence
  readonly inputs: readonly StepInput[]
  /** Without it nobody may take the step: the reason is part of the record. */
  readonly needsReason: boolean
  readonly needsDoc: boolean
  missing(facts: LoopFacts, doc_no: string | null): Missing[]
}

const step = (
  key: string,
  from: readonly State[],
  to: State,
  by: Competence,
  missing: (facts: LoopFacts, doc_no: string | null) => Missing[],
  inputs: readonly StepInput[] = [],
): Transition => ({
  key,
  from,
  to,
  by,
  inputs,
  missing,
  needsReason: inputs.includes('reason'),
  needsDoc: key === 'remove',
})

const nothing = (): Missing[] => []

export const TRANSITIONS = [
  step('start', ['S0'], 'S1', 'township', missingHit),
  step('file', ['S1'], 'S2', 'township', missingFile),
  step('exclude', ['S1', 'S2'], 'SX', 'manager', missingExclusion, ['exclusion_reason', 'doc_no', 'reason']),
  step('list', ['S2'], 'S3', 'manager', facts => [...missingListing(facts), ...missingPublicity(facts)], [
    'list_year',
    'batch',
    'listed_doc',
    'publicity_from',
    'publicity_to',
  ]),
  step('submit', ['S3'], 'S4', 'township', missingPlan),
  step('return', ['S4'], 'S3', 'review', nothing, ['reason']),
  step('approve', ['S4'], 'S5', 'lead', missingApproval),
  step('finish', ['S5'], 'S6', 'township', missingWork),
  step('rework', ['S6'], 'S5', 'group', nothing, ['reason']),
  step('close', ['S6'], 'S7', 'group', facts => [...missingWork(facts), ...missingAcceptance(facts)]),
  step('look_back', ['S7'], 'S8', 'system', missingDue),
  step('stable', ['S8'], 'S7', 'manager', facts => missingLookBack(facts, 'stable')),
  step('rebound', ['S8'], 'S5', 'manager', facts => missingLookBack(facts, 'rebound'), ['reason']),
  step('remove', ['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8'], 'S9', 'manager', nothing, [
    'doc_no',
    'reason',
  ]),
] as const satisfies readonly Transition[]

/** The step from one state to another, or undefined when §11.4 knows none. */
export function transitionBetween(from: State, to: State): Transition | undefined {
  return TRANSITIONS.find(entry => (entry.from as readonly State[]).includes(from) && entry.to === to)
}

export function transitionsFrom(state: State): Transition[] {
  return TRANSITIONS.filter(entry => (entry.from as readonly State[]).includes(state))
}

export interface Actor {
  readonly role: Role | 'system'
  readonly unit: string | null
  readonly department: string | null
}

/** Why somebody may not take a step: a key of the UI catalogue (`loop.not_yours.<key>`); null when they may. */
export type NotYours = 'township' | 'other_unit' | 'manager' | 'review' | 'lead' | 'group' | 'system' | null

/** Competence for a step. A township reviewer without a unit speaks for all; 经信 (manager) is department JX. */
export function notYours(transition: Transition, actor: Actor, facts: LoopFacts): NotYours {
  const department = actor.role === 'manager' ? 'JX' : actor.role === 'department' ? actor.department : null
  switch (transition.by) {
    case 'system':
      return actor.role === 'system' ? null : 'system'
    case 'township':
      if (actor.role !== 'township') return 'township'
      return actor.unit === null || actor.unit === facts.enterprise.unit ? null : 'other_unit'
    case 'manager':
      return actor.role === 'manager' ? null : 'manager'
    case 'review':
      return department === null ? 'review' : null
    case 'group':
      return department === null ? 'group' : null
    case 'lead':
      return department !== null && department === (facts.plan?.departments[0] ?? 'JX') ? null : 'lead'
  }
}

/** What is missing for a step, with what is said along with it. */
export function missingFor(
  transition: Transition,
  facts: LoopFacts,
  said: { reason: string | null; doc_no: string | null },
): Missing[] {
  const missing = transition.missing(facts, said.doc_no)
  const isSaid = (text: string | null): boolean => text !== null && text.trim() !== ''
  if (transition.needsReason && !isSaid(said.reason))
    missing.push({ key: 'reason', place: { entity: 'input', field: 'reason' } })
  if (transition.needsDoc && !isSaid(said.doc_no))
    missing.push({ key: 'doc_no', place: { entity: 'input', field: 'doc_no' } })
  return missing
}
