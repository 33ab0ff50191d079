/**
 * The receiver in use: from its bytes to the moments that panel, map and tools see. One for the window; lives outside React
 * so that it goes on while other pages are shown. A log takes the same way as a serial port.
 */
import { useSyncExternalStore } from 'react'
import { type Epoch, type Fix, fixAssembler } from '../../../shared/gnss/fix.ts'
import { nmeaStream, type StreamCounts } from '../../../shared/gnss/nmea-stream.ts'
import { type ReceiverLog, readReceiverLog } from '../../../shared/gnss/replay.ts'
import { playLog } from './replay-source.ts'
import type { SerialLike, SerialPortLike } from './serial-port.ts'
import { runSerial, type SerialTrouble } from './serial-source.ts'

export type GnssSource =
  | { readonly kind: 'serial'; readonly name: string; readonly baud: number; readonly isTrial: boolean }
  | { readonly kind: 'replay'; readonly name: string; readonly done: number; readonly moments: number }

export interface GnssState {
  /** Null while nothing is connected. */
  readonly source: GnssSource | null
  readonly trouble: SerialTrouble | null
  /** The newest position, however old. */
  readonly fix: Fix | null
  /** `performance.now()` when it came. */
  readonly fixAt: number
  /** What the receiver said last: no fix while it searches. */
  readonly epoch: Epoch | null
  readonly counts: StreamCounts
  /** Of a replay; 0 pauses. */
  readonly speed: number
  readonly isEnded: boolean
}

const NO_COUNTS: StreamCounts = { read: 0, other: 0, badChecksum: 0, malformed: 0, bytes: 0 }

/** A moment is over when nothing more comes for so long: receivers send in bursts. */
const IDLE_MS = 120
/** Older than this a position is no longer where one stands. */
const STALE_MS = 5000
/** A log of a working day at ten positions a second is smaller. */
const LARGEST_LOG_BYTES = 256 * 1024 * 1024

let state: GnssState = {
  source: null,
  trouble: null,
  fix: null,
  fixAt: 0,
  epoch: null,
  counts: NO_COUNTS,
  speed: 1,
  isEnded: false,
}
const listeners = new Set<() => void>()
const epochListeners = new Set<(epoch: Epoch) => void>()
let running: AbortController | null = null
let wake: () => void = () => undefined

export function gnssState(): GnssState {
  return state
}

function set(change: Partial<GnssState>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

export function subscribeGnss(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useGnss<T>(select: (state: GnssState) => T): T {
  return useSyncExternalStore(subscribeGnss, () => select(state))
}

/** Each moment once, when it is complete. Returns the function that ends the subscription. */
export function onEpoch(listener: (epoch: Epoch) => void): () => void {
  epochListeners.add(listener)
  return () => epochListeners.delete(listener)
}

/** Is the position old, or the receiver searching? Then it is no place to set a corner at. */
export function isStale({ fix, fixAt, epoch, isEnded, source, speed }: GnssState, nowMs: number): boolean {
  if (!fix || !epoch?.fix || isEnded) return true
  // A log that is paused stands where it stands.
  return !(source?.kind === 'replay' && speed === 0) && nowMs - fixAt > STALE_MS
}

function pump(signal: AbortSignal): (bytes: Uint8Array) => void {
  const stream = nmeaStream()
  const assembler = fixAssembler()
  let idle = 0
  let lastMs: number | null = null
  const accept = (epoch: Epoch) => {
    // The moment that was under way when it was disconnected.
    if (signal.aborted) return
    const isSame = epoch.timeMs !== null && epoch.timeMs === lastMs
    lastMs = epoch.timeMs
    set({ epoch, ...(epoch.fix ? { fix: epoch.fix, fixAt: performance.now() } : {}) })
    // What came late of a moment is shown and does not count as another one.
    if (!isSame) for (const listener of epochListeners) listener(epoch)
  }
  return bytes => {
    clearTimeout(idle)
    for (const sentence of stream.feed(bytes)) assembler.add(sentence).forEach(accept)
    set({ counts: stream.counts() })
    idle = window.setTimeout(() => assembler.end().forEach(accept), IDLE_MS)
  }
}

function begin(source: GnssSource): AbortController {
  disconnectGnss()
  running = new AbortController()
  set({ source, trouble: null, fix: null, epoch: null, counts: NO_COUNTS, isEnded: false })
  return running
}

export function disconnectGnss(): void {
  running?.abort()
  running = null
  if (state.source) set({ source: null, trouble: null, fix: null, epoch: null, isEnded: false })
}

/** `baud` 0 finds the rate. `onRate` hears the rate that brought sentences. */
export function connectSerial(
  serial: SerialLike,
  port: SerialPortLike,
  baud: number,
  likely: number | null,
  name: string,
  onRate: (baud: number) => void,
): void {
  const mine = begin({ kind: 'serial', name, baud, isTrial: baud === 0 })
  let feed = pump(mine.signal)
  const events = {
    bytes: (piece: Uint8Array) => feed(piece),
    opened(rate: number, isTrial: boolean) {
      if (mine.signal.aborted) return
      if (isTrial || state.trouble) feed = pump(mine.signal)
      set({ source: { kind: 'serial', name, baud: rate, isTrial } })
      if (!isTrial) onRate(rate)
    },
    trouble(trouble: SerialTrouble | null) {
      if (!mine.signal.aborted) set({ trouble })
    },
  }
  void runSerial(serial, port, baud, likely, events, mine.signal)
}

export type LogProblem = 'not_nmea' | 'no_fix' | 'too_large'

/** Null when it plays; otherwise why not, and nothing is changed. */
export async function openLog(file: File): Promise<LogProblem | null> {
  if (file.size > LARGEST_LOG_BYTES) return 'too_large'
  const log = readReceiverLog(new Uint8Array(await file.arrayBuffer()))
  if (log.counts.read + log.counts.other === 0) return 'not_nmea'
  if (log.fixes === 0) return 'no_fix'
  void play(file.name, log)
  return null
}

async function play(name: string, log: ReceiverLog): Promise<void> {
  const moments = log.pieces.length
  const mine = begin({ kind: 'replay', name, done: 0, moments })
  const feed = pump(mine.signal)
  const control = {
    speed: () => state.speed,
    onWake: (next: () => void) => {
      wake = next
    },
  }
  await playLog(
    log,
    control,
    (bytes, done) => {
      feed(bytes)
      set({ source: { kind: 'replay', name, done, moments } })
    },
    mine.signal,
  )
  if (mine.signal.aborted) return
  await new Promise(resolve => setTimeout(resolve, 2 * IDLE_MS))
  if (!mine.signal.aborted) set({ isEnded: true })
}

/** 0 pauses a replay. */
export function setReplaySpeed(speed: number): void {
  set({ speed })
  wake()
}
