/**
 * Evidence of each kind of measure (domain §11.4, "Evidence per measure") and the photos after the work: pure checks that
 * say what is still missing. Distances in metres.
 */
import type { LoopFacts, MeasureFacts, Missing, PhotoFacts, Place, PlanFacts } from './facts.ts'

/** An after-photo counts as taken from the same point within this distance; hand-held positions err by up to 10 m each. */
export const SAME_POINT_M = 30
export const PHOTOS_NEEDED = 3

/** Evidence that the measures of a plan lack, each item once per measure. */
export function missingEvidence(facts: LoopFacts, plan: PlanFacts): Missing[] {
  return plan.measures.flatMap(measure => missingOf(facts, plan, measure))
}

function missingOf(facts: LoopFacts, plan: PlanFacts, measure: MeasureFacts): Missing[] {
  const missing: Missing[] = []
  const lack = (item: string, place: Place): void => {
    missing.push({ key: `evidence_${item}`, values: { type: measure.type, row: measure.position }, place })
  }
  const file = (kind: string): void => {
    if (!facts.photos.some(photo => photo.kind === kind)) lack(kind, { entity: 'photo', field: kind })
  }
  const milestone = (type: string): void => {
    if (!isReached(plan, type)) lack(type, { entity: 'plan', id: plan.id, field: 'milestones' })
  }
  switch (measure.type) {
    case 'M1':
    case 'M2':
      file('energy')
      if (!isEnergyKnownBeforeAndAfter(facts, plan)) lack('energy_years', { entity: 'enterprise', field: 'years' })
      break
    case 'M3':
      file('licence')
      break
    case 'M4':
    case 'M7':
      file('power_cut')
      milestone('vacated')
      file('deregistration')
      break
    case 'M5':
      milestone('in_production')
      milestone('vacated')
      break
    case 'M6':
      milestone('filed')
      milestone('completed')
      if (!reachesTarget(facts, plan)) lack('target_year', { entity: 'enterprise', field: 'years' })
      break
    case 'M8':
      if (facts.checks.some(isOpen) || !coreAnswered(facts)) lack('recheck', { entity: 'check' })
      break
    case 'M9':
      file('agreement')
      file('deregistration')
      break
    case 'M10':
      milestone('demolished')
      if (!facts.reclamations.some(isReclaimed)) lack('reclamation', { entity: 'parcel', field: 'reclamation' })
      else if (facts.reclamations.some(isContradictory))
        lack('reclamation_areas', { entity: 'parcel', field: 'reclamation' })
      break
    default:
      lack('unknown', { entity: 'plan', id: plan.id, field: 'measures' })
  }
  return missing
}

/** 新增耕地 ≤ 复垦面积 ≤ 界外面积 (+1 %), 水田 + 旱地 ≤ 新增耕地 (domain §7); what is not known contradicts nothing. */
function isContradictory(row: LoopFacts['reclamations'][number]): boolean {
  const { area_m2: area, new_farmland_m2: farmland, area_out_m2: outside } = row
  const kinds = (row.paddy_m2 ?? 0) + (row.dry_m2 ?? 0)
  if (farmland !== null && kinds > farmland + 1) return true
  if (area !== null && farmland !== null && farmland > area + 1) return true
  return area !== null && outside !== null && area > outside * 1.01 + 1
}

/** Pictures of the place and the people; scans of documents and signatures are none. */
export function isPicture({ kind }: PhotoFacts): boolean {
  return kind === null || kind === 'site' || kind === 'group' || kind === 'demolition'
}

/** Different pictures: the same file taken in twice is one. */
export function countPictures(photos: readonly PhotoFacts[]): number {
  return new Set(photos.filter(isPicture).map(photo => photo.sha256)).size
}

/** Pictures that also prove somebody else's case prove nobody's. */
export function missingOwnPhotos(facts: LoopFacts): Missing[] {
  const count = facts.photos.filter(photo => photo.shared).length
  return count === 0 ? [] : [{ key: 'photos_shared', values: { count }, place: { entity: 'photo' } }]
}

/** At least three photos after the work, and one near every place where one was taken before it. */
export function missingAfterPhotos(facts: LoopFacts): Missing[] {
  const after = facts.photos.filter(photo => photo.stage === 'after')
  const missing: Missing[] = []
  const have = countPictures(after)
  if (have < PHOTOS_NEEDED) {
    missing.push({
      key: 'after_photos',
      values: { have, need: PHOTOS_NEEDED },
      place: { entity: 'photo', field: 'after' },
    })
  }
  const unmatched = facts.photos.filter(
    photo => photo.stage === 'before' && hasPlace(photo) && !after.some(later => isSamePoint(photo, later)),
  )
  if (unmatched.length > 0) {
    missing.push({
      key: 'after_photos_points',
      values: { count: unmatched.length, metres: SAME_POINT_M },
      place: { entity: 'photo', field: 'after' },
    })
  }
  return missing
}

export const CORE_DIMENSIONS = ['AQ', 'HB', 'ZL', 'NY'] as const

/** True when safety, environment, quality and energy each have an answer. */
export function coreAnswered(facts: LoopFacts): boolean {
  return CORE_DIMENSIONS.every(core =>
    facts.checks.some(({ dimension, result }) => dimension === core && result !== 'unchecked'),
  )
}

/** A check that was not satisfied and not put right. */
export function isOpen(check: LoopFacts['checks'][number]): boolean {
  return check.result === 'fail' && check.rectified_at === null
}

function isReached(plan: PlanFacts, type: string): boolean {
  return plan.milestones.some(milestone => milestone.type === type && milestone.date_actual !== null)
}

function isReclaimed({ accepted_on, acceptance_doc, new_farmland_m2 }: LoopFacts['reclamations'][number]): boolean {
  return accepted_on !== null && acceptance_doc !== null && acceptance_doc.trim() !== '' && new_farmland_m2 !== null
}

function isEnergyKnownBeforeAndAfter(facts: LoopFacts, plan: PlanFacts): boolean {
  const base = plan.baseline_year ?? plan.year - 1
  const known = facts.years.filter(year => year.energy_tce !== null)
  return known.some(({ year }) => year <= base) && known.some(({ year }) => year > base)
}

/** A year of figures after the baseline that meets every target the plan names. */
function reachesTarget(facts: LoopFacts, plan: PlanFacts): boolean {
  const base = plan.baseline_year ?? plan.year - 1
  return facts.years.some(({ year, tax, land_mu_actual, energy_tce }) => {
    if (year <= base) return false
    const { target_tax_per_mu: taxTarget, target_energy_tce: energyTarget } = plan
    const isTaxMet =
      taxTarget === null ||
      (tax !== null && land_mu_actual !== null && land_mu_actual > 0 && tax / land_mu_actual >= taxTarget)
    const isEnergyMet = energyTarget === null || (energy_tce !== null && energy_tce <= energyTarget)
    return isTaxMet && isEnergyMet && (tax !== null || energy_tce !== null)
  })
}

function hasPlace(photo: PhotoFacts): boolean {
  return photo.longitude !== null && photo.latitude !== null
}

/** Small distances on the ellipsoid's mean radius: good to a centimetre over 30 m. */
function isSamePoint(a: PhotoFacts, b: PhotoFacts): boolean {
  if (!hasPlace(a) || !hasPlace(b)) return false
  const radians = Math.PI / 180
  const north = (b.latitude! - a.latitude!) * radians * 6_371_000
  const east = (b.longitude! - a.longitude!) * radians * 6_371_000 * Math.cos(a.latitude! * radians)
  return Math.hypot(north, east) <= SAME_POINT_M
}
