/**
 * Splitting and merging in the stored coordinates themselves (lng/lat degrees), so that no vertex is moved by a projection
 * there and back: parts share the very coordinates of the cut, and parents keep theirs.
 */
import { dissolve } from '../dissolve.ts'
import { splitPolygon } from '../split.ts'
import type { FlatPolygons } from '../types.ts'
import type { Place } from './outline.ts'

/** About a micrometre. */
const SPLIT_SNAP_DEGREES = 1e-11
/** About a tenth of a millimetre: what rounding of written coordinates leaves between parcels that share an edge. */
const MERGE_SNAP_DEGREES = 1e-9

/** The parts on either side of a drawn line, the largest first; one part when the line does not cut through. */
export function splitAlong(polygons: FlatPolygons, line: readonly Place[]): FlatPolygons[] {
  return splitPolygon(polygons, Float64Array.from(line.flat()), SPLIT_SNAP_DEGREES)
}

/** One outline (of several parts when they do not touch) of parcels that do not overlap; null when they do. */
export function mergeTouching(members: readonly FlatPolygons[]): FlatPolygons | null {
  return dissolve(members, MERGE_SNAP_DEGREES)
}
