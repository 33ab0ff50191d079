/**
 * 连片率 by unit, and by quarter for the land that was dealt with: clusters among the parcels of enterprises whose entry was
 * counted (销号) in that quarter. Land counts once, in the quarter of the first entry it belongs to (domain §6, §11.4).
 */
import type { Contiguity } from '../../shared/contract/zones.ts'
import { reachesMu } from '../../shared/rules/contiguity.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { readLand } from './zone-land.ts'
import { clustersOf, totalAreaM2, type ZoneParcel } from './zone-parcels.ts'
import { DEFAULT_GAP_M, DEFAULT_MIN_MU } from './zone-settings.ts'
import { campaignZoneSettings, countedParcels, unitNames } from './zones-repo.ts'

export async function contiguityOf(
  store: Store,
  input: { year: number; gap_m?: number | undefined },
  control: JobControl,
): Promise<Contiguity> {
  const campaign = campaignZoneSettings(store.read)
  const gapM = input.gap_m ?? campaign?.gap_m ?? DEFAULT_GAP_M
  const minMu = campaign?.zone_min_mu ?? DEFAULT_MIN_MU
  const { parcels, barriers } = await readLand(store, undefined, control)
  const quarterOf = new Map(countedParcels(store.read, input.year).map(row => [row.parcel_id, row.quarter]))
  const options = { gapM, crossUnit: false, barriers }
  const whole = sums(parcels, options, minMu)
  await control.checkpoint()
  const quarters = [1, 2, 3, 4].map(quarter =>
    sums(
      parcels.filter(parcel => quarterOf.get(parcel.id) === quarter),
      options,
      minMu,
    ),
  )
  const none: Sum = { area_m2: 0, contiguous_m2: 0 }
  return {
    min_mu: minMu,
    gap_m: gapM,
    units: [...unitNames(store.read).keys()].map(unit => ({
      unit,
      ...withRate(whole.get(unit) ?? none),
      quarters: quarters.map(sum => withRate(sum.get(unit) ?? none)),
    })),
  }
}

interface Sum {
  readonly area_m2: number
  readonly contiguous_m2: number
}

function sums(
  parcels: readonly ZoneParcel[],
  options: Parameters<typeof clustersOf>[1],
  minMu: number,
): Map<string | null, Sum> {
  const result = new Map<string | null, { area_m2: number; contiguous_m2: number }>()
  for (const cluster of clustersOf(parcels, options)) {
    const unit = cluster[0]!.unit
    const sum = result.get(unit) ?? { area_m2: 0, contiguous_m2: 0 }
    result.set(unit, sum)
    const area = totalAreaM2(cluster)
    sum.area_m2 += area
    if (reachesMu(area, minMu)) sum.contiguous_m2 += area
  }
  return result
}

function withRate(sum: Sum): Sum & { rate: number | null } {
  return { ...sum, rate: sum.area_m2 > 0 ? sum.contiguous_m2 / sum.area_m2 : null }
}
