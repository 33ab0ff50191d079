/**
 * Basemaps of this computer: files opened in place and online sources, remembered in the device's settings, never part of
 * a survey.
 */
import { z } from 'zod'
import { TILE_GRIDS } from '../tiles/online-address.ts'
import { boxSchema, procedure } from './base.ts'
import { onlineFactsSchema } from './online-basemaps.ts'

const sourceIdSchema = z.string().regex(/^[0-9a-f-]{1,64}$/)

export const basemapSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The host of an online source. */
  file: z.string(),
  /** `missing`: the file is not where it was; it is remembered all the same. */
  state: z.enum(['ok', 'missing', 'broken']),
  /** Why it cannot be shown, in Chinese, with the key of the UI catalogue. */
  reason: z.string().nullable(),
  message: z.string().nullable(),
  format: z.enum(['mbtiles', 'pmtiles', 'geotiff', 'online']).nullable(),
  kind: z.enum(['raster', 'vector']).nullable(),
  /** What its coordinates are, by the file or by a person's choice. */
  crs: z.string().nullable(),
  /** Something to know about a source that can be shown, as data for the UI catalogue. */
  note: z.object({ reason: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
  /** How its tiles divide the world. */
  grid: z.enum(TILE_GRIDS),
  min_zoom: z.number(),
  max_zoom: z.number(),
  box: boxSchema.nullable(),
  opacity: z.number(),
  visible: z.boolean(),
  /** The tiles are shifted as Chinese web maps are (domain §10.3). */
  gcj02: z.boolean(),
  /** It may be shifted and nobody has said so or otherwise: the window asks. */
  ask_shift: z.boolean(),
  /** Shown from this zoom on and up to this one; null: no limit. */
  shown_from: z.number().nullable(),
  shown_to: z.number().nullable(),
  /** Changes with the file. */
  version: z.string(),
  /** Null for files. */
  online: onlineFactsSchema.nullable(),
})
export type Basemap = z.infer<typeof basemapSchema>

const listSchema = z.array(basemapSchema)

export const basemapsContract = {
  /** From the bottom up. */
  list: procedure.output(listSchema),
  /**
   * Opens a file and puts it on top; refused in words when it is no MBTiles, PMTiles or GeoTIFF. `crs` is for a GeoTIFF
   * that does not say (`basemap_crs_unknown`) and overrules one that does.
   */
  add: procedure.input(z.object({ file: z.string().min(1), crs: z.string().max(100).optional() })).output(listSchema),
  /** The source lies elsewhere now: another file, the same settings. */
  relocate: procedure.input(z.object({ id: sourceIdSchema, file: z.string().min(1) })).output(listSchema),
  update: procedure
    .input(
      z.object({
        id: sourceIdSchema,
        opacity: z.number().min(0).max(1).optional(),
        visible: z.boolean().optional(),
        gcj02: z.boolean().optional(),
        shown_from: z.number().int().min(0).max(24).nullable().optional(),
        shown_to: z.number().int().min(0).max(24).nullable().optional(),
        name: z.string().min(1).max(200).optional(),
      }),
    )
    .output(listSchema),
  /** `ids` from the bottom up; sources left out keep their order above. */
  reorder: procedure.input(z.object({ ids: z.array(sourceIdSchema) })).output(listSchema),
  /** Forgets the source; a file stays where it is, an online source loses its key and kept tiles. */
  remove: procedure.input(z.object({ id: sourceIdSchema })).output(listSchema),
}
