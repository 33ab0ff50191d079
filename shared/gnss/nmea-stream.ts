/**
 * Bytes of a receiver to sentences, however the bytes are cut into pieces. Noise, binary protocols between the sentences and
 * broken sentences are counted and left behind. Pure; never throws.
 */
import { readSentence, type Sentence } from './nmea.ts'

export interface StreamCounts {
  /** GGA, RMC, GLL, GSA, GST that were read. */
  readonly read: number
  /** Whole sentences of other kinds. */
  readonly other: number
  readonly badChecksum: number
  /** Began like a sentence and was none: no checksum, cut off, fields that are no numbers. */
  readonly malformed: number
  readonly bytes: number
}

export interface NmeaStream {
  /** Sentences that were completed by these bytes. */
  feed(bytes: Uint8Array): Sentence[]
  /** What was begun ends here, as the last line of a file without a line end. */
  end(): Sentence[]
  counts(): StreamCounts
}

/** The standard says 82; receivers with many digits send more. */
const LONGEST = 256

const DOLLAR = 0x24
const LF = 0x0a
const CR = 0x0d

export function nmeaStream(): NmeaStream {
  /** Null outside a sentence. */
  let line: string | null = null
  let read = 0
  let other = 0
  let badChecksum = 0
  let malformed = 0
  let bytes = 0

  function close(into: Sentence[]) {
    if (line === null) return
    const result = readSentence(line.trimEnd())
    line = null
    if (result.kind === 'read') {
      read += 1
      into.push(result.sentence)
    } else if (result.kind === 'other') other += 1
    else if (result.why === 'checksum') badChecksum += 1
    else malformed += 1
  }

  return {
    feed(piece) {
      const sentences: Sentence[] = []
      bytes += piece.length
      for (const byte of piece) {
        if (byte === DOLLAR) {
          // A line end was lost, or binary data looked like a sentence.
          close(sentences)
          line = '$'
        } else if (line === null) continue
        else if (byte === LF || byte === CR) close(sentences)
        else if (byte < 0x20 || byte > 0x7e || line.length >= LONGEST) {
          malformed += 1
          line = null
        } else line += String.fromCharCode(byte)
      }
      return sentences
    },
    end() {
      const sentences: Sentence[] = []
      close(sentences)
      return sentences
    },
    counts: () => ({ read, other, badChecksum, malformed, bytes }),
  }
}
