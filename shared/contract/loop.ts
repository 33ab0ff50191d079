/** The closed loop (domain §11.4): steps of list entries, their checklists, and what counts. */
import { z } from 'zod'
import { procedure } from './base.ts'

const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

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

export const loopContract = {
  /** What was counted from one day to another, by unit (null: without one), with the events that make it up. */
  totals: procedure.input(z.object({ from: daySchema, to: daySchema })).output(
    z.object({
      total: countTotalsSchema,
      units: z.array(z.object({ unit: z.string().nullable(), totals: countTotalsSchema })),
      events: z.array(countEventSchema),
    }),
  ),
}
