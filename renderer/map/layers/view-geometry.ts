/** Small conversions between Leaflet's view and plain places. Leaflet's latitude-first order ends here. */
import {
  LatLngBounds as Bounds,
  type LatLngBounds,
  type LatLngExpression,
  type LatLngTuple,
  type Map as LeafletMap,
} from 'leaflet'
import type { Polygonal } from '../../../shared/contract/base.ts'
import type { MapBox, MapView } from '../map-port.ts'

const METERS_PER_DEGREE = 111_320
const METERS_PER_CSS_PIXEL = 0.0254 / 96

/** Rings as Leaflet takes them; the repeated last vertex may stay. */
export function toLatLngs(geometry: Polygonal): LatLngTuple[][][] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return polygons.map(polygon => polygon.map(ring => ring.map(position => [position[1]!, position[0]!])))
}

export function boundsOf(box: MapBox): LatLngBounds {
  const corners: [LatLngExpression, LatLngExpression] = [
    [box[1], box[0]],
    [box[3], box[2]],
  ]
  return new Bounds(...corners)
}

export function boxOfBounds(bounds: LatLngBounds): [number, number, number, number] {
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
}

export function viewOf(map: LeafletMap): MapView {
  const { lng, lat } = map.getCenter()
  const metersPerPixel =
    (METERS_PER_DEGREE * 360 * Math.cos((lat * Math.PI) / 180)) / 360 / pixelsPerDegree(map.getZoom())
  return {
    centre: { lng, lat },
    zoom: map.getZoom(),
    box: boxOfBounds(map.getBounds()),
    scale: Math.round(metersPerPixel / METERS_PER_CSS_PIXEL),
  }
}

/** Pixels of one degree of longitude. */
export function pixelsPerDegree(zoom: number): number {
  return (256 * 2 ** zoom) / 360
}
