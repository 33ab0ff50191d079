/**
 * What stands in a bundle: the hub's own messages, carried by hand. A *return* brings a laptop's patches to the county, a
 * *package* brings rows, conflicts and receipts from the county to a laptop. A bundle is written once and never changed;
 * the hub stays the one place that gives numbers, so reading a bundle twice, or late, changes nothing.
 */
import { z } from 'zod'

export const BUNDLE_FORMAT = 1

/** Refused beyond this, before anything is unpacked further. */
export const BUNDLE_LIMITS = {
  fileBytes: 4 * 1024 ** 3,
  entries: 100_000,
  /** One entry, packed and unpacked. */
  packedBytes: 64 * 1024 * 1024,
  rawBytes: 128 * 1024 * 1024,
  totalRawBytes: 16 * 1024 ** 3,
} as const

const id = z.string().min(1).max(64)
const count = z.number().int().min(0)

export const bundleEntrySchema = z.object({
  name: z.string().regex(/^(rows|patches|conflicts|receipts)\/\d{6}\.json$/),
  packed: count.max(BUNDLE_LIMITS.packedBytes),
  raw: count.max(BUNDLE_LIMITS.rawBytes),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BundleEntry = z.infer<typeof bundleEntrySchema>

export const bundleManifestSchema = z.object({
  format: z.number().int(),
  protocol: z.number().int(),
  schema: z.number().int(),
  kind: z.enum(['return', 'package']),
  id,
  /** Running number of this sender for this receiver, from 1. */
  number: z.number().int().min(1),
  survey: id,
  survey_name: z.string().max(200),
  /** Unit of the laptop that the bundle comes from or goes to. */
  unit: z.string().max(20).nullable(),
  /** The county's permission by which a laptop without network was let in; null for laptops enrolled at the hub. */
  grant: id.nullable(),
  device: id,
  device_name: z.string().max(200),
  user: z.string().max(200),
  /** The clock of the laptop that wrote it: shown, never used to decide. */
  created_at: z.string().max(40),
  /** Package: rows after `since` up to `cursor`. Return: what the laptop has (`cursor`), its patches `first`…`last`. */
  since: count,
  cursor: count,
  first: count,
  last: count,
  counts: z.object({ rows: count, patches: count, conflicts: count, receipts: count }),
  /** Settings that every laptop of the survey must share, so that areas and guards are the same. */
  settings: z.record(z.string().max(40), z.unknown()).default({}),
  entries: z.array(bundleEntrySchema).max(BUNDLE_LIMITS.entries),
})
export type BundleManifest = z.infer<typeof bundleManifestSchema>
