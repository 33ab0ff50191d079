/**
 * Saved means saved: the service is killed with SIGKILL at random moments in the middle of edits, imports and roll-backs.
 * After every death each acknowledged write must be there, no import may be half there, and `check` must be clean.
 * CRASH_RUNS and CRASH_SEED change how often and from where; the seed of a failing run is in its message.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { all, get } from '../../service/db/sql.ts'
import { openStore, type Store } from '../../service/db/store.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { checkSurvey } from '../../service/survey/survey-repo.ts'
import { createRandom } from '../../tools/demo/random.ts'
import { bundleForNode } from '../support/bundle.ts'
import type { Acknowledged, Orders } from '../support/crash-writer.ts'

const RUNS = Number(process.env['CRASH_RUNS'] ?? 200)
const SEED = Number(process.env['CRASH_SEED'] ?? 20261123)
/**
 * A life ends so many acknowledged writes after its first one, and then at a random moment of what it does next. Counted and
 * not timed, so that a slow machine does not only kill writers that have done nothing yet.
 */
const MOST_WRITES = 10
const LAST_STEP_MS = 40
/** One survey serves several deaths, so that later lives work on what earlier ones left. */
const DEATHS_PER_SURVEY = 25
/** Surveys that are written, killed and checked side by side. */
const LANES = 2

let serial = 0

const deps = {
  now: () => new Date(),
  newId: () => `00000000-0000-7000-8000-${String(serial++).padStart(12, '0')}`,
  profile: () => ({ user: 'test', role: 'manager', unit: null, device: 'test' }),
}

function importFileIn(folder: string): string {
  const features = Array.from({ length: 400 }, (_, index) => {
    const x = 11.5 + (index % 20) * 0.002
    const y = 51.5 + Math.floor(index / 20) * 0.002
    const ring = [
      [x, y],
      [x + 0.001, y],
      [x + 0.001, y + 0.001],
      [x, y + 0.001],
      [x, y],
    ]
    return {
      type: 'Feature',
      properties: { name: `导入 ${index}` },
      geometry: { type: 'Polygon', coordinates: [ring] },
    }
  })
  const file = join(folder, 'parcels.geojson')
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }))
  return file
}

/**
 * A writer that has loaded the service and waits for its orders. Loading takes longer than living, so the next one loads
 * while the present one lives.
 */
