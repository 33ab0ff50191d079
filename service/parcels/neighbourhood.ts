/**
 * The parcels round a parcel: those that touch it (ring 1) and those that touch these (ring 2). Moving a shared corner
 * moves edges of ring 1, on which corners of ring 2 may lie. And the corners that neighbours must get for an edit.
 */
import { nodeTogether, withVerticesOf } from '../../shared/geometry/edit/noding.ts'
import { flatOf, type Outline, outlineOf, placeKey } from '../../shared/geometry/edit/outline.ts'
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import { type NearParcel, parcelsInBox } from './parcels-repo.ts'

/** About a decimetre, so that a box on the rim is found whatever the R*Tree rounds it to. */
const MARGIN_DEGREES = 1e-6
/** Corners of so many neighbours are kept together; a parcel has a dozen. */
const MOST_NEIGHBOURS = 500

export function parcelsAround(db: Db, parcel: { id: string; polygons: FlatPolygons }, limit: number): NearParcel[] {
  const candidates = parcelsInBox(db, widened(boxOf(parcel.polygons)), parcel.id, limit)
  const found = new Map(candidates.map(near => [near.id, near]))
  for (const near of candidates) {
    if (!touches(outlineOf(parcel.polygons), outlineOf(near.polygons))) continue
    for (const next of parcelsInBox(db, widened(boxOf(near.polygons)), parcel.id, limit)) {
      if (found.size >= limit) return [...found.values()]
      found.set(next.id, next)
    }
  }
  return [...found.values()]
}

/** Have they a corner in common, or has one a corner on the other's edge? */
function touches(a: Outline, b: Outline): boolean {
  const corners = new Set(a.flat(2).map(placeKey))
  return (
    b.flat(2).some(place => corners.has(placeKey(place))) ||
    withVerticesOf(a, [b]) !== a ||
    withVerticesOf(b, [a]) !== b
  )
}

export interface Stitched {
  /** The outlines of the edit with the corners of neighbours that lie on their edges. */
  readonly outlines: ReadonlyMap<string, FlatPolygons>
  /** Neighbours that got corners of the outlines on their edges. Their shape is the same to a tenth of a millimetre. */
  readonly neighbours: ReadonlyMap<string, FlatPolygons>
}

/** Brings outlines that are about to be written and their stored neighbours to common corners. */
export function stitchToNeighbours(
  db: Db,
  outlines: ReadonlyMap<string, FlatPolygons>,
  leftOut: ReadonlySet<string> = new Set(),
): Stitched {
  const own = nodeTogether(new Map([...outlines].map(([id, polygons]) => [id, outlineOf(polygons)])))
  const stored = new Map<string, Outline>()
  for (const polygons of outlines.values())
    for (const near of parcelsInBox(db, widened(boxOf(polygons)), undefined, MOST_NEIGHBOURS))
      if (!outlines.has(near.id) && !leftOut.has(near.id)) stored.set(near.id, outlineOf(near.polygons))
  const around = [...stored.values()]
  const written = new Map([...own].map(([id, outline]) => [id, withVerticesOf(outline, around)]))
  const neighbours = new Map<string, FlatPolygons>()
  for (const [id, outline] of stored) {
    const noded = withVerticesOf(outline, [...own.values()])
    if (noded !== outline) neighbours.set(id, flatOf(noded))
  }
  return {
    outlines: new Map([...written].map(([id, outline]) => [id, flatOf(outline)])),
    neighbours,
  }
}

function widened([west, south, east, north]: Readonly<Box>): Box {
  return [west - MARGIN_DEGREES, south - MARGIN_DEGREES, east + MARGIN_DEGREES, north + MARGIN_DEGREES]
}
