/**
 * One NMEA 0183 sentence: checksum and the fields of GGA, RMC, GLL, GSA and GST of any talker (GP, GN, BD, GB …). Pure; refuses
 * what is broken in words of data and never throws. Source of the fields: NMEA 0183 v4.11, the public descriptions of it.
 */

/** Degrees, longitude first. */
export interface NmeaPosition {
  readonly lng: number
  readonly lat: number
}

export interface Gga {
  readonly type: 'GGA'
  /** Milliseconds since midnight UTC; null when the receiver knows no time. */
  readonly timeMs: number | null
  /** As sent: 0 none, 1 single, 2 DGNSS, 3 PPS, 4 RTK fixed, 5 RTK float, 6 estimated, 7 manual, 8 simulator. */
  readonly quality: number
  /** Null while there is no fix. */
  readonly position: NmeaPosition | null
  readonly satellites: number | null
  readonly hdop: number | null
  /** Above mean sea level. */
  readonly altitudeM: number | null
  readonly correctionAgeS: number | null
}

export interface Rmc {
  readonly type: 'RMC'
  readonly timeMs: number | null
  /** Midnight UTC of its day, ms since 1970; null when missing. */
  readonly dayMs: number | null
  readonly isValid: boolean
  readonly position: NmeaPosition | null
  readonly speedMs: number | null
  /** Course over ground, degrees clockwise from true north. */
  readonly courseDegrees: number | null
  /** A, D, E, F, M, N, P, R, S; null before NMEA 2.3. */
  readonly mode: string | null
}

/** What older receivers send besides or instead of GGA. */
export interface Gll {
  readonly type: 'GLL'
  readonly timeMs: number | null
  readonly isValid: boolean
  readonly position: NmeaPosition | null
  readonly mode: string | null
}

export interface Gsa {
  readonly type: 'GSA'
  /** 1 none, 2 without height, 3 with height. */
  readonly dimension: number | null
  readonly pdop: number | null
  readonly hdop: number | null
}

export interface Gst {
  readonly type: 'GST'
  readonly timeMs: number | null
  /** One sigma, metres. */
  readonly sigmaLatM: number | null
  readonly sigmaLngM: number | null
}

export type Sentence = Gga | Rmc | Gll | Gsa | Gst
export type SentenceResult =
  | { readonly kind: 'read'; readonly sentence: Sentence }
  /** Whole, but not one of the five. */
  | { readonly kind: 'other' }
  | { readonly kind: 'refused'; readonly why: 'checksum' | 'malformed' }

/** Metres per second in a knot. */
const KNOT_MS = 1852 / 3600
const DAY_MS = 86_400_000

const OTHER: SentenceResult = { kind: 'other' }
const MALFORMED: SentenceResult = { kind: 'refused', why: 'malformed' }

/** XOR of the characters between `$` and `*`. */
export function nmeaChecksum(body: string): number {
  let sum = 0
  for (let index = 0; index < body.length; index++) sum ^= body.charCodeAt(index)
  return sum
}

/** Reads a line without its line end. A sentence without checksum counts as malformed: nothing says that it is whole. */
export function readSentence(line: string): SentenceResult {
  const parts = /^\$([^*]*)\*([0-9A-Fa-f]{2})$/.exec(line)
  if (!parts) return MALFORMED
  const body = parts[1]!
  if (nmeaChecksum(body) !== Number.parseInt(parts[2]!, 16)) return { kind: 'refused', why: 'checksum' }
  const [address = '', ...fields] = body.split(',')
  // Proprietary sentences begin with P and have no talker.
  if (!/^[A-OQ-Z][A-Z]...$/.test(address)) return OTHER
  const read = READERS[address.slice(2)]
  if (!read) return OTHER
  const sentence = read(fields)
  return sentence ? { kind: 'read', sentence } : MALFORMED
}

const READERS: Readonly<Record<string, (fields: readonly string[]) => Sentence | null>> = {
  GGA: readGga,
  RMC: readRmc,
  GLL: readGll,
  GSA: readGsa,
  GST: readGst,
}

/** A field that is there and is no number: the sentence is not what it says. */
class BadField extends Error {}

function guarded<Read extends Sentence>(read: () => Read): Read | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof BadField) return null
    throw error
  }
}

