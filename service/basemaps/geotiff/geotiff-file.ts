/**
 * A GeoTIFF or COG as map tiles: opened in place, each tile laid into Web Mercator from the overview that just suffices.
 * Without overviews a large picture is shown from the zoom on where a tile needs no more than a few million pixels.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { fromFile, type GeoTIFFImage } from 'geotiff'
import { AppError, isAppError } from '../../../shared/contract/errors.ts'
import type { Box } from '../../../shared/geometry/types.ts'
import { tileLatitude, tileLongitude } from '../../../shared/tiles/tile-address.ts'
import { encodePng } from '../png.ts'
import { damaged, MAX_ZOOM, type TileFile } from '../tile-source.ts'
import { createBlockCache } from './block-cache.ts'
import { colouringOf, readColours } from './pixels.ts'
import { type RasterCrs, rasterCrs } from './raster-crs.ts'

const TILE_PX = 256
/** A tile reads at most eight pixels of the file for one of its own, in each direction. */
const MOST_REDUCTION = 8
const MOST_WINDOW_PX = 4096 * 4096
const MOST_BLOCK_BYTES = 256 * 1024 ** 2
const EQUATOR_M = 40_075_016.7
/** Of all open pictures together. */
const KEPT_BLOCK_BYTES = 64 * 1024 ** 2
const blocks = createBlockCache(KEPT_BLOCK_BYTES)
let lastFile = 0
/** None, LZW, JPEG, Deflate (two numbers), PackBits, LERC, Zstandard. */
const COMPRESSIONS = new Set([1, 5, 7, 8, 32946, 32773, 34887, 50000])

/** Pixel → x, y: x = a·column + b·row + c, y = d·column + e·row + f. */
type Affine = readonly [number, number, number, number, number, number]

interface Level {
  readonly image: GeoTIFFImage
  readonly width: number
  readonly height: number
  /** Pixels of the full image for one of this. */
  readonly factor: number
}

/** `crs` is what a person chose where the file does not say; throws `refused` or `file_unreadable` with a reason. */
export async function openGeotiff(file: string, crs: string | null): Promise<TileFile> {
  let tiff: Awaited<ReturnType<typeof fromFile>> | undefined
  try {
    tiff = await fromFile(file)
    const opened = tiff
    const first = await opened.getImage(0)
    check(first)
    await checkEnd(first, statSync(file).size)
    const keys = first.getGeoKeys() as Record<string, unknown> | null
    const affine = await affineOf(first, keys, file)
    const system = rasterCrs(keys, crs)
    const levels = await levelsOf(opened, first)
    const name = `${++lastFile}/`
    for (const [index, { image }] of levels.entries()) blocks.attach(image, `${name}${index}`)
    const coarsest = levels.at(-1)!
    const colouring = await colouringOf(first, coarsest.image)
    const { width, height } = levels[0]!
    const box = boxOf(affine, system, width, height)
    const cosine = Math.cos(((box[1] + box[3]) / 2) * (Math.PI / 180))
    const metres = ((box[2] - box[0]) * cosine * (EQUATOR_M / 360)) / width
    const zoomFor = (metresPerPixel: number): number => Math.log2((EQUATOR_M * cosine) / TILE_PX / metresPerPixel)
    const maxZoom = Math.max(0, Math.min(MAX_ZOOM, Math.ceil(zoomFor(metres) - 0.01)))
    const isSmall = coarsest.width * coarsest.height <= 2048 * 2048
    const minZoom = isSmall
      ? 0
      : Math.max(0, Math.min(maxZoom, Math.ceil(zoomFor(metres * coarsest.factor * MOST_REDUCTION))))
    return {
      format: 'geotiff',
      kind: 'raster',
      crs: system.id,
      // Chinese web maps are in Web Mercator or degrees; nobody shifts a surveyor's plane.
      mayBeShifted: system.kind === 'web_mercator',
      note: minZoom === 0 ? null : { reason: 'basemap_no_overviews', values: { zoom: minZoom } },
      name: basename(file),
      minZoom,
      maxZoom,
      box,
      async tile(z, x, y) {
        const rgba = await warp(levels, affine, system, box, colouring, z, x, y)
        return rgba ? { bytes: encodePng(rgba, TILE_PX, TILE_PX), type: 'image/png' } : null
      },
      close() {
        blocks.forget(name)
        void opened.close()
      },
    }
  } catch (error) {
    void tiff?.close()
    throw isAppError(error) ? error : damaged(error)
  }
}

