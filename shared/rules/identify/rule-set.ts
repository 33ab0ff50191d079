/**
 * The identification rules as data (domain §11.6): thresholds by unit, industry, size and year, with their source. Numbers
 * differ from place to place, so a survey keeps its own versions; this is what a new one begins with.
 */

export const RULE_IDS = ['R-01', 'R-02', 'R-03', 'R-04', 'R-05', 'R-06', 'R-07', 'R-08', 'R-09', 'R-10'] as const
export type RuleId = (typeof RULE_IDS)[number]

/** What a hit means: a candidate for the list, to be watched, a flag without consequence, or first in the order of exit. */
export type RuleEffect = 'list' | 'watch' | 'flag' | 'priority'

/** A number that holds where its conditions do; the most specific one that applies decides. */
export interface Threshold {
  readonly value: number
  /** Code of a scored unit. */
  readonly unit?: string
  /** Beginning of an industry code of GB/T 4754, e.g. `C17`, `17` or `1711`. */
  readonly industry?: string
  readonly scale?: 'above' | 'below'
  /** Year of the figures. */
  readonly year?: number
}

/** Exclusions that data decide; the other reasons of §11.3 are given by people on the list. */
export const EXCLUSIONS = ['not_manufacturing', 'not_started', 'under_3_mu'] as const
export type Exclusion = (typeof EXCLUSIONS)[number]

export interface Rule {
  readonly id: RuleId
  readonly enabled: boolean
  readonly effect: RuleEffect
  /** Unit of the numbers: 万元/亩, 亩, tce/万元, years, or a share. */
  readonly thresholds: readonly Threshold[]
  readonly source: string
}

export interface RuleSet {
  readonly rules: readonly Rule[]
  /** 规下 with less land than this are outside the campaign (“3亩(含)以上”), 亩. */
  readonly screened_land_mu: number
  /** Which exclusions hold. */
  readonly exclusions: readonly Exclusion[]
}

export const DEFAULT_RULE_SET: RuleSet = {
  screened_land_mu: 3,
  exclusions: EXCLUSIONS,
  rules: [
    {
      id: 'R-01',
      enabled: true,
      effect: 'list',
      thresholds: [{ value: 5 }],
      source: '东阳 2021(湖州为 6)；待本地确认',
    },
    { id: 'R-02', enabled: true, effect: 'list', thresholds: [{ value: 1 }], source: '待核实(湖州为 3)' },
    { id: 'R-03', enabled: true, effect: 'list', thresholds: [{ value: 5 }], source: '兰溪市行动方案(2021-2023)' },
    { id: 'R-04', enabled: true, effect: 'list', thresholds: [{ value: 2 }], source: '平湖 2022(连续两年及以上 D 类)' },
    { id: 'R-05', enabled: true, effect: 'list', thresholds: [{ value: 10 }], source: '湖州 2021(平湖为 20)' },
    {
      id: 'R-06',
      enabled: true,
      effect: 'flag',
      thresholds: [{ value: 0.52 }],
      source: '全省新增项目准入值，仅作提示',
    },
    { id: 'R-07', enabled: true, effect: 'watch', thresholds: [{ value: 0.5 }], source: '东阳 2021(行业平均的 50%)' },
    {
      id: 'R-08',
      enabled: true,
      effect: 'flag',
      thresholds: [],
      source: '闲置土地处置办法(国土资源部令第53号)，仅疑似',
    },
    { id: 'R-09', enabled: true, effect: 'list', thresholds: [], source: '兰溪市行动方案：依法开展合规检查' },
    { id: 'R-10', enabled: true, effect: 'priority', thresholds: [], source: '新仓 2022：边界外低效企业优先腾退' },
  ],
}

/** The number that applies; null when none does. Unit counts more than industry, industry more than size, size more than year. */
export function thresholdFor(
  rule: Rule,
  at: { unit: string | null; industry: string | null; scale?: string | null; year: number },
): number | null {
  let best: { weight: number; value: number } | null = null
  for (const threshold of rule.thresholds) {
    if (threshold.unit !== undefined && threshold.unit !== at.unit) continue
    if (threshold.year !== undefined && threshold.year !== at.year) continue
    if (threshold.scale !== undefined && threshold.scale !== at.scale) continue
    const industry = threshold.industry === undefined ? null : digitsOf(threshold.industry)
    if (industry !== null && !(at.industry !== null && digitsOf(at.industry).startsWith(industry))) continue
    const weight =
      (threshold.unit === undefined ? 0 : 1000) +
      (industry === null ? 0 : 10 + industry.length) +
      (threshold.scale === undefined ? 0 : 2) +
      (threshold.year === undefined ? 0 : 1)
    if (!best || weight > best.weight) best = { weight, value: threshold.value }
  }
  return best?.value ?? null
}

/** Industry codes are written with and without the letter of their section. */
export function digitsOf(industry: string): string {
  return industry.trim().replace(/^[A-Za-z]/, '')
}

/** A stored rule set as one that can be used; throws RangeError naming what is wrong. */
export function parseRuleSet(stored: unknown): RuleSet {
  const value = (typeof stored === 'string' ? JSON.parse(stored) : stored) as Partial<RuleSet> | null
  if (typeof value !== 'object' || value === null || !Array.isArray(value.rules)) throw new RangeError('rules')
  for (const rule of value.rules as Rule[]) {
    if (!RULE_IDS.includes(rule.id)) throw new RangeError(String(rule.id))
    for (const threshold of rule.thresholds ?? []) {
      if (!Number.isFinite(threshold.value)) throw new RangeError(rule.id)
    }
  }
  const land = value.screened_land_mu ?? DEFAULT_RULE_SET.screened_land_mu
  if (!Number.isFinite(land) || land < 0) throw new RangeError('screened_land_mu')
  const exclusions = value.exclusions ?? EXCLUSIONS
  if (!Array.isArray(exclusions) || exclusions.some(code => !EXCLUSIONS.includes(code as Exclusion))) {
    throw new RangeError('exclusions')
  }
  return { rules: value.rules, screened_land_mu: land, exclusions: exclusions as Exclusion[] }
}
