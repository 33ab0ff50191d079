/** Enrolment codes and devices. */
import { HubError } from '../errors.ts'
import { hashOf, newEnrollCode, newToken, normalCode, sameHash } from '../secrets.ts'
import type { HubDb, HubTables } from './tables.ts'

export type Device = HubTables['device']

const now = (): string => new Date().toISOString()

/** Makes a one-time code for a unit (null: the county) and a role; it is shown once and stored as its hash. */
export async function createEnrollCode(
  db: HubDb,
  wanted: { unit: string | null; role: string; hours: number },
): Promise<{ code: string; expires_at: string }> {
  const code = newEnrollCode()
  const expires_at = new Date(Date.now() + wanted.hours * 3_600_000).toISOString()
  await db
    .insertInto('enroll_code')
    .values({
      code_hash: hashOf(normalCode(code)),
      unit: wanted.unit,
      role: wanted.role,
      created_at: now(),
      expires_at,
      used_at: null,
      used_by: null,
    })
    .execute()
  return { code, expires_at }
}

export interface Enrolment {
  token: string
  device: Device
  survey: string
  survey_name: string
}

/**
 * Takes a code once. The first device of the county brings the survey; a device that is already there must be revoked
 * before it may come again, so that a code cannot take over somebody else's laptop.
 */
export function enrol(
  db: HubDb,
  request: { code: string; device: string; name: string; survey?: string; survey_name?: string },
): Promise<Enrolment> {
  return db.transaction().execute(async tx => {
    const code_hash = hashOf(normalCode(request.code))
    const code = await tx
      .updateTable('enroll_code')
      .set({ used_at: now(), used_by: request.device })
      .where('code_hash', '=', code_hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now())
      .returningAll()
      .executeTakeFirst()
    if (!code) throw new HubError('enroll_code_invalid', '登记码无效、已使用或已过期')

    let survey = await tx.selectFrom('survey').selectAll().executeTakeFirst()
    if (!survey) {
      if (code.unit !== null || request.survey === undefined)
        throw new HubError('bad_request', '汇总端还没有调查，请先登记一台县级设备(单位 all)')
      survey = { id: request.survey, name: request.survey_name ?? request.survey, head: 0 }
      await tx.insertInto('survey').values(survey).execute()
    }
    const existing = await tx.selectFrom('device').selectAll().where('id', '=', request.device).executeTakeFirst()
    if (existing && existing.revoked_at === null)
      throw new HubError('bad_request', '这台设备已经登记过，请先在汇总端撤销再重新登记')
    const token = newToken()
    const device: Device = {
      id: request.device,
      name: request.name,
      unit: code.unit,
      role: code.role,
      token_hash: hashOf(token),
      enrolled_at: now(),
      revoked_at: null,
      last_seen_at: null,
      last_device_seq: existing?.last_device_seq ?? 0,
    }
    if (existing) await tx.updateTable('device').set(device).where('id', '=', device.id).execute()
    else await tx.insertInto('device').values(device).execute()
    return { token, device, survey: survey.id, survey_name: survey.name }
  })
}

/**
 * The laptop whose bundle a laptop of the county brings. One that was never here is let in for its unit, without a token:
 * it cannot speak for itself. The county could write all of its rows anyway.
 */
export async function carriedDevice(
  db: HubDb,
  carrier: Device,
  wanted: { id: string; name: string; unit: string },
): Promise<Device> {
  if (carrier.unit !== null) throw new HubError('out_of_scope', '只有县级设备可以代为提交数据包')
  const known = await db.selectFrom('device').selectAll().where('id', '=', wanted.id).executeTakeFirst()
  if (known) {
    if (known.revoked_at !== null) throw new HubError('revoked', '数据包来自一台已被撤销的设备')
    if (known.unit !== wanted.unit) throw new HubError('out_of_scope', '数据包写明的单位与登记的不同')
    return known
  }
  const device: Device = {
    id: wanted.id,
    name: wanted.name,
    unit: wanted.unit,
    role: 'inspector',
    // No token has this hash: the token of its making is thrown away.
    token_hash: hashOf(newToken()),
    enrolled_at: now(),
    revoked_at: null,
    last_seen_at: null,
    last_device_seq: 0,
  }
  await db.insertInto('device').values(device).execute()
  return device
}

/** The device of a token. Throws `unauthorized` for a wrong one and `revoked`. */
export async function deviceOf(db: HubDb, token: string): Promise<Device> {
  const token_hash = hashOf(token)
  const device = await db.selectFrom('device').selectAll().where('token_hash', '=', token_hash).executeTakeFirst()
  if (!device || !sameHash(device.token_hash, token_hash))
    throw new HubError('unauthorized', '设备令牌无效，请重新登记')
  if (device.revoked_at !== null) throw new HubError('revoked', '这台设备已被撤销，请联系县级管理员')
  return device
}

export async function listDevices(db: HubDb): Promise<Omit<Device, 'token_hash'>[]> {
  const devices = await db.selectFrom('device').selectAll().orderBy('enrolled_at').execute()
  return devices.map(({ token_hash: _, ...rest }) => rest)
}

/** True when there was such a device and it was not revoked before. */
export async function revokeDevice(db: HubDb, id: string): Promise<boolean> {
  const result = await db
    .updateTable('device')
    .set({ revoked_at: now() })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}
