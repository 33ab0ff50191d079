/**
 * Pictures travel outside the RPC like tiles: over a port of their own in the desktop, by GET in the browser host. A
 * request names records, never files; what cannot be shown answers with null, which is no error.
 */
import { z } from 'zod'

export const assetRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('photo'),
    id: z.string().regex(/^[0-9a-zA-Z-]{1,64}$/),
    variant: z.enum(['thumbnail', 'original']),
  }),
  z.object({
    kind: z.literal('basemap'),
    source: z.string().regex(/^[0-9a-f-]{1,64}$/),
    z: z.number().int().min(0).max(24),
    x: z.number().int().min(0),
    y: z.number().int().min(0),
  }),
])
export type AssetRequest = z.infer<typeof assetRequestSchema>

export interface Asset {
  readonly bytes: Uint8Array
  /** A picture type or `application/x-protobuf`; never anything a browser would run. */
  readonly type: string
}

/** The request of a path, or null when it is none. */
export function parseAssetPath(path: string): AssetRequest | null {
  const photo = /^\/pictures\/photo\/([^/?]+)\/([^/?]+)$/.exec(path)
  const tile = /^\/pictures\/basemap\/([^/?]+)\/(\d{1,2})\/(\d{1,8})\/(\d{1,8})$/.exec(path)
  const parsed = assetRequestSchema.safeParse(
    photo
      ? { kind: 'photo', id: photo[1], variant: photo[2] }
      : tile && { kind: 'basemap', source: tile[1], z: Number(tile[2]), x: Number(tile[3]), y: Number(tile[4]) },
  )
  return parsed.success ? parsed.data : null
}
