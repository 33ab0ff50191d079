/** SQL of the tiles: parcels that meet a box, with just the values that tiles carry. Reads the read connection only. */
import type { Db } from '../db/open.ts'

/** What tiles say of a parcel besides its place. Code and name are null where tiles carry no labels. */
export type ValueRow = [
  pk: number,
  state: string | null,
  side: string | null,
  sideMarked: string | null,
  unit: string | null,
  code: string | null,
  name: string | null,
]
/** The same, then the box and the outline, which is null for parcels too small for one. */
export type TileRow = [
  ...ValueRow,
  west: number,
  east: number,
  south: number,
  north: number,
  geometry: Uint8Array | null,
]

const VALUES = 'p.pk, p.state, p.side, p.side_marked, p.unit'
/** CROSS JOIN keeps SQLite from walking the parcels first. The blob of a parcel too small to be outlined is not read. */
const tileSql = (label: string, piece = '') => `
SELECT ${VALUES}, ${label}, b.min_x, b.max_x, b.min_y, b.max_y,
  CASE WHEN b.max_x - b.min_x >= @minLng OR b.max_y - b.min_y >= @minLat THEN p.geometry END
FROM parcel_box AS b CROSS JOIN parcel AS p ON p.pk = b.pk
WHERE b.max_x >= @west AND b.min_x <= @east AND b.max_y >= @south AND b.min_y <= @north AND p.deleted = 0${piece}
ORDER BY p.pk`

export const TILE_SQL = tileSql('NULL, NULL')
export const LABELLED_TILE_SQL = tileSql('p.code, p.name')

const PIECE_SQL = tileSql(
  'NULL, NULL',
  ' AND b.min_x >= @fromLng AND b.min_x < @toLng AND b.min_y >= @fromLat AND b.min_y < @toLat',
)

/** A part of a tile by the south-western corner of the boxes, degrees; the upper ends are not in it. */
export interface Piece {
  readonly fromLng: number
  readonly toLng: number
  readonly fromLat: number
  readonly toLat: number
}

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

/** The same of a part of a tile, without labels. */
export function pieceRows(db: Db, query: TileQuery & Piece): TileRow[] {
  return db.prepare(PIECE_SQL).raw().all(query) as TileRow[]
}

/** Values of some parcels by id. */
export function valueRows(db: Db, ids: readonly string[]): ValueRow[] {
  const sql = `SELECT ${VALUES}, p.code, p.name FROM parcel p WHERE p.deleted = 0 AND p.id IN (${ids.map(() => '?').join()})`
  return db.prepare(sql).raw().all(ids) as ValueRow[]
}
