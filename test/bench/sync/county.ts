/**
 * `node test/bench/sync/county.ts [--parcels 100000 --changes 2000]`: a county goes to the hub, comes down to a new laptop,
 * and travels in a bundle; then how much one change adds to the files of hub and laptop. SQLite and PostgreSQL side by side
 * where the hub takes part. Every command runs as its own process; its seconds contain the start of the program.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { createEnrollCode } from '../../../hub/storage/devices.ts'
import { type HubPlace, openHubDatabase } from '../../../hub/storage/open.ts'
import { createJobControl } from '../../../service/boundary/job-stream.ts'
import { openReader } from '../../../service/db/open.ts'
import { all } from '../../../service/db/sql.ts'
import { openStore } from '../../../service/db/store.ts'
import { hubLink } from '../../../service/sync/hub-link.ts'
import { runSync } from '../../../service/sync/run-sync.ts'
import { readLink } from '../../../service/sync/sync-repo.ts'
import { openTokenFile } from '../../../service/sync/token-file.ts'
import { newId } from '../../support/hub-client.ts'
import { startPostgres } from '../../support/postgres.ts'
import { lots } from '../county.ts'
import { type HubProcess, judged, option, type Ran, startHubProcess, terminal } from './processes.ts'

const COUNT = option('parcels', 100_000)
const CHANGES = option('changes', 2000)
const UNIT = '330781001'
const PASSPHRASE = '一个足够长的测试口令'

const folder = mkdtempSync(join(tmpdir(), 'lowland-county-bench-'))
const geojson = join(folder, 'county.geojson')
writeFileSync(
  geojson,
  `{"type":"FeatureCollection","features":[\n${[...lots(COUNT)]
    .map(({ code, ring }) =>
      JSON.stringify({
        type: 'Feature',
        properties: { code, unit: UNIT, right_holder: '兰溪市某某机械有限公司', town: '云山街道' },
        geometry: { type: 'Polygon', coordinates: [ring] },
      }),
    )
    .join(',\n')}\n]}`,
)

interface Line {
  what: string
  seconds: number
  records: number
  peak: number
  cpu: number
  hubPeak: number | null
  goals: string
}
const lines: Line[] = []
const growth: string[] = []
const sizes: string[] = []

const note = (what: string, ran: Ran, records: number, hub?: HubProcess, goals: string[] = []): void => {
  const { seconds, peak, cpu } = ran
  lines.push({ what, seconds, records, peak, cpu, hubPeak: hub?.peak() ?? null, goals: goals.join('; ') })
  process.stderr.write(`${what}: ${ran.seconds.toFixed(1)} s, ${records} records, ${ran.peak.toFixed(0)} MiB\n`)
}

async function enrol(laptop: string, survey: string, hub: HubProcess, place: HubPlace, unit: string | null) {
  const { db } = await openHubDatabase(place)
  const { code } = await createEnrollCode(db, { unit, role: unit === null ? 'manager' : 'inspector', hours: 1 })
  await db.destroy()
  await terminal(laptop, 'enroll', '--hub', hub.url, '--code', code, '--survey', survey)
}

const folderBytes = (path: string): number =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

async function hubBytes(place: HubPlace): Promise<number> {
  const { db } = await openHubDatabase(place)
  try {
    if ('folder' in place) {
      await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db)
      return statSync(join(place.folder, 'hub.sqlite')).size
    }
    const { rows } = await sql<{ n: string }>`SELECT pg_database_size(current_database()) AS n`.execute(db)
    return Number(rows[0]!.n)
  } finally {
    await db.destroy()
  }
}

/** One field of so many parcels changed one by one, and met; bytes that hub and laptop grew by, per change. */
async function measureGrowth(kind: string, laptop: string, survey: string, place: HubPlace): Promise<void> {
  const deps = {
    now: () => new Date(),
    newId,
    profile: () => ({ user: 'bench', role: 'inspector', unit: UNIT, device: 'bench' }),
  }
  const store = openStore(survey, deps, { create: false })
  const ids = all<{ id: string }>(store.read, 'SELECT id FROM parcel WHERE deleted = 0 ORDER BY code LIMIT ?', [
    CHANGES,
  ])
  const sizeOfSurvey = async (): Promise<number> => {
    await store.quiesced(db => db.pragma('wal_checkpoint(TRUNCATE)'))
    return statSync(survey).size
  }
  const before = [await sizeOfSurvey(), await hubBytes(place)] as const
  for (const { id } of ids)
    await store.mutate({ label: 'updated' }, tx => tx.update('parcel', id, { remark: `实地核查 ${id.slice(-4)}` }))
  const { hub, device } = readLink(store.read)!
  await runSync(store, hubLink(hub!, openTokenFile(laptop).get(device), undefined), createJobControl())
  const after = [await sizeOfSurvey(), await hubBytes(place)] as const
  store.close()
  const each = (index: 0 | 1): string => ((after[index] - before[index]) / ids.length).toFixed(0)
  growth.push(`| ${kind} | ${each(1)} | ${each(0)} |`)
}

