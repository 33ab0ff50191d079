/** Enterprises with yearly figures. */
import { z } from 'zod'
import {
  idSchema,
  pageSchema,
  procedure,
  reasonSchema,
  recordSchema,
  savedSchema,
  sortSchema,
  valuesSchema,
} from './base.ts'
import { planSummarySchema } from './parcels.ts'

export const enterpriseFilterSchema = z.object({
  /** Name, former name, credit code, code or pinyin initials. */
  text: z.string().max(200).optional(),
  units: z.array(z.string()).optional(),
  states: z.array(z.string()).optional(),
  classes: z.array(z.string()).optional(),
  in_park: z.boolean().optional(),
  without_parcel: z.boolean().optional(),
  without_plan: z.boolean().optional(),
  /** Figures of the year that contradict each other, or cells that could not be read. */
  doubtful: z.boolean().optional(),
  /** Figures shown and sorted by are those of this year; default the latest with data. */
  year: z.number().int().optional(),
})

export type EnterpriseFilterInput = z.infer<typeof enterpriseFilterSchema>

export const enterpriseRowSchema = z.object({
  id: z.string(),
  rev: z.number(),
  code: z.string(),
  name: z.string(),
  uscc: z.string().nullable(),
  unit: z.string().nullable(),
  op_status: z.string().nullable(),
  in_park: z.boolean().nullable(),
  state: z.string().nullable(),
  year: z.number().nullable(),
  scale: z.string().nullable(),
  /** The published class; while there is none the computed one. */
  class: z.string().nullable(),
  class_source: z.enum(['published', 'computed']).nullable(),
  score: z.number().nullable(),
  land_mu_actual: z.number().nullable(),
  tax: z.number().nullable(),
  energy_tce: z.number().nullable(),
  /** 万元/亩; null when tax or land is unknown or land is 0. */
  tax_per_mu: z.number().nullable(),
  parcels: z.number(),
  plan_status: z.string().nullable(),
  updated_at: z.string(),
})
export type EnterpriseRow = z.infer<typeof enterpriseRowSchema>

export const enterpriseDetailSchema = z.object({
  record: recordSchema,
  /** Newest first; each with the derived indicators of domain §11.5 beside the stored fields. */
  years: z.array(recordSchema),
  parcels: z.array(
    z.object({
      occupancy_id: z.string(),
      role: z.string(),
      used_area_m2: z.number().nullable(),
      parcel: z.object({
        id: z.string(),
        pk: z.number(),
        code: z.string(),
        area_m2: z.number(),
        side: z.string(),
        unit: z.string().nullable(),
      }),
    }),
  ),
  /** Land of its parcels by the map, 亩; null without parcels, and where others use one of them and nobody said how much. */
  mapped_mu: z.number().nullable(),
  plans: z.array(planSummarySchema),
})
export type EnterpriseDetail = z.infer<typeof enterpriseDetailSchema>

const groupRatioSchema = z.object({
  value: z.number().nullable(),
  /** Enterprises in the ratio, and those left out because a figure is unknown. */
  counted: z.number(),
  missing: z.number(),
})

export const enterpriseGroupsSchema = z.object({
  year: z.number().nullable(),
  by: z.enum(['all', 'unit', 'industry', 'class', 'scale']),
  /** tCO₂/tce of the campaign. */
  carbon_factor: z.number().nullable(),
  rows: z.array(
    z.object({
      /** Null: not known. */
      key: z.string().nullable(),
      enterprises: z.number(),
      with_figures: z.number(),
      land_mu: z.number().nullable(),
      tax: z.number().nullable(),
      value_added: z.number().nullable(),
      energy_tce: z.number().nullable(),
      co2_t: z.number().nullable(),
      ratios: z.object({
        tax_per_mu: groupRatioSchema,
        va_per_mu: groupRatioSchema,
        energy_intensity: groupRatioSchema,
        labour_productivity: groupRatioSchema,
      }),
    }),
  ),
})
export type EnterpriseGroups = z.infer<typeof enterpriseGroupsSchema>

export const enterprisesContract = {
  list: procedure
    .input(pageSchema.extend({ filter: enterpriseFilterSchema.default({}), sort: sortSchema }))
    .output(z.object({ rows: z.array(enterpriseRowSchema), total: z.number(), years: z.array(z.number()) })),
  /** Sums and Σ/Σ ratios of what a filter lets through, in one or by groups. */
  groups: procedure
    .input(z.object({ filter: enterpriseFilterSchema.default({}), by: enterpriseGroupsSchema.shape.by.default('all') }))
    .output(enterpriseGroupsSchema),
  detail: procedure
    .input(z.object({ id: idSchema.optional(), code: z.string().optional() }))
    .output(enterpriseDetailSchema),
  create: procedure
    .input(z.object({ values: valuesSchema, parcel_id: idSchema.optional(), reason: reasonSchema }))
    .output(savedSchema),
  /** Inserts or updates the figures of one year. */
  saveYear: procedure
    .input(
      z.object({
        enterprise_id: idSchema,
        year: z.number().int(),
        base_rev: z.number().int().nullable(),
        values: valuesSchema,
        reason: reasonSchema,
      }),
    )
    .output(savedSchema),
}
