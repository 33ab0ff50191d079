/**
 * The way walked since the track was begun. It is the person's own and no part of the survey: kept in this window's storage,
 * so that a crash does not lose it, and left only as a file.
 */
import { useSyncExternalStore } from 'react'
import { isStep, type TrackPoint, trackPointOf } from '../../../shared/gnss/track.ts'
import { setGnssView } from '../../map/field/gnss-view.ts'
import { onEpoch } from './gnss-session.ts'

const KEY = 'gnss-track'
/** Points between two writes to the storage. */
const EVERY = 10
/** A day's walk by metres; the storage of a page holds about this. */
const MOST = 40_000

interface TrackState {
  readonly points: readonly TrackPoint[]
  readonly isRecording: boolean
  /** It cannot be kept, or is full: to be told. */
  readonly problem: 'full' | 'not_kept' | null
}

let state: TrackState = { points: stored(), isRecording: false, problem: null }
const listeners = new Set<() => void>()
let stop: () => void = () => undefined

function set(change: Partial<TrackState>): void {
  state = { ...state, ...change }
  if (change.points) setGnssView({ track: state.points })
  for (const listener of listeners) listener()
}

function stored(): TrackPoint[] {
  try {
    const points: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(points)
      ? points.flatMap(([lng, lat, time, accuracyM]: [number, number, string | null, number | null]) =>
          Number.isFinite(lng) && Number.isFinite(lat) ? [{ lng, lat, time, accuracyM }] : [],
        )
      : []
  } catch {
    return []
  }
}

function keep(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(state.points.map(p => [p.lng, p.lat, p.time, p.accuracyM])))
  } catch {
    set({ problem: 'not_kept' })
  }
}

export function startTrack(): void {
  stop()
  const end = onEpoch(({ fix }) => {
    if (!fix || fix.quality === 'estimated') return
    const point = trackPointOf(fix)
    if (!isStep(state.points.at(-1), point)) return
    if (state.points.length >= MOST) {
      pauseTrack()
      set({ problem: 'full' })
      return
    }
    set({ points: [...state.points, point] })
    if (state.points.length % EVERY === 0) keep()
  })
  addEventListener('pagehide', keep)
  stop = () => {
    end()
    removeEventListener('pagehide', keep)
  }
  set({ isRecording: true, problem: null, points: state.points })
}

export function pauseTrack(): void {
  stop()
  keep()
  set({ isRecording: false })
}

export function clearTrack(): void {
  set({ points: [], problem: null })
  keep()
}

/** Shows on the map what an earlier run of the window recorded. */
export function showTrack(): void {
  setGnssView({ track: state.points })
}

export function useTrack(): TrackState {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}
