/** The asking side of assets. Apart from `assets.ts`, so that checking stays out of the window's first code. */
import type { AssetRequest } from './assets.ts'

/** The path of an asset in the browser host. */
export function assetPath(request: AssetRequest): string {
  return request.kind === 'photo'
    ? `/pictures/photo/${request.id}/${request.variant}`
    : `/pictures/basemap/${request.source}/${request.z}/${request.x}/${request.y}`
}
