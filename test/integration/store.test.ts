/** The survey file and its one write path, on real SQLite files. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { restoreBackup, writeBackup } from '../../service/db/backup.ts'
import { nextRedo, nextUndo } from '../../service/db/change-log.ts'
import { unsafeLocation } from '../../service/db/location.ts'
import { LATEST_VERSION } from '../../service/db/migrate.ts'
import { assertDurable, openWriter } from '../../service/db/open.ts'
import { all, get } from '../../service/db/sql.ts'
import { openStore, type Store } from '../../service/db/store.ts'
import type { ServiceDeps } from '../../service/deps.ts'
import { editsMethods } from '../../service/records/records-methods.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { checkSurvey } from '../../service/survey/survey-repo.ts'
import type { AppError } from '../../shared/contract/errors.ts'
import { toFlat } from '../../shared/geometry/types.ts'
import { ENTITIES, ENTITY_NAMES } from '../../shared/model/entity.ts'

let folder: string
let file: string
let store: Store
let serial = 0
let user = '甲'

const deps = {
  now: () => new Date(Date.UTC(2026, 0, 1) + serial),
  newId: () => `00000000-0000-7000-8000-${String(++serial).padStart(12, '0')}`,
  profile: () => ({ user, role: 'manager', unit: null, device: 'test' }),
}

const square = (x: number, y: number, size = 0.001) =>
  toFlat({
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + size, y],
        [x + size, y + size],
        [x, y + size],
        [x, y],
      ],
    ],
  })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lowland-store-'))
  file = join(folder, '调查 一.lowland')
  user = '甲'
  store = openStore(file, deps, { create: true })
})

afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    return (error as AppError).code
  }
  return 'no error'
}

const addParcel = (code: string, x = 119.4) =>
  store.mutate({ label: 'parcel_drawn', values: { name: code } }, tx => tx.create('parcel', { code }, square(x, 29.2)))

/** Everything that people see of parcels, in one comparable value. */
const parcels = () =>
  all(
    store.read,
    'SELECT code, name, remark, far, hex(geometry) AS geometry, area_m2, deleted FROM parcel ORDER BY code, pk',
  )
const live = () =>
  all(
    store.read,
    'SELECT code, name, remark, far, hex(geometry) AS geometry, area_m2 FROM parcel WHERE deleted = 0 ORDER BY code',
  )

const edits = () => createRouterClient(editsMethods({ store: () => store } as unknown as ServiceDeps), { context: {} })

describe('the survey file', () => {
  it('writes ahead and waits for the disk', () => {
    const db = openWriter(join(folder, 'other.db'), { mustExist: false })
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    db.pragma('synchronous = NORMAL')
    expect(() => assertDurable(db)).toThrow(/安全写入/)
    db.close()
  })

  it('has a column for every field of every entity and no other', () => {
    const stamp = [
      'pk',
      'id',
      'rev',
      'deleted',
      'created_by',
      'created_at',
      'updated_by',
      'updated_at',
      'origin_device',
    ]
    for (const entity of ENTITY_NAMES) {
      const columns = all<{ name: string }>(store.read, `SELECT name FROM pragma_table_info('${entity}')`).map(
        column => column.name,
      )
      expect(columns.sort(), entity).toEqual([...stamp, ...Object.keys(ENTITIES[entity].fields)].sort())
    }
  })

  it('belongs to one program at a time, however the last one ended', async () => {
    expect(await codeOf(() => openStore(file, deps, { create: false }))).toBe('survey_locked')
    store.close()
    store = openStore(file, deps, { create: false })
    expect(store.file).toBe(file)
  })

  it('refuses what is not a survey and what a newer version wrote', async () => {
    const text = join(folder, 'text.lowland')
    writeFileSync(text, 'not a database at all, only text that is long enough to be read as a header')
    expect(await codeOf(() => openStore(text, deps, { create: false }))).toBe('survey_damaged')
    const foreign = join(folder, 'foreign.lowland')
    const db = openWriter(foreign, { mustExist: false })
    db.exec('CREATE TABLE x (y)')
    db.close()
    expect(await codeOf(() => openStore(foreign, deps, { create: false }))).toBe('not_a_survey')
    store.close()
    const newer = openWriter(file, { mustExist: true })
    newer.pragma(`user_version = ${LATEST_VERSION + 10}`)
    newer.close()
    expect(await codeOf(() => openStore(file, deps, { create: false }))).toBe('survey_from_future')
    const back = openWriter(file, { mustExist: true })
    back.pragma(`user_version = ${LATEST_VERSION}`)
    back.close()
    store = openStore(file, deps, { create: false })
  })

  it('is not kept on network shares or in folders that a cloud copies', () => {
    expect(unsafeLocation('\\\\server\\share\\a.lowland')?.reason).toBe('network_folder')
    expect(unsafeLocation('//server/share/a.lowland')?.reason).toBe('network_folder')
    expect(unsafeLocation(join(folder, 'OneDrive', 'a.lowland'))?.reason).toBe('synced_folder')
    expect(unsafeLocation(join(folder, '我的坚果云', '子文件夹', 'a.lowland'))?.reason).toBe('synced_folder')
    expect(unsafeLocation(join(folder, '调查', 'a.lowland'))).toBeUndefined()
  })

  it('never overwrites an existing file when a new survey is made', async () => {
    expect(await codeOf(() => openStore(file, deps, { create: true }))).toBe('file_exists')
  })
})