function check(image: GeoTIFFImage): void {
  const compression = image.getFileDirectory().getValue('Compression') ?? 1
  if (!COMPRESSIONS.has(compression)) {
    throw new AppError('refused', `不支持此 GeoTIFF 的压缩方式(${compression})，请转为 Deflate 或 JPEG`, {
      reason: 'basemap_compression',
      values: { compression },
    })
  }
  if (!(image.getWidth() > 0 && image.getHeight() > 0)) throw damaged(undefined)
  const block = image.getTileWidth() * image.getTileHeight() * image.getBytesPerPixel()
  if (!(block <= MOST_BLOCK_BYTES)) {
    throw new AppError('refused', 'GeoTIFF 没有分块且过大，请转为 COG(gdal_translate -of COG)后再打开', {
      reason: 'basemap_not_tiled',
    })
  }
}

/** A file cut off in the middle still has its header, but not the last block that it names. */
async function checkEnd(image: GeoTIFFImage, size: number): Promise<void> {
  const directory = image.getFileDirectory()
  const tag = directory.hasTag('TileOffsets') ? 'Tile' : 'Strip'
  const across = Math.ceil(image.getWidth() / image.getTileWidth())
  const last = across * Math.ceil(image.getHeight() / image.getTileHeight()) - 1
  const offset = Number(await directory.loadValueIndexed(`${tag}Offsets`, last))
  const bytes = Number(await directory.loadValueIndexed(`${tag}ByteCounts`, last))
  if (!(offset + bytes <= size)) throw damaged(undefined)
}

async function affineOf(image: GeoTIFFImage, keys: Record<string, unknown> | null, file: string): Promise<Affine> {
  const directory = image.getFileDirectory()
  const matrix = (await directory.loadValue('ModelTransformation')) as ArrayLike<number> | undefined
  const scale = (await directory.loadValue('ModelPixelScale')) as ArrayLike<number> | undefined
  const tie = (await directory.loadValue('ModelTiepoint')) as ArrayLike<number> | undefined
  // Where pixels are points, the corner of the picture lies half a pixel off.
  const half = keys?.['GTRasterTypeGeoKey'] === 2 ? 0.5 : 0
  let affine: Affine | undefined
  if (scale && tie && tie.length >= 6) {
    const [i, j, , x, y] = Array.from(tie) as [number, number, number, number, number]
    const [sx, sy] = [scale[0]!, scale[1]!]
    affine = [sx, 0, x - (i + half) * sx, 0, -sy, y + (j + half) * sy]
  } else if (matrix && matrix.length === 16) {
    const [a, b, c, d, e, f] = [matrix[0]!, matrix[1]!, matrix[3]!, matrix[4]!, matrix[5]!, matrix[7]!]
    affine = [a, b, c - half * (a + b), d, e, f - half * (d + e)]
  } else affine = worldFile(file)
  const isTold = ['ModelTransformation', 'ModelPixelScale', 'ModelTiepoint'].some(tag =>
    directory.hasTag(tag as 'ModelTiepoint'),
  )
  if (!affine?.every(Number.isFinite) || affine[0] * affine[4] - affine[1] * affine[3] === 0) {
    // Bytes beyond the end of a cut file are read as zeros: told, and no place all the same.
    if (isTold) throw damaged(undefined)
    throw new AppError('refused', '这张图没有地理位置(无坐标信息，也没有同名 .tfw 文件)', {
      reason: 'basemap_no_position',
    })
  }
  return affine
}

