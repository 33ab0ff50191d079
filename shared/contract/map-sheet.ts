/** A part of the map as a printed sheet: what lies in it, on which paper, in which colours. */
import { z } from 'zod'
import { boxSchema, job, procedure } from './base.ts'
import { parcelFilterSchema } from './parcels.ts'
import { themeSchema } from './themes.ts'

export const SHEET_PAPERS = ['A4', 'A3'] as const
export const SHEET_LABELS = ['code', 'name', 'enterprise', 'none'] as const
export const SHEET_FORMATS = ['pdf', 'png'] as const

export const mapSheetInputSchema = z.object({
  /** What has to be seen, lng/lat degrees; all parcels when left out. */
  box: boxSchema.optional(),
  title: z.string().trim().max(60).optional(),
  paper: z.enum(SHEET_PAPERS).default('A4'),
  orientation: z.enum(['landscape', 'portrait']).default('landscape'),
  /** Denominator; the largest round scale that shows the whole box when left out. */
  scale: z.number().int().min(100).max(5_000_000).optional(),
  theme: themeSchema.default('side'),
  filter: parcelFilterSchema.default({}),
  labels: z.enum(SHEET_LABELS).default('code'),
  /** Zones of this year with outline and name; none when left out. */
  zones: z.number().int().optional(),
  /** Basemaps that are switched on lie under the parcels. */
  basemap: z.boolean().default(true),
})
export type MapSheetInput = z.infer<typeof mapSheetInputSchema>

/** What a sheet shows. */
const sheetFactsSchema = z.object({
  scale: z.number(),
  /** Parcels that meet the frame. */
  parcels: z.number(),
  labels: z.number(),
})

export const mapSheetContract = {
  map: procedure
    .input(
      mapSheetInputSchema.extend({
        out: z.string().optional(),
        formats: z
          .array(z.enum(SHEET_FORMATS))
          .min(1)
          .default([...SHEET_FORMATS]),
      }),
    )
    .output(job(sheetFactsSchema.extend({ files: z.array(z.string()), seconds: z.number() }))),
  /** The same sheet as a small picture (PNG, base64). */
  mapPreview: procedure.input(mapSheetInputSchema).output(sheetFactsSchema.extend({ png: z.string() })),
}
