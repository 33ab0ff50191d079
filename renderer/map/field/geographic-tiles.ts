/**
 * Tiles in degrees (EPSG:4490, 天地图 `_c`) on a Web Mercator map. Columns are the same; rows are stretched with latitude,
 * so that a tile is laid down in strips, each a straight piece of the curve.
 */
import { latitudeToTile, tileLatitude } from '../../../shared/tiles/tile-address.ts'
import { latitudeToRow, rowsOf } from '../../../shared/tiles/tile-area.ts'

export interface TileStrip {
  /** The tile in degrees, at the same z. */
  readonly column: number
  readonly row: number
  /** Part of that tile's height, 0–1 from the north. */
  readonly from: number
  readonly to: number
  /** Where it goes, in pixels of the tile that is painted. */
  readonly left: number
  readonly top: number
  readonly height: number
}

/** A tile of this depth or deeper is straight within a tenth of a pixel. */
const STRAIGHT_Z = 10
const MOST_STRIPS = 64

/** The strips that cover the Web Mercator tile at (x, y), which need not be whole numbers; `side` in pixels. */
export function geographicStrips(z: number, x: number, y: number, side: number): TileStrip[] {
  const strips: TileStrip[] = []
  const count = Math.max(1, Math.min(MOST_STRIPS, 2 ** (STRAIGHT_Z - z)))
  const first = Math.max(0, Math.floor(latitudeToRow('geographic', tileLatitude(y, z), z)))
  const end = Math.min(rowsOf('geographic', z), latitudeToRow('geographic', tileLatitude(y + 1, z), z))
  // Whole pixels: no light between two strips.
  const pixel = (row: number): number => Math.round((latitudeToTile(90 - (row * 360) / 2 ** z, z) - y) * side)
  for (let column = Math.floor(x); column < x + 1; column++)
    for (let row = first; row < end; row++)
      for (let index = 0; index < count; index++) {
        const [from, to] = [index / count, (index + 1) / count]
        const top = pixel(row + from)
        const height = pixel(row + to) - top
        if (height <= 0 || top >= side || top + height <= 0) continue
        strips.push({ column, row, from, to, left: (column - x) * side, top, height })
      }
  return strips
}
