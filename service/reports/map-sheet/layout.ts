/** Where things stand on a map sheet, and at which scale and grid. Pure; millimetres of paper, metres of the plane. */
import type { MapSheetInput } from '../../../shared/contract/map-sheet.ts'
import { type PlaneProjection, planeForBox } from '../../../shared/geometry/plane.ts'
import type { Box } from '../../../shared/geometry/types.ts'

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface SheetLayout {
  readonly width: number
  readonly height: number
  readonly map: Rect
  readonly legend: Rect
  /** Scale bar, sources and the signature block. */
  readonly foot: Rect
}

const PAPERS = { A4: [297, 210], A3: [420, 297] } as const
const LEFT = 16
const RIGHT = 10
const TOP = 23
const FOOT = 24
const GAP = 5

export function layoutOf({ paper, orientation }: Pick<MapSheetInput, 'paper' | 'orientation'>): SheetLayout {
  const [long, short] = PAPERS[paper]
  const bottom = (height: number): Rect => ({ x: LEFT, y: height - FOOT - 2, width: 0, height: FOOT })
  if (orientation === 'landscape') {
    const side = paper === 'A3' ? 56 : 46
    const map = { x: LEFT, y: TOP, width: long - LEFT - RIGHT - side - GAP, height: short - TOP - FOOT - GAP - 4 }
    const legend = { x: map.x + map.width + GAP, y: TOP, width: side, height: map.height }
    return { width: long, height: short, map, legend, foot: { ...bottom(short), width: long - LEFT - RIGHT } }
  }
  const band = paper === 'A3' ? 48 : 40
  const map = { x: LEFT, y: TOP, width: short - LEFT - RIGHT, height: long - TOP - FOOT - band - 2 * GAP - 4 }
  const legend = { x: LEFT, y: map.y + map.height + GAP + 1, width: map.width, height: band }
  return { width: short, height: long, map, legend, foot: { ...bottom(long), width: map.width } }
}

/** Degrees from its meridian up to which a plane keeps lengths on paper: at 3° they are 0.1 % too long, at 20° 6 %, and then no scale is true. */
const REACH_DEGREES = 3

/** The plane that a sheet of `box` is drawn in: that of the survey, far from it the zone of the land. */
export function sheetPlane(survey: PlaneProjection, box: Readonly<Box>): PlaneProjection {
  return Math.abs((box[0] + box[2]) / 2 - survey.centralMeridianDegrees) <= REACH_DEGREES ? survey : planeForBox(box)
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8] as const

/** The largest round scale (smallest denominator) at which `width` × `height` metres fit on the paper. */
export function scaleFor(widthM: number, heightM: number, map: Rect): number {
  const needed = Math.max((widthM * 1000) / map.width, (heightM * 1000) / map.height, 100)
  const power = 10 ** Math.floor(Math.log10(needed))
  // A hair of slack: a box that fits exactly must not take the next scale by a rounding error.
  const step = ROUND.find(candidate => candidate * power >= needed * (1 - 1e-9))
  return Math.round((step ?? 10) * power)
}

/** Metres between grid lines: 1, 2 or 5 × 10ⁿ, at least `leastMm` apart on the paper. */
export function gridStepM(scale: number, leastMm = 30): number {
  const least = (leastMm * scale) / 1000
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find(step => step * power >= least) ?? 10)
}

/** Multiples of `step` strictly between two values. */
export function multiplesBetween(low: number, high: number, step: number): number[] {
  const found: number[] = []
  for (let value = Math.ceil(low / step) * step; value < high; value += step) if (value > low) found.push(value)
  return found
}

/** The longest scale bar of 1, 2 or 5 × 10ⁿ m that is not longer than `mostMm`. */
export function scaleBarM(scale: number, mostMm: number): number {
  const most = (mostMm * scale) / 1000
  const power = 10 ** Math.floor(Math.log10(most))
  return power * ([5, 2].find(step => step * power <= most) ?? 1)
}
