/** 标准地台账, 小微企业园台账 and 两高项目台账: every cell and every sum again by SQL over the raw tables of the invented survey. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../service/db/store.ts'
import { REGISTERS } from '../../service/reports/registers/registers-methods.ts'
import { columnTitle } from '../../shared/report/model.ts'
import { openInvented } from './oracles/invented-survey.ts'
import { type ListOracle, oracleRows, sameRows } from './oracles/list-columns.ts'
import { SMALL_PARK_ORACLE, STANDARD_LAND_ORACLE, TWO_HIGH_ORACLE } from './oracles/special-columns.ts'
import type { SurveyFixture } from './survey-fixture.ts'

const TODAY = '2026-05-01'
let survey: SurveyFixture
let store: Store

beforeAll(async () => {
  survey = await openInvented()
  ;({ store } = survey)
  const id = (table: string, code: string) =>
    store.read.prepare(`SELECT id FROM ${table} WHERE code = ?`).pluck().get(code) as string
  await store.mutate({ label: 'registers' }, tx => {
    const uses = (code: string, parcel: string, role = 'TENANT') =>
      tx.create('occupancy', { enterprise_id: id('enterprise', code), parcel_id: id('parcel', parcel), role })
    uses('E1', 'P1')
    uses('E2', 'P1')
    uses('E1', 'P1', 'ACTUAL_USER')
    const land = (parcel: string, values: Record<string, unknown>) =>
      tx.create('standard_land', { parcel_id: id('parcel', parcel), ...values })
    land('P1', {
      agreement_no: 'TZ-1',
      // Short of one where more is better, of one where less is; equal and unknown ones are no shortfall.
      committed: {
        investment_intensity: 300,
        far: 1.2,
        tax_per_mu: 20.5,
        energy_intensity: 0.4,
        emission: 3,
        rd_ratio: 0,
      },
      actual: { investment_intensity: 280.5, far: 1.2, energy_intensity: 0.45, emission: 2.5, rd_ratio: 0.03 },
      construction_checked_on: '2025-06-30',
      breach: '=按协议',
    })
    land('P2', { committed: { far: 1, emission: 3 }, actual: { emission: 3 }, production_checked_on: '2026-01-02' })
    land('P3', {})
    tx.remove('standard_land', land('P3', { agreement_no: '删去' }))
    const park = (values: Record<string, unknown>) => tx.create('small_park', { unit: '330781001', ...values })
    park({
      name: '甲园',
      star: 3,
      land_m2: 20_000.005,
      floor_area_m2: 35_000.12,
      firms: 12,
      industry: '纺织',
      completed_on: '2024-01-01',
    })
    park({ name: '乙园', star: 5, land_m2: 0, firms: 0 })
    park({ name: '丙园', unit: null })
    tx.remove('small_park', park({ name: '删园', star: 4, land_m2: 999, firms: 99 }))
    const project = (values: Record<string, unknown>) => tx.create('two_high', values)
    const late = {
      status: 'building',
      due_date: '2026-04-30',
      decision: 'rectify',
      energy_tce: 5000.25,
      value_added: 1200,
    }
    project({
      project_name: '逾期项目',
      enterprise_id: id('enterprise', 'E1'),
      project_code: '2020-33',
      industry_code: '2614',
      ...late,
    })
    project({ project_name: '当天到期', unit: '330781001', due_date: TODAY, energy_tce: 10, value_added: 0 })
    project({
      project_name: '已停',
      unit: '330781001',
      enterprise_id: id('enterprise', 'E2'),
      status: 'stopped',
      due_date: '2020-01-01',
      energy_doc: '能评',
      environment_doc: '环评',
    })
    project({ project_name: '阶段未填', due_date: '2026-01-01', remark: '无单位' })
    tx.remove('two_high', project({ project_name: '删去', energy_tce: 1e6, value_added: 1 }))
  })
}, 60_000)
afterAll(() => survey.close())

test.each<[string, keyof typeof REGISTERS, ListOracle, string[]]>([
  ['标准地台账', 'standard_land', STANDARD_LAND_ORACLE, []],
  ['小微企业园台账', 'small_park', SMALL_PARK_ORACLE, ['用地(亩)', '建筑面积(m²)', '入驻企业(家)']],
  ['两高项目台账', 'two_high', TWO_HIGH_ORACLE, ['综合能耗(tce)', '工业增加值(万元)']],
])('%s: every cell of every column; sums before rounding', (_, register, oracle, summed) => {
  const { summary } = REGISTERS[register](store, {})
  const titles = Object.keys(oracle.cells)
  expect(summary.columns.map(columnTitle)).toEqual(titles)
  const expected = oracleRows(store, oracle, TODAY)
  expect(expected.length).toBeGreaterThan(2)
  sameRows(summary.rows, expected, titles)
  for (const [index, title] of titles.entries()) {
    if (index === 0) continue
    const known = expected.map(row => row[index]).filter(value => typeof value === 'number')
    const sum = summed.includes(title) ? known.reduce((all, value) => all + value, 0) : null
    if (sum === null) expect(typeof summary.totals?.[index], title).not.toBe('number')
    else expect(summary.totals?.[index], title).toBeCloseTo(sum, 7)
  }
})

test('what the notes count: parks of three stars and more', () => {
  const starred = store.read.prepare('SELECT count(*) FROM small_park WHERE deleted = 0 AND star >= 3').pluck().get()
  expect(JSON.stringify(REGISTERS.small_park(store, {}))).toContain(`三星级及以上 ${starred} 个`)
})
