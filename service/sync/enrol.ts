/** A survey and its hub get to know each other: by a one-time code, once; again after a backup was restored. */
import { AppError } from '../../shared/contract/errors.ts'
import { COUNTY_TABLES } from '../../shared/sync/scope.ts'
import type { Db } from '../db/open.ts'
import { all, get, run } from '../db/sql.ts'
import { readSetting, type Store, writeSetting } from '../db/store.ts'
import { assertSpeaksOurLanguage, type HubLink } from './hub-link.ts'
import { readLink, type SyncLink, writeLink } from './sync-repo.ts'
import type { TokenFile } from './token-file.ts'

/**
 * Enrols the open survey. Its data go to the hub with the next meeting; the county's tables of a survey that joins
 * another's hub (units, campaign, targets, rules, boundaries) give way to those of the hub.
 */
export async function enrol(
  store: Store,
  link: (token?: string) => HubLink,
  tokens: TokenFile,
  request: { hub: string; code: string; name: string },
): Promise<SyncLink> {
  const hub = link()
  assertSpeaksOurLanguage(await hub.hello())
  const known = readLink(store.read)
  const device = store.newId()
  const survey = known?.survey ?? store.newId()
  const surveyName = String(readSetting(store.read, 'name') ?? '').slice(0, 200)
  const answer = await hub.enroll({
    code: request.code,
    device,
    name: request.name.slice(0, 200),
    survey,
    survey_name: surveyName,
  })
  if (known && known.survey !== answer.survey)
    throw new AppError('refused', '这份调查已属于另一个汇总端，不能并入；请用新的调查文件登记', {
      reason: 'hub_wrong_survey',
    })
  // The token first: a link without a token could not even say that something is missing.
  tokens.set(device, answer.token)
  const isJoining = !known && answer.survey !== survey
  if (isJoining) await giveWay(store)
  return store.quiesced(db =>
    db
      .transaction(() => {
        const next = known ? renumber(db) : 1
        const joined: SyncLink = {
          ...(known ?? newLink(db)),
          // Under another unit other rows are due, old ones too.
          cursor: known && known.unit === answer.unit ? known.cursor : 0,
          device,
          hub: request.hub,
          survey: answer.survey,
          survey_name: answer.survey_name,
          unit: answer.unit,
          role: answer.role,
          enrolled_at: store.now().toISOString(),
          grant: null,
          next_device_seq: next,
          renamed_after: get<{ n: number | null }>(db, 'SELECT max(seq) AS n FROM sync_outbox')!.n ?? 0,
          last_error: null,
        }
        writeLink(db, joined)
        // A survey made for it bears the name of what it becomes.
        if (isJoining && answer.survey_name && get(db, 'SELECT 1 FROM parcel LIMIT 1') === undefined)
          writeSetting(db, 'name', answer.survey_name)
        return joined
      })
      .immediate(),
  )
}

/** What stands before the link is not told step by step: records go as they are. */
export function newLink(
  db: Db,
): Omit<SyncLink, 'device' | 'hub' | 'survey' | 'survey_name' | 'unit' | 'role' | 'enrolled_at' | 'grant'> {
  return {
    cursor: 0,
    head: 0,
    next_device_seq: 1,
    collected_change: get<{ n: number | null }>(db, 'SELECT max(seq) AS n FROM change')?.n ?? 0,
    collected_edit: 0,
    sides_due: false,
    last_contact: null,
    last_error: null,
  }
}

/** The county's tables come from the hub; what this file had of them is kept as deleted. */
export async function giveWay(store: Store): Promise<void> {
  await store.mutate({ label: 'gave_way', kind: 'system' }, tx => {
    for (const entity of COUNTY_TABLES)
      for (const { id } of all<{ id: string }>(tx.db, `SELECT id FROM ${entity} WHERE deleted = 0`))
        tx.remove(entity, id)
  })
}

/**
 * Patches without a receipt get new numbers: the hub counts each device from 1. They keep their ids: the hub may have them
 * already, from a push whose answer was lost or a bundle, and then gives the same receipt. Gives the next number.
 */
function renumber(db: Db): number {
  const rows = all<{ seq: number; body: string }>(
    db,
    `SELECT seq, body FROM sync_outbox WHERE state IN ('waiting', 'sent') AND state <> 'settled' ORDER BY seq`,
  )
  run(db, 'UPDATE sync_outbox SET device_seq = NULL')
  let next = 1
  for (const { seq, body } of rows) {
    const patch = { ...(JSON.parse(body) as Record<string, unknown>), device_seq: next }
    run(db, `UPDATE sync_outbox SET device_seq = ?, body = ?, state = 'waiting', bundle = NULL WHERE seq = ?`, [
      next,
      JSON.stringify(patch),
      seq,
    ])
    next += 1
  }
  return next
}
