/** Boundary versions, classification, contiguous zones, reports, exports, search. */
import { z } from 'zod'
import { codesOf } from '../model/enumerations.ts'
import { boxSchema, idSchema, job, polygonalSchema, procedure, recordSchema, savedSchema } from './base.ts'
import { boundaryReviewContract } from './boundary-review.ts'
import { publishedReportsContract } from './published-reports.ts'
import { registersContract } from './registers.ts'
import { boundarySummarySchema } from './survey.ts'
import { zoneReportContract } from './zone-report.ts'

export const classifyResultSchema = z.object({
  boundary: z.string(),
  inside: z.number(),
  outside: z.number(),
  crossing: z.number(),
  unknown: z.number(),
  /** Parcels whose computed side differs from the one before. */
  flipped: z.number(),
  seconds: z.number(),
})

export const boundariesContract = {
  ...boundaryReviewContract,
  list: procedure.output(z.array(boundarySummarySchema)),
  /** Makes a version the active one and classifies every parcel by it. */
  activate: procedure.input(z.object({ id: idSchema })).output(job(classifyResultSchema)),
  classify: procedure.input(z.object({ boundary_id: idSchema.optional() })).output(job(classifyResultSchema)),
  /** Outlines for the map, simplified to `tolerance_degrees`, with their sub-zone. */
  outlines: procedure
    .input(
      z.object({
        boundary_id: idSchema.optional(),
        box: boxSchema.optional(),
        tolerance_degrees: z.number().min(0).default(0),
      }),
    )
    .output(z.array(z.object({ subzone: z.string(), geometry: polygonalSchema }))),
}

export const zoneSummarySchema = z.object({
  id: z.string(),
  rev: z.number(),
  code: z.string(),
  name: z.string(),
  year: z.number(),
  unit: z.string().nullable(),
  status: z.string(),
  direction: z.string().nullable(),
  locked: z.boolean(),
  parcels: z.number(),
  enterprises: z.number(),
  /** Sum of the members' ellipsoidal areas, raw m². */
  area_m2: z.number(),
  area_in_m2: z.number(),
  area_out_m2: z.number(),
  /** Outline area incl. roads between the members. */
  outline_m2: z.number().nullable(),
  box: boxSchema.nullable(),
})
export type ZoneSummary = z.infer<typeof zoneSummarySchema>

export const zoneCandidateSchema = z.object({
  /** The code of the zone that it was saved as or that it corresponds to; otherwise a proposed one. */
  code: z.string(),
  unit: z.string().nullable(),
  parcels: z.array(z.string()),
  parcel_ids: z.array(z.string()),
  area_m2: z.number(),
  area_mu: z.number(),
  outside_share: z.number(),
  enterprises: z.number(),
  /** Σ tax ÷ Σ land of the enterprises whose both figures are known, 万元/亩. */
  tax_per_mu: z.number().nullable(),
  /** Members' area ÷ area of their convex hull. */
  compactness: z.number(),
  box: boxSchema,
  outline: polygonalSchema.nullable(),
})

export const detectInputSchema = z.object({
  gap_m: z.number().min(0).max(1000).optional(),
  min_mu: z.number().min(0).optional(),
  min_parcels: z.number().int().min(1).optional(),
  unit: z.string().optional(),
  year: z.number().int().optional(),
  cross_unit: z.boolean().default(false),
  save: z.boolean().default(false),
  outlines: z.boolean().default(true),
  /** Do imported barriers (rivers, expressways, railways) keep neighbours apart? They do unless this is false. */
  barriers: z.boolean().optional(),
})

/** What saving a detection does (or would do) to the zones of the year. */
export const zoneChangeSchema = z.object({
  code: z.string(),
  name: z.string(),
  /** `fixed`: locked or past planning, never touched. `kept`: nothing to change. */
  kind: z.enum(['new', 'changed', 'kept', 'fixed']),
  /** Codes of parcels. */
  added: z.array(z.string()),
  removed: z.array(z.string()),
})
export type ZoneChange = z.infer<typeof zoneChangeSchema>

export const detectResultSchema = z.object({
  zones: z.array(zoneCandidateSchema),
  /** 连片率: share of the area of all parcels that lies in clusters of at least the minimum area. */
  contiguity_rate: z.number(),
  saved: z.number(),
  kept: z.number(),
  /** Stored zones of the year, and those that would be new, with what joins and leaves. */
  changes: z.array(zoneChangeSchema),
  /** Did barriers take part? */
  barriers: z.boolean(),
  seconds: z.number(),
})

export const zoneDetailSchema = z.object({
  zone: zoneSummarySchema,
  record: recordSchema,
  outline: polygonalSchema.nullable(),
  members: z.array(
    z.object({
      member_id: z.string(),
      parcel_id: z.string(),
      pk: z.number(),
      code: z.string(),
      area_m2: z.number(),
      side: z.string(),
      enterprises: z.string().nullable(),
      manual: z.boolean(),
      linked_code: z.string().nullable(),
      distance_m: z.number().nullable(),
    }),
  ),
})
export type ZoneDetail = z.infer<typeof zoneDetailSchema>