/** The county's laptop with its survey in a folder of its own: a copy of the imported one would be noticed as a copy. */
async function measure(kind: 'SQLite' | 'PostgreSQL', place: HubPlace): Promise<void> {
  const at = (name: string): string => {
    const path = join(folder, kind, name)
    mkdirSync(path, { recursive: true })
    return path
  }
  const survey = (name: string): string => join(at(name), 'a.lowland')
  await terminal(at('county'), 'init', '--survey', survey('county'))
  note(`import of the county (for comparison)`, await importCounty(at('county'), survey('county')), COUNT)
  let hub = await startHubProcess(place)
  await enrol(at('county'), survey('county'), hub, place, null)
  const up = await terminal(at('county'), 'sync', '--survey', survey('county'))
  note(`${kind}: the county goes up`, up, Number(up.result['pushed']), hub)
  await hub.close()
  hub = await startHubProcess(place)
  await enrol(at('one'), survey('one'), hub, place, UNIT)
  const down = await terminal(at('one'), 'sync', '--survey', survey('one'))
  const pulled = Number(down.result['pulled'])
  note(`${kind}: first download`, down, pulled, hub, [
    judged(pulled / down.seconds, '>=', 5000, 'records/s'),
    judged(Math.max(down.peak, hub.peak()), '<=', 256, 'MiB'),
  ])
  await measureGrowth(kind, at('one'), survey('one'), place)
  if (kind === 'SQLite') {
    const bundle = join(folder, 'county.lowbundle')
    const words = ['--passphrase', PASSPHRASE, '--survey']
    const out = await terminal(at('county'), 'bundle', 'export', bundle, '--unit', UNIT, ...words, survey('county'))
    note('bundle exported', out, Number(out.result['rows']), undefined, [judged(out.seconds, '<=', 20, 's')])
    sizes.push(`Bundle: ${(statSync(bundle).size / 2 ** 20).toFixed(1)} MiB`)
    const into = await terminal(at('two'), 'bundle', 'import', bundle, ...words, survey('two'))
    note('bundle imported', into, Number(into.result['pulled']), undefined, [judged(into.seconds, '<=', 20, 's')])
    const reader = openReader(survey('two'))
    const [{ n }] = all<{ n: number }>(reader, 'SELECT count(*) AS n FROM parcel WHERE deleted = 0') as [{ n: number }]
    reader.close()
    if (n !== COUNT) throw new Error(`${n} parcels came by bundle`)
  }
  await hub.close()
  sizes.push(
    `${kind}: survey file ${(folderBytes(at('one')) / 2 ** 20).toFixed(0)} MiB, hub ${((await hubBytes(place)) / 2 ** 20).toFixed(0)} MiB`,
  )
}

const importCounty = (laptop: string, survey: string): Promise<Ran> =>
  terminal(laptop, 'import', 'parcels', geojson, '--crs', 'EPSG:4490', '--survey', survey)

const wanted = process.argv.includes('--sqlite-only') ? (['SQLite'] as const) : (['SQLite', 'PostgreSQL'] as const)
for (const kind of wanted) {
  if (kind === 'SQLite') await measure(kind, { folder: join(folder, 'hub') })
  else {
    const postgres = await startPostgres()
    await measure(kind, { databaseUrl: await postgres.newDatabase() })
    postgres.close()
  }
}
rmSync(folder, { recursive: true, force: true })

console.log(
  `\n${COUNT} parcels\n\n| | s | records/s | laptop's CPU, s | laptop's peak, MiB | hub's peak, MiB | goals |\n|---|---|---|---|---|---|---|`,
)
for (const { what, seconds, records, peak, cpu, hubPeak, goals } of lines)
  console.log(
    `| ${what} | ${seconds.toFixed(1)} | ${(records / seconds).toFixed(0)} | ${cpu.toFixed(1)} | ${peak.toFixed(0)} | ${hubPeak?.toFixed(0) ?? '—'} | ${goals} |`,
  )
console.log(`\n${CHANGES} changes of one field\n\n| | hub, bytes a change | laptop, bytes a change |\n|---|---|---|`)
console.log(`${growth.join('\n')}\n\n${sizes.join('. ')}.`)
