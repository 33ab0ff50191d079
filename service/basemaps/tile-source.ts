/** What every kind of tile file answers, and how one says that it is broken. */
import type { Asset } from '../../shared/contract/assets.ts'
import type { Basemap } from '../../shared/contract/basemaps.ts'
import { AppError } from '../../shared/contract/errors.ts'
import type { Box } from '../../shared/geometry/types.ts'

export interface TileFile {
  readonly format: NonNullable<Basemap['format']>
  readonly kind: NonNullable<Basemap['kind']>
  /** What a GeoTIFF lies in; Web Mercator for tiles. */
  readonly crs: string
  /** Chinese web maps come this way: whether it is one has to be asked. */
  readonly mayBeShifted: boolean
  /** What people should know about it. */
  readonly note: Basemap['note']
  readonly name: string | undefined
  readonly minZoom: number
  readonly maxZoom: number
  readonly box: Box | null
  tile(z: number, x: number, y: number): Promise<Asset | null>
  close(): void
}

export const MAX_ZOOM = 24
export function damaged(cause: unknown): AppError {
  return new AppError('file_unreadable', '底图文件不完整或已损坏', { reason: 'basemap_damaged' }, { cause })
}
