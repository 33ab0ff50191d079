/** What all procedures of the contract share: the error map, value and geometry schemas, progress of long work. */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { ENTITY_NAMES } from '../model/entity.ts'
import { codesOf } from '../model/enumerations.ts'
import { errorMap } from './errors.ts'

/** A procedure that can fail with any of the closed error codes. */
export const procedure = oc.errors(errorMap)

export const idSchema = z.string().min(1).max(64)
export const codeSchema = z.string().min(1).max(60)
export const entitySchema = z.enum(ENTITY_NAMES)
export const sideSchema = z.enum(codesOf('side'))
export const reasonSchema = z.string().max(1000).optional()

/** [west, south, east, north] in degrees. */
export const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()])

const positionSchema = z.array(z.number()).min(2).max(4)

/** GeoJSON polygon or multipolygon, lng/lat degrees CGCS2000, rings closed. */
export const polygonalSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(positionSchema)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(positionSchema))) }),
])
export type Polygonal = z.infer<typeof polygonalSchema>

/** Values of fields by field name, as in `shared/model/entity.ts`. The write path checks them against the field table. */
export const valuesSchema = z.record(z.string(), z.unknown())

/** A record with stamp (id, rev, updated_by …) and all fields but geometry. */
export const recordSchema = z.record(z.string(), z.unknown())
export type RecordValues = z.infer<typeof recordSchema>

/** `total` is null while it is not known. `phase` is a key of the UI catalogue (`progress.<phase>`). */
export const progressSchema = z.object({ phase: z.string(), done: z.number(), total: z.number().nullable() })
export type Progress = z.infer<typeof progressSchema>

/** Long work: progress is streamed, the result is the return value; breaking off the stream cancels the work. */
export const job = <Result extends z.ZodType>(result: Result) => eventIterator(progressSchema, result)

export const pageSchema = z.object({
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(20_000).default(200),
})

export const sortSchema = z.object({ field: z.string(), descending: z.boolean().default(false) }).optional()

export const savedSchema = z.object({ id: z.string(), rev: z.number(), edit: z.string() })
