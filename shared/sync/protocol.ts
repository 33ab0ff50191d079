/**
 * What devices, hub and USB bundles say to each other. The hub numbers what it accepts; nobody's clock decides anything.
 *
 * - A *patch* is one change of one record on one device: field → [old, new] as stored in columns, the outline before and
 *   after, and the hub revision of the record it was based on (0: the hub did not know the record yet).
 * - The hub answers every patch with a *receipt*. A patch id is a receipt's key for ever: sending it again gives the
 *   same receipt and changes nothing.
 * - A *row* is the hub's whole state of one record after one accepted patch, with its place in the survey's sequence.
 *   Devices pull rows after a cursor and rebase what they have not sent yet by `merge` (merge.ts).
 *
 * All bodies are JSON in UTF-8; outlines travel as base64 of the GeoPackage binary that stands in the survey file.
 */
import { z } from 'zod'
import { ENTITY_NAMES } from '../model/entity.ts'

/** Raised when a message changes its meaning. A hub tells its own and the oldest it still takes in `hello`. */
export const PROTOCOL_VERSION = 1
/**
 * Version of the entity tables; a side that is older refuses newer rows in words instead of dropping fields. The fields that
 * it stands for are listed in test/fixtures/sync-schema-fields.json; a test says what to do when they change.
 */
export const SYNC_SCHEMA = 1

export const LIMITS = {
  patchesPerPush: 500,
  rowsPerPull: 1000,
  bodyBytes: 32 * 1024 * 1024,
  filesPerQuestion: 1000,
} as const

export const columnValueSchema = z.union([z.string(), z.number(), z.null()])
const base64 = z.base64().max(16 * 1024 * 1024)
const id = z.string().min(1).max(64)

export const patchSchema = z.object({
  /** UUIDv7 made by the device with the change; the key of the receipt. */
  id,
  /** Running number of this device's patches, from 1 without gaps; a gap means that something is missing. */
  device_seq: z.number().int().min(1),
  entity: z.enum(ENTITY_NAMES),
  entity_id: id,
  op: z.enum(['create', 'update', 'delete', 'restore']),
  /** Hub sequence of the state that the device had when it made the change; 0 for a record new to the hub. */
  base: z.number().int().min(0),
  /** Field → [old, new]. Derived fields and stamps are not sent. */
  fields: z.record(z.string().max(64), z.tuple([columnValueSchema, columnValueSchema])),
  /** Outline before and after; absent when the outline did not change. */
  geometry: z.object({ from: base64.nullable(), to: base64.nullable() }).optional(),
  /** The step of a person that the change belongs to. `at` is the laptop's clock: shown, never used to decide. */
  edit: z.object({
    id,
    label: z.string().max(200),
    user: z.string().max(200),
    role: z.string().max(40).optional(),
    at: z.string().max(40),
    reason: z.string().max(1000).nullable(),
  }),
  /** Set on the patch by which a person decided a conflict; with `theirs` the patch changes no field. */
  resolves: z.object({ conflict: id, take: z.enum(['mine', 'theirs', 'other']) }).optional(),
})
export type SyncPatch = z.infer<typeof patchSchema>

export const rowSchema = z.object({
  seq: z.number().int().min(1),
  entity: z.enum(ENTITY_NAMES),
  entity_id: id,
  deleted: z.boolean(),
  /** All stored fields in column form, without stamps, derived fields and outline. */
  fields: z.record(z.string(), columnValueSchema),
  geometry: base64.nullable(),
  /** Report unit that the row belongs to, or null for what everybody gets (units, campaign, boundary, rules). */
  unit: z.string().nullable(),
  /** Patch that made this state, its device and its author. */
  patch: z.object({
    id,
    device: id,
    user: z.string(),
    at: z.string(),
    label: z.string(),
    reason: z.string().nullable(),
  }),
})
export type SyncRow = z.infer<typeof rowSchema>

/** A row for a laptop that repairs a restored hub: with its state at that place (if it was there) and all later ones. */
export const repairRowSchema = rowSchema.extend({
  states: z
    .array(
      z.object({
        seq: z.number().int(),
        deleted: z.boolean(),
        fields: z.record(z.string(), columnValueSchema),
        geometry: base64.nullable(),
      }),
    )
    .optional(),
})
export type RepairRow = z.infer<typeof repairRowSchema>

export const conflictKindSchema = z.enum(['field', 'geometry', 'delete_edit', 'edit_delete', 'twin_code', 'reference'])
export type ConflictKind = z.infer<typeof conflictKindSchema>

