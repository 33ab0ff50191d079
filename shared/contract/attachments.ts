/** Photos: taken in with their position, proposed to parcels, described, listed. Their bytes travel outside the RPC (`assets.ts`). */
import { z } from 'zod'
import { codesOf } from '../model/enumerations.ts'
import { boxSchema, idSchema, job, procedure, reasonSchema } from './base.ts'

/** Larger originals are not sent to the window: it would hold hundreds of megabytes to show what a thumbnail shows. */
export const MOST_SHOWN_BYTES = 64 * 1024 ** 2

export const stageSchema = z.enum(codesOf('photo_stage'))
export const attachmentKindSchema = z.enum(codesOf('attachment_kind'))
const ownerEntitySchema = z.enum(['parcel', 'enterprise', 'survey_visit', 'plan', 'zone', 'idle_case', 'acceptance'])

export const ownerSchema = z.object({ entity: ownerEntitySchema, id: idSchema })

export const attachmentSchema = z.object({
  id: z.string(),
  rev: z.number(),
  sha256: z.string(),
  file_name: z.string(),
  mime: z.string().nullable(),
  size: z.number().nullable(),
  kind: z.string().nullable(),
  stage: z.string().nullable(),
  caption: z.string().nullable(),
  /** Local time of the camera; with offset only when the camera knew it. */
  taken_at: z.string().nullable(),
  /** WGS 84 degrees; null when the photo has no usable position. */
  longitude: z.number().nullable(),
  latitude: z.number().nullable(),
  /** Degrees clockwise from north into which the camera looked. */
  azimuth: z.number().nullable(),
  owner_entity: z.string().nullable(),
  owner_id: z.string().nullable(),
  /** Code of the owner, or its name when it has none. */
  owner_name: z.string().nullable(),
  created_by: z.string(),
  created_at: z.string(),
  /** The original is not in the survey's folder any more. */
  missing: z.boolean(),
})
export type Attachment = z.infer<typeof attachmentSchema>

export const proposalSchema = z.object({
  parcel_id: z.string(),
  code: z.string(),
  name: z.string().nullable(),
  /** 0 when the photo was taken inside. */
  distance_m: z.number(),
})
export type Proposal = z.infer<typeof proposalSchema>

export const addedPhotoSchema = z.object({
  attachment: attachmentSchema,
  /** `broken`: the photo names a position that cannot be one (0/0, out of range, not a number). */
  position: z.enum(['placed', 'none', 'broken']),
  /** `none`: no picture can be shown of it here (HEIC without a preview); the original is kept all the same. */
  preview: z.enum(['thumbnail', 'embedded', 'none']),
  /** It was there already; nothing was added. */
  duplicate: z.boolean(),
  /** Nearest first, at most five, none farther than 50 m. */
  proposals: z.array(proposalSchema),
})
export type AddedPhoto = z.infer<typeof addedPhotoSchema>

export const addPhotosResultSchema = z.object({
  photos: z.array(addedPhotoSchema),
  refused: z.array(
    z.object({ file_name: z.string(), code: z.string(), reason: z.string().nullable(), message: z.string() }),
  ),
  edit: z.string().nullable(),
})
export type AddPhotosResult = z.infer<typeof addPhotosResultSchema>

/** What a person may say about a photo; left out means unchanged, null clears. */
export const photoValuesSchema = z.object({
  owner: ownerSchema.nullable().optional(),
  kind: attachmentKindSchema.nullable().optional(),
  stage: stageSchema.nullable().optional(),
  caption: z.string().max(400).nullable().optional(),
})

export const attachmentsContract = {
  /** Takes files in: originals are copied and on disk before the records are committed, all in one undoable edit. */
  add: procedure
    .input(
      z.object({
        /** Paths or upload tokens. */
        files: z.array(z.string().min(1)).min(1).max(1000),
        owner: ownerSchema.optional(),
        kind: attachmentKindSchema.optional(),
        stage: stageSchema.optional(),
      }),
    )
    .output(job(addPhotosResultSchema)),
  list: procedure
    .input(
      z.object({
        owner: ownerSchema.optional(),
        /** Only photos without an owner. */
        unassigned: z.boolean().optional(),
        /** Only photos placed in this box. */
        box: boxSchema.optional(),
        limit: z.number().int().min(1).max(20_000).default(1000),
      }),
    )
    .output(z.object({ rows: z.array(attachmentSchema), total: z.number() })),
  one: procedure.input(z.object({ id: idSchema })).output(attachmentSchema),
  /** Parcels that a placed photo probably shows. */
  propose: procedure.input(z.object({ id: idSchema })).output(z.array(proposalSchema)),
  /** Says what photos show: owner, stage, kind, caption; several in one edit. */
  describe: procedure
    .input(
      z.object({
        items: z
          .array(z.object({ id: idSchema, values: photoValuesSchema }))
          .min(1)
          .max(1000),
      }),
    )
    .output(z.object({ changed: z.number(), edit: z.string() })),
  remove: procedure
    .input(z.object({ ids: z.array(idSchema).min(1).max(1000), reason: reasonSchema }))
    .output(z.object({ removed: z.number(), edit: z.string() })),
}
