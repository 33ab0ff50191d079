/** What an outline would mean if it were saved: area, defects, overlaps, side. Asked while drawing and before every write. */
import { AppError } from '../../shared/contract/errors.ts'
import { ellipsoidAreaM2, perimeterM } from '../../shared/geometry/area.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { planeForBox, projectToPlane } from '../../shared/geometry/plane.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { BREAKING_DEFECTS, validatePolygons } from '../../shared/geometry/validate.ts'
import { previewSide } from '../boundary/side-index.ts'
import { readSetting, type Store } from '../db/store.ts'
import { parcelsInBox, unitAt } from './parcels-repo.ts'

export interface GeometryCheck {
  area_m2: number
  perimeter_m: number
  defects: { kind: string; lng: number; lat: number; breaking: boolean }[]
  overlaps: { id: string; code: string; area_m2: number }[]
  side: 'inside' | 'outside' | 'crossing' | 'unknown'
  inside_share: number | null
  unit: string | null
}

/** More parcels under one outline are not listed one by one. */
const MOST_NEIGHBOURS = 500
/** Overlaps below this are not worth a word while drawing, m². */
const NOTED_OVERLAP_M2 = 0.01

/** Checks an outline in lng/lat degrees against the survey; `replaced` are parcels that the same edit changes. */
export function checkDrawn(store: Store, polygons: FlatPolygons, replaced: ReadonlySet<string>): GeometryCheck {
  const box = boxOf(polygons)
  if (!box.every(Number.isFinite) || box[0] < -180 || box[2] > 180 || box[1] < -90 || box[3] > 90) {
    throw new AppError('invalid_geometry', '坐标超出经纬度范围', { reason: 'out_of_range', field: 'geometry' })
  }
  const defects = validatePolygons(polygons).map(defect => ({
    kind: defect.kind,
    lng: defect.x,
    lat: defect.y,
    breaking: BREAKING_DEFECTS.has(defect.kind),
  }))
  const usable = !defects.some(defect => defect.kind === 'too_few_points' || defect.kind === 'not_finite')
  if (!usable)
    return { area_m2: 0, perimeter_m: 0, defects, overlaps: [], side: 'unknown', inside_share: null, unit: null }
  const plane = readSetting(store.read, 'plane') ? store.plane : planeForBox(box)
  const planar = projectToPlane(polygons, plane)
  const areaM2 = ellipsoidAreaM2(polygons)
  const perimeter = perimeterM(planar)
  const overlaps = parcelsInBox(store.read, box, undefined, MOST_NEIGHBOURS + replaced.size)
    .filter(parcel => !replaced.has(parcel.id))
    .map(parcel => ({
      id: parcel.id,
      code: parcel.code,
      area_m2: intersectionAreaM2(planar, projectToPlane(parcel.polygons, plane)),
    }))
    .filter(overlap => overlap.area_m2 > NOTED_OVERLAP_M2)
    .sort((a, b) => b.area_m2 - a.area_m2)
  const side = previewSide(store, { box, areaM2, perimeterM: perimeter, readPolygons: () => polygons })
  return {
    area_m2: areaM2,
    perimeter_m: perimeter,
    defects,
    overlaps,
    side: (side?.side as GeometryCheck['side'] | undefined) ?? 'unknown',
    inside_share: side?.inside_share ?? null,
    unit: unitAt(store.read, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2),
  }
}

/** Overlaps up to this are digitising noise (domain §11.2: no overlap > 1 m²). */
const ALLOWED_OVERLAP_M2 = 1

/** Untidy but unambiguous in what is imported; an edit must not make it. */
const NOT_BY_EDITS: ReadonlySet<string> = new Set(['spike', 'ring_self_touch'])

/** @param stored the outline that is replaced: what it has already does not keep a person from mending something else. */
export function refuseBroken(defects: GeometryCheck['defects'], stored?: FlatPolygons): void {
  const breaking = defects.find(candidate => candidate.breaking)
  const untidy = defects.filter(({ kind }) => NOT_BY_EDITS.has(kind))
  const known = new Set<string>(
    breaking || untidy.length === 0 || !stored ? [] : validatePolygons(stored).map(({ kind }) => kind),
  )
  const defect = breaking ?? untidy.find(({ kind }) => !known.has(kind))
  if (!defect) return
  throw new AppError('invalid_geometry', `范围有问题(${defect.kind})，请先修正`, {
    reason: `defect_${defect.kind}`,
    field: 'geometry',
  })
}

export function refuseOverlap(overlaps: readonly { id: string | null; code: string; area_m2: number }[]): void {
  const overlap = overlaps.find(candidate => candidate.area_m2 > ALLOWED_OVERLAP_M2)
  if (!overlap) return
  throw new AppError('refused', `与地块 ${overlap.code} 重叠 ${overlap.area_m2.toFixed(2)} m²`, {
    reason: 'overlap',
    field: 'geometry',
    values: { code: overlap.code, area_m2: overlap.area_m2.toFixed(2), id: overlap.id ?? '' },
  })
}
