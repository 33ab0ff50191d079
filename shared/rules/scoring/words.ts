/** A score in words: the place, and item by item what was measured, against what, for how many points. */
import { itemsOfBasis, type ScoreBasis } from './basis.ts'
import type { NotScored, ScoredItem } from './score.ts'
import type { ScoreIndicator } from './standard.ts'
import { vetoInWords } from './veto.ts'

type Language = 'zh' | 'en'

export const INDICATOR_NAMES: Readonly<Record<ScoreIndicator, readonly [string, string, string]>> = {
  tax_per_mu: ['亩均税收', 'Tax per mu', '万元/亩'],
  va_per_mu: ['亩均增加值', 'Value added per mu', '万元/亩'],
  va_per_tce: ['单位能耗增加值', 'Value added per energy', '万元/tce'],
  va_per_emission: ['单位排放增加值', 'Value added per emission', '万元/t'],
  labour_productivity: ['全员劳动生产率', 'Labour productivity', '万元/人'],
  rd_ratio: ['R&D经费占主营业务收入比', 'R&D ratio', ''],
  tax_per_kwh: ['单位用电税收', 'Tax per power', '元/kWh'],
}

const REASONS: Readonly<Record<NotScored, readonly [string, string]>> = {
  scale_unknown: ['规上/规下未知', 'size unknown'],
  not_started: ['未投产(合同期内)', 'not in production, not yet due'],
  too_little_known: ['已知指标不足', 'too little is known'],
  no_items: ['评价办法没有这类企业的指标', 'the standard has no indicators for this group'],
}

const round = (value: number, digits: number): string => String(Number(value.toFixed(digits)))

/** “规上 34 家中第 5 名，得 87.32 分。”, or why there is none. */
export function scoreInWords(basis: ScoreBasis, score: number | null, language: Language = 'zh'): string {
  const parts = [placeInWords(basis, score, language)]
  if (basis.together) parts.push(togetherInWords(basis.together, language))
  if (basis.veto) parts.push(vetoInWords(basis.veto, language))
  return parts.join(language === 'zh' ? '；' : '; ')
}

/** “单宗多家合并评价：甲公司、乙公司”. Long lists are cut: the names stand in the basis. */
function togetherInWords(names: readonly string[], language: Language): string {
  const shown = names.slice(0, 3)
  if (language === 'en')
    return `judged as one: ${shown.join(', ')}${names.length > 3 ? ` (${names.length} in all)` : ''}`
  return `单宗多家合并评价：${shown.join('、')}${names.length > 3 ? `等 ${names.length} 家` : ''}`
}

function placeInWords(basis: ScoreBasis, score: number | null, language: Language): string {
  const zh = language === 'zh'
  if (score === null) {
    const reason = basis.why === null ? '—' : REASONS[basis.why][zh ? 0 : 1]
    const lacking = basis.missing.map(name => INDICATOR_NAMES[name][zh ? 0 : 1])
    if (zh) return `未评分：${reason}${lacking.length > 0 ? `(缺${lacking.join('、')})` : ''}`
    return `Not scored: ${reason}${lacking.length > 0 ? ` (missing ${lacking.join(', ')})` : ''}`
  }
  const group = basis.group === 'above' ? ['规上', 'above size'] : ['规下', 'below size']
  return zh
    ? `${group[0]} ${basis.of} 家中第 ${basis.rank} 名，得 ${round(score, 2)} 分`
    : `${round(score, 2)} points, place ${basis.rank} of ${basis.of} (${group[1]})`
}

/** One line per item: “亩均税收 6.2 ÷ 基准 24.1 × 30 = 7.72 分”. */
export function itemsInWords(basis: ScoreBasis, language: Language = 'zh'): string[] {
  return itemsOfBasis(basis).map(entry => itemInWords(entry, language))
}

function itemInWords(entry: ScoredItem, language: Language): string {
  const zh = language === 'zh'
  const name = INDICATOR_NAMES[entry.indicator][zh ? 0 : 1]
  const points = round(entry.points, 2)
  const weight = round(entry.weight, 2)
  if (entry.value === null) {
    return zh ? `${name}缺数，按组平均得 ${points} 分` : `${name} unknown: the group's mean, ${points} points`
  }
  const value = round(entry.value, 4)
  if (entry.base !== undefined) {
    const isCapped = entry.cap !== undefined && entry.value / entry.base > entry.cap
    const limit = isCapped ? (zh ? `,封顶 ${entry.cap} 倍` : `, at most ${entry.cap} times`) : ''
    const floor = entry.value < 0 ? (zh ? ',负值计 0 分' : ', negative earns nothing') : ''
    const base = round(entry.base, 4)
    return zh
      ? `${name} ${value} ÷ 基准 ${base} × ${weight}${limit}${floor} = ${points} 分`
      : `${name} ${value} ÷ ${base} × ${weight}${limit}${floor} = ${points} points`
  }
  const range = `${round(entry.min!, 4)}–${round(entry.max!, 4)}`
  return zh
    ? `${name} ${value}(区间 ${range})按 20–100 折算 × ${weight} = ${points} 分`
    : `${name} ${value} in ${range}, scaled to 20–100 × ${weight} = ${points} points`
}
