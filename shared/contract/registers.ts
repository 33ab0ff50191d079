/** Registers of domain §11.7 (3, 8–12): one report model each, for all units or one. */
import { z } from 'zod'
import { idSchema, job, procedure } from './base.ts'
import { cautionSchema } from './published-reports.ts'

/** 地块台账, 闲置土地台账, 合规检查汇总, 退出复垦台账, 边界跨界地块复核表, 导入质检报告, 标准地、小微企业园、两高项目台账. */
export const REGISTER_KINDS = [
  'parcels',
  'idle',
  'compliance',
  'reclamation',
  'crossing',
  'quality',
  'standard_land',
  'small_park',
  'two_high',
] as const
export type RegisterKind = (typeof REGISTER_KINDS)[number]

export const REGISTER_FORMATS = ['xlsx', 'pdf', 'docx'] as const
export type RegisterFormat = (typeof REGISTER_FORMATS)[number]

/** 地块台账 is a sheet to be handed upward: paper, four tables of its 43 columns, only where it is asked for. */
export const SHEET_FIRST: ReadonlySet<RegisterKind> = new Set(['parcels'])

const filterShape = {
  kind: z.enum(REGISTER_KINDS),
  unit: z.string().max(20).optional(),
  /** Of 导入质检报告: this import; otherwise all that were not taken back. */
  batch: idSchema.optional(),
}

export const registersContract = {
  register: procedure
    .input(
      z.object({
        ...filterShape,
        out: z.string().optional(),
        formats: z.array(z.enum(REGISTER_FORMATS)).min(1).optional(),
      }),
    )
    .output(
      job(
        z.object({
          files: z.array(z.string()),
          rows: z.number().int(),
          seconds: z.number(),
          cautions: z.array(cautionSchema),
        }),
      ),
    ),
  /** How many rows it would have, and what the report would warn of. */
  registerCheck: procedure
    .input(z.object(filterShape))
    .output(z.object({ rows: z.number().int(), cautions: z.array(cautionSchema) })),
}
