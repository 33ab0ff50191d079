/**
 * Who reads what: every procedure that all roles may call is asked, with the records of another unit and with lists of everything,
 * by an inspector and a reviewer of one unit. Nothing of the other unit's enterprises may stand in an answer, a stream or a
 * written file; to the manager the same calls show it, so that the test cannot pass by asking wrongly.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import ExcelJS from 'exceljs'
import jpeg from 'jpeg-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService, type Service } from '../../service/service.ts'
import type { Contract } from '../../shared/contract/contract.ts'
import { fromFlat } from '../../shared/geometry/types.ts'
import type { EntityName } from '../../shared/model/entity.ts'
import { isOpenToAll } from '../../shared/rules/roles/reading.ts'
import { isForAll, PROCEDURES, type Role } from '../../shared/rules/roles/roles.ts'
import { rectangle } from './survey-fixture.ts'

const OWN = '330781001'
const OTHER = '330781006'
/** Words and figures that stand nowhere else. */
const SECRETS = ['机密乙厂', '91330781MA28SECRET', '司马机密', '7654.321', '乙厂的问题', '机密片区', '乙厂的档案']
/** Stands in every text of the records that hang on the enterprise: list entry, steps, measures, acceptance, freed land, photos … */
const FILED = SECRETS[6]!

let folder: string
let service: Service
let client: ContractRouterClient<Contract>
type Kind = 'enterprise' | 'plan' | 'parcel' | 'survey_visit' | 'enterprise_year' | 'zone' | 'list_entry' | 'attachment'
type Ids = Record<Kind, string>
const ids = {} as Record<'own' | 'other', Ids>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lowland-reading-'))
  service = await createService({ dataFolder: folder, resourcesFolder: folder, appVersion: '0' })
  client = createRouterClient(service.router, { context: {} }) as ContractRouterClient<Contract>
  await client.survey.create({ file: join(folder, 'a.lowland') })
  await fill('own', OWN, 0)
  await fill('other', OTHER, 500)
})
afterAll(() => {
  service.close()
  rmSync(folder, { recursive: true, force: true })
})

async function fill(whose: 'own' | 'other', unit: string, x: number): Promise<void> {
  const secret = whose === 'other'
  const geometry = fromFlat(rectangle(x, 0, 100, 100))
  const parcel = (await client.parcels.create({ geometry, values: { unit, code: `P-${whose}` } } as never)).id
  const { id: enterprise } = await client.enterprises.create({
    values: {
      name: secret ? SECRETS[0]! : '公开甲厂',
      uscc: null,
      legal_person: secret ? SECRETS[2]! : '甲某',
      remark: secret ? SECRETS[1]! : '',
      unit,
    },
    parcel_id: parcel,
  })
  const year = await client.enterprises.saveYear({
    enterprise_id: enterprise,
    year: 2022,
    base_rev: null,
    values: { scale: 'below', tax: secret ? 7654.321 : 2, land_mu_actual: 20_000, value_added: 3, energy_tce: 4 },
  })
  const plan = (await client.plans.draft({ enterprise_id: enterprise, year: 2023 })).id
  const rev = Number((await client.plans.detail({ id: plan })).record['rev'])
  await client.plans.save({ id: plan, base_rev: rev, values: { problems: secret ? SECRETS[4]! : '无' } } as never)
  const visit = await client.records.create({
    entity: 'survey_visit',
    values: {
      parcel_id: parcel,
      enterprise_id: enterprise,
      visited_at: '2026-05-01T08:00:00Z',
      status: 'SUBMITTED',
      findings: `${secret ? SECRETS[4] : ''}`,
    },
  })
  const zone = (
    await client.zones.create({ name: secret ? SECRETS[5]! : '公开片区', year: 2022, unit, parcel_ids: [parcel] })
  ).id
  const filed = await fileBooks({ enterprise, plan, parcel }, secret ? FILED : '公开')
  const attachment = await addPhoto(whose, { entity: 'survey_visit', id: visit.id })
  ids[whose] = {
    enterprise,
    plan,
    parcel,
    survey_visit: visit.id,
    enterprise_year: year.id,
    zone,
    attachment,
    ...filed,
  }
}

