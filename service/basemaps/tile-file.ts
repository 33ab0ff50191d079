/** A file of map tiles, opened in place: MBTiles or PMTiles v3, pictures or vector tiles, or a GeoTIFF. What cannot be shown is refused in words. */
import { type FileHandle, open } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { PMTiles, type RangeResponse, TileType } from 'pmtiles'
import type { Asset } from '../../shared/contract/assets.ts'
import { AppError } from '../../shared/contract/errors.ts'
import type { Box } from '../../shared/geometry/types.ts'
import { openForeignTiles } from '../db/foreign-tiles.ts'
import { openGeotiff } from './geotiff/geotiff-file.ts'
import { damaged, MAX_ZOOM, type TileFile } from './tile-source.ts'

/** A tile is some kilobytes; anything like this is damage. */
const MAX_TILE_BYTES = 16 * 1024 ** 2

const VECTOR_TILE = 'application/x-protobuf'

/** The picture type by content; undefined for anything else. */
export function tileType(bytes: Uint8Array): string | undefined {
  const ascii = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg'
  if (ascii(1, 4) === 'PNG') return 'image/png'
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp'
  return undefined
}

/** Opens by content, not by name; `crs` is a person's word for a GeoTIFF that does not say. Throws `file_unreadable` or `refused` with a reason for people. */
export async function openTileFile(file: string, crs: string | null = null): Promise<TileFile> {
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
        throw new AppError('refused', 'PMTiles 版本不是 3，请重新制作', { reason: 'basemap_old_pmtiles' })
      const tiles = await openPmtiles(handle, file)
      kept = true
      return tiles
    }
    // TIFF and BigTIFF, either byte order.
    if (/^(II[*+]\0|MM\0[*+])/.test(magic)) return await openGeotiff(file, crs)
    throw new AppError('refused', '内容不是 MBTiles、PMTiles 或 GeoTIFF 底图，或已损坏', { reason: 'basemap_unknown' })
  } finally {
    if (!kept) await handle.close()
  }
}

const TILES = { crs: 'EPSG:3857', mayBeShifted: true, note: null } as const

function openMbtiles(file: string): TileFile {
  const tiles = openForeignTiles(file)
  try {
    const isVector = !tileType(tiles.sample)
    if (isVector && !isVectorTile(tiles.sample)) throw damaged(undefined)
    if (tiles.minZoom < 0 || tiles.maxZoom > MAX_ZOOM) throw damaged(undefined)
    return {
      ...TILES,
      format: 'mbtiles',
      kind: isVector ? 'vector' : 'raster',
      name: tiles.metadata.get('name'),
      minZoom: tiles.minZoom,
      maxZoom: tiles.maxZoom,
      box: boxOfText(tiles.metadata.get('bounds')),
      async tile(z, x, y) {
        return assetOf(tiles.tile(z, x, y), isVector)
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
    if (header.tileType === TileType.Mlt)
      throw new AppError('refused', '不支持 MLT 矢量图块，请转为 MVT', { reason: 'basemap_mlt' })
    const isVector = header.tileType === TileType.Mvt
    const { size } = await handle.stat()
    const end = Math.max(
      header.tileDataOffset + (header.tileDataLength ?? 0),
      header.leafDirectoryOffset + (header.leafDirectoryLength ?? 0),
    )
    if (size < end || header.maxZoom > MAX_ZOOM || header.minZoom > header.maxZoom) throw damaged(undefined)
    const metadata = (await archive.getMetadata().catch(() => undefined)) as { name?: unknown } | undefined
    return {
      ...TILES,
      format: 'pmtiles',
      kind: isVector ? 'vector' : 'raster',
      name: typeof metadata?.name === 'string' ? metadata.name : undefined,
      minZoom: header.minZoom,
      maxZoom: header.maxZoom,
      box: plausibleBox([header.minLon, header.minLat, header.maxLon, header.maxLat]),
      async tile(z, x, y) {
        const found = await archive.getZxy(z, x, y)
        return found ? assetOf(new Uint8Array(found.data), isVector) : null
      },
      close: () => void handle.close(),
    }
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error)
  }
}

/** Only pictures and vector tiles leave the service, whatever a file says it holds; anything else is a blank tile. */
function assetOf(bytes: Uint8Array | undefined, isVector: boolean): Asset | null {
  if (!bytes) return null
  if (isVector) {
    const plain = unzipped(bytes)
    return plain && plain.length > 0 ? { bytes: plain, type: VECTOR_TILE } : null
  }
  const type = tileType(bytes)
  return type ? { bytes, type } : null
}

function unzipped(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: MAX_TILE_BYTES }))
  } catch {
    return undefined
  }
}

/** A vector tile begins with a layer (field 3) when it holds anything. */
function isVectorTile(bytes: Uint8Array): boolean {
  return unzipped(bytes)?.[0] === 0x1a
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