/** Both values are kept. `theirs` is what the hub holds and stands for now, `mine` is what came later and did not. */
export const conflictSchema = z.object({
  id,
  seq: z.number().int(),
  entity: z.enum(ENTITY_NAMES),
  entity_id: id,
  /** Who gets it: as the row's unit when it was made. */
  unit: z.string().nullable(),
  kind: conflictKindSchema,
  /** The field, or null for outline, deletion and twins. */
  field: z.string().nullable(),
  base: columnValueSchema,
  mine: columnValueSchema,
  theirs: columnValueSchema,
  /** Outlines (base64) for `geometry`, `delete_edit` and `edit_delete`; otherwise absent. */
  geometry: z.object({ base: base64.nullable(), mine: base64.nullable(), theirs: base64.nullable() }).optional(),
  mine_by: z.object({ device: id, user: z.string(), at: z.string(), patch: id }),
  theirs_by: z.object({ device: id, user: z.string(), at: z.string(), patch: id }),
  /** Set once a person decided; the decision itself is an ordinary patch. */
  resolution: z
    .object({ take: z.enum(['mine', 'theirs', 'other']), user: z.string(), device: id, seq: z.number().int() })
    .nullable(),
})
export type SyncConflict = z.infer<typeof conflictSchema>

export const receiptSchema = z.object({
  patch: id,
  /**
   * `applied` as it is; `merged` beside parallel changes of other fields; `conflict` in part or whole: see `conflicts`;
   * `refused` for good (out of scope, unknown entity, invalid): the device keeps it and shows why.
   */
  status: z.enum(['applied', 'merged', 'conflict', 'refused']),
  seq: z.number().int().nullable(),
  conflicts: z.array(id),
  /** Fields that somebody else changed since `base` while this patch changed others: parallel, listed, not hidden. */
  parallel: z.array(z.string()),
  reason: z.string().nullable(),
})
export type SyncReceipt = z.infer<typeof receiptSchema>

/** GET /v1/hello (no token) */
export const helloSchema = z.object({
  name: z.string(),
  protocol: z.number(),
  oldest_protocol: z.number(),
  schema: z.number(),
  time: z.string(),
})

/**
 * POST /v1/enroll {code, device, name} → token, once; the hub stores only its hash. A hub holds one survey: that of the
 * first device enrolled for `all` (`survey`, `survey_name`). Everybody else learns it from the answer.
 */
export const enrollRequestSchema = z.object({
  code: z.string().min(4).max(64),
  device: id,
  name: z.string().max(200),
  survey: id.optional(),
  survey_name: z.string().max(200).optional(),
})
export const enrollResponseSchema = z.object({
  token: z.string(),
  survey: id,
  survey_name: z.string(),
  unit: z.string().nullable(),
  role: z.string(),
})

/** POST /v1/push (Authorization: Bearer token) */
export const pushRequestSchema = z.object({
  protocol: z.number().int(),
  schema: z.number().int(),
  survey: id,
  patches: z.array(patchSchema).max(LIMITS.patchesPerPush),
})
export const pushResponseSchema = z.object({ receipts: z.array(receiptSchema), head: z.number().int() })

/**
 * POST /v1/relay, for laptops of the county only: patches of another laptop that came in a bundle. A laptop that the hub
 * does not know is let in for `unit` without a token; of a known one the hub's own unit counts.
 */
export const relayRequestSchema = pushRequestSchema.extend({
  device: z.object({ id, name: z.string().max(200), unit: z.string().min(1).max(20) }),
})

/**
 * GET /v1/pull?survey=&since=&limit= ; rows in order of seq, only the newest state of a record in one page run. With
 * `lost_after=` rows beyond that place also say what they were there and since (`states`).
 */
export const pullResponseSchema = z.object({
  rows: z.array(repairRowSchema),
  conflicts: z.array(conflictSchema),
  /** Pass as `since` next time. */
  cursor: z.number().int(),
  head: z.number().int(),
  more: z.boolean(),
})

/** GET /v1/status → what the hub knows of this device. */
export const statusResponseSchema = z.object({
  device: id,
  unit: z.string().nullable(),
  role: z.string(),
  last_device_seq: z.number().int(),
  head: z.number().int(),
  open_conflicts: z.number().int(),
  /** Every time the hub was put back to an older state, oldest first: what came after `head` then, it lost. */
  restores: z.array(z.object({ id, head: z.number().int().min(0) })).default([]),
})

/** An attachment: `<sha256>` for the original, `<sha256>.thumb` for the small picture made of it. */
export const FILE_ID = /^([0-9a-f]{64})(\.thumb)?$/

/**
 * POST /v1/known-files → which of them the hub has whole and this device may get, in the order asked. What another unit's
 * records name is as unknown as what nobody has. The files themselves go by tus (hub/http/file-routes.ts).
 */
export const knownFilesRequestSchema = z.object({
  ids: z.array(z.string().regex(FILE_ID)).max(LIMITS.filesPerQuestion),
})
export const knownFilesResponseSchema = z.object({ known: z.array(z.string().regex(FILE_ID)) })

/** Every refusal of the hub: HTTP status and this body. Codes are closed; `message` is Chinese and fit to be shown. */
export const HUB_ERRORS = {
  bad_request: 400,
  unauthorized: 401,
  revoked: 403,
  out_of_scope: 403,
  not_found: 404,
  enroll_code_invalid: 403,
  gap: 409,
  wrong_survey: 409,
  too_old: 426,
  too_new: 426,
  too_large: 413,
  rate_limited: 429,
  busy: 503,
  internal: 500,
} as const
export const hubErrorSchema = z.object({ code: z.string(), message: z.string(), retry_after_s: z.number().optional() })
