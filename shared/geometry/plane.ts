/**
 * The survey plane: the metric plane in which distances, planar areas and drawing aids are computed. In Lanxi it is
 * EPSG:4549 (CGCS2000, 3° zone, central meridian 120°E, without zone number); a survey elsewhere takes the transverse
 * Mercator on its own middle meridian, which keeps scale errors below those of a 3° zone.
 */
import { forwardInPlace, inverseInPlace, type TransverseMercator } from './gauss-kruger.ts'
import type { Box, FlatPolygons } from './types.ts'

export type PlaneProjection = TransverseMercator

/** EPSG:4549. */
export const EPSG_4549: PlaneProjection = { centralMeridianDegrees: 120, falseEastingM: 500_000 }

/** The plane for data in `box` (degrees): the 3° zone of mainland China that holds its middle, else one centred on it. */
export function planeForBox(box: Readonly<Box>): PlaneProjection {
  const middle = (box[0] + box[2]) / 2
  const inChina = middle >= 73.5 && middle <= 136.5 && box[1] > 15 && box[3] < 55
  const centralMeridianDegrees = inChina ? Math.round(middle / 3) * 3 : Math.round(middle * 4) / 4
  return { centralMeridianDegrees, falseEastingM: 500_000 }
}

/** A copy of lng/lat polygons in the plane, metres. */
export function projectToPlane(polygons: FlatPolygons, plane: PlaneProjection): FlatPolygons {
  const coordinates = polygons.coordinates.slice()
  forwardInPlace(plane, coordinates)
  return { ...polygons, coordinates }
}

/** A copy of plane polygons in lng/lat degrees. */
export function unprojectFromPlane(polygons: FlatPolygons, plane: PlaneProjection): FlatPolygons {
  const coordinates = polygons.coordinates.slice()
  inverseInPlace(plane, coordinates)
  return { ...polygons, coordinates }
}
