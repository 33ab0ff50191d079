/** The hub over HTTP: every answer is checked against the protocol, every failure becomes one of our codes. */
import { setTimeout } from 'node:timers/promises'
import type { z } from 'zod'
import { AppError, isAppError } from '../../shared/contract/errors.ts'
import {
  enrollResponseSchema,
  helloSchema,
  hubErrorSchema,
  knownFilesResponseSchema,
  PROTOCOL_VERSION,
  pullResponseSchema,
  pushResponseSchema,
  SYNC_SCHEMA,
  type SyncPatch,
  statusResponseSchema,
} from '../../shared/sync/protocol.ts'

/** Attachments by tus: offset, begin, append; and fetching from a place on. */
export interface HubFiles {
  /** Which of these (at most `LIMITS.filesPerQuestion`) the hub has whole and gives this laptop. */
  knownFiles(ids: readonly string[]): Promise<readonly string[]>
  /** Bytes that the hub has of it; undefined when nothing came yet. */
  fileOffset(id: string): Promise<number | undefined>
  fileBegin(id: string, length: number): Promise<void>
  fileAppend(id: string, offset: number, bytes: Uint8Array): Promise<number>
  /** Undefined when the hub does not have it. */
  fileGet(id: string, start: number): Promise<ReadableStream<Uint8Array> | undefined>
}

export interface HubLink extends HubFiles {
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
  /** `lostAfter`: the hub was restored at that place; rows beyond it say what they were there. */
  pull(survey: string, since: number, limit: number, lostAfter?: number): Promise<z.infer<typeof pullResponseSchema>>
  status(): Promise<z.infer<typeof statusResponseSchema>>
}

export type Fetch = typeof fetch

const TIMEOUT_MS = 60_000
const LONGEST_WAIT_S = 60

