/** A place in the words of the coordinate system that a person chose for the status line. Pure. */
import { fromGeographicInPlace, resolveCrs } from '../../shared/geometry/crs.ts'

/** Degrees, degrees-minutes-seconds, and the planes that this survey's files come in. */
export const COORDINATE_SYSTEMS = ['degrees', 'dms', 'EPSG:4549', 'EPSG:4528'] as const
export type CoordinateSystem = (typeof COORDINATE_SYSTEMS)[number]

/** Farther from the middle meridian than this a 3° zone says nothing useful. */
const REACH_DEGREES = 3

/** Null where the system does not reach. Metres stand as surveyors write them: X is the northing. */
export function coordinateText(system: CoordinateSystem, lng: number, lat: number): string | null {
  if (system === 'degrees') return `${lng.toFixed(6)}°, ${lat.toFixed(6)}°`
  if (system === 'dms') return `${sexagesimal(lng)}${lng < 0 ? 'W' : 'E'} ${sexagesimal(lat)}${lat < 0 ? 'S' : 'N'}`
  const crs = resolveCrs(system)!
  if (Math.abs(lng - crs.projection!.centralMeridianDegrees) > REACH_DEGREES || Math.abs(lat) > 80) return null
  const place = Float64Array.of(lng, lat)
  fromGeographicInPlace(crs, place)
  return `X ${place[1]!.toFixed(2)} Y ${place[0]!.toFixed(2)}`
}

/** Rounded once, to hundredths of a second (0.3 m), so that 59.999″ becomes the next minute. */
function sexagesimal(degrees: number): string {
  const hundredths = Math.round(Math.abs(degrees) * 360_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const seconds = (hundredths % 6000) / 100
  return `${Math.floor(hundredths / 360_000)}°${two(Math.floor(hundredths / 6000) % 60)}′${seconds.toFixed(2).padStart(5, '0')}″`
}
