/** Codes of themes and filters as the small numbers of a packed tile, and back. One place for both sides of the wire. */
import { codesOf } from '../model/enumerations.ts'

export const SIDE_CODES: readonly string[] = codesOf('side')
export const STATE_CODES: readonly string[] = codesOf('state')
export const CLASS_CODES: readonly string[] = codesOf('class')
export const SIDE_CROSSING = SIDE_CODES.indexOf('crossing')
export const SIDE_UNKNOWN = SIDE_CODES.indexOf('unknown')

/** Kinds of records that decide about class, tax, year and freed land of parcels elsewhere: after a change every tile may differ. */
export const RATED_BY: readonly string[] = [
  'occupancy',
  'enterprise',
  'enterprise_year',
  'plan',
  'zone',
  'zone_member',
  'freed_land',
]

/** No computed side counts as unknown. */
export function sideNumber(code: string | null): number {
  const index = code === null ? -1 : SIDE_CODES.indexOf(code)
  return index < 0 ? SIDE_UNKNOWN : index
}

/** 0 for no value or a code of a newer version. */
export function stateNumber(code: string | null): number {
  return code === null ? 0 : STATE_CODES.indexOf(code) + 1
}

export function classNumber(code: string | null): number {
  return code === null ? 0 : CLASS_CODES.indexOf(code) + 1
}

/** Statuses of freed land that the map shows: all but the withdrawn ones. */
export const FREED_CODES: readonly string[] = codesOf('supply_status').filter(code => code !== 'withdrawn')

/** 0 for land that the ledger does not hold or has withdrawn. */
export function freedNumber(status: string): number {
  return FREED_CODES.indexOf(status) + 1
}

/** Years of remediation as one byte: 0 is none. */
const YEAR_BASE = 2000
export const YEAR_CODES: readonly string[] = Array.from({ length: 255 }, (_, index) => String(YEAR_BASE + index + 1))

/** 0 for none and for years that no byte holds. */
export function yearNumber(year: number | null): number {
  return year !== null && year > YEAR_BASE && year <= YEAR_BASE + YEAR_CODES.length ? year - YEAR_BASE : 0
}

/** Upper limits of the bands of 亩均税收 (万元/亩), exclusive; the last band is open. The limits are those of domain §1 and §2. */
export const TAX_LIMITS = [1, 3, 5, 10, 20] as const
/** Codes of the bands, lowest first: the lower limit, e.g. `3` for 3 to under 5. */
export const TAX_CODES: readonly string[] = ['0', ...TAX_LIMITS.map(String)]

/** Number of the band of a tax per mu; 0 when it is not known. A loss of tax (refund) counts into the lowest band. */
export function taxNumber(taxPerMu: number | null): number {
  if (taxPerMu === null) return 0
  const band = TAX_LIMITS.findIndex(limit => taxPerMu < limit)
  return band < 0 ? TAX_CODES.length : band + 1
}
