/**
 * Geometry shapes shared by every calculation. Files exchange GeoJSON-like nested arrays; calculations run on the flat
 * form, which holds a whole multipolygon in three typed arrays and costs no objects per vertex.
 */

/** Degrees, longitude first (GeoJSON order). Leaflet's latitude-first order stays inside renderer/map. */
export type LngLat = readonly [lng: number, lat: number]
export type Position = [number, number]
/** Closed: the last position repeats the first. */
export type Ring = Position[]
/** Outer ring first, then holes. */
export type PolygonCoordinates = Ring[]
export type MultiPolygonCoordinates = PolygonCoordinates[]

export type PolygonalGeometry =
  | { type: 'Polygon'; coordinates: PolygonCoordinates }
  | { type: 'MultiPolygon'; coordinates: MultiPolygonCoordinates }

/** [minX, minY, maxX, maxY] */
export type Box = [number, number, number, number]

/** A multipolygon in flat form. Every ring is closed; the first ring of a polygon is its shell, the others are holes. */
export interface FlatPolygons {
  /** x0, y0, x1, y1 … of all rings. */
  readonly coordinates: Float64Array
  /** For each ring the index one past its last vertex. */
  readonly ringEnds: Uint32Array
  /** For each polygon the index one past its last ring. */
  readonly polygonEnds: Uint32Array
}

interface LooseGeometry {
  type: 'Polygon' | 'MultiPolygon'
  coordinates: readonly (readonly (readonly (number | readonly number[])[])[])[]
}

/** Flat form of a GeoJSON polygon or multipolygon. Rings are taken as they are; further ordinates (Z, M) are dropped. */
export function toFlat(geometry: LooseGeometry): FlatPolygons {
  const polygons = (geometry.type === 'Polygon'
    ? [geometry.coordinates]
    : geometry.coordinates) as unknown as readonly (readonly (readonly (readonly number[])[])[])[]
  let vertices = 0
  let rings = 0
  for (const polygon of polygons) {
    rings += polygon.length
    for (const ring of polygon) vertices += ring.length
  }
  const coordinates = new Float64Array(vertices * 2)
  const ringEnds = new Uint32Array(rings)
  const polygonEnds = new Uint32Array(polygons.length)
  let vertex = 0
  let ringIndex = 0
  polygons.forEach((polygon, polygonIndex) => {
    for (const ring of polygon) {
      for (const position of ring) {
        coordinates[vertex * 2] = position[0]!
        coordinates[vertex * 2 + 1] = position[1]!
        vertex++
      }
      ringEnds[ringIndex++] = vertex
    }
    polygonEnds[polygonIndex] = ringIndex
  })
  return { coordinates, ringEnds, polygonEnds }
}

/** Nested arrays of the flat form, always as a multipolygon. */
export function fromFlat(flat: FlatPolygons): { type: 'MultiPolygon'; coordinates: MultiPolygonCoordinates } {
  const polygons: MultiPolygonCoordinates = []
  let ringIndex = 0
  let vertex = 0
  for (const polygonEnd of flat.polygonEnds) {
    const polygon: PolygonCoordinates = []
    for (; ringIndex < polygonEnd; ringIndex++) {
      const ring: Ring = []
      for (const end = flat.ringEnds[ringIndex]!; vertex < end; vertex++) {
        ring.push([flat.coordinates[vertex * 2]!, flat.coordinates[vertex * 2 + 1]!])
      }
      polygon.push(ring)
    }
    polygons.push(polygon)
  }
  return { type: 'MultiPolygon', coordinates: polygons }
}

/** Extent of all vertices; of an empty geometry [Infinity, Infinity, -Infinity, -Infinity]. */
export function boxOf(flat: FlatPolygons): Box {
  let minX = Infinity
  let minY = Infinity
  let maxX = -Infinity
  let maxY = -Infinity
  const { coordinates } = flat
  for (let index = 0; index < coordinates.length; index += 2) {
    const x = coordinates[index]!
    const y = coordinates[index + 1]!
    if (x < minX) minX = x
    if (x > maxX) maxX = x
    if (y < minY) minY = y
    if (y > maxY) maxY = y
  }
  return [minX, minY, maxX, maxY]
}

export function vertexCount(flat: FlatPolygons): number {
  return flat.coordinates.length / 2
}
