/**
 * Who reads what: every procedure that all roles may call is asked, with the records of another unit and with lists of everything,
 * by an inspector and a reviewer of one unit. Nothing of the other unit's enterprises may stand in an answer, a stream or a
 * written file; to the manager the same calls show it, so that the test cannot pass by asking wrongly.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createService, type Service } from '../../service/service.ts'
import type { Contract } from '../../shared/contract/contract.ts'
import { fromFlat } from '../../shared/geometry/types.ts'
import { isOpenToAll } from '../../shared/rules/roles/reading.ts'
import { isForAll, PROCEDURES, type Role } from '../../shared/rules/roles/roles.ts'
import { rectangle } from './survey-fixture.ts'

const OWN = '330781001'
const OTHER = '330781006'
/** Words and figures that stand nowhere else. */
const SECRETS = ['机密乙厂', '91330781MA28SECRET', '司马机密', '7654.321', '乙厂的问题']

let folder: string
let service: Service
let client: ContractRouterClient<Contract>
type Ids = Record<'enterprise' | 'plan' | 'parcel' | 'survey_visit' | 'enterprise_year', string>
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
  ids[whose] = { enterprise, plan, parcel, survey_visit: visit.id, enterprise_year: year.id }
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
    if (existsSync(out))
      for (const file of readdirSync(out))
        text += readFileSync(join(out, file), 'latin1').length > 0 ? readText(join(out, file)) : ''
    return text
  } catch {
    return null
  }
}
/** CSV and other plain files; packed ones are told by their bytes not at all and are asked for by their lists. */
const readText = (file: string): string => (/\.(csv|json|geojson)$/.test(file) ? readFileSync(file, 'utf8') : '')

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
  expect([land.record['code'], land.enterprises, land.plans]).toEqual(['P-other', [], []])
  expect((await client.parcels.list({ ...page, filter: {} })).rows.map(row => row.code)).toEqual(['P-own'])
  // Somebody of the county, and a person without a unit, read all.
  await as('inspector', null)
  expect((await client.enterprises.list({ ...page, filter: {} })).total).toBe(2)
})
