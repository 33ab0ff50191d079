/** Parcels, their side, their enterprises: lists, details and the edits of the map workbench. */
import { z } from 'zod'
import { codesOf } from '../model/enumerations.ts'
import {
  boxSchema,
  idSchema,
  pageSchema,
  polygonalSchema,
  procedure,
  reasonSchema,
  recordSchema,
  savedSchema,
  sideSchema,
  sortSchema,
  valuesSchema,
} from './base.ts'
import { figureSchema } from './dashboard.ts'
import { parcelEditsContract } from './parcel-edits.ts'

export const parcelFilterSchema = z.object({
  /** Code, name, location, enterprise name or pinyin initials. */
  text: z.string().max(200).optional(),
  units: z.array(z.string()).optional(),
  sides: z.array(sideSchema).optional(),
  states: z.array(z.string()).optional(),
  /** Class of the enterprise on the parcel; the empty code: not rated. */
  classes: z.array(z.string()).optional(),
  /** Bands of 亩均税收 (`TAX_CODES`); the empty code: unknown. */
  taxes: z.array(z.string()).optional(),
  /** Years of remediation (`YEAR_CODES`); the empty code: none. */
  years: z.array(z.string()).optional(),
  /** Where the freed land on the parcel stands (`FREED_CODES`); the empty code: not in the ledger. */
  freed: z.array(z.string()).optional(),
  /** Parcels behind a figure of the dashboard. */
  figure: figureSchema.optional(),
  zone_id: idSchema.optional(),
  batch: idSchema.optional(),
  /** Only where the mark and the computed side differ. */
  side_disagrees: z.boolean().optional(),
  unmarked: z.boolean().optional(),
  min_area_m2: z.number().optional(),
  max_area_m2: z.number().optional(),
  box: boxSchema.optional(),
})
export type ParcelFilter = z.infer<typeof parcelFilterSchema>

export const parcelRowSchema = z.object({
  pk: z.number(),
  id: z.string(),
  rev: z.number(),
  code: z.string(),
  name: z.string().nullable(),
  unit: z.string().nullable(),
  town: z.string().nullable(),
  location: z.string().nullable(),
  area_m2: z.number(),
  side: sideSchema,
  side_marked: z.string().nullable(),
  inside_share: z.number().nullable(),
  area_in_m2: z.number().nullable(),
  area_out_m2: z.number().nullable(),
  state: z.string().nullable(),
  zone_code: z.string().nullable(),
  enterprises: z.string().nullable(),
  updated_at: z.string(),
  updated_by: z.string(),
})
export type ParcelRow = z.infer<typeof parcelRowSchema>

export const occupantSchema = z.object({
  occupancy_id: z.string(),
  role: z.string(),
  used_area_m2: z.number().nullable(),
  enterprise: z.object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    uscc: z.string().nullable(),
    op_status: z.string().nullable(),
    state: z.string().nullable(),
  }),
})

export const planSummarySchema = z.object({
  id: z.string(),
  code: z.string(),
  year: z.number(),
  version: z.number(),
  status: z.string(),
  route: z.string(),
  due_date: z.string().nullable(),
  enterprise_id: z.string(),
  enterprise_name: z.string(),
  unit: z.string().nullable(),
  measures: z.string(),
  freed_mu: z.number().nullable(),
  /** All its measures are done, or its enterprise is closed or off the list. */
  finished: z.boolean(),
})

export const parcelDetailSchema = z.object({
  record: recordSchema,
  geometry: polygonalSchema,
  box: boxSchema,
  enterprises: z.array(occupantSchema),
  plans: z.array(planSummarySchema),
  zones: z.array(z.object({ id: z.string(), code: z.string(), name: z.string(), year: z.number() })),
})
export type ParcelDetail = z.infer<typeof parcelDetailSchema>

export const parcelsContract = {
  ...parcelEditsContract,
  list: procedure
    .input(pageSchema.extend({ filter: parcelFilterSchema.default({}), sort: sortSchema }))
    .output(z.object({ rows: z.array(parcelRowSchema), total: z.number(), area_m2: z.number() })),
  /** Local keys of all that match, as tiles hold them, for the map to show just these. */
  keys: procedure.input(z.object({ filter: parcelFilterSchema })).output(z.object({ pks: z.array(z.number()) })),
  /** Outlines of many parcels, in no order; those that are gone are left out. */
  outlines: procedure
    .input(z.object({ ids: z.array(idSchema).max(2000) }))
    .output(z.array(z.object({ id: z.string(), geometry: polygonalSchema }))),
  /** By id, by local key (from tiles) or by official code. */
  detail: procedure
    .input(z.object({ id: idSchema.optional(), pk: z.number().int().optional(), code: z.string().optional() }))
    .output(parcelDetailSchema),
  /** The parcel at a place, the smallest first when several overlap. */
  at: procedure
    .input(z.object({ lng: z.number(), lat: z.number() }))
    .output(z.array(z.object({ id: z.string(), pk: z.number(), code: z.string() }))),
  proposeCode: procedure.input(z.object({ unit: z.string().nullable() })).output(z.object({ code: z.string() })),
  /** `values.code` is proposed when left out, `values.unit` taken from the place or the profile. */
  create: procedure
    .input(
      z.object({
        geometry: polygonalSchema,
        values: valuesSchema.default({}),
        reason: reasonSchema,
        allow_overlap: z.boolean().default(false),
      }),
    )
    .output(savedSchema),
  /** Null clears the mark. A mark that differs from the computed side needs a reason. */
  markSide: procedure
    .input(
      z.object({
        id: idSchema,
        base_rev: z.number().int(),
        side: z.enum(codesOf('side_mark')).nullable(),
        reason: z.string().nullable().default(null),
        note: z.string().max(400).nullable().default(null),
      }),
    )
    .output(savedSchema),
  link: procedure
    .input(
      z.object({
        parcel_id: idSchema,
        enterprise_id: idSchema,
        role: z.enum(codesOf('occupancy_role')),
        used_area_m2: z.number().min(0).nullable().default(null),
      }),
    )
    .output(savedSchema),
  unlink: procedure.input(z.object({ occupancy_id: idSchema })).output(savedSchema),
}
