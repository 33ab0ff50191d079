/**
 * Applies the identification rules to one enterprise (domain §11.6). Pure. Exclusions come first, with their reason; a rule
 * whose figures are unknown is not a miss but undecided, for unknown is not 0. Every result keeps the inputs it was made of.
 */
import { indicatorsOf, type YearFigures } from '../indicators.ts'
import {
  digitsOf,
  type Exclusion,
  type Rule,
  type RuleEffect,
  type RuleId,
  type RuleSet,
  thresholdFor,
} from './rule-set.ts'

export interface IdentifyYear extends YearFigures {
  readonly year: number
  /** The class that holds, and whether it was published or computed by the survey itself. */
  readonly class?: string | null
  readonly class_source?: string | null
}

export interface IdentifyCase {
  readonly unit: string | null
  readonly industry: string | null
  readonly in_park: boolean | null
  readonly op_status: string | null
  /** The year that is judged. */
  readonly year: number
  readonly years: readonly IdentifyYear[]
  /** Sides of the parcels in use. */
  readonly sides: readonly string[]
  /** 亩均税收 of the enterprise's industry in the year, Σ/Σ over all its enterprises; null while unknown. */
  readonly industry_tax_per_mu: number | null
  /** True when a test of §5 holds for one of its parcels. */
  readonly idle_suspect: boolean
  /** True for 淘汰类产能: a parcel of its own is marked 淘汰落后产业. */
  readonly obsolete: boolean
  /** Codes of core dimensions with an unsatisfactory check that was not put right. */
  readonly failed_dimensions: readonly string[]
  /** True when the contract's date of completion has passed without production. */
  readonly overdue_construction: boolean
}

type Inputs = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export interface Hit {
  readonly rule: RuleId
  readonly effect: RuleEffect
  readonly inputs: Inputs
}

export interface Undecided {
  readonly rule: RuleId
  /** Fields whose value is unknown. */
  readonly missing: readonly string[]
}

export type Outcome = 'excluded' | 'list' | 'watch' | 'flag' | 'none'

export interface Verdict {
  readonly outcome: Outcome
  /** Code of `exclusion_reason` when excluded. */
  readonly exclusion: string | null
  readonly hits: readonly Hit[]
  readonly undecided: readonly Undecided[]
}

type Answer = { hit: Inputs } | { missing: readonly string[] } | null

const CORE_DIMENSIONS = ['AQ', 'HB', 'ZL', 'NY']

export function evaluate(set: RuleSet, subject: IdentifyCase): Verdict {
  const figures = subject.years.find(entry => entry.year === subject.year)
  const exclusion = exclusionOf(set, subject, figures)
  if (exclusion) return { outcome: 'excluded', exclusion, hits: [], undecided: [] }
  const hits: Hit[] = []
  const undecided: Undecided[] = []
  for (const rule of set.rules) {
    if (!rule.enabled || rule.id === 'R-10') continue
    const answer = ask(rule, subject, figures)
    if (answer === null) continue
    if ('hit' in answer) {
      const inputs = { year: subject.year, ...answer.hit }
      hits.push({ rule: rule.id, effect: effectOf(rule, answer.hit), inputs })
    } else undecided.push({ rule: rule.id, missing: answer.missing })
  }
  const priority = set.rules.find(rule => rule.id === 'R-10' && rule.enabled)
  const isOutside = subject.sides.includes('outside') || subject.sides.includes('crossing')
  const isLow = hits.some(hit => hit.rule <= 'R-05' && hit.effect === 'list')
  if (priority && isOutside && isLow) {
    hits.push({ rule: 'R-10', effect: 'priority', inputs: { year: subject.year, sides: [...subject.sides] } })
  }
  const has = (effect: RuleEffect): boolean => hits.some(hit => hit.effect === effect)
  const outcome = has('list') ? 'list' : has('watch') ? 'watch' : has('flag') ? 'flag' : 'none'
  return { outcome, exclusion: null, hits, undecided }
}

/** One year in class D is watched, two in a row are listed. */
function effectOf(rule: Rule, inputs: Inputs): RuleEffect {
  if (rule.id !== 'R-04') return rule.effect
  return Number(inputs['years_in_d']) >= Number(inputs['threshold']) ? rule.effect : 'watch'
}

