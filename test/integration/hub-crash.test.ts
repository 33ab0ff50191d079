/** The hub as its own process, killed in the middle of pushes; and its commands of the terminal. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import type { SyncPatch, SyncReceipt } from '../../shared/sync/protocol.ts'
import { call, Laptop, newId, SURVEY } from '../support/hub-client.ts'
import { newPlace, removePlaces } from '../support/hub-place.ts'

const TERMINAL = ['cli/main.ts']
afterAll(removePlaces)

async function startProcess(folder: string): Promise<{ url: string; child: ChildProcess }> {
  const args = [...TERMINAL, 'hub', '--data', folder, '--port', '0', '--json']
  const child = spawn('node_modules/.bin/node', args, { stdio: ['ignore', 'pipe', 'inherit'], env: plain() })
  const [line] = await once(createInterface(child.stdout!), 'line')
  return { url: (JSON.parse(line as string) as { url: string }).url, child }
}

/** The terminal runs in the project's own Node, without the binary of an older runtime. */
function plain(): NodeJS.ProcessEnv {
  const { LOWLAND_SQLITE_BINDING: _, ...rest } = process.env
  return rest
}

function terminal(...args: string[]): Record<string, unknown> {
  const out = execFileSync('node_modules/.bin/node', [...TERMINAL, ...args, '--json'], {
    env: plain(),
    encoding: 'utf8',
  })
  return JSON.parse(out) as Record<string, unknown>
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit')
  child.kill(signal)
  return (await exit)[0] as number | null
}

test('kill -9 in the middle of pushes: every receipt that was given is there afterwards, nothing twice', async () => {
  const { folder } = (await newPlace()) as { folder: string }
  const { code } = terminal('hub', 'enroll', '--data', folder, '--unit', 'all', '--role', 'manager')
  let { url, child } = await startProcess(folder)
  const body = JSON.stringify({ code, device: 'county', name: 'county', survey: SURVEY, survey_name: '兰溪' })
  const { token } = (await call(url, '/v1/enroll', { method: 'POST', body })).body
  const laptop = new Laptop(url, 'county', String(token))
  const sent: SyncPatch[] = []
  const given = new Map<string, SyncReceipt>()

  for (let round = 0; round < 4; round++) {
    const kill = setTimeout(() => child.kill('SIGKILL'), 60 + round * 90)
    const exit = once(child, 'exit')
    try {
      for (;;) {
        const patches = Array.from({ length: 20 }, () => laptop.parcel(newId(), 'A'))
        sent.push(...patches)
        for (const receipt of await laptop.push(...patches)) given.set(receipt.patch, receipt)
      }
    } catch {
      await exit
    }
    clearTimeout(kill)
    ;({ url, child } = await startProcess(folder))
    laptop.url = url
    // The laptop does not know how much arrived: it sends everything that has no receipt, and some that has.
    const unsure = sent.filter(patch => !given.has(patch.id))
    for (const receipt of await laptop.push(...sent.slice(-60 - unsure.length, -unsure.length), ...unsure)) {
      const before = given.get(receipt.patch)
      if (before) expect(receipt).toEqual(before)
      given.set(receipt.patch, receipt)
    }
  }
  const { rows } = await laptop.pull()
  expect(given.size).toBe(sent.length)
  expect(rows.map(row => [row.seq, row.patch.id])).toEqual(sent.map(patch => [given.get(patch.id)!.seq, patch.id]))
  expect(rows.map(row => row.seq)).toEqual(rows.map((_, index) => index + 1))

  const backup = join(folder, 'backup.sqlite')
  terminal('hub', 'backup', backup, '--data', folder)
  await laptop.push(laptop.parcel(newId(), 'A'))
  expect(() => terminal('hub', 'restore', backup, '--data', folder)).toThrow()
  expect(await ended(child, 'SIGTERM')).toBe(0)
  expect(terminal('hub', 'restore', backup, '--data', folder)['kept']).toContain('before-')
  ;({ url, child } = await startProcess(folder))
  laptop.url = url
  expect((await laptop.pull()).rows).toEqual(rows)
  expect(terminal('hub', 'devices', '--data', folder)['devices']).toMatchObject([{ id: 'county', unit: null }])
  expect(terminal('hub', 'revoke', 'county', '--data', folder)).toMatchObject({ revoked: true })
  expect((await call(url, '/v1/status', { token: String(token) })).body['code']).toBe('revoked')
  expect(await ended(child, 'SIGTERM')).toBe(0)
})
