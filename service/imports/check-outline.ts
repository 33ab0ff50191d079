/**
 * From the rings of a file to an outline that may be stored: closed, reprojected, in range, valid. Repairs what can be
 * repaired without changing the meaning, names every defect with its place, and gives the original beside the result.
 */
import type { IssueValues } from '../../shared/contract/imports.ts'
import { ellipsoidAreaM2 } from '../../shared/geometry/area.ts'
import { type Crs, toGeographicInPlace } from '../../shared/geometry/crs.ts'
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { type Defect, type DefectKind, validatePolygons } from '../../shared/geometry/validate.ts'
import type { Severity } from '../formats/format.ts'
import type { Geos } from '../geos/geos.ts'
import { closeRings, dropRepeatedPoints, dropShortRings } from './tidy-rings.ts'

interface OutlineIssue {
  code: string
  severity: Severity
  message: string
  values?: IssueValues
  lng?: number
  lat?: number
  areaBeforeM2?: number
  areaAfterM2?: number
}

interface CheckedOutline {
  /** Lng/lat degrees, valid; null when the feature has to be rejected. */
  geometry: FlatPolygons | null
  /** The outline before repair (lng/lat, rings closed); undefined when nothing was repaired. */
  before: FlatPolygons | undefined
  issues: OutlineIssue[]
}

const DEFECT_WORDS: Readonly<Record<DefectKind, string>> = {
  not_finite: '坐标不是有限的数',
  too_few_points: '环的点数不足',
  duplicate_point: '有重复点',
  spike: '有尖刺(去而复返的边)',
  self_intersection: '环自相交',
  ring_self_touch: '环自身相接',
  rings_cross: '环与环相交',
  hole_outside_shell: '内环在外环之外',
  hole_inside_hole: '内环套内环',
  parts_overlap: '各部分相互重叠',
  zero_area: '面积为零',
}

/** Defects that leave area and meaning as they are when they are removed. */
const HARMLESS: ReadonlySet<DefectKind> = new Set<DefectKind>(['duplicate_point'])

/**
 * Checks one outline given in `crs`, whose coordinates are overwritten. `guard` is the box (degrees) where data must lie,
 * null when there is none or the user allowed data outside.
 */
export function checkOutline(raw: FlatPolygons, crs: Crs, guard: Box | null, geos: Geos): CheckedOutline {
  const issues: OutlineIssue[] = []
  const rejected = (code: string, message: string, place?: { lng: number; lat: number }): CheckedOutline => {
    issues.push({ code, severity: 'error', message, ...place })
    return { geometry: null, before: undefined, issues }
  }
  if (raw.coordinates.length === 0) return rejected('geometry_empty', '几何是空的，未导入')
  if (!raw.coordinates.every(Number.isFinite)) return rejected('not_finite', '坐标不是有限的数，未导入')
  const { polygons: closed, opened } = closeRings(raw)
  if (opened !== undefined) {
    const place = new Float64Array(opened)
    toGeographicInPlace(crs, place)
    issues.push({
      code: 'ring_not_closed',
      severity: 'warning',
      message: '环未闭合(已补上终点)',
      lng: place[0]!,
      lat: place[1]!,
    })
  }
  toGeographicInPlace(crs, closed.coordinates)
  const box = boxOf(closed)
  const place = { lng: (box[0] + box[2]) / 2, lat: (box[1] + box[3]) / 2 }
  if (!(box[0] >= -180 && box[2] <= 180 && box[1] >= -90 && box[3] <= 90))
    return rejected('out_of_range', '坐标超出经纬度范围，未导入')
  if (guard && (box[0] < guard[0] || box[1] < guard[1] || box[2] > guard[2] || box[3] > guard[3])) {
    return rejected('outside_guard', '不在本次调查的范围内(坐标系不对或位置有误)，未导入', place)
  }
  const defects = validatePolygons(closed)
  if (defects.length === 0) return { geometry: closed, before: opened === undefined ? undefined : closed, issues }
  const repaired = repair(closed, defects, geos)
  if (!repaired) {
    const first = defects[0]!
    return rejected(first.kind, `${DEFECT_WORDS[first.kind]}，无法修复，未导入`, { lng: first.x, lat: first.y })
  }
  const areaBeforeM2 = ellipsoidAreaM2(closed)
  const areaAfterM2 = ellipsoidAreaM2(repaired)
  const change = Math.abs(areaAfterM2 - areaBeforeM2)
  const seen = new Set<DefectKind>()
  const spikedRings = new Set(defects.filter(defect => defect.kind === 'spike').map(defect => defect.ring))
  for (const { kind, ring, x, y } of defects) {
    // A spike leaves and comes back to the same vertex: that touch is part of it, not another defect.
    if (seen.has(kind) || (kind === 'ring_self_touch' && spikedRings.has(ring))) continue
    seen.add(kind)
    const harmless = HARMLESS.has(kind)
    issues.push({
      code: kind,
      severity: harmless ? 'info' : 'warning',
      message: harmless
        ? `${DEFECT_WORDS[kind]}(已去除)`
        : `${DEFECT_WORDS[kind]}(已修复，面积变化 ${change.toFixed(2)} m²)`,
      ...(harmless ? {} : { values: { changed_m2: change.toFixed(2) } }),
      lng: x,
      lat: y,
      areaBeforeM2,
      areaAfterM2,
    })
  }
  return { geometry: repaired, before: closed, issues }
}

/** The valid outline with the same meaning, or undefined when nothing with an area is left. */
function repair(polygons: FlatPolygons, defects: readonly Defect[], geos: Geos): FlatPolygons | undefined {
  const tidy = dropShortRings(dropRepeatedPoints(polygons))
  if (tidy.polygonEnds.length === 0) return undefined
  const onlyTidy = defects.every(defect => defect.kind === 'duplicate_point' || defect.kind === 'too_few_points')
  if (onlyTidy && validatePolygons(tidy).length === 0) return tidy
  const made = makeValid(tidy, geos)
  return made && made.coordinates.length > 0 && ellipsoidAreaM2(made) > 0 ? made : undefined
}

function makeValid(polygons: FlatPolygons, geos: Geos): FlatPolygons | undefined {
  try {
    return geos.makeValid(polygons)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'bad_geometry') return undefined
    throw error
  }
}
