/** Hits in words, for the list, the window and the printed ledger: what was measured, against what, of which year. */
import { labelOf } from '../../model/enumerations.ts'
import type { Hit } from './evaluate.ts'

type Language = 'zh' | 'en'

const number = (value: unknown, digits = 2): string =>
  typeof value === 'number' ? String(Number(value.toFixed(digits))) : '—'

/** “亩均税收 3.2 万元 < 5 万元(园区内，2021 年)” */
export function hitInWords({ rule, effect, inputs }: Hit, language: Language = 'zh'): string {
  const zh = language === 'zh'
  const year = zh ? `${inputs['year']} 年` : String(inputs['year'])
  const threshold = number(inputs['threshold'], 4)
  const tax = number(inputs['tax_per_mu'])
  switch (rule) {
    case 'R-01':
    case 'R-02':
    case 'R-03': {
      const scope = { 'R-01': ['规上', 'above size'], 'R-02': ['规下', 'below size'], 'R-03': ['园区内', 'in a park'] }[
        rule
      ]
      return zh
        ? `亩均税收 ${tax} 万元 < ${threshold} 万元(${scope[0]}，${year})`
        : `Tax per mu ${tax} < ${threshold} (10k CNY; ${scope[1]}, ${year})`
    }
    case 'R-04': {
      // A class of the survey's own evaluation is not a published one, and says so.
      const computed = Number(inputs['computed_years'] ?? 0)
      const own = computed === 0 ? '' : zh ? `，其中 ${computed} 年为测算` : `, ${computed} of them computed`
      return zh
        ? `亩均评价 D 类${Number(inputs['years_in_d']) > 1 ? `连续 ${inputs['years_in_d']} 年` : ''}(至 ${year}${own})`
        : `Class D for ${inputs['years_in_d']} year(s) in a row (to ${year}${own})`
    }
    case 'R-05':
      return zh
        ? `规下占地 ${number(inputs['land_mu_actual'])} 亩 ≥ ${threshold} 亩(${year})`
        : `Below size with ${number(inputs['land_mu_actual'])} mu ≥ ${threshold} mu (${year})`
    case 'R-06':
      return zh
        ? `单位增加值能耗 ${number(inputs['energy_intensity'], 3)} tce/万元 > ${threshold}(${year}，提示)`
        : `Energy per value added ${number(inputs['energy_intensity'], 3)} tce/10k CNY > ${threshold} (${year}, flag)`
    case 'R-07': {
      const mean = number(inputs['industry_tax_per_mu'])
      const share = number(Number(inputs['threshold']) * 100, 1)
      return zh
        ? `亩均税收 ${tax} 万元 < 行业平均 ${mean} 万元的 ${share}%(${year})`
        : `Tax per mu ${tax} < ${share} % of the industry's ${mean} (${year})`
    }
    case 'R-08':
      return zh ? '疑似闲置土地(待自然资源部门认定)' : 'Suspected idle land (to be found by the land bureau)'
    case 'R-09': {
      const dimensions = ((inputs['dimensions'] ?? []) as readonly string[]).map(code =>
        labelOf('dimension', code, language),
      )
      const failed = zh ? `合规检查不合格：${dimensions.join('、')}` : `Failed checks: ${dimensions.join(', ')}`
      const obsolete = zh ? '淘汰类产能(地块低效类型为淘汰落后产业)' : 'Obsolete capacity (its land is marked so)'
      return [...(dimensions.length > 0 ? [failed] : []), ...(inputs['obsolete'] === true ? [obsolete] : [])].join(
        zh ? '；' : '; ',
      )
    }
    case 'R-10':
      return zh
        ? `${effect === 'priority' ? '优先腾退：' : ''}地块位于城镇开发边界外`
        : 'First to exit: land outside the urban development boundary'
  }
}
