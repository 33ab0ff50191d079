/**
 * Who may talk to the loopback host. Against DNS rebinding the Host header must name this very address; against other
 * pages in the same browser Origin and Sec-Fetch-Site must be ours; against other users of the machine a one-time token
 * in the opened address is exchanged for a cookie. Reloads and further tabs of that browser go by the cookie, for as long as
 * the host runs; another browser needs a new address. Pure but for the secrets it holds.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface RequestHead {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export type Verdict =
  | { readonly kind: 'allowed' }
  /** The token was right: set this cookie and send the browser to `location`, which has no token. */
  | { readonly kind: 'signed_in'; readonly cookie: string; readonly location: string }
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 421; readonly reason: string }

export interface Guard {
  /** A new token, valid for one exchange; the one before is void. */
  newToken(): string
  check(request: RequestHead): Verdict
}

/** A browser that was closed overnight finds its way back; the secret itself ends with the host. */
const COOKIE_SECONDS = 7 * 24 * 3600

const refused = (status: 401 | 403 | 421, reason: string): Verdict => ({ kind: 'refused', status, reason })

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

function cookieOf(headers: IncomingHttpHeaders, name: string): string {
  const pairs = (headers.cookie ?? '').split(';').map(part => part.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1] ?? ''
}

export function createGuard(port: number): Guard {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const origins = hosts.map(host => `http://${host}`)
  // Cookies do not know ports: two hosts on one machine need two names.
  const cookieName = `lowland-${port}`
  const session = randomBytes(32).toString('base64url')
  let token: string | null = null

  function check({ method, url, headers }: RequestHead): Verdict {
    if (!hosts.includes(headers.host ?? '')) return refused(421, 'host')
    const { origin } = headers
    if (origin !== undefined ? !origins.includes(origin) : method !== 'GET' && method !== 'HEAD') {
      return refused(403, 'origin')
    }
    const site = headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return refused(403, 'site')
    if (isSame(cookieOf(headers, cookieName), session)) return { kind: 'allowed' }
    const given = new URL(url, origins[0]).searchParams.get('token')
    if (method === 'GET' && given !== null && token !== null && isSame(given, token)) {
      token = null
      const cookie = `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_SECONDS}`
      return { kind: 'signed_in', cookie, location: '/' }
    }
    return refused(401, 'token')
  }

  return {
    newToken() {
      token = randomBytes(32).toString('base64url')
      return token
    },
    check,
  }
}
