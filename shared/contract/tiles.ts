/**
 * Tiles travel outside the RPC (a raw MessagePort in the desktop, a plain GET in the browser host). A request is plain
 * data; the answer is the packed tile of `shared/tiles/packed-tile.ts`.
 */
import { z } from 'zod'

export const tileRequestSchema = z.object({
  /** `parcels`, or `preview:<key>` for the features of a dry run. */
  layer: z.string().regex(/^(parcels|preview:[0-9a-f-]{1,64})$/),
  z: z.number().int().min(0).max(24),
  x: z.number().int().min(0),
  y: z.number().int().min(0),
  /** Data revision the asker has seen; part of the address so that no cache can hold a stale tile. */
  revision: z.number().int().min(0),
})
export type TileRequest = z.infer<typeof tileRequestSchema>

/** What a packed tile says of a parcel besides its outline, with the numbers of `shared/tiles/tile-values.ts`. */
export const tileValuesSchema = z.object({
  pk: z.number(),
  state: z.number(),
  side: z.number(),
  class: z.number(),
  tax: z.number(),
  year: z.number(),
  freed: z.number(),
  /** FLAG_ bits of `shared/tiles/packed-tile.ts`, without the kind. */
  flags: z.number(),
  unit: z.string(),
  label: z.string(),
})
export type TileValues = z.infer<typeof tileValuesSchema>
