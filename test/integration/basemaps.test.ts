/** Basemaps of others' making, opened in place: the very tiles, order and settings kept, damage told in words. */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Basemaps, createBasemaps } from '../../service/basemaps/basemaps.ts'
import { createOnlineTiles } from '../../service/basemaps/online/online-tiles.ts'
import { openDeviceSettings } from '../../service/survey/device-settings.ts'
import { inProject } from '../../tools/paths.ts'

const WORLD = inProject('test/fixtures/basemap/world_l1.mbtiles')
const VECTOR = inProject('test/fixtures/basemap/test_fixture_1.pmtiles')

let folder: string
let basemaps: Basemaps
const start = (): Basemaps => {
  const device = openDeviceSettings(join(folder, 'device.json'), () => 'device')
  return createBasemaps(device, () => crypto.randomUUID(), createOnlineTiles(folder, device, Date.now))
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lowland-basemaps-'))
  basemaps = start()
})
afterEach(() => {
  basemaps.close()
  rmSync(folder, { recursive: true, force: true })
})

const copy = (from: string, name: string): string => {
  const to = join(folder, name)
  copyFileSync(from, to)
  return to
}

/** A PMTiles v3 archive with one PNG tile 0/0/0, written by hand after the specification: nothing compressed. */
function onePngPmtiles(png: Uint8Array): Uint8Array {
  const directory = Uint8Array.of(1, 0, 1, ...varint(png.length), 1)
  const metadata = new TextEncoder().encode('{"name":"一张图"}')
  const header = new Uint8Array(127)
  const view = new DataView(header.buffer)
  header.set(new TextEncoder().encode('PMTiles'))
  header[7] = 3
  const offsets = [127, directory.length, 127 + directory.length, metadata.length]
  const data = 127 + directory.length + metadata.length
  for (const [index, value] of [...offsets, data, 0, data, png.length, 1, 1, 1].entries())
    view.setBigUint64(8 + index * 8, BigInt(value), true)
  header.set([1, 1, 1, 2, 0, 0], 96)
  for (const [index, degrees] of [-180, -85, 180, 85].entries()) view.setInt32(102 + index * 4, degrees * 1e7, true)
  return Uint8Array.of(...header, ...directory, ...metadata, ...png)
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
}

describe('basemaps', () => {
  it('hands out the very tiles of an MBTiles, rows counted from the north', async () => {
    const [world] = await basemaps.add(WORLD)
    expect(world).toMatchObject({ state: 'ok', format: 'mbtiles', min_zoom: 0, max_zoom: 1, box: [-180, -85, 180, 85] })
    const sizes = []
    for (const [z, x, y] of [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
      [1, 1, 1],
    ] as const)
      sizes.push((await basemaps.tile(world!.id, z, x, y))!.bytes.length)
    // As sqlite3 shows them: row 1 of the file is the northern one.
    expect(sizes).toEqual([12940, 10674, 12281, 7080, 8316])
    expect(await basemaps.tile(world!.id, 2, 0, 0)).toBeNull()
    expect(await basemaps.tile(world!.id, 1, 5, 0)).toBeNull()
  })

  it('reads PMTiles with pictures and with vector tiles', async () => {
    const [world] = await basemaps.add(WORLD)
    const png = (await basemaps.tile(world!.id, 0, 0, 0))!.bytes
    const file = join(folder, 'one.pmtiles')
    writeFileSync(file, onePngPmtiles(png))
    const list = await basemaps.add(file)
    expect(list[1]).toMatchObject({ name: '一张图', format: 'pmtiles', state: 'ok', max_zoom: 0 })
    const tile = await basemaps.tile(list[1]!.id, 0, 0, 0)
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
    expect(hash(tile!.bytes)).toBe(hash(png))
    const vector = (await basemaps.add(VECTOR)).at(-1)!
    expect(vector).toMatchObject({ kind: 'vector', state: 'ok' })
    const { layers } = new VectorTile(new PbfReader((await basemaps.tile(vector.id, 0, 0, 0))!.bytes))
    expect(Object.keys(layers)).toEqual(['test_fixture_1pmtiles'])
  })

  it('keeps order, opacity and shift over a restart, and forgets only what is removed', async () => {
    const a = copy(WORLD, 'a.mbtiles')
    const b = copy(WORLD, 'b.mbtiles')
    await basemaps.add(a)
    const [first, second] = await basemaps.add(b)
    expect(await basemaps.add(a)).toHaveLength(2)
    await basemaps.update(first!.id, { opacity: 0.4, gcj02: true })
    await basemaps.reorder([second!.id, first!.id])
    basemaps.close()
    basemaps = start()
    expect((await basemaps.list()).map(source => [source.file, source.opacity, source.gcj02])).toEqual([
      [b, 1, false],
      [a, 0.4, true],
    ])
    expect((await basemaps.remove(second!.id)).map(source => source.file)).toEqual([a])
    expect(readFileSync(b).equals(readFileSync(WORLD))).toBe(true)
  })

  it('shows a file that has gone and takes it again when it is back', async () => {
    const file = copy(WORLD, 'usb.mbtiles')
    const [source] = await basemaps.add(file)
    rmSync(file)
    expect((await basemaps.list())[0]).toMatchObject({ state: 'missing', reason: 'basemap_missing' })
    await expect(basemaps.tile(source!.id, 0, 0, 0)).rejects.toMatchObject({ code: 'file_not_found' })
    copyFileSync(WORLD, file)
    expect((await basemaps.list())[0]!.state).toBe('ok')
    expect((await basemaps.tile(source!.id, 0, 0, 0))!.type).toBe('image/jpeg')
  })

  it.each([
    ['nothing', '', 'basemap_empty'],
    ['text', 'hello', 'basemap_unknown'],
    ['an old PMTiles', 'PMTiles\u0002', 'basemap_old_pmtiles'],
    ['half a header', 'PMTiles\u0003', 'basemap_damaged'],
    ['a SQLite header only', 'SQLite format 3\0', 'basemap_damaged'],
  ])('refuses %s', async (_what, text, reason) => {
    const file = join(folder, 'bad.mbtiles')
    writeFileSync(file, text)
    await expect(basemaps.add(file)).rejects.toMatchObject({
      message: expect.stringContaining('文件“bad.mbtiles”：'),
      details: { reason, file },
    })
    expect(await basemaps.list()).toEqual([])
  })

  it('refuses files cut off in the middle', async () => {
    const cut = copy(WORLD, 'cut.mbtiles')
    truncateSync(cut, 4096)
    await expect(basemaps.add(cut)).rejects.toMatchObject({ code: 'file_unreadable' })
    const png = readFileSync(inProject('test/fixtures/exif/noexif.jpg'))
    const pmtiles = join(folder, 'cut.pmtiles')
    writeFileSync(pmtiles, onePngPmtiles(png).subarray(0, 400))
    await expect(basemaps.add(pmtiles)).rejects.toMatchObject({ details: { reason: 'basemap_damaged' } })
  })
})
