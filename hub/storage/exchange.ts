/** Push and pull: the survey's one ordered sequence. Pushes are taken one after the other, each in one transaction. */
import type { z } from 'zod'
import { applyPatch } from '../../shared/sync/apply.ts'
import type {
  pullResponseSchema,
  SyncConflict,
  SyncPatch,
  SyncReceipt,
  statusResponseSchema,
} from '../../shared/sync/protocol.ts'
import { HubError } from '../errors.ts'
import type { Device } from './devices.ts'
import { rowFromColumns, surveyState } from './survey-state.ts'
import type { HubDb } from './tables.ts'

export interface PushOutcome {
  receipts: SyncReceipt[]
  head: number
  /** Patches that were new, the rest had their receipts already. */
  taken: number
}

/**
 * Takes patches in the order of `device_seq`, all or nothing. Known patches give their old receipts. Throws `gap` when a
 * number is missing, `wrong_survey`, and `bad_request` when a number or an id is used twice for different things.
 */
export function push(db: HubDb, device: Device, survey: string, patches: readonly SyncPatch[]): Promise<PushOutcome> {
  // They wait here and not each with a connection of its own, which would leave none for those who only read.
  const turn = (queues.get(db) ?? Promise.resolve()).then(() => take(db, device, survey, patches))
  queues.set(
    db,
    turn.then(
      () => undefined,
      () => undefined,
    ),
  )
  return turn
}

const queues = new WeakMap<HubDb, Promise<void>>()

function take(db: HubDb, device: Device, survey: string, patches: readonly SyncPatch[]): Promise<PushOutcome> {
  return db.transaction().execute(async tx => {
    // On PostgreSQL the update is also the lock that keeps pushes one after the other.
    const held = await tx
      .updateTable('survey')
      .set(eb => ({ head: eb.ref('head') }))
      .where('id', '=', survey)
      .returning('head')
      .executeTakeFirst()
    if (!held) throw new HubError('wrong_survey', '这台设备的调查与汇总端的不是同一个')
    if (patches.length === 0) return { receipts: [], head: held.head, taken: 0 }
    const { last_device_seq } = await tx
      .selectFrom('device')
      .select('last_device_seq')
      .where('id', '=', device.id)
      .executeTakeFirstOrThrow()

    const ids = patches.map(patch => patch.id)
    const stored = await tx.selectFrom('receipt').selectAll().where('patch', 'in', ids).execute()
    const known = new Map(stored.map(receipt => [receipt.patch, receipt]))
    const receipts: SyncReceipt[] = []
    const fresh: SyncPatch[] = []
    let expected = last_device_seq + 1
    for (const patch of [...patches].sort((a, b) => a.device_seq - b.device_seq)) {
      const receipt = known.get(patch.id)
      if (receipt) {
        if (receipt.device !== device.id || receipt.device_seq !== patch.device_seq)
          throw new HubError('bad_request', '修改的编号已被别的修改使用')
        receipts.push(JSON.parse(receipt.body) as SyncReceipt)
      } else if (fresh.some(other => other.id === patch.id)) {
        if (fresh.some(other => other.id === patch.id && other.device_seq !== patch.device_seq))
          throw new HubError('bad_request', '修改的编号重复')
      } else if (patch.device_seq > expected) {
        throw new HubError('gap', `缺少第 ${expected} 号修改,请从那里重新发送`)
      } else if (patch.device_seq < expected) {
        throw new HubError('bad_request', `第 ${patch.device_seq} 号修改已收到过,但内容不同`)
      } else {
        fresh.push(patch)
        expected += 1
      }
    }

    const state = surveyState(tx, held.head)
    if (fresh.length > 0) await state.preload(fresh)
    const written: { patch: string; device: string; device_seq: number; body: string }[] = []
    for (const patch of fresh) {
      const receipt = await applyPatch(state, { device: device.id, unit: device.unit }, patch)
      receipts.push(receipt)
      written.push({
        patch: patch.id,
        device: device.id,
        device_seq: patch.device_seq,
        body: JSON.stringify(receipt),
      })
    }
    if (written.length > 0) {
      await tx.insertInto('receipt').values(written).execute()
      await tx.updateTable('survey').set({ head: state.head() }).where('id', '=', survey).execute()
      await tx
        .updateTable('device')
        .set({ last_device_seq: expected - 1 })
        .where('id', '=', device.id)
        .execute()
    }
    const order = new Map(patches.map((patch, index) => [patch.id, index]))
    receipts.sort((a, b) => order.get(a.patch)! - order.get(b.patch)!)
    return { receipts, head: state.head(), taken: fresh.length }
  })
}

/** Rows and conflicts of the device's scope after `since`, in order of sequence, at most `limit` rows. */
export async function pull(
  db: HubDb,
  device: Device,
  request: { survey: string; since: number; limit: number },
): Promise<z.infer<typeof pullResponseSchema>> {
  // The head first: what comes in while this page is read is after the cursor and so in the next one.
  const head = await headOf(db, request.survey)
  let rowQuery = db.selectFrom('row_state').selectAll().where('seq', '>', request.since).where('seq', '<=', head)
  if (device.unit !== null)
    rowQuery = rowQuery.where(eb => eb.or([eb('unit', '=', device.unit), eb('unit', 'is', null)]))
  const found = await rowQuery
    .orderBy('seq')
    .limit(request.limit + 1)
    .execute()
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
  return { rows, conflicts: conflicts.map(({ body }) => JSON.parse(body) as SyncConflict), cursor, head, more }
}

export async function statusOf(db: HubDb, device: Device): Promise<z.infer<typeof statusResponseSchema>> {
  const survey = await db.selectFrom('survey').select('head').executeTakeFirst()
  let open = db
    .selectFrom('conflict')
    .select(eb => eb.fn.countAll<number | string>().as('n'))
    .where('open', '=', 1)
  if (device.unit !== null) open = open.where(eb => eb.or([eb('unit', '=', device.unit), eb('unit', 'is', null)]))
  const { n } = await open.executeTakeFirstOrThrow()
  return {
    device: device.id,
    unit: device.unit,
    role: device.role,
    last_device_seq: device.last_device_seq,
    head: survey?.head ?? 0,
    open_conflicts: Number(n),
  }
}

async function headOf(db: HubDb, survey: string): Promise<number> {
  const found = await db.selectFrom('survey').select('head').where('id', '=', survey).executeTakeFirst()
  if (!found) throw new HubError('wrong_survey', '这台设备的调查与汇总端的不是同一个')
  return found.head
}
