/** The zone report's part of the contract: what may make its figures doubtful, said before and after it is made. */
import { z } from 'zod'

/** Why a figure may be doubtful; sentences belong to the window and to the report. */
export const ZONE_REPORT_WARNINGS = [
  'empty_zone',
  'shared_parcel',
  'no_boundary',
  'not_judged',
  'no_outline',
  'photo_missing',
] as const

export const zoneReportWarningSchema = z.object({
  code: z.enum(ZONE_REPORT_WARNINGS),
  count: z.number().int(),
  /** Codes of zones or parcels, or names of files; ten at most. */
  names: z.array(z.string()),
})
export type ZoneReportWarning = z.infer<typeof zoneReportWarningSchema>