/** The six lines of a world file beside the picture: a, d, b, e and the middle of the first pixel. */
function worldFile(file: string): Affine | undefined {
  const stem = file.replace(/\.[^.\\/]*$/, '')
  const found = ['.tfw', '.TFW', '.tifw', '.wld'].map(end => stem + end).find(existsSync)
  if (found === undefined) return undefined
  const [a, d, b, e, c, f] = readFileSync(found, 'latin1').slice(0, 4096).trim().split(/\s+/).map(Number)
  if (f === undefined) return undefined
  return [a!, b!, c! - (a! + b!) / 2, d!, e!, f - (d! + e!) / 2]
}

/** The image and its overviews, finest first; masks and other pages are left out. */
async function levelsOf(
  tiff: { getImageCount(): Promise<number>; getImage(index: number): Promise<GeoTIFFImage> },
  first: GeoTIFFImage,
): Promise<Level[]> {
  const levels: Level[] = [{ image: first, width: first.getWidth(), height: first.getHeight(), factor: 1 }]
  const count = Math.min(32, await tiff.getImageCount())
  for (let index = 1; index < count; index++) {
    const image = await tiff.getImage(index)
    const kind = Number(image.getFileDirectory().getValue('NewSubfileType') ?? 0)
    const [width, height] = [image.getWidth(), image.getHeight()]
    const factor = first.getWidth() / width
    const isSamePicture = Math.abs(first.getHeight() / height / factor - 1) < 0.1 || Math.min(width, height) < 16
    if ((kind & 1) === 1 && (kind & 4) === 0 && factor > 1 && isSamePicture)
      levels.push({ image, width, height, factor })
  }
  return levels.sort((a, b) => a.factor - b.factor)
}

function boxOf([a, b, c, d, e, f]: Affine, system: RasterCrs, width: number, height: number): Box {
  const edge: number[] = []
  for (let step = 0; step <= 16; step++) {
    const [u, v] = [(step / 16) * width, (step / 16) * height]
    for (const [column, row] of [
      [u, 0],
      [u, height],
      [0, v],
      [width, v],
    ] as const)
      edge.push(a * column + b * row + c, d * column + e * row + f)
  }
  const places = Float64Array.from(edge)
  system.toGeographic(places)
  const box: Box = [180, 90, -180, -90]
  for (let index = 0; index < places.length; index += 2) {
    box[0] = Math.min(box[0], places[index]!)
    box[1] = Math.min(box[1], places[index + 1]!)
    box[2] = Math.max(box[2], places[index]!)
    box[3] = Math.max(box[3], places[index + 1]!)
  }
  if (
    !(
      box[0] >= -180.001 &&
      box[2] <= 180.001 &&
      box[1] >= -90.001 &&
      box[3] <= 90.001 &&
      box[0] < box[2] &&
      box[1] < box[3]
    )
  ) {
    throw new AppError('refused', `底图坐标与坐标系 ${system.id} 不符，请重新选择坐标系`, {
      reason: 'basemap_crs_wrong',
      values: { crs: system.id },
    })
  }
  return box
}

