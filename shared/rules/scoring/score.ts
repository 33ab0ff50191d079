/**
 * Scores and classes of the enterprises of one year (domain §2, §11.5). Pure. Unknown is never 0: an indicator that an
 * enterprise lacks earns the group's mean of that item, and too little known means no score. Values of a group are Σ/Σ.
 * Every result keeps the figures it was made of.
 */
import { groupRatio, INDICATOR_PARTS } from '../indicators.ts'
import type { Class, ScoreGroup, ScoreIndicator, ScoreItem, ScoreMethod, ScoreStandard } from './standard.ts'
import type { ScoreSubject } from './subject.ts'
import { type Tie, unitsOf } from './units.ts'
import { type Veto, vetoOf } from './veto.ts'

/** Points of one item, with what they come from. */
export interface ScoredItem {
  readonly indicator: ScoreIndicator
  readonly weight: number
  readonly numerator: number | null
  readonly denominator: number | null
  /** numerator ÷ denominator; null while unknown. */
  readonly value: number | null
  /** RATIO_TO_BASE. */
  readonly base?: number
  readonly cap?: number
  /** MINMAX_20_80. */
  readonly min?: number
  readonly max?: number
  readonly points: number
  /** True when the value is unknown and the points are the group's mean of this item. */
  readonly filled?: boolean
}

/** Why there is no score. */
export type NotScored = 'scale_unknown' | 'not_started' | 'too_little_known' | 'no_items'

export interface ScoreResult {
  readonly id: string
  readonly group: ScoreGroup | null
  readonly method: ScoreMethod
  readonly score: number | null
  readonly class: Class | null
  /** Place in the group, 1 the best, and the size of the group. */
  readonly rank: number | null
  readonly of: number
  readonly items: readonly ScoredItem[]
  readonly why: NotScored | null
  /** Indicators that were unknown. */
  readonly missing: readonly ScoreIndicator[]
  /** What held the class down; null when nothing did. */
  readonly veto: Veto | null
  /** Those who were judged as one, the head first; empty for an enterprise by itself. */
  readonly together: readonly ScoreSubject[]
}

interface Measure {
  readonly item: ScoreItem
  /** Null when nobody of the group has the indicator: then it counts for nobody. */
  readonly against: { readonly base: number } | { readonly min: number; readonly max: number } | null
}

/** What is judged: an enterprise, or a head with the figures of all its unit. */
interface Judged extends ScoreSubject {
  readonly members: readonly ScoreSubject[]
}

interface Draft {
  readonly subject: ScoreSubject
  readonly items: (Omit<ScoredItem, 'points'> & { points: number | null })[]
  readonly enough: boolean
}

/** Scores all enterprises of a year; the order is that of the subjects. */
export function scoreAll(
  standard: ScoreStandard,
  subjects: readonly ScoreSubject[],
  ties: readonly Tie[] = [],
): ScoreResult[] {
  const groups: Record<ScoreGroup, Judged[]> = { above: [], below: [] }
  const results = new Map<string, ScoreResult>()
  const judged = subjects.filter(subject => {
    const why = reasonAgainst(subject)
    if (why !== null) results.set(subject.id, unscored(standard, subject, null, why))
    return why === null
  })
  // Whoever is not evaluated is no part of a unit either.
  const units = unitsOf(judged, ties, standard.combine)
  for (const unit of units) groups[unit.head.scale as ScoreGroup].push({ ...unit.head, members: unit.members })
  for (const group of ['above', 'below'] as const) {
    for (const result of scoreGroup(standard, group, groups[group])) results.set(result.id, result)
  }
  for (const { head, members } of units) {
    if (members.length === 1) continue
    const shared = { ...results.get(head.id)!, together: members }
    for (const member of members) results.set(member.id, { ...shared, id: member.id })
  }
  return subjects.map(subject => {
    const result = results.get(subject.id)!
    const veto = vetoOf(standard.vetoes, subject.veto_causes ?? [], result.class)
    return veto === null ? result : { ...result, class: veto.to, veto }
  })
}

function reasonAgainst(subject: ScoreSubject): NotScored | null {
  if (subject.scale !== 'above' && subject.scale !== 'below') return 'scale_unknown'
  // 未投产不纳入, but who should have been in production by contract is evaluated.
  return subject.op_status === 'not_started' && !subject.overdue_construction ? 'not_started' : null
}

function scoreGroup(standard: ScoreStandard, group: ScoreGroup, members: readonly Judged[]): ScoreResult[] {
  const items = standard.groups[group]
  if (items.length === 0) return members.map(member => unscored(standard, member, group, 'no_items'))
  const measures = items.map((item): Measure => ({ item, against: measureOf(standard.method, item, members) }))
  const counting = measures.filter(measure => measure.against !== null)
  const full = sum(items.map(item => item.weight))
  const countingWeight = sum(counting.map(({ item }) => item.weight))
  // An item that nobody has counts for nobody; the others are weighted up so that a full mark stays the same.
  const scale = countingWeight === 0 ? 0 : full / countingWeight
  const drafts = members.map((subject): Draft => {
    const scored = counting.map(measure => draftItem(measure, subject, scale))
    const known = sum(scored.filter(entry => entry.value !== null).map(entry => entry.weight))
    return { subject, items: scored, enough: known > 0 && known >= standard.needed_weight * full - 1e-9 }
  })
  const means = counting.map((_, index) => meanPoints(drafts, index))
  const scored = drafts.map(draft => finish(standard, group, draft, means))
  return classify(standard, scored)
}

