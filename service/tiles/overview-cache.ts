/**
 * Encoded tiles of small scales, the slowest to make, kept in memory until a change meets them. Least recently used go
 * first. Holds bytes only; knows nothing of queries.
 */
import type { TileRequest, TileValues } from '../../shared/contract/tiles.ts'
import { decodePackedTile } from '../../shared/tiles/packed-tile.ts'
import { patchTile } from '../../shared/tiles/patch-tile.ts'
import { tileBox } from '../../shared/tiles/tile-address.ts'
import type { StoredTile } from './overview-file.ts'

type Box = readonly [number, number, number, number]

type Address = Pick<TileRequest, 'z' | 'x' | 'y'>

export interface OverviewCache {
  get(request: Address): Uint8Array | undefined
  set(request: Address, bytes: Uint8Array): void
  /** Forgets the tiles that a change meets; a null box means every tile. */
  invalidate(box: Box | null): void
  /** Changes values in the tiles that a change meets; forgets a tile that has no room for them. */
  patch(box: Box, values: readonly TileValues[]): void
  tiles(): StoredTile[]
}

/** Tiles hold parcels up to this far outside their own box. */
export const QUERY_MARGIN_PX = 8

export function overviewCache(maxBytes = 64 * 1024 * 1024): OverviewCache {
  const entries = new Map<string, StoredTile & { box: Box }>()
  let total = 0
  const keyOf = (request: Address) => `${request.z}/${request.x}/${request.y}`

  function drop(key: string, size: number) {
    entries.delete(key)
    total -= size
  }
  return {
    get(request) {
      const key = keyOf(request)
      const entry = entries.get(key)
      if (!entry) return undefined
      // Map order is insertion order: re-inserting makes the entry the youngest.
      entries.delete(key)
      entries.set(key, entry)
      return entry.bytes
    },
    set(request, bytes) {
      const key = keyOf(request)
      const old = entries.get(key)
      if (old) drop(key, old.bytes.length)
      entries.set(key, {
        z: request.z,
        x: request.x,
        y: request.y,
        bytes,
        box: tileBox(request.z, request.x, request.y, QUERY_MARGIN_PX),
      })
      total += bytes.length
      for (const [oldest, entry] of entries) {
        if (total <= maxBytes) break
        drop(oldest, entry.bytes.length)
      }
    },
    invalidate(box) {
      for (const [key, entry] of [...entries]) {
        if (box === null || meets(box, entry.box)) drop(key, entry.bytes.length)
      }
    },
    patch(box, values) {
      for (const [key, entry] of [...entries]) {
        if (!meets(box, entry.box)) continue
        const tile = decodePackedTile(entry.bytes)
        // The list of units is text of fixed length in the bytes: a new one does not fit.
        const fits = values.every(({ pk, unit }) => tile.units.includes(unit) || !tile.pk.includes(pk))
        if (fits) patchTile(tile, values)
        else drop(key, entry.bytes.length)
      }
    },
    tiles: () => [...entries.values()],
  }
}

function meets(a: Box, b: Box): boolean {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1]
}