function readGga(fields: readonly string[]): Gga | null {
  if (fields.length < 9) return null
  return guarded(() => {
    const quality = number(fields[5]) ?? 0
    if (!Number.isInteger(quality) || quality < 0 || quality > 9) throw new BadField()
    return {
      type: 'GGA',
      timeMs: timeOfDay(fields[0]),
      quality,
      // Without a fix some receivers send places that cannot be, such as 89°60′.
      position: quality === 0 ? null : positionOf(fields, 1),
      satellites: number(fields[6]),
      hdop: dop(fields[7]),
      altitudeM: number(fields[8]),
      correctionAgeS: number(fields[12]),
    }
  })
}

function readRmc(fields: readonly string[]): Rmc | null {
  if (fields.length < 9) return null
  return guarded(() => {
    const isValid = fields[1] === 'A'
    const knots = number(fields[6])
    const course = number(fields[7])
    return {
      type: 'RMC',
      timeMs: timeOfDay(fields[0]),
      dayMs: day(fields[8]),
      isValid,
      position: isValid ? positionOf(fields, 2) : null,
      speedMs: knots === null ? null : knots * KNOT_MS,
      courseDegrees: course === null || course < 0 || course > 360 ? null : course,
      mode: modeOf(fields[11]),
    }
  })
}

function readGll(fields: readonly string[]): Gll | null {
  if (fields.length < 6) return null
  return guarded(() => {
    const isValid = fields[5] === 'A'
    return {
      type: 'GLL',
      timeMs: timeOfDay(fields[4]),
      isValid,
      position: isValid ? positionOf(fields, 0) : null,
      mode: modeOf(fields[6]),
    }
  })
}

function readGsa(fields: readonly string[]): Gsa | null {
  if (fields.length < 17) return null
  return guarded(() => ({
    type: 'GSA',
    dimension: number(fields[1]),
    pdop: dop(fields[14]),
    hdop: dop(fields[15]),
  }))
}

function readGst(fields: readonly string[]): Gst | null {
  if (fields.length < 8) return null
  return guarded(() => ({
    type: 'GST',
    timeMs: timeOfDay(fields[0]),
    sigmaLatM: number(fields[5]),
    sigmaLngM: number(fields[6]),
  }))
}

const modeOf = (field: string | undefined): string | null => (/^[A-Z]$/.test(field ?? '') ? field! : null)

function number(field: string | undefined): number | null {
  if (field === undefined || field === '') return null
  if (!/^-?\d+(\.\d*)?$|^-?\.\d+$/.test(field)) throw new BadField()
  return Number(field)
}

/** Receivers without a solution send 99.99 or 0. */
function dop(field: string | undefined): number | null {
  const value = number(field)
  return value !== null && value > 0 && value < 99 ? value : null
}

function timeOfDay(field: string | undefined): number | null {
  if (field === undefined || field === '') return null
  const parts = /^(\d\d)(\d\d)(\d\d(?:\.\d*)?)$/.exec(field)
  if (!parts) throw new BadField()
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  // 60 is a leap second.
  if (hours > 23 || minutes > 59 || seconds >= 61) throw new BadField()
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000)
}

/** ddmmyy; years from 80 on are of the last century (GPS began in 1980). */
function day(field: string | undefined): number | null {
  if (field === undefined || field === '') return null
  const parts = /^(\d\d)(\d\d)(\d\d)$/.exec(field)
  if (!parts) throw new BadField()
  const year = Number(parts[3])
  const ms = Date.UTC(year < 80 ? 2000 + year : 1900 + year, Number(parts[2]) - 1, Number(parts[1]))
  return ms % DAY_MS === 0 && new Date(ms).getUTCDate() === Number(parts[1]) ? ms : null
}

/** ddmm.mmmm,N,dddmm.mmmm,E from field `at` on; null when empty. Some receivers leave leading zeros out. */
function positionOf(fields: readonly string[], at: number): NmeaPosition | null {
  const [lat, ns, lng, ew] = fields.slice(at, at + 4)
  if (!lat && !lng) return null
  if ((ns !== 'N' && ns !== 'S') || (ew !== 'E' && ew !== 'W')) throw new BadField()
  const latitude = angle(lat, 90)
  const longitude = angle(lng, 180)
  return { lng: ew === 'W' ? 0 - longitude : longitude, lat: ns === 'S' ? 0 - latitude : latitude }
}

function angle(field: string | undefined, most: number): number {
  const parts = /^(\d{0,3})(\d\d(?:\.\d*)?)$/.exec(field ?? '')
  if (!parts) throw new BadField()
  const minutes = Number(parts[2])
  const degrees = Number(parts[1]) + minutes / 60
  if (minutes >= 60 || degrees > most) throw new BadField()
  return degrees
}
