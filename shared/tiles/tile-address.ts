/**
 * Tile addresses. Numbering is the usual Web Mercator z/x/y (2^z tiles a side, y southwards), but a tile is 512 px wide:
 * Leaflet's zoom, which counts 256 px tiles, is one more than z (`zoom = z + 1`).
 */
import type { TileRequest } from '../contract/tiles.ts'

export const TILE_SIZE_PX = 512
/** Leaflet zoom minus tile z. */
export const ZOOM_OFFSET = 1

/** The path of a tile in the browser host, `/tiles/<layer>/<z>/<x>/<y>?r=<revision>`. */
export function tilePath(request: TileRequest): string {
  return `/tiles/${encodeURIComponent(request.layer)}/${request.z}/${request.x}/${request.y}?r=${request.revision}`
}

/** Longitude of the west edge of tile column x. */
export function tileLongitude(x: number, z: number): number {
  return (x / 2 ** z) * 360 - 180
}

/** Latitude of the north edge of tile row y. */
export function tileLatitude(y: number, z: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** z))) * 180) / Math.PI
}

/** Fractional tile column of a longitude. */
export function longitudeToTile(lng: number, z: number): number {
  return ((lng + 180) / 360) * 2 ** z
}

/** Fractional tile row of a latitude. */
export function latitudeToTile(lat: number, z: number): number {
  const phi = (Math.min(85.05, Math.max(-85.05, lat)) * Math.PI) / 180
  return (0.5 - Math.asinh(Math.tan(phi)) / (2 * Math.PI)) * 2 ** z
}

/** [west, south, east, north] of a tile with a margin in pixels of 1/512 tile. */
export function tileBox(z: number, x: number, y: number, marginPx = 0): [number, number, number, number] {
  const margin = marginPx / TILE_SIZE_PX
  return [
    tileLongitude(x - margin, z),
    tileLatitude(y + 1 + margin, z),
    tileLongitude(x + 1 + margin, z),
    tileLatitude(y - margin, z),
  ]
}
