/**
 * Derived figures of enterprises and groups (domain §11.5). Pure. Unknown is null and never 0; a group's ratio is the ratio
 * of the sums, never the mean of the ratios. Money in 万元, land in 亩, energy in tce.
 */

/** Yearly figures as stored; anything may be unknown. */
export interface YearFigures {
  readonly scale?: string | null
  readonly land_mu_actual?: number | null
  readonly land_mu_owned?: number | null
  readonly land_mu_rented?: number | null
  readonly tax?: number | null
  readonly value_added?: number | null
  readonly revenue?: number | null
  readonly rd?: number | null
  readonly employees?: number | null
  readonly power_kwh?: number | null
  readonly energy_tce?: number | null
  readonly emission_t?: number | null
}

export interface Indicators {
  /** 亩均税收, 万元/亩. */
  readonly tax_per_mu: number | null
  /** 亩均增加值, 万元/亩. */
  readonly va_per_mu: number | null
  /** 单位能耗增加值, 万元/tce. */
  readonly va_per_tce: number | null
  /** 单位增加值能耗, tce/万元. */
  readonly energy_intensity: number | null
  /** 单位排放增加值, 万元/t. */
  readonly va_per_emission: number | null
  /** 全员劳动生产率, 万元/人. */
  readonly labour_productivity: number | null
  /** R&D 占主营业务收入比, 0–1. */
  readonly rd_ratio: number | null
  /** 单位用电税收, 元/kWh. */
  readonly tax_per_kwh: number | null
}

/** numerator ÷ denominator; null when either is unknown or the denominator is 0. */
export function ratio(numerator: number | null | undefined, denominator: number | null | undefined): number | null {
  if (numerator === null || numerator === undefined) return null
  if (denominator === null || denominator === undefined || denominator === 0) return null
  return numerator / denominator
}

type Part = (year: YearFigures) => number | null | undefined

/** Numerator and denominator of each indicator: for the value of one enterprise and for Σ/Σ of a group alike. */
export const INDICATOR_PARTS: Readonly<Record<keyof Indicators, readonly [Part, Part]>> = {
  tax_per_mu: [year => year.tax, year => year.land_mu_actual],
  va_per_mu: [year => year.value_added, year => year.land_mu_actual],
  va_per_tce: [year => year.value_added, year => year.energy_tce],
  energy_intensity: [year => year.energy_tce, year => year.value_added],
  va_per_emission: [year => year.value_added, year => year.emission_t],
  labour_productivity: [year => year.value_added, year => year.employees],
  rd_ratio: [year => year.rd, year => year.revenue],
  // 万元 to 元.
  tax_per_kwh: [year => (year.tax == null ? null : year.tax * 10_000), year => year.power_kwh],
}

export function indicatorsOf(year: YearFigures): Indicators {
  const value = (name: keyof Indicators): number | null => {
    const [over, under] = INDICATOR_PARTS[name]
    return ratio(over(year), under(year))
  }
  return {
    tax_per_mu: value('tax_per_mu'),
    va_per_mu: value('va_per_mu'),
    va_per_tce: value('va_per_tce'),
    energy_intensity: value('energy_intensity'),
    va_per_emission: value('va_per_emission'),
    labour_productivity: value('labour_productivity'),
    rd_ratio: value('rd_ratio'),
    tax_per_kwh: value('tax_per_kwh'),
  }
}

/** CO₂ of energy by the campaign's factor (tCO₂/tce); null while either is unknown. */
export function carbonOf(energyTce: number | null | undefined, factor: number | null | undefined): number | null {
  return energyTce == null || factor == null ? null : energyTce * factor
}

export interface GroupRatio {
  /** Σ numerator ÷ Σ denominator over the rows where both are known; null when there is none or the sum is 0. */
  readonly value: number | null
  readonly numerator: number
  readonly denominator: number
  /** Rows that entered both sums. */
  readonly counted: number
  /** Rows left out because one of the two is unknown: to be shown beside the value. */
  readonly missing: number
}

/** The value of a group (a township's 亩均税收): Σ/Σ, with what could not be counted. */
export function groupRatio<Row>(
  rows: Iterable<Row>,
  numeratorOf: (row: Row) => number | null | undefined,
  denominatorOf: (row: Row) => number | null | undefined,
): GroupRatio {
  let numerator = 0
  let denominator = 0
  let counted = 0
  let missing = 0
  for (const row of rows) {
    const over = numeratorOf(row) ?? null
    const under = denominatorOf(row) ?? null
    if (over === null || under === null) {
      missing++
      continue
    }
    numerator += over
    denominator += under
    counted++
  }
  return { value: counted === 0 ? null : ratio(numerator, denominator), numerator, denominator, counted, missing }
}

/** 规下 enterprises with this much land (inclusive) are screened one by one: “3亩(含)以上”. */
export const SCREENED_LAND_MU = 3

export type EvaluationScope = 'ABOVE' | 'BELOW_GE3' | 'BELOW_LT3' | 'TENANT'

/**
 * 评价范围 of domain §2: 规上 first; then 租赁企业 (no land of its own, some rented); then by 3亩 of actual land, inclusive.
 * Null while size or land is unknown.
 */
export function evaluationScopeOf(year: YearFigures): EvaluationScope | null {
  if (year.scale === 'above') return 'ABOVE'
  if (year.scale !== 'below') return null
  if (year.land_mu_owned === 0 && (year.land_mu_rented ?? 0) > 0) return 'TENANT'
  if (year.land_mu_actual === null || year.land_mu_actual === undefined) return null
  return year.land_mu_actual >= SCREENED_LAND_MU ? 'BELOW_GE3' : 'BELOW_LT3'
}
