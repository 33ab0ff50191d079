/** Which part of a tile has to be painted again when a few of its parcels look different. Pure. */
import { KIND_POLYGON, kindOf, type PackedTile, UNITS_PER_PX } from '../../../shared/tiles/packed-tile.ts'
import { TILE_SIZE_PX } from '../../../shared/tiles/tile-address.ts'
import type { TilePart } from './painter-messages.ts'

/** What a line of one pixel with round joins reaches beyond its outline, with the pixel that it half covers. */
const LINE_PX = 2
/** A part larger than this share of the tile is not worth the second picture. */
const MAX_SHARE = 0.25

/**
 * The rectangle of some parcels with their lines; null where the tile is better painted whole: a large part, or small parcels,
 * which go into the pixels of a tile in one go.
 *
 * @param places of the parcels in the tile.
 */
export function partAround(tile: PackedTile, places: readonly number[], pixelRatio: number): TilePart | null {
  const size = TILE_SIZE_PX * pixelRatio
  const box = { west: Infinity, north: Infinity, east: -Infinity, south: -Infinity }
  for (let index = 0; index < tile.count; index++) if (kindOf(tile, index) !== KIND_POLYGON) return null
  for (const index of places) grow(box, tile, index)
  const scale = pixelRatio / UNITS_PER_PX
  const left = Math.max(0, Math.floor(box.west * scale) - LINE_PX)
  const top = Math.max(0, Math.floor(box.north * scale) - LINE_PX)
  const width = Math.min(size, Math.ceil(box.east * scale) + LINE_PX) - left
  const height = Math.min(size, Math.ceil(box.south * scale) + LINE_PX) - top
  if (!(width > 0 && height > 0) || width * height > MAX_SHARE * size * size) return null
  return { left, top, width, height }
}

/** Narrows a filter to the parcels that reach into a part. */
export function within(
  tile: PackedTile,
  { left, top, width, height }: TilePart,
  pixelRatio: number,
  isVisible: (index: number) => boolean,
): (index: number) => boolean {
  const scale = pixelRatio / UNITS_PER_PX
  return index => {
    if (!isVisible(index)) return false
    const box = { west: Infinity, north: Infinity, east: -Infinity, south: -Infinity }
    grow(box, tile, index)
    return (
      box.east * scale + LINE_PX >= left &&
      box.west * scale - LINE_PX <= left + width &&
      box.south * scale + LINE_PX >= top &&
      box.north * scale - LINE_PX <= top + height
    )
  }
}

function grow(
  box: { west: number; north: number; east: number; south: number },
  tile: PackedTile,
  index: number,
): void {
  const from = tile.vertexOfRing[tile.ringOfParcel[index]!]!
  const to = tile.vertexOfRing[tile.ringOfParcel[index + 1]!]!
  for (let i = from; i < to; i++) {
    const x = tile.coords[2 * i]!
    const y = tile.coords[2 * i + 1]!
    if (x < box.west) box.west = x
    if (x > box.east) box.east = x
    if (y < box.north) box.north = y
    if (y > box.south) box.south = y
  }
}
