/** A hub and two laptops as processes: the way of a new user through the terminal, and devices killed in the middle. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runTerminal } from '../../cli/terminal.ts'
import { createService } from '../../service/service.ts'
import type { Contract } from '../../shared/contract/contract.ts'
import type { ConflictItem } from '../../shared/contract/sync.ts'

const folder = mkdtempSync(join(tmpdir(), 'lowland-sync-'))
let hub: ChildProcess
let url: string

/** The project's own Node, without the binary of an older runtime. */
function environment(laptop: string): NodeJS.ProcessEnv {
  const { LOWLAND_SQLITE_BINDING: _, ...rest } = process.env
  return { ...rest, LOWLAND_DATA: join(folder, laptop, 'data') }
}

const start = (laptop: string, words: readonly string[]): ChildProcess =>
  spawn('node_modules/.bin/node', ['cli/main.ts', ...words, '--json'], {
    env: environment(laptop),
    stdio: ['ignore', 'pipe', 'pipe'],
  })

const root = fileURLToPath(new URL('../..', import.meta.url))
const places = { resourcesFolder: join(root, 'resources'), rendererFolder: '', appVersion: '0' }

/**
 * One command line from its words to its JSON, in this process: survey and data folder are opened and closed as by a command
 * of its own, without the seconds that a start takes on a busy machine.
 */
async function run<T = Record<string, unknown>>(laptop: string, ...words: string[]): Promise<T> {
  vi.stubEnv('LOWLAND_DATA', join(folder, laptop, 'data'))
  let out = ''
  const collect = (part: string | Uint8Array): boolean => {
    out += String(part)
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(collect),
    vi.spyOn(process.stderr, 'write').mockReturnValue(true),
  ]
  try {
    await runTerminal([...words, '--json'], places)
  } finally {
    for (const spy of spies) spy.mockRestore()
    vi.unstubAllEnvs()
  }
  return JSON.parse(out) as T
}

/** The same as a process of its own. */
async function runAlone(laptop: string, ...words: string[]): Promise<Record<string, unknown>> {
  const child = start(laptop, words)
  child.stderr!.resume()
  let out = ''
  child.stdout!.on('data', part => {
    out += String(part)
  })
  await once(child, 'close')
  return JSON.parse(out) as Record<string, unknown>
}

const surveyOf = (laptop: string): string => join(folder, laptop, 'a.lowland')
const on = <T = Record<string, unknown>>(laptop: string, ...words: string[]): Promise<T> =>
  run<T>(laptop, ...words, '--survey', surveyOf(laptop))

async function enroll(laptop: string, unit: string): Promise<void> {
  // The first laptop brings data in later, which an inspector's may not.
  const role = unit === 'all' ? 'manager' : laptop === 'one' ? 'clerk' : 'inspector'
  const { code } = await run('hub', 'hub', 'enroll', '--data', join(folder, 'hub'), '--unit', unit, '--role', role)
  expect(await on(laptop, 'enroll', '--hub', url, '--code', String(code))).toMatchObject({ unit, role })
}

