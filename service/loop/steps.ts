/** Steps of list entries: one entry or a batch in one undoable edit, with what belongs to the step (plan, look-backs, counts). */
import { AppError } from '../../shared/contract/errors.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import { M2_PER_MU } from '../../shared/rules/closed-loop/counting.ts'
import type { LoopFacts } from '../../shared/rules/closed-loop/facts.ts'
import { currentAcceptance } from '../../shared/rules/closed-loop/guards.ts'
import {
  type Actor,
  missingFor,
  notYours,
  type StepInput,
  TRANSITIONS,
  type Transition,
} from '../../shared/rules/closed-loop/transitions.ts'
import type { EditKind } from '../db/change-log.ts'
import { all, get } from '../db/sql.ts'
import type { Profile, Store } from '../db/store.ts'
import type { Transaction } from '../db/transaction.ts'
import { loadFacts } from './facts-repo.ts'
import { incomplete, notCompetent } from './loop-guard.ts'

export interface StepRequest {
  readonly step: string
  readonly enterprise_ids: readonly string[]
  readonly values?: Readonly<Partial<Record<StepInput, string | number | null>>> | undefined
  readonly reason?: string | undefined
}

/** Days after a closing on which it is looked back at. */
const LOOK_BACK_DAYS = [180, 365] as const

/**
 * Takes a step for all of these enterprises or, when one of them cannot, for none. Errors name the first that cannot:
 * `not_yours_*`, `step_incomplete`, `no_such_step`, `not_listed`.
 */
export async function takeStep(store: Store, request: StepRequest, kind: EditKind = 'user'): Promise<{ edit: string }> {
  const transition = TRANSITIONS.find(entry => entry.key === request.step)
  if (!transition) throw new AppError('bad_input', '没有这个环节', { reason: 'no_such_step', field: 'step' })
  const ids = [...new Set(request.enterprise_ids)]
  const label = {
    label: `loop_${transition.key}`,
    values: { name: ids.length === 1 ? nameOf(store, ids[0]!) : `×${ids.length}` },
    kind,
    reason: request.reason,
  }
  const { edit } = await store.mutate(label, tx => {
    for (const id of ids) stepOne(store, tx, transition, id, request, kind)
  })
  return { edit }
}

function stepOne(
  store: Store,
  tx: Transaction,
  transition: Transition,
  enterpriseId: string,
  request: StepRequest,
  kind: EditKind,
): void {
  const at = store.now()
  const today = chinaDate(at)
  const actor = actorOf(store.profile(), kind)
  const load = (): LoopFacts => {
    const found = loadFacts(tx.db, [enterpriseId], today).get(enterpriseId)
    if (found) return found
    const name = nameOf(store, enterpriseId)
    throw new AppError('not_found', `“${name}”不在清单中`, { reason: 'not_listed', values: { name } })
  }
  const before = load()
  const { entry } = before
  if (!transition.from.includes(entry.state)) {
    throw new AppError('refused', `“${before.enterprise.name}”目前不能办理这个环节`, {
      reason: 'no_such_step',
      values: { from: entry.state, to: transition.to },
    })
  }
  const barred = notYours(transition, actor, before)
  if (barred !== null) throw notCompetent(barred, transition.to)
  const { doc_no, ...values } = fieldsOf(transition, request)
  if (Object.keys(values).length > 0) tx.update('list_entry', entry.id, values)
  const facts = load()
  const said = { reason: request.reason ?? null, doc_no: doc_no === undefined ? null : String(doc_no) }
  const missing = missingFor(transition, facts, said)
  if (missing.length > 0) throw incomplete(facts, transition.to, missing)
  tx.update('list_entry', entry.id, { state: transition.to, ...consequencesOf(tx, transition, facts, today) })
  tx.create('state_change', {
    list_entry_id: entry.id,
    from_state: entry.state,
    to_state: transition.to,
    happened_on: today,
    at: at.toISOString(),
    author: kind === 'system' ? null : store.profile().user,
    role: kind === 'system' ? null : store.profile().role,
    department: actor.department ?? (actor.role === 'manager' ? 'JX' : null),
    reason: said.reason,
    doc_no: said.doc_no ?? (transition.key === 'list' ? facts.entry.listed_doc : null),
  })
  movePlan(tx, transition, facts)
  if (transition.key === 'close') planLookBacks(tx, entry.id, today)
}

export function actorOf(profile: Profile, kind: EditKind = 'user'): Actor {
  if (kind === 'system') return { role: 'system', unit: null, department: null }
  return { role: profile.role as Actor['role'], unit: profile.unit, department: profile.department ?? null }
}

/** What was said with the step, restricted to what this step takes. */
function fieldsOf(transition: Transition, request: StepRequest): Record<string, string | number | null> {
  const fields: Record<string, string | number | null> = {}
  for (const [name, value] of Object.entries(request.values ?? {})) {
    if (!(transition.inputs as readonly string[]).includes(name)) {
      throw new AppError('bad_input', `这个环节不需要“${name}”`, { reason: 'unknown_field', field: name })
    }
    if (name !== 'reason' && value !== undefined) fields[name] = value
  }
  return fields
}

