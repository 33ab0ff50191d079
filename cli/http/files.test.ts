import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { clearOldUploads } from './files.ts'

const DAY_MS = 24 * 3600 * 1000
const now = Date.parse('2026-03-31T08:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'lowland-uploads-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function upload(name: string, days: number): string {
  const path = join(folder, 'uploads', name)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'parcels.geojson'), '{}')
  const at = (now - days * DAY_MS) / 1000
  utimesSync(path, at, at)
  return path
}

it('clears old uploads, not fresh ones and not those that the settings name', async () => {
  const [old, fresh, basemap] = [upload('old', 8), upload('fresh', 6), upload('basemap', 300)]
  writeFileSync(join(folder, 'device.json'), JSON.stringify({ settings: { basemaps: [{ file: join(basemap, 'a') }] } }))
  await clearOldUploads(folder, now)
  expect([old, fresh, basemap].map(path => existsSync(path))).toEqual([false, true, true])
})

it('has nothing to do where nothing was ever uploaded', async () => {
  await clearOldUploads(join(folder, 'nothing'), now)
})