function standBy(program: string): ChildProcess {
  return spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Lets a writer work, kills it `restMs` after its `writes`-th acknowledged write, returns what it had acknowledged. */
function liveAndDie(child: ChildProcess, orders: Orders, writes: number, restMs: number): Promise<Acknowledged[]> {
  return new Promise((resolve, reject) => {
    let output = ''
    let problems = ''
    let seen = 0
    child.stdout!.on('data', chunk => {
      output += chunk
      const before = seen
      seen = output.split('\n').length - 1
      if (before < writes && seen >= writes) setTimeout(() => child.kill('SIGKILL'), restMs)
    })
    child.stderr!.on('data', chunk => {
      problems += chunk
    })
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the writer ended by itself (seed ${orders.seed}): ${problems}`))
      else
        resolve(
          output
            .split('\n')
            .slice(0, -1)
            .map(line => JSON.parse(line) as Acknowledged),
        )
    })
    child.stdin!.write(`${JSON.stringify(orders)}\n`)
  })
}

function verify(store: Store, facts: readonly Acknowledged[], where: string): void {
  const db = store.read
  const last = new Map<string, string>()
  const undone = new Set(facts.flatMap(fact => (fact.kind === 'undone' ? [fact.batch] : [])))
  for (const fact of facts) {
    if (fact.kind === 'parcel') {
      expect(
        get<{ name: string }>(db, 'SELECT name FROM parcel WHERE id = ? AND deleted = 0', [fact.id])?.name,
        where,
      ).toBe(fact.name)
    } else if (fact.kind === 'value') last.set(fact.id, fact.value)
    else if (fact.kind === 'import' && !undone.has(fact.batch)) {
      const rows = all<{ n: number; undone: string | null }>(
        db,
        'SELECT count(p.pk) AS n, b.undone_at AS undone FROM import_batch b LEFT JOIN parcel p ON p.import_batch = b.id AND p.deleted = 0 WHERE b.id = ? GROUP BY b.id',
        [fact.batch],
      )
      // A roll-back that was not acknowledged may have been committed just before the end; then it must be whole.
      expect([fact.inserted, 0], where).toContain(rows[0]?.n)
      expect(rows[0]?.n === 0, where).toBe(rows[0]?.undone !== null)
    }
  }
  for (const [id, value] of last) {
    const now = get<{ remark: string }>(db, 'SELECT remark FROM parcel WHERE id = ?', [id])?.remark
    // A later value may have been committed without having been acknowledged; an earlier one must never come back.
    const step = (text: string | undefined): number => Number(text?.split('/')[1] ?? -1)
    expect(step(now), where).toBeGreaterThanOrEqual(step(value))
  }
  for (const batch of all<{ id: string; inserted: number; live: number; undone: string | null }>(
    db,
    `SELECT b.id, json_extract(b.counts, '$.inserted') AS inserted, b.undone_at AS undone,
            (SELECT count(*) FROM parcel p WHERE p.import_batch = b.id AND p.deleted = 0) AS live FROM import_batch b`,
  )) {
    expect(batch.live, `${where}: batch ${batch.id} is whole`).toBe(batch.undone === null ? batch.inserted : 0)
  }
}

interface Loss {
  acknowledged: number
  imports: number
}

/** The deaths `from … to` on one survey, so that later lives work on what earlier ones left. */
async function deathsOf(program: string, from: number, to: number, loss: Loss): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-crash-'))
  const survey = join(folder, 'crash.lowland')
  const fresh = openStore(survey, deps, { create: true })
  await fillNewSurvey(fresh, 'blank', 'crash')
  fresh.close()
  const importFile = importFileIn(folder)
  let next = standBy(program)
  try {
    for (let run = from; run < to; run++) {
      const seed = SEED + run
      const writer = next
      next = standBy(program)
      const orders = { survey, dataFolder: join(folder, 'data'), importFile, seed }
      const random = createRandom(seed)
      const facts = await liveAndDie(writer, orders, random.integer(1, MOST_WRITES), random.integer(0, LAST_STEP_MS))
      loss.acknowledged += facts.length
      loss.imports += facts.filter(fact => fact.kind === 'import').length
      const store = openStore(survey, deps, { create: false })
      try {
        verify(store, facts, `run ${run}, seed ${seed}`)
        expect(await store.quiesced(db => checkSurvey(db)), `run ${run}, seed ${seed}`).toEqual([])
      } finally {
        store.close()
      }
    }
  } finally {
    next.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('kill -9', () => {
  it(`loses nothing that was acknowledged, ${RUNS} times (seed ${SEED})`, { timeout: 900_000 }, async () => {
    // Bundled, because loading the sources file by file takes most of a run's time.
    const program = await bundleForNode('crash-writer', 'test/support/crash-writer.ts')
    const loss: Loss = { acknowledged: 0, imports: 0 }
    const starts = Array.from({ length: Math.ceil(RUNS / DEATHS_PER_SURVEY) }, (_, index) => index * DEATHS_PER_SURVEY)
    const lane = async (): Promise<void> => {
      for (let from = starts.shift(); from !== undefined; from = starts.shift())
        await deathsOf(program, from, Math.min(from + DEATHS_PER_SURVEY, RUNS), loss)
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    // The test must have had something to lose.
    expect(loss.acknowledged).toBeGreaterThan(RUNS * 2)
    expect(loss.imports).toBeGreaterThan(RUNS / 20)
  })
})
