/** 可供地清单: freed land with the record that proves it and the project that takes it; proposals from the closed loop. */
import { z } from 'zod'
import { codesOf } from '../model/enumerations.ts'
import { idSchema, job, pageSchema, procedure, sideSchema, sortSchema } from './base.ts'

/** `proposed` is what the records prove and the ledger does not hold yet. */
export const FREED_STATUSES = ['proposed', ...codesOf('supply_status')] as const

export const freedFilterSchema = z.object({
  /** Parcel code or name, place, project, investor, enterprise. */
  text: z.string().max(200).optional(),
  statuses: z.array(z.enum(FREED_STATUSES)).optional(),
  sources: z.array(z.enum(codesOf('freed_source'))).optional(),
  conditions: z.array(z.enum(codesOf('land_condition'))).optional(),
  sides: z.array(sideSchema).optional(),
  units: z.array(z.string()).optional(),
  /** Year in which the land is available. */
  year: z.number().int().optional(),
  problems: z.boolean().optional(),
})
export type FreedFilter = z.infer<typeof freedFilterSchema>

/** What is wrong with a row (`freed.problem.<key>`). */
export const FREED_PROBLEMS = [
  'evidence_gone',
  'evidence_less',
  'area_over',
  'parcel_gone',
  'parcel_divided',
  'nodes_order',
  'recorded_twice',
] as const

export const freedRowSchema = z.object({
  key: z.string(),
  /** Null: proposed. */
  id: z.string().nullable(),
  rev: z.number(),
  status: z.enum(FREED_STATUSES),
  source: z.enum(codesOf('freed_source')),
  source_entity: z.string().nullable(),
  source_id: z.string().nullable(),
  parcel_id: z.string(),
  parcel_code: z.string(),
  parcel_name: z.string().nullable(),
  /** Live parcels of today that this land is: itself, or the parts it was divided into. */
  parcel_pks: z.array(z.number()),
  unit: z.string().nullable(),
  location: z.string().nullable(),
  enterprise_id: z.string().nullable(),
  enterprise: z.string().nullable(),
  area_m2: z.number().nullable(),
  side: sideSchema,
  subzones: z.array(z.string()),
  plan_use: z.string().nullable(),
  condition: z.string().nullable(),
  available_on: z.string().nullable(),
  project_name: z.string().nullable(),
  investor: z.string().nullable(),
  investment: z.number().nullable(),
  signed_on: z.string().nullable(),
  supplied_on: z.string().nullable(),
  started_on: z.string().nullable(),
  completed_on: z.string().nullable(),
  production_on: z.string().nullable(),
  withdrawn: z.boolean(),
  remark: z.string().nullable(),
  problems: z.array(z.enum(FREED_PROBLEMS)),
})
export type FreedRow = z.infer<typeof freedRowSchema>

export const freedKeptSchema = z.object({
  id: z.string(),
  edit: z.string(),
  removed: z.array(z.string()),
  /** Fields that were empty and came from the others. */
  taken: z.array(z.string()),
  /** Fields in which another row said something else; what it said is in the history. */
  lost: z.array(z.string()),
})
export type FreedKept = z.infer<typeof freedKeptSchema>

export const freedContract = {
  list: procedure.input(pageSchema.extend({ filter: freedFilterSchema.default({}), sort: sortSchema })).output(
    z.object({
      rows: z.array(freedRowSchema),
      total: z.number(),
      area_m2: z.number(),
      /** By status, under the other filters. */
      counts: z.array(z.object({ status: z.enum(FREED_STATUSES), count: z.number(), area_m2: z.number() })),
      years: z.array(z.number()),
      /** Land of imported closings of which the parcels are not known: counted, but nothing can be proposed, m². */
      unplaced_m2: z.number(),
    }),
  ),
  /** Takes proposals into the ledger, as one step; without keys all of them. Keys that no longer stand are left out. */
  accept: procedure
    .input(z.object({ keys: z.array(z.string().max(200)).max(20_000).optional() }))
    .output(z.object({ edit: z.string().nullable(), created: z.number(), ids: z.array(z.string()) })),
  /** Of several rows for the same land by the same evidence this one stays and takes over what only the others say; one step. */
  keepOne: procedure.input(z.object({ id: idSchema })).output(freedKeptSchema),
  report: procedure
    .input(
      z.object({
        out: z.string().optional(),
        formats: z
          .array(z.enum(['xlsx', 'pdf', 'docx']))
          .min(1)
          .default(['xlsx']),
        filter: freedFilterSchema.default({}),
        /** Only these rows of what the filter lets through. */
        keys: z.array(z.string().max(200)).max(20_000).optional(),
      }),
    )
    .output(job(z.object({ files: z.array(z.string()), written: z.number(), seconds: z.number() }))),
}
