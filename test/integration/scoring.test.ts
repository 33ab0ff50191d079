/** The evaluation on a real survey: stored beside the published class, which holds; undo; standards from and to tables. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { get } from '../../service/db/sql.ts'
import { applyInverse } from '../../service/db/undo.ts'
import { enterpriseDetail, enterprisePage } from '../../service/enterprises/enterprises.ts'
import { identify } from '../../service/identify/identify.ts'
import { currentStandard, saveStandard, scoreYear } from '../../service/scoring/scoring.ts'
import { readStandardTable, writeStandardTable } from '../../service/scoring/standard-table.ts'
import { DEFAULT_STANDARD, type ScoreStandard } from '../../shared/rules/scoring/standard.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
let folder: string
const ids: string[] = []

/** 10, 8, 6, 4, 2 万元/亩; the fourth has a published class, the fifth one of two years. */
const TAXES = [100, 80, 60, 40, 20]
const STANDARD: ScoreStandard = {
  ...DEFAULT_STANDARD,
  groups: {
    above: [{ indicator: 'tax_per_mu', weight: 100, base: 10, min: null, max: null, cap: null }],
    below: [],
  },
  classes: { by: 'score', a: 90, b: 70, c: 50 },
}

beforeEach(async () => {
  fixture = await openFixture()
  folder = mkdtempSync(join(tmpdir(), 'lowland-scoring-'))
  ids.length = 0
  await fixture.store.mutate({ label: 'enterprise_created' }, tx => {
    TAXES.forEach((tax, index) => {
      const id = tx.create('enterprise', { code: `E${index}`, name: `企业${index}`, industry_code: 'C1711' })
      ids.push(id)
      for (const year of [2021, 2022]) {
        const published = index === 3 && year === 2022 ? 'B' : null
        tx.create('enterprise_year', {
          enterprise_id: id,
          year,
          scale: 'above',
          land_mu_actual: 10,
          tax,
          class: published,
        })
      }
    })
  })
})
afterEach(() => {
  fixture.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (input: Partial<Parameters<typeof scoreYear>[1]> = {}) =>
  scoreYear(fixture.store, { year: 2022, dry_run: false, ...input }, createJobControl())
const classes = () =>
  enterprisePage(fixture.store.read, { filter: {}, offset: 0, limit: 10 }).rows.map(row => [
    row.class,
    row.class_source,
  ])

test('a dry run writes nothing; a run stores class, score and basis; the published class holds and is said', async () => {
  await saveStandard(fixture.store, { year: 2022, name: '2022 办法', standard: STANDARD })
  expect((await run({ dry_run: true })).classes).toEqual({ A: 1, B: 1, C: 1, D: 2 })
  expect(classes()).toEqual([
    [null, null],
    [null, null],
    [null, null],
    ['B', 'published'],
    [null, null],
  ])
  const result = await run()
  expect(result).toMatchObject({ version: 1, scored: 5, published: 1, differing: 1, changed: 5 })
  expect(classes()).toEqual([
    ['A', 'computed'],
    ['B', 'computed'],
    ['C', 'computed'],
    ['B', 'published'],
    ['D', 'computed'],
  ])
  const year = enterpriseDetail(fixture.store.read, { id: ids[3]! }).years[0]!
  expect(year).toMatchObject({ class: 'B', computed_class: 'D', computed_score: 40 })
  expect(year['score_basis']).toMatchObject({
    version: 1,
    rank: 4,
    of: 5,
    items: [['tax_per_mu', 100, 40, 10, 10, 40, 0]],
  })
  expect((await run()).changed).toBe(0)
  const { items } = enterpriseDetail(fixture.store.read, { id: ids[0]! }).years[0]!['score_basis'] as {
    items: unknown[]
  }
  expect(items).toHaveLength(1)
})

test('filters and the D rule go by the class that holds; a computed D says that it is computed', async () => {
  for (const year of [2021, 2022]) {
    await saveStandard(fixture.store, { year, name: '办法', standard: STANDARD })
    await run({ year })
  }
  const page = (code: string) =>
    enterprisePage(fixture.store.read, { filter: { classes: [code] }, offset: 0, limit: 10 }).rows.map(row => row.code)
  expect(page('D')).toEqual(['E4'])
  expect(page('B')).toEqual(['E1', 'E3'])
  const found = await identify(fixture.store, { year: 2022, dry_run: true }, createJobControl())
  const words = found.candidates.find(row => row.code === 'E4')!.rules.find(hit => hit.id === 'R-04')!.zh
  expect(words).toBe('亩均评价 D 类连续 2 年(至 2022 年，其中 2 年为测算)')
})

test('a run is one step of undo, and so is a standard', async () => {
  await saveStandard(fixture.store, { year: 2022, name: '2022 办法', standard: STANDARD })
  await run()
  for (const label of ['scored', 'standard_saved']) {
    const last = get<{ id: string; seq: number }>(fixture.store.read, 'SELECT id, seq FROM edit WHERE label = ?', [
      label,
    ])!
    await fixture.store.mutate({ label: 'undo', kind: 'undo', undoOf: last.id }, tx => applyInverse(tx, last.seq))
    expect(classes().filter(([, source]) => source === 'computed')).toEqual([])
  }
  expect(currentStandard(fixture.store.read, 2022).version).toBe(0)
})

test('a year has its own standard; a broken one is refused by field and nothing is written', async () => {
  await saveStandard(fixture.store, { year: 2021, name: '2021 办法', standard: STANDARD })
  expect(currentStandard(fixture.store.read, 2022).version).toBe(0)
  expect(currentStandard(fixture.store.read, 2022).years).toEqual([2021])
  const broken = { ...STANDARD, classes: { by: 'score', a: 1, b: 2, c: 3 } }
  await expect(saveStandard(fixture.store, { year: 2022, name: '坏', standard: broken })).rejects.toMatchObject({
    details: { reason: 'standard_broken', field: 'classes' },
  })
  await expect(run({ standard: broken as ScoreStandard })).rejects.toMatchObject({ code: 'bad_input' })
  expect(get(fixture.store.read, 'SELECT count(*) AS n FROM score_standard')).toEqual({ n: 1 })
})

test('a tenant shares the result of who holds the land, a veto strikes one; both are told in words and undone', async () => {
  const { store } = fixture
  const parcels = await createParcels(store, [{ code: 'P', geometry: rectangle(0, 0, 100, 100) }])
  await store.mutate({ label: 'test' }, tx => {
    const parcel_id = parcels.get('P')!
    tx.create('occupancy', { enterprise_id: ids[0]!, parcel_id, role: 'OWNER' })
    tx.create('occupancy', { enterprise_id: ids[4]!, parcel_id, role: 'TENANT' })
    const year = (index: number) =>
      get<{ id: string }>(tx.db, 'SELECT id FROM enterprise_year WHERE enterprise_id = ? AND year = 2022', [
        ids[index]!,
      ])!
    tx.update('enterprise_year', year(4).id, { scale: 'below' })
    tx.update('enterprise_year', year(1).id, { veto_causes: ['environment'], veto_basis: '兰环罚〔2022〕1号' })
  })
  const standard = { ...STANDARD, groups: { ...STANDARD.groups, below: STANDARD.groups.above } }
  const rows = (await run({ standard })).rows
  // (100 + 20) ÷ 20 亩 = 6; 80 ÷ 10 = 8 would be a B.
  expect(rows.map(row => [row.score, row.computed])).toEqual([
    [60, 'C'],
    [80, 'D'],
    [60, 'C'],
    [40, 'D'],
    [60, 'C'],
  ])
  expect(rows[4]!.zh).toContain('单宗多家合并评价：企业0、企业4')
  expect(rows[1]!.zh).toContain('一票否决：环境污染事故，由 B 类降为 D 类')
  expect((await run({ standard })).changed).toBe(0)
})

test('a standard goes out as a table and comes back the same', async () => {
  for (const method of ['RATIO_TO_BASE', 'MINMAX_20_80'] as const) {
    const combine = { tenants: method === 'RATIO_TO_BASE', apart_above: false, apart_mu: 12.5 }
    const vetoes = [{ cause: 'tax', to: 'C' }]
    const standard = {
      ...DEFAULT_STANDARD,
      combine,
      vetoes,
      method,
      classes: { by: 'score', a: 90.5, b: 70, c: 50 },
    } as ScoreStandard
    const file = join(folder, `${method}.xlsx`)
    await writeStandardTable(file, 2022, standard)
    const read = await readStandardTable(file, 2022, undefined)
    expect(read.problems).toEqual([])
    expect(read.standard).toEqual(standard)
  }
})

test('what a table says wrongly is named by row, and the rest is taken', async () => {
  const file = join(folder, '办法.csv')
  writeFileSync(
    file,
    `年度,评价范围,指标,权重,基准值,说明
2022,规上,亩均税收,30,24.097,
2022,规上,亩均增加值,二十,136.16,
2022,规中,亩均税收,30,24,
2022,规上,利润率,30,24,
2021,规上,单位能耗增加值,20,2.54,
2022,规上,亩均税收,40,,
2022,规下,亩均税收,50,-3,
2022,规下,单位用电税收,,0.2352,
2022,等级,A类,,85,得分
2022,等级,B类,,70,得分
2022,等级,C类,,55,得分
2022,等级,E类,,55,得分
2022,否决,天气,,,D类
2022,否决,数据弄虚作假,,,C类
`,
  )
  const { standard, rows, problems } = await readStandardTable(file, 2022, undefined)
  expect(standard.groups.above).toEqual([
    { indicator: 'tax_per_mu', weight: 30, base: 24.097, min: null, max: null, cap: null },
  ])
  expect(standard.classes).toEqual({ by: 'score', a: 85, b: 70, c: 55 })
  expect(standard.vetoes).toEqual([{ cause: 'false_figures', to: 'C' }])
  expect(rows).toBe(5)
  expect(problems.map(({ row, code }) => [row, code])).toEqual([
    [3, 'cell_not_number'],
    [4, 'scope_unknown'],
    [5, 'indicator_unknown'],
    [6, 'other_year'],
    [7, 'indicator_twice'],
    [8, 'base_not_positive'],
    [9, 'weight_missing'],
    [13, 'cut_unknown'],
    [14, 'veto_unknown'],
  ])
  writeFileSync(file, '名称,数值\n甲,1\n')
  await expect(readStandardTable(file, 2022, undefined)).rejects.toMatchObject({
    details: { reason: 'columns_missing', file: '办法.csv' },
  })
})
