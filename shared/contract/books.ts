/** Special records (专项台账) in the window; as documents they are the registers of `reports.register`. */
import { z } from 'zod'
import { procedure } from './base.ts'

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
}