/** What can be decided from data; the other reasons of §11.3 are given by people. */
function exclusionOf(set: RuleSet, subject: IdentifyCase, figures: IdentifyYear | undefined): string | null {
  const holds = (code: Exclusion): boolean => set.exclusions.includes(code)
  if (subject.industry !== null && holds('not_manufacturing')) {
    const division = Number(digitsOf(subject.industry).slice(0, 2))
    const section = /^[A-Za-z]/.exec(subject.industry.trim())?.[0]?.toUpperCase() ?? 'C'
    if (section !== 'C' || !(division >= 13 && division <= 43)) return 'not_manufacturing'
  }
  const isEarly = subject.op_status === 'not_started' && !subject.overdue_construction
  if (isEarly && holds('not_started')) return 'not_started'
  const land = figures?.land_mu_actual ?? null
  const isSmall = figures?.scale === 'below' && land !== null && land < set.screened_land_mu
  if (isSmall && holds('under_3_mu')) return 'under_3_mu'
  return null
}

function ask(rule: Rule, subject: IdentifyCase, figures: IdentifyYear | undefined): Answer {
  const scale = figures?.scale ?? null
  const threshold = thresholdFor(rule, { ...subject, scale })
  switch (rule.id) {
    case 'R-01':
      return scale === null ? missing('scale') : scale === 'above' ? lowTax(threshold, figures) : null
    case 'R-02':
      return scale === null ? missing('scale') : scale === 'below' ? lowTax(threshold, figures) : null
    case 'R-03':
      return subject.in_park === null ? missing('in_park') : subject.in_park ? lowTax(threshold, figures) : null
    case 'R-04':
      return classD(threshold, subject)
    case 'R-05': {
      if (scale !== 'below' || threshold === null) return scale === null ? missing('scale') : null
      const land = figures?.land_mu_actual ?? null
      if (land === null) return missing('land_mu_actual')
      return land >= threshold ? { hit: { land_mu_actual: land, threshold } } : null
    }
    case 'R-06': {
      const intensity = figures ? indicatorsOf(figures).energy_intensity : null
      if (threshold === null) return null
      if (intensity === null) return missing(...unknown(figures, ['energy_tce', 'value_added']))
      return intensity > threshold ? { hit: { energy_intensity: intensity, threshold } } : null
    }
    case 'R-07': {
      const tax = figures ? indicatorsOf(figures).tax_per_mu : null
      const mean = subject.industry_tax_per_mu
      if (threshold === null) return null
      if (tax === null) return missing(...unknown(figures, ['tax', 'land_mu_actual']))
      if (mean === null) return missing('industry_code')
      return tax < mean * threshold ? { hit: { tax_per_mu: tax, industry_tax_per_mu: mean, threshold } } : null
    }
    case 'R-08':
      return subject.idle_suspect ? { hit: {} } : null
    case 'R-09': {
      const failed = subject.failed_dimensions.filter(code => CORE_DIMENSIONS.includes(code))
      if (failed.length === 0 && !subject.obsolete) return null
      return { hit: { dimensions: failed, ...(subject.obsolete ? { obsolete: true } : {}) } }
    }
    case 'R-10':
      return null
  }
}

function lowTax(threshold: number | null, figures: IdentifyYear | undefined): Answer {
  if (threshold === null) return null
  const tax = figures ? indicatorsOf(figures).tax_per_mu : null
  if (tax === null) return missing(...unknown(figures, ['tax', 'land_mu_actual']))
  return tax < threshold
    ? { hit: { tax_per_mu: tax, tax: figures!.tax!, land_mu_actual: figures!.land_mu_actual!, threshold } }
    : null
}

/** Years in class D in a row, the judged year last. */
function classD(threshold: number | null, subject: IdentifyCase): Answer {
  if (threshold === null) return null
  let count = 0
  let computed = 0
  for (;;) {
    const entry = subject.years.find(({ year, class: rated }) => year === subject.year - count && rated === 'D')
    if (!entry) break
    count++
    if (entry.class_source === 'computed') computed++
  }
  if (count === 0) return null
  return { hit: { years_in_d: count, threshold, ...(computed > 0 ? { computed_years: computed } : {}) } }
}

function missing(...fields: string[]): Answer {
  return { missing: fields }
}

/** Which of the fields keep a ratio unknown; the last divides, and a 0 of it does as much as none. */
function unknown(figures: IdentifyYear | undefined, fields: readonly (keyof YearFigures)[]): string[] {
  const isLacking = (field: keyof YearFigures): boolean =>
    (figures?.[field] ?? null) === null || (field === fields.at(-1) && figures?.[field] === 0)
  const lacking = fields.filter(isLacking)
  return (lacking.length > 0 ? lacking : fields).map(String)
}
