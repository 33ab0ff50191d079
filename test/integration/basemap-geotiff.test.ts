/** GeoTIFFs under the map: each tile pixel as GDAL warps it, every CRS of the trade, damage and unknown datums in words. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Basemaps, createBasemaps } from '../../service/basemaps/basemaps.ts'
import { createOnlineTiles } from '../../service/basemaps/online/online-tiles.ts'
import { openDeviceSettings } from '../../service/survey/device-settings.ts'
import { inProject } from '../../tools/paths.ts'

const FIXTURES = inProject('test/fixtures/basemap')
const fixture = (name: string): string => join(FIXTURES, name)
const [, ...EXPECTED] = readFileSync(fixture('expected_tiles.csv'), 'utf8')
  .trim()
  .split('\n')
  .map(line => line.split(',').map(Number))

let folder: string
let basemaps: Basemaps

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lowland-geotiff-'))
  const device = openDeviceSettings(join(folder, 'device.json'), () => 'device')
  basemaps = createBasemaps(device, () => crypto.randomUUID(), createOnlineTiles(folder, device, Date.now))
})
afterEach(() => {
  basemaps.close()
  rmSync(folder, { recursive: true, force: true })
})

/** RGBA of a PNG of ours: one IDAT, no filters. */
function pixelsOf(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.length)
  const length = view.getUint32(33)
  const rows = inflateSync(png.subarray(41, 41 + length))
  const rgba = new Uint8Array(256 * 256 * 4)
  for (let row = 0; row < 256; row++) rgba.set(rows.subarray(row * 1025 + 1, (row + 1) * 1025), row * 1024)
  return rgba
}

describe('GeoTIFF basemaps', () => {
  // Files that were warped already are off by up to a pixel of theirs: GDAL's neighbourhoods leave room for it.
  it.each([
    ['fields-4549.tif', 'EPSG:4549'],
    ['fields-4528.tif', 'EPSG:4528'],
    ['cog-4549.tif', 'EPSG:4549'],
    ['fields-4490.tif', 'EPSG:4490'],
    ['fields-3857.tif', 'EPSG:3857'],
  ])('lays %s where GDAL lays it', async (name, crs) => {
    const [source] = await basemaps.add(fixture(name))
    expect(source).toMatchObject({ state: 'ok', format: 'geotiff', kind: 'raster', crs, note: null, max_zoom: 17 })
    const tiles = new Map<string, Uint8Array>()
    const wrong: string[] = []
    for (const [z, x, y, column, row, ...colour] of EXPECTED as [
      number,
      number,
      number,
      number,
      number,
      ...number[],
    ][]) {
      const key = `${Math.min(z, 17)}/${x}/${y}`
      // A file answers up to its own zoom; deeper tiles are enlarged by whoever draws.
      if (z > source!.max_zoom) continue
      if (!tiles.has(key)) tiles.set(key, pixelsOf((await basemaps.tile(source!.id, z, x, y))!.bytes))
      const at = (row * 256 + column) * 4
      const found = [...tiles.get(key)!.subarray(at, at + 4)]
      if (found.some((value, index) => Math.abs(value - colour[index]!) > 2))
        wrong.push(`${key} ${column},${row} ${found}`)
    }
    expect(tiles.size).toBe(2)
    // Warped files have torn edges of their own.
    expect(wrong.length, wrong.slice(0, 5).join('\n')).toBeLessThanOrEqual(EXPECTED.length * 0.01)
  })

  it('answers with nothing beside the picture', async () => {
    const [source] = await basemaps.add(fixture('fields-4549.tif'))
    expect(await basemaps.tile(source!.id, 5, 0, 0)).toBeNull()
    expect(await basemaps.tile(source!.id, 16, 1, 1)).toBeNull()
    expect(await basemaps.tile(source!.id, 0, 0, 0)).not.toBeUndefined()
  })

  it('asks for the coordinates it cannot know, and takes what a person says', async () => {
    await expect(basemaps.add(fixture('byte.tif'))).rejects.toMatchObject({
      details: { reason: 'basemap_crs_unknown', values: { crs: 'EPSG:26711' } },
    })
    const plain = join(folder, '影像.tif')
    copyFileSync(fixture('fields-4549.tif'), plain)
    await expect(basemaps.add(plain, 'EPSG:4490')).rejects.toMatchObject({ details: { reason: 'basemap_crs_wrong' } })
    await expect(basemaps.add(plain, 'EPSG:2385')).rejects.toMatchObject({
      details: { reason: 'basemap_crs_parameters' },
    })
    const [source] = await basemaps.add(plain, 'EPSG:4546')
    expect(source!.box![0]).toBeGreaterThan(110)
    expect(source!.box![0]).toBeLessThan(111)
  })

  it('shows a file that moved as missing and finds it again with its settings', async () => {
    const first = join(folder, 'a.tif')
    copyFileSync(fixture('fields-4549.tif'), first)
    const [source] = await basemaps.add(first)
    await basemaps.update(source!.id, { opacity: 0.3, shown_from: 12 })
    const second = join(folder, 'b.tif')
    copyFileSync(first, second)
    rmSync(first)
    expect((await basemaps.list())[0]).toMatchObject({ state: 'missing' })
    const [found] = await basemaps.relocate(source!.id, second)
    expect(found).toMatchObject({ id: source!.id, state: 'ok', file: second, opacity: 0.3, shown_from: 12 })
  })

  it('says from which zoom on a huge picture without overviews is shown, and shows it there', async () => {
    const [source] = await basemaps.add(fixture('no-overviews.tif'))
    expect(source).toMatchObject({ state: 'ok', max_zoom: 19, min_zoom: 16 })
    expect(source!.note).toEqual({ reason: 'basemap_no_overviews', values: { zoom: 16 } })
    // Above that nothing is read at all.
    expect(await basemaps.tile(source!.id, 12, 3407, 1697)).toBeNull()
    const [west, south, east, north] = source!.box!
    const column = Math.floor((((west + east) / 2 + 180) / 360) * 2 ** 16)
    const sine = Math.sin((((south + north) / 2) * Math.PI) / 180)
    const row = Math.floor((0.5 - Math.atanh(sine) / (2 * Math.PI)) * 2 ** 16)
    expect((await basemaps.tile(source!.id, 16, column, row))!.type).toBe('image/png')
  })

  it('survives damage: cut files, broken blocks, lying headers', async () => {
    const cut = join(folder, 'cut.tif')
    copyFileSync(fixture('fields-4528.tif'), cut)
    truncateSync(cut, 600)
    const outcome = await basemaps.add(cut).then(
      list => list.at(-1)!.state,
      error => error.details.reason as string,
    )
    expect(outcome).toBe('basemap_damaged')
    const bytes = readFileSync(fixture('fields-4549.tif'))
    for (let seed = 1; seed <= 40; seed++) {
      const broken = Uint8Array.from(bytes)
      for (let hit = 0; hit < 12; hit++)
        broken[8 + ((seed * 7919 + hit * 104_729) % (broken.length - 8))]! ^= (seed * 31 + hit) & 255
      const file = join(folder, `${seed}.tif`)
      writeFileSync(file, broken)
      const list = await basemaps.add(file).catch((error: { code?: string; message: string }) => {
        expect(['file_unreadable', 'refused']).toContain(error.code)
        expect(error.message).toMatch(/[一-鿿]/)
        return null
      })
      const source = list?.at(-1)
      if (source?.state === 'ok') {
        const tile = await basemaps.tile(source.id, 16, 54_520, 27_156)
        expect(tile === null || tile.type === 'image/png').toBe(true)
      }
    }
  }, 60_000)
})
