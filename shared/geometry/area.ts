/**
 * Areas and lengths. The area that counts is the ellipsoidal one on CGCS2000 (国土调查 椭球面积); a spherical area is
 * 0.13 % too large here. Edges are geodesics, as in the reference implementation used by the tests (geographiclib).
 */
import {
  AUTHALIC_Q_POLE,
  AUTHALIC_RADIUS_SQUARED_M2,
  authalicQ,
  E2,
  RADIANS_PER_DEGREE,
  SEMI_MAJOR_AXIS_M,
} from './ellipsoid.ts'
import type { FlatPolygons } from './types.ts'

/** 1 亩 = 2000/3 m². Convert once, after summing. */
export const SQUARE_METERS_PER_MU = 2000 / 3

export function squareMetersToMu(squareMeters: number): number {
  return squareMeters / SQUARE_METERS_PER_MU
}

/** Rings whose latitudes, and edges whose longitudes, span less than this (degrees) use the series; it is exact to 1e-15 there. */
const SERIES_SPAN_DEGREES = 0.1

/** Ellipsoidal area in m² of polygons in lng/lat degrees; holes are subtracted whatever way their rings turn. */
export function ellipsoidAreaM2(polygons: FlatPolygons): number {
  return sumOfRings(polygons, (coordinates, from, to) => ringAreaM2(coordinates, from, to))
}

/** Planar area in m² of polygons in metres; holes are subtracted whatever way their rings turn. */
export function planarAreaM2(polygons: FlatPolygons): number {
  return sumOfRings(polygons, (coordinates, from, to) => planarRingArea(coordinates, from, to))
}

/** Length of all rings in m, of polygons in metres. */
export function perimeterM(polygons: FlatPolygons): number {
  const { coordinates, ringEnds } = polygons
  let total = 0
  let from = 0
  for (const to of ringEnds) {
    for (let vertex = from; vertex + 1 < to; vertex++) {
      const index = vertex * 2
      total += Math.hypot(
        coordinates[index + 2]! - coordinates[index]!,
        coordinates[index + 3]! - coordinates[index + 1]!,
      )
    }
    from = to
  }
  return total
}

type RingArea = (coordinates: Float64Array, from: number, to: number) => number

function sumOfRings(polygons: FlatPolygons, ringArea: RingArea): number {
  const { coordinates, ringEnds, polygonEnds } = polygons
  let total = 0
  let ring = 0
  let vertex = 0
  for (const polygonEnd of polygonEnds) {
    let isShell = true
    for (; ring < polygonEnd; ring++) {
      const area = Math.abs(ringArea(coordinates, vertex, ringEnds[ring]!))
      total += isShell ? area : -area
      isShell = false
      vertex = ringEnds[ring]!
    }
  }
  return total
}

function planarRingArea(coordinates: Float64Array, from: number, to: number): number {
  // Relative to the first vertex, so that large northings do not eat the digits.
  const x0 = coordinates[from * 2]!
  const y0 = coordinates[from * 2 + 1]!
  let twice = 0
  for (let index = from * 2; index < (to - 1) * 2; index += 2) {
    twice +=
      (coordinates[index]! - x0) * (coordinates[index + 3]! - y0) -
      (coordinates[index + 2]! - x0) * (coordinates[index + 1]! - y0)
  }
  return twice / 2
}

function ringAreaM2(coordinates: Float64Array, from: number, to: number): number {
  let south = Infinity
  let north = -Infinity
  let longest = 0
  for (let index = from * 2 + 1; index < to * 2; index += 2) {
    const latitude = coordinates[index]!
    if (latitude < south) south = latitude
    if (latitude > north) north = latitude
    const step = Math.abs(coordinates[index - 1]! - coordinates[index === from * 2 + 1 ? index - 1 : index - 3]!)
    if (step > longest) longest = step
  }
  const excess =
    north - south < SERIES_SPAN_DEGREES && longest < SERIES_SPAN_DEGREES
      ? seriesExcess(coordinates, from, to, (south + north) / 2)
      : exactExcess(coordinates, from, to)
  return excess * AUTHALIC_RADIUS_SQUARED_M2
}

/**
 * Spherical excess on the authalic sphere by expansion round a middle latitude: the trapezoid of sin β, plus the term by
 * which a geodesic edge bulges from it. No trigonometric call per vertex.
 */
