/**
 * What must hold of an entry in its state however it came there: by a step, an undo, an import or a merge. The write path
 * refuses edits that would break it; merged data that break it are flagged by the same function. Pure.
 */
import type { LoopFacts, Missing, State } from './facts.ts'
import {
  missingAcceptance,
  missingApproval,
  missingExclusion,
  missingFile,
  missingListing,
  missingPlan,
  missingWork,
} from './guards.ts'

const atLeast = (state: State, from: number): boolean => /^S[1-8]$/.test(state) && Number(state[1]) >= from

/**
 * Everything that the state of an entry claims and its records do not prove; empty for a sound entry. Call it for every
 * entry that a merge touched (`service/loop/facts-repo.ts` reads the facts) and show what it says: it never decides.
 */
export function standingProblems(facts: LoopFacts): Missing[] {
  const { state } = facts.entry
  if (state === 'SX') return missingExclusion(facts, facts.steps.at(-1)?.doc_no ?? null)
  if (state === 'S9') {
    const doc = facts.steps.at(-1)?.doc_no ?? ''
    return doc.trim() === '' ? [{ key: 'doc_no', place: { entity: 'input', field: 'doc_no' } }] : []
  }
  const problems: Missing[] = []
  if (atLeast(state, 2)) problems.push(...missingFile(facts))
  if (atLeast(state, 3)) problems.push(...missingListing(facts))
  if (atLeast(state, 4)) problems.push(...missingPlan(facts))
  if (atLeast(state, 5)) problems.push(...missingApproval(facts), ...unapproved(facts))
  if (atLeast(state, 6)) problems.push(...missingWork(facts))
  if (atLeast(state, 7)) problems.push(...missingAcceptance(facts))
  const seen = new Set<string>()
  return problems.filter(problem => {
    const name = problemName(problem)
    return seen.has(name) ? false : seen.add(name)
  })
}

function unapproved({ plan }: LoopFacts): Missing[] {
  if (!plan || plan.status === 'approved') return []
  return [{ key: 'plan_status', place: { entity: 'plan', id: plan.id, field: 'status' } }]
}

/** Two problems of the same name are the same problem, so that what is new can be told from what was there before. */
export function problemName({ key, values }: Missing): string {
  const { have: _have, count: _count, ...rest } = values ?? {}
  return `${key} ${JSON.stringify(rest)}`
}
