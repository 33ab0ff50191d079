/**
 * Encoded tiles of small scales, the slowest to make, kept in memory until a change meets them. Least recently used go
 * first. Holds bytes only; knows nothing of queries.
 */
import type { TileRequest } from '../../shared/contract/tiles.ts'
import { tileBox } from '../../shared/tiles/tile-address.ts'

type Box = readonly [number, number, number, number]

export interface OverviewCache {
  get(request: TileRequest): Uint8Array | undefined
  set(request: TileRequest, bytes: Uint8Array): void
  /** Forgets the tiles that a change meets; a null box means every tile. */
  invalidate(box: Box | null): void
}

/** Tiles hold parcels up to this far outside their own box. */
export const QUERY_MARGIN_PX = 8

export function overviewCache(maxBytes = 48 * 1024 * 1024): OverviewCache {
  const entries = new Map<string, { bytes: Uint8Array; box: Box }>()
  let total = 0
  const keyOf = (request: TileRequest) => `${request.z}/${request.x}/${request.y}`

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
      entries.set(key, { bytes, box: tileBox(request.z, request.x, request.y, QUERY_MARGIN_PX) })
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
  }
}

function meets(a: Box, b: Box): boolean {
  return a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1]
}
