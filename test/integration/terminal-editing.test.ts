/** `split parcel` and `merge parcel` as a process on a real survey file: areas, codes, refusals and exit codes. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'lowland-terminal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Answer {
  edit?: string | null
  parcels?: { id: string | null; code: string; area_m2: number; side?: string }[]
  removed?: { code: string }[]
}

function lowland(...words: string[]): { status: number; json: Answer & Record<string, unknown> } {
  const args = [join(root, 'cli/main.ts'), ...words, '--survey', join(folder, 's.lowland'), '--json']
  const env = { ...process.env, LOWLAND_DATA: join(folder, 'data') }
  try {
    return {
      status: 0,
      json: JSON.parse(execFileSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] }).toString()),
    }
  } catch (error) {
    const failed = error as { status: number; stdout: Buffer }
    return { status: failed.status, json: JSON.parse(failed.stdout.toString() || '{}') }
  }
}

const box = (west: number, south: number, east: number, north: number) => [
  [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ],
]

function write(name: string, features: [properties: object, coordinates: number[][][]][]): string {
  const file = join(folder, name)
  const collection = {
    type: 'FeatureCollection',
    features: features.map(([properties, coordinates]) => ({
      type: 'Feature',
      properties,
      geometry: { type: 'Polygon', coordinates },
    })),
  }
  writeFileSync(file, JSON.stringify(collection))
  return file
}

it('splits at the boundary and merges again', { timeout: 60_000 }, () => {
  lowland('init', '--campaign', 'lanxi-2021-2023')
  const lots = write('lots.geojson', [
    [{ code: 'A' }, box(119.45, 29.2, 119.452, 29.201)],
    [{ code: 'B' }, box(119.452, 29.2, 119.453, 29.201)],
  ])
  expect(lowland('import', 'parcels', lots).json).toMatchObject({ inserted: 2 })
  expect(lowland('split', 'parcel', 'A', '--boundary').status).toBe(1)
  const line = write('line.geojson', [[{ name: '城镇集中建设区' }, box(119.451, 29.19, 119.47, 29.21)]])
  lowland('import', 'boundary', line, '--name', '划定', '--effective', '2022-01-01')

  const preview = lowland('split', 'parcel', 'A', '--boundary', '--dry-run').json
  expect(preview.edit).toBeNull()
  const whole = (lowland('show', 'parcel', 'A').json as unknown as { area_m2: number }).area_m2
  const { json } = lowland('split', 'parcel', 'A', '--boundary', '--reason', '压线')
  expect(json.parcels?.map(({ code, side }) => [code, side])).toEqual([
    ['A-1', 'inside'],
    ['A-2', 'outside'],
  ])
  expect(Math.abs(json.parcels!.reduce((sum, parcel) => sum + parcel.area_m2, 0) - whole)).toBeLessThan(1)
  expect(json.removed).toMatchObject([{ code: 'A' }])

  expect(lowland('split', 'parcel', 'B', '--boundary').status).toBe(1)
  expect(lowland('split', 'parcel', 'B').status).toBe(2)
  expect(lowland('merge', 'parcel', 'B').status).toBe(2)
  const merged = lowland('merge', 'parcel', 'A-1', 'A-2', 'B').json
  expect(merged.parcels).toMatchObject([{ code: 'A-1', side: 'crossing' }])
  expect(merged.parcels![0]!.area_m2 / whole).toBeCloseTo(1.5, 4)
  expect(lowland('check').json['ok']).toBe(true)
})
