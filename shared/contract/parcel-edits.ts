/** Edits that change the outlines of several parcels in one step of undo: reshape, split, merge, cut out; and their previews. */
import { z } from 'zod'
import { boxSchema, idSchema, polygonalSchema, procedure, reasonSchema, sideSchema } from './base.ts'

/** A parcel with the revision that the person saw; refused when its outline has been changed since. */
const parcelAtRevisionSchema = z.object({ id: idSchema, base_rev: z.number().int() })

/** lng/lat degrees. */
const positionSchema = z.tuple([z.number(), z.number()])

const defectSchema = z.object({ kind: z.string(), lng: z.number(), lat: z.number(), breaking: z.boolean() })

export const geometryPreviewSchema = z.object({
  /** Ellipsoidal area of all outlines together. */
  area_m2: z.number(),
  outlines: z.array(
    z.object({
      id: z.string().nullable(),
      area_m2: z.number(),
      perimeter_m: z.number(),
      defects: z.array(defectSchema),
      side: sideSchema,
      inside_share: z.number().nullable(),
      unit: z.string().nullable(),
    }),
  ),
  /** `outline` is the index above; `id` and `code` name the stored parcel (or other outline) that it overlaps. */
  overlaps: z.array(
    z.object({ outline: z.number().int(), id: z.string().nullable(), code: z.string(), area_m2: z.number() }),
  ),
})

export const editedParcelsSchema = z.object({
  /** Null for a preview (`dry_run`). */
  edit: z.string().nullable(),
  /** Parcels as they are after the edit; of a preview the shapes that it would make, `rev` 0 and no side. */
  parcels: z.array(
    z.object({
      id: z.string().nullable(),
      code: z.string(),
      rev: z.number(),
      area_m2: z.number(),
      side: z.string().optional(),
      geometry: polygonalSchema,
    }),
  ),
  removed: z.array(z.object({ id: z.string(), code: z.string() })),
})
export type EditedParcels = z.infer<typeof editedParcelsSchema>

const dryRun = { dry_run: z.boolean().default(false), reason: reasonSchema }

export const parcelEditsContract = {
  /** What outlines would mean if they were saved in one edit: defects, overlaps with the survey and each other, area, side. */
  previewGeometry: procedure
    .input(
      z.object({
        outlines: z
          .array(z.object({ id: idSchema.optional(), geometry: polygonalSchema }))
          .min(1)
          .max(200),
      }),
    )
    .output(geometryPreviewSchema),
  /**
   * Stored outlines at full precision for snapping, the nearest first: those that meet a box, or (`of`) those round a
   * parcel that its corners are shared with.
   */
  neighbours: procedure
    .input(
      z
        .object({
          box: boxSchema.optional(),
          of: idSchema.optional(),
          exclude_id: idSchema.optional(),
          limit: z.number().int().min(1).max(500).default(200),
        })
        .refine(input => (input.box === undefined) !== (input.of === undefined), 'either box or of'),
    )
    .output(
      z.array(
        z.object({ id: z.string(), pk: z.number(), rev: z.number(), code: z.string(), geometry: polygonalSchema }),
      ),
    ),
  /** New outlines of parcels. Neighbours get a corner wherever an outline now touches their edges. */
  reshape: procedure
    .input(
      z.object({
        parcels: z
          .array(parcelAtRevisionSchema.extend({ geometry: polygonalSchema }))
          .min(1)
          .max(200),
        /** Key of the UI catalogue (`edit.<label>`), when the gesture has a name of its own. */
        label: z.string().max(60).optional(),
        /** For the words of the label, such as the corner's number. */
        label_values: z.record(z.string(), z.string().max(60)).default({}),
        reason: reasonSchema,
        allow_overlap: z.boolean().default(false),
      }),
    )
    .output(editedParcelsSchema),
  /** Parts `CODE-1`, `CODE-2` … on either side of a line, the largest first; the parent is kept as removed. */
  split: procedure
    .input(parcelAtRevisionSchema.extend({ line: z.array(positionSchema).min(2).max(5000), ...dryRun }))
    .output(editedParcelsSchema),
  /** `CODE-1` inside the active development boundary, `CODE-2` outside it. */
  splitAtBoundary: procedure.input(parcelAtRevisionSchema.extend(dryRun)).output(editedParcelsSchema),
  /** The first parcel stays and gets the land of all. Parcels that do not touch become parts of it. */
  merge: procedure
    .input(z.object({ parcels: z.array(parcelAtRevisionSchema).min(2).max(100), ...dryRun }))
    .output(editedParcelsSchema),
  /** Takes overlaps away: the parcel gives way to its neighbours, or they to it. */
  cutOut: procedure
    .input(parcelAtRevisionSchema.extend({ gives_way: z.enum(['parcel', 'neighbours']), ...dryRun }))
    .output(editedParcelsSchema),
}
