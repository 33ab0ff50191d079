/** A hub with a certificate that signs itself, as on a county's own network: refused with its reason, trusted by a file. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startHub } from '../../hub/hub.ts'
import { hubLink } from '../../service/sync/hub-link.ts'
import { trustOwnAuthority } from '../../service/sync/own-authority.ts'
import { newPlace, removePlaces } from '../support/hub-place.ts'

const folder = mkdtempSync(join(tmpdir(), 'lowland-tls-'))
const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
afterAll(() => {
  removePlaces()
  rmSync(folder, { recursive: true, force: true })
})

test('an unknown certificate is named, hub-ca.pem makes it known at once, and its address still counts', async () => {
  const subject = ['-subj', '/CN=hub', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'pipe' })
  const hub = await startHub({ place: await newPlace(), tls: { cert, key } })
  const plain = await startHub({ place: await newPlace() })
  const hello = (url: string) => hubLink(url, undefined, undefined).hello()
  const refused = (reason: string) => ({ code: 'hub_unreachable', details: { reason } })
  try {
    expect(hub.url).toMatch(/^https:/)
    trustOwnAuthority(folder)
    await expect(hello(hub.url)).rejects.toMatchObject(refused('hub_certificate'))
    await expect(hello(plain.url.replace('http:', 'https:'))).rejects.toMatchObject(refused('hub_no_tls'))
    copyFileSync(cert, join(folder, 'hub-ca.pem'))
    expect(await hello(hub.url)).toMatchObject({ protocol: 1 })
    await expect(hello(hub.url.replace('127.0.0.1', 'localhost'))).rejects.toMatchObject(refused('hub_certificate'))
  } finally {
    await Promise.all([hub.close(), plain.close()])
  }
})
