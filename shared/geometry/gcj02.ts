/**
 * GCJ-02 and BD-09, the shifted coordinates of Chinese web maps. The public approximation of the shift; the inverse is
 * iterated to better than 1e-9 degrees. Never applied unless a person says that the data are shifted.
 */
import { RADIANS_PER_DEGREE } from './ellipsoid.ts'
import type { Position } from './types.ts'

/** The shift was published for the Krasovsky ellipsoid of the 1954 system. */
const KRASOVSKY_A = 6_378_245
const KRASOVSKY_E2 = 0.006693421622965943
const BD_FACTOR = (Math.PI * 3000) / 180

/** Outside this box web maps are not shifted. */
function isShifted(longitude: number, latitude: number): boolean {
  return longitude >= 72.004 && longitude <= 137.8347 && latitude >= 0.8293 && latitude <= 55.8271
}

/** GCJ-02 position of a true (WGS 84 / CGCS2000) one, degrees. */
export function toGcj02(longitude: number, latitude: number): Position {
  if (!isShifted(longitude, latitude)) return [longitude, latitude]
  const x = longitude - 105
  const y = latitude - 35
  const waves = (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * (2 / 3)
  let dLatitude = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves
  dLatitude += (20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * (2 / 3)
  dLatitude += (160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * (2 / 3)
  let dLongitude = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves
  dLongitude += (20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * (2 / 3)
  dLongitude += (150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * (2 / 3)
  const phi = latitude * RADIANS_PER_DEGREE
  const magic = 1 - KRASOVSKY_E2 * Math.sin(phi) ** 2
  const root = Math.sqrt(magic)
  return [
    longitude + dLongitude / ((KRASOVSKY_A / root) * Math.cos(phi) * RADIANS_PER_DEGREE),
    latitude + dLatitude / (((KRASOVSKY_A * (1 - KRASOVSKY_E2)) / (magic * root)) * RADIANS_PER_DEGREE),
  ]
}

/** True position of a GCJ-02 one. */
export function fromGcj02(longitude: number, latitude: number): Position {
  return invert(toGcj02, longitude, latitude)
}

/** BD-09 position of a true one. */
export function toBd09(longitude: number, latitude: number): Position {
  const [x, y] = toGcj02(longitude, latitude)
  const radius = Math.hypot(x, y) + 0.00002 * Math.sin(y * BD_FACTOR)
  const angle = Math.atan2(y, x) + 0.000003 * Math.cos(x * BD_FACTOR)
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006]
}

/** True position of a BD-09 one. */
export function fromBd09(longitude: number, latitude: number): Position {
  return invert(toBd09, longitude, latitude)
}

/** Fixed-point iteration; the shifts vary slowly, so each round gains about three digits. */
function invert(
  forward: (longitude: number, latitude: number) => Position,
  longitude: number,
  latitude: number,
): Position {
  let x = longitude
  let y = latitude
  for (let round = 0; round < 12; round++) {
    const [fx, fy] = forward(x, y)
    const dx = longitude - fx
    const dy = latitude - fy
    x += dx
    y += dy
    if (Math.abs(dx) < 1e-12 && Math.abs(dy) < 1e-12) break
  }
  return [x, y]
}
