/** The asked side of tile addresses. Apart from `tile-address.ts`, so that checking stays out of the window's first code. */
import { type TileRequest, tileRequestSchema } from '../contract/tiles.ts'

/** The request of a path (with its query), or null when it is no tile address. */
export function parseTilePath(path: string): TileRequest | null {
  const match = /^\/tiles\/([^/?]+)\/(\d{1,2})\/(\d{1,8})\/(\d{1,8})\?r=(\d{1,15})$/.exec(path)
  if (!match) return null
  const [, layer, z, x, y, revision] = match as unknown as [string, string, string, string, string, string]
  const parsed = tileRequestSchema.safeParse({
    layer: decodeLayer(layer),
    z: Number(z),
    x: Number(x),
    y: Number(y),
    revision: Number(revision),
  })
  return parsed.success ? parsed.data : null
}

function decodeLayer(layer: string): string {
  try {
    return decodeURIComponent(layer)
  } catch {
    return ''
  }
}
