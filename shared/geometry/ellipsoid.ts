/** The CGCS2000 ellipsoid (GB/T 30168; defining a and 1/f) and the quantities derived from it. */
export const SEMI_MAJOR_AXIS_M = 6_378_137
export const FLATTENING = 1 / 298.257222101
/** First eccentricity squared. */
export const E2 = FLATTENING * (2 - FLATTENING)
const ECCENTRICITY = Math.sqrt(E2)

export const RADIANS_PER_DEGREE = Math.PI / 180

/** Authalic function q(φ) of sin φ (Snyder 3-12): the area from the equator to latitude φ is π a² q. */
export function authalicQ(sinLatitude: number): number {
  const es = ECCENTRICITY * sinLatitude
  return (1 - E2) * (sinLatitude / (1 - es * es) + Math.atanh(es) / ECCENTRICITY)
}

export const AUTHALIC_Q_POLE = authalicQ(1)

/** Square of the radius of the sphere with the ellipsoid's surface, m². */
export const AUTHALIC_RADIUS_SQUARED_M2 = (SEMI_MAJOR_AXIS_M * SEMI_MAJOR_AXIS_M * AUTHALIC_Q_POLE) / 2
