/** A receiver log as a receiver would have sent it: pieces of bytes, one for each moment, and how long to wait before each. */
import { fixAssembler } from './fix.ts'
import { nmeaStream, type StreamCounts } from './nmea-stream.ts'

export interface LogPiece {
  readonly bytes: Uint8Array
  /** Milliseconds after the piece before, at the speed of the recording. */
  readonly waitMs: number
}

export interface ReceiverLog {
  readonly pieces: readonly LogPiece[]
  /** Moments with a position. */
  readonly fixes: number
  readonly counts: StreamCounts
}

const DAY_MS = 86_400_000
/** Without a clock receivers send once a second. */
const USUAL_WAIT_MS = 1000
/** Where the recording was interrupted nobody wants to wait. */
const LONGEST_WAIT_MS = 5000
const LF = 0x0a

/** Reads any bytes; a file that is no log has `counts.read` 0. */
export function readReceiverLog(bytes: Uint8Array): ReceiverLog {
  const stream = nmeaStream()
  const assembler = fixAssembler()
  const pieces: LogPiece[] = []
  let fixes = 0
  let begin = 0
  let waitMs = 0
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(LF, at)
    const next = found < 0 ? bytes.length : found + 1
    const sentences = stream.feed(bytes.subarray(at, next))
    if (next === bytes.length) sentences.push(...stream.end())
    for (const sentence of sentences) {
      for (const ended of assembler.add(sentence)) {
        fixes += ended.fix ? 1 : 0
        // The line that ends a moment is the first of the next one.
        pieces.push({ bytes: bytes.subarray(begin, at), waitMs })
        begin = at
        const nextMs = assembler.current()?.timeMs ?? null
        waitMs = between(ended.timeMs, nextMs)
      }
    }
    at = next
  }
  for (const ended of assembler.end()) fixes += ended.fix ? 1 : 0
  if (begin < bytes.length) pieces.push({ bytes: bytes.subarray(begin), waitMs })
  return { pieces, fixes, counts: stream.counts() }
}

function between(from: number | null, to: number | null): number {
  if (from === null || to === null) return USUAL_WAIT_MS
  const passed = (to - from + DAY_MS) % DAY_MS
  // Backwards by a little is a jumbled log, not a day's wait.
  return passed > DAY_MS / 2 ? 0 : Math.min(passed, LONGEST_WAIT_MS)
}
