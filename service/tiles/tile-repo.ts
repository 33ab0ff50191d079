/** SQL of the tiles: parcels that meet a box, with just the values that tiles carry. Reads the read connection only. */
import type { Db } from '../db/open.ts'

/** pk, west, east, south, north, state, side, side_marked, unit, geometry or null, code, name. */
export type TileRow = [
  pk: number,
  west: number,
  east: number,
  south: number,
  north: number,
  state: string | null,
  side: string | null,
  sideMarked: string | null,
  unit: string | null,
  geometry: Uint8Array | null,
  code: string | null,
  name: string | null,
]

/** CROSS JOIN keeps SQLite from walking the parcels first. The blob of a parcel too small to be outlined is not read. */
const tileSql = (columns: string) => `
SELECT p.pk, b.min_x, b.max_x, b.min_y, b.max_y, p.state, p.side, p.side_marked, p.unit, ${columns}
FROM parcel_box AS b CROSS JOIN parcel AS p ON p.pk = b.pk
WHERE b.max_x >= @west AND b.min_x <= @east AND b.max_y >= @south AND b.min_y <= @north AND p.deleted = 0
ORDER BY p.pk`
const outlineColumn = 'CASE WHEN b.max_x - b.min_x >= @minLng OR b.max_y - b.min_y >= @minLat THEN p.geometry END'

export const TILE_SQL = tileSql(`${outlineColumn}, NULL, NULL`)
export const LABELLED_TILE_SQL = tileSql(`${outlineColumn}, p.code, p.name`)

export interface TileQuery {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
  readonly minLng: number
  readonly minLat: number
}

export function tileRows(db: Db, query: TileQuery, labelled: boolean): TileRow[] {
  return db
    .prepare(labelled ? LABELLED_TILE_SQL : TILE_SQL)
    .raw()
    .all(query) as TileRow[]
}
