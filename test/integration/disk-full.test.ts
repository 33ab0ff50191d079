/**
 * No space left, with real processes: the shell's limit on the size of a file (`ulimit -f`) makes the write that passes it
 * fail as on a full disk, without rights that a test machine does not give. What was acknowledged stays, what was not is
 * said and succeeds later.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { openForeign } from '../../service/db/open.ts'
import { encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import type { SyncPatch } from '../../shared/sync/protocol.ts'
import { call, type Laptop, newId } from '../support/hub-client.ts'
import { codeFor, enrolled } from '../support/hub-place.ts'
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

/** Records that the hub acknowledged in the first test, a hundred more came when there was space. */
const given: string[] = []

test('on a full disk the hub says busy, keeps what it acknowledged, and goes on when there is space', async () => {
  let hub = await startHubProcess(2048)
  const county = await enrolled(hub.url, place, 'county', null)
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

/**
 * A laptop's life on a disk of its own of 24 MB, which one shell may mount for itself; zeros take the space away and give it
 * back. Where a machine allows no such disk, the size of files is limited instead.
 */
const LAPTOP = `
disk=$1; hub=$2; code=$3
mount -t tmpfs -o size=24m tmpfs "$disk" 2>/dev/null && own=yes
export LOWLAND_DATA=$disk/data
lowland() { node_modules/.bin/node cli/main.ts "$@" --survey $disk/a.lowland --json 2>/dev/null; echo; }
full() {
  if [ "$own" ]; then
    dd if=/dev/zero of=$disk/zeros bs=4k 2>/dev/null; truncate -s -$1 $disk/zeros; lowland sync; rm $disk/zeros
  else (ulimit -f $2; lowland sync); fi
}
lowland enroll --hub $hub --code $code
full 0 1
full 400K 700
lowland check
lowland sync
lowland check
`

test('a laptop without space says so, loses nothing and goes on when there is some', async () => {
  const hub = await startHubProcess()
  const code = await codeFor(place, 'A')
  const disk = mkdtempSync(join(folder, 'disk-'))
  const script = join(folder, 'laptop.sh')
  writeFileSync(script, LAPTOP)
  const words = ['bash', script, disk, hub.url, code]
  const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0
  const child = spawn(mayMount ? 'unshare' : 'env', mayMount ? ['-rm', ...words] : words, {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let out = ''
  child.stdout.on('data', part => {
    out += String(part)
  })
  await once(child, 'close')
  await hub.stop()
  const said = out.split('\n').filter(line => line.startsWith('{'))
  const full = { error: { code: 'disk_full' } }
  const answers = said.map(line => JSON.parse(line) as Record<string, unknown>)
  expect(answers).toMatchObject([
    { unit: 'A' },
    full,
    full,
    { ok: true },
    { ...(mayMount ? { pulled: given.length + 100 } : {}), pending: 0, refused: 0 },
    { ok: true },
  ])
}, 120_000)

test.each([1500, 3000])(
  'what is acknowledged is what is in the file, with files of %d KiB at most',
  async limit => {
    const file = join(folder, `limit-${limit}.lowland`)
    const command = `ulimit -f ${limit}; exec node_modules/.bin/node test/support/limited-writer.ts "$1"`
    const { stdout, status } = spawnSync('bash', ['-c', command, 'writer', file], { encoding: 'utf8' })
    expect(status).toBe(0)
    const { kept, said } = JSON.parse(stdout) as { kept: number; said: string }
    expect(said).toBe('disk_full')
    const db = openForeign(file)
    expect(db.prepare('SELECT count(*) FROM enterprise').pluck().get()).toBe(kept)
    expect(db.prepare('PRAGMA integrity_check').pluck().get()).toBe('ok')
    db.close()
  },
  60_000,
)
