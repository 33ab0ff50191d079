/**
 * Figures of a year that contradict each other, or cannot be. Pure. A finding changes nothing: the figures stay as they were
 * given, the person is told at import, in the form and by a filter of the ledger.
 */
import type { YearFigures } from './indicators.ts'

export interface CheckedFigures extends YearFigures {
  readonly year?: number
  readonly output?: number | null
  /** Cells that could not be read, by heading. */
  readonly unread?: unknown
}

export type FigureFault =
  | 'tax_without_land'
  | 'land_parts'
  | 'land_on_map'
  | 'value_added_over_output'
  | 'rd_over_revenue'
  | 'tax_over_revenue'
  | 'power_over_energy'
  | 'scale_and_revenue'
  | 'produces_while_closed'
  | 'nobody_employed'
  | 'negative_tax'
  | 'leap'
  | 'unread'

export interface FigureFinding {
  readonly fault: FigureFault
  /** Field that it is to be looked at. */
  readonly field: string
  readonly values: Readonly<Record<string, string | number>>
}

/** 规上工业: 年主营业务收入 2000 万元 and more. */
const ABOVE_REVENUE = 2000
/** tce in a kWh by its heat alone (当量值, GB/T 2589): no accounting of energy can come out lower than its power. */
const TCE_PER_KWH = 0.1229 / 1000
/** Rounding to two digits of both parts, and 1 %. */
const LAND_TOLERANCE_MU = 0.02
const LAND_TOLERANCE_SHARE = 0.01
/** Land said and land on the map differ for good reasons; a fifth is worth a look. */
const MAP_TOLERANCE_SHARE = 0.2
/** Figures in 元 where 万元 is asked leap by 10,000; in 千元 by 10. Between the two no business grows or shrinks. */
const LEAP = 50

const known = (value: number | null | undefined): value is number => value !== null && value !== undefined

interface Context {
  readonly op_status?: string | null
  /** Land of the enterprise's parcels, 亩; null without parcels. */
  readonly mapped_mu?: number | null
  readonly before?: CheckedFigures | undefined
}

export function figureFindings(figures: CheckedFigures, context: Context = {}): FigureFinding[] {
  const findings: FigureFinding[] = []
  const add = (fault: FigureFault, field: string, values: FigureFinding['values'] = {}): void =>
    void findings.push({ fault, field, values })
  checkLand(figures, context.mapped_mu ?? null, add)
  checkMoney(figures, add)
  const { energy_tce: energy, power_kwh: power, employees } = figures
  if (known(energy) && known(power) && energy < power * TCE_PER_KWH * (1 - LAND_TOLERANCE_SHARE)) {
    add('power_over_energy', 'energy_tce', { energy, power, least: power * TCE_PER_KWH })
  }
  const produces = (figures.value_added ?? 0) > 0 || (figures.output ?? 0) > 0
  if (produces && employees === 0) add('nobody_employed', 'employees')
  if (produces && (context.op_status === 'not_started' || context.op_status === 'closed')) {
    add('produces_while_closed', 'value_added', { status: context.op_status })
  }
  for (const field of ['tax', 'value_added', 'energy_tce', 'land_mu_actual'] as const) {
    const [now, then] = [figures[field], context.before?.[field]]
    if (!known(now) || !known(then) || now <= 0 || then <= 0) continue
    if (now / then >= LEAP || then / now >= LEAP) {
      add('leap', field, { now, then, year: context.before?.year ?? 0 })
    }
  }
  const unread = figures.unread
  if (unread !== null && typeof unread === 'object') {
    for (const [heading, value] of Object.entries(unread)) {
      add('unread', 'unread', { heading, value: String(value) })
    }
  }
  return findings
}

type Add = (fault: FigureFault, field: string, values?: FigureFinding['values']) => void

function checkLand(figures: CheckedFigures, mapped: number | null, add: Add): void {
  const { land_mu_actual: land, land_mu_owned: owned, land_mu_rented: rented, tax } = figures
  if (known(tax) && tax > 0 && (!known(land) || land === 0)) {
    add('tax_without_land', 'land_mu_actual', known(land) ? { tax, land } : { tax })
  }
  if (known(land) && known(owned) && known(rented)) {
    const parts = owned + rented
    if (Math.abs(parts - land) > Math.max(LAND_TOLERANCE_MU, land * LAND_TOLERANCE_SHARE)) {
      add('land_parts', 'land_mu_actual', { land, owned, rented, parts })
    }
  }
  if (known(land) && mapped !== null && mapped > 0 && Math.abs(mapped - land) > mapped * MAP_TOLERANCE_SHARE) {
    add('land_on_map', 'land_mu_actual', { land, mapped })
  }
}

