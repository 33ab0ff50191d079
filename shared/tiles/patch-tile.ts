/** Changes the values of parcels in a packed tile in place; outlines stay as they are. */
import type { TileValues } from '../contract/tiles.ts'
import { NO_ANCHOR, type PackedTile } from './packed-tile.ts'

const KIND_BITS = 3

/** Places in the tile of the parcels that were given values. Parcels that the tile does not hold are passed over. */
export function patchTile(tile: PackedTile, values: readonly TileValues[]): number[] {
  const changed: number[] = []
  for (const parcel of values) {
    const index = tile.pk.indexOf(parcel.pk)
    if (index < 0) continue
    changed.push(index)
    tile.state[index] = parcel.state
    tile.side[index] = parcel.side
    tile.class[index] = parcel.class
    tile.tax[index] = parcel.tax
    tile.year[index] = parcel.year
    tile.freed[index] = parcel.freed
    tile.flags[index] = (tile.flags[index]! & KIND_BITS) | parcel.flags
    tile.unit[index] = indexOfUnit(tile.units, parcel.unit)
    if (tile.labels.length > 0 && tile.anchors[2 * index] !== NO_ANCHOR) tile.labels[index] = parcel.label
  }
  return changed
}

function indexOfUnit(units: string[], code: string): number {
  const known = units.indexOf(code)
  return known >= 0 ? known : units.push(code) - 1
}