/** The books of an enterprise and its land, each with the word in one of its texts. */
async function fileBooks(of: Record<'enterprise' | 'plan' | 'parcel', string>, word: string) {
  const make = async (entity: EntityName, values: Record<string, unknown>): Promise<string> =>
    (await client.records.create({ entity, values } as never)).id
  const [plan_id, parcel_id, enterprise_id] = [of.plan, of.parcel, of.enterprise]
  const list_entry = await make('list_entry', { enterprise_id, state: 'S0', batch: word })
  await make('look_back', { list_entry_id: list_entry, due_date: '2024-01-01', evidence: [word] })
  await make('measure', { plan_id, position: 9, type: 'M6', description: word })
  await make('compliance_check', { plan_id, enterprise_id, dimension: 'AQ', result: 'fail', item: word })
  await make('acceptance', { plan_id, doc_no: word, accepted_on: '2023-05-01' })
  await make('approval', { plan_id, department: 'JX', decision: 'agree', reason: word, decided_on: '2023-05-01' })
  await make('reclamation', { parcel_id, plan_id, project_name: word, area_m2: 100 })
  await make('standard_land', { parcel_id, agreement_no: word })
  await make('idle_case', { parcel_id, contract_no: word })
  await make('freed_land', { parcel_id, source: 'vacated', area_m2: 100, project_name: word, investor: word })
  await make('two_high', { enterprise_id, project_name: word, unit: word === FILED ? OTHER : OWN })
  return { list_entry }
}

/** A picture whose bytes are its own. */
async function addPhoto(whose: string, owner: { entity: 'survey_visit'; id: string }): Promise<string> {
  const file = join(folder, `${whose === 'other' ? FILED : '公开'}.jpg`)
  const pixels = { width: 8, height: 8, data: Buffer.alloc(256, whose === 'other' ? 40 : 200) }
  writeFileSync(file, jpeg.encode(pixels, 90).data)
  const events = (await client.attachments.add({ files: [file], owner }))[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await events.next()
    if (done) return value.photos[0]!.attachment.id
  }
}

const as = (role: Role, unit: string | null) => client.survey.setProfile({ user: '某人', role, unit, department: null })

