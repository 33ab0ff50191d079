/** Meeting the hub, bundles, what is on its way, and conflicts that people decide (DESIGN §9). */
import { z } from 'zod'
import { conflictKindSchema } from '../sync/protocol.ts'
import {
  entitySchema,
  idSchema,
  job,
  pageSchema,
  polygonalSchema,
  procedure,
  progressSchema,
  reasonSchema,
} from './base.ts'
import { errorDetailsSchema } from './errors.ts'

/** never: not even when asked · asked: only when a person asks · metered: seldom, without originals · automatic. */
export const SYNC_MODES = ['never', 'asked', 'metered', 'automatic'] as const
export const syncModeSchema = z.enum(SYNC_MODES)
export type SyncMode = z.infer<typeof syncModeSchema>

export const syncStatusSchema = z.object({
  enrolled: z.boolean(),
  /** The token of this link is on this computer. */
  has_token: z.boolean(),
  hub: z.string().nullable(),
  survey_name: z.string(),
  unit: z.string().nullable(),
  role: z.string(),
  mode: syncModeSchema,
  running: z.boolean(),
  /** How far the running meeting is, also one in the background. */
  progress: progressSchema.nullable(),
  last_contact: z.string().nullable(),
  last_error: z
    .object({ code: z.string(), message: z.string(), at: z.string(), data: errorDetailsSchema.optional() })
    .nullable(),
  /** Originals of photos that the last meeting did not bring: not uploaded yet, or left out on a metered line. */
  missing_originals: z.number(),
  /** Places of the hub's sequence that have come, and its newest one known. */
  cursor: z.number(),
  head: z.number(),
  /** Changes without a receipt; those of them that left (on the wire or in a bundle); those the hub refused. */
  pending: z.number(),
  sent: z.number(),
  refused: z.number(),
  conflicts: z.number(),
})
export type SyncStatus = z.infer<typeof syncStatusSchema>

export const syncResultSchema = z.object({
  pushed: z.number(),
  pulled: z.number(),
  conflicts: z.number(),
  pending: z.number(),
  refused: z.number(),
  /** Changes that brought back what a restored hub had lost. */
  repaired: z.number(),
  files: z.object({ sent: z.number(), received: z.number(), missing: z.number() }),
})

/** saved: on this computer only · sent: left, without an answer · confirmed: the hub has it · unlinked: there is no hub. */
export const recordSyncStateSchema = z.object({
  state: z.enum(['unlinked', 'saved', 'sent', 'confirmed']),
  /** Changes of it that the hub refused, and conflicts of it that wait for a person. */
  refused: z.number(),
  conflicts: z.number(),
})
export type RecordSyncState = z.infer<typeof recordSyncStateSchema>

const valueSchema = z.unknown()

export const outboxItemSchema = z.object({
  /** Key of the patch. */
  id: z.string(),
  entity: entitySchema,
  entity_id: z.string(),
  name: z.string(),
  op: z.enum(['create', 'update', 'delete', 'restore']),
  state: z.enum(['waiting', 'sent', 'confirmed', 'settled', 'refused']),
  /** Number of the bundle that it left in. */
  bundle: z.number().nullable(),
  user: z.string(),
  at: z.string(),
  /** Why the hub did not take it. */
  reason: z.string().nullable(),
  /** Fields that others changed beside it. */
  parallel: z.array(z.string()),
  fields: z.array(z.object({ field: z.string(), from: valueSchema, to: valueSchema })),
  geometry_changed: z.boolean(),
})
export type OutboxItem = z.infer<typeof outboxItemSchema>

const bySchema = z.object({ user: z.string(), device: z.string(), at: z.string(), own: z.boolean() })

export const conflictItemSchema = z.object({
  id: z.string(),
  kind: conflictKindSchema,
  entity: entitySchema,
  entity_id: z.string(),
  name: z.string(),
  field: z.string().nullable(),
  /** Values as in records; for deletions against edits objects of fields. */
  base: valueSchema,
  mine: valueSchema,
  theirs: valueSchema,
  mine_by: bySchema,
  theirs_by: bySchema,
  has_geometry: z.boolean(),
  open: z.boolean(),
  /** Decided here, and the hub does not know yet. */
  decided: z.string().nullable(),
  resolution: z.object({ take: z.string(), user: z.string() }).nullable(),
})
export type ConflictItem = z.infer<typeof conflictItemSchema>