/** A share is null where there is no land to speak of. Areas raw m². */
export const contiguitySchema = z.object({
  min_mu: z.number(),
  gap_m: z.number(),
  units: z.array(
    z.object({
      unit: z.string(),
      area_m2: z.number(),
      contiguous_m2: z.number(),
      rate: z.number().nullable(),
      /** Land of list entries closed out in each quarter of the year, and what of it lies in clusters of at least T 亩 of such land. */
      quarters: z
        .array(z.object({ area_m2: z.number(), contiguous_m2: z.number(), rate: z.number().nullable() }))
        .length(4),
    }),
  ),
})
export type Contiguity = z.infer<typeof contiguitySchema>

export const zonesContract = {
  detect: procedure.input(detectInputSchema).output(job(detectResultSchema)),
  list: procedure
    .input(z.object({ year: z.number().int().optional(), unit: z.string().optional() }))
    .output(z.array(zoneSummarySchema)),
  detail: procedure.input(z.object({ id: idSchema.optional(), code: z.string().optional() })).output(zoneDetailSchema),
  create: procedure
    .input(
      z.object({
        name: z.string().optional(),
        year: z.number().int(),
        unit: z.string().nullable(),
        parcel_ids: z.array(idSchema).min(1),
      }),
    )
    .output(savedSchema),
  addMembers: procedure.input(z.object({ id: idSchema, parcel_ids: z.array(idSchema).min(1) })).output(savedSchema),
  removeMembers: procedure.input(z.object({ id: idSchema, parcel_ids: z.array(idSchema).min(1) })).output(savedSchema),
  /** Joins zones of one year into the first one named, which keeps its identity; the others are removed. One step of undo. */
  merge: procedure.input(z.object({ ids: z.array(idSchema).min(2).max(50) })).output(savedSchema),
  /** Takes some members out into a zone of their own; both stay of the same unit and year. Returns the new zone. */
  split: procedure
    .input(z.object({ id: idSchema, parcel_ids: z.array(idSchema).min(1), name: z.string().max(200).optional() }))
    .output(savedSchema),
  /** How the outline comes about; a drawn one (degrees) has to hold all members. */
  setOutline: procedure
    .input(z.object({ id: idSchema, method: z.enum(codesOf('outline_method')), geometry: polygonalSchema.optional() }))
    .output(savedSchema),
  /** A proposal for 四至, from the land around. */
  bounds: procedure.input(z.object({ id: idSchema })).output(z.object({ text: z.string() })),
  /** 连片率 by unit and, of land that was dealt with, by quarter (domain §6). */
  contiguity: procedure
    .input(z.object({ year: z.number().int(), gap_m: z.number().min(0).max(1000).optional() }))
    .output(job(contiguitySchema)),
  /** Each of the units against its duty of one zone a year, at the end of the day `to` or, when left out, now. */
  quota: procedure
    .input(
      z.object({
        year: z.number().int(),
        to: z
          .string()
          .regex(/^\d{4}-\d{2}-\d{2}$/)
          .optional(),
      }),
    )
    .output(
      z.array(
        z.object({
          unit: z.string(),
          /** Zones planned (谋划) or further. */
          zones: z.number(),
          /** Of these, approved (批准) or further: the count of the formula in domain §11.5. */
          approved: z.number(),
          area_mu: z.number(),
          /** At least one zone is planned, which is what the action plan asks for every year. */
          met: z.boolean(),
        }),
      ),
    ),
}

const filesSchema = z.object({ files: z.array(z.string()), seconds: z.number() })

export const LEDGER_FORMATS = ['xlsx', 'pdf', 'docx'] as const
export type LedgerFormat = (typeof LEDGER_FORMATS)[number]

export const reportsContract = {
  ...zoneReportContract,
  ...publishedReportsContract,
  ...registersContract,
  /** 一企一策方案表: one PDF with all sheets, one Word file per enterprise. Without ids: the newest version of each plan. */
  plan: procedure
    .input(
      z.object({
        out: z.string().optional(),
        formats: z
          .array(z.enum(['pdf', 'docx']))
          .min(1)
          .default(['pdf', 'docx']),
        year: z.number().int().optional(),
        unit: z.string().optional(),
        /** Code or 统一社会信用代码. */
        enterprise: z.string().max(60).optional(),
        plan_ids: z.array(idSchema).max(5000).optional(),
      }),
    )
    .output(job(filesSchema)),
  /** 企业清单台账: a sheet of all columns; on paper sums by unit and three tables. The same totals in all formats. */
  ledger: procedure
    .input(
      z.object({
        out: z.string().optional(),
        formats: z.array(z.enum(LEDGER_FORMATS)).min(1).default(['xlsx']),
        year: z.number().int().optional(),
        unit: z.string().optional(),
      }),
    )
    .output(job(filesSchema)),
}

export const exportsContract = {
  run: procedure
    .input(
      z.object({
        what: z.enum(['parcels', 'enterprises', 'zones']),
        file: z.string(),
        crs: z.string().default('EPSG:4490'),
        unit: z.string().optional(),
      }),
    )
    .output(job(z.object({ file: z.string(), written: z.number(), seconds: z.number() }))),
}

export const searchResultSchema = z.object({
  entity: z.enum(['parcel', 'enterprise', 'zone', 'report_unit']),
  id: z.string(),
  code: z.string(),
  title: z.string(),
  subtitle: z.string(),
  box: boxSchema.nullable(),
})
export type SearchResult = z.infer<typeof searchResultSchema>

export const searchContract = {
  query: procedure
    .input(z.object({ text: z.string().max(200), limit: z.number().int().min(1).max(100).default(20) }))
    .output(z.array(searchResultSchema)),
}
