/** Reports of a period: draft, published, revised; and what people write into them. */
import { z } from 'zod'
import { CAUTION_CODES } from '../report/cautions.ts'
import { PERIODIC_KINDS } from '../report/periods.ts'
import { idSchema, job, procedure, reasonSchema } from './base.ts'
import { tableProblemSchema } from './scoring.ts'

export const PERIODIC_FORMATS = ['pdf', 'docx', 'xlsx'] as const

/** Why a period cannot be published now. */
export const PUBLISH_PROBLEMS = ['period_running', 'nothing_changed'] as const
export type PublishProblem = (typeof PUBLISH_PROBLEMS)[number]

/** What makes figures doubtful; the window's words are `report.caution.<code>`. */
export const cautionSchema = z.object({
  code: z.enum(CAUTION_CODES),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** `month` is the last full month when left out, of a quarter any of its months. */
const periodShape = {
  kind: z.enum(PERIODIC_KINDS),
  year: z.number().int().min(2000).max(2100).optional(),
  month: z.number().int().min(1).max(12).optional(),
}

const differenceSchema = z.object({
  row: z.string(),
  column: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})

const publishedSchema = z.object({
  id: z.string(),
  kind: z.enum(PERIODIC_KINDS),
  /** `2022-11`, `2022-Q4`, `2022`. */
  period: z.string(),
  revision: z.number().int(),
  title: z.string(),
  sha256: z.string(),
  published_by: z.string(),
  published_at: z.string(),
  reason: z.string().nullable(),
  /** Against the revision before. */
  differences: z.array(differenceSchema),
  boundary: z.string().nullable(),
  rules: z.string().nullable(),
  /** False when the stored report no longer fits its checksum. */
  intact: z.boolean(),
})
export type PublishedSummary = z.infer<typeof publishedSchema>

const noteSchema = z.object({ problems: z.string().max(2000).nullable(), next_steps: z.string().max(2000).nullable() })

export const publishedReportsContract = {
  /** 月报表, 季度通报, 年度考核评分表: the published one when there is one, otherwise (or when asked for) a draft. */
  periodic: procedure
    .input(
      z.object({
        ...periodShape,
        out: z.string().optional(),
        formats: z
          .array(z.enum(PERIODIC_FORMATS))
          .min(1)
          .default([...PERIODIC_FORMATS]),
        draft: z.boolean().default(false),
        /** This very publication. */
        publication: idSchema.optional(),
      }),
    )
    .output(
      job(
        z.object({
          files: z.array(z.string()),
          seconds: z.number(),
          status: z.enum(['draft', 'published']),
          revision: z.number().int().nullable(),
        }),
      ),
    ),
  /** Newest period first, of a period the newest revision first. */
  published: procedure
    .input(z.object({ kind: z.enum(PERIODIC_KINDS).optional(), year: z.number().int().optional() }))
    .output(z.array(publishedSchema)),
  /** What publishing would do now: against which revision, what differs, why it cannot be done; what the draft warns of. */
  publishCheck: procedure.input(z.object(periodShape)).output(
    z.object({
      title: z.string(),
      period: z.string(),
      latest: publishedSchema.nullable(),
      differences: z.array(differenceSchema),
      problem: z.enum(PUBLISH_PROBLEMS).nullable(),
      cautions: z.array(cautionSchema),
    }),
  ),
  publish: procedure.input(z.object({ ...periodShape, reason: reasonSchema })).output(
    z.object({
      id: z.string(),
      edit: z.string(),
      revision: z.number().int(),
      title: z.string(),
      sha256: z.string(),
      differences: z.array(differenceSchema),
    }),
  ),
  /** 考核评分表 of a year from a table; a row that cannot be used is named and then nothing is written. */
  importAssessment: procedure
    .input(
      z.object({
        file: z.string(),
        year: z.number().int().min(2000).max(2100),
        sheet: z.string().optional(),
        dry_run: z.boolean().default(false),
      }),
    )
    .output(
      z.object({
        items: z.number().int(),
        problems: z.array(tableProblemSchema),
        version: z.number().int().nullable(),
        edit: z.string().nullable(),
      }),
    ),
  /** The table of a year as it can be imported again; the measured indicators to be filled in while there is none. */
  assessmentTable: procedure
    .input(z.object({ file: z.string().optional(), year: z.number().int() }))
    .output(z.object({ file: z.string(), rows: z.number().int() })),
  /** 存在问题 and 下步计划 by unit; the county's own under its code. */
  notes: procedure
    .input(z.object(periodShape))
    .output(z.array(noteSchema.extend({ unit: z.string(), updated_by: z.string(), updated_at: z.string() }))),
  saveNote: procedure
    .input(noteSchema.extend({ ...periodShape, unit: z.string().min(1).max(20) }))
    .output(z.object({ edit: z.string().nullable() })),
}
