/**
 * On which side of the urban development boundary a parcel lies (DESIGN §6, domain §4 proposal): inside or outside when
 * what lies on the other side is within the tolerance, crossing otherwise. The areas, not the label, go into totals.
 */

export interface SideTolerance {
  /** Least area on the other side that counts, m². */
  toleranceM2?: number
  /** Width of the digitising sliver along the outline, m. */
  tolerancePerM?: number
}

export type ComputedSide = 'inside' | 'outside' | 'crossing'

export const DEFAULT_TOLERANCE_M2 = 10
export const DEFAULT_TOLERANCE_PER_M = 0.1

/** Side for areas in m² and the perimeter in m. A parcel smaller than its tolerance goes to the side of its larger part. */
export function sideOf(
  parcel: { areaM2: number; areaInM2: number; perimeterM: number },
  options: SideTolerance = {},
): ComputedSide {
  const tolerance = Math.max(
    options.toleranceM2 ?? DEFAULT_TOLERANCE_M2,
    parcel.perimeterM * (options.tolerancePerM ?? DEFAULT_TOLERANCE_PER_M),
  )
  const areaOutM2 = parcel.areaM2 - parcel.areaInM2
  const mayBeInside = areaOutM2 <= tolerance
  const mayBeOutside = parcel.areaInM2 <= tolerance
  if (mayBeInside && mayBeOutside) return parcel.areaInM2 >= areaOutM2 ? 'inside' : 'outside'
  if (mayBeInside) return 'inside'
  return mayBeOutside ? 'outside' : 'crossing'
}
