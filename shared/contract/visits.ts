/** 外业核查: what an inspector fills in on the ground, hands in, signs; what the township confirms or returns. */
import { z } from 'zod'
import { codesOf } from '../model/enumerations.ts'
import { idSchema, pageSchema, procedure, reasonSchema, recordSchema, savedSchema, valuesSchema } from './base.ts'

/** A picture of a visit that somebody else took in as theirs, or that was taken in again for other land. */
export const twinSchema = z.object({
  attachment_id: z.string(),
  file_name: z.string(),
  /** Of the other record. */
  other_owner_entity: z.string().nullable(),
  other_owner_name: z.string().nullable(),
  other_by: z.string(),
  other_at: z.string(),
})
export type PhotoTwin = z.infer<typeof twinSchema>

export const visitRowSchema = z.object({
  record: recordSchema,
  parcel_code: z.string().nullable(),
  /** The visit was made before the parcel was divided or joined; its land is history now. */
  former_land: z.boolean(),
  enterprise_name: z.string().nullable(),
  photos: z.array(z.object({ id: z.string(), file_name: z.string(), missing: z.boolean() })),
  twins: z.array(twinSchema),
  /** Keys of the UI catalogue: `visit.missing.<key>` and `visit.remark.<key>`. */
  missing: z.array(z.string()),
  remarks: z.array(z.string()),
  /** Confirmed, and two different people were there. */
  evidence: z.boolean(),
})
export type VisitRow = z.infer<typeof visitRowSchema>

export const visitsContract = {
  /** Visits of a parcel, with those of the parcels that it was a part of, or of an enterprise; newest first. */
  list: procedure
    .input(z.object({ parcel_id: idSchema.optional(), enterprise_id: idSchema.optional() }))
    .output(z.object({ rows: z.array(visitRowSchema) })),
  /** What a form of this parcel starts with: the own open draft, or values for a new visit. */
  start: procedure.input(z.object({ parcel_id: idSchema })).output(
    z.object({
      draft: visitRowSchema.nullable(),
      presets: valuesSchema,
      side: z.string().nullable(),
      side_marked: z.string().nullable(),
      enterprises: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
    }),
  ),
  /** Hands a visit in, with all that the form says; the parcel takes the mark over. One undoable step. */
  file: procedure
    .input(z.object({ id: idSchema, base_rev: z.number().int(), values: valuesSchema }))
    .output(savedSchema.extend({ remarks: z.array(z.string()) })),
  /** Confirms a visit or returns it with a reason. */
  review: procedure
    .input(
      z.object({
        id: idSchema,
        base_rev: z.number().int(),
        decision: z.enum(['CONFIRMED', 'RETURNED']),
        reason: reasonSchema,
      }),
    )
    .output(savedSchema),
  /** Keeps a signature drawn by hand: a PNG in base64, at most 300 kB, as an attachment of the visit. */
  sign: procedure
    .input(z.object({ id: idSchema, name: z.string().trim().min(1).max(100), png: z.string().min(1).max(400_000) }))
    .output(savedSchema.extend({ attachment_id: z.string() })),
  /** Land that waits for a visit: listed as 核查中 and not visited, or returned; nearest first when a parcel is named. */
  waiting: procedure
    .input(
      pageSchema.extend({
        unit: z.string().nullable().default(null),
        near: idSchema.optional(),
      }),
    )
    .output(
      z.object({
        total: z.number(),
        rows: z.array(
          z.object({
            parcel_id: z.string(),
            code: z.string(),
            enterprise_name: z.string(),
            unit: z.string().nullable(),
            status: z.enum(codesOf('visit_status')).nullable(),
          }),
        ),
      }),
    ),
}
