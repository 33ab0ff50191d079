/** Bad figures in a table of enterprises: named with file, row and reason, imported or kept beside, never dropped, never guessed. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { enterpriseDetail, enterprisePage, saveYear } from '../../service/enterprises/enterprises.ts'
import { undoBatch } from '../../service/imports/undo-batch.ts'
import { type Desk, openDesk } from './import-fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk('lanxi-2021-2023')
})
afterEach(() => desk.close())

const HEAD =
  '企业编号,企业名称,年度,规上/规下,实际用地(亩),自有用地(亩),租用用地(亩),评价税收(万元),产值(万元),工业增加值(万元)'
const table = (...rows: string[]) => desk.file('企业.csv', [HEAD, ...rows, ''].join('\n'))
const yearOf = (code: string) => enterpriseDetail(desk.store.read, { code }).years[0]!

test('negative areas, tax without land, contradictory figures, text for numbers', async () => {
  const file = table(
    'A1,负面积厂,2022,规下,-5,5,0,10,100,30',
    'A2,有税无地厂,2022,规下,,,,10,100,30',
    'A3,用地为零厂,2022,规下,0,0,0,10,100,30',
    'A4,拆分不符厂,2022,规下,10,4,4,10,100,30',
    'A5,增加值过大厂,2022,规下,10,10,0,10,100,300',
    'A6,文字税收厂,2022,规下,10,10,0,约五十,100,30',
    'A7,正常厂,2022,规下,10,10,0,10,100,30',
  )
  const result = await desk.run(file, 'enterprises')
  expect(result).toMatchObject({ read: 7, inserted: 7, rejected: 0 })
  const found = result.issues.map(({ row, code, field }) => [row, code, field])
  expect(found).toEqual([
    [2, 'invalid_value', 'land_mu_actual'],
    [2, 'contradiction', 'land_mu_actual'],
    [3, 'contradiction', 'land_mu_actual'],
    [4, 'contradiction', 'land_mu_actual'],
    [5, 'contradiction', 'land_mu_actual'],
    [6, 'contradiction', 'value_added'],
    [7, 'invalid_value', 'tax'],
  ])
  for (const issue of result.issues) expect(issue.message).toContain('企业.csv')
  // What was no figure is unknown, not 0, and stands beside as it was written.
  expect(yearOf('A1')).toMatchObject({ land_mu_actual: null, tax_per_mu: null, unread: { '实际用地(亩)': '-5' } })
  expect(yearOf('A6')).toMatchObject({ tax: null, unread: { '评价税收(万元)': '约五十' } })
  // What only contradicts is imported as it stands.
  expect(yearOf('A3')).toMatchObject({ land_mu_actual: 0, tax: 10, tax_per_mu: null, unread: null })
  expect(yearOf('A4')).toMatchObject({ land_mu_actual: 10, land_mu_owned: 4, land_mu_rented: 4 })
  expect(yearOf('A5')).toMatchObject({ value_added: 300, output: 100 })
  const doubtful = enterprisePage(desk.store.read, { filter: { doubtful: true }, offset: 0, limit: 10 })
  expect(doubtful.rows.map(row => row.code)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5', 'A6'])
  expect(doubtful.total).toBe(6)

  expect(await desk.run(file, 'enterprises')).toMatchObject({ unchanged: 7, updated: 0, batch: null })
  await undoBatch(desk.store, result.batch!)
  expect(desk.count('enterprise_year')).toBe(0)
})

test('a figure that is mended later takes its note away, another import keeps its own', async () => {
  await desk.run(table('A1,甲厂,2022,规下,-5,,,10,100,30'), 'enterprises')
  await desk.run(table('A1,甲厂,2022,规下,5,,,10,100,30'), 'enterprises')
  expect(yearOf('A1')).toMatchObject({ land_mu_actual: 5, unread: null })
})

test('the form refuses a negative area by field and says nothing of what may be', async () => {
  await desk.run(table('A1,甲厂,2022,规下,5,,,10,100,30'), 'enterprises')
  const { record, years } = enterpriseDetail(desk.store.read, { code: 'A1' })
  const save = saveYear(desk.store, {
    enterprise_id: String(record['id']),
    year: 2022,
    base_rev: Number(years[0]!['rev']),
    values: { land_mu_actual: -1 },
  })
  await expect(save).rejects.toMatchObject({
    code: 'bad_input',
    details: { field: 'land_mu_actual', reason: 'too_small' },
  })
  expect(yearOf('A1')['land_mu_actual']).toBe(5)
})

test('a unit error of a year shows against the year before', async () => {
  await desk.run(table('A1,甲厂,2021,规下,5,,,50,400,120'), 'enterprises')
  const result = await desk.run(table('A1,甲厂,2022,规下,5,,,520000,400,120'), 'enterprises')
  expect(result.issues.map(issue => issue.message).join()).toContain('评价税收 520000 与 2021 年的 50 相差 50 倍以上')
})

test('several years in one table; another name for a known code is a change of name', async () => {
  const first = await desk.run(
    table('A1,新名厂,2022,规下,5,,,10,100,30', 'A1,旧名厂,2021,规下,5,,,9,90,28', 'A1,新名厂,2022,规下,6,,,10,100,30'),
    'enterprises',
  )
  // The older row does not take the name back; the third repeats a year.
  expect(first.issues.map(issue => issue.code)).toEqual(['duplicate_code'])
  const detail = enterpriseDetail(desk.store.read, { code: 'A1' })
  expect(detail.record).toMatchObject({ name: '新名厂', former_name: '旧名厂' })
  expect(detail.years.map(year => [year['year'], year['tax']])).toEqual([
    [2022, 10],
    [2021, 9],
  ])
  const second = await desk.run(table('A1,更新名厂,2023,规下,5,,,11,100,30'), 'enterprises')
  expect(second.issues.map(issue => issue.code)).toEqual(['renamed'])
  expect(enterpriseDetail(desk.store.read, { code: 'A1' }).record).toMatchObject({
    name: '更新名厂',
    former_name: '旧名厂、新名厂',
  })
  // Found by any of its names.
  for (const text of ['旧名厂', '新名厂', '更新名'])
    expect(enterprisePage(desk.store.read, { filter: { text }, offset: 0, limit: 5 }).total, text).toBe(1)
})