function seriesExcess(coordinates: Float64Array, from: number, to: number, middleDegrees: number): number {
  const sin0 = Math.sin(middleDegrees * RADIANS_PER_DEGREE)
  const cos0 = Math.cos(middleDegrees * RADIANS_PER_DEGREE)
  // Taylor coefficients of S = sin β as a function of sin φ round sin0; S' = c / (1 - e² s²)².
  const c = (2 * (1 - E2)) / AUTHALIC_Q_POLE
  const u = 1 - E2 * sin0 * sin0
  const a1 = c / (u * u)
  const a2 = (c * 2 * E2 * sin0) / (u * u * u)
  const a3 = (c * E2 * (2 / 3) * (1 + 5 * E2 * sin0 * sin0)) / (u * u * u * u)

  const lng0 = coordinates[from * 2]!
  let sum = 0
  let previousLng = 0
  let previousPhi = (coordinates[from * 2 + 1]! - middleDegrees) * RADIANS_PER_DEGREE
  let previousD = sineRise(previousPhi)
  let previousS = previousD * (a1 + previousD * (a2 + previousD * a3))
  for (let index = from * 2 + 2; index < to * 2; index += 2) {
    const lng = (coordinates[index]! - lng0) * RADIANS_PER_DEGREE
    const phi = (coordinates[index + 1]! - middleDegrees) * RADIANS_PER_DEGREE
    const d = sineRise(phi)
    const s = d * (a1 + d * (a2 + d * a3))
    const dLng = lng - previousLng
    const dPhi = phi - previousPhi
    // Taken at the edge's own middle: with one latitude for the whole ring the two long sides of a slim strip, whose
    // bulges nearly cancel, would leave an error of 1e-6.
    const sinMiddle = sin0 + (d + previousD) / 2
    sum += dLng * ((s + previousS) / 2 + bulge(sinMiddle, dPhi, dLng))
    previousLng = lng
    previousPhi = phi
    previousD = d
    previousS = s
  }
  return sum

  /** sin(middle + δ) - sin(middle). */
  function sineRise(delta: number): number {
    const delta2 = delta * delta
    return sin0 * delta2 * (delta2 * (1 / 24) - 0.5) + cos0 * delta * (1 + delta2 * (delta2 * (1 / 120) - 1 / 6))
  }
}

/**
 * By how much the mean of S under a geodesic edge exceeds that under its chord on the equal-area map: the geodesic
 * curvature of that chord times L³/12, which comes out as sin φ Δλ (3 M² Δφ² + P² Δλ²) / 12 with the meridian radius M
 * and the parallel radius P at the edge's middle.
 */
function bulge(sin: number, dPhi: number, dLng: number): number {
  const sin2 = sin * sin
  const inverse = 1 / (1 - E2 * sin2)
  const meridian = THREE_MERIDIAN_SQUARED * inverse * inverse * dPhi * dPhi
  return sin * inverse * (meridian + PARALLEL_SQUARED * (1 - sin2) * dLng * dLng)
}

/** a² / 12 R², and three times the square of a (1 - e²) over the same. */
const PARALLEL_SQUARED = SEMI_MAJOR_AXIS_M ** 2 / (12 * AUTHALIC_RADIUS_SQUARED_M2)
const THREE_MERIDIAN_SQUARED = 3 * PARALLEL_SQUARED * (1 - E2) ** 2

/** Edges longer than this (radians, 10 km) also take the great circle's higher terms. */
const LONG_EDGE = 0.0015

/** The same without expansion, for rings of any extent. */
function exactExcess(coordinates: Float64Array, from: number, to: number): number {
  let sum = 0
  let previousLng = coordinates[from * 2]! * RADIANS_PER_DEGREE
  let previousPhi = coordinates[from * 2 + 1]! * RADIANS_PER_DEGREE
  let previousS = authalicQ(Math.sin(previousPhi)) / AUTHALIC_Q_POLE
  for (let index = from * 2 + 2; index < to * 2; index += 2) {
    const lng = coordinates[index]! * RADIANS_PER_DEGREE
    const phi = coordinates[index + 1]! * RADIANS_PER_DEGREE
    const s = authalicQ(Math.sin(phi)) / AUTHALIC_Q_POLE
    const dLng = lng - previousLng
    const dPhi = phi - previousPhi
    sum += dLng * ((s + previousS) / 2 + bulge(Math.sin((phi + previousPhi) / 2), dPhi, dLng))
    if (Math.abs(dLng) > LONG_EDGE || Math.abs(dPhi) > LONG_EDGE)
      sum += higherTerms(dLng, Math.asin(previousS), Math.asin(s))
    previousLng = lng
    previousPhi = phi
    previousS = s
  }
  return sum
}

/** What the area under a great-circle arc of the authalic sphere has beyond the trapezoid and the leading bulge. */
function higherTerms(dLng: number, beta1: number, beta2: number): number {
  const middle = (beta1 + beta2) / 2
  const dBeta = beta2 - beta1
  const exact = 2 * Math.atan2(Math.tan(dLng / 2) * Math.sin(middle), Math.cos(dBeta / 2))
  const leading = Math.sin(middle) * (dBeta ** 2 / 4 + (dLng * Math.cos(middle)) ** 2 / 12)
  return exact - dLng * ((Math.sin(beta1) + Math.sin(beta2)) / 2 + leading)
}
