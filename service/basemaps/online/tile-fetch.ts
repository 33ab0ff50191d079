/**
 * One request to a tile service. Whatever comes back becomes one of a few outcomes; no error, message or cause carries
 * the address, because the key is in it. Redirects are followed on the same host only.
 */
import { tileType } from '../tile-file.ts'

const TIMEOUT_MS = 10_000
const MOST_REDIRECTS = 3
export const MOST_TILE_BYTES = 4 * 1024 ** 2
const MOST_SAID = 80

export type FetchOutcome =
  | { readonly kind: 'tile'; readonly bytes: Uint8Array; readonly type: string }
  | { readonly kind: 'document'; readonly text: string }
  | { readonly kind: 'blank' }
  | FetchProblem

export interface FetchProblem {
  readonly kind: 'problem'
  readonly reason:
    | 'online_unreachable'
    | 'online_timeout'
    | 'online_key_refused'
    | 'online_busy'
    | 'online_redirect'
    | 'online_too_large'
    | 'online_bad_answer'
  readonly status: number
  /** The service's own words, shortened, without the key. */
  readonly said: string
}

export interface FetchWish {
  readonly address: string
  readonly key: string
  readonly want: 'tile' | 'document'
  readonly mostBytes: number
  readonly signal: AbortSignal
  readonly timeoutMs?: number
}

/** Never rejects. */
export async function fetchOnline(wish: FetchWish): Promise<FetchOutcome> {
  const give = new AbortController()
  let isLate = false
  const stop = (): void => give.abort()
  const timer = setTimeout(() => {
    isLate = true
    stop()
  }, wish.timeoutMs ?? TIMEOUT_MS)
  wish.signal.addEventListener('abort', stop)
  if (wish.signal.aborted) stop()
  try {
    return await follow(wish, give.signal)
  } catch {
    return problem(isLate ? 'online_timeout' : 'online_unreachable')
  } finally {
    clearTimeout(timer)
    wish.signal.removeEventListener('abort', stop)
  }
}

async function follow(wish: FetchWish, signal: AbortSignal): Promise<FetchOutcome> {
  let url = new URL(wish.address)
  const first = url
  for (let step = 0; ; step++) {
    const response = await fetch(url, {
      redirect: 'manual',
      signal,
      credentials: 'omit',
      // Some services answer nothing to programs that do not call themselves so.
      headers: {
        'user-agent': 'Mozilla/5.0 Lowland',
        accept: wish.want === 'tile' ? 'image/*' : 'text/xml, application/xml',
      },
    })
    if (response.status < 300 || response.status >= 400) return read(response, wish)
    await response.body?.cancel()
    const next = target(response.headers.get('location'), url)
    const isSame =
      next?.hostname === first.hostname &&
      (next.protocol === url.protocol || next.protocol === 'https:') &&
      step < MOST_REDIRECTS
    if (!next || !isSame) return problem('online_redirect', response.status)
    url = next
  }
}

function target(location: string | null, from: URL): URL | null {
  try {
    const url = location === null ? null : new URL(location, from)
    return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : null
  } catch {
    return null
  }
}

async function read(response: Response, { want, mostBytes, key }: FetchWish): Promise<FetchOutcome> {
  const { status } = response
  if (status === 204 || status === 404 || status === 410) {
    await response.body?.cancel()
    return { kind: 'blank' }
  }
  const bytes = await bodyOf(response, mostBytes)
  if (!bytes) return problem('online_too_large', status)
  const isGood = status === 200
  if (isGood && want === 'tile') {
    if (bytes.length === 0) return { kind: 'blank' }
    const type = tileType(bytes)
    if (type) return { kind: 'tile', bytes, type }
  }
  const text = new TextDecoder().decode(bytes)
  if (isGood && want === 'document' && /<(\w+:)?Capabilities[\s>]/.test(text.slice(0, 4000)))
    return { kind: 'document', text }
  const said = wordsOf(text, key)
  if (status === 401 || status === 403 || status === 418) return problem('online_key_refused', status, said)
  if (status === 429 || status >= 500) return problem('online_busy', status, said)
  // Some services refuse a key with a document and status 200.
  const isRefusal =
    bytes.length < 20_000 &&
    /密钥|权限|非法\s*key|\b(tk|token|api[ _-]?key|key|unauthori[sz]ed|forbidden)\b/i.test(said)
  return problem(isRefusal ? 'online_key_refused' : 'online_bad_answer', status, said)
}

/** Undefined when there is more than `most`: the rest is not read. */
async function bodyOf(response: Response, most: number): Promise<Uint8Array | undefined> {
  const reader = response.body?.getReader()
  if (!reader) return new Uint8Array()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > most) {
      await reader.cancel()
      return undefined
    }
    parts.push(value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** The text of an error answer as one short line: markup, control characters, addresses and the key are taken out. */
export function wordsOf(text: string, key: string): string {
  let words = text.slice(0, 20_000)
  for (const secret of new Set([key, encodeURIComponent(key)])) if (secret !== '') words = words.split(secret).join('…')
  return plainOf(words)
    .replace(/<[^>]*>/g, ' ')
    .replace(/https?:\/\/\S+/gi, ' ')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_SAID)
}

/** The message of a JSON answer; anything else as it is. */
function plainOf(text: string): string {
  try {
    const answer = JSON.parse(text) as Record<string, unknown> | null
    const said = ['msg', 'message', 'error', 'info']
      .map(name => answer?.[name])
      .find(value => typeof value === 'string')
    return said === undefined ? text : String(said)
  } catch {
    return text
  }
}

function problem(reason: FetchProblem['reason'], status = 0, said = ''): FetchProblem {
  return { kind: 'problem', reason, status, said }
}
