/** The import desk: recognise, map, try (dry run), commit as one batch, list defects, roll back. */
import { z } from 'zod'
import { boxSchema, idSchema, job, pageSchema, polygonalSchema, procedure } from './base.ts'

export const IMPORT_KINDS = ['parcels', 'boundary', 'enterprises', 'units'] as const
export const importKindSchema = z.enum(IMPORT_KINDS)
export type ImportKind = z.infer<typeof importKindSchema>

export const severitySchema = z.enum(['error', 'warning', 'info'])

/** `index` is the 0-based position of the feature or row in the file; -1 speaks of the file as a whole. */
export const importIssueSchema = z.object({
  index: z.number(),
  /** What people count: the number of the feature, or the row in the sheet (1-based); null for the file as a whole. */
  row: z.number().nullable().optional(),
  code: z.string(),
  severity: severitySchema,
  message: z.string(),
  field: z.string().nullable().optional(),
  record: z.string().nullable().optional(),
  lng: z.number().nullable().optional(),
  lat: z.number().nullable().optional(),
  area_before_m2: z.number().nullable().optional(),
  area_after_m2: z.number().nullable().optional(),
  /** What the message names (codes, areas in m², …), so that a window in another language can say it too. */
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})
export type ImportIssue = z.infer<typeof importIssueSchema>
export type IssueValues = NonNullable<ImportIssue['values']>

export const sourceFieldSchema = z.object({ name: z.string(), samples: z.array(z.string()), filled: z.number() })

export const inspectionSchema = z.object({
  file: z.string(),
  format: z.string(),
  format_label: z.string(),
  size: z.number(),
  encoding: z.string().nullable(),
  crs_declared: z.string().nullable(),
  /** CRS to use if the user agrees; null when it has to be chosen. */
  crs_proposed: z.string().nullable(),
  /** Must a person say whether the coordinates are shifted (GCJ-02/BD-09)? */
  ask_datum: z.boolean(),
  crs_findings: z.array(z.object({ code: z.string(), message: z.string() })),
  geometry_types: z.record(z.string(), z.number()),
  /** Features or rows read for this inspection (at most the first 2000), and whether that was all. */
  sampled: z.number(),
  complete: z.boolean(),
  fields: z.array(sourceFieldSchema),
  rows: z.array(z.record(z.string(), z.unknown())),
  /** target field → source column. */
  mapping: z.record(z.string(), z.string()),
  mapping_remembered: z.boolean(),
  sheets: z.array(z.string()),
})
export type Inspection = z.infer<typeof inspectionSchema>

export const importOptionsSchema = z.object({
  crs: z.string().optional(),
  encoding: z.string().optional(),
  /** target field → source column; recognised headings are used when left out. */
  mapping: z.record(z.string(), z.string()).optional(),
  match: z.enum(['code', 'none']).default('code'),
  /** boundary: name and effective date of the new version. */
  name: z.string().max(200).optional(),
  effective: z.string().optional(),
  /** boundary: which layer it is; the development boundary when left out. Only barriers may be lines. */
  layer: z.enum(['development', 'farmland', 'eco_redline', 'barrier']).optional(),
  /** enterprises: the year of the figures. */
  year: z.number().int().optional(),
  sheet: z.string().optional(),
  /** Accept data outside the survey's guard box. */
  outside_guard: z.boolean().default(false),
})
export type ImportOptions = z.infer<typeof importOptionsSchema>

export const importResultSchema = z.object({
  /** Null for a dry run and when nothing was left to import. */
  batch: z.string().nullable(),
  /** Key for preview, issues and report of a dry run. */
  preview: z.string().nullable(),
  read: z.number(),
  inserted: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  repaired: z.number(),
  rejected: z.number(),
  /** The first 1000; all of them by `imports.issues`. */
  issues: z.array(importIssueSchema),
  issue_total: z.number(),
  extent: boxSchema.nullable(),
  seconds: z.number(),
})
export type ImportResult = z.infer<typeof importResultSchema>

export const importBatchSchema = z.object({
  id: z.string(),
  kind: importKindSchema,
  file: z.string(),
  at: z.string(),
  user: z.string(),
  crs_used: z.string().nullable(),
  counts: z.record(z.string(), z.number()),
  issues: z.number(),
  undone_at: z.string().nullable(),
})

export const importsContract = {
  inspect: procedure
    .input(
      z.object({
        file: z.string(),
        kind: importKindSchema,
        encoding: z.string().optional(),
        sheet: z.string().optional(),
      }),
    )
    .output(inspectionSchema),
  run: procedure
    .input(
      z.object({
        file: z.string(),
        kind: importKindSchema,
        options: importOptionsSchema.prefault({}),
        dry_run: z.boolean().default(false),
        issues_file: z.string().optional(),
      }),
    )
    .output(job(importResultSchema)),
  batches: procedure.output(z.array(importBatchSchema)),
  undo: procedure.input(z.object({ batch: idSchema })).output(z.object({ removed: z.number(), restored: z.number() })),
  /** Of a batch or of a dry run's preview. */
  issues: procedure
    .input(pageSchema.extend({ source: idSchema, severity: severitySchema.optional(), code: z.string().optional() }))
    .output(
      z.object({ rows: z.array(importIssueSchema), total: z.number(), by_code: z.record(z.string(), z.number()) }),
    ),
  issuesReport: procedure
    .input(z.object({ source: idSchema, file: z.string() }))
    .output(z.object({ file: z.string(), rows: z.number() })),
  /** Outlines of a dry run for the preview map (at most `limit`, evenly taken), with what would happen to each. */
  preview: procedure
    .input(z.object({ preview: idSchema, limit: z.number().int().min(1).max(20_000).default(4000) }))
    .output(
      z.object({
        total: z.number(),
        features: z.array(
          z.object({
            index: z.number(),
            action: z.enum(['insert', 'update', 'unchanged', 'repair', 'reject']),
            geometry: polygonalSchema,
          }),
        ),
      }),
    ),
  /** Before and after of one repaired feature. */
  repair: procedure
    .input(z.object({ source: idSchema, index: z.number().int() }))
    .output(z.object({ before: polygonalSchema.nullable(), after: polygonalSchema.nullable() })),
}
