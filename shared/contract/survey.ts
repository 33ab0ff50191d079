/** The survey file itself: opening, settings, backup, check; the stream of events; generic records, history and undo. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { codesOf } from '../model/enumerations.ts'
import {
  boxSchema,
  codeSchema,
  entitySchema,
  idSchema,
  procedure,
  reasonSchema,
  recordSchema,
  savedSchema,
  valuesSchema,
} from './base.ts'
import { tileValuesSchema } from './tiles.ts'

export const unitSchema = z.object({
  code: z.string(),
  name: z.string(),
  name_en: z.string().nullable(),
  kind: z.string().nullable(),
})

export const boundarySummarySchema = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  effective_date: z.string(),
  status: z.string(),
  features: z.number(),
})

export const profileSchema = z.object({
  user: z.string().max(100),
  role: z.enum(codesOf('role')),
  unit: z.string().max(20).nullable(),
  /** The department a person of role `department` speaks for. */
  department: z.enum(codesOf('department')).nullable().default(null),
  device: z.string(),
})

export const surveyInfoSchema = z.object({
  open: z.boolean(),
  file: z.string(),
  name: z.string(),
  demo: z.boolean(),
  campaign: recordSchema.nullable(),
  units: z.array(unitSchema),
  counts: z.object({ parcels: z.number(), enterprises: z.number(), plans: z.number(), zones: z.number() }),
  /** Box of all parcels, or null when there are none. */
  extent: boxSchema.nullable(),
  /** Where data of this survey must lie; null for surveys without a guard. */
  guard_box: boxSchema.nullable(),
  boundary: boundarySummarySchema.nullable(),
  /** Grows with every commit; part of tile addresses, so that stale tiles can never be shown. */
  revision: z.number(),
  profile: profileSchema,
  app_version: z.string(),
})
export type SurveyInfo = z.infer<typeof surveyInfoSchema>

export const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('changed'),
    revision: z.number(),
    /** Ids per entity; a list longer than 1000 is left out and `bulk` is true. */
    entities: z.record(z.string(), z.array(z.string())),
    bulk: z.boolean(),
    box: boxSchema.nullable(),
    /** Parcels came, went or changed their outlines. */
    shapes: z.boolean(),
    /** What maps show of the parcels concerned, when nothing else of the map changed; null: read the tiles again. */
    tile_values: z.array(tileValuesSchema).nullable(),
  }),
  z.object({ type: z.literal('survey_opened'), file: z.string() }),
  z.object({ type: z.literal('heartbeat') }),
])
export type ServiceEvent = z.infer<typeof eventSchema>

export const undoStepSchema = z.object({
  edit: z.string(),
  /** Key of the UI catalogue (`edit.<label>`) and the values it names. */
  label: z.string(),
  values: z.record(z.string(), z.string()),
  at: z.string(),
})
export const undoStateSchema = z.object({ undo: undoStepSchema.nullable(), redo: undoStepSchema.nullable() })
export type UndoState = z.infer<typeof undoStateSchema>

export const historyItemSchema = z.object({
  edit: z.string(),
  at: z.string(),
  user: z.string(),
  device: z.string(),
  kind: z.string(),
  label: z.string(),
  values: z.record(z.string(), z.string()),
  reason: z.string().nullable(),
  batch: z.string().nullable(),
  op: z.enum(['create', 'update', 'delete', 'restore', 'import']),
  rev: z.number(),
  fields: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
  geometry_changed: z.boolean(),
})
export type HistoryItem = z.infer<typeof historyItemSchema>

export const surveyContract = {
  info: procedure.output(surveyInfoSchema),
  create: procedure
    .input(
      z.object({
        file: z.string(),
        campaign: z.enum(['lanxi-2021-2023', 'blank']).default('lanxi-2021-2023'),
        name: z.string().optional(),
      }),
    )
    .output(surveyInfoSchema),
  open: procedure.input(z.object({ file: z.string() })).output(surveyInfoSchema),
  /** Opens a private copy of the bundled demo survey (示例数据), made anew when `fresh`. */
  openDemo: procedure.input(z.object({ fresh: z.boolean().default(false) })).output(surveyInfoSchema),
  recent: procedure.output(
    z.array(z.object({ file: z.string(), name: z.string(), opened_at: z.string(), exists: z.boolean() })),
  ),
  updateCampaign: procedure.input(z.object({ values: valuesSchema, reason: reasonSchema })).output(surveyInfoSchema),
  setProfile: procedure.input(profileSchema.omit({ device: true })).output(profileSchema),
  /** Device settings that outlive the window (language, area unit …): an open record of plain values. */
  settings: procedure.output(z.record(z.string(), z.unknown())),
  setSettings: procedure.input(z.record(z.string(), z.unknown())).output(z.record(z.string(), z.unknown())),
  backup: procedure
    .input(z.object({ file: z.string().optional() }))
    .output(z.object({ file: z.string(), bytes: z.number() })),
  restore: procedure.input(z.object({ from: z.string(), file: z.string() })).output(z.object({ file: z.string() })),
  check: procedure.output(
    z.object({ ok: z.boolean(), problems: z.array(z.object({ code: z.string(), message: z.string() })) }),
  ),
}

export const eventsContract = {
  subscribe: procedure.output(eventIterator(eventSchema)),
}

export const recordsContract = {
  get: procedure
    .input(z.object({ entity: entitySchema, id: idSchema.optional(), code: codeSchema.optional() }))
    .output(recordSchema),
  update: procedure
    .input(
      z.object({
        entity: entitySchema,
        id: idSchema,
        base_rev: z.number().int(),
        values: valuesSchema,
        reason: reasonSchema,
      }),
    )
    .output(savedSchema),
  create: procedure
    .input(z.object({ entity: entitySchema, values: valuesSchema, reason: reasonSchema }))
    .output(savedSchema),
  remove: procedure.input(z.object({ entity: entitySchema, id: idSchema, reason: reasonSchema })).output(savedSchema),
  history: procedure.input(z.object({ entity: entitySchema, id: idSchema })).output(z.array(historyItemSchema)),
}

export const editsContract = {
  state: procedure.output(undoStateSchema),
  /** `skipped` names the fields left alone because somebody else changed them since. */
  undo: procedure.output(
    z.object({ state: undoStateSchema, done: undoStepSchema.nullable(), skipped: z.array(z.string()) }),
  ),
  redo: procedure.output(
    z.object({ state: undoStateSchema, done: undoStepSchema.nullable(), skipped: z.array(z.string()) }),
  ),
}
