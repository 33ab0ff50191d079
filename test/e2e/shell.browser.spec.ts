/** The loopback host from outside and from inside: who is let in, what is served, what is refused. */
import { request as httpRequest } from 'node:http'
import { expect, test } from './support/app.ts'

interface Answer {
  readonly status: number
  readonly body: string
}

/** A raw request: browsers would not let a page set these headers. */
function ask(origin: string, path: string, headers: Record<string, string>, method = 'GET'): Promise<Answer> {
  const url = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: url.port, path, method, headers }, response => {
      let body = ''
      response.on('data', chunk => {
        body += String(chunk)
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('error', reject)
    request.end()
  })
}

test('strangers are refused: Host, Origin and token', async ({ app }) => {
  const origin = app.origin!
  const { host } = new URL(origin)
  const cookies = await app.page.context().cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  expect((await ask(origin, '/', { host, cookie })).status).toBe(200)
  expect((await ask(origin, '/', { host })).status).toBe(401)
  expect((await ask(origin, '/?token=wrong', { host })).status).toBe(401)
  expect((await ask(origin, '/', { host: 'evil.test', cookie })).status).toBe(421)
  expect((await ask(origin, '/rpc/survey/info', { host, cookie, origin: 'http://evil.test' }, 'POST')).status).toBe(403)
  expect((await ask(origin, '/rpc/survey/info', { host, cookie }, 'POST')).status).toBe(403)
  expect((await ask(origin, '/rpc/survey/info', { host, cookie, origin }, 'POST')).status).toBe(200)
})

test('the cookie is out of reach of scripts and the token is gone from the address', async ({ app }) => {
  expect(new URL(app.page.url()).search).toBe('')
  expect(await app.page.evaluate(() => document.cookie)).toBe('')
  expect(await app.page.context().cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }])
})

test('the page has a strict policy and never violates it', async ({ app }) => {
  const policy = await app.page.evaluate(async () =>
    (await fetch('./index.html')).headers.get('content-security-policy'),
  )
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/unsafe|\*/)
  expect(await app.violations()).toEqual([])
})

test('uploads get a token; nothing outside of the exports can be downloaded', async ({ app }) => {
  const answers = await app.page.evaluate(async () => {
    const upload = await fetch('/files?name=..%2F..%2Fparcels.geojson', {
      method: 'POST',
      body: '{"type":"FeatureCollection"}',
    })
    const paths = ['..%2Fdevice.json', '%2Fetc%2Fpasswd', 'nothing.pdf']
    const statuses = await Promise.all(paths.map(async path => (await fetch(`/files/${path}`)).status))
    return { upload: (await upload.json()) as { file: string }, statuses }
  })
  expect(answers.upload.file).toMatch(/^upload:[0-9a-f-]{36}\/parcels\.geojson$/)
  expect(answers.statuses).toEqual([404, 404, 404])
})
