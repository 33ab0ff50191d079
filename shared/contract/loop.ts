/** The closed loop (domain §11.4): steps of list entries, their checklists, worklists, and what counts. */
import { z } from 'zod'
import { ENTITY_NAMES } from '../model/entity.ts'
import { codesOf } from '../model/enumerations.ts'
import { idSchema, pageSchema, procedure, reasonSchema, recordSchema, savedSchema } from './base.ts'

const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const stateSchema = z.enum(codesOf('state'))

export const countTotalsSchema = z.object({
  enterprises: z.number(),
  land_m2: z.number(),
  reclaimed_m2: z.number(),
  upgraded_m2: z.number(),
  energy_tce: z.number().nullable(),
  rebounds: z.number(),
})

export const countEventSchema = z.object({
  on: z.string(),
  unit: z.string().nullable(),
  enterprise_id: z.string(),
  entry_id: z.string(),
  what: z.enum(['enterprise', 'land', 'energy']),
  amount: z.number().nullable(),
  parcel_id: z.string().nullable(),
  basis: z.string(),
  use: z.enum(['reclaimed', 'upgraded']).nullable(),
  record_id: z.string().nullable(),
})

/** What a step lacks: key of the UI catalogue (`loop.missing.<key>`), values, and where to put it right. */
export const missingSchema = z.object({
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  place: z.object({ entity: z.string(), id: z.string().optional(), field: z.string().optional() }),
})
export type LoopMissing = z.infer<typeof missingSchema>

export const loopStepSchema = z.object({
  step: z.string(),
  to: stateSchema,
  /** Fields that are said with the step. */
  inputs: z.array(z.string()),
  /** Why this person may not take it (`loop.not_yours.<key>`); null when they may. */
  not_yours: z.string().nullable(),
  missing: z.array(missingSchema),
})
export type LoopStep = z.infer<typeof loopStepSchema>

export const loopDetailSchema = z.object({
  /** Null while the enterprise is on no list. */
  entry: recordSchema.nullable(),
  next: z.array(loopStepSchema),
  /** Newest first. */
  history: z.array(recordSchema),
  /** What the state claims and its records do not prove. */
  problems: z.array(missingSchema),
  plan: recordSchema.nullable(),
  checks: z.array(recordSchema),
  approvals: z.array(recordSchema),
  acceptances: z.array(recordSchema),
  look_backs: z.array(recordSchema),
  visits: z.array(recordSchema),
})
export type LoopDetail = z.infer<typeof loopDetailSchema>

export const loopRowSchema = z.object({
  enterprise_id: z.string(),
  code: z.string(),
  name: z.string(),
  unit: z.string().nullable(),
  state: stateSchema,
  list_year: z.number().nullable(),
  batch: z.string().nullable(),
  due_date: z.string().nullable(),
  /** Day of the newest step, or null. */
  since: z.string().nullable(),
  next: z.array(loopStepSchema.pick({ step: true, to: true, not_yours: true }).extend({ missing: z.number() })),
})
export type LoopRow = z.infer<typeof loopRowSchema>

export const WORK_LISTS = ['my_drafts', 'missing_evidence', 'overdue', 'to_review', 'look_back', 'unproved'] as const

export const workItemSchema = z.object({
  entity: z.enum(['enterprise', 'plan']),
  id: z.string(),
  enterprise_id: z.string(),
  title: z.string(),
  unit: z.string().nullable(),
  state: z.string().nullable(),
  plan_status: z.string().nullable(),
  due: z.string().nullable(),
  missing: z.array(missingSchema),
})

export const loopContract = {
  detail: procedure.input(z.object({ enterprise_id: idSchema })).output(loopDetailSchema),
  /** Entries of the list; `mine` keeps the states in which a step waits for this person. Counts are of all states. */
  list: procedure
    .input(
      pageSchema.extend({
        states: z.array(stateSchema).optional(),
        mine: z.boolean().default(false),
        units: z.array(z.string()).optional(),
        text: z.string().max(200).optional(),
      }),
    )
    .output(
      z.object({
        rows: z.array(loopRowSchema),
        total: z.number(),
        counts: z.array(z.object({ state: stateSchema, count: z.number() })),
      }),
    ),
  /** One step for one or many enterprises, as one edit: all or none. */
  take: procedure
    .input(
      z.object({
        step: z.string().max(40),
        enterprise_ids: z.array(idSchema).min(1).max(2000),
        values: z.record(z.string(), z.union([z.string().max(400), z.number(), z.null()])).default({}),
        reason: reasonSchema,
      }),
    )
    .output(z.object({ edit: z.string(), done: z.number() })),
  /** The opinion of the own department on a plan in review. */
  opinion: procedure
    .input(
      z.object({
        plan_id: idSchema,
        department: z.enum(codesOf('department')).optional(),
        decision: z.enum(codesOf('approval_decision')),
        reason: reasonSchema,
      }),
    )
    .output(savedSchema),
  /** Live records of an entity; with `field` and `id` those that point at one record. */
  related: procedure
    .input(
      pageSchema.extend({
        entity: z.enum(ENTITY_NAMES),
        field: z.string().max(60).optional(),
        id: idSchema.optional(),
        text: z.string().max(200).optional(),
      }),
    )
    .output(
      /** `names`: codes or names of the records that the rows point at, by id. */
      z.object({ rows: z.array(recordSchema), total: z.number(), names: z.record(z.string(), z.string()) }),
    ),
  work: procedure
    .input(z.object({ list: z.enum(WORK_LISTS), unit: z.string().nullable(), limit: z.number().int().min(1).max(500) }))
    .output(z.object({ total: z.number(), items: z.array(workItemSchema) })),
  /** Files that were written, newest first. */
  exported: procedure.input(z.object({ limit: z.number().int().min(1).max(1000).default(200) })).output(
    z.array(
      z.object({
        kind: z.string(),
        file: z.string(),
        sha256: z.string(),
        records: z.number(),
        user: z.string(),
        at: z.string(),
      }),
    ),
  ),
  /** What was counted from one day to another, by unit (null: without one), with the events that make it up. */
  totals: procedure.input(z.object({ from: daySchema, to: daySchema })).output(
    z.object({
      total: countTotalsSchema,
      units: z.array(z.object({ unit: z.string().nullable(), totals: countTotalsSchema })),
      events: z.array(countEventSchema),
    }),
  ),
}
