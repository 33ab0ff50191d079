/** Which tiles an area needs, level by level; for downloads and their estimate. */
import type { TileGrid } from './online-address.ts'
import { latitudeToTile, longitudeToTile } from './tile-address.ts'

/** Columns and rows, ends included. */
export interface TileRange {
  readonly z: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Fractional row of a latitude in a grid; rows from the north. */
export function latitudeToRow(grid: TileGrid, lat: number, z: number): number {
  return grid === 'geographic' ? ((90 - lat) / 360) * 2 ** z : latitudeToTile(lat, z)
}

/** Rows that a level has. */
export function rowsOf(grid: TileGrid, z: number): number {
  return grid === 'geographic' ? Math.max(1, 2 ** (z - 1)) : 2 ** z
}

/** The tiles of a level that `box` ([west, south, east, north] in degrees) meets. */
export function tileRange(grid: TileGrid, box: readonly [number, number, number, number], z: number): TileRange {
  const [west, south, east, north] = box
  const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(value)))
  const rows = rowsOf(grid, z)
  return {
    z,
    left: within(longitudeToTile(west, z), 2 ** z),
    right: within(longitudeToTile(east, z), 2 ** z),
    top: within(latitudeToRow(grid, north, z), rows),
    bottom: within(latitudeToRow(grid, south, z), rows),
  }
}

export function countOf({ left, right, top, bottom }: TileRange): number {
  return (right - left + 1) * (bottom - top + 1)
}

/** All tiles of the levels, coarse ones first: what is broken off is still of use. */
export function* tilesOf(ranges: readonly TileRange[]): Generator<{ z: number; x: number; y: number }> {
  for (const { z, left, right, top, bottom } of ranges)
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) yield { z, x, y }
}