function checkMoney(figures: CheckedFigures, add: Add): void {
  const { tax, value_added: added, output, revenue, rd, scale } = figures
  if (known(tax) && tax < 0) add('negative_tax', 'tax', { tax })
  if (known(added) && known(output) && added > output) add('value_added_over_output', 'value_added', { added, output })
  if (known(revenue) && known(rd) && rd > revenue) add('rd_over_revenue', 'rd', { rd, revenue })
  if (known(revenue) && known(tax) && tax > revenue) add('tax_over_revenue', 'tax', { tax, revenue })
  if (known(revenue) && (scale === 'above' ? revenue < ABOVE_REVENUE : scale === 'below' && revenue >= ABOVE_REVENUE)) {
    add('scale_and_revenue', 'scale', { revenue, limit: ABOVE_REVENUE, scale: scale! })
  }
}

const number = (value: unknown): string =>
  typeof value === 'number' ? String(Number(value.toFixed(4))) : String(value)

/** What a finding says; it names the figures and never says what they should be. */
export function findingInWords({ fault, field, values }: FigureFinding, language: 'zh' | 'en' = 'zh'): string {
  const zh = language === 'zh'
  const v = (name: string): string => number(values[name])
  switch (fault) {
    case 'tax_without_land':
      if (zh) return `有税收 ${v('tax')} 万元，实际用地${'land' in values ? '为 0' : '未填'}，亩均税收无法计算`
      return `Tax ${v('tax')} but land ${'land' in values ? 'is 0' : 'unknown'}: no tax per mu`
    case 'land_parts':
      return zh
        ? `自有 ${v('owned')} + 租用 ${v('rented')} = ${v('parts')} 亩，与实际用地 ${v('land')} 亩不符`
        : `Owned ${v('owned')} + rented ${v('rented')} = ${v('parts')} mu, land in use ${v('land')} mu`
    case 'land_on_map':
      return zh
        ? `实际用地 ${v('land')} 亩，与关联地块合计 ${v('mapped')} 亩相差超过两成`
        : `Land in use ${v('land')} mu, linked parcels ${v('mapped')} mu: more than a fifth apart`
    case 'value_added_over_output':
      return zh
        ? `工业增加值 ${v('added')} 大于产值 ${v('output')} 万元`
        : `Value added ${v('added')} exceeds output ${v('output')}`
    case 'rd_over_revenue':
      return zh
        ? `研发费 ${v('rd')} 大于主营业务收入 ${v('revenue')} 万元`
        : `R&D ${v('rd')} exceeds revenue ${v('revenue')}`
    case 'tax_over_revenue':
      return zh
        ? `税收 ${v('tax')} 大于主营业务收入 ${v('revenue')} 万元`
        : `Tax ${v('tax')} exceeds revenue ${v('revenue')}`
    case 'power_over_energy':
      return zh
        ? `综合能耗 ${v('energy')} tce 小于用电量 ${v('power')} kWh 折算的 ${v('least')} tce`
        : `Energy ${v('energy')} tce is less than its power ${v('power')} kWh alone (${v('least')} tce)`
    case 'scale_and_revenue': {
      const size = values['scale'] === 'above'
      if (zh)
        return `${size ? '规上' : '规下'}，但主营业务收入 ${v('revenue')} 万元${size ? '不足' : '已达'} ${v('limit')} 万元`
      return `${size ? 'Above' : 'Below'} size, but revenue ${v('revenue')} is ${size ? 'under' : 'at least'} ${v('limit')}`
    }
    case 'produces_while_closed':
      if (zh) return `经营状态为“${values['status'] === 'closed' ? '关闭' : '未投产'}”，但有产值或增加值`
      return `${values['status'] === 'closed' ? 'Closed' : 'Not in production'}, but with output or value added`
    case 'nobody_employed':
      return zh ? '年平均人数为 0，但有产值或增加值' : 'Nobody employed, but with output or value added'
    case 'negative_tax':
      return zh ? `税收为负(${v('tax')} 万元)，请核对是否为退税` : `Negative tax (${v('tax')}): a refund?`
    case 'leap': {
      const names = { tax: '评价税收', value_added: '工业增加值', energy_tce: '综合能耗', land_mu_actual: '实际用地' }
      const name = names[field as keyof typeof names] ?? field
      return zh
        ? `${name} ${v('now')} 与 ${v('year')} 年的 ${v('then')} 相差 ${LEAP} 倍以上，请核对单位`
        : `${field} ${v('now')} against ${v('then')} in ${v('year')}: more than ${LEAP} times, check the unit`
    }
    case 'unread':
      return zh
        ? `“${v('heading')}”的“${v('value')}”未能读入`
        : `“${v('value')}” in “${v('heading')}” could not be read`
  }
}
