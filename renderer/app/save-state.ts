/**
 * Saved, saving, failed: counted over everything that is being written, shown in the status line. A failed write keeps its
 * value and can be tried again; closing the window while something is unsaved asks first.
 */
import { useSyncExternalStore } from 'react'

export interface SaveState {
  pending: number
  failed: number
  savedAt: number | null
}

let state: SaveState = { pending: 0, failed: 0, savedAt: null }
const listeners = new Set<() => void>()
const flushers = new Set<() => void>()

function set(change: Partial<SaveState>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

export function useSaveState(): SaveState {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}

/** Counts a write while it runs. The caller keeps the value when it fails. */
export async function tracked<T>(write: () => Promise<T>): Promise<T> {
  set({ pending: state.pending + 1 })
  try {
    const result = await write()
    set({ pending: state.pending - 1, savedAt: Date.now() })
    return result
  } catch (error) {
    set({ pending: state.pending - 1 })
    throw error
  }
}

/** A value that could not be written stands in a field; call the returned function when it is resolved. */
export function reportFailed(): () => void {
  set({ failed: state.failed + 1 })
  let done = false
  return () => {
    if (done) return
    done = true
    set({ failed: state.failed - 1 })
  }
}

/** Registers a field that may hold typed text not written yet; returns the end of the registration. */
export function registerFlush(flush: () => void): () => void {
  flushers.add(flush)
  return () => flushers.delete(flush)
}

/** Writes everything typed so far, before the record or the page changes. */
export function flushAll(): void {
  for (const flush of [...flushers]) flush()
}

addEventListener('beforeunload', event => {
  flushAll()
  if (state.pending > 0 || state.failed > 0) event.preventDefault()
})
