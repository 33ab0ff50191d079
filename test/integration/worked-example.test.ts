/**
 * The worked example of 12 enterprises: import → evaluation → identification → what is stored, compared with what the
 * formulas of the workbook say. Their values were worked out by LibreOffice (test/fixtures/worked/make-workbook.ts).
 */
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { enterpriseDetail, enterprisePage } from '../../service/enterprises/enterprises.ts'
import { groupSums } from '../../service/enterprises/group-sums.ts'
import { identify } from '../../service/identify/identify.ts'
import { saveStandard, scoreYear } from '../../service/scoring/scoring.ts'
import { readStandardTable } from '../../service/scoring/standard-table.ts'
import { carbonOf } from '../../shared/rules/indicators.ts'
import { box, byCode, collection, type Desk, FIXTURES, openDesk } from './import-fixture.ts'

const FILE = join(FIXTURES, 'worked/worked-example.xlsx')
type Expected = Record<string, string | number | null>
type Year = 2021 | 2022

let desk: Desk
let book: ExcelJS.Workbook
let result: Awaited<ReturnType<typeof identify>>
let issues: Record<string, number>

/** Rows of a sheet by heading, those without a code passed over; a blank (also a formula's "") is null, and 0 is 0. */
function rowsOf(name: string): Expected[] {
  const sheet = book.getWorksheet(name)!
  const plain = (cell: ExcelJS.Cell): string | number | null => {
    const value = cell.type === ExcelJS.ValueType.Formula ? cell.result : cell.value
    return typeof value === 'number' || (typeof value === 'string' && value !== '') ? value : null
  }
  const headings = new Map<string, number>()
  sheet.getRow(1).eachCell((cell, column) => headings.set(cell.text, column))
  const rows: Expected[] = []
  for (let number = 2; number <= sheet.rowCount; number++) {
    const row = sheet.getRow(number)
    if (plain(row.getCell(1)) === null) continue
    rows.push(Object.fromEntries([...headings].map(([heading, column]) => [heading, plain(row.getCell(column))])))
  }
  return rows
}

const SIDES: Readonly<Record<string, string>> = { 界内: 'inside', 界外: 'outside', 跨界: 'crossing' }
const DIMENSIONS: Readonly<Record<string, string>> = { 安全: 'AQ', 消防: 'XF', 环保: 'HB' }

beforeAll(async () => {
  book = new ExcelJS.Workbook()
  await book.xlsx.readFile(FILE)
  desk = await openDesk('lanxi-2021-2023')
  const boundary = desk.file('b.geojson', collection([{ rings: [box(0, -200, 1000, 1000)], properties: {} }]))
  await desk.run(boundary, 'boundary', { name: '示例边界', effective: '2022-11-01', crs: 'EPSG:4490' })
  const parcels = rowsOf('地块').map(row => ({
    properties: { code: row['地块编号'] },
    rings: [box(Number(row['x']), Number(row['y']), Number(row['宽']), Number(row['高']))],
  }))
  await desk.run(desk.file('p.geojson', collection(parcels)), 'parcels', { crs: 'EPSG:4490' })
  const imported = await desk.run(FILE, 'enterprises', { sheet: '数据' })
  issues = byCode(imported)
  expect(imported).toMatchObject({ read: 24, rejected: 0 })
  await desk.store.mutate({ label: 'record_created' }, tx => {
    for (const row of rowsOf('合规')) {
      tx.create('compliance_check', {
        enterprise_id: idOf(String(row['企业编号'])),
        dimension: DIMENSIONS[String(row['检查维度'])],
        result: row['检查结果'] === '不合格' ? 'fail' : 'pass',
        rectified_at: row['整改完成'],
      })
    }
    for (const row of rowsOf('闲置')) {
      const parcel = desk.store.read.prepare('SELECT id FROM parcel WHERE code = ?').get(row['地块编号'])
      tx.create('idle_case', {
        parcel_id: (parcel as { id: string }).id,
        agreed_start: row['约定动工'],
        agreed_completion: row['约定竣工'],
      })
    }
  })
  for (const year of [2021, 2022] as const) {
    const { standard, problems } = await readStandardTable(FILE, year, `办法${year}`)
    expect(problems).toEqual([])
    await saveStandard(desk.store, { year, name: `${year} 办法`, standard })
    await scoreYear(desk.store, { year, dry_run: false }, createJobControl())
  }
  result = await identify(desk.store, { year: 2022, dry_run: false }, createJobControl())
}, 60_000)
afterAll(() => desk.close())

function idOf(code: string): string {
  return (desk.store.read.prepare('SELECT id FROM enterprise WHERE code = ?').get(code) as { id: string }).id
}
const detailOf = (code: string) => enterpriseDetail(desk.store.read, { code })
const yearOf = (code: string, year: Year) => detailOf(code).years.find(row => row['year'] === year)!

function expectClose(actual: unknown, expected: string | number | null | undefined, what: string): void {
  if (typeof expected === 'number') expect(actual, what).toBeCloseTo(expected, 9)
  else expect(actual ?? null, what).toBe(expected ?? null)
}

test('the letters O and the like in a credit code are named with what they may have been, and nothing is dropped', () => {
  // QY-07 pays tax without land, in both years.
  expect(issues).toEqual({ uscc_invalid: 2, contradiction: 2 })
  expect(enterprisePage(desk.store.read, { filter: {}, offset: 0, limit: 50 }).total).toBe(12)
  expect(String(detailOf('QY-12').record['uscc'])).toContain('O')
  expect(detailOf('QY-12').record['former_name']).toBe('旧名机械厂')
})

