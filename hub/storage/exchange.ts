/**
 * Push and pull: the survey's one ordered sequence. Pushes are taken one after the other; those that wait at the same time
 * share a transaction, so that fifty laptops at once wait for one commit and not for fifty.
 */
import { sql, type Transaction } from 'kysely'
import type { z } from 'zod'
import { applyPatch } from '../../shared/sync/apply.ts'
import type {
  pullResponseSchema,
  RepairRow,
  SyncConflict,
  SyncPatch,
  SyncReceipt,
  SyncRow,
  statusResponseSchema,
} from '../../shared/sync/protocol.ts'
import { mayRead } from '../../shared/sync/scope.ts'
import { HubError, isDatabaseAway } from '../errors.ts'
import { type AuditEntry, auditAll } from './audit.ts'
import type { Device } from './devices.ts'
import { insertAll, recordset, selectAll } from './recordset.ts'
import { keepStatistics } from './statistics.ts'
import { rowFromColumns, type SurveyState, surveyState } from './survey-state.ts'
import type { HubDb, HubTables } from './tables.ts'

export interface PushOutcome {
  receipts: SyncReceipt[]
  head: number
  /** Patches that were new, the rest had their receipts already. */
  taken: number
}

interface Push {
  readonly device: Pick<Device, 'id' | 'unit'>
  readonly survey: string
  readonly patches: readonly SyncPatch[]
  /** What the audit is to say, written with the push itself. */
  readonly note: (outcome: PushOutcome) => AuditEntry | undefined
}

interface Waiting extends Push {
  done(outcome: PushOutcome): void
  fail(error: unknown): void
}

/** Patches that one transaction takes at most, unless a single push has more. */
const TOGETHER = 600
const queues = new WeakMap<HubDb, Waiting[]>()

/**
 * Takes patches in the order of `device_seq`, all or nothing. Known patches give their old receipts. Throws `gap` when a
 * number is missing, `wrong_survey`, and `bad_request` when a number or an id is used twice for different things. A patch
 * that another device sent gives its receipt too: ids are random and known only to who made or may read the change.
 */
export function push(db: HubDb, wanted: Push): Promise<PushOutcome> {
  return new Promise((done, fail) => {
    const queue = queues.get(db)
    const waiting = { ...wanted, done, fail }
    if (queue) {
      queue.push(waiting)
      return
    }
    const fresh = [waiting]
    queues.set(db, fresh)
    void workOff(db, fresh)
  })
}

async function workOff(db: HubDb, queue: Waiting[]): Promise<void> {
  // Whatever comes in the same moment goes along.
  await new Promise(next => setImmediate(next))
  while (queue.length > 0) {
    let patches = 0
    const end = queue.findIndex((each, index) => {
      patches += each.patches.length
      return index > 0 && patches > TOGETHER
    })
    await takeTogether(db, queue.splice(0, end < 0 ? queue.length : end))
  }
  queues.delete(db)
}

async function takeTogether(db: HubDb, pushes: readonly Waiting[]): Promise<void> {
  try {
    const outcomes = await db.transaction().execute(tx => takeAll(tx, pushes))
    const heads = outcomes.map(outcome => (outcome instanceof HubError ? 0 : outcome.head))
    keepStatistics(db, Math.max(...heads))
    pushes.forEach((each, index) => {
      const outcome = outcomes[index]!
      if (outcome instanceof HubError) each.fail(outcome)
      else each.done(outcome)
    })
  } catch (error) {
    // One of them may be what the database does not take: the others must not suffer for it.
    if (pushes.length === 1 || isDatabaseAway(error)) for (const each of pushes) each.fail(error)
    else for (const each of pushes) await takeTogether(db, [each])
  }
}

/** All of them in one transaction, in order; a push that is refused as a whole has changed nothing. */
async function takeAll(tx: Transaction<HubTables>, pushes: readonly Push[]): Promise<(PushOutcome | HubError)[]> {
  // On PostgreSQL the update is also the lock that keeps the hub's processes one after the other.
  const held = await tx
    .updateTable('survey')
    .set(eb => ({ head: eb.ref('head') }))
    .returning(['id', 'head'])
    .executeTakeFirst()
  const isOurs = (each: Push): boolean => held !== undefined && each.survey === held.id
  const [devices, stored] = await numbersAndReceipts(tx, pushes.filter(isOurs))
  const state = surveyState(tx, held?.head ?? 0)
  const before = new Map(devices)
  const plans = pushes.map(each =>
    isOurs(each) ? planOf(each, devices, stored) : new HubError('wrong_survey', '这台设备的调查与汇总端的不是同一个'),
  )
  const fresh = plans.flatMap(plan => (plan instanceof HubError ? [] : plan.fresh))
  if (fresh.length > 0) await state.preload(fresh)
  const written: HubTables['receipt'][] = []
  const outcomes: (PushOutcome | HubError)[] = []
  for (const [index, plan] of plans.entries())
    outcomes.push(plan instanceof HubError ? plan : await take(state, pushes[index]!, plan, written))
  if (fresh.length > 0) {
    await state.flush()
    await insertAll(tx, 'receipt', RECEIPT, written)
    await tx.updateTable('survey').set({ head: state.head() }).where('id', '=', held!.id).execute()
  }
  const numbers = [...devices].filter(([id, last]) => last !== before.get(id)).map(([id, last]) => ({ id, last }))
  if (numbers.length > 0)
    await sql`UPDATE device SET last_device_seq = given.last
      FROM ${recordset(tx, 'given', { id: 'text', last: 'integer' }, numbers)} WHERE device.id = given.id`.execute(tx)
  const notes = outcomes.map((outcome, index) =>
    outcome instanceof HubError ? undefined : pushes[index]!.note(outcome),
  )
  await auditAll(
    tx,
    notes.filter(note => note !== undefined),
  )
  return outcomes
}

