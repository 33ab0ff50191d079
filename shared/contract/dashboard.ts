/** 挂图作战: targets against what is achieved, the records behind every number, targets as data, the wall chart as a picture. */
import { z } from 'zod'
import { boxSchema, job, procedure } from './base.ts'

const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** Indicators with targets, in the order of the action plan. */
export const TARGET_INDICATORS = ['enterprises', 'land', 'energy', 'carbon', 'zones'] as const
export type TargetIndicator = (typeof TARGET_INDICATORS)[number]
export const FIGURES = [...TARGET_INDICATORS, 'remediating', 'awaiting', 'overdue'] as const

/** Which number: what is counted, of which unit (null: all; empty: without a unit), in which part of which period. */
export const figureSchema = z.object({
  indicator: z.enum(FIGURES),
  /** Null: the whole campaign. */
  year: z.number().int().min(2000).max(2100).nullable(),
  /** Last day that counts. */
  to: daySchema,
  /** Only this month, `YYYY-MM`. */
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  unit: z.string().max(20).nullable(),
})
export type Figure = z.infer<typeof figureSchema>

const lightSchema = z.enum(['green', 'yellow', 'red'])
export const progressFigureSchema = z.object({
  /** 家, 亩, tce, t CO₂, 个. */
  target: z.number().nullable(),
  /** Null when something was counted but its amount is unknown throughout. */
  done: z.number().nullable(),
  /** done ÷ target; null without a target. */
  rate: z.number().nullable(),
  /** 序时进度差: rate − part of the period that has passed. */
  gap: z.number().nullable(),
  light: lightSchema.nullable(),
})
export type ProgressFigure = z.infer<typeof progressFigureSchema>

export const dashboardRowSchema = z.object({
  /** Null: all units together; empty: enterprises without a unit. */
  unit: z.string().nullable(),
  figures: z.record(z.enum(TARGET_INDICATORS), progressFigureSchema),
  remediating: z.number(),
  awaiting: z.number(),
  overdue: z.number(),
  rebounds: z.number(),
  /** Months of the period in order; energy null where it is unknown. */
  months: z.array(
    z.object({ month: z.string(), enterprises: z.number(), land: z.number(), energy: z.number().nullable() }),
  ),
})
export type DashboardRow = z.infer<typeof dashboardRowSchema>

const limitsSchema = z.object({ green: z.number(), yellow: z.number() })

export const dashboardSchema = z.object({
  year: z.number().nullable(),
  /** Years that the campaign, its targets or its counts know. */
  years: z.array(z.number()),
  as_of: z.string(),
  passed: z.number(),
  limits: limitsSchema,
  /** t CO₂ per tce; null: carbon cannot be told. */
  carbon_factor: z.number().nullable(),
  has_targets: z.boolean(),
  revision: z.number(),
  demo: z.boolean(),
  /** Name of the survey or its campaign, for the title of pictures. */
  name: z.string(),
  total: dashboardRowSchema,
  rows: z.array(dashboardRowSchema),
  /** Outlines of the units, metres from the middle of the county, y upwards, with a place for the name. */
  outlines: z.array(
    z.object({ unit: z.string(), rings: z.array(z.array(z.number())), at: z.tuple([z.number(), z.number()]) }),
  ),
})
export type Dashboard = z.infer<typeof dashboardSchema>

export const figureItemSchema = z.object({
  entity: z.enum(['enterprise', 'zone']),
  id: z.string(),
  name: z.string(),
  unit: z.string().nullable(),
  state: z.string().nullable(),
  /** Day of the event, or the day on which something is due. */
  on: z.string().nullable(),
  /** 家, m², tce, t or 个; negative when taken back; null when unknown. */
  amount: z.number().nullable(),
  parcel_id: z.string().nullable(),
  parcel_code: z.string().nullable(),
  basis: z.string().nullable(),
})
export type FigureItem = z.infer<typeof figureItemSchema>

export const targetCellSchema = z.object({
  /** Code of a unit, or null for the county. */
  unit: z.string().max(20).nullable(),
  indicator: z.enum(TARGET_INDICATORS),
  /** Null takes the target away. */
  value: z.number().min(0).max(1e9).nullable(),
})
export type TargetCell = z.infer<typeof targetCellSchema>

export const dashboardContract = {
  /** Without a year: the running one, or the last one with data. `to` is today or the end of the period when left out. */
  figures: procedure
    .input(z.object({ year: z.number().int().min(2000).max(2100).nullable().optional(), to: daySchema.optional() }))
    .output(dashboardSchema),
  /** The records that make up a number: their amounts add up to it. */
  items: procedure.input(figureSchema).output(
    z.object({
      items: z.array(figureItemSchema),
      /** Sum of the known amounts, in the unit of the number (land in 亩). */
      sum: z.number(),
      /** Live parcels behind it, as the parcel filter `figure` lets through, and where they lie. */
      parcels: z.number(),
      box: boxSchema.nullable(),
    }),
  ),
  targets: procedure
    .input(z.object({ year: z.number().int().min(2000).max(2100).nullable() }))
    .output(z.array(targetCellSchema)),
  /** One undoable step. */
  saveTargets: procedure
    .input(
      z.object({ year: z.number().int().min(2000).max(2100).nullable(), cells: z.array(targetCellSchema).max(2000) }),
    )
    .output(z.object({ edit: z.string().nullable(), written: z.number() })),
  /** A table 考核单位 × 指标 (XLSX, CSV): all of it or nothing; what is wrong is listed by row. */
  importTargets: procedure
    .input(z.object({ file: z.string(), year: z.number().int().min(2000).max(2100).nullable() }))
    .output(
      z.object({
        edit: z.string().nullable(),
        written: z.number(),
        problems: z.array(
          z.object({
            row: z.number(),
            /** Key of the UI catalogue: `reason.<code>`. */
            code: z.string(),
            message: z.string(),
            values: z.record(z.string(), z.union([z.string(), z.number()])),
          }),
        ),
      }),
    ),
  /** The same table to be filled in, with what is known. */
  targetTable: procedure
    .input(z.object({ year: z.number().int().min(2000).max(2100).nullable(), file: z.string().optional() }))
    .output(z.object({ file: z.string() })),
  /** The wall chart as PNG, 16:9. */
  picture: procedure
    .input(
      z.object({
        year: z.number().int().min(2000).max(2100).nullable().optional(),
        to: daySchema.optional(),
        indicator: z.enum(TARGET_INDICATORS).default('enterprises'),
        language: z.enum(['zh', 'en']).default('zh'),
        /** Pixels across. */
        width: z.number().int().min(960).max(3840).default(1920),
        file: z.string().optional(),
        out: z.string().optional(),
      }),
    )
    .output(job(z.object({ files: z.array(z.string()), seconds: z.number() }))),
}