let run = 0
/** One answer as text: streams to their end, and the files that were written. */
async function answerOf(area: string, name: string, input: object): Promise<string | null> {
  const out = join(folder, `out-${run++}`)
  mkdirSync(out)
  const call = (client as never as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[area]![name]!
  const given = structuredClone({ ...input, out, file: join(out, 'x.csv') })
  try {
    const answer = await call(given)
    let text = ''
    if (answer !== null && typeof answer === 'object' && Symbol.asyncIterator in answer) {
      const events = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      for (let step = await events.next(); ; step = await events.next()) {
        text += JSON.stringify(step.value)
        if (step.done) break
      }
    } else text = JSON.stringify(answer) ?? ''
    for (const file of readdirSync(out)) text += await readText(join(out, file))
    return text
  } catch {
    return null
  }
}
/** Plain files and workbooks; sheets in Word and PDF are printed from the same models. */
async function readText(file: string): Promise<string> {
  if (/\.(csv|json|geojson)$/.test(file)) return readFileSync(file, 'utf8')
  if (!file.endsWith('.xlsx')) return ''
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  return JSON.stringify(book.worksheets.map(sheet => [sheet.name, sheet.getSheetValues()]))
}

/** Inputs that between them suit every procedure: what it does not know it ignores. */
function inputs(): object[] {
  const base = {
    offset: 0,
    limit: 100,
    year: 2022,
    dry_run: true,
    by: 'unit',
    what: 'enterprises',
    from: '2020-01-01',
    to: '2030-12-31',
  }
  const other = ids.other
  const one = (entity: keyof Ids, more: object = {}) => ({ ...base, entity, id: other[entity], ...more })
  return [
    { ...base, filter: {} },
    { ...base, year: 2023, filter: {} },
    { ...base, filter: {}, text: '机密' },
    { ...base, list: 'drafts', unit: null, filter: {} },
    { ...base, unit: OTHER, units: [OTHER], filter: { units: [OTHER], unit: OTHER } },
    one('enterprise', { enterprise_id: other.enterprise, owner: { entity: 'enterprise', id: other.enterprise } }),
    one('plan', { from: other.plan, to: other.plan, plan_ids: [other.plan] }),
    one('survey_visit', { parcel_id: other.parcel }),
    one('enterprise_year', { field: 'enterprise_id', id: other.enterprise }),
    one('enterprise_year'),
    one('zone', {
      zone_id: other.zone,
      zone_ids: [other.zone],
      owner: { entity: 'zone', id: other.zone },
      formats: ['geojson'],
    }),
    one('list_entry'),
    one('attachment', { owner: { entity: 'survey_visit', id: other.survey_visit } }),
    ...(['list_entry', 'measure', 'acceptance', 'freed_land', 'attachment', 'zone'] as const).map(entity => ({
      ...base,
      entity,
    })),
    { ...base, formats: ['xlsx'], register: 'compliance', what: 'compliance' },
    { ...base, entity: 'enterprise' },
    { ...base, entity: 'plan' },
    { ...base, id: other.parcel, parcel_id: other.parcel, pk: undefined },
  ]
}

const reads = Object.entries(PROCEDURES).flatMap(([area, procedures]) =>
  Object.keys(procedures)
    .filter(name => isForAll(area, name) && !isOpenToAll(area, name))
    .map(name => [area, name] as const),
)

test('nothing of another unit reaches an inspector or a reviewer, by whatever read; the manager sees it by the same calls', async () => {
  const seen = new Map<string, Set<string>>()
  const ran = new Set<string>()
  for (const [role, unit] of [
    ['manager', null],
    ['inspector', OWN],
    ['township', OWN],
  ] as const) {
    await as(role, unit)
    for (const [area, name] of reads) {
      // A reviewer is bound by the same code: lists will do.
      for (const input of inputs().slice(0, role === 'township' ? 3 : undefined)) {
        const text = await answerOf(area, name, input)
        if (text === null) continue
        if (role === 'manager') ran.add(`${area}.${name}`)
        if (SECRETS.some(secret => text.includes(secret))) {
          const key = role === 'manager' ? 'manager' : 'bound'
          seen.set(key, (seen.get(key) ?? new Set()).add(`${area}.${name}`))
        }
      }
    }
  }
  expect([...(seen.get('bound') ?? [])]).toEqual([])
  const shown = seen.get('manager')!
  const known = [
    'enterprises.list',
    'enterprises.detail',
    'plans.list',
    'plans.detail',
    'loop.related',
    'records.get',
    'records.history',
    'visits.list',
    'parcels.detail',
    'search.query',
    'identify.run',
    'scoring.run',
    'exports.run',
  ]
  expect(known.filter(name => !shown.has(name))).toEqual([])
  expect(ran.size).toBeGreaterThan(25)
})

test('the own unit is whole, totals are its own, another one is refused in words, land is seen without its users', async () => {
  await as('inspector', OWN)
  const page = { offset: 0, limit: 10 }
  expect(await client.enterprises.list({ ...page, filter: {} })).toMatchObject({
    total: 1,
    rows: [{ name: '公开甲厂' }],
  })
  expect((await client.plans.list(page)).total).toBe(1)
  expect((await client.enterprises.detail({ id: ids.own.enterprise })).record['legal_person']).toBe('甲某')
  const refused = { code: 'refused', details: { reason: 'role_read_unit' } }
  await expect(client.enterprises.detail({ id: ids.other.enterprise })).rejects.toMatchObject(refused)
  await expect(client.plans.list({ ...page, units: [OTHER] })).rejects.toMatchObject(refused)
  await expect(client.records.get({ entity: 'enterprise', id: ids.other.enterprise })).rejects.toMatchObject(refused)
  const land = await client.parcels.detail({ id: ids.other.parcel })
  expect([land.record['code'], land.enterprises, land.plans, land.zones]).toEqual(['P-other', [], [], []])
  expect((await client.parcels.detail({ id: ids.own.parcel })).zones).toMatchObject([{ name: '公开片区' }])
  expect(await client.attachments.list({})).toMatchObject({ total: 1, rows: [{ id: ids.own.attachment }] })
  expect(await client.freed.list(page)).toMatchObject({ total: 1, rows: [{ project_name: '公开' }] })
  expect((await client.parcels.list({ ...page, filter: {} })).rows.map(row => row.code)).toEqual(['P-own'])
  // Pictures travel outside the procedures.
  const picture = (id: string, variant: 'thumbnail' | 'original') => service.asset({ kind: 'photo', id, variant })
  for (const variant of ['thumbnail', 'original'] as const) {
    expect((await picture(ids.own.attachment, variant))?.type).toBe('image/jpeg')
    await expect(picture(ids.other.attachment, variant)).rejects.toMatchObject(refused)
  }
  // Somebody of the county, and a person without a unit, read all.
  await as('inspector', null)
  expect((await client.enterprises.list({ ...page, filter: {} })).total).toBe(2)
  expect(await picture(ids.other.attachment, 'original')).not.toBeNull()
})
