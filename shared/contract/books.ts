/** Special records (专项台账): summary of compliance checks, and each register as a document. */
import { z } from 'zod'
import { job, procedure } from './base.ts'

export const BOOK_NAMES = [
  'reclamation',
  'idle_case',
  'standard_land',
  'small_park',
  'two_high',
  'compliance_check',
] as const
export type BookName = (typeof BOOK_NAMES)[number]

export const checkSummarySchema = z.object({
  dimension: z.string(),
  department: z.string().nullable(),
  /** Answered checks: pass or fail. */
  checked: z.number(),
  failed: z.number(),
  rectified: z.number(),
  /** Failed and not put right; and those of them whose deadline has passed, or that have none. */
  open: z.number(),
  overdue: z.number(),
  without_deadline: z.number(),
})
export type CheckSummary = z.infer<typeof checkSummarySchema>

export const booksContract = {
  checks: procedure
    .input(z.object({ unit: z.string().optional() }))
    .output(z.object({ today: z.string(), rows: z.array(checkSummarySchema) })),
  report: procedure
    .input(
      z.object({
        book: z.enum(BOOK_NAMES),
        unit: z.string().optional(),
        out: z.string().optional(),
        formats: z
          .array(z.enum(['xlsx', 'pdf', 'docx']))
          .min(1)
          .default(['xlsx']),
      }),
    )
    .output(job(z.object({ files: z.array(z.string()), written: z.number(), seconds: z.number() }))),
}