function measureOf(method: ScoreMethod, item: ScoreItem, members: readonly Judged[]): Measure['against'] {
  const [over, under] = INDICATOR_PARTS[item.indicator]
  if (method === 'RATIO_TO_BASE') {
    const everybody = members.flatMap(member => member.members)
    const base = item.base ?? groupRatio(everybody, over, under).value
    return base !== null && base > 0 && members.some(member => partsOf(item, member).value !== null) ? { base } : null
  }
  const values = members.map(member => partsOf(item, member).value).filter(value => value !== null)
  if (values.length === 0) return null
  const [lowest, highest] = extremes(values)
  return { min: item.min ?? lowest, max: item.max ?? highest }
}

function partsOf(item: ScoreItem, { members }: Judged) {
  const [over, under] = INDICATOR_PARTS[item.indicator]
  // Of a unit Σ/Σ over those that have both: 规下 tenants report less than the 规上 company they sit with.
  const complete = members.filter(member => (over(member) ?? null) !== null && Boolean(under(member)))
  const counted = complete.length > 0 ? complete : members.slice(0, 1)
  const numerator = total(counted.map(over))
  const denominator = total(counted.map(under))
  const isKnown = numerator !== null && denominator !== null && denominator !== 0
  return { numerator, denominator, value: isKnown ? numerator / denominator : null }
}

function draftItem({ item, against }: Measure, member: Judged, scale: number): Draft['items'][number] {
  const parts = partsOf(item, member)
  const weight = item.weight * scale
  const cap = item.cap === null ? {} : { cap: item.cap }
  if ('base' in against!) {
    const { base } = against
    const points = parts.value === null ? null : pointsByBase(parts.value, base, weight, item.cap)
    return { indicator: item.indicator, weight, ...parts, base, ...cap, points }
  }
  const { min, max } = against!
  const points = parts.value === null ? null : pointsByRange(parts.value, min, max, weight)
  return { indicator: item.indicator, weight, ...parts, min, max, points }
}

/** weight × min(value ÷ base, cap); a negative value earns nothing. */
function pointsByBase(value: number, base: number, weight: number, cap: number | null): number {
  return weight * Math.max(0, Math.min(value / base, cap ?? Number.POSITIVE_INFINITY))
}

/** weight × [20 + 80 × (value − min) ÷ (max − min)] ÷ 100, held between 20 and 100; all equal is a full mark. */
function pointsByRange(value: number, min: number, max: number, weight: number): number {
  const place = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 1
  return (weight * (20 + 80 * place)) / 100
}

/** Mean points of an item over those that have it; they alone, so that filling in moves nothing. */
function meanPoints(drafts: readonly Draft[], index: number): number {
  const points = drafts.map(draft => draft.items[index]!.points).filter(value => value !== null)
  return points.length === 0 ? 0 : sum(points) / points.length
}

function finish(standard: ScoreStandard, group: ScoreGroup, draft: Draft, means: readonly number[]): ScoreResult {
  const missing = draft.items.filter(entry => entry.value === null).map(entry => entry.indicator)
  if (!draft.enough) return { ...unscored(standard, draft.subject, group, 'too_little_known'), missing }
  const items = draft.items.map(
    (entry, index): ScoredItem =>
      entry.points === null ? { ...entry, points: means[index]!, filled: true } : { ...entry, points: entry.points },
  )
  const score = sum(items.map(entry => entry.points))
  return {
    id: draft.subject.id,
    group,
    method: standard.method,
    score,
    class: null,
    rank: null,
    of: 0,
    items,
    why: null,
    missing,
    veto: null,
    together: [],
  }
}

function classify(standard: ScoreStandard, results: readonly ScoreResult[]): ScoreResult[] {
  const scores = results
    .map(result => result.score)
    .filter(score => score !== null)
    .sort((a, b) => b - a)
  const of = scores.length
  // Equal scores have the same place and so the same class, the better one.
  const places = new Map<number, number>()
  scores.forEach((score, index) => {
    if (!places.has(score)) places.set(score, index + 1)
  })
  return results.map(result => {
    if (result.score === null) return { ...result, of }
    const rank = places.get(result.score)!
    return { ...result, rank, of, class: classOf(standard, result.score, rank, of) }
  })
}

function classOf({ classes }: ScoreStandard, score: number, rank: number, of: number): Class {
  const { by, a, b, c } = classes
  if (by === 'score') return score >= a ? 'A' : score >= b ? 'B' : score >= c ? 'C' : 'D'
  // Shares are upper limits: 20 % of 12 are 2, not 3.
  const upTo = (share: number): number => Math.floor(share * of + 1e-9)
  if (rank <= upTo(a)) return 'A'
  if (rank <= upTo(a + b)) return 'B'
  return rank <= upTo(a + b + c) ? 'C' : 'D'
}

function unscored(
  standard: ScoreStandard,
  subject: ScoreSubject,
  group: ScoreGroup | null,
  why: NotScored,
): ScoreResult {
  const { method } = standard
  return {
    id: subject.id,
    group,
    method,
    score: null,
    class: null,
    rank: null,
    of: 0,
    items: [],
    why,
    missing: [],
    veto: null,
    together: [],
  }
}

function total(values: readonly (number | null | undefined)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value == null ? null : sum + value), 0)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function extremes(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return [low, high]
}
