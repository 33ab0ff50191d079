/**
 * The standard of the yearly evaluation (亩均效益综合评价, domain §2) as data: which indicators with which weights, against
 * which values of the year, and how scores become classes. It differs by place and year, so a survey keeps its own versions.
 */
import { type CodeOf, codesOf } from '../../model/enumerations.ts'
import type { Indicators } from '../indicators.ts'

export const SCORE_METHODS = ['RATIO_TO_BASE', 'MINMAX_20_80'] as const
export type ScoreMethod = (typeof SCORE_METHODS)[number]

export const SCORE_GROUPS = ['above', 'below'] as const
/** 规上 and 规下 are compared among themselves. */
export type ScoreGroup = (typeof SCORE_GROUPS)[number]

/** Indicators that can be scored: higher is better in all of them. */
export const SCORE_INDICATORS = [
  'tax_per_mu',
  'va_per_mu',
  'va_per_tce',
  'va_per_emission',
  'labour_productivity',
  'rd_ratio',
  'tax_per_kwh',
] as const satisfies readonly (keyof Indicators)[]
export type ScoreIndicator = (typeof SCORE_INDICATORS)[number]

export interface ScoreItem {
  readonly indicator: ScoreIndicator
  /** Points of a full mark. */
  readonly weight: number
  /** RATIO_TO_BASE: value of the year that earns a full mark; null: the group's own Σ/Σ. */
  readonly base: number | null
  /** MINMAX_20_80: the values that earn 20 % and 100 % of the weight; null: the group's lowest and highest. */
  readonly min: number | null
  readonly max: number | null
  /** RATIO_TO_BASE: at most this many times the weight; null: no limit. */
  readonly cap: number | null
}

/**
 * How scores become classes. `score`: lowest score of A, B and C. `share`: the best share of the group that is A, the
 * next that is B and the next that is C. What is left is D.
 */
export interface ClassCut {
  readonly by: 'score' | 'share'
  readonly a: number
  readonly b: number
  readonly c: number
}

export type Class = 'A' | 'B' | 'C' | 'D'

/** A cause of `veto_cause` and the class that it leaves at most. */
export interface VetoRule {
  readonly cause: CodeOf<'veto_cause'>
  readonly to: 'B' | 'C' | 'D'
}

/** 单宗多家合并评价: tenants of a parcel are judged with who holds it. */
export interface Combining {
  readonly tenants: boolean
  /** Tenants of 规上 size are judged by themselves. */
  readonly apart_above: boolean
  /** So are those that use at least so much land (亩); null: no such limit. */
  readonly apart_mu: number | null
}

export interface ScoreStandard {
  readonly method: ScoreMethod
  readonly groups: Readonly<Record<ScoreGroup, readonly ScoreItem[]>>
  readonly classes: ClassCut
  /** Share of the weights (0–1) whose indicators must be known for an enterprise to be scored at all. */
  readonly needed_weight: number
  readonly vetoes: readonly VetoRule[]
  readonly combine: Combining
  readonly source: string
}

/** Standards from before there were units and vetoes go on judging as they did. */
const SINGLE: Combining = { tenants: false, apart_above: true, apart_mu: null }

const item = (indicator: ScoreIndicator, weight: number): ScoreItem => ({
  indicator,
  weight,
  base: null,
  min: null,
  max: null,
  cap: null,
})

/** What a survey begins with: the weights of 黄岩区 2022, the year's own values as base. Everything is to be confirmed locally. */
export const DEFAULT_STANDARD: ScoreStandard = {
  method: 'RATIO_TO_BASE',
  groups: {
    above: [
      item('tax_per_mu', 30),
      item('va_per_mu', 20),
      item('va_per_tce', 20),
      item('va_per_emission', 10),
      item('labour_productivity', 10),
      item('rd_ratio', 10),
    ],
    below: [item('tax_per_mu', 50), item('tax_per_kwh', 50)],
  },
  classes: { by: 'share', a: 0.2, b: 0.4, c: 0.35 },
  needed_weight: 0.5,
  vetoes: [
    { cause: 'safety', to: 'D' },
    { cause: 'environment', to: 'D' },
  ],
  combine: { tenants: true, apart_above: true, apart_mu: null },
  source: '权重参照黄岩区 2022 年度，基准为本年全部企业 Σ/Σ，等级比例待本地确认',
}

