/** The yearly evaluation (亩均效益综合评价): its standard as data, scores and classes A–D. */
import { z } from 'zod'
import { codesOf } from '../model/enumerations.ts'
import { SCORE_INDICATORS, SCORE_METHODS } from '../rules/scoring/standard.ts'
import { job, procedure, reasonSchema, savedSchema } from './base.ts'

const itemSchema = z.object({
  indicator: z.enum(SCORE_INDICATORS),
  weight: z.number(),
  base: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  cap: z.number().nullable(),
})

export const standardSchema = z.object({
  method: z.enum(SCORE_METHODS),
  groups: z.object({ above: z.array(itemSchema).max(7), below: z.array(itemSchema).max(7) }),
  classes: z.object({ by: z.enum(['score', 'share']), a: z.number(), b: z.number(), c: z.number() }),
  needed_weight: z.number().min(0).max(1),
  /** Older windows and files say nothing of vetoes and units: then there are none. */
  vetoes: z
    .array(z.object({ cause: z.enum(codesOf('veto_cause')), to: z.enum(['B', 'C', 'D']) }))
    .readonly()
    .default([]),
  combine: z
    .object({ tenants: z.boolean(), apart_above: z.boolean(), apart_mu: z.number().positive().nullable() })
    .default({ tenants: false, apart_above: true, apart_mu: null }),
  source: z.string().max(300),
})

export const standardVersionSchema = z.object({
  id: z.string().nullable(),
  year: z.number(),
  name: z.string(),
  version: z.number(),
  standard: standardSchema,
  /** Years with a standard of their own, newest first. */
  years: z.array(z.number()),
})
export type StandardVersion = Omit<z.infer<typeof standardVersionSchema>, 'standard'>

/** A row of a table that was not taken over, and why. `row` is what people count (1-based). */
export const tableProblemSchema = z.object({
  row: z.number(),
  message: z.string(),
  /** Key of the catalogue: `table_problem.<code>`. */
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type TableProblem = z.infer<typeof tableProblemSchema>

export const scoringResultSchema = z.object({
  year: z.number(),
  version: z.number(),
  enterprises: z.number(),
  scored: z.number(),
  classes: z.record(z.string(), z.number()),
  /** Enterprises with a published class, and those of them whose computed class is another. */
  published: z.number(),
  differing: z.number(),
  /** Records that a run writes (or would write). */
  changed: z.number(),
  rows: z.array(
    z.object({
      enterprise_id: z.string(),
      code: z.string(),
      name: z.string(),
      unit: z.string().nullable(),
      scale: z.string().nullable(),
      score: z.number().nullable(),
      computed: z.string().nullable(),
      published: z.string().nullable(),
      published_score: z.number().nullable(),
      differs: z.boolean(),
      rank: z.number().nullable(),
      zh: z.string(),
      en: z.string(),
    }),
  ),
  seconds: z.number(),
})
export type ScoringResult = z.infer<typeof scoringResultSchema>

export const scoringContract = {
  standard: procedure.input(z.object({ year: z.number().int() })).output(standardVersionSchema),
  /** Saves a new version for the year and makes it the active one; earlier versions stay. */
  saveStandard: procedure
    .input(
      z.object({
        year: z.number().int().min(1990).max(2100),
        name: z.string().min(1).max(200),
        standard: standardSchema,
        reason: reasonSchema,
      }),
    )
    .output(savedSchema),
  /** Reads weights and base values from a table (XLSX, CSV) as a draft; nothing is saved. */
  readStandard: procedure
    .input(z.object({ file: z.string(), year: z.number().int(), sheet: z.string().optional() }))
    .output(z.object({ standard: standardSchema, rows: z.number(), problems: z.array(tableProblemSchema) })),
  /** Writes the standard of a year as the table that `readStandard` reads. */
  writeStandard: procedure
    .input(z.object({ year: z.number().int(), file: z.string() }))
    .output(z.object({ file: z.string(), rows: z.number() })),
  /** Scores every enterprise with figures of `year` (default: the newest) and stores class, score and basis. */
  run: procedure
    .input(
      z.object({
        year: z.number().int().optional(),
        dry_run: z.boolean().default(false),
        standard: standardSchema.optional(),
      }),
    )
    .output(job(scoringResultSchema)),
}
