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

/** A parcel beside the sweep line; made anew for every comparison. */
interface Parcel {
  pk: number
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

interface Named {
  id: string
  code: string
  row: number | null
  polygons: FlatPolygons
}

function overlapOf(db: Db, a: Parcel, b: Parcel, plane: PlaneProjection, lng: number, lat: number): Overlap {
  const named = ({ pk }: Parcel): Named => {
    const { geometry, ...rest } = prepare(
      db,
      'SELECT id, code, source_row AS row, geometry FROM parcel WHERE pk = ?',
    ).get(pk) as Omit<Named, 'polygons'> & { geometry: Uint8Array }
    return { ...rest, polygons: projectToPlane(decodeGeometry(geometry), plane) }
  }
  const [first, second] = [named(a), named(b)]
  const firstIsSubject = a.ofBatch && (!b.ofBatch || (first.row ?? 0) >= (second.row ?? 0))
  const [subject, other] = firstIsSubject ? [first, second] : [second, first]
  return {
    row: subject.row ?? 0,
    id: subject.id,
    code: subject.code,
    otherCode: other.code,
    otherRow: a.ofBatch && b.ofBatch ? other.row : null,
    areaM2: intersectionAreaM2(subject.polygons, other.polygons),
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

/**
 * Parcels in metres by a plain scaling of degrees: good to a few parts per thousand, which is enough to find overlaps. Only
 * bare arrays wait beside the sweep line. Objects that wait teach V8 to make their kind among the old ones, and the sweep
 * would then hold as much garbage as the file is large.
 */
function createLoader(db: Db, batch: string, { pk, minY, maxY, count }: Boxes): Loader {
  const coordinatesOf = new Map<number, Float64Array>()
  const ringEndsOf = new Map<number, Uint32Array>()
  const polygonEndsOf = new Map<number, Uint32Array>()
  const ofBatch = new Uint8Array(count)
  const middle = count > 0 ? (minY[0]! + maxY[count - 1]!) / 2 : 0
  const scaleX = METERS_PER_DEGREE * Math.cos((middle * Math.PI) / 180)
  const statement = db.prepare('SELECT geometry, import_batch IS ? FROM parcel WHERE pk = ? AND deleted = 0').raw(true)
  const read = (slot: number): boolean => {
    const row = statement.get(batch, pk[slot]!) as [geometry: Uint8Array, ofBatch: number] | undefined
    if (!row) return false
    const { coordinates, ringEnds, polygonEnds } = decodeGeometry(row[0])
    for (let index = 0; index < coordinates.length; index += 2) {
      coordinates[index] = coordinates[index]! * scaleX
      coordinates[index + 1] = coordinates[index + 1]! * METERS_PER_DEGREE
    }
    coordinatesOf.set(slot, coordinates)
    ringEndsOf.set(slot, ringEnds)
    polygonEndsOf.set(slot, polygonEnds)
    ofBatch[slot] = row[1]
    return true
  }
  return {
    drop(slot) {
      coordinatesOf.delete(slot)
      ringEndsOf.delete(slot)
      polygonEndsOf.delete(slot)
    },
    load(slot) {
      if (!coordinatesOf.has(slot) && !read(slot)) return undefined
      const polygons = {
        coordinates: coordinatesOf.get(slot)!,
        ringEnds: ringEndsOf.get(slot)!,
        polygonEnds: polygonEndsOf.get(slot)!,
      }
      return { pk: pk[slot]!, ofBatch: ofBatch[slot] === 1, polygons }
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
