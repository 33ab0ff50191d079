/** Sentences as an RTK receiver sends them, for tests that need a receiver at a known place. */
import { nmeaChecksum } from '../../shared/gnss/nmea.ts'

/** Fields of NMEA: dddmm.mmmmmm and ddmm.mmmmmm, east and north. */
export interface Stop {
  readonly lng: string
  readonly lat: string
}

export function nmeaSentence(body: string): string {
  return `$${body}*${nmeaChecksum(body).toString(16).toUpperCase().padStart(2, '0')}\r\n`
}

/** So many seconds at one place from `start` (seconds of the day) on. */
export function standingAt({ lng, lat }: Stop, start: number, seconds: number): string {
  return Array.from({ length: seconds }, (_, second) => {
    const time = `${new Date((start + second) * 1000).toISOString().slice(11, 19).replaceAll(':', '')}.00`
    return [
      `GNGGA,${time},${lat},N,${lng},E,4,21,0.6,45.000,M,9.000,M,1.0,0001`,
      `GNRMC,${time},A,${lat},N,${lng},E,0.0,,281126,,,R`,
      `GNGST,${time},0.1,0.01,0.01,0,0.010,0.010,0.020`,
    ]
      .map(nmeaSentence)
      .join('')
  }).join('')
}
