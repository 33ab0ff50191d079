/** A few invented records in each of the special registers (疑似闲置, 标准地, 小微企业园, 两高项目), so that none is empty. */
import type { BulkTransaction } from '../../service/db/bulk.ts'
import { all } from '../../service/db/sql.ts'
import type { Random } from './random.ts'

interface Land {
  id: string
  unit: string
  area_m2: number
}

export function insertRegisters(tx: BulkTransaction, random: Random): void {
  // Inside the boundary only: what lies outside goes back to fields and is nobody's promise or building site.
  const land = all<Land>(tx.db, "SELECT id, unit, area_m2 FROM parcel WHERE side = 'inside' ORDER BY code")
  const every = (step: number, from: number, count: number): Land[] =>
    Array.from({ length: count }, (_, index) => land[from + index * step]!)
  idleLand(tx, every(131, 7, 5))
  standardLand(tx, random, every(97, 20, 8))
  smallParks(tx, every(230, 40, 4))
  twoHigh(tx, random)
}

/** One of each way to become a suspicion, one that is none, one whose figures do not decide it. */
function idleLand(tx: BulkTransaction, lots: readonly Land[]): void {
  const cases = [
    { agreed_start: '2020-06-30' },
    { agreed_start: '2019-09-01', actual_start: '2019-11-12', stopped_on: '2021-02-01', developed: 0.2 },
    { agreed_start: '2019-03-01', actual_start: '2019-04-18', stopped_on: '2020-12-10', invested: 0.18 },
    { agreed_start: '2022-09-01', actual_start: '2022-08-20', developed: 0.6, invested: 0.55 },
    { agreed_start: '2020-01-15', actual_start: '2020-02-01', stopped_on: '2021-05-20' },
  ]
  for (const [index, { developed, invested, ...dates }] of cases.entries()) {
    const { id, area_m2: area } = lots[index]!
    const price = Math.round(area * 0.036 * 100) / 100
    tx.insert('idle_case', {
      parcel_id: id,
      contract_no: `示例出让合同〔2018〕${index + 1}号`,
      delivered_on: '2018-12-20',
      ...dates,
      due_area_m2: area,
      developed_area_m2: developed === undefined ? null : Math.floor(area * developed * 100) / 100,
      total_investment: price * 6,
      actual_investment: invested === undefined ? null : Math.round(price * 6 * invested * 100) / 100,
      land_price: price,
      cause: index === 2 ? 'GOV' : 'ENTERPRISE',
    })
  }
}

function standardLand(tx: BulkTransaction, random: Random, lots: readonly Land[]): void {
  for (const [index, { id }] of lots.entries()) {
    const committed = { investment_intensity: 350, far: 1.5, tax_per_mu: 25 }
    const reached = (value: number): number => Math.round(value * random.between(0.7, 1.3) * 100) / 100
    tx.insert('standard_land', {
      parcel_id: id,
      agreement_no: `示例监管协议〔2020〕${index + 1}号`,
      committed,
      actual:
        index < 6
          ? {
              investment_intensity: reached(committed.investment_intensity),
              far: reached(committed.far),
              tax_per_mu: reached(committed.tax_per_mu),
            }
          : null,
      construction_checked_on: index < 7 ? '2021-10-15' : null,
      production_checked_on: index < 6 ? '2022-10-18' : null,
    })
  }
}

function smallParks(tx: BulkTransaction, lots: readonly Land[]): void {
  const trades = ['纺织服装', '五金机械', '塑料制品', '食品加工']
  for (const [index, { id, unit, area_m2: area }] of lots.entries()) {
    tx.insert('small_park', {
      name: `示例小微企业园${'甲乙丙丁'[index]}`,
      unit,
      star: index === 3 ? null : 3 + (index % 3),
      land_m2: area,
      floor_area_m2: Math.floor(area * 1.8 * 100) / 100,
      firms: 12 + index * 7,
      industry: trades[index]!,
      completed_on: index === 3 ? null : `202${index}-06-30`,
      parcel_ids: [id],
    })
  }
}

/** The enterprises that use the most energy. */
function twoHigh(tx: BulkTransaction, random: Random): void {
  const firms = all<{ id: string; name: string; unit: string; industry_code: string; tce: number; va: number }>(
    tx.db,
    `SELECT e.id, e.name, e.unit, e.industry_code, y.energy_tce AS tce, y.value_added AS va
     FROM enterprise e JOIN enterprise_year y ON y.enterprise_id = e.id AND y.year = 2022
     WHERE y.energy_tce > 0 AND y.value_added > 0 ORDER BY y.energy_tce DESC, e.code LIMIT 5`,
  )
  for (const [index, { id, name, unit, industry_code, tce, va }] of firms.entries()) {
    tx.insert('two_high', {
      enterprise_id: id,
      project_name: `${name.replace('(示例)', '')}生产线(示例)`,
      unit,
      industry_code,
      status: index === 4 ? 'building' : 'existing',
      energy_tce: tce,
      value_added: va,
      energy_doc: random.chance(0.7) ? `示例节能审查〔2019〕${index + 1}号` : null,
      environment_doc: random.chance(0.8) ? `示例环评〔2019〕${index + 1}号` : null,
      decision: index < 2 ? 'rectify' : 'keep',
      due_date: index < 2 ? '2022-12-31' : null,
    })
  }
}