export const conflictDetailSchema = conflictItemSchema.extend({
  geometry: z
    .object({
      base: polygonalSchema.nullable(),
      mine: polygonalSchema.nullable(),
      theirs: polygonalSchema.nullable(),
      /** What only one of both has, in m². */
      only_mine_m2: z.number().nullable(),
      only_theirs_m2: z.number().nullable(),
    })
    .nullable(),
})
export type ConflictDetail = z.infer<typeof conflictDetailSchema>

const bundleCount = z.number()
export const bundleExportedSchema = z.object({
  file: z.string(),
  kind: z.enum(['return', 'package']),
  number: z.number(),
  bytes: z.number(),
  rows: bundleCount,
  patches: bundleCount,
  conflicts: bundleCount,
  receipts: bundleCount,
})
export const bundleImportedSchema = z.object({
  kind: z.enum(['return', 'package']),
  number: z.number(),
  from: z.string(),
  unit: z.string().nullable(),
  /** Read before: nothing was left to do. */
  already: z.boolean(),
  pushed: bundleCount,
  pulled: bundleCount,
  refused: bundleCount,
  receipts: bundleCount,
  /** Numbers of bundles of this sender that never came. */
  missing: z.array(z.number()),
  conflicts: z.number(),
  pending: z.number(),
})
export const bundleInspectedSchema = z.object({
  kind: z.enum(['return', 'package']),
  id: z.string(),
  number: z.number(),
  protocol: z.number(),
  schema: z.number(),
  survey: z.string(),
  survey_name: z.string(),
  unit: z.string().nullable(),
  device: z.string(),
  device_name: z.string(),
  user: z.string(),
  created_at: z.string(),
  since: z.number(),
  cursor: z.number(),
  first: z.number(),
  last: z.number(),
  counts: z.object({ rows: bundleCount, patches: bundleCount, conflicts: bundleCount, receipts: bundleCount }),
  entries: z.number(),
  sha256: z.string(),
})
export type BundleInspected = z.infer<typeof bundleInspectedSchema>

const passphraseSchema = z.string().min(1).max(1000)

export const takeSchema = z.enum(['mine', 'theirs', 'merge'])

export const syncContract = {
  status: procedure.output(syncStatusSchema),
  enroll: procedure
    .input(
      z.object({
        hub: z.string().min(1).max(300),
        code: z.string().min(4).max(64),
        name: z.string().max(200).optional(),
      }),
    )
    .output(syncStatusSchema),
  setMode: procedure.input(z.object({ mode: syncModeSchema })).output(syncStatusSchema),
  /** How far one record's changes are on their way. */
  record: procedure.input(z.object({ entity: entitySchema, id: idSchema })).output(recordSyncStateSchema),
  run: procedure.output(job(syncResultSchema)),
  /** A laptop's changes for the county, or (of the county, with `unit`) what it has for a laptop. Encrypted always. */
  bundleExport: procedure
    .input(
      z.object({
        file: z.string().max(1000).optional(),
        passphrase: passphraseSchema,
        unit: z.string().max(20).optional(),
        name: z.string().max(200).optional(),
        full: z.boolean().default(false),
      }),
    )
    .output(job(bundleExportedSchema)),
  bundleImport: procedure
    .input(z.object({ file: z.string().max(1000), passphrase: passphraseSchema }))
    .output(job(bundleImportedSchema)),
  bundleInspect: procedure
    .input(z.object({ file: z.string().max(1000), passphrase: passphraseSchema }))
    .output(bundleInspectedSchema),
  /** `pending`: without a receipt · `refused` · `parallel`: taken, while others changed other fields of the record. */
  outbox: procedure
    .input(pageSchema.extend({ kind: z.enum(['pending', 'refused', 'parallel']).default('pending') }))
    .output(z.object({ items: z.array(outboxItemSchema), total: z.number() })),
  /** Takes refused changes off the list; they stay in the record's history. */
  dismiss: procedure.input(z.object({ ids: z.array(idSchema).max(1000) })).output(syncStatusSchema),
  conflicts: procedure.input(z.object({ open: z.boolean().default(true) })).output(z.array(conflictItemSchema)),
  conflict: procedure.input(z.object({ id: idSchema })).output(conflictDetailSchema),
  /**
   * Decides conflicts: one step of undo each. `mine`: the value that came later, `theirs`: what the hub holds and shows,
   * `merge` (same code twice): the later record goes into the earlier one.
   */
  resolve: procedure
    .input(z.object({ ids: z.array(idSchema).min(1).max(1000), take: takeSchema, reason: reasonSchema }))
    .output(z.object({ resolved: z.number(), conflicts: z.number() })),
}
