/** 连片率 (domain §6): the share of the area of all parcels that lies in clusters of at least T 亩. Pure. */
import { SQUARE_METERS_PER_MU } from '../geometry/area.ts'

/**
 * Σ m² of clusters with at least `minMu` ÷ Σ m² of all parcels, 0 to 1; 0 when there is no area at all.
 * `clusterAreasM2` holds one total per cluster, single parcels included. The limit is inclusive.
 */
export function contiguityRate(clusterAreasM2: Iterable<number>, minMu: number): number {
  let contiguous = 0
  let total = 0
  for (const area of clusterAreasM2) {
    total += area
    if (reachesMu(area, minMu)) contiguous += area
  }
  return total > 0 ? contiguous / total : 0
}

/** True when an area is at least `minMu`; the comparison forgives the rounding of a sum (1 mm²). */
export function reachesMu(areaM2: number, minMu: number): boolean {
  return areaM2 + 1e-6 >= minMu * SQUARE_METERS_PER_MU
}
