import { expect, it } from 'vitest'
import { isStep, type TrackPoint, trackGeoJson, trackGpx, trackLengthM } from './track.ts'

const at = (metresEast: number, accuracyM: number | null = 0.02): TrackPoint => ({
  lng: 119.5 + metresEast / 97_235.9,
  lat: 29.2,
  time: '2026-11-28T01:02:03.000Z',
  accuracyM,
})

it('keeps steps, not the noise of standing', () => {
  expect(isStep(undefined, at(0))).toBe(true)
  expect(isStep(at(0), at(0.9))).toBe(false)
  expect(isStep(at(0), at(1.1))).toBe(true)
  // Two metres tell nothing of a fix that is right to five.
  expect(isStep(at(0), at(2, 5))).toBe(false)
  expect(isStep(at(0), at(3, null))).toBe(true)
})

it('has the length of its steps', () => {
  expect(trackLengthM([at(0), at(30), at(10)])).toBeCloseTo(50, 1)
  expect(trackLengthM([])).toBe(0)
})

it('leaves as GPX and as GeoJSON with all digits, and with a name of any characters', () => {
  const points = [at(0), { ...at(12.345), time: null }]
  const gpx = trackGpx('A<B&C', points)
  expect(gpx).toContain('<name>A&lt;B&amp;C</name>')
  expect(
    [...gpx.matchAll(/<trkpt lat="([^"]+)" lon="([^"]+)">/g)].map(([, lat, lng]) => [Number(lng), Number(lat)]),
  ).toEqual(points.map(({ lng, lat }) => [lng, lat]))
  expect(gpx.match(/<time>/g)).toHaveLength(1)
  const { features } = JSON.parse(trackGeoJson('甲', points))
  expect(features[0].geometry).toEqual({ type: 'LineString', coordinates: points.map(({ lng, lat }) => [lng, lat]) })
  expect(JSON.parse(trackGeoJson('甲', points.slice(0, 1))).features[0].geometry.type).toBe('Point')
})
