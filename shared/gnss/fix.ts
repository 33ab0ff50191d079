/**
 * Sentences of one moment together: where the receiver is, how it knows and how well. Positions are WGS 84 as receivers give
 * them and are taken as CGCS2000 unchanged: the two differ by less than handheld receivers can tell (docs/decisions/0120).
 */
import type { Gga, Gll, Gsa, Gst, Rmc, Sentence } from './nmea.ts'

/** From the best to the worst; see `QUALITY_OF_GGA`. */
export const FIX_QUALITIES = ['rtk_fix', 'rtk_float', 'dgnss', 'single', 'estimated', 'simulated'] as const
export type FixQuality = (typeof FIX_QUALITIES)[number]

export interface Fix {
  readonly lng: number
  readonly lat: number
  readonly quality: FixQuality
  /** Milliseconds since midnight UTC. */
  readonly timeMs: number | null
  /** ISO 8601 UTC; null until the receiver has told the date. */
  readonly time: string | null
  /** Used in the solution. */
  readonly satellites: number | null
  readonly hdop: number | null
  /** Radius of the horizontal error, one sigma in both directions together, metres. */
  readonly accuracyM: number | null
  /** `receiver`: told by the receiver (GST). `estimate`: HDOP by a usual range error. */
  readonly accuracyFrom: 'receiver' | 'estimate' | null
  readonly altitudeM: number | null
  readonly speedMs: number | null
  readonly courseDegrees: number | null
  readonly correctionAgeS: number | null
}

/** What a receiver said of one moment; no fix while it has none. */
export interface Epoch {
  readonly fix: Fix | null
  readonly timeMs: number | null
  readonly satellites: number | null
}

const QUALITY_OF_GGA: readonly (FixQuality | null)[] = [
  null,
  'single',
  'dgnss',
  // PPS: the precise service, not corrected against a base.
  'single',
  'rtk_fix',
  'rtk_float',
  'estimated',
  'simulated',
  'simulated',
  // 9 is some makers' word for SBAS.
  'dgnss',
]

const QUALITY_OF_MODE: Readonly<Record<string, FixQuality | null>> = {
  A: 'single',
  D: 'dgnss',
  E: 'estimated',
  F: 'rtk_float',
  M: 'simulated',
  N: null,
  P: 'single',
  R: 'rtk_fix',
  S: 'simulated',
}

/**
 * Usual error of a range by quality, metres, for receivers that do not tell their accuracy: HDOP times this is an estimate
 * and is marked as one. Chosen on the careful side (a handheld receiver is taken as 3–10 m, domain §3).
 */
const RANGE_ERROR_M: Readonly<Record<FixQuality, number>> = {
  rtk_fix: 0.03,
  rtk_float: 0.5,
  dgnss: 2,
  single: 5,
  estimated: 20,
  simulated: 5,
}

const DAY_MS = 86_400_000

export interface FixAssembler {
  /** The moments that ended with this sentence: one, or none. */
  add(sentence: Sentence): Epoch[]
  /** The moment so far, for showing; null before the first sentence that has one. */
  current(): Epoch | null
  /** Ends the moment that is under way. */
  end(): Epoch[]
}

export function fixAssembler(): FixAssembler {
  let gga: Gga | null = null
  let rmc: Rmc | null = null
  let gll: Gll | null = null
  let gst: Gst | null = null
  let timeMs: number | null = null
  let isOpen = false
  /** GSA carries no time and comes before or after the others: the newest one holds. */
  let gsa: Gsa | null = null
  let dayMs: number | null = null
  let dayTimeMs: number | null = null

  function belongs(sentence: Gga | Rmc | Gll | Gst): boolean {
    if (sentence.timeMs !== null || timeMs !== null) return sentence.timeMs === timeMs
    // Without a clock, the same kind again is the next moment.
    return { GGA: gga, RMC: rmc, GLL: gll, GST: gst }[sentence.type] === null
  }

  function close(): Epoch[] {
    if (!isOpen) return []
    const epoch = momentSoFar()
    isOpen = false
    gga = null
    rmc = null
    gll = null
    gst = null
    return [epoch]
  }

  /** The date is RMC's; the moment may lie on the other side of midnight. */
  function instant(): string | null {
    if (dayMs === null || timeMs === null) return null
    const sinceDate = timeMs - (dayTimeMs ?? timeMs)
    const shift = sinceDate > DAY_MS / 2 ? -DAY_MS : sinceDate < -DAY_MS / 2 ? DAY_MS : 0
    return new Date(dayMs + shift + timeMs).toISOString()
  }

  function momentSoFar(): Epoch {
    const satellites = gga?.satellites ?? null
    const none: Epoch = { fix: null, timeMs, satellites }
    const plain = rmc ?? gll
    const mode = plain?.mode ?? null
    const quality = gga
      ? (QUALITY_OF_GGA[gga.quality] ?? null)
      : mode === null
        ? 'single'
        : (QUALITY_OF_MODE[mode] ?? null)
    const position = gga ? gga.position : (plain?.position ?? null)
    // Any of them that says "no" is believed.
    if (!quality || !position || (rmc && !rmc.isValid) || (gll && !gll.isValid)) return none
    const hdop = gga?.hdop ?? gsa?.hdop ?? null
    const told = gst && gst.timeMs === timeMs ? radius(gst) : null
    const estimate = hdop === null ? null : hdop * RANGE_ERROR_M[quality]
    return {
      timeMs,
      satellites,
      fix: {
        lng: position.lng,
        lat: position.lat,
        quality,
        timeMs,
        time: instant(),
        satellites,
        hdop,
        accuracyM: told ?? estimate,
        accuracyFrom: told !== null ? 'receiver' : estimate !== null ? 'estimate' : null,
        altitudeM: gga?.altitudeM ?? null,
        speedMs: rmc?.speedMs ?? null,
        courseDegrees: rmc?.courseDegrees ?? null,
        correctionAgeS: gga?.correctionAgeS ?? null,
      },
    }
  }

  return {
    add(sentence) {
      if (sentence.type === 'GSA') {
        gsa = sentence
        return []
      }
      const ended = isOpen && !belongs(sentence) ? close() : []
      isOpen = true
      timeMs = sentence.timeMs
      if (sentence.type === 'GGA') gga = better(gga, sentence)
      else if (sentence.type === 'GLL') gll = sentence
      else if (sentence.type === 'GST') gst = sentence
      else {
        rmc = sentence
        if (sentence.isValid && sentence.dayMs !== null && sentence.timeMs !== null) {
          dayMs = sentence.dayMs
          dayTimeMs = sentence.timeMs
        }
      }
      return ended
    },
    current: () => (isOpen ? momentSoFar() : null),
    end: close,
  }
}

/** Two talkers may tell of one moment: the one with a fix is kept. */
function better(known: Gga | null, next: Gga): Gga {
  return known?.position && !next.position ? known : next
}

function radius({ sigmaLatM, sigmaLngM }: Gst): number | null {
  if (sigmaLatM === null || sigmaLngM === null) return null
  const metres = Math.hypot(sigmaLatM, sigmaLngM)
  // All zero is a receiver that does not know.
  return metres > 0 ? metres : null
}
