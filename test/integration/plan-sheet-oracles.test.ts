/**
 * 一企一策方案表 (domain §11.7, 2): targets, land, figures of two years, measures and milestones of the demo county's plans again by SQL
 * over the raw tables, as they are printed. What a plan froze counts before what was stored since.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPlanSheet } from '../../service/reports/plan-sheet.ts'
import { columnTitle, printNumber } from '../../shared/report/model.ts'
import type { PlanSheet } from '../../shared/report/plan-sheet.ts'
import { type DemoFixture, openDemo } from './demo-fixture.ts'

/** A plan of so many is looked at: each draws its map. */
const EVERY = 9

let demo: DemoFixture
beforeAll(async () => {
  demo = await openDemo()
}, 60_000)
afterAll(() => demo.close())

type Cell = string | number | null
const rowsOf = (sql: string, ...values: unknown[]) =>
  demo.store.read
    .prepare(sql)
    .raw()
    .all(...values) as Cell[][]
const printed = (value: Cell | undefined, decimals = 2): string =>
  typeof value === 'number' ? printNumber(value, decimals) : '—'

const TARGETS: Readonly<Record<string, string>> = {
  '目标亩均税收(万元/亩)': 'p.target_tax_per_mu',
  '目标能耗(tce)': 'p.target_energy_tce',
  '预计腾出用地(亩)': 'p.freed_mu',
  '预计腾出能耗(tce)': 'p.freed_tce',
  '预计减排二氧化碳(tCO₂)': 'p.freed_tce * (SELECT carbon_factor FROM campaign WHERE deleted = 0)',
  '预计新增税收(万元)': 'p.new_tax',
  '新增建筑面积(m²)': 'p.new_floor_m2',
  '计划投资(万元)': 'p.investment',
}
const LAND = `FROM parcel l WHERE l.deleted = 0 AND l.id IN (SELECT value FROM json_each((SELECT parcel_ids FROM plan WHERE id = ?)))`
const MU = (field: string) => `${field} * 3 / 2000.0`

/** Title, decimals, SQL over the year `y` as it was frozen or is stored. */
const FIGURES: readonly (readonly [string, number, string])[] = [
  ['实际用地(亩)', 2, 'land_mu_actual'],
  ['评价税收(万元)', 2, 'tax'],
  ['亩均税收(万元/亩)', 2, 'tax * 1.0 / nullif(land_mu_actual, 0)'],
  ['工业增加值(万元)', 2, 'value_added'],
  ['亩均增加值(万元/亩)', 2, 'value_added * 1.0 / nullif(land_mu_actual, 0)'],
  ['综合能耗(tce)', 2, 'energy_tce'],
  ['单位增加值能耗(tce/万元)', 4, 'energy_tce * 1.0 / nullif(value_added, 0)'],
  ['年平均职工(人)', 0, 'employees'],
]
const RAW = ['land_mu_actual', 'tax', 'value_added', 'energy_tce', 'employees']
const YEAR = `WITH frozen AS (SELECT ${RAW.map(field => `json_extract(j.value, '$.${field}') AS ${field}`).join(', ')}
    FROM plan p, json_each(p.baseline, '$.years') j WHERE p.id = :plan AND json_extract(j.value, '$.year') = :year),
  y AS (SELECT * FROM frozen UNION ALL SELECT ${RAW.join(', ')} FROM enterprise_year e WHERE e.deleted = 0 AND e.year = :year
    AND e.enterprise_id = (SELECT enterprise_id FROM plan WHERE id = :plan) AND NOT EXISTS (SELECT 1 FROM frozen))
  SELECT ${FIGURES.map(([, , sql]) => sql).join(', ')} FROM y`

const tableOf = (sheet: PlanSheet, place: string) => sheet.tables.find(table => table.place === place)!
const column = (sheet: PlanSheet, place: string, title: string): number => {
  const at = tableOf(sheet, place).columns.findIndex(each => columnTitle(each) === title)
  expect(at, `${place} ${title}`).toBeGreaterThanOrEqual(0)
  return at
}