/** Fields of the entry that follow from the step. A closing keeps what was counted with it; a rebound never rewrites it. */
function consequencesOf(
  tx: Transaction,
  transition: Transition,
  facts: LoopFacts,
  today: string,
): Record<string, unknown> {
  if (transition.key === 'rebound') return { rebound_at: today }
  if (transition.key !== 'close' || !facts.plan) return {}
  const acceptance = currentAcceptance(facts, facts.plan)
  // Tenants add no land, as in the book of counts.
  const rented = rentedParcels(tx.db, facts.enterprise.id)
  const own = acceptance?.land?.filter(({ parcel_id }) => !rented.has(parcel_id))
  const area = own?.reduce((sum, part) => sum + part.area_m2, 0) ?? null
  return { counted_at: today, counted_mu: area === null ? null : area / M2_PER_MU, rebound_at: null }
}

function rentedParcels(db: Transaction['db'], enterpriseId: string): Set<string> {
  const rows = all<{ id: string }>(
    db,
    `SELECT o.parcel_id AS id FROM occupancy o WHERE o.deleted = 0 AND o.enterprise_id = ? AND o.role = 'TENANT'
     AND NOT EXISTS (SELECT 1 FROM occupancy w WHERE w.enterprise_id = o.enterprise_id AND w.parcel_id = o.parcel_id
       AND w.role = 'OWNER' AND w.deleted = 0)`,
    [enterpriseId],
  )
  return new Set(rows.map(row => row.id))
}

const PLAN_STATUS: Readonly<Record<string, string>> = { submit: 'submitted', return: 'returned', approve: 'approved' }

function movePlan(tx: Transaction, transition: Transition, facts: LoopFacts): void {
  const status = PLAN_STATUS[transition.key]
  if (status !== undefined && facts.plan) tx.update('plan', facts.plan.id, { status })
  if (transition.key !== 'close' || !facts.plan) return
  const acceptance = currentAcceptance(facts, facts.plan)
  const freed = get<{ freed_tce: number | null }>(tx.db, 'SELECT freed_tce FROM acceptance WHERE id = ?', [
    acceptance?.id ?? '',
  ])
  tx.update('list_entry', facts.entry.id, { counted_tce: freed?.freed_tce ?? null })
}

function planLookBacks(tx: Transaction, entryId: string, today: string): void {
  for (const days of LOOK_BACK_DAYS) {
    const due = new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
    tx.create('look_back', { list_entry_id: entryId, due_date: due })
  }
}

/**
 * The calendar's own steps: closed entries whose look-back has come due, or whose figures of a later year fell below the
 * target of their plan, stand for look-back. Run on opening and once an hour; returns how many. One that cannot be moved
 * (merged data may lack its proof) does not hold up the others.
 */
export async function runDueSteps(store: Store): Promise<number> {
  const today = chinaDate(store.now())
  await askEarly(store, today)
  const due = all<{ id: string }>(
    store.read,
    `SELECT DISTINCT l.enterprise_id AS id FROM list_entry l JOIN look_back b ON b.list_entry_id = l.id AND b.deleted = 0
     JOIN enterprise e ON e.id = l.enterprise_id AND e.deleted = 0
     WHERE l.deleted = 0 AND l.state = 'S7' AND b.done_at IS NULL AND b.due_date <= ?`,
    [today],
  )
  let moved = 0
  for (const { id } of due) {
    const isMoved = await takeStep(store, { step: 'look_back', enterprise_ids: [id] }, 'system').then(
      () => true,
      () => false,
    )
    if (isMoved) moved++
  }
  return moved
}

/** A look-back due today for every closed entry whose later figures miss the plan's target, once per year of figures. */
async function askEarly(store: Store, today: string): Promise<void> {
  const suspects = all<{ entry: string; year: number; tax_per_mu: number }>(
    store.read,
    `SELECT l.id AS entry, y.year, y.tax / y.land_mu_actual AS tax_per_mu
     FROM list_entry l JOIN enterprise_year y ON y.enterprise_id = l.enterprise_id AND y.deleted = 0
       JOIN plan p ON p.id = (SELECT n.id FROM plan n WHERE n.enterprise_id = l.enterprise_id AND n.deleted = 0
         AND n.status = 'approved' ORDER BY n.year DESC, n.version DESC LIMIT 1)
     WHERE l.deleted = 0 AND l.state = 'S7' AND y.year > CAST(substr(l.counted_at, 1, 4) AS INTEGER)
       AND y.land_mu_actual > 0 AND y.tax / y.land_mu_actual < p.target_tax_per_mu
       AND NOT EXISTS (SELECT 1 FROM look_back b WHERE b.list_entry_id = l.id AND json_extract(b.evidence, '$.year') = y.year)`,
  )
  if (suspects.length === 0) return
  await store.mutate({ label: 'look_back_asked', kind: 'system', values: { count: String(suspects.length) } }, tx => {
    for (const { entry, year, tax_per_mu } of suspects)
      tx.create('look_back', { list_entry_id: entry, due_date: today, evidence: { year, tax_per_mu } })
  })
}

function nameOf(store: Store, enterpriseId: string): string {
  return get<{ name: string }>(store.read, 'SELECT name FROM enterprise WHERE id = ?', [enterpriseId])?.name ?? ''
}
