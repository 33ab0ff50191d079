/** Comparing versions of the development boundary, and the lists that a person has to look through (domain §4, §11.7 no. 11). */
import { z } from 'zod'
import { idSchema, job, pageSchema, procedure, sideSchema } from './base.ts'
import { boundarySummarySchema } from './survey.ts'

export const comparisonSchema = z.object({
  from: boundarySummarySchema,
  to: boundarySummarySchema,
  /** Every pair of sides that occurs, parcels that stay included; areas raw m². */
  cells: z.array(z.object({ from: sideSchema, to: sideSchema, parcels: z.number(), area_m2: z.number() })),
  /** Sum of the areas inside under each version, and of all parcels that both versions could judge, raw m². */
  from_in_m2: z.number(),
  to_in_m2: z.number(),
  area_m2: z.number(),
  /** Parcels whose side differs, largest first, at most 2,000 of `flipped`. */
  rows: z.array(
    z.object({
      id: z.string(),
      pk: z.number(),
      code: z.string(),
      name: z.string().nullable(),
      unit: z.string().nullable(),
      area_m2: z.number(),
      from_side: sideSchema,
      to_side: sideSchema,
      from_in_m2: z.number(),
      to_in_m2: z.number(),
    }),
  ),
  flipped: z.number(),
  seconds: z.number(),
})
export type BoundaryComparison = z.infer<typeof comparisonSchema>

/**
 * What has to be looked through: parcels on the line; marks that differ from the computed side; parcels in sub-zones where
 * extension may not be allowed; parcels on farmland or inside ecological red lines.
 */
export const REVIEW_LISTS = ['crossing', 'disagree', 'subzone', 'constraint'] as const
export const reviewListSchema = z.enum(REVIEW_LISTS)
export type ReviewList = z.infer<typeof reviewListSchema>

export const reviewRowSchema = z.object({
  id: z.string(),
  rev: z.number(),
  pk: z.number(),
  code: z.string(),
  name: z.string().nullable(),
  unit: z.string().nullable(),
  area_m2: z.number(),
  area_in_m2: z.number().nullable(),
  area_out_m2: z.number().nullable(),
  inside_share: z.number().nullable(),
  side: sideSchema,
  side_marked: sideSchema.nullable(),
  side_mark_reason: z.string().nullable(),
  side_mark_note: z.string().nullable(),
  boundary_opinion: z.string().nullable(),
  subzones: z.array(z.string()),
  overlap_farmland_m2: z.number().nullable(),
  overlap_eco_m2: z.number().nullable(),
})
export type ReviewRow = z.infer<typeof reviewRowSchema>

export const boundaryReviewContract = {
  /** Layers beside the boundary, newest first: farmland, ecological red lines, barriers. */
  layers: procedure.output(
    z.array(boundarySummarySchema.extend({ kind: z.string(), import_batch: z.string().nullable() })),
  ),
  /** Judges all parcels by both versions, as they lie now, and says what differs. Changes neither's status. */
  compare: procedure.input(z.object({ from: idSchema, to: idSchema })).output(job(comparisonSchema)),
  review: procedure
    .input(
      pageSchema.extend({ list: reviewListSchema, unit: z.string().optional(), undecided: z.boolean().default(false) }),
    )
    .output(
      z.object({
        rows: z.array(reviewRowSchema),
        total: z.number(),
        /** Of every list, in the unit asked for. */
        counts: z.record(reviewListSchema, z.number()),
      }),
    ),
}
