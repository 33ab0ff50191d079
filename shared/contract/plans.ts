/** One plan with measures per enterprise (一企一策): writing, filling, handing in, reviewing, versions, templates. */
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

export const planDetailSchema = z.object({
  record: recordSchema,
  enterprise: z.object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    uscc: z.string().nullable(),
    unit: z.string().nullable(),
  }),
  measures: z.array(recordSchema),
  milestones: z.array(recordSchema),
  parcels: z.array(
    z.object({
      id: z.string(),
      code: z.string(),
      area_m2: z.number(),
      side: z.string(),
      area_in_m2: z.number().nullable(),
      area_out_m2: z.number().nullable(),
    }),
  ),
  /** Route that the parcels' side suggests: outside → EXIT_RECLAIM, inside → UPGRADE, crossing or both → MIXED. */
  default_route: z.string().nullable(),
  /** What is still missing before the plan can be submitted: field to jump to and key of the UI catalogue (`plan.missing.<key>`). */
  missing: z.array(z.object({ field: z.string(), key: z.string() })),
  /** What contradicts itself, its land or its list (`plan.remark.<key>`): said, not refused. */
  remarks: z.array(
    z.object({
      key: z.string(),
      field: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    }),
  ),
  /** Per measure, in order: the evidence of §11.4 and whether it is there; null while the enterprise is on no list. */
  evidence: z.array(
    z.object({
      row: z.number(),
      type: z.string(),
      items: z.array(z.object({ item: z.string(), place: z.string(), done: z.boolean().nullable() })),
    }),
  ),
  forecast: z.array(
    z.object({
      key: z.enum(['freed_mu', 'freed_tce', 'co2', 'new_tax']),
      value: z.number().nullable(),
      stated: z.number().nullable(),
      formula: z.string(),
      terms: z.array(
        z.object({
          name: z.string(),
          value: z.number().nullable(),
          unit: z.string(),
          type: z.string().optional(),
          row: z.number().optional(),
        }),
      ),
    }),
  ),
  /** The entry of the list that the plan belongs to; null while the enterprise is on none. */
  entry: z.object({ state: z.string(), list_year: z.number().nullable() }).nullable(),
  /** A newer version of the plan of this year. */
  newest: z.boolean(),
  /** Other plans of the enterprise that this one can be filled from or compared with, newest first. */
  others: z.array(
    z.object({ id: z.string(), code: z.string(), year: z.number(), version: z.number(), status: z.string() }),
  ),
})
export type PlanDetail = z.infer<typeof planDetailSchema>

export const plansContract = {
  list: procedure
    .input(
      pageSchema.extend({
        text: z.string().optional(),
        units: z.array(z.string()).optional(),
        statuses: z.array(z.string()).optional(),
        year: z.number().int().optional(),
        sort: sortSchema,
      }),
    )
    .output(z.object({ rows: z.array(planSummarySchema), total: z.number() })),
  detail: procedure.input(z.object({ id: idSchema })).output(planDetailSchema),
  /**
   * New plan with the baseline copied and frozen, parcels of the enterprise and the default route; the live draft if there is
   * one. The next version begins as a copy of the newest; `new_version` asks for one also where a returned plan lies open.
   */
  draft: procedure
    .input(
      z.object({
        enterprise_id: idSchema,
        year: z.number().int().optional(),
        new_version: z.boolean().optional(),
      }),
    )
    .output(savedSchema),
  /** Fields, measures and milestones in one edit. Rows without `id` are new, rows left out are removed. */
  save: procedure
    .input(
      z.object({
        id: idSchema,
        base_rev: z.number().int(),
        values: valuesSchema,
        measures: z.array(valuesSchema).optional(),
        milestones: z.array(valuesSchema).optional(),
        reason: reasonSchema,
      }),
    )
    .output(savedSchema),
  /** Fills blanks and missing rows of a draft from another plan or a template; what is written there stays. One step. */
  fill: procedure
    .input(
      z.object({
        id: idSchema,
        base_rev: z.number().int(),
        from: z.union([z.object({ plan_id: idSchema }), z.object({ template_id: idSchema })]),
      }),
    )
    .output(savedSchema.extend({ filled: z.number() })),
  /** Hands the plan in: the entry of the list goes from 列入清单 to 方案待审 with it (§11.4), or a changed plan is put up for review. */
  submit: procedure.input(z.object({ id: idSchema })).output(z.object({ edit: z.string() })),
  /** Approves or returns (with a reason); the entry goes with it. */
  review: procedure
    .input(z.object({ id: idSchema, decision: z.enum(['approve', 'return']), reason: reasonSchema }))
    .output(z.object({ edit: z.string() })),
  /** All versions of the plans of an enterprise with who wrote them last, newest first. */
  versions: procedure.input(z.object({ enterprise_id: idSchema })).output(
    z.object({
      rows: z.array(
        z.object({
          id: z.string(),
          code: z.string(),
          year: z.number(),
          version: z.number(),
          status: z.string(),
          created_by: z.string(),
          created_at: z.string(),
          updated_by: z.string(),
          updated_at: z.string(),
        }),
      ),
    }),
  ),
  /** What the later of two plans says otherwise, field by field, with who said it and when. */
  compare: procedure.input(z.object({ from: idSchema, to: idSchema })).output(
    z.object({
      differences: z.array(
        z.object({
          part: z.enum(['plan', 'measure', 'milestone']),
          row: z.number().nullable(),
          type: z.string().nullable(),
          change: z.enum(['changed', 'added', 'removed']),
          field: z.string().nullable(),
          from: z.unknown(),
          to: z.unknown(),
          by: z.string().nullable(),
          at: z.string().nullable(),
        }),
      ),
    }),
  ),
  templates: procedure.input(z.object({})).output(z.object({ rows: z.array(recordSchema) })),
  /** Keeps what a plan says, without its figures and results, under a name; the same name replaces. */
  saveTemplate: procedure
    .input(z.object({ plan_id: idSchema, name: z.string().trim().min(1).max(200) }))
    .output(savedSchema),
}
