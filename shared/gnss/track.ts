/** The way that was walked: which fixes are kept, and the files that it leaves as. Pure. */
import { localPlane } from '../geometry/edit/metres.ts'
import type { Fix } from './fix.ts'

export interface TrackPoint {
  readonly lng: number
  readonly lat: number
  /** ISO 8601 UTC; null while the receiver tells no date. */
  readonly time: string | null
  readonly accuracyM: number | null
}

/** Nearer than this to the last point a fix adds nothing to the way. */
const STEP_M = 1

export function trackPointOf({ lng, lat, time, accuracyM }: Fix): TrackPoint {
  return { lng, lat, time, accuracyM }
}

/** Does the point lie far enough from the last one? While somebody stands, the noise of the fixes is no way. */
export function isStep(last: TrackPoint | undefined, next: TrackPoint): boolean {
  if (!last) return true
  const [x, y] = localPlane([last.lng, last.lat]).toMetres([next.lng, next.lat])
  return Math.hypot(x, y) >= Math.max(STEP_M, (next.accuracyM ?? 0) / 2)
}

/** Length of the way, metres. */
export function trackLengthM(points: readonly TrackPoint[]): number {
  return points.slice(1).reduce((sum, point, index) => {
    const before = points[index]!
    const [x, y] = localPlane([before.lng, before.lat]).toMetres([point.lng, point.lat])
    return sum + Math.hypot(x, y)
  }, 0)
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** GPX 1.1 with one track of one segment. */
export function trackGpx(name: string, points: readonly TrackPoint[]): string {
  const lines = points.map(
    ({ lng, lat, time }) => `<trkpt lat="${lat}" lon="${lng}">${time ? `<time>${time}</time>` : ''}</trkpt>`,
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gpx version="1.1" creator="Lowland" xmlns="http://www.topografix.com/GPX/1/1">',
    `<trk><name>${escaped(name)}</name><trkseg>`,
    ...lines,
    '</trkseg></trk>',
    '</gpx>',
    '',
  ].join('\n')
}

/** One line with its times beside the coordinates, as GIS programs read them; a point when there is only one. */
export function trackGeoJson(name: string, points: readonly TrackPoint[]): string {
  const coordinates = points.map(({ lng, lat }) => [lng, lat])
  const geometry =
    points.length === 1 ? { type: 'Point', coordinates: coordinates[0] } : { type: 'LineString', coordinates }
  const properties = { name, times: points.map(({ time }) => time), accuracy_m: points.map(point => point.accuracyM) }
  return `${JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties, geometry }] })}\n`
}
