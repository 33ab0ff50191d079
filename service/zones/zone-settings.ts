/** What a detection was asked for, with every default filled in; shared by detecting and saving. */
import type { BarrierIndex } from '../../shared/geometry/barrier-index.ts'

export const DEFAULT_GAP_M = 20
export const DEFAULT_MIN_MU = 50
export const DEFAULT_MIN_PARCELS = 2

export interface DetectSettings {
  readonly gapM: number
  readonly minMu: number
  readonly minParcels: number
  readonly crossUnit: boolean
  readonly year: number
  readonly barriers: BarrierIndex | undefined
}
