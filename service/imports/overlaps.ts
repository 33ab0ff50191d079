/**
 * Finds parcels of a batch that overlap live parcels (of the batch or not) by more than a threshold. A sweep from west to
 * east over the boxes: only parcels beside the sweep line are decoded, so memory does not follow the number of parcels.
 */

import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { intersectionAreaM2, overlapsMoreThan } from '../../shared/geometry/overlap.ts'
import { type PlaneProjection, projectToPlane } from '../../shared/geometry/plane.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import type { Db } from '../db/open.ts'
import { prepare } from '../db/sql.ts'

export interface Overlap {
  /** The parcel of the batch; when both are, the later in the file. */
  row: number
  id: string
  code: string
  otherCode: string
  /** Row of the other in the same file, when it is of the batch. */
  otherRow: number | null
  areaM2: number
  /** The two outlines are the same. */
  identical: boolean
  lng: number
  lat: number
}

interface Parcel {
  pk: number
  code: string
  id: string
  row: number | null
  ofBatch: boolean
  polygons: FlatPolygons
}

const OVERLAP_TOLERANCE_M2 = 1

/** Height of the bands in which neighbours are looked for, degrees: a few parcels. */
const BAND_DEGREES = 0.002
const METERS_PER_DEGREE = 111_000

/** Yields overlaps and, between them, null with the progress in `state`, so that the caller can breathe. */
export function* findOverlaps(
  db: Db,
  batch: string,
  plane: PlaneProjection,
  state: { done: number; total: number },
): Generator<Overlap | null, void, undefined> {
  const boxes = sortedBoxes(db)
  const { count, minX, minY, maxX, maxY } = boxes
  const loader = createLoader(db, batch, boxes)
  state.total = count
  // Parcels beside the sweep line, by band of latitude; a parcel stands in every band that it touches.
  const bands = new Map<number, number[]>()
  for (let current = 0; current < count; current++) {
    state.done = current
    if (current % 500 === 0) yield null
    const lowest = Math.floor(minY[current]! / BAND_DEGREES)
    const highest = Math.floor(maxY[current]! / BAND_DEGREES)
    for (let band = lowest; band <= highest; band++) {
      const active = bands.get(band)
      if (!active) {
        bands.set(band, [current])
        continue
      }
      let kept = 0
      for (const other of active) {
        if (maxX[other]! <= minX[current]!) {
          loader.drop(other)
          continue
        }
        active[kept++] = other
        if (maxY[other]! <= minY[current]! || minY[other]! >= maxY[current]!) continue
        // A pair that meets in several bands is looked at in the lowest of them.
        if (band !== Math.max(lowest, Math.floor(minY[other]! / BAND_DEGREES))) continue
        // The box they share is no larger than the tolerance: nothing in it can be.
        const width = Math.min(maxX[current]!, maxX[other]!) - Math.max(minX[current]!, minX[other]!)
        const height = Math.min(maxY[current]!, maxY[other]!) - Math.max(minY[current]!, minY[other]!)
        if (width * height * METERS_PER_DEGREE * METERS_PER_DEGREE <= OVERLAP_TOLERANCE_M2) continue
        const a = loader.load(current)
        const b = loader.load(other)
        if (!a || !b || (!a.ofBatch && !b.ofBatch)) continue
        if (!overlapsMoreThan(a.polygons, b.polygons, OVERLAP_TOLERANCE_M2)) continue
        const lng = (Math.max(minX[current]!, minX[other]!) + Math.min(maxX[current]!, maxX[other]!)) / 2
        const lat = (Math.max(minY[current]!, minY[other]!) + Math.min(maxY[current]!, maxY[other]!)) / 2
        yield overlapOf(db, a, b, plane, lng, lat)
      }
      active.length = kept
      active.push(current)
    }
  }
  state.done = count
}

function overlapOf(db: Db, a: Parcel, b: Parcel, plane: PlaneProjection, lng: number, lat: number): Overlap {
  const aIsSubject = a.ofBatch && (!b.ofBatch || (a.row ?? 0) >= (b.row ?? 0))
  const [subject, other] = aIsSubject ? [a, b] : [b, a]
  const exact = (parcel: Parcel) => {
    const row = prepare(db, 'SELECT geometry FROM parcel WHERE pk = ?').get(parcel.pk) as { geometry: Uint8Array }
    return projectToPlane(decodeGeometry(row.geometry), plane)
  }
  return {
    row: subject.row ?? 0,
    id: subject.id,
    code: subject.code,
    otherCode: other.code,
    otherRow: other.ofBatch ? other.row : null,
    areaM2: intersectionAreaM2(exact(a), exact(b)),
    identical: sameOutline(a.polygons, b.polygons),
    lng,
    lat,
  }
}

function sameOutline(a: FlatPolygons, b: FlatPolygons): boolean {
  return (
    a.coordinates.length === b.coordinates.length &&
    a.coordinates.every((value, index) => Math.abs(value - b.coordinates[index]!) < 0.0005)
  )
}

interface Loader {
  load(slot: number): Parcel | undefined
  drop(slot: number): void
}

/** Parcels in metres by a plain scaling of degrees: good to a few parts per thousand, which is enough to find overlaps. */
function createLoader(db: Db, batch: string, { pk, minY, maxY, count }: Boxes): Loader {
  const loaded = new Map<number, Parcel>()
  const middle = count > 0 ? (minY[0]! + maxY[count - 1]!) / 2 : 0
  const scaleX = METERS_PER_DEGREE * Math.cos((middle * Math.PI) / 180)
  const statement = prepare(
    db,
    'SELECT id, code, source_row, import_batch, geometry FROM parcel WHERE pk = ? AND deleted = 0',
  )
  return {
    drop: slot => loaded.delete(slot),
    load(slot) {
      const known = loaded.get(slot)
      if (known) return known
      const row = statement.get(pk[slot]!) as
        | { id: string; code: string; source_row: number | null; import_batch: string | null; geometry: Uint8Array }
        | undefined
      if (!row) return undefined
      const polygons = decodeGeometry(row.geometry)
      const { coordinates } = polygons
      for (let index = 0; index < coordinates.length; index += 2) {
        coordinates[index] = coordinates[index]! * scaleX
        coordinates[index + 1] = coordinates[index + 1]! * METERS_PER_DEGREE
      }
      const ofBatch = row.import_batch === batch
      const parcel: Parcel = { pk: pk[slot]!, id: row.id, code: row.code, row: row.source_row, ofBatch, polygons }
      loaded.set(slot, parcel)
      return parcel
    },
  }
}

interface Boxes {
  count: number
  pk: Float64Array
  minX: Float64Array
  minY: Float64Array
  maxX: Float64Array
  maxY: Float64Array
}

function sortedBoxes(db: Db): Boxes {
  const { count } = prepare(db, 'SELECT count(*) AS count FROM parcel_box').get() as { count: number }
  const make = () => new Float64Array(count)
  const boxes: Boxes = { count, pk: make(), minX: make(), minY: make(), maxX: make(), maxY: make() }
  const statement = db.prepare('SELECT pk, min_x, max_x, min_y, max_y FROM parcel_box ORDER BY min_x').raw(true)
  let at = 0
  for (const row of statement.iterate() as IterableIterator<number[]>) {
    boxes.pk[at] = row[0]!
    boxes.minX[at] = row[1]!
    boxes.maxX[at] = row[2]!
    boxes.minY[at] = row[3]!
    boxes.maxY[at] = row[4]!
    at++
  }
  return boxes
}