/** Throws `bad_input` unless the address is http(s); a path or a trailing slash is taken away. */
export function hubAddress(text: string): string {
  let url: URL
  try {
    url = new URL(/^https?:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`)
  } catch {
    throw new AppError('bad_input', '汇总端地址不正确，应如 https://10.0.0.8:8787', {
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
  /** Sends, and tells a network that fails from a person who gave up. */
  const reach = async <T>(path: string, init: RequestInit, read: (response: Response) => Promise<T>): Promise<T> => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    const give = new AbortController()
    const stop = (): void => give.abort()
    for (const each of [timeout, signal]) each?.addEventListener('abort', stop)
    try {
      if (signal?.aborted) give.abort()
      const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers }
      return await read(await send(hub + path, { ...init, headers, redirect: 'error', signal: give.signal }))
    } catch (error) {
      if (signal?.aborted)
        throw new AppError('cancelled', '已停止，已收发的部分有效，下次接着进行', { reason: 'sync_cancelled' })
      if (error instanceof AppError) throw error
      throw unreachable(error)
    } finally {
      for (const each of [timeout, signal]) each?.removeEventListener('abort', stop)
    }
  }

  /** A long meeting goes on at the pace that the hub allows, instead of breaking off; nobody waits for a minute, though. */
  const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let waited = 0; ; ) {
      try {
        return await ask()
      } catch (error) {
        const seconds = token === undefined ? undefined : paceOf(error)
        if (seconds === undefined || waited + seconds > LONGEST_WAIT_S) throw error
        waited += seconds
        await setTimeout(seconds * 1000, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  const call = <Schema extends z.ZodType>(path: string, schema: Schema, body?: unknown): Promise<z.infer<Schema>> =>
    patiently(() => callOnce(path, schema, body))

  const callOnce = async <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<z.infer<Schema>> => {
    const init: RequestInit =
      body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const [status, text] = await reach(path, init, async response => [response.status, await response.text()] as const)
    const parsed = parse(text)
    if (status !== 200) throw refusal(status, parsed)
    const answer = schema.safeParse(parsed)
    if (!answer.success)
      throw new AppError('hub_unreachable', '对方的回答不是汇总端的格式，请检查地址', { reason: 'hub_answer' })
    return answer.data
  }

  const tus = (path: string, method: string, headers: Record<string, string>, body?: Uint8Array): Promise<Response> =>
    patiently(() => tusOnce(path, method, headers, body))

  const tusOnce = (
    path: string,
    method: string,
    headers: Record<string, string>,
    body?: Uint8Array,
  ): Promise<Response> =>
    reach(
      path,
      {
        method,
        headers: { 'tus-resumable': '1.0.0', ...headers },
        ...(body ? { body: body as NonNullable<RequestInit['body']> } : {}),
      },
      async response => {
        const isAnswer = response.status < 400 || (response.status === 404 && (method === 'HEAD' || method === 'GET'))
        if (!isAnswer) throw refusal(response.status, parse(await response.text()), response.headers.get('retry-after'))
        return response
      },
    )

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
    pull: (survey, since, limit, lostAfter) =>
      call(
        `/v1/pull?survey=${encodeURIComponent(survey)}&since=${since}&limit=${limit}${lostAfter === undefined ? '' : `&lost_after=${lostAfter}`}`,
        pullResponseSchema,
      ),
    status: () => call('/v1/status', statusResponseSchema),
    knownFiles: async ids => (await call('/v1/known-files', knownFilesResponseSchema, { ids })).known,
    async fileOffset(id) {
      const response = await tus(`/v1/files/${id}`, 'HEAD', {})
      return response.status === 404 ? undefined : Number(response.headers.get('upload-offset'))
    },
    async fileBegin(id, length) {
      const metadata = `id ${Buffer.from(id).toString('base64')}`
      await tus('/v1/files', 'POST', { 'upload-length': String(length), 'upload-metadata': metadata })
    },
    async fileAppend(id, offset, bytes) {
      const type = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) }
      const response = await tus(`/v1/files/${id}`, 'PATCH', type, bytes)
      return Number(response.headers.get('upload-offset'))
    },
    async fileGet(id, start) {
      const response = await tus(`/v1/files/${id}`, 'GET', start > 0 ? { range: `bytes=${start}-` } : {})
      if (response.status !== 200 && response.status !== 206) return undefined
      return response.body ?? undefined
    },
  }
}

/** Throws unless this version and the hub's can speak to each other; says which side must be updated. */
export function assertSpeaksOurLanguage(hello: z.infer<typeof helloSchema>): void {
  if (PROTOCOL_VERSION < hello.oldest_protocol || SYNC_SCHEMA < hello.schema)
    throw new AppError('refused', '本机软件版本太旧，请先升级再同步', { reason: 'hub_too_old' })
  if (PROTOCOL_VERSION > hello.protocol || SYNC_SCHEMA > hello.schema)
    throw new AppError('refused', '汇总端版本太旧，请通知县级管理员升级', { reason: 'hub_too_new' })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A refusal of the hub: busy and limited ones are tried again, the rest is told. */
function refusal(status: number, body: unknown, retryAfter: string | null = null): AppError {
  // The answer to HEAD has no body: what passes by itself is told by the status alone.
  const bare = BARE[status] && { code: BARE[status], message: '汇总端忙', retry_after_s: Number(retryAfter) || 0 }
  const known = hubErrorSchema.safeParse(body ?? bare)
  const code = known.success ? known.data.code : `http_${status}`
  const message = known.success ? known.data.message : `汇总端回答 ${status}`
  const isPassing = code === 'busy' || code === 'rate_limited' || code === 'internal' || status >= 502
  return new AppError(isPassing ? 'hub_unreachable' : 'refused', message, {
    reason: REASONS[code] ?? 'hub_refused',
    values: { code, message, ...(known.success ? { retry_after_s: known.data.retry_after_s ?? 0 } : {}) },
  })
}

/** Why there was no answer, where a person can do something about it: OpenSSL's names of certificate errors, by Node. */
function unreachable(error: unknown): AppError {
  const { code } = (error instanceof Error ? (error.cause ?? {}) : {}) as { code?: unknown }
  const name = typeof code === 'string' ? code : ''
  const [reason, message] = /CERT|UNABLE_TO_VERIFY/.test(name)
    ? ['hub_certificate', '本机不信任汇总端的证书，或证书的地址、有效期不对(也请检查本机日期)，修改都已保存在本机']
    : name === 'ERR_SSL_WRONG_VERSION_NUMBER'
      ? ['hub_no_tls', '这个汇总端没有加密，地址应以 http:// 开头，修改都已保存在本机']
      : ['hub_unreachable', '连不上汇总端，修改都已保存在本机']
  return new AppError('hub_unreachable', message!, { reason: reason! }, { cause: error })
}

/** Seconds that the hub asks a laptop to wait because it asks too often; undefined for any other error. */
function paceOf(error: unknown): number | undefined {
  if (!isAppError(error) || error.details.values?.['code'] !== 'rate_limited') return undefined
  return Math.max(1, Number(error.details.values['retry_after_s']))
}

/** Codes by status, for answers without a body. */
const BARE: Readonly<Record<number, string>> = { 429: 'rate_limited', 500: 'internal', 503: 'busy' }

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
