/**
 * The guard of the closed loop in the write path: every edit is judged before it is committed, whoever asked for it. A
 * state changes only by a step of §11.4 with its record, its competence and its evidence; proof of a state cannot be
 * taken away while the state stands. What is merged from elsewhere is not refused but flagged (`loopProblems`).
 */
import { AppError } from '../../shared/contract/errors.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import type { LoopFacts, Missing, State } from '../../shared/rules/closed-loop/facts.ts'
import { problemName, standingProblems } from '../../shared/rules/closed-loop/standing.ts'
import { type Actor, missingFor, notYours, transitionBetween } from '../../shared/rules/closed-loop/transitions.ts'
import { type ChangeRow, changesOfEdit, type Patch } from '../db/change-log.ts'
import type { Db } from '../db/open.ts'
import { get } from '../db/sql.ts'
import type { Commit, Store } from '../db/store.ts'
import { widen } from '../db/transaction.ts'
import { loadFacts } from './facts-repo.ts'
import { judgePlanStatus } from './plan-guard.ts'
import { boxOfParcel, enterprisesProvedBy, showAllStates, showStates } from './touched-repo.ts'

/** Later events that speak against an entry may always be written down; they are shown, not refused. */
const MAY_COME_LATER: ReadonlySet<string> = new Set([
  'open_checks',
  'after_photos_points',
  'evidence_recheck',
  'photos_shared',
])

/** Proof, other than the land, the visits and the yearly figures, which go on being edited. */
const PROOF: readonly EntityName[] = [
  'list_entry',
  'state_change',
  'plan',
  'measure',
  'milestone',
  'approval',
  'acceptance',
  'compliance_check',
  'reclamation',
  'attachment',
  'look_back',
]

export function installLoopGuard(store: Store): void {
  store.addCommitHook(commit => {
    if (!commit.touched) {
      showAllStates(commit.db)
      return
    }
    const changes = changesOfEdit(commit.db, commit.edit.seq)
    if (commit.edit.kind !== 'remote') judge(commit, changes)
    show(commit, changes)
  })
}

function judge(commit: Commit, changes: readonly ChangeRow[]): void {
  const stepped = new Set<string>()
  for (const change of changes) {
    if (change.entity === 'list_entry') judgeEntry(commit, change, stepped)
    if (change.entity === 'state_change') judgeRecord(commit, change, changes)
    if (change.entity === 'plan') judgePlanStatus(commit, change, actorOf(commit))
  }
  const proved = new Set<string>()
  for (const entity of PROOF) {
    // Only what was there before can be taken away; what is new is proof, not its loss.
    const ids = [
      ...new Set(
        changes
          .filter(change => change.entity === entity && change.op !== 'create' && !isHandedDown(change))
          .map(change => change.entity_id),
      ),
    ]
    for (const db of [commit.db, commit.before]) for (const id of enterprisesProvedBy(db, entity, ids)) proved.add(id)
  }
  for (const id of stepped) proved.delete(id)
  if (proved.size > 0) refuseLostProof(commit, [...proved])
}

/** A plan that names other parcels because its land was divided or joined: an edit of the land, not of the plan. */
function isHandedDown({ entity, op, patch }: ChangeRow): boolean {
  return entity === 'plan' && op === 'update' && Object.keys(JSON.parse(patch) as Patch).every(isParcelList)
}

const isParcelList = (field: string): boolean => field === 'parcel_ids'

/** A new entry starts as a candidate; a listed one leaves by S9; a changed state is a step. */
function judgeEntry(commit: Commit, change: ChangeRow, stepped: Set<string>): void {
  const { db, before, edit } = commit
  const was = entryOf(before, change.entity_id)
  const is = entryOf(db, change.entity_id)
  const from = was && !was.deleted ? was.state : null
  const to = is && !is.deleted ? is.state : null
  if (from === to) return
  const enterpriseId = (is ?? was)!.enterprise_id
  stepped.add(enterpriseId)
  if (from === null) {
    if (to === 'S0') return
    throw refused(`清单条目要从“${word('S0')}”开始，不能直接写成“${word(to!)}”`, 'entry_must_start', { to: to! })
  }
  if (to === null) {
    if (from === 'S0') return
    throw refused(`“${word(from)}”的清单条目不能删除，只能调出清单`, 'entry_not_removable', { from })
  }
  const facts = factsOf(db, enterpriseId, commit)
  const isNewStep = changesOfEdit(db, edit.seq).some(other => other.entity === 'state_change' && other.op !== 'delete')
  // Undo goes back to a state, a decided conflict catches up with the recorded steps: both where the evidence is there.
  if (edit.kind === 'undo' || (!isNewStep && facts.steps.at(-1)?.to_state === to)) {
    const problems = standingProblems(facts)
    if (problems.length > 0) throw incomplete(facts, to, problems)
    return
  }
  refuseStep(commit, facts, from, to)
}

