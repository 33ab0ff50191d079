import { describe, expect, it } from 'vitest'
import { createGuard } from './guard.ts'

const PORT = 4710
const own = { host: `127.0.0.1:${PORT}`, origin: `http://127.0.0.1:${PORT}` }

function signedIn() {
  const guard = createGuard(PORT)
  const token = guard.newToken()
  const verdict = guard.check({ method: 'GET', url: `/?token=${token}`, headers: { host: own.host } })
  if (verdict.kind !== 'signed_in') throw new Error(verdict.kind)
  return { guard, token, verdict, cookie: verdict.cookie.split(';')[0]! }
}

describe('loopback guard', () => {
  it('exchanges the token once for a strict cookie and hides it from the address', () => {
    const { guard, token, verdict, cookie } = signedIn()
    expect(verdict.cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/)
    expect(verdict.location).toBe('/')
    expect(guard.check({ method: 'GET', url: '/', headers: { host: own.host, cookie } })).toEqual({ kind: 'allowed' })
    expect(guard.check({ method: 'GET', url: `/?token=${token}`, headers: { host: own.host } })).toMatchObject({
      kind: 'refused',
      status: 401,
    })
  })

  it('lets another browser in by a new token, which voids the one before', () => {
    const { guard, cookie } = signedIn()
    const unused = guard.newToken()
    const fresh = guard.newToken()
    const enter = (token: string) =>
      guard.check({ method: 'GET', url: `/?token=${token}`, headers: { host: own.host } }).kind
    expect(enter(unused)).toBe('refused')
    expect(enter(fresh)).toBe('signed_in')
    expect(guard.check({ method: 'GET', url: '/', headers: { host: own.host, cookie } }).kind).toBe('allowed')
  })

  it.each([
    ['a rebound name', { ...own, host: `evil.test:${PORT}` }, 421],
    ['another port in Host', { ...own, host: '127.0.0.1:1' }, 421],
    ['no Host', { origin: own.origin }, 421],
    ['a foreign Origin', { ...own, origin: 'http://evil.test' }, 403],
    ['an opaque Origin', { ...own, origin: 'null' }, 403],
    ['no Origin on a write', { host: own.host }, 403],
    ['another site in the same browser', { ...own, 'sec-fetch-site': 'same-site' }, 403],
  ])('refuses %s even with the cookie', (_name, headers, status) => {
    const { guard, cookie } = signedIn()
    expect(guard.check({ method: 'POST', url: '/rpc/survey/info', headers: { ...headers, cookie } })).toMatchObject({
      kind: 'refused',
      status,
    })
  })

  it.each(['', 'lowland-4710=', 'lowland-4710=wrong', 'other=1'])('refuses the cookie "%s"', cookie => {
    const { guard } = signedIn()
    expect(guard.check({ method: 'POST', url: '/rpc', headers: { ...own, cookie } })).toMatchObject({ status: 401 })
  })
})