/** The tile as RGBA, or null when the picture has nothing there. */
async function warp(
  levels: readonly Level[],
  [a, b, c, d, e, f]: Affine,
  system: RasterCrs,
  box: Readonly<Box>,
  colouring: Awaited<ReturnType<typeof colouringOf>>,
  z: number,
  x: number,
  y: number,
): Promise<Uint8Array | null> {
  const misses =
    tileLongitude(x, z) > box[2] ||
    tileLongitude(x + 1, z) < box[0] ||
    tileLatitude(y, z) < box[1] ||
    tileLatitude(y + 1, z) > box[3]
  if (misses) return null
  // Far out a plane is bent within a tile: every pixel is projected; near, every 16th and straight lines between.
  const step = z < 10 ? 1 : 16
  const side = TILE_PX / step + 1
  const grid = new Float64Array(side * side * 2)
  for (let row = 0, at = 0; row < side; row++) {
    const lat = tileLatitude(y + (row * step) / TILE_PX, z)
    for (let column = 0; column < side; column++, at += 2) {
      grid[at] = tileLongitude(x + (column * step) / TILE_PX, z)
      grid[at + 1] = lat
    }
  }
  // A plane means nothing far from its meridian; what lies well outside the picture is not asked.
  const margin = z < 10 ? 0.5 : 5
  const isFar = Array.from({ length: side * side }, (_, index) => {
    const [lng, lat] = [grid[index * 2]!, grid[index * 2 + 1]!]
    return lng < box[0] - margin || lng > box[2] + margin || lat < box[1] - margin || lat > box[3] + margin
  })
  system.fromGeographic(grid)
  const determinant = a * e - b * d
  for (let at = 0; at < grid.length; at += 2) {
    const [dx, dy] = [grid[at]! - c, grid[at + 1]! - f]
    grid[at] = isFar[at / 2] ? Number.NaN : (e * dx - b * dy) / determinant
    grid[at + 1] = isFar[at / 2] ? Number.NaN : (a * dy - d * dx) / determinant
  }
  const { width, height } = levels[0]!
  const window: [number, number, number, number] = [width, height, 0, 0]
  let ratio = Number.POSITIVE_INFINITY
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = (row * side + column) * 2
      const [u, v] = [grid[at]!, grid[at + 1]!]
      if (Number.isNaN(u)) continue
      if (column > 0 && !Number.isNaN(grid[at - 2]!))
        ratio = Math.min(ratio, Math.hypot(u - grid[at - 2]!, v - grid[at - 1]!) / step)
      window[0] = Math.min(window[0], u)
      window[1] = Math.min(window[1], v)
      window[2] = Math.max(window[2], u)
      window[3] = Math.max(window[3], v)
    }
  }
  const level = levels.filter(candidate => candidate.factor <= Math.max(1, ratio * 1.05)).at(-1) ?? levels[0]!
  const [kx, ky] = [level.width / width, level.height / height]
  const left = Math.max(0, Math.floor(window[0] * kx) - 1)
  const top = Math.max(0, Math.floor(window[1] * ky) - 1)
  const right = Math.min(level.width, Math.ceil(window[2] * kx) + 1)
  const bottom = Math.min(level.height, Math.ceil(window[3] * ky) + 1)
  if (!(right > left && bottom > top) || (right - left) * (bottom - top) > MOST_WINDOW_PX) return null
  const source = await readColours(level.image, [left, top, right, bottom], colouring)
  const rows = right - left
  const looks = Math.max(2, Math.min(4, Math.ceil(ratio / level.factor)))
  const out = new Uint8Array(TILE_PX * TILE_PX * 4)
  let isEmpty = true
  for (let row = 0; row < TILE_PX; row++) {
    for (let column = 0; column < TILE_PX; column++) {
      let [red, green, blue, alpha] = [0, 0, 0, 0]
      for (let look = 0; look < looks * looks; look++) {
        const gx = (column + ((look % looks) + 0.5) / looks) / step
        const gy = (row + (Math.floor(look / looks) + 0.5) / looks) / step
        const [ix, iy] = [Math.floor(gx), Math.floor(gy)]
        const [fx, fy] = [gx - ix, gy - iy]
        const at = (iy * side + ix) * 2
        const below = at + side * 2
        const u =
          (grid[at]! * (1 - fx) + grid[at + 2]! * fx) * (1 - fy) +
          (grid[below]! * (1 - fx) + grid[below + 2]! * fx) * fy
        const v =
          (grid[at + 1]! * (1 - fx) + grid[at + 3]! * fx) * (1 - fy) +
          (grid[below + 1]! * (1 - fx) + grid[below + 3]! * fx) * fy
        const [px, py] = [Math.floor(u * kx), Math.floor(v * ky)]
        if (!(px >= left && px < right && py >= top && py < bottom)) continue
        const from = ((py - top) * rows + px - left) * 4
        const weight = source[from + 3]!
        red += source[from]! * weight
        green += source[from + 1]! * weight
        blue += source[from + 2]! * weight
        alpha += weight
      }
      if (alpha === 0) continue
      isEmpty = false
      const to = (row * TILE_PX + column) * 4
      out[to] = Math.round(red / alpha)
      out[to + 1] = Math.round(green / alpha)
      out[to + 2] = Math.round(blue / alpha)
      out[to + 3] = Math.round(alpha / (looks * looks))
    }
  }
  return isEmpty ? null : out
}
