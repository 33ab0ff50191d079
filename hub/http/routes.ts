/** The hub's API (shared/sync/protocol.ts): one function per address. */
import { z } from 'zod'
import {
  enrollRequestSchema,
  LIMITS,
  PROTOCOL_VERSION,
  pushRequestSchema,
  relayRequestSchema,
  SYNC_SCHEMA,
} from '../../shared/sync/protocol.ts'
import { HubError } from '../errors.ts'
import type { RateLimit } from '../rate-limit.ts'
import { type AuditEntry, audit } from '../storage/audit.ts'
import { carriedDevice, type Device, deviceOf, enrol } from '../storage/devices.ts'
import { type PushOutcome, pull, push, statusOf } from '../storage/exchange.ts'
import { readBody } from './body.ts'
import type { Call, HubContext } from './context.ts'
import { fileRoutes } from './file-routes.ts'

type Handler = (context: HubContext, call: Call) => Promise<unknown>

export const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /v1/hello': async ({ db }) => {
    const survey = await db.selectFrom('survey').select('name').executeTakeFirst()
    return {
      name: survey?.name ?? '',
      protocol: PROTOCOL_VERSION,
      oldest_protocol: PROTOCOL_VERSION,
      schema: SYNC_SCHEMA,
      time: new Date().toISOString(),
    }
  },

  'GET /v1/health': async ({ db }) => {
    await db.selectFrom('survey').select('id').execute()
    return { ok: true }
  },

  'GET /v1/metrics': ({ metrics }) => Promise.resolve(metrics.text()),

  'POST /v1/enroll': async (context, call) => {
    limited(context.perStranger, call.address)
    const request = await readBody(call.request, enrollRequestSchema, 64 * 1024)
    const { token, device, survey, survey_name } = await enrol(context.db, request)
    await audit(context.db, {
      device: device.id,
      address: call.address,
      action: 'enroll',
      outcome: 'ok',
      detail: `${device.unit ?? 'all'} ${device.role}`,
    })
    return { token, survey, survey_name, unit: device.unit, role: device.role }
  },

  'POST /v1/push': async (context, call) => {
    const device = await authorised(context, call)
    const body = await readBody(call.request, pushRequestSchema, context.bodyBytes)
    assertSpeaksOurLanguage(body)
    const { survey, patches } = body
    const note = ({ receipts, taken }: PushOutcome): AuditEntry | undefined => {
      if (patches.length === 0) return undefined
      const refused = receipts.filter(receipt => receipt.status === 'refused')
      return {
        device: device.id,
        address: call.address,
        action: 'push',
        outcome: refused.length > 0 ? 'refused in part' : 'ok',
        detail: `${patches.length} sent, ${taken} new${refused.map(({ patch, reason }) => `; ${patch} ${reason}`).join('')}`,
      }
    }
    const { receipts, head, taken } = await push(context.db, { device, survey, patches, note })
    context.metrics.count('hub_patches_total', taken)
    context.metrics.count('hub_conflicts_total', receipts.filter(receipt => receipt.status === 'conflict').length)
    return { receipts, head }
  },

  'POST /v1/relay': async (context, call) => {
    const carrier = await authorised(context, call)
    const body = await readBody(call.request, relayRequestSchema, context.bodyBytes)
    assertSpeaksOurLanguage(body)
    const device = await carriedDevice(context.db, carrier, body.device)
    const { survey, patches } = body
    const note = ({ receipts, taken }: PushOutcome): AuditEntry => ({
      device: carrier.id,
      address: call.address,
      action: 'relay',
      outcome: receipts.some(receipt => receipt.status === 'refused') ? 'refused in part' : 'ok',
      detail: `${patches.length} of ${device.id} (${device.unit}), ${taken} new`,
    })
    const { receipts, head, taken } = await push(context.db, { device, survey, patches, note })
    context.metrics.count('hub_patches_total', taken)
    return { receipts, head }
  },

  'GET /v1/pull': async (context, call) => {
    const device = await authorised(context, call)
    const query = pullQuery.safeParse(Object.fromEntries(call.url.searchParams))
    if (!query.success) throw new HubError('bad_request', '参数不符合约定')
    const answer = await pull(context.db, device, query.data)
    context.metrics.count('hub_rows_sent_total', answer.rows.length)
    if (answer.rows.length > 0)
      await audit(context.db, {
        device: device.id,
        address: call.address,
        action: 'pull',
        outcome: 'ok',
        detail: `${answer.rows.length} rows after ${query.data.since}`,
      })
    return answer
  },

  ...fileRoutes((context, call) => authorised(context, call)),

  'GET /v1/status': async (context, call) => statusOf(context.db, await authorised(context, call)),
}

const integer = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
const pullQuery = z.object({
  survey: z.string().min(1).max(64),
  since: integer.default(0),
  lost_after: integer.optional(),
  limit: integer.pipe(z.number().min(1).max(LIMITS.rowsPerPull)).default(LIMITS.rowsPerPull),
})

function assertSpeaksOurLanguage({ protocol, schema }: { protocol: number; schema: number }): void {
  if (protocol < PROTOCOL_VERSION || schema < SYNC_SCHEMA)
    throw new HubError('too_old', '本机软件版本太旧，请先升级再同步')
  if (protocol > PROTOCOL_VERSION || schema > SYNC_SCHEMA)
    throw new HubError('too_new', '汇总端版本太旧，请通知县级管理员升级')
}

/** Throws `rate_limited` with the seconds to wait. */
export function limited(limit: RateLimit, key: string): void {
  const wait = limit.take(key)
  if (wait > 0) throw new HubError('rate_limited', `请求太频繁，请 ${wait} 秒后再试`, wait)
}

async function authorised(context: HubContext, call: Call): Promise<Device> {
  const [, token] = /^Bearer ([\w-]{20,200})$/.exec(call.request.headers.authorization ?? '') ?? []
  try {
    if (token === undefined) throw new HubError('unauthorized', '缺少设备令牌')
    call.device = await deviceOf(context.db, token)
  } catch (error) {
    // Guessing is slowed down by address; a device that is known is not.
    if (error instanceof HubError) limited(context.perStranger, call.address)
    throw error
  }
  limited(context.perDevice, call.device.id)
  return call.device
}
