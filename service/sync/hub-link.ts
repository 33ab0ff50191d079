/** The hub over HTTP: every answer is checked against the protocol, every failure becomes one of our codes. */
import type { z } from 'zod'
import { AppError } from '../../shared/contract/errors.ts'
import {
  enrollResponseSchema,
  helloSchema,
  hubErrorSchema,
  PROTOCOL_VERSION,
  pullResponseSchema,
  pushResponseSchema,
  SYNC_SCHEMA,
  type SyncPatch,
  statusResponseSchema,
} from '../../shared/sync/protocol.ts'

export interface HubLink {
  hello(): Promise<z.infer<typeof helloSchema>>
  enroll(request: {
    code: string
    device: string
    name: string
    survey?: string
    survey_name?: string
  }): Promise<z.infer<typeof enrollResponseSchema>>
  push(survey: string, patches: readonly SyncPatch[]): Promise<z.infer<typeof pushResponseSchema>>
  /** Patches of another laptop that came in a bundle; for laptops of the county. */
  relay(
    survey: string,
    device: { id: string; name: string; unit: string },
    patches: readonly SyncPatch[],
  ): Promise<z.infer<typeof pushResponseSchema>>
  pull(survey: string, since: number, limit: number): Promise<z.infer<typeof pullResponseSchema>>
  status(): Promise<z.infer<typeof statusResponseSchema>>
}

export type Fetch = typeof fetch

const TIMEOUT_MS = 60_000

/** Throws `bad_input` unless the address is http(s); a path or a trailing slash is taken away. */
export function hubAddress(text: string): string {
  let url: URL
  try {
    url = new URL(/^https?:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`)
  } catch {
    throw new AppError('bad_input', '汇总端地址不正确,应如 https://10.0.0.8:8787', {
      reason: 'hub_address',
      field: 'hub',
    })
  }
  return url.origin
}

export function hubLink(
  hub: string,
  token: string | undefined,
  signal: AbortSignal | undefined,
  send: Fetch = fetch,
): HubLink {
  const call = async <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<z.infer<Schema>> => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    const give = new AbortController()
    const stop = (): void => give.abort()
    for (const each of [timeout, signal]) each?.addEventListener('abort', stop)
    let status: number
    let text: string
    try {
      if (signal?.aborted) give.abort()
      const response = await send(hub + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: give.signal,
      })
      status = response.status
      text = await response.text()
    } catch (error) {
      if (signal?.aborted)
        throw new AppError('cancelled', '已停止,已收发的部分有效,下次接着进行', { reason: 'sync_cancelled' })
      throw new AppError(
        'hub_unreachable',
        '连不上汇总端,修改都已保存在本机',
        { reason: 'hub_unreachable' },
        { cause: error },
      )
    } finally {
      for (const each of [timeout, signal]) each?.removeEventListener('abort', stop)
    }
    const parsed = parse(text)
    if (status !== 200) throw refusal(status, parsed)
    const answer = schema.safeParse(parsed)
    if (!answer.success)
      throw new AppError('hub_unreachable', '对方的回答不是汇总端的格式,请检查地址', { reason: 'hub_answer' })
    return answer.data
  }

  return {
    hello: () => call('/v1/hello', helloSchema),
    enroll: request => call('/v1/enroll', enrollResponseSchema, request),
    push: (survey, patches) =>
      call('/v1/push', pushResponseSchema, { protocol: PROTOCOL_VERSION, schema: SYNC_SCHEMA, survey, patches }),
    relay: (survey, device, patches) =>
      call('/v1/relay', pushResponseSchema, {
        protocol: PROTOCOL_VERSION,
        schema: SYNC_SCHEMA,
        survey,
        device,
        patches,
      }),
    pull: (survey, since, limit) =>
      call(`/v1/pull?survey=${encodeURIComponent(survey)}&since=${since}&limit=${limit}`, pullResponseSchema),
    status: () => call('/v1/status', statusResponseSchema),
  }
}

/** Throws unless this version and the hub's can speak to each other; says which side must be updated. */
export function assertSpeaksOurLanguage(hello: z.infer<typeof helloSchema>): void {
  if (PROTOCOL_VERSION < hello.oldest_protocol || SYNC_SCHEMA < hello.schema)
    throw new AppError('refused', '本机软件版本太旧,请先升级再同步', { reason: 'hub_too_old' })
  if (PROTOCOL_VERSION > hello.protocol || SYNC_SCHEMA > hello.schema)
    throw new AppError('refused', '汇总端版本太旧,请通知县级管理员升级', { reason: 'hub_too_new' })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A refusal of the hub: busy and limited ones are tried again, the rest is told. */
function refusal(status: number, body: unknown): AppError {
  const known = hubErrorSchema.safeParse(body)
  const code = known.success ? known.data.code : `http_${status}`
  const message = known.success ? known.data.message : `汇总端回答 ${status}`
  const isPassing = code === 'busy' || code === 'rate_limited' || code === 'internal' || status >= 502
  return new AppError(isPassing ? 'hub_unreachable' : 'refused', message, {
    reason: REASONS[code] ?? 'hub_refused',
    values: { code, message, ...(known.success ? { retry_after_s: known.data.retry_after_s ?? 0 } : {}) },
  })
}

const REASONS: Readonly<Record<string, string>> = {
  busy: 'hub_busy',
  rate_limited: 'hub_busy',
  internal: 'hub_busy',
  unauthorized: 'hub_unauthorized',
  revoked: 'hub_revoked',
  enroll_code_invalid: 'hub_code_invalid',
  wrong_survey: 'hub_wrong_survey',
  gap: 'hub_gap',
  too_old: 'hub_too_old',
  too_new: 'hub_too_new',
  too_large: 'hub_too_large',
}
