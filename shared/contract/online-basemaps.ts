/**
 * Online tile sources: the only thing besides sync that uses a network, and only for sources that a person added and
 * switched on. Addresses and keys go in here and never come out again; what is shown of a source is its host.
 */
import { z } from 'zod'
import { TILE_GRIDS } from '../tiles/online-address.ts'
import { boxSchema, job, procedure } from './base.ts'

const sourceIdSchema = z.string().regex(/^[0-9a-f-]{1,64}$/)
const addressSchema = z.string().trim().min(1).max(2000)
const keySchema = z.string().trim().max(200)
const levelSchema = z.number().int().min(0).max(24)

/** A download is for some townships at working scales, not for a copy of a service. */
export const MOST_DOWNLOAD_TILES = 20_000
export const CACHE_LIMIT_MB = { least: 1, most: 50_000, usual: 500 } as const

export const onlineFactsSchema = z.object({
  host: z.string(),
  /** A person has switched fetching on; otherwise only kept tiles are shown. */
  fetching: z.boolean(),
  has_key: z.boolean(),
  /** `off` and `unknown`: nothing was asked yet. */
  state: z.enum(['off', 'unknown', 'ok', 'offline', 'refused', 'failing']),
  reason: z.string().nullable(),
  message: z.string().nullable(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Kept on this computer. */
  tiles: z.number(),
  bytes: z.number(),
})
export type OnlineFacts = z.infer<typeof onlineFactsSchema>

const wmtsLayerSchema = z.object({
  layer: z.string(),
  title: z.string(),
  sets: z.array(z.object({ id: z.string(), grid: z.enum(TILE_GRIDS), min_zoom: z.number(), max_zoom: z.number() })),
})
export type WmtsLayer = z.infer<typeof wmtsLayerSchema>

const cacheSchema = z.object({ tiles: z.number(), bytes: z.number(), limit_mb: z.number() })
export type TileCacheFacts = z.infer<typeof cacheSchema>

const areaSchema = z.object({ id: sourceIdSchema, box: boxSchema, from: levelSchema, to: levelSchema })

export const onlineBasemapsContract = {
  /** Fetches what a WMTS offers: asked for by a click, nothing is kept. Layers whose grids cannot be shown are left out. */
  offers: procedure
    .input(z.object({ address: addressSchema, key: keySchema.default('') }))
    .output(z.array(wmtsLayerSchema)),
  /**
   * Remembers a source and puts it on top, switched off. `layer` and `set` for a WMTS capabilities address (fetched once
   * more), the rest for a template.
   */
  add: procedure
    .input(
      z.object({
        name: z.string().trim().min(1).max(200),
        address: addressSchema,
        key: keySchema.default(''),
        grid: z.enum(TILE_GRIDS).optional(),
        min_zoom: levelSchema.default(0),
        max_zoom: levelSchema.default(18),
        /** Added to z before the service is asked. */
        zoom_offset: z.number().int().min(-5).max(5).default(0),
        layer: z.string().max(300).optional(),
        set: z.string().max(300).optional(),
      }),
    )
    .output(z.object({ id: z.string() })),
  /** Switches fetching on or off, or takes another key; both try again at once. */
  change: procedure
    .input(z.object({ id: sourceIdSchema, fetching: z.boolean().optional(), key: keySchema.min(1).optional() }))
    .output(onlineFactsSchema),
  /** Of all sources together; `limit_mb` sets the limit. */
  cache: procedure
    .input(z.object({ limit_mb: z.number().int().min(CACHE_LIMIT_MB.least).max(CACHE_LIMIT_MB.most).optional() }))
    .output(cacheSchema),
  /** Throws kept tiles away, of one source or of all. */
  clear: procedure.input(z.object({ id: sourceIdSchema.optional() })).output(cacheSchema),
  /** What `download` would fetch; `bytes` by the tiles already kept of this source, else by 20 kB a tile. */
  estimate: procedure.input(areaSchema).output(
    z.object({
      tiles: z.number(),
      missing: z.number(),
      bytes: z.number(),
      /** Why it cannot be downloaded, as a reason of the catalogue. */
      refusal: z.string().nullable(),
      message: z.string().nullable(),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
  /** Fetches an area for offline use; what came before it is broken off stays. Refused beyond the limits. */
  download: procedure
    .input(areaSchema)
    .output(
      job(
        z.object({ fetched: z.number(), known: z.number(), blank: z.number(), failed: z.number(), bytes: z.number() }),
      ),
    ),
}
