/**
 * No space left, with real processes: the shell's limit on the size of a file (`ulimit -f`) makes the write that passes it
 * fail as on a full disk, without rights that a test machine does not give. What was acknowledged stays, what was not is
 * said and succeeds later.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { SyncPatch } from '../../shared/sync/protocol.ts'
import { call, type Laptop, newId } from '../support/hub-client.ts'
import { enrolled } from '../support/hub-place.ts'
import { rectangle } from './survey-fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'lowland-full-'))
const place = { folder: join(folder, 'hub') }
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A command of the terminal whose files may not grow beyond so many KiB. */
function start(limitKib: number | undefined, ...words: string[]): ChildProcess {
  const { LOWLAND_SQLITE_BINDING: _, ...env } = process.env
  const limit = limitKib === undefined ? '' : `ulimit -f ${limitKib}; `
  return spawn('bash', ['-c', `${limit}exec node_modules/.bin/node cli/main.ts "$@"`, 'lowland', ...words, '--json'], {
    env: { ...env, LOWLAND_DATA: join(folder, 'laptop', 'data') },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

async function startHubProcess(limitKib?: number): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = start(limitKib, 'hub', '--data', place.folder, '--port', '0')
  const [line] = await once(createInterface(child.stdout!), 'line')
  return {
    url: (JSON.parse(String(line)) as { url: string }).url,
    async stop() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

const outline = Buffer.from(encodeGeometry(rectangle(0, 0, 9, 9))).toString('base64')
const parcels = (laptop: Laptop, count: number): SyncPatch[] =>
  Array.from({ length: count }, () => ({
    ...laptop.parcel(newId(), 'A', newId(), { remark: [null, '说明'.repeat(100)] }),
    geometry: { from: null, to: outline },
  }))

test('on a full disk the hub says busy, keeps what it acknowledged, and goes on when there is space', async () => {
  let hub = await startHubProcess(2048)
  const county = await enrolled(hub.url, place, 'county', null)
  const given: string[] = []
  let refused: SyncPatch[] | undefined
  for (let turn = 0; turn < 60 && !refused; turn++) {
    const patches = parcels(county, 100)
    const answer = await county.send(patches)
    if (answer.status === 200) given.push(...patches.map(patch => patch.entity_id))
    else {
      expect([answer.status, answer.body['code']]).toEqual([503, 'busy'])
      refused = patches
    }
  }
  expect(given.length).toBeGreaterThan(0)
  expect((await call(hub.url, '/v1/health')).status).toBe(200)
  expect((await county.pull()).rows.map(row => row.entity_id)).toEqual(given)
  await hub.stop()

  hub = await startHubProcess()
  county.url = hub.url
  expect((await county.pull()).rows.map(row => row.entity_id)).toEqual(given)
  expect((await county.push(...refused!)).every(receipt => receipt.status === 'applied')).toBe(true)
  expect((await county.pull()).rows).toHaveLength(given.length + 100)

  await hub.stop()
}, 120_000)
