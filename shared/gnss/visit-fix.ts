/** Where a visit was made, as a receiver said it: taken over by a person, kept with how good it was. */
import { z } from 'zod'
import { FIX_QUALITIES, type Fix } from './fix.ts'

const visitFixSchema = z.object({
  lng: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  quality: z.enum(FIX_QUALITIES),
  /** Metres, or null when unknown. */
  accuracy_m: z.number().nullable(),
  accuracy_from: z.enum(['receiver', 'estimate']).nullable(),
  satellites: z.number().nullable(),
  hdop: z.number().nullable(),
  /** ISO 8601 by the receiver's clock; null until it has told the date. */
  time: z.string().nullable(),
  /** A log that was played is no receiver: the record says so. */
  source: z.enum(['serial', 'replay']),
})
export type VisitFix = z.infer<typeof visitFixSchema>

export function visitFix(fix: Fix, source: VisitFix['source']): VisitFix {
  return {
    lng: fix.lng,
    lat: fix.lat,
    quality: fix.quality,
    accuracy_m: fix.accuracyM,
    accuracy_from: fix.accuracyFrom,
    satellites: fix.satellites,
    hdop: fix.hdop,
    time: fix.time,
    source,
  }
}

/** Null for none, and for what another version wrote differently. */
export function readVisitFix(value: unknown): VisitFix | null {
  const parsed = visitFixSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}