function near(got: unknown, expected: Cell, where: string): void {
  if (typeof expected === 'number') {
    expect(typeof got, where).toBe('number')
    expect(Number(got), where).toBeCloseTo(expected, 7)
  } else expect(got ?? null, where).toBe(expected)
}

test('every figure of the plan sheets', () => {
  const plans = rowsOf(
    'SELECT p.id, p.code, coalesce(p.baseline_year, p.year - 1) FROM plan p JOIN enterprise e ON e.id = p.enterprise_id AND e.deleted = 0 WHERE p.deleted = 0 ORDER BY p.pk',
  ).filter((_, index) => index % EVERY === 0) as [string, string, number][]
  expect(plans.length).toBeGreaterThan(20)
  let figures = 0
  for (const [id, code, baseline] of plans) {
    const sheet = buildPlanSheet(demo.store, id)
    const targets = new Map(sheet.targets)
    const values = rowsOf(`SELECT ${Object.values(TARGETS).join(', ')} FROM plan p WHERE p.id = ?`, id)[0]!
    for (const [index, title] of Object.keys(TARGETS).entries())
      expect(targets.get(title), `${code} ${title}`).toBe(printed(values[index]))

    const parcels = rowsOf(
      `SELECT l.code, ${['l.area_m2', 'l.area_in_m2', 'l.area_out_m2'].map(MU).join(', ')}, l.far ${LAND} ORDER BY l.code`,
      id,
    )
    const land = tableOf(sheet, '用地情况')
    const at = ['地块编号', '面积(亩)', '界内(亩)', '界外(亩)', '容积率'].map(title => column(sheet, '用地情况', title))
    expect(land.rows).toHaveLength(parcels.length)
    for (const [row, parcel] of parcels.entries())
      for (const [index, value] of parcel.entries())
        near(land.rows[row]![at[index]!], value, `${code} ${parcel[0]} ${index}`)
    // Summed before the one conversion and before any rounding.
    const sums = rowsOf(
      `SELECT ${['sum(l.area_m2)', 'sum(l.area_in_m2)', 'sum(l.area_out_m2)'].map(MU).join(', ')} ${LAND}`,
      id,
    )[0]!
    for (const [index, value] of sums.entries()) near(land.totals![at[index + 1]!], value, `${code} sum ${index}`)

    const table = tableOf(sheet, '效益与能耗')
    const half = table.columns.length / 2
    const shown = new Map(
      table.rows.flatMap(row => [0, half].map(from => [row[from], [row[from + 1], row[from + 2]]] as const)),
    )
    expect(table.columns.slice(1, 3).map(({ title }) => title)).toEqual([`${baseline - 1} 年`, `${baseline} 年基准`])
    const years = [baseline - 1, baseline].map(
      year => (demo.store.read.prepare(YEAR).raw().all({ plan: id, year }) as Cell[][])[0] ?? [],
    )
    for (const [index, [title, decimals]] of FIGURES.entries()) {
      expect(shown.get(title), `${code} ${title}`).toEqual(years.map(year => printed(year[index], decimals)))
      figures += years.filter(year => typeof year[index] === 'number').length
    }

    for (const [place, title, of] of [
      ['整治方式与措施', '涉及面积(亩)', 'measure'],
      ['时间节点', '面积(亩)', 'milestone'],
    ] as const) {
      const expected = rowsOf(`SELECT area_mu FROM ${of} WHERE plan_id = ? AND deleted = 0`, id).flat()
      const got = tableOf(sheet, place).rows.map(row => (row[column(sheet, place, title)] ?? null) as Cell)
      const order = (a: Cell, b: Cell) => Number(a ?? -1) - Number(b ?? -1)
      expect([...got].sort(order), `${code} ${place}`).toEqual([...expected].sort(order))
    }
  }
  // The county knows enough for this to mean something.
  expect(figures).toBeGreaterThan(200)
})
