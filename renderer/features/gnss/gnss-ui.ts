/** What is open of the receiver's panel, and the wish to set a corner, from anywhere (command, key, button). */
import { useSyncExternalStore } from 'react'
import type { LeastQuality } from '../../../shared/gnss/averaging.ts'

export interface GnssUi {
  readonly isOpen: boolean
  /** Fixes in the mean of a corner. */
  readonly count: number
  readonly least: LeastQuality
  /** Grows with every wish for a corner. */
  readonly wished: number
}

let state: GnssUi = { isOpen: false, count: 1, least: 'any', wished: 0 }
const listeners = new Set<() => void>()

export function setGnssUi(change: Partial<GnssUi>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

export function gnssUi(): GnssUi {
  return state
}

export function wishCorner(): void {
  setGnssUi({ isOpen: true, wished: state.wished + 1 })
}

export function useGnssUi<T>(select: (state: GnssUi) => T): T {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => select(state),
  )
}