const RECEIPT = { patch: 'text', device: 'text', device_seq: 'integer', body: 'text' } as const

interface Plan {
  readonly fresh: SyncPatch[]
  /** In the order of their numbers: what is known already, or undefined for the next fresh one. */
  readonly order: readonly { patch: SyncPatch; known: string | null }[]
}

type Stored = Pick<HubTables['receipt'], 'device' | 'device_seq'> & { body: string | null }

async function numbersAndReceipts(
  tx: Transaction<HubTables>,
  pushes: readonly Push[],
): Promise<[Map<string, number>, Map<string, Stored>]> {
  const ids = [...new Set(pushes.map(({ device }) => device.id))].map(id => ({ id }))
  const devices = await selectAll(tx, 'device', { id: 'text' }, ids)
  const patches = pushes.flatMap(each => each.patches.map(({ id }) => ({ patch: id })))
  const receipts = await selectAll(tx, 'receipt', { patch: 'text' }, patches)
  return [
    new Map(devices.map(device => [device.id, device.last_device_seq])),
    new Map(receipts.map(receipt => [receipt.patch, receipt])),
  ]
}

/** Checks the numbers and says what is new; moves the device's number on. Nothing is written yet. */
function planOf({ device, patches }: Push, devices: Map<string, number>, stored: Map<string, Stored>): Plan | HubError {
  const fresh = new Map<string, SyncPatch>()
  const order: { patch: SyncPatch; known: string | null }[] = []
  let expected = devices.get(device.id)! + 1
  for (const patch of [...patches].sort((a, b) => a.device_seq - b.device_seq)) {
    const receipt = stored.get(patch.id)
    const same = fresh.get(patch.id)
    if (receipt) {
      if (receipt.device === device.id && receipt.device_seq !== patch.device_seq)
        return new HubError('bad_request', '修改的编号已被别的修改使用')
      // A laptop that was enrolled anew sends again, under new numbers, what its old name had sent without an answer.
      if (receipt.device !== device.id && patch.device_seq > expected) return gapBefore(expected)
      if (receipt.device !== device.id && patch.device_seq === expected) expected += 1
      order.push({ patch, known: receipt.body })
    } else if (same) {
      if (same.device_seq !== patch.device_seq) return new HubError('bad_request', '修改的编号重复')
    } else if (patch.device_seq > expected) {
      return gapBefore(expected)
    } else if (patch.device_seq < expected) {
      return new HubError('bad_request', `第 ${patch.device_seq} 号修改已收到过，但内容不同`)
    } else {
      fresh.set(patch.id, patch)
      order.push({ patch, known: null })
      expected += 1
    }
  }
  // A push of the same laptop that waits behind this one sees its numbers and ids.
  devices.set(device.id, expected - 1)
  for (const { id, device_seq } of fresh.values()) stored.set(id, { device: device.id, device_seq, body: null })
  return { fresh: [...fresh.values()], order }
}

function gapBefore(expected: number): HubError {
  return new HubError('gap', `缺少第 ${expected} 号修改，请从那里重新发送`)
}

async function take(
  state: SurveyState,
  { device, patches }: Push,
  plan: Plan,
  written: HubTables['receipt'][],
): Promise<PushOutcome> {
  const fresh = new Set(plan.fresh)
  const receipts: SyncReceipt[] = []
  for (const { patch, known } of plan.order) {
    if (fresh.has(patch)) {
      const receipt = await applyPatch(state, { device: device.id, unit: device.unit }, patch)
      receipts.push(receipt)
      const body = JSON.stringify(receipt)
      written.push({ patch: patch.id, device: device.id, device_seq: patch.device_seq, body })
    } else {
      const body = known ?? written.find(each => each.patch === patch.id)!.body
      receipts.push(JSON.parse(body) as SyncReceipt)
    }
  }
  const order = new Map(patches.map((patch, index) => [patch.id, index]))
  receipts.sort((a, b) => order.get(a.patch)! - order.get(b.patch)!)
  return { receipts, head: state.head(), taken: plan.fresh.length }
}

