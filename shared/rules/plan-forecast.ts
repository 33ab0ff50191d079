/**
 * What a plan can be expected to free and bring (domain §11.2, §11.5): 亩, tce, tCO₂, 万元, each with its formula and inputs. An
 * unknown input makes the result unknown, never 0; a known absence (no measure frees land) is 0. Pure.
 */

/** Measures that free land; the others leave it in use. */
const FREEING: ReadonlySet<string> = new Set(['M4', 'M5', 'M7', 'M9', 'M10'])
/** Measures after which the enterprise consumes nothing and pays nothing here. */
const EXITS: ReadonlySet<string> = new Set(['M4', 'M7'])
const M2_PER_MU = 2000 / 3

export interface ForecastInput {
  readonly plan: {
    readonly freed_mu?: number | null
    readonly freed_tce?: number | null
    readonly new_tax?: number | null
    readonly target_tax_per_mu?: number | null
    readonly target_energy_tce?: number | null
  }
  readonly measures: readonly { readonly type?: string | null; readonly area_mu?: number | null }[]
  /** Land of the plan, m². */
  readonly parcels: readonly { readonly area_m2: number | null; readonly area_out_m2: number | null }[]
  /** Figures of the frozen baseline year; null when nothing was frozen. */
  readonly baseline: {
    readonly land_mu_actual?: number | null
    readonly tax?: number | null
    readonly energy_tce?: number | null
  } | null
  /** tCO₂ per tce, of the campaign. */
  readonly carbonFactor: number | null
}

export interface ForecastTerm {
  /** Key of the catalogue `plan.term.<name>`; `measure` carries its kind and row. */
  readonly name: string
  readonly value: number | null
  readonly unit: '亩' | 'tce' | 'tCO₂/tce' | '万元' | '万元/亩'
  readonly type?: string
  readonly row?: number
}

export interface Forecast {
  readonly key: 'freed_mu' | 'freed_tce' | 'co2' | 'new_tax'
  /** Of the inputs; null when one of them is unknown. */
  readonly value: number | null
  /** What the plan itself says; CO₂ is not a field of its own. */
  readonly stated: number | null
  /** Key of the catalogue `plan.formula.<name>`. */
  readonly formula: string
  readonly terms: readonly ForecastTerm[]
}

export function forecastOf(input: ForecastInput): Forecast[] {
  const land = freedLand(input)
  const energy = freedEnergy(input)
  const tce = input.plan.freed_tce ?? energy.value
  return [
    land,
    energy,
    {
      key: 'co2',
      value: times(tce, input.carbonFactor),
      stated: null,
      formula: 'co2',
      terms: [
        { name: input.plan.freed_tce == null ? 'freed_tce_forecast' : 'freed_tce', value: tce, unit: 'tce' },
        { name: 'carbon_factor', value: input.carbonFactor, unit: 'tCO₂/tce' },
      ],
    },
    newTax(input, input.plan.freed_mu ?? land.value),
  ]
}

/** tCO₂ saved with energy; null while either is unknown. */
export function freedCo2(tce: number | null | undefined, factor: number | null | undefined): number | null {
  return times(tce ?? null, factor ?? null)
}

function freedLand({ plan, measures, parcels }: ForecastInput): Forecast {
  const total = sumMu(parcels.map(parcel => parcel.area_m2))
  const outside = sumMu(parcels.map(parcel => parcel.area_out_m2))
  const terms: ForecastTerm[] = measures.flatMap(({ type, area_mu }, index) => {
    if (!type || !FREEING.has(type)) return []
    // A measure without an area of its own concerns all land, reclamation what lies outside.
    const value = area_mu ?? (type === 'M10' ? outside : total)
    return [{ name: 'measure', value, unit: '亩', type, row: index + 1 } as const]
  })
  const base = { key: 'freed_mu', stated: plan.freed_mu ?? null } as const
  if (terms.length === 0) return { ...base, value: 0, formula: 'no_land', terms: [] }
  const sum = terms.reduce<number | null>((all, { value }) => (all === null || value === null ? null : all + value), 0)
  const land: ForecastTerm = { name: 'plan_land', value: total, unit: '亩' }
  // Land is freed once, whatever the number of measures on it.
  const value = sum === null ? null : total === null ? sum : Math.min(sum, total)
  return { ...base, value, formula: 'freed_mu', terms: [...terms, land] }
}

function freedEnergy({ plan, measures, baseline }: ForecastInput): Forecast {
  const isExit = measures.some(({ type }) => type && EXITS.has(type))
  const before = baseline?.energy_tce ?? null
  const after = plan.target_energy_tce ?? (isExit ? 0 : null)
  return {
    key: 'freed_tce',
    value: before === null || after === null ? null : before - after,
    stated: plan.freed_tce ?? null,
    formula: isExit && plan.target_energy_tce == null ? 'freed_tce_exit' : 'freed_tce',
    terms: [
      { name: 'baseline_energy', value: before, unit: 'tce' },
      { name: isExit && plan.target_energy_tce == null ? 'exit_energy' : 'target_energy', value: after, unit: 'tce' },
    ],
  }
}

function newTax({ plan, baseline }: ForecastInput, freed: number | null): Forecast {
  const before = baseline?.land_mu_actual ?? null
  const left = before === null || freed === null ? null : Math.max(0, before - freed)
  const target = plan.target_tax_per_mu ?? null
  const tax = baseline?.tax ?? null
  // No land left, no tax whatever the target was to be.
  const after = left === 0 ? 0 : times(target, left)
  return {
    key: 'new_tax',
    value: after === null || tax === null ? null : after - tax,
    stated: plan.new_tax ?? null,
    formula: 'new_tax',
    terms: [
      { name: 'target_tax_per_mu', value: target, unit: '万元/亩' },
      { name: 'baseline_land', value: before, unit: '亩' },
      { name: plan.freed_mu == null ? 'freed_mu_forecast' : 'freed_mu', value: freed, unit: '亩' },
      { name: 'baseline_tax', value: tax, unit: '万元' },
    ],
  }
}

const times = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a * b)

function sumMu(areas: readonly (number | null)[]): number | null {
  if (areas.length === 0 || areas.includes(null)) return null
  return areas.reduce<number>((sum, area) => sum + area!, 0) / M2_PER_MU
}
