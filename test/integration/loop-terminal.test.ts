/** The closed loop from the terminal: no way around the guard, JSON answers, exit codes; and input that is plainly wrong. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { fileEvidence, openLoopWorld, photo } from '../support/loop-world.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'lowland-loop-terminal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function lowland(...words: string[]): { status: number; json: Record<string, unknown> } {
  const args = [join(root, 'cli/main.ts'), ...words, '--survey', join(folder, 'loop.lowland'), '--json']
  const env = { ...process.env, LOWLAND_DATA: join(folder, 'data') }
  try {
    const out = execFileSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
    return { status: 0, json: JSON.parse(out.toString()) }
  } catch (error) {
    const failed = error as { status: number; stdout: Buffer }
    return { status: failed.status, json: JSON.parse(failed.stdout.toString() || '{}') }
  }
}

/** The terminal acts as the person of this computer. */
function become(role: string): void {
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(join(folder, 'data', 'device.json'), JSON.stringify({ device: 'd', user: '李四', role }))
}

it('takes steps with their evidence only, whatever is set directly', async () => {
  const world = openLoopWorld(folder)
  const { id } = await world.enterprise('QY-1', 'inside')
  await fileEvidence(world, id, 'SUBMITTED')
  world.close()

  become('manager')
  const refused = lowland('loop', 'take', 'start', 'QY-1')
  expect(refused).toMatchObject({ status: 1, json: { error: { details: { reason: 'not_yours_township' } } } })
  expect(lowland('set', 'enterprise', 'QY-1', 'state=S7')).toMatchObject({
    status: 1,
    json: { error: { details: { reason: 'derived_field' } } },
  })

  become('township')
  expect(lowland('loop', 'take', 'start', 'QY-1')).toMatchObject({ status: 0, json: { done: 1 } })
  expect(lowland('loop', 'take', 'file', 'QY-1')).toMatchObject({
    status: 1,
    json: { error: { details: { reason: 'step_incomplete' } } },
  })
  const shown = lowland('loop', 'show', 'QY-1').json as {
    state: string
    next: { step: string; missing: { key: string }[] }[]
  }
  expect(shown.state).toBe('S1')
  expect(shown.next.find(step => step.step === 'file')!.missing.map(item => item.key)).toEqual(['visit'])
  expect(lowland('loop', 'take', 'nonsense', 'QY-1').status).toBe(1)
  expect(lowland('loop', 'take', 'start').status).toBe(2)
  expect(lowland('loop', 'totals', '--from', '2022-01-01', '--to', '2022-12-31').json).toMatchObject({
    total: { enterprises: 0, land_m2: 0, energy_tce: 0 },
  })
  expect(lowland('loop', 'list', 'S1').json).toMatchObject({ total: 1, counts: [{ state: 'S1', count: 1 }] })
}, 60_000)

it('says bad input: one photo for two, negative land, tax without land, parts that do not add up', async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const world = openLoopWorld(folder)
  const one = await world.enterprise('QY-2', 'inside')
  const other = await world.enterprise('QY-3', 'inside')
  for (const { id } of [one, other]) await photo(world, id, { sha256: 'e'.repeat(64) })
  world.close()
  become('township')
  const shown = lowland('loop', 'show', 'QY-2').json as { next: { step: string; missing: { key: string }[] }[] }
  expect(shown.next.flatMap(step => step.missing.map(item => item.key))).not.toContain('photos_shared')
  expect(lowland('loop', 'take', 'start', 'QY-2')).toMatchObject({ status: 0, json: { done: 1 } })
  expect(lowland('loop', 'take', 'file', 'QY-2')).toMatchObject({
    status: 1,
    json: { error: { details: { values: { keys: expect.stringContaining('photos_shared') } } } },
  })

  become('manager')
  const table = join(folder, '企业.csv')
  const rows = ['Z1,负面积厂,-5,,,10', 'Z2,有税无地厂,,,,10', 'Z3,拆分不符厂,10,4,4,10']
  const head = '企业编号,企业名称,实际用地(亩),自有用地(亩),租用用地(亩),评价税收(万元)'
  writeFileSync(table, [head, ...rows, ''].join('\n'))
  const { json } = lowland('import', 'enterprises', table, '--year', '2022')
  const issues = json['issues'] as { row: number; code: string; field: string }[]
  expect(issues.map(({ row, code, field }) => [row, code, field])).toEqual([
    [2, 'invalid_value', 'land_mu_actual'],
    [2, 'contradiction', 'land_mu_actual'],
    [3, 'contradiction', 'land_mu_actual'],
    [4, 'contradiction', 'land_mu_actual'],
  ])
  expect(json).toMatchObject({ read: 3, inserted: 3, rejected: 0 })
}, 60_000)

it('keeps one of two rows that computers took into the freed-land ledger apart', async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const world = openLoopWorld(folder)
  const { parcel } = await world.enterprise('QY-2', 'inside')
  const { result: rows } = await world.store.mutate({ label: 'test' }, tx =>
    [{ plan_use: '工业' }, { investor: '甲' }].map(more =>
      tx.create('freed_land', {
        parcel_id: parcel,
        source: 'split',
        source_entity: 'parcel',
        source_id: parcel,
        ...more,
      }),
    ),
  )
  world.close()
  become('manager')
  const listed = lowland('freed', 'list', '--problems').json as { rows: { id: string; problems: string[] }[] }
  expect(listed.rows.filter(row => row.problems.includes('recorded_twice')).map(row => row.id)).toEqual(rows)
  expect(lowland('freed', 'keep', rows[1]!).json).toMatchObject({ removed: [rows[0]], taken: ['plan_use'], lost: [] })
  expect(lowland('freed', 'keep', rows[1]!)).toMatchObject({
    status: 1,
    json: { error: { details: { reason: 'freed_not_twice' } } },
  })
  expect(lowland('freed', 'keep').status).toBe(2)
})
