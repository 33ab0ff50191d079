/** The zone report's part of the contract: one model, five formats, and what may make its figures doubtful. */
import { z } from 'zod'
import { idSchema, job, procedure } from './base.ts'

export const ZONE_REPORT_FORMATS = ['pdf', 'docx', 'xlsx', 'geojson', 'gpkg'] as const

/** Why a figure may be doubtful; sentences belong to the window and to the report. */
export const ZONE_REPORT_WARNINGS = [
  'empty_zone',
  'shared_parcel',
  'no_boundary',
  'not_judged',
  'no_outline',
  'photo_missing',
  'unit_without_zone',
] as const

const warningSchema = z.object({
  code: z.enum(ZONE_REPORT_WARNINGS),
  count: z.number().int(),
  /** Codes of zones or parcels, names of files or units; ten at most. */
  names: z.array(z.string()),
})
export type ZoneReportWarning = z.infer<typeof warningSchema>

const filterShape = {
  year: z.number().int().optional(),
  unit: z.string().optional(),
  zone_ids: z.array(idSchema).optional(),
}

const checkSchema = z.object({
  zones: z.number().int(),
  /** Of these zones; what lies in several counts once. */
  parcels: z.number().int(),
  area_mu: z.number(),
  warnings: z.array(warningSchema),
})
export type ZoneReportCheck = z.infer<typeof checkSchema>

export const zoneReportContract = {
  zones: procedure
    .input(
      z.object({
        ...filterShape,
        out: z.string().optional(),
        formats: z
          .array(z.enum(ZONE_REPORT_FORMATS))
          .min(1)
          .default([...ZONE_REPORT_FORMATS]),
        /** Reference system of GeoJSON and GeoPackage. */
        crs: z.string().default('EPSG:4490'),
      }),
    )
    .output(job(z.object({ files: z.array(z.string()), seconds: z.number(), warnings: z.array(warningSchema) }))),
  /** What the report would be about, and what would be said in it, before it is made. */
  zonesCheck: procedure.input(z.object(filterShape)).output(checkSchema),
}
