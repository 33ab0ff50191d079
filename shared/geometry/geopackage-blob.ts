/**
 * GeoPackage geometry blobs (OGC 12-128r19 §2.1.3): header with envelope, then little-endian WKB MultiPolygon. Decodes
 * straight into the flat form. Throws an Error with `code` 'bad_geometry' for anything else.
 */
import { boxOf, type FlatPolygons } from './types.ts'

/** Spatial reference of stored geometry: CGCS2000 geographic, EPSG:4490. */
export const STORED_SRS_ID = 4490

/** Where the WKB begins in blobs that `encodeGeometry` makes. */
export const HEADER_BYTES = 40
const WKB_POLYGON = 3
const WKB_MULTIPOLYGON = 6

/** Bytes of a GeoPackage blob for polygons in lng/lat degrees. */
export function encodeGeometry(polygons: FlatPolygons, srsId = STORED_SRS_ID): Uint8Array {
  const { coordinates, ringEnds, polygonEnds } = polygons
  const size = HEADER_BYTES + 9 + polygonEnds.length * 9 + ringEnds.length * 4 + coordinates.length * 8
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  bytes[0] = 0x47
  bytes[1] = 0x50
  bytes[2] = 0
  const empty = coordinates.length === 0
  // Flags: little endian, envelope [minx, maxx, miny, maxy], empty bit.
  bytes[3] = 0x01 | (1 << 1) | (empty ? 1 << 4 : 0)
  view.setInt32(4, srsId, true)
  const [minX, minY, maxX, maxY] = empty ? [NaN, NaN, NaN, NaN] : boxOf(polygons)
  view.setFloat64(8, minX, true)
  view.setFloat64(16, maxX, true)
  view.setFloat64(24, minY, true)
  view.setFloat64(32, maxY, true)
  let at = HEADER_BYTES
  bytes[at] = 1
  view.setUint32(at + 1, WKB_MULTIPOLYGON, true)
  view.setUint32(at + 5, polygonEnds.length, true)
  at += 9
  let ring = 0
  let vertex = 0
  for (const polygonEnd of polygonEnds) {
    bytes[at] = 1
    view.setUint32(at + 1, WKB_POLYGON, true)
    view.setUint32(at + 5, polygonEnd - ring, true)
    at += 9
    for (; ring < polygonEnd; ring++) {
      const end = ringEnds[ring]!
      view.setUint32(at, end - vertex, true)
      at += 4
      for (; vertex < end; vertex++) {
        view.setFloat64(at, coordinates[vertex * 2]!, true)
        view.setFloat64(at + 8, coordinates[vertex * 2 + 1]!, true)
        at += 16
      }
    }
  }
  return bytes
}

/** Polygons of a GeoPackage blob (Polygon or MultiPolygon, either byte order, Z and M dropped). */
export function decodeGeometry(bytes: Uint8Array): FlatPolygons {
  if (bytes.length < 8 || bytes[0] !== 0x47 || bytes[1] !== 0x50) throw badGeometry('not a GeoPackage geometry')
  const envelope = (bytes[3]! >> 1) & 7
  if (envelope > 4) throw badGeometry('unknown envelope kind')
  const start = 8 + [0, 32, 48, 48, 64][envelope]!
  return decodeWkb(bytes, start)
}

/** Polygons of plain WKB (Polygon or MultiPolygon) at an offset. */
export function decodeWkb(bytes: Uint8Array, start = 0): FlatPolygons {
  try {
    return readWkb(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), start)
  } catch (error) {
    if (error instanceof RangeError) throw badGeometry('truncated geometry')
    throw error
  }
}

function readWkb(bytes: Uint8Array, view: DataView, start: number): FlatPolygons {
  const kind = kindAt(bytes, view, start)
  if (kind.type !== WKB_POLYGON && kind.type !== WKB_MULTIPOLYGON)
    throw badGeometry(`geometry type ${kind.type} is not polygonal`)
  const single = kind.type === WKB_POLYGON
  const polygonCount = single ? 1 : view.getUint32(start + 5, kind.little)
  if (polygonCount > bytes.length) throw badGeometry('impossible polygon count')
  // First pass over the counts only, to size the arrays.
  const polygonEnds = new Uint32Array(polygonCount)
  const ringSizes: number[] = []
  let at = single ? start : start + 9
  for (let polygon = 0; polygon < polygonCount; polygon++) {
    const { little, dimension, type } = kindAt(bytes, view, at)
    if (type !== WKB_POLYGON) throw badGeometry('part is not a polygon')
    const rings = view.getUint32(at + 5, little)
    at += 9
    for (let ring = 0; ring < rings; ring++) {
      const count = view.getUint32(at, little)
      ringSizes.push(count)
      at += 4 + count * dimension * 8
      if (at > bytes.length) throw badGeometry('truncated geometry')
    }
    polygonEnds[polygon] = ringSizes.length
  }
  const ringEnds = new Uint32Array(ringSizes.length)
  let vertices = 0
  for (let ring = 0; ring < ringSizes.length; ring++) {
    vertices += ringSizes[ring]!
    ringEnds[ring] = vertices
  }
  const coordinates = new Float64Array(vertices * 2)
  at = single ? start : start + 9
  let ring = 0
  let target = 0
  for (let polygon = 0; polygon < polygonCount; polygon++) {
    const { little, dimension } = kindAt(bytes, view, at)
    at += 9
    for (const end = polygonEnds[polygon]!; ring < end; ring++) {
      at += 4
      for (let left = ringSizes[ring]!; left > 0; left--) {
        coordinates[target++] = view.getFloat64(at, little)
        coordinates[target++] = view.getFloat64(at + 8, little)
        at += dimension * 8
      }
    }
  }
  return { coordinates, ringEnds, polygonEnds }
}

/** Type, byte order and ordinates per vertex of the WKB geometry at an offset; ISO (1003) and EWKB (high bits) Z/M forms. */
function kindAt(bytes: Uint8Array, view: DataView, at: number): { type: number; little: boolean; dimension: number } {
  const order = bytes[at]
  if (order !== 0 && order !== 1) throw badGeometry('bad byte order')
  const little = order === 1
  const raw = view.getUint32(at + 1, little)
  const base = raw & 0x0fffffff
  const iso = Math.floor(base / 1000)
  const z = (raw & 0x80000000) !== 0 || iso === 1 || iso === 3
  const m = (raw & 0x40000000) !== 0 || iso === 2 || iso === 3
  return { type: base % 1000, little, dimension: 2 + (z ? 1 : 0) + (m ? 1 : 0) }
}

function badGeometry(message: string): Error {
  return Object.assign(new Error(message), { code: 'bad_geometry' })
}
