/**
 * Online tile sources against a real tile service on this machine: nothing is fetched before a person has said so, tiles
 * stay when the service is gone, limits hold, keys stay where they are, and every bad answer has words.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createService, type Service } from '../../service/service.ts'
import type { Basemap } from '../../shared/contract/basemaps.ts'
import { inProject } from '../../tools/paths.ts'
import { startTileServer, TILE_KEY, type TileServer, type TileServerMode, tileBytes } from '../support/tile-server.ts'

const LANXI: [number, number, number, number] = [119.4, 29.15, 119.6, 29.3]

let folder: string
let server: TileServer
let service: Service
let client: RouterClient<Service['router']>
let clock: number

const start = async (): Promise<void> => {
  service = await createService({
    dataFolder: folder,
    resourcesFolder: inProject('resources'),
    appVersion: 'test',
    now: () => new Date(clock),
  })
  client = createRouterClient(service.router)
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lowland-online-'))
  server = await startTileServer()
  clock = Date.parse('2026-03-02T08:00:00Z')
  await start()
})
afterEach(async () => {
  service.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const wmts = (): string => `${server.origin}/img_w/wmts?LAYER=img&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={tk}`
const xyz = (): string => `${server.origin}/xyz/{z}/{x}/{y}.png`

async function add(address: string, key = ''): Promise<string> {
  const { id } = await client.onlineBasemaps.add({ name: '影像', address, key, min_zoom: 1, max_zoom: 18 })
  return id
}
const on = (id: string) => client.onlineBasemaps.change({ id, fetching: true })
const tile = (source: string, z: number, x: number, y: number) => service.asset({ kind: 'basemap', source, z, x, y })
const only = async (): Promise<Basemap> => (await client.basemaps.list())[0]!
async function download(area: { id: string; from: number; to: number; box?: typeof LANXI }) {
  const stream = await client.onlineBasemaps.download({ box: LANXI, ...area })
  const seen: number[] = []
  for (;;) {
    const step = await stream.next()
    if (step.done) return { ...step.value, seen }
    seen.push(step.value.done)
  }
}

describe('online basemaps', () => {
  it('fetch nothing until a person has switched them on, and keep what came', async () => {
    const id = await add(xyz())
    expect(await only()).toMatchObject({ format: 'online', state: 'ok', online: { fetching: false, state: 'off' } })
    expect(await tile(id, 14, 13630, 6764)).toBeNull()
    expect((await client.onlineBasemaps.estimate({ id, box: LANXI, from: 10, to: 12 })).refusal).toBe(
      'online_download_off',
    )
    await expect(download({ id, from: 10, to: 11 })).rejects.toMatchObject({
      details: { reason: 'online_download_off' },
    })
    expect(server.asked).toEqual([])

    await on(id)
    const fetched = await tile(id, 14, 13630, 6764)
    expect(fetched).toEqual({ type: 'image/png', bytes: tileBytes(14, 13630, 6764) })
    expect(server.asked).toEqual(['/xyz/14/13630/6764.png'])
    expect(await tile(id, 14, 13630, 6764)).toEqual(fetched)
    expect(server.asked).toHaveLength(1)
    expect((await only()).online).toMatchObject({
      state: 'ok',
      tiles: 1,
      bytes: fetched!.bytes.length,
      host: server.origin.slice(7),
    })
  })

  it('show kept tiles when the service is gone, after a restart too, and come back by themselves', async () => {
    const id = await add(xyz())
    await on(id)
    const kept = await tile(id, 12, 3407, 1691)
    const port = Number(new URL(server.origin).port)
    await server.stop()
    service.close()
    await start()
    expect(await tile(id, 12, 3407, 1691)).toEqual(kept)
    expect(await tile(id, 12, 3408, 1691)).toBeNull()
    const offline = await only()
    expect(offline.online).toMatchObject({ state: 'offline', reason: 'online_unreachable' })
    server = await startTileServer('ok', port)
    // Left alone for a while, so that nobody waits for a network that is not there.
    expect(await tile(id, 12, 3408, 1691)).toBeNull()
    expect(server.asked).toEqual([])
    clock += 16_000
    expect(await tile(id, 12, 3408, 1691)).not.toBeNull()
    const back = await only()
    expect(back.online!.state).toBe('ok')
    expect(back.version).not.toBe(offline.version)
  })

  it('say that a key is wrong, stop asking, and go on with the right one', async () => {
    const id = await add(wmts(), 'wr0ng-key')
    await on(id)
    expect(await tile(id, 10, 851, 423)).toBeNull()
    const { online } = await only()
    expect(online).toMatchObject({ state: 'refused', reason: 'online_key_refused', has_key: true })
    expect(online!.message).toMatch(/403 非法Key/)
    expect(await tile(id, 10, 852, 423)).toBeNull()
    expect(server.asked).toHaveLength(1)
    await client.onlineBasemaps.change({ id, key: TILE_KEY })
    expect(await tile(id, 10, 852, 423)).not.toBeNull()
    // Percent-encoded as the signs in it need.
    expect(server.asked[1]).toContain(`tk=${encodeURIComponent(TILE_KEY)}`)
  })

  it('never show, log or export a key or an address', async () => {
    const id = await add(wmts(), TILE_KEY)
    await on(id)
    await tile(id, 10, 851, 423)
    server.mode = 'xml-error'
    await tile(id, 10, 853, 423)
    const shown = JSON.stringify([
      await client.basemaps.list(),
      await client.onlineBasemaps.change({ id }),
      await client.survey.recent(),
    ])
    expect(shown).toContain('无权限')
    const secret = /k3y|123456789abcdef|TILEROW|img_w/
    expect(shown).not.toMatch(secret)
    const others = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && entry.name !== 'online-basemaps.json')
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    expect(others.length).toBeGreaterThan(1)
    expect(others.filter(text => secret.test(text))).toEqual([])
    if (process.platform !== 'win32') expect(statSync(join(folder, 'online-basemaps.json')).mode & 0o777).toBe(0o600)
    await client.basemaps.remove({ id })
    expect(readFileSync(join(folder, 'online-basemaps.json'), 'utf8')).toBe('{}')
  })

  it.each<[TileServerMode, string, string]>([
    ['html', 'failing', 'online_bad_answer'],
    ['huge', 'failing', 'online_too_large'],
    ['limited', 'refused', 'online_key_refused'],
    ['xml-error', 'refused', 'online_key_refused'],
    ['redirect-host', 'refused', 'online_redirect'],
    ['redirect-file', 'refused', 'online_redirect'],
  ])('have words for a bad answer: %s', async (mode, state, reason) => {
    const id = await add(xyz())
    await on(id)
    server.mode = mode
    expect(await tile(id, 14, 13630, 6764)).toBeNull()
    const { online } = await only()
    expect(online).toMatchObject({ state, reason, tiles: 0 })
    expect(online!.message).toContain('127.0.0.1')
    server.mode = 'ok'
    clock += 600_000
    expect(await tile(id, 14, 13630, 6764)).not.toBeNull()
    expect((await only()).online).toMatchObject({ state: 'ok', reason: null, message: null })
  })

  it('follow a redirect on the same server, and take a missing tile for a blank one', async () => {
    const id = await add(xyz())
    await on(id)
    server.mode = 'redirect-same'
    expect((await tile(id, 9, 425, 211))!.bytes).toEqual(tileBytes(9, 425, 211))
    server.mode = 'missing'
    expect(await tile(id, 9, 426, 211)).toBeNull()
    expect(await tile(id, 9, 426, 211)).toBeNull()
    expect((await only()).online!.state).toBe('ok')
    expect(server.asked.filter(path => path.includes('/426/'))).toHaveLength(1)
  })

  it('read a WMTS: layers in both grids, levels by their names, rows in degrees', async () => {
    const address = `${server.origin}/img/wmts?tk={tk}`
    const offers = await client.onlineBasemaps.offers({ address, key: TILE_KEY })
    expect(offers).toEqual([
      {
        layer: 'img',
        title: '影像 & 底图',
        sets: [
          { id: 'w', grid: 'mercator', min_zoom: 1, max_zoom: 18 },
          { id: 'c', grid: 'geographic', min_zoom: 1, max_zoom: 18 },
        ],
      },
    ])
    const choose = (set: string) => client.onlineBasemaps.add({ name: set, address, key: TILE_KEY, layer: 'img', set })
    const [web, degrees] = [(await choose('w')).id, (await choose('c')).id]
    await on(web)
    await on(degrees)
    server.asked.length = 0
    expect((await tile(web, 14, 13630, 6764))!.bytes).toEqual(tileBytes(14, 13630, 6764))
    expect(server.asked[0]).toMatch(
      /LAYER=img&STYLE=default&FORMAT=tiles&TILEMATRIXSET=w&TILEMATRIX=L%3A14&TILEROW=6764&TILECOL=13630$/,
    )
    // 29.2° north at level 14: (90 − 29.2) ÷ 360 × 2^14 = 2767; there are 2^13 rows.
    expect((await tile(degrees, 14, 13630, 2767))!.bytes).toEqual(tileBytes(14, 13630, 2767))
    expect(await tile(degrees, 14, 13630, 8192)).toBeNull()
    const list = await client.basemaps.list()
    expect(list.map(({ grid, crs }) => [grid, crs])).toEqual([
      ['mercator', 'EPSG:3857'],
      ['geographic', 'EPSG:4490'],
    ])
    server.mode = 'html'
    await expect(client.onlineBasemaps.offers({ address, key: TILE_KEY })).rejects.toMatchObject({
      details: { reason: 'online_no_capabilities' },
    })
  })

  it('download an area after an estimate, without asking twice, and refuse what is beyond reason', async () => {
    const id = await add(xyz())
    await on(id)
    const area = { id, box: LANXI, from: 10, to: 13 }
    const plan = await client.onlineBasemaps.estimate(area)
    // By hand: columns and rows of the box, level by level.
    const tiles = [10, 11, 12, 13].reduce((sum, z) => {
      const column = (lng: number) => Math.floor(((lng + 180) / 360) * 2 ** z)
      const row = (lat: number) =>
        Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z)
      return sum + (column(LANXI[2]) - column(LANXI[0]) + 1) * (row(LANXI[1]) - row(LANXI[3]) + 1)
    }, 0)
    expect(plan).toMatchObject({ tiles, missing: tiles, refusal: null })
    await tile(id, 10, 851, 425)
    const done = await download(area)
    expect(done).toMatchObject({ fetched: tiles - 1, known: 1, blank: 0, failed: 0 })
    expect(done.seen.at(-1)).toBeLessThanOrEqual(tiles)
    expect(server.asked).toHaveLength(tiles)
    expect(await client.onlineBasemaps.estimate(area)).toMatchObject({ tiles, missing: 0, bytes: 0 })
    expect((await client.onlineBasemaps.estimate({ ...area, to: 18 })).refusal).toBe('online_download_many')
    await expect(download({ id, from: 10, to: 18 })).rejects.toMatchObject({
      details: { reason: 'online_download_many' },
    })
  })

  it('break a download off at once, even while the service does not answer; what came stays', async () => {
    const id = await add(xyz())
    await on(id)
    server.mode = 'hang'
    const stream = await client.onlineBasemaps.download({ id, box: LANXI, from: 10, to: 13 })
    await stream.next()
    await stream.return?.()
    server.mode = 'ok'
    expect(await tile(id, 10, 851, 423)).not.toBeNull()
    await server.stop()
    await expect(download({ id, from: 10, to: 14 })).rejects.toMatchObject({
      details: { reason: 'online_unreachable' },
    })
    expect((await client.onlineBasemaps.cache({})).tiles).toBe(1)
  })

  it('stay below the limit: what was used longest ago goes first, what was downloaded last', async () => {
    const id = await add(xyz())
    await on(id)
    await client.onlineBasemaps.cache({ limit_mb: 1 })
    const { fetched } = await download({ id, from: 10, to: 12 })
    const wanted = await client.onlineBasemaps.cache({})
    expect(wanted.tiles).toBe(fetched)
    await tile(id, 15, 0, 0)
    for (let x = 1; x < 200; x++) {
      clock += 61_000
      await tile(id, 15, x, 0)
      if (x % 20 === 0) await tile(id, 15, 0, 0)
    }
    const full = await client.onlineBasemaps.cache({})
    expect(full.bytes).toBeLessThanOrEqual(1024 ** 2)
    expect(full.bytes).toBeGreaterThan(0.8 * 1024 ** 2)
    server.asked.length = 0
    const known = await download({ id, from: 10, to: 12 })
    expect(known).toMatchObject({ fetched: 0, known: fetched })
    await tile(id, 15, 0, 0)
    await tile(id, 15, 199, 0)
    expect(server.asked).toEqual([])
    await tile(id, 15, 1, 0)
    expect(server.asked).toHaveLength(1)
    // What the list adds up is what the file holds.
    const listed = await client.basemaps.list()
    const { DatabaseSync } = await import('node:sqlite')
    const db = new DatabaseSync(join(folder, 'online-tiles', 'tiles.sqlite'), { readOnly: true })
    const held = db.prepare('SELECT count(*) AS tiles, sum(length(bytes)) AS bytes FROM tile').get()
    db.close()
    expect(listed[0]!.online).toMatchObject({ ...held })
    expect(await client.onlineBasemaps.clear({})).toMatchObject({ tiles: 0, bytes: 0, limit_mb: 1 })
    expect(statSync(join(folder, 'online-tiles', 'tiles.sqlite')).size).toBeLessThan(100_000)
  })

  it('begin a damaged store anew, and clear one source alone', async () => {
    const [first, second] = [await add(xyz()), await add(xyz())]
    await on(first)
    await on(second)
    service.close()
    writeFileSync(join(folder, 'online-tiles', 'tiles.sqlite'), 'not a database at all')
    await start()
    await tile(first, 5, 26, 13)
    await tile(second, 5, 26, 13)
    await client.onlineBasemaps.clear({ id: first })
    expect((await client.basemaps.list()).map(source => source.online!.tiles)).toEqual([0, 1])
  })

  it.each([
    ['ftp://tiles.example/{z}/{x}/{y}', '', 'online_address'],
    ['file:///tiles/{z}/{x}/{y}', '', 'online_address'],
    ['https://{key}.example/{z}/{x}/{y}', 'k', 'online_address'],
    ['https://a:b@tiles.example/{z}/{x}/{y}', '', 'online_address_login'],
    ['https://tiles.example/{z}/{x}', '', 'online_address_places'],
    ['https://tiles.example/{z}/{x}/{y}?key={key}', '', 'online_key_missing'],
    ['https://tiles.example/{z}/{x}/{y}', 'k', 'online_key_no_place'],
    ['https://t0.tianditu.gov.cn/img_w/wmts', '', 'online_key_missing'],
  ])('refuse the address %s', async (address, key, reason) => {
    await expect(client.onlineBasemaps.add({ name: 'x', address, key })).rejects.toMatchObject({ details: { reason } })
    expect(await client.basemaps.list()).toEqual([])
  })
})