beforeAll(async () => {
  hub = start('hub', ['hub', '--data', join(folder, 'hub'), '--port', '0'])
  hub.stderr!.resume()
  const [line] = await once(createInterface(hub.stdout!), 'line')
  url = (JSON.parse(String(line)) as { url: string }).url
})
afterAll(async () => {
  hub.kill('SIGTERM')
  await once(hub, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

function squares(count: number): string {
  const features = Array.from({ length: count }, (_, index) => {
    const [x, y] = [119.45 + (index % 50) * 0.001, 29.2 + Math.floor(index / 50) * 0.001]
    const ring = [
      [x, y],
      [x + 0.0005, y],
      [x + 0.0005, y + 0.0005],
      [x, y + 0.0005],
      [x, y],
    ]
    const properties = { code: `S${index + 1}`, unit: '330781001' }
    return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } }
  })
  return JSON.stringify({ type: 'FeatureCollection', features })
}

test('from one command to a conflict that is decided', async () => {
  await on('county', 'init')
  writeFileSync(join(folder, 'parcels.geojson'), squares(600))
  expect(await on('county', 'import', 'parcels', join(folder, 'parcels.geojson'), '--crs', 'EPSG:4490')).toMatchObject({
    inserted: 600,
  })
  expect(await on('county', 'sync')).toMatchObject({ error: { code: 'refused' } })
  await enroll('county', 'all')
  const first = await on('county', 'sync')
  expect(first).toMatchObject({ pending: 0, conflicts: 0, refused: 0 })
  expect(Number(first['pushed'])).toBeGreaterThan(600)

  for (const laptop of ['one', 'two']) {
    await enroll(laptop, '330781001')
    expect(Number((await on(laptop, 'sync'))['pulled'])).toBe(first['pushed'])
  }
  await on('one', 'set', 'parcel', 'S7', 'name=一号机', 'location=桥头')
  await on('two', 'set', 'parcel', 'S7', 'name=二号机')
  expect(await on('one', 'sync')).toMatchObject({ pushed: 1, conflicts: 0 })
  expect(await runAlone('two', 'sync', '--survey', surveyOf('two'))).toMatchObject({
    pushed: 1,
    conflicts: 1,
    pending: 0,
  })
  const { conflicts } = await on<{ conflicts: ConflictItem[] }>('two', 'conflicts')
  expect(conflicts).toMatchObject([
    { kind: 'field', field: 'name', mine: '二号机', theirs: '一号机', name: 'S7 一号机' },
  ])
  expect(await on('two', 'conflicts', 'resolve', conflicts[0]!.id, '--take', 'mine')).toMatchObject({
    resolved: 1,
    conflicts: 0,
    pending: 1,
  })
  await on('two', 'sync')
  await on('one', 'sync')
  expect(await on('one', 'show', 'parcel', 'S7')).toMatchObject({ name: '二号机', location: '桥头' })
})

test('an enrolled laptop stays what it was enrolled for: another unit or a higher role is refused, and an old profile gives way', async () => {
  const dataFolder = join(folder, 'window')
  const service = await createService({
    surveyFile: surveyOf('two'),
    dataFolder,
    resourcesFolder: folder,
    appVersion: '0',
  })
  try {
    const client = createRouterClient(service.router, { context: {} }) as ContractRouterClient<Contract>
    // A data folder of its own begins as the county's manager; opening the survey of an inspector's laptop ends that.
    expect((await client.survey.info()).profile).toMatchObject({ role: 'inspector', unit: '330781001' })
    const declare = (role: 'inspector' | 'manager', unit: string | null) =>
      client.survey.setProfile({ user: '某人', role, unit, department: null })
    await expect(declare('manager', '330781001')).rejects.toMatchObject({ details: { reason: 'enrolled_role' } })
    await expect(declare('inspector', '330781006')).rejects.toMatchObject({ details: { reason: 'enrolled_unit' } })
    await expect(declare('inspector', null)).rejects.toMatchObject({ details: { reason: 'enrolled_unit' } })
    expect(await declare('inspector', '330781001')).toMatchObject({ user: '某人' })
  } finally {
    service.close()
  }
})

test('kill -9 of a laptop in the middle of meetings: nothing missing, nothing twice', async () => {
  writeFileSync(join(folder, 'more.geojson'), squares(2400).replaceAll('"S', '"K'))
  const imported = await on('one', 'import', 'parcels', join(folder, 'more.geojson'), '--crs', 'EPSG:4490')
  expect(imported).toMatchObject({ inserted: 2400 })
  // Counted from the moment at which the meeting speaks of itself, so that a busy machine is killed in the middle too.
  for (const wait of [0, 100, 250, 500, 900]) {
    const child = start('one', ['sync', '--survey', surveyOf('one')])
    const exit = once(child, 'exit')
    let timer: NodeJS.Timeout | undefined
    child.stderr!.once('data', () => {
      timer = setTimeout(() => child.kill('SIGKILL'), wait)
    })
    child.stderr!.resume()
    await exit
    clearTimeout(timer)
  }
  expect(await on('one', 'sync')).toMatchObject({ pending: 0, conflicts: 0, refused: 0 })
  expect(await on('one', 'check')).toMatchObject({ ok: true })
  const county = await on('county', 'sync')
  expect(county).toMatchObject({ conflicts: 0 })
  const written = await on('county', 'export', 'parcels', join(folder, 'out.geojson'))
  expect(written).toMatchObject({ written: 3000 })
})
