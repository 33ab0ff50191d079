/**
 * The mean of fixes taken at one point, and what it is worth. Outliers are told by their distance from the median place: for
 * an error that is the same in both directions the median distance is 1.1774 σ (Rayleigh), and a distance over 3.5 σ comes
 * up once in 450 fixes. Below the floor nothing is an outlier: receivers round (four decimals of a minute are 0.18 m), and
 * many equal fixes would make σ zero. Pure.
 */
import { localPlane } from '../geometry/edit/metres.ts'
import { FIX_QUALITIES, type Fix, type FixQuality } from './fix.ts'

const MEDIAN_IN_SIGMA = 1.1774
const OUTLIER_SIGMA = 3.5
const FLOOR_M = 0.2
/** A fixed RTK solution tells centimetres. */
const FLOOR_RTK_M = 0.02

export interface AveragedPoint {
  readonly lng: number
  readonly lat: number
  /** Fixes in the mean. */
  readonly used: number
  readonly rejected: number
  /** Root mean square distance of the used fixes from the mean, metres: how steady they were, not how right. */
  readonly spreadM: number
  /** Median of what the fixes said of themselves; null when none did. */
  readonly accuracyM: number | null
  readonly accuracyFrom: 'receiver' | 'estimate' | null
  /** The worst among the used. */
  readonly quality: FixQuality
  /** Of the last used fix. */
  readonly time: string | null
}

/** The least quality that a person accepts. Estimated positions (dead reckoning) never count. */
export type LeastQuality = 'any' | 'dgnss' | 'rtk_float' | 'rtk_fix'
export const LEAST_QUALITIES: readonly LeastQuality[] = ['any', 'dgnss', 'rtk_float', 'rtk_fix']

const rank = (quality: FixQuality): number => FIX_QUALITIES.indexOf(quality)

/** Simulated fixes pass where anything does, and are named in the result. */
export function isGoodEnough(quality: FixQuality, least: LeastQuality): boolean {
  if (quality === 'estimated') return false
  return least === 'any' || rank(quality) <= rank(least)
}

/** Null without fixes. */
export function averageFixes(fixes: readonly Fix[]): AveragedPoint | null {
  const first = fixes[0]
  if (!first) return null
  const plane = localPlane([first.lng, first.lat])
  const places = fixes.map(fix => plane.toMetres([fix.lng, fix.lat]))
  const middle = [median(places.map(([x]) => x)), median(places.map(([, y]) => y))] as const
  const distances = places.map(([x, y]) => Math.hypot(x - middle[0], y - middle[1]))
  const floor = fixes.every(fix => fix.quality === 'rtk_fix') ? FLOOR_RTK_M : FLOOR_M
  const limit = Math.max(floor, (OUTLIER_SIGMA * median(distances)) / MEDIAN_IN_SIGMA)
  const kept = fixes.flatMap((fix, index) => (distances[index]! <= limit ? [{ fix, place: places[index]! }] : []))
  // Equal fixes average to themselves exactly, not to a neighbour in the last digit.
  const isSame = kept.every(({ fix }) => fix.lng === kept[0]!.fix.lng && fix.lat === kept[0]!.fix.lat)
  const mean = [
    sum(kept.map(({ place }) => place[0])) / kept.length,
    sum(kept.map(({ place }) => place[1])) / kept.length,
  ]
  const [lng, lat] = isSame ? [kept[0]!.fix.lng, kept[0]!.fix.lat] : plane.toDegrees([mean[0]!, mean[1]!])
  const told = kept.filter(({ fix }) => fix.accuracyM !== null)
  return {
    lng,
    lat,
    used: kept.length,
    rejected: fixes.length - kept.length,
    spreadM: isSame
      ? 0
      : Math.sqrt(sum(kept.map(({ place: [x, y] }) => (x - mean[0]!) ** 2 + (y - mean[1]!) ** 2)) / kept.length),
    accuracyM: told.length > 0 ? median(told.map(({ fix }) => fix.accuracyM!)) : null,
    accuracyFrom:
      told.length === 0 ? null : told.every(({ fix }) => fix.accuracyFrom === 'receiver') ? 'receiver' : 'estimate',
    quality: kept.reduce(
      (worst, { fix }) => (rank(fix.quality) > rank(worst) ? fix.quality : worst),
      kept[0]!.fix.quality,
    ),
    time: kept.at(-1)!.fix.time,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