describe('backups', () => {
  it('are verified copies, and a restore moves the present survey aside', async () => {
    await addParcel('A-1')
    const copy = join(folder, 'copy.lowland')
    await store.quiesced(db => writeBackup(db, copy))
    await addParcel('A-2', 119.5)
    store.close()
    const aside = restoreBackup(copy, file, new Date())
    expect(existsSync(aside!)).toBe(true)
    store = openStore(file, deps, { create: false })
    expect(live().map(row => (row as { code: string }).code)).toEqual(['A-1'])
  })

  it('refuse a damaged source and leave the survey alone', async () => {
    await addParcel('A-1')
    const broken = join(folder, 'broken.lowland')
    writeFileSync(broken, Buffer.alloc(5000, 7))
    store.close()
    expect(await codeOf(() => restoreBackup(broken, file, new Date()))).toBe('survey_damaged')
    store = openStore(file, deps, { create: false })
    expect(live()).toHaveLength(1)
  })

  it('keep the newest ten of the rotating ones', async () => {
    for (let round = 0; round < 12; round++) {
      serial += 1000
      await store.backup('test')
    }
    expect(readdirSync(`${file}.files/backups`)).toHaveLength(10)
  })
})

describe('an edit', () => {
  it('is written with its log, or not at all', async () => {
    await addParcel('A-1')
    const before = parcels()
    const log = all(store.read, 'SELECT count(*) AS n FROM change')
    expect(
      await codeOf(() =>
        store.mutate({ label: 'x' }, tx => {
          tx.create('parcel', { code: 'A-2' }, square(119.5, 29.2))
          throw Object.assign(new Error('on purpose'), { code: 'refused' })
        }),
      ),
    ).toBe('refused')
    expect(parcels()).toEqual(before)
    expect(all(store.read, 'SELECT count(*) AS n FROM change')).toEqual(log)
    expect(all(store.read, 'SELECT pk FROM parcel_box')).toHaveLength(1)
  })

  it('that changes nothing leaves no step behind', async () => {
    const { result: id } = await addParcel('A-1')
    const revision = store.revision()
    await store.mutate({ label: 'x' }, tx => tx.update('parcel', id, { name: null }))
    expect(store.revision()).toBe(revision)
  })

  it('cannot use a code twice, but can use that of a deleted record', async () => {
    const { result: id } = await addParcel('A-1')
    expect(await codeOf(() => addParcel('A-1', 119.6))).toBe('duplicate_code')
    await store.mutate({ label: 'x' }, tx => tx.remove('parcel', id))
    expect(await codeOf(() => addParcel('A-1', 119.6))).toBe('no error')
  })

  it('tells what it touched once, after the commit, and readers see it then', async () => {
    const events: unknown[] = []
    store.onChanged(event => {
      events.push([
        event.entities['parcel']?.length,
        get<{ n: number }>(store.read, 'SELECT count(*) AS n FROM parcel')!.n,
      ])
    })
    await addParcel('A-1')
    expect(events).toEqual([[1, 1]])
  })

  it('waits for a long import and then goes on', async () => {
    const order: string[] = []
    const long = store.bulk({ label: 'import', kind: 'import' }, async tx => {
      tx.insert('parcel', { code: 'B-1' }, square(119.3, 29.2))
      await new Promise(resolve => setTimeout(resolve, 50))
      order.push('import')
    })
    const short = addParcel('A-1').then(() => order.push('edit'))
    expect(live()).toHaveLength(0)
    await Promise.all([long, short])
    expect(order).toEqual(['import', 'edit'])
  })

  it('says that the disk is full and keeps what was saved', async () => {
    await addParcel('A-1')
    await store.quiesced(db => db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`))
    const codes = new Set<string>()
    for (let index = 0; index < 40; index++) {
      codes.add(
        await codeOf(() =>
          store.mutate({ label: 'x' }, tx =>
            tx.create('parcel', { code: `F-${index}`, remark: 'x'.repeat(900) }, square(119.4, 29.2)),
          ),
        ),
      )
    }
    expect(codes.has('disk_full')).toBe(true)
    await store.quiesced(db => db.pragma('max_page_count = 1000000'))
    expect(await store.quiesced(db => checkSurvey(db))).toEqual([])
    expect(await codeOf(() => addParcel('A-2', 119.7))).toBe('no error')
  })
})

describe('bulk work', () => {
  it('tried without committing leaves nothing, not even a step', async () => {
    const revision = store.revision()
    const outcome = await store.bulk({ label: 'import', kind: 'import' }, async tx => {
      tx.insert('parcel', { code: 'B-1' }, square(119.3, 29.2))
      tx.rollbackOnly()
      return get<{ n: number }>(tx.db, 'SELECT count(*) AS n FROM parcel')!.n
    })
    expect(outcome).toEqual({ result: 1, edit: null })
    expect(parcels()).toEqual([])
    expect(store.revision()).toBe(revision)
  })
})

describe('undo', () => {
  it('is per person: nobody undoes what somebody else did', async () => {
    await addParcel('A-1')
    user = '乙'
    expect(nextUndo(store.read, '乙')).toBeUndefined()
    expect(nextUndo(store.read, '甲')?.label).toBe('parcel_drawn')
  })

  it('leaves a field alone that somebody else changed since, and names it', async () => {
    const { result: id } = await addParcel('A-1')
    await store.mutate({ label: 'updated' }, tx => tx.update('parcel', id, { name: '甲的', remark: '甲的' }))
    user = '乙'
    await store.mutate({ label: 'updated' }, tx => tx.update('parcel', id, { name: '乙的' }))
    user = '甲'
    const { skipped } = await edits().undo()
    expect(skipped).toEqual([ENTITIES.parcel.fields.name.zh])
    expect(get(store.read, 'SELECT name, remark FROM parcel')).toEqual({ name: '乙的', remark: null })
  })

  it('takes back any sequence of edits step by step, and redo brings every step again', {
    timeout: 120_000,
  }, async () => {
    const step = fc.oneof(
      fc.record({ op: fc.constant('create' as const), x: fc.integer({ min: 0, max: 60 }) }),
      fc.record({ op: fc.constant('name' as const), pick: fc.nat(), value: fc.option(fc.string({ maxLength: 12 })) }),
      fc.record({
        op: fc.constant('far' as const),
        pick: fc.nat(),
        value: fc.option(fc.double({ min: 0, max: 20, noNaN: true })),
      }),
      fc.record({ op: fc.constant('move' as const), pick: fc.nat(), x: fc.integer({ min: 0, max: 60 }) }),
      fc.record({ op: fc.constant('remove' as const), pick: fc.nat() }),
    )
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async steps => {
        store.close()
        file = join(folder, `property-${round++}.lowland`)
        store = openStore(file, deps, { create: true })
        const states = [live()]
        const ids: string[] = []
        let created = 0
        for (const current of steps) {
          const alive = all<{ id: string }>(store.read, 'SELECT id FROM parcel WHERE deleted = 0 ORDER BY pk').map(
            row => row.id,
          )
          const target = 'pick' in current && alive.length > 0 ? alive[current.pick % alive.length]! : undefined
          const before = store.revision()
          if (current.op === 'create') {
            const { result } = await store.mutate({ label: 'c' }, tx =>
              tx.create('parcel', { code: `P-${created++}` }, square(119 + current.x / 100, 29.2)),
            )
            ids.push(result)
          } else if (!target) continue
          else if (current.op === 'remove') await store.mutate({ label: 'r' }, tx => tx.remove('parcel', target))
          else if (current.op === 'move')
            await store.mutate({ label: 'm' }, tx =>
              tx.update('parcel', target, {}, { geometry: square(119 + current.x / 100, 29.3) }),
            )
          else await store.mutate({ label: 'u' }, tx => tx.update('parcel', target, { [current.op]: current.value }))
          if (store.revision() > before) states.push(live())
        }
        for (let index = states.length - 1; index > 0; index--) {
          expect(live()).toEqual(states[index])
          expect((await edits().undo()).skipped).toEqual([])
        }
        expect(live()).toEqual(states[0])
        expect(nextUndo(store.read, user)).toBeUndefined()
        for (let index = 1; index < states.length; index++) {
          expect((await edits().redo()).skipped).toEqual([])
          expect(live()).toEqual(states[index])
        }
        expect(nextRedo(store.read, user)).toBeUndefined()
        expect(await store.quiesced(db => checkSurvey(db))).toEqual([])
      }),
      {
        numRuns: 40,
        // Found: a name of one blank was stored as "", and as nothing when the edit was made again.
        examples: [
          [
            [
              { op: 'create', x: 0 },
              { op: 'name', pick: 0, value: ' ' },
              { op: 'create', x: 0 },
            ],
          ],
        ],
      },
    )
  })
})

describe('a new survey', () => {
  it('of Lanxi has its 18 units, its targets and the plane of EPSG:4549', async () => {
    await fillNewSurvey(store, 'lanxi-2021-2023', '兰溪')
    expect(get(store.read, "SELECT count(*) AS n FROM report_unit WHERE code LIKE '330781%'")).toEqual({ n: 18 })
    // (16 + 2) units × 3 years, one contiguous zone each.
    expect(get(store.read, "SELECT sum(value) AS n FROM target WHERE indicator = '连片整治区域'")).toEqual({ n: 54 })
    expect(store.plane).toEqual({ centralMeridianDegrees: 120, falseEastingM: 500_000 })
    expect(nextUndo(store.read, user)).toBeUndefined()
  })

  it('without a template takes the plane of its first data', async () => {
    await fillNewSurvey(store, 'blank', '别处')
    await addParcel('A-1', 19.1)
    expect(store.plane.centralMeridianDegrees).toBeCloseTo(19, 0)
  })
})
