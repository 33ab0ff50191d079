/** Which parcels of a packed tile lie under a place: even-odd point in polygon on the packed rings. No drawing here. */
import { KIND_POLYGON, kindOf, type PackedTile, UNITS_PER_PX } from './packed-tile.ts'

/** A parcel with its size in square tile units, so that the smallest of several can be taken. */
export interface TileHit {
  readonly index: number
  readonly pk: number
  readonly size: number
}

/**
 * The parcels at a place of the tile (tile units), smallest first.
 * @param reach how far, in units, a parcel too small for an outline may be missed.
 * @param isVisible parcels hidden by a filter are not hit.
 */
export function parcelsAt(
  tile: PackedTile,
  x: number,
  y: number,
  isVisible: (index: number) => boolean = () => true,
  reach = 2 * UNITS_PER_PX,
): TileHit[] {
  const hits: TileHit[] = []
  for (let index = 0; index < tile.count; index++) {
    const size = sizeWhenHit(tile, index, x, y, reach)
    if (size >= 0 && isVisible(index)) hits.push({ index, pk: tile.pk[index]!, size })
  }
  return hits.sort((a, b) => a.size - b.size || a.pk - b.pk)
}

/** The rings of a parcel as the tile draws them; none for one that is only a box or a point. */
function ringsOf(tile: PackedTile, index: number): number[][] {
  if (kindOf(tile, index) !== KIND_POLYGON) return []
  const rings: number[][] = []
  for (let ring = tile.ringOfParcel[index]!; ring < tile.ringOfParcel[index + 1]!; ring++) {
    rings.push([...tile.coords.subarray(2 * tile.vertexOfRing[ring]!, 2 * tile.vertexOfRing[ring + 1]!)])
  }
  return rings
}

/** The rings of a parcel, or those of the box or the pixel that stands for it: where something is, however small. */
export function shapeOf(tile: PackedTile, index: number): number[][] {
  if (kindOf(tile, index) === KIND_POLYGON) return ringsOf(tile, index)
  const from = 2 * tile.vertexOfRing[tile.ringOfParcel[index]!]!
  const to = 2 * tile.vertexOfRing[tile.ringOfParcel[index + 1]!]!
  const least = UNITS_PER_PX / 2
  const west = tile.coords[from]!
  const north = tile.coords[from + 1]!
  const east = Math.max(west + least, tile.coords[to - 2]!)
  const south = Math.max(north + least, tile.coords[to - 1]!)
  return [[west, north, east, north, east, south, west, south]]
}

/** Size of the parcel's box when it holds the place, else -1. */
function sizeWhenHit(tile: PackedTile, index: number, x: number, y: number, reach: number): number {
  const firstRing = tile.ringOfParcel[index]!
  const endRing = tile.ringOfParcel[index + 1]!
  const from = tile.vertexOfRing[firstRing]!
  const to = tile.vertexOfRing[endRing]!
  const { coords } = tile
  let minX = Infinity
  let minY = Infinity
  let maxX = -Infinity
  let maxY = -Infinity
  for (let vertex = from; vertex < to; vertex++) {
    const px = coords[2 * vertex]!
    const py = coords[2 * vertex + 1]!
    if (px < minX) minX = px
    if (px > maxX) maxX = px
    if (py < minY) minY = py
    if (py > maxY) maxY = py
  }
  const isPolygon = kindOf(tile, index) === KIND_POLYGON
  const slack = isPolygon ? 0 : reach
  if (x < minX - slack || x > maxX + slack || y < minY - slack || y > maxY + slack) return -1
  if (isPolygon) {
    let inside = false
    for (let ring = firstRing; ring < endRing; ring++) {
      if (crossesOdd(coords, tile.vertexOfRing[ring]!, tile.vertexOfRing[ring + 1]!, x, y)) inside = !inside
    }
    if (!inside) return -1
  }
  return (maxX - minX) * (maxY - minY)
}

function crossesOdd(coords: Int16Array, from: number, to: number, x: number, y: number): boolean {
  let odd = false
  let ax = coords[2 * to - 2]!
  let ay = coords[2 * to - 1]!
  for (let vertex = from; vertex < to; vertex++) {
    const bx = coords[2 * vertex]!
    const by = coords[2 * vertex + 1]!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd
    ax = bx
    ay = by
  }
  return odd
}