/** A stored or typed standard as one that can be used; throws RangeError naming the field that is wrong. */
export function parseStandard(stored: unknown): ScoreStandard {
  const given = (typeof stored === 'string' ? JSON.parse(stored) : stored) as Partial<ScoreStandard> | null
  if (typeof given !== 'object' || given === null) throw new RangeError('standard')
  if (!given.method || !SCORE_METHODS.includes(given.method)) throw new RangeError('method')
  const groups = { above: itemsOf(given, 'above'), below: itemsOf(given, 'below') }
  const needed = given.needed_weight ?? DEFAULT_STANDARD.needed_weight
  if (!(needed >= 0 && needed <= 1)) throw new RangeError('needed_weight')
  return {
    method: given.method,
    groups,
    classes: cutOf(given.classes),
    needed_weight: needed,
    vetoes: vetoesOf(given.vetoes ?? []),
    combine: combiningOf(given.combine ?? SINGLE),
    source: String(given.source ?? ''),
  }
}

function itemsOf(given: Partial<ScoreStandard>, group: ScoreGroup): ScoreItem[] {
  const items = given.groups?.[group]
  if (!Array.isArray(items)) throw new RangeError(group)
  const seen = new Set<string>()
  return (items as ScoreItem[]).map(entry => {
    const { indicator, weight, base = null, min = null, max = null, cap = null } = entry
    if (!SCORE_INDICATORS.includes(indicator) || seen.has(indicator)) throw new RangeError(`${group}.${indicator}`)
    seen.add(indicator)
    if (!(Number.isFinite(weight) && weight > 0)) throw new RangeError(`${group}.${indicator}.weight`)
    if (base !== null && !(Number.isFinite(base) && base > 0)) throw new RangeError(`${group}.${indicator}.base`)
    if (cap !== null && !(Number.isFinite(cap) && cap > 0)) throw new RangeError(`${group}.${indicator}.cap`)
    const isRange = (min === null || Number.isFinite(min)) && (max === null || Number.isFinite(max))
    if (!isRange || (min !== null && max !== null && min >= max)) throw new RangeError(`${group}.${indicator}.max`)
    return { indicator, weight, base, min, max, cap }
  })
}

function vetoesOf(given: readonly VetoRule[]): VetoRule[] {
  const seen = new Set<string>()
  return given.map(({ cause, to }) => {
    const isKnown = codesOf('veto_cause').includes(cause) && ['B', 'C', 'D'].includes(to)
    if (!isKnown || seen.has(cause)) throw new RangeError(`vetoes.${String(cause)}`)
    seen.add(cause)
    return { cause, to }
  })
}

function combiningOf({ tenants, apart_above, apart_mu }: Combining): Combining {
  const fits = apart_mu === null || (Number.isFinite(apart_mu) && apart_mu > 0)
  if (typeof tenants !== 'boolean' || typeof apart_above !== 'boolean' || !fits) throw new RangeError('combine')
  return { tenants, apart_above, apart_mu }
}

function cutOf(given: ClassCut | undefined): ClassCut {
  const cut = given ?? DEFAULT_STANDARD.classes
  const { by, a, b, c } = cut
  if (by !== 'score' && by !== 'share') throw new RangeError('classes')
  if (![a, b, c].every(Number.isFinite)) throw new RangeError('classes')
  const fits = by === 'score' ? a > b && b > c : a >= 0 && b >= 0 && c >= 0 && a + b + c <= 1 + 1e-9
  if (!fits) throw new RangeError('classes')
  return { by, a, b, c }
}
