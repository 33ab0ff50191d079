/**
 * Outlines as editing sees them: polygons of open rings (the shell first, the closing position left out), lng/lat degrees.
 * Every function of this folder gives new arrays and leaves its inputs alone, so that a step can be taken back.
 */
import { type FlatPolygons, fromFlat, type PolygonalGeometry, type Position, toFlat } from '../types.ts'

export type Place = readonly [number, number]
/** Open ring. */
export type OpenRing = readonly Place[]
/** Polygons, rings, positions. */
export type Outline = readonly (readonly OpenRing[])[]

/** The same coordinate, bit by bit: near is not enough for edges that are shared. */
export function samePlace(a: Place, b: Place): boolean {
  return a[0] === b[0] && a[1] === b[1]
}

export function placeKey([x, y]: Place): string {
  return `${x},${y}`
}

/** Open rings of stored polygons. */
export function outlineOf(flat: FlatPolygons): Outline {
  return fromFlat(flat).coordinates.map(polygon => polygon.map(ring => ring.slice(0, -1)))
}

/** Closed rings in flat form. */
export function flatOf(outline: Outline): FlatPolygons {
  return toFlat(geometryOf(outline))
}

/** GeoJSON geometry with closed rings; a polygon when there is one part only. */
export function geometryOf(outline: Outline): PolygonalGeometry {
  const polygons = outline.map(polygon => polygon.map(ring => [...ring, ring[0]!].map(([x, y]): Position => [x, y])))
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0]! }
    : { type: 'MultiPolygon', coordinates: polygons }
}

/** Every ring of an outline with the outline that has another ring in its place. */
export function mapRings(outline: Outline, change: (ring: OpenRing) => OpenRing): Outline {
  let changed = false
  const polygons = outline.map(polygon =>
    polygon.map(ring => {
      const next = change(ring)
      changed ||= next !== ring
      return next
    }),
  )
  return changed ? polygons : outline
}

/** [minX, minY, maxX, maxY] of all positions. */
export function outlineBox(outline: Outline): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const polygon of outline)
    for (const ring of polygon)
      for (const [x, y] of ring) {
        box[0] = Math.min(box[0], x)
        box[1] = Math.min(box[1], y)
        box[2] = Math.max(box[2], x)
        box[3] = Math.max(box[3], y)
      }
  return box
}
