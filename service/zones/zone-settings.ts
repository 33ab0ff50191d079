import type { BarrierIndex } from '../../shared/geometry/barrier-index.ts'

/** What a detection was asked for, with every default filled in; shared by detecting and saving. */
export interface DetectSettings {
  readonly gapM: number
  readonly minMu: number
  readonly minParcels: number
  readonly crossUnit: boolean
  readonly year: number
  readonly barriers: BarrierIndex | undefined
}
