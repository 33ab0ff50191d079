/** A file of map tiles, opened in place: MBTiles or PMTiles v3 with pictures. What cannot be shown is refused in words. */
import { type FileHandle, open } from 'node:fs/promises'
import { PMTiles, type RangeResponse, TileType } from 'pmtiles'
import type { Asset } from '../../shared/contract/assets.ts'
import type { Basemap } from '../../shared/contract/basemaps.ts'
import { AppError } from '../../shared/contract/errors.ts'
import type { Box } from '../../shared/geometry/types.ts'
import { openForeignTiles } from '../db/foreign-tiles.ts'

export interface TileFile {
  readonly format: NonNullable<Basemap['format']>
  readonly name: string | undefined
  readonly minZoom: number
  readonly maxZoom: number
  readonly box: Box | null
  tile(z: number, x: number, y: number): Promise<Asset | null>
  close(): void
}

const MAX_ZOOM = 24
/** A tile is some kilobytes; anything like this is damage. */
const MAX_TILE_BYTES = 16 * 1024 ** 2

/** The picture type by content; undefined for anything else. */
export function tileType(bytes: Uint8Array): string | undefined {
  const ascii = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg'
  if (ascii(1, 4) === 'PNG') return 'image/png'
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp'
  return undefined
}

/** Opens by content, not by name. Throws `file_unreadable` or `refused` with a reason for people. */
export async function openTileFile(file: string): Promise<TileFile> {
  const handle = await open(file, 'r')
  let kept = false
  try {
    const head = new Uint8Array(16)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    if (bytesRead === 0) throw new AppError('file_unreadable', '底图文件是空的', { reason: 'basemap_empty' })
    const magic = String.fromCharCode(...head)
    if (magic.startsWith('SQLite format 3')) return openMbtiles(file)
    if (magic.startsWith('PMTiles')) {
      if (head[7] !== 3)
        throw new AppError('refused', 'PMTiles 版本不是 3,请重新制作', { reason: 'basemap_old_pmtiles' })
      const tiles = await openPmtiles(handle, file)
      kept = true
      return tiles
    }
    throw new AppError('refused', '只能打开 MBTiles 或 PMTiles 栅格底图', { reason: 'basemap_unknown' })
  } finally {
    if (!kept) await handle.close()
  }
}

function refuseVector(): never {
  throw new AppError('refused', '这是矢量底图,目前只能显示栅格底图', { reason: 'basemap_vector' })
}

function openMbtiles(file: string): TileFile {
  const tiles = openForeignTiles(file)
  try {
    if (!tileType(tiles.sample)) refuseVector()
    if (tiles.minZoom < 0 || tiles.maxZoom > MAX_ZOOM) throw damaged(undefined)
    return {
      format: 'mbtiles',
      name: tiles.metadata.get('name'),
      minZoom: tiles.minZoom,
      maxZoom: tiles.maxZoom,
      box: boxOfText(tiles.metadata.get('bounds')),
      async tile(z, x, y) {
        return assetOf(tiles.tile(z, x, y))
      },
      close: () => tiles.close(),
    }
  } catch (error) {
    tiles.close()
    throw error
  }
}

async function openPmtiles(handle: FileHandle, key: string): Promise<TileFile> {
  const archive = new PMTiles({
    getKey: () => key,
    async getBytes(offset, length): Promise<RangeResponse> {
      if (!(length <= MAX_TILE_BYTES)) throw damaged(undefined)
      const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset)
      // The first read asks for more than a small file has; a header without its directories fails later.
      if (bytesRead === 0) throw damaged(undefined)
      return { data: buffer.buffer.slice(0, bytesRead) as ArrayBuffer }
    },
  })
  try {
    const header = await archive.getHeader()
    if (header.tileType === TileType.Mvt || header.tileType === TileType.Mlt) refuseVector()
    const { size } = await handle.stat()
    const end = Math.max(
      header.tileDataOffset + (header.tileDataLength ?? 0),
      header.leafDirectoryOffset + (header.leafDirectoryLength ?? 0),
    )
    if (size < end || header.maxZoom > MAX_ZOOM || header.minZoom > header.maxZoom) throw damaged(undefined)
    const metadata = (await archive.getMetadata().catch(() => undefined)) as { name?: unknown } | undefined
    return {
      format: 'pmtiles',
      name: typeof metadata?.name === 'string' ? metadata.name : undefined,
      minZoom: header.minZoom,
      maxZoom: header.maxZoom,
      box: plausibleBox([header.minLon, header.minLat, header.maxLon, header.maxLat]),
      async tile(z, x, y) {
        const found = await archive.getZxy(z, x, y)
        return found ? assetOf(new Uint8Array(found.data)) : null
      },
      close: () => void handle.close(),
    }
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error)
  }
}

function assetOf(bytes: Uint8Array | undefined): Asset | null {
  const type = bytes && tileType(bytes)
  // Only pictures leave the service, whatever a file says it holds.
  return bytes && type ? { bytes, type } : null
}

function boxOfText(text: string | undefined): Box | null {
  return plausibleBox((text ?? '').split(',').map(Number))
}

function plausibleBox(numbers: readonly number[]): Box | null {
  const [west, south, east, north] = numbers
  if (west === undefined || south === undefined || east === undefined || north === undefined) return null
  const isBox = west >= -180 && east <= 180 && south >= -90 && north <= 90 && west < east && south < north
  return isBox ? [west, south, east, north] : null
}

function damaged(cause: unknown): AppError {
  return new AppError('file_unreadable', '底图文件不完整或已损坏', { reason: 'basemap_damaged' }, { cause })
}
