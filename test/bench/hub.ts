/**
 * `node test/bench/hub.ts [--devices 50 --pushes 8 --patches 50]`: many laptops push at once, then one downloads everything;
 * SQLite and PostgreSQL in the same minutes. Everything (hub, database, laptops) shares this machine.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHub } from '../../hub/hub.ts'
import type { HubPlace } from '../../hub/storage/open.ts'
import { type Laptop, newId } from '../support/hub-client.ts'
import { enrolled } from '../support/hub-place.ts'
import { startPostgres } from '../support/postgres.ts'
import { median } from './measure.ts'

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const DEVICES = option('devices', 50)
const PUSHES = option('pushes', 8)
const PATCHES = option('patches', 50)
/** Eight corners, as base64 of a GeoPackage binary of that size. */
const OUTLINE = Buffer.alloc(200, 7).toString('base64')

interface Figures {
  rate: number
  p99: number
  download: number
}

async function measure(place: HubPlace): Promise<Figures> {
  const hub = await startHub({ place, devicePerMinute: 1e9, strangerPerMinute: 1e9 })
  const county = await enrolled(hub.url, place, 'county', null)
  const laptops: Laptop[] = []
  for (let index = 0; index < DEVICES; index++)
    laptops.push(await enrolled(hub.url, place, `laptop-${index}`, `U${index % 18}`))
  const waits: number[] = []
  const start = performance.now()
  await Promise.all(
    laptops.map(async (laptop, index) => {
      for (let turn = 0; turn < PUSHES; turn++) {
        const patches = Array.from({ length: PATCHES }, () => ({
          ...laptop.parcel(newId(), `U${index % 18}`, newId(), { right_holder: [null, '兰溪市某某有限公司'] }),
          geometry: { from: null, to: OUTLINE },
        }))
        const begun = performance.now()
        await laptop.push(...patches)
        waits.push(performance.now() - begun)
      }
    }),
  )
  const rate = (DEVICES * PUSHES * PATCHES * 1000) / (performance.now() - start)
  const begun = performance.now()
  const { rows } = await county.pull()
  const download = (rows.length * 1000) / (performance.now() - begun)
  await hub.close()
  return { rate, p99: waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)]!, download }
}

const postgres = await startPostgres()
const folder = mkdtempSync(join(tmpdir(), 'lowland-hub-bench-'))
const results: Record<'SQLite' | 'PostgreSQL', Figures[]> = { SQLite: [], PostgreSQL: [] }
for (let round = 0; round < option('rounds', 3); round++) {
  results.SQLite.push(await measure({ folder: join(folder, String(round)) }))
  results.PostgreSQL.push(await measure({ databaseUrl: await postgres.newDatabase() }))
}
postgres.close()
rmSync(folder, { recursive: true, force: true })

console.log(`${DEVICES} laptops × ${PUSHES} pushes × ${PATCHES} patches at once, medians\n`)
console.log('| | patches/s | p99 of a push, ms | first download, rows/s |\n|---|---|---|---|')
for (const [name, figures] of Object.entries(results)) {
  const of = (key: keyof Figures): string => median(figures.map(figure => figure[key])).toFixed(0)
  console.log(`| ${name} | ${of('rate')} | ${of('p99')} | ${of('download')} |`)
}
