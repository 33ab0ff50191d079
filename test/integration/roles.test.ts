import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createService, type Service } from '../../service/service.ts'
import { type Contract, contract } from '../../shared/contract/contract.ts'
import { codesOf } from '../../shared/model/enumerations.ts'
import { mayCall, PROCEDURES, type Role } from '../../shared/rules/roles/roles.ts'

test('every procedure of the contract stands in the role table, and nothing else does', () => {
  const named = (table: object): string[] =>
    Object.entries(table)
      .flatMap(([area, procedures]) => Object.keys(procedures as object).map(name => `${area}.${name}`))
      .sort()
  expect(named(PROCEDURES)).toEqual(named(contract))
  expect(mayCall('clerk', 'zones', 'somethingNew')).toBe(false)
  expect(mayCall('manager', 'zones', 'somethingNew')).toBe(true)
})

describe('in the service', () => {
  let folder: string
  let service: Service
  let client: ContractRouterClient<Contract>
  const ids = { own: '', other: '' }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lowland-roles-'))
    service = await createService({ dataFolder: folder, resourcesFolder: folder, appVersion: '0' })
    client = createRouterClient(service.router, { context: {} }) as ContractRouterClient<Contract>
    await client.survey.create({ file: join(folder, 'a.lowland') })
    for (const [key, unit] of [
      ['own', '330781001'],
      ['other', '330781006'],
    ] as const) {
      const values = { name: `企业${key}`, unit, legal_person: '欧阳建国', phone: '13857912345' }
      ids[key] = (await client.enterprises.create({ values })).id
    }
  })
  afterEach(() => {
    service.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const as = (role: Role, unit: string | null = null, department: 'ST' | 'ZG' | null = null) =>
    client.survey.setProfile({ user: '某人', role, unit, department })
  const reason = (name: string) => ({ details: { reason: name } })
  const write = async (id: string) => {
    const { rev } = (await client.records.get({ entity: 'enterprise', id })) as { rev: number }
    return client.records.update({ entity: 'enterprise', id, base_rev: rev, values: { remark: '改' } })
  }
  const check = (dimension: string) =>
    client.records.create({ entity: 'compliance_check', values: { enterprise_id: ids.own, dimension, result: 'pass' } })

  test('a leader reads and writes nothing, and undo is no way around', async () => {
    await as('leader')
    expect((await client.enterprises.list({ offset: 0, limit: 10 })).total).toBe(2)
    await expect(write(ids.own)).rejects.toMatchObject(reason('role_procedure'))
    await expect(client.edits.undo()).rejects.toMatchObject(reason('role_procedure'))
    await expect(client.loop.take({ step: 'start', enterprise_ids: [ids.own] })).rejects.toMatchObject(
      reason('role_procedure'),
    )
  })

  test('an inspector writes rows of the own township only, and confirms no visit', async () => {
    await as('inspector', '330781001')
    await write(ids.own)
    await expect(write(ids.other)).rejects.toMatchObject(reason('role_read_unit'))
    const foreign = { entity: 'enterprise' as const, id: ids.other, base_rev: 1, values: { remark: '改' } }
    await expect(client.records.update(foreign)).rejects.toMatchObject(reason('role_unit'))
    const move = { entity: 'enterprise' as const, id: ids.own, base_rev: 2, values: { unit: '330781006' } }
    await expect(client.records.update(move)).rejects.toMatchObject(reason('role_unit'))
    const visit = { enterprise_id: ids.own, visited_at: '2026-05-01T08:00:00Z' }
    await client.records.create({ entity: 'survey_visit', values: { ...visit, status: 'SUBMITTED' } })
    await expect(
      client.records.create({ entity: 'survey_visit', values: { ...visit, status: 'CONFIRMED' } }),
    ).rejects.toMatchObject(reason('role_review'))
  })

  test('a department answers its own dimension and signs for itself', async () => {
    await as('department', null, 'ST')
    await check('HB')
    await expect(check('AQ')).rejects.toMatchObject(reason('role_dimension'))
    await expect(write(ids.own)).rejects.toMatchObject(reason('role_records'))
    const opinion = { plan_id: 'p', department: 'ZG', decision: 'agree', decided_on: '2026-05-01' }
    await expect(client.records.create({ entity: 'approval', values: opinion })).rejects.toMatchObject(
      reason('role_department'),
    )
  })

  test('personal data are masked in answers, histories and exports of those who may not see them', async () => {
    const shown = async (id: string) => {
      const { legal_person, phone } = (await client.enterprises.detail({ id })).record
      return [legal_person, phone]
    }
    const exported = async (): Promise<string> => {
      const file = join(folder, `${Math.random()}.csv`)
      const stream = await client.exports.run({ what: 'enterprises', file })
      for await (const _ of stream);
      return readFileSync(file, 'utf8')
    }
    expect(await shown(ids.other)).toEqual(['欧阳建国', '13857912345'])
    expect(await exported()).toContain('13857912345')
    await as('inspector', '330781001')
    expect(await shown(ids.own)).toEqual(['欧阳建国', '13857912345'])
    await expect(shown(ids.other)).rejects.toMatchObject(reason('role_read_unit'))
    for (const role of ['leader', 'department'] as const) {
      await as(role)
      expect(await shown(ids.own)).toEqual(['欧**', '138****45'])
      const history = JSON.stringify(await client.records.history({ entity: 'enterprise', id: ids.own }))
      expect(history).not.toContain('13857912345')
      expect(JSON.stringify(await client.loop.related({ entity: 'enterprise', offset: 0, limit: 10 }))).not.toContain(
        '欧阳建国',
      )
    }
    expect(await exported()).not.toContain('13857912345')
    const book = await client.loop.exported({ limit: 10 })
    expect(book.map(row => [row.kind, row.records])).toEqual([
      ['export.enterprises', 2],
      ['export.enterprises', 2],
    ])
    // A copy of the whole survey that is put somewhere else is an export too.
    await client.survey.backup({ file: join(folder, 'copy.lowland') })
    expect((await client.loop.exported({ limit: 1 }))[0]).toMatchObject({ kind: 'survey.backup', records: 1 })
  })

  test('no role can call what the table does not give it', async () => {
    for (const role of codesOf('role')) {
      await as(role)
      for (const [area, procedures] of Object.entries(PROCEDURES)) {
        for (const name of Object.keys(procedures)) {
          if (mayCall(role, area, name)) continue
          const call = (client as never as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[area]![
            name
          ]!
          await expect(call({}), `${role} ${area}.${name}`).rejects.toMatchObject(reason('role_procedure'))
        }
      }
    }
  })
})
