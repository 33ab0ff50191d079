/**
 * What a change makes of the parcels on the map, sent along with the event: the map then changes its tiles in place, which
 * takes a few milliseconds, and need not read them again.
 */
import type { TileValues } from '../../shared/contract/tiles.ts'
import { RATED_BY } from '../../shared/tiles/tile-values.ts'
import type { Db } from '../db/open.ts'
import { ratingsOf, UNRATED } from './ratings.ts'
import { valueRows } from './tile-repo.ts'
import { valuesOfRow } from './tile-row.ts'

/** More than this is read again by tile. */
const MOST_PARCELS = 200

interface Change {
  readonly entities: Readonly<Record<string, readonly string[]>>
  readonly bulk: boolean
  readonly shapes: boolean
}

/**
 * Null when tiles have to be read again: outlines changed, many parcels did, or records did that decide about parcels
 * elsewhere (a link that was moved concerns parcels that the change does not name).
 */
export function changedTileValues(db: Db, { entities, bulk, shapes }: Change): TileValues[] | null {
  const ids = entities['parcel'] ?? []
  if (bulk || shapes || ids.length > MOST_PARCELS || RATED_BY.some(entity => entities[entity])) return null
  if (ids.length === 0) return []
  const rows = valueRows(db, ids)
  const ratings = ratingsOf(
    db,
    rows.map(([pk]) => pk),
  )
  return rows.map(row => valuesOfRow(row, ratings.get(row[0]) ?? UNRATED))
}
