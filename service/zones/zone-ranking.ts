/** What speaks for a candidate: taxes per 亩, enterprises, and how closely its land lies together. */
import { convexHullAreaM2 } from '../../shared/geometry/convex-hull.ts'
import type { ZoneParcel } from './zone-parcels.ts'
import type { LandFigures } from './zones-repo.ts'

export interface CandidateRanking {
  /** Distinct enterprises on the members. */
  readonly enterprises: number
  /** Σ tax ÷ Σ land of those whose both figures are known, 万元/亩; null when none is. */
  readonly tax_per_mu: number | null
  /** Members' area ÷ area of their convex hull, 0 to 1. */
  readonly compactness: number
}

export function rankingOf(members: readonly ZoneParcel[], figures: LandFigures): CandidateRanking {
  const enterprises = new Set(members.flatMap(member => figures.enterprisesOf.get(member.id) ?? []))
  let tax = 0
  let land = 0
  for (const id of enterprises) {
    const year = figures.yearOf.get(id)
    if (!year || year.tax === null || !year.land_mu) continue
    tax += year.tax
    land += year.land_mu
  }
  const hull = convexHullAreaM2(members.map(member => member.polygons))
  const area = members.reduce((sum, member) => sum + member.areaM2, 0)
  return {
    enterprises: enterprises.size,
    tax_per_mu: land > 0 ? tax / land : null,
    compactness: hull > 0 ? Math.min(1, area / hull) : 1,
  }
}
