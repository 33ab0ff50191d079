/** What several outlines would mean if they were saved in one edit: each one by itself, and where any two overlap. */
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { planeForBox, projectToPlane } from '../../shared/geometry/plane.ts'
import { boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import { readSetting, type Store } from '../db/store.ts'
import { checkDrawn, type GeometryCheck } from './geometry-check.ts'
import { codeOfParcel } from './parcels-repo.ts'

export interface NewOutline {
  /** The parcel that it replaces; undefined for a new one. */
  readonly id: string | undefined
  readonly polygons: FlatPolygons
}

export interface GeometryPreview {
  area_m2: number
  outlines: (Omit<GeometryCheck, 'overlaps'> & { id: string | null })[]
  /** `id` is the stored parcel that is overlapped, or the other outline of the same edit. */
  overlaps: { outline: number; id: string | null; code: string; area_m2: number }[]
}

/** Overlaps below this are not worth a word while drawing, m². */
const NOTED_OVERLAP_M2 = 0.01

/** Checks outlines (lng/lat degrees) against the survey and against each other; nothing is written. */
export function previewOutlines(store: Store, outlines: readonly NewOutline[]): GeometryPreview {
  const replaced = new Set(outlines.flatMap(({ id }) => (id === undefined ? [] : [id])))
  const checks = outlines.map(({ polygons }) => checkDrawn(store, polygons, replaced))
  const overlaps = checks.flatMap((check, outline) => check.overlaps.map(overlap => ({ outline, ...overlap })))
  return {
    area_m2: checks.reduce((sum, check) => sum + check.area_m2, 0),
    outlines: checks.map(({ overlaps: _overlaps, ...check }, index) => ({ ...check, id: outlines[index]!.id ?? null })),
    overlaps: [...overlaps, ...mutualOverlaps(store, outlines, checks)],
  }
}

function mutualOverlaps(
  store: Store,
  outlines: readonly NewOutline[],
  checks: readonly GeometryCheck[],
): GeometryPreview['overlaps'] {
  if (outlines.length < 2) return []
  const plane = readSetting(store.read, 'plane') ? store.plane : planeForBox(boxOf(outlines[0]!.polygons))
  const planar = outlines.map(({ polygons }, index) =>
    checks[index]!.defects.some(defect => defect.breaking) ? null : projectToPlane(polygons, plane),
  )
  const found: GeometryPreview['overlaps'] = []
  planar.forEach((one, outline) => {
    planar.slice(outline + 1).forEach((other, offset) => {
      const areaM2 = one && other ? intersectionAreaM2(one, other) : 0
      if (areaM2 <= NOTED_OVERLAP_M2) return
      const id = outlines[outline + 1 + offset]!.id ?? null
      found.push({ outline, id, code: id === null ? '' : codeOfParcel(store.read, id), area_m2: areaM2 })
    })
  })
  return found
}