test('every indicator of 2022, and CO₂', () => {
  const columns = {
    tax_per_mu: '亩均税收',
    va_per_mu: '亩均增加值',
    va_per_tce: '单位能耗增加值',
    energy_intensity: '单位增加值能耗',
    va_per_emission: '单位排放增加值',
    labour_productivity: '劳动生产率',
    rd_ratio: '研发占比',
    tax_per_kwh: '单位用电税收',
  }
  for (const row of rowsOf('核算').slice(0, 12)) {
    const code = String(row['企业编号'])
    const year = yearOf(code, 2022)
    for (const [name, heading] of Object.entries(columns)) expectClose(year[name], row[heading], `${code} ${heading}`)
    expectClose(carbonOf(year['energy_tce'] as number | null, 2), row['碳排放'], `${code} CO₂`)
  }
})

describe.each([2021, 2022] as const)('scores of %i', year => {
  test('score, place and class of every enterprise, and the class that holds', () => {
    const page = enterprisePage(desk.store.read, { filter: { year }, offset: 0, limit: 50 }).rows
    for (const row of rowsOf(`评价${year}`).slice(0, 12)) {
      const code = String(row['企业编号'])
      const stored = yearOf(code, year)
      expectClose(stored['computed_score'], row['得分'], `${code} score`)
      expectClose(stored['computed_class'], row['测算等级'], `${code} class`)
      const basis = stored['score_basis'] as { rank: number | null; of: number }
      expectClose(basis.rank, row['名次'], `${code} place`)
      expect(basis.of, `${code} group`).toBe(row['家数'])
      expectClose(page.find(entry => entry.code === code)!.class, row['有效等级'], `${code} holds`)
    }
  })
})

const RULES = ['R-01', 'R-02', 'R-03', 'R-05', 'R-06', 'R-07', 'R-08', 'R-09', 'R-10']

test('every rule hit, exclusion and outcome, as stored', () => {
  const entries = new Map(
    (
      desk.store.read
        .prepare(
          'SELECT e.code, l.hit_rules FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id WHERE l.deleted = 0',
        )
        .all() as { code: string; hit_rules: string }[]
    ).map(row => [row.code, JSON.parse(row.hit_rules) as { id: string; inputs: Record<string, number>; zh: string }[]]),
  )
  const outcomes = new Map(result.candidates.map(row => [row.code, row]))
  for (const row of rowsOf('核算').slice(0, 12)) {
    const code = String(row['企业编号'])
    const outcome = outcomes.get(code)?.outcome ?? 'none'
    expect(outcome, code).toBe(row['结果'])
    const hits = entries.get(code) ?? []
    const ids = hits.map(hit => hit.id)
    expect(ids.filter(id => id !== 'R-04').sort(), code).toEqual(RULES.filter(rule => row[rule] === 1))
    const inD = hits.find(hit => hit.id === 'R-04')?.inputs['years_in_d'] ?? 0
    expect(inD, `${code} years in D`).toBe(row['D类连续年数'])
    for (const hit of hits) {
      if ('tax_per_mu' in hit.inputs) expectClose(hit.inputs['tax_per_mu'], row['亩均税收'], `${code} ${hit.id}`)
      if ('industry_tax_per_mu' in hit.inputs)
        expectClose(hit.inputs['industry_tax_per_mu'], row['行业平均'], `${code} ${hit.id}`)
    }
    if (row['排除'] !== null) expect(entries.has(code), code).toBe(false)
    const side = detailOf(code).parcels[0]?.parcel.side
    expect(side ?? null, `${code} side`).toBe(row['边界侧'] === null ? null : SIDES[String(row['边界侧'])])
  }
  expect(outcomes.get('QY-04')!.exclusion).toBe('under_3_mu')
  expect(outcomes.get('QY-10')!.exclusion).toBe('not_manufacturing')
})

test('the sums of all are Σ/Σ, never the mean of the ratios', () => {
  const [ratioRow, energyRow] = rowsOf('核算').slice(12)
  const [all] = groupSums(desk.store.read, {}, 2022, 'all').rows
  expectClose(all!.ratios.tax_per_mu.value, ratioRow!['亩均税收'], 'Σ/Σ')
  expect(all!.ratios.tax_per_mu).toMatchObject({ counted: 11, missing: 1 })
  expectClose(all!.energy_tce, energyRow!['亩均税收'], 'Σ tce')
  expectClose(all!.co2_t, Number(energyRow!['亩均税收']) * 2, 'Σ CO₂')
  for (const by of ['unit', 'industry', 'class', 'scale'] as const) {
    const groups = groupSums(desk.store.read, {}, 2022, by).rows
    expect(groups.reduce((sum, group) => sum + group.enterprises, 0)).toBe(12)
    expectClose(
      groups.reduce((sum, group) => sum + (group.tax ?? 0), 0),
      all!.tax,
      by,
    )
  }
})

test('what cannot be decided says which figure is missing: tax of one, land of another', () => {
  const undecided = (code: string) => result.candidates.find(row => row.code === code)?.undecided
  expect(undecided('QY-05')).toContainEqual({ id: 'R-01', missing: ['tax'] })
  // Tax and no land: no rule finds it, and it is shown among those that lack figures.
  expect(result.candidates.find(row => row.code === 'QY-07')!.outcome).toBe('none')
  expect(undecided('QY-07')).toContainEqual({ id: 'R-01', missing: ['land_mu_actual'] })
  expect(result.undecided).toBe(3)
})
