/** Edge cases of domain §11.6 that need records: shared land, two townships, changed names; and rules from a table. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { enterpriseDetail } from '../../service/enterprises/enterprises.ts'
import { currentRules, identify, saveRules } from '../../service/identify/identify.ts'
import { readRuleTable, writeRuleTable } from '../../service/identify/rule-table.ts'
import { DEFAULT_RULE_SET, type RuleSet } from '../../shared/rules/identify/rule-set.ts'
import { box, collection, type Desk, openDesk } from './import-fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk('lanxi-2021-2023')
  const outline = collection([{ rings: [box(0, -200, 1000, 1000)], properties: {} }])
  await desk.run(desk.file('b.geojson', outline), 'boundary', {
    name: '示例',
    effective: '2022-11-01',
    crs: 'EPSG:4490',
  })
  const parcels = [
    { properties: { code: 'S1', town: '兰江街道' }, rings: [box(100, 0, 100, 100)] },
    { properties: { code: 'S2', town: '女埠街道' }, rings: [box(1200, 0, 100, 100)] },
  ]
  await desk.run(desk.file('p.geojson', collection(parcels)), 'parcels', { crs: 'EPSG:4490' })
})
afterEach(() => desk.close())

const HEAD =
  '企业编号,企业名称,行业代码,所属镇街,规上/规下,实际用地(亩),自有用地(亩),租用用地(亩),评价税收(万元),地块编号,用地关系'
const importRows = (rows: string[], year = 2022) =>
  desk.run(desk.file(`e${year}.csv`, [HEAD, ...rows, ''].join('\n')), 'enterprises', { year })
const run = (input: Partial<Parameters<typeof identify>[1]> = {}) =>
  identify(desk.store, { year: 2022, dry_run: false, ...input }, createJobControl())
const hitsOf = async (code: string, input = {}) =>
  ((await run({ dry_run: true, ...input })).candidates.find(row => row.code === code)?.rules ?? []).map(hit => hit.id)

test('one parcel with five tenants: each is judged by what it uses, none by the whole parcel', async () => {
  const rows = [1, 2, 3, 4, 5].map(
    n => `T${n},租户${n},C1711,兰江街道,规下,${n + 1},0,${n + 1},${n === 5 ? 60 : 1},S1,承租人`,
  )
  await importRows([`O1,房东厂,C1711,兰江街道,规下,0,15,0,0,S1,权利人`, ...rows])
  const result = await run()
  const outcome = (code: string) => result.candidates.find(row => row.code === code)?.outcome
  // 2 亩 is outside the campaign; 3, 4, 5 亩 with 1 万元 are below 1 万元/亩; 6 亩 with 60 are not.
  expect([1, 2, 3, 4, 5].map(n => outcome(`T${n}`))).toEqual(['excluded', 'list', 'list', 'list', 'none'])
  // Land of 0 in use (all of it let): excluded as under 3 亩, and no ratio is made of it.
  expect(outcome('O1')).toBe('excluded')
  expect(enterpriseDetail(desk.store.read, { code: 'O1' }).years[0]!['tax_per_mu']).toBeNull()
  expect(enterpriseDetail(desk.store.read, { code: 'T2' }).years[0]!['eval_scope']).toBe('TENANT')
  // Nobody said who uses how much: the land on the map is compared with nobody's.
  expect(enterpriseDetail(desk.store.read, { code: 'T2' }).mapped_mu).toBeNull()
  const entries = desk.store.read.prepare('SELECT count(*) AS n FROM list_entry WHERE deleted = 0').get()
  expect(entries).toEqual({ n: 3 })
})

test('obsolete capacity: who holds the marked land is listed, who rents a part of it is not', async () => {
  await importRows([
    'O1,业主厂,1711,兰江街道,规上,10,10,0,900,S1,所有权人',
    'T1,承租厂,1711,兰江街道,规上,4,0,4,400,S1,承租人',
  ])
  expect([await hitsOf('O1'), await hitsOf('T1')]).toEqual([[], []])
  const { id } = desk.store.read.prepare("SELECT id FROM parcel WHERE code = 'S1'").get() as { id: string }
  await desk.store.mutate({ label: 'x' }, tx => tx.update('parcel', id, { ineff_types: ['T4', 'T7'] }))
  expect([await hitsOf('O1'), await hitsOf('T1')]).toEqual([['R-09'], []])
  const reason = (await run({ dry_run: true })).candidates.find(row => row.code === 'O1')?.rules[0]
  expect(JSON.stringify(reason)).toContain('淘汰类产能')
})

test('parcels in two townships: the scored unit decides the number, any parcel outside the priority', async () => {
  await importRows(['X1,两地厂,C1711,女埠街道,规上,30,30,0,165,S1、S2,实际使用人'])
  const detail = enterpriseDetail(desk.store.read, { code: 'X1' })
  expect(detail.record['unit']).toBe('330781006')
  expect(detail.parcels.map(row => row.parcel.side)).toEqual(['inside', 'outside'])
  // 5.5 万元/亩: below 6 where 女埠 has 6, not below 5 elsewhere.
  expect(await hitsOf('X1')).toEqual([])
  const withUnit = (unit: string): RuleSet => ({
    ...DEFAULT_RULE_SET,
    rules: DEFAULT_RULE_SET.rules.map(rule =>
      rule.id === 'R-01' ? { ...rule, thresholds: [{ value: 5 }, { value: 6, unit }] } : rule,
    ),
  })
  expect(await hitsOf('X1', { rule_set: withUnit('330781006') })).toEqual(['R-01', 'R-10'])
  expect(await hitsOf('X1', { rule_set: withUnit('330781001') })).toEqual([])
})

test('renamed in the middle of the year: one enterprise, one entry, and the old name leads to it', async () => {
  await importRows(['N1,旧名厂,C1711,兰江街道,规上,10,10,0,20,S1,实际使用人'])
  await run()
  await importRows(['N1,新名厂,C1711,兰江街道,规上,10,10,0,20,S1,实际使用人'])
  const again = await run()
  expect(again).toMatchObject({ enterprises: 1, added: 0, updated: 0, withdrawn: 0 })
  expect(enterpriseDetail(desk.store.read, { code: 'N1' }).record).toMatchObject({
    name: '新名厂',
    former_name: '旧名厂',
  })
})

test('numbers by size, and exclusions that are switched off', async () => {
  await importRows([
    'A,规上园区外,C1711,兰江街道,规上,10,10,0,80,,',
    'B,规下,C1711,兰江街道,规下,10,10,0,80,,',
    'C,热力,D4430,兰江街道,规上,10,10,0,1,,',
    'D,小厂,C1711,兰江街道,规下,2,2,0,1,,',
  ])
  const set: RuleSet = {
    ...DEFAULT_RULE_SET,
    rules: DEFAULT_RULE_SET.rules.map(rule =>
      rule.id === 'R-07' ? { ...rule, thresholds: [{ value: 0.5 }, { value: 3, scale: 'below' }] } : rule,
    ),
  }
  // Industry mean of C17: (80 + 80 + 1) / 22 = 7.3; 8 is below three times that for 规下 only.
  expect(await hitsOf('A', { rule_set: set })).toEqual([])
  expect(await hitsOf('B', { rule_set: set })).toEqual(['R-05', 'R-07'])
  const outcomes = async (exclusions: RuleSet['exclusions']) => {
    const { candidates } = await run({ dry_run: true, rule_set: { ...DEFAULT_RULE_SET, exclusions } })
    return ['C', 'D'].map(code => candidates.find(row => row.code === code)?.outcome)
  }
  expect(await outcomes(DEFAULT_RULE_SET.exclusions)).toEqual(['excluded', 'excluded'])
  expect(await outcomes([])).toEqual(['list', 'list'])
})

test('standing rules from a table: taken by row, faults named by row, the rest as it was', async () => {
  const file = join(desk.folder, '规则.csv')
  writeFileSync(
    file,
    `规则,启用,作用,阈值,考核单位,行业代码,规上/规下,年度,依据
R-01,是,列入清单,5,,,,,市级文件
R-01,是,列入清单,6,兰江街道,,,2022,市级文件
R-01,是,列入清单,4.5,,C17,规上,,
R-03,否,,,,,,,
R-05,是,关注,二十,,,,,
R-06,是,提示,0.5,,,,,
R-07,是,,0.4,某某镇,,,,
R-11,是,,1,,,,,
R-02,是,,-1,,,,,
R-04,是,,3,,纺织,,,
规下最小用地,,,5,,,,,
排除:未投产(合同期内),否,,,,,,,
`,
  )
  const { rule_set: read, rows, problems } = await readRuleTable(desk.store.read, file, undefined, DEFAULT_RULE_SET)
  expect(problems.map(({ row, code }) => [row, code])).toEqual([
    [6, 'cell_not_number'],
    [7, 'effect_unknown'],
    [8, 'unit_unknown'],
    [9, 'rule_unknown'],
    [10, 'value_negative'],
    [11, 'industry_unknown'],
  ])
  expect(rows).toBe(6)
  const rule = (id: string) => read.rules.find(entry => entry.id === id)!
  expect(rule('R-01')).toEqual({
    id: 'R-01',
    enabled: true,
    effect: 'list',
    source: '市级文件',
    thresholds: [
      { value: 5 },
      { value: 6, unit: '330781001', year: 2022 },
      { value: 4.5, industry: 'C17', scale: 'above' },
    ],
  })
  expect(rule('R-03')).toMatchObject({ enabled: false, thresholds: [{ value: 5 }] })
  for (const id of ['R-02', 'R-04', 'R-05', 'R-06', 'R-07', 'R-08'])
    expect(rule(id)).toEqual(DEFAULT_RULE_SET.rules.find(entry => entry.id === id))
  expect(read.screened_land_mu).toBe(5)
  expect(read.exclusions).toEqual(['not_manufacturing', 'under_3_mu'])

  await saveRules(desk.store, { name: '市级规则', rule_set: read })
  expect(currentRules(desk.store.read).rule_set).toEqual(read)
  const out = join(desk.folder, '导出.xlsx')
  await writeRuleTable(desk.store.read, out, read)
  expect(await readRuleTable(desk.store.read, out, undefined, DEFAULT_RULE_SET)).toMatchObject({
    rule_set: read,
    problems: [],
  })
})
