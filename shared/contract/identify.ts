/** Identification of low-efficiency enterprises by rule (疑似清单). */
import { z } from 'zod'
import { EXCLUSIONS, RULE_IDS } from '../rules/identify/rule-set.ts'
import { idSchema, job, procedure, savedSchema } from './base.ts'
import { tableProblemSchema } from './scoring.ts'

const thresholdSchema = z.object({
  value: z.number(),
  unit: z.string().max(20).optional(),
  industry: z.string().max(10).optional(),
  scale: z.enum(['above', 'below']).optional(),
  year: z.number().int().optional(),
})

export const ruleSetSchema = z.object({
  screened_land_mu: z.number().min(0),
  exclusions: z.array(z.enum(EXCLUSIONS)).default([...EXCLUSIONS]),
  rules: z.array(
    z.object({
      id: z.enum(RULE_IDS),
      enabled: z.boolean(),
      effect: z.enum(['list', 'watch', 'flag', 'priority']),
      thresholds: z.array(thresholdSchema).max(500),
      source: z.string().max(300),
    }),
  ),
})

export const ruleSetVersionSchema = z.object({
  id: z.string().nullable(),
  name: z.string(),
  version: z.number(),
  rule_set: ruleSetSchema,
})

export const candidateSchema = z.object({
  enterprise_id: z.string(),
  code: z.string(),
  name: z.string(),
  unit: z.string().nullable(),
  state: z.string().nullable(),
  outcome: z.enum(['excluded', 'list', 'watch', 'flag', 'none']),
  exclusion: z.string().nullable(),
  /** Ids of the rules hit, and what each says in Chinese and English. */
  rules: z.array(z.object({ id: z.string(), effect: z.string(), zh: z.string(), en: z.string() })),
  /** Rules that could not be decided, with the fields that are unknown. */
  undecided: z.array(z.object({ id: z.string(), missing: z.array(z.string()) })),
})
export type Candidate = z.infer<typeof candidateSchema>

export const identifyResultSchema = z.object({
  year: z.number(),
  rule_set_version: z.number(),
  enterprises: z.number(),
  listed: z.number(),
  watch: z.number(),
  flagged: z.number(),
  excluded: z.number(),
  /** Enterprises with a rule that could not be decided. */
  undecided: z.number(),
  /** New candidates (S0), candidates whose hits changed, and S0 entries that no rule supports any more. */
  added: z.number(),
  updated: z.number(),
  withdrawn: z.number(),
  /** Against the run before: who comes in and who drops out of listed, by enterprise code. */
  incoming: z.array(z.string()),
  outgoing: z.array(z.string()),
  candidates: z.array(candidateSchema),
  seconds: z.number(),
})
export type IdentifyResult = z.infer<typeof identifyResultSchema>

export const identifyContract = {
  /**
   * Judges every enterprise by the figures of `year` (default: the newest year with figures) and writes the candidates as
   * entries in state S0. Entries that people have taken further keep the hits they were listed for. With `dry_run` nothing
   * is written; with `rule_set` an unsaved set is tried.
   */
  run: procedure
    .input(
      z.object({
        year: z.number().int().optional(),
        unit: z.string().optional(),
        dry_run: z.boolean().default(false),
        rule_set: ruleSetSchema.optional(),
      }),
    )
    .output(job(identifyResultSchema)),
  /** The active version, or another one by id. */
  rules: procedure.input(z.object({ id: idSchema.optional() }).optional()).output(ruleSetVersionSchema),
  /** All versions, newest first. */
  versions: procedure.output(
    z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        version: z.number(),
        active: z.boolean(),
        created_by: z.string(),
        created_at: z.string(),
      }),
    ),
  ),
  /** Reads standing rules from a table (XLSX, CSV) as a draft over the active version; nothing is saved. */
  readRules: procedure
    .input(z.object({ file: z.string(), sheet: z.string().optional() }))
    .output(z.object({ rule_set: ruleSetSchema, rows: z.number(), problems: z.array(tableProblemSchema) })),
  /** Writes the active rules as the table that `readRules` reads. */
  writeRules: procedure.input(z.object({ file: z.string() })).output(z.object({ file: z.string(), rows: z.number() })),
  /** Saves a new version and makes it the active one; earlier versions stay. */
  saveRules: procedure
    .input(
      z.object({ name: z.string().min(1).max(200), rule_set: ruleSetSchema, reason: z.string().max(1000).optional() }),
    )
    .output(savedSchema),
}