/** Rows and conflicts of the device's scope after `since`, in order of sequence, at most `limit` rows. */
export async function pull(
  db: HubDb,
  device: Device,
  request: { survey: string; since: number; limit: number; lost_after?: number | undefined },
): Promise<z.infer<typeof pullResponseSchema>> {
  // The head first: what comes in while this page is read is after the cursor and so in the next one.
  const head = await headOf(db, request.survey)
  const found = await rowsAfter(db, device.unit, request.since, head, request.limit + 1)
  const more = found.length > request.limit
  const rows = found.slice(0, request.limit).map(rowFromColumns)
  const cursor = more ? rows[rows.length - 1]!.seq : Math.max(head, request.since)
  let conflictQuery = db
    .selectFrom('conflict')
    .select('body')
    .where('seq', '>', request.since)
    .where('seq', '<=', cursor)
  if (device.unit !== null)
    conflictQuery = conflictQuery.where(eb => eb.or([eb('unit', '=', device.unit), eb('unit', 'is', null)]))
  const conflicts = await conflictQuery.orderBy('seq').orderBy('id').execute()
  const told = request.lost_after === undefined ? rows : await withStates(db, device, rows, request.lost_after)
  return { rows: told, conflicts: conflicts.map(({ body }) => JSON.parse(body) as SyncConflict), cursor, head, more }
}

/**
 * Rows of a unit and of everybody, each read in order from its own index and then put together: asked for at once with OR,
 * PostgreSQL reads and sorts everything that is left, for every page.
 */
async function rowsAfter(
  db: HubDb,
  unit: string | null,
  since: number,
  head: number,
  limit: number,
): Promise<HubTables['row_state'][]> {
  const rows = db
    .selectFrom('row_state')
    .selectAll()
    .where('seq', '>', since)
    .where('seq', '<=', head)
    .orderBy('seq')
    .limit(limit)
  if (unit === null) return rows.execute()
  const own = await rows.where('unit', '=', unit).execute()
  const shared = await rows.where('unit', 'is', null).execute()
  return shared.length === 0 ? own : [...own, ...shared].sort((a, b) => a.seq - b.seq).slice(0, limit)
}

/**
 * Rows beyond that place with the state that they had there, if any, and all that came since; but nothing from the time
 * when a record was another unit's.
 */
async function withStates(db: HubDb, device: Device, rows: readonly SyncRow[], at: number): Promise<RepairRow[]> {
  const later = rows.filter(row => row.seq > at).map(({ entity, entity_id }) => ({ entity, entity_id }))
  if (later.length === 0) return [...rows]
  const columns = { entity: 'text', entity_id: 'text' } as const
  const found = await sql<HubTables['row_history']>`
    SELECT h.* FROM ${recordset(db, 'given', columns, later)} CROSS JOIN row_history AS h
    WHERE h.entity = given.entity AND h.entity_id = given.entity_id AND h.seq >= coalesce((SELECT max(b.seq)
      FROM row_history AS b WHERE b.entity = given.entity AND b.entity_id = given.entity_id AND b.seq <= ${at}), 0)
    ORDER BY h.seq`.execute(db)
  const states = new Map<string, SyncRow[]>()
  for (const row of found.rows.map(rowFromColumns)) {
    if (!mayRead(device.unit, row.unit)) continue
    const key = `${row.entity}/${row.entity_id}`
    states.set(key, [...(states.get(key) ?? []), row])
  }
  return rows.map(row => {
    const known = row.seq > at ? (states.get(`${row.entity}/${row.entity_id}`) ?? []) : []
    return {
      ...row,
      ...(known.length > 0
        ? { states: known.map(({ seq, deleted, fields, geometry }) => ({ seq, deleted, fields, geometry })) }
        : {}),
    }
  })
}

export async function statusOf(db: HubDb, device: Device): Promise<z.infer<typeof statusResponseSchema>> {
  const survey = await db.selectFrom('survey').select('head').executeTakeFirst()
  let open = db
    .selectFrom('conflict')
    .select(eb => eb.fn.countAll<number | string>().as('n'))
    .where('open', '=', 1)
  if (device.unit !== null) open = open.where(eb => eb.or([eb('unit', '=', device.unit), eb('unit', 'is', null)]))
  const { n } = await open.executeTakeFirstOrThrow()
  const restores = await db.selectFrom('restore').select(['id', 'head']).orderBy('at').orderBy('id').execute()
  return {
    device: device.id,
    unit: device.unit,
    role: device.role,
    last_device_seq: device.last_device_seq,
    head: survey?.head ?? 0,
    open_conflicts: Number(n),
    restores,
  }
}

async function headOf(db: HubDb, survey: string): Promise<number> {
  const found = await db.selectFrom('survey').select('head').where('id', '=', survey).executeTakeFirst()
  if (!found) throw new HubError('wrong_survey', '这台设备的调查与汇总端的不是同一个')
  return found.head
}
