/**
 * 考核评分表 (domain §11.7, 7): items with their weights, targets and ways of scoring are data of a year; no weight stands in
 * the program. Pure. The measured indicators are what the program can know; other items bring their value with the table.
 */

/** How an item is scored: in proportion to the target, by steps of the completion, or points off per unit. */
export const ASSESSMENT_METHODS = ['linear', 'steps', 'deduct'] as const
export type AssessmentMethod = (typeof ASSESSMENT_METHODS)[number]

export interface AssessmentItem {
  readonly indicator: string
  /** Points of the item at most. */
  readonly weight: number
  /** In the unit of the indicator; null for deductions. */
  readonly target: number | null
  readonly method: AssessmentMethod
  /** Of `steps`: share of the target reached → share of the weight, highest first. */
  readonly steps: readonly { readonly from: number; readonly share: number }[]
  /** Of `deduct`: points off per unit of the value. */
  readonly per_unit: number | null
  /** Of `linear`: at most this multiple of the weight; 1 when the table says nothing. */
  readonly cap: number
  /** Value that the table brings for an indicator without a source here. */
  readonly value: number | null
  readonly evidence: string | null
}

/** What the program measures by itself, with the unit of its value. */
export const MEASURED = {
  整治高耗低效企业: '家',
  盘活低效用地: '亩',
  腾出用能: 'tce',
  减碳: 't',
  连片整治区域: '个',
  '50亩连片率': '%',
  合规问题闭环率: '%',
  逾期方案数: '个',
  反弹数: '家',
  规上工业亩均税收: '万元/亩',
  规上工业亩均增加值: '万元/亩',
  规上制造业全员劳动生产率: '万元/人',
  规上制造业研发经费占营业收入比重: '%',
} as const

/** Points of an item; null when its value or target is not known. */
export function itemScore(item: AssessmentItem, value: number | null): number | null {
  if (value === null) return null
  if (item.method === 'deduct') {
    return item.per_unit === null ? null : Math.max(0, item.weight - item.per_unit * Math.max(0, value))
  }
  if (item.target === null || item.target <= 0) return null
  const reached = value / item.target
  if (item.method === 'linear') return item.weight * Math.min(item.cap, Math.max(0, reached))
  // A share that equals the step but for rounding has reached it.
  const step = item.steps.find(({ from }) => reached >= from - 1e-12)
  return item.weight * (step?.share ?? 0)
}

export interface AssessmentSum {
  /** Sum of what could be scored; null when nothing could. */
  readonly points: number | null
  readonly scored_weight: number
  readonly weight: number
}

export function assessmentSum(items: readonly AssessmentItem[], scores: readonly (number | null)[]): AssessmentSum {
  let points: number | null = null
  let scored_weight = 0
  let weight = 0
  for (const [index, item] of items.entries()) {
    weight += item.weight
    const score = scores[index] ?? null
    if (score === null) continue
    points = (points ?? 0) + score
    scored_weight += item.weight
  }
  return { points, scored_weight, weight }
}

/** 计分办法 in words. */
export function methodInWords(item: AssessmentItem): string {
  if (item.method === 'linear') return item.cap === 1 ? '线性' : `线性(封顶 ${item.cap} 倍)`
  if (item.method === 'deduct') return `扣分(每单位 ${item.per_unit} 分)`
  return `阶梯(${item.steps.map(step => `≥${trim(step.from * 100)}%得${trim(step.share * 100)}%`).join(';')})`
}

function trim(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

/** `≥100%:100%;≥80%:60%` → steps, highest first; undefined when it cannot be read. */
export function parseSteps(text: string): AssessmentItem['steps'] | undefined {
  const steps: { from: number; share: number }[] = []
  for (const part of text.split(/[;;、]/).filter(piece => piece.trim() !== '')) {
    const match = /^\s*(?:≥|>=)?\s*([\d.]+)\s*%?\s*[::=得]\s*([\d.]+)\s*%?\s*$/.exec(part)
    if (!match) return undefined
    const [from, share] = [Number(match[1]) / 100, Number(match[2]) / 100]
    if (!Number.isFinite(from) || !Number.isFinite(share) || share > 1) return undefined
    steps.push({ from, share })
  }
  if (steps.length === 0) return undefined
  return steps.sort((a, b) => b.from - a.from)
}