/** The step as it is written: known to §11.4, recorded, within the competence, and complete. */
function refuseStep(commit: Commit, after: LoopFacts, from: State, to: State): void {
  const transition = transitionBetween(from, to)
  if (!transition) {
    throw refused(`不能从“${word(from)}”直接到“${word(to)}”`, 'no_such_step', { from, to })
  }
  const record = after.steps.at(-1)
  const isRecorded =
    record !== undefined &&
    record.from_state === from &&
    record.to_state === to &&
    changesOfEdit(commit.db, commit.edit.seq).some(change => change.entity === 'state_change' && change.op !== 'delete')
  if (!isRecorded) {
    throw refused(`状态只能通过闭环流转改变，不能直接修改`, 'state_by_step_only', { from, to })
  }
  const facts = { ...after, steps: after.steps.slice(0, -1) }
  const barred = notYours(transition, actorOf(commit), facts)
  if (barred !== null) throw notCompetent(barred, to)
  const missing = missingFor(transition, facts, { reason: record.reason, doc_no: record.doc_no })
  if (missing.length > 0) throw incomplete(facts, to, missing)
}

/** Records of steps are written with their step, never changed, and taken back only with it. */
function judgeRecord(commit: Commit, change: ChangeRow, changes: readonly ChangeRow[]): void {
  const entryId = get<{ id: string }>(commit.db, 'SELECT list_entry_id AS id FROM state_change WHERE id = ?', [
    change.entity_id,
  ])?.id
  const isWithStep =
    change.op !== 'update' &&
    changes.some(
      other =>
        other.entity === 'list_entry' &&
        other.entity_id === entryId &&
        (other.op !== 'update' || 'state' in (JSON.parse(other.patch) as Patch)),
    )
  if (!isWithStep) throw refused('流转记录不能修改或删除', 'step_record_fixed', {})
}

/** Refuses when a standing state loses proof that it had before the edit. */
function refuseLostProof(commit: Commit, enterpriseIds: readonly string[]): void {
  const today = chinaDate(new Date(commit.edit.at))
  const after = loadFacts(commit.db, enterpriseIds, today)
  const before = loadFacts(commit.before, enterpriseIds, today)
  for (const [id, facts] of after) {
    if (facts.entry.state === 'S0' || facts.entry.state === 'S1') continue
    const had = before.get(id)
    const known = new Set(had ? standingProblems(had).map(problemName) : [])
    const lost = standingProblems(facts).filter(
      problem => !known.has(problemName(problem)) && !MAY_COME_LATER.has(problem.key),
    )
    if (lost.length === 0) continue
    const { name } = facts.enterprise
    const { state } = facts.entry
    throw refused(`“${name}”处于“${word(state)}”，这项材料是它的依据，不能删改`, 'proof_in_use', {
      name,
      state,
      keys: lost.map(problem => problem.key).join(','),
    })
  }
}

/** Enterprises and land show the state of the list; the map repaints where it changed. */
function show(commit: Commit, changes: readonly ChangeRow[]): void {
  const { db, before, touched } = commit
  const enterprises = new Set<string>()
  const parcels = new Set<string>()
  for (const { entity, entity_id } of changes) {
    if (entity === 'enterprise') enterprises.add(entity_id)
    if (entity === 'parcel') parcels.add(entity_id)
    for (const source of [db, before]) {
      if (entity === 'list_entry') {
        const entry = entryOf(source, entity_id)
        if (entry) enterprises.add(entry.enterprise_id)
      }
      if (entity === 'occupancy') {
        const row = get<{ parcel_id: string }>(source, 'SELECT parcel_id FROM occupancy WHERE id = ?', [entity_id])
        if (row) parcels.add(row.parcel_id)
      }
    }
  }
  if (enterprises.size + parcels.size === 0) return
  const shown = showStates(db, [...enterprises], [...parcels])
  const note = (entity: EntityName, id: string): void => {
    touched!.ids.set(entity, (touched!.ids.get(entity) ?? new Set()).add(id))
  }
  for (const id of shown.enterprises) note('enterprise', id)
  for (const { id, pk } of shown.parcels) {
    note('parcel', id)
    const box = boxOfParcel(db, pk)
    if (box) widen(touched!, box)
  }
}

function actorOf({ edit, profile }: Commit): Actor {
  if (edit.kind === 'system') return { role: 'system', unit: null, department: null }
  return { role: profile.role as Actor['role'], unit: profile.unit, department: profile.department ?? null }
}

interface EntryRow {
  enterprise_id: string
  state: State
  deleted: number
}

function entryOf(db: Db, id: string): EntryRow | undefined {
  return get<EntryRow>(db, 'SELECT enterprise_id, state, deleted FROM list_entry WHERE id = ?', [id])
}

function factsOf(db: Db, enterpriseId: string, commit: Commit): LoopFacts {
  const facts = loadFacts(db, [enterpriseId], chinaDate(new Date(commit.edit.at))).get(enterpriseId)
  if (!facts)
    throw new AppError('not_found', '找不到企业，可能已被删除', {
      reason: 'record_not_found',
      values: { entity: 'enterprise' },
    })
  return facts
}

function word(state: string): string {
  return labelOf('state', state)
}

function refused(message: string, reason: string, values: Record<string, string | number>): AppError {
  return new AppError('refused', message, { reason, values })
}

export function notCompetent(barred: string, to: State): AppError {
  return refused(`“${word(to)}”不由您的角色办理`, `not_yours_${barred}`, { to })
}

export function incomplete(facts: LoopFacts, to: State, missing: readonly Missing[]): AppError {
  const { name } = facts.enterprise
  return refused(`“${name}”还缺 ${missing.length} 项，不能进入“${word(to)}”`, 'step_incomplete', {
    name,
    to,
    missing: missing.length,
    keys: missing.map(item => item.key).join(','),
  })
}
