/** Basemaps under a sheet: each tile laid into the plane by the places of its corners. */
import type { Asset } from '../../../shared/contract/assets.ts'
import { fromGcj02 } from '../../../shared/geometry/gcj02.ts'
import type { Box } from '../../../shared/geometry/types.ts'
import type { TileGrid } from '../../../shared/tiles/online-address.ts'
import { tileLatitude, tileLongitude } from '../../../shared/tiles/tile-address.ts'
import { countOf, tileRange, tilesOf } from '../../../shared/tiles/tile-area.ts'
import type { JobControl } from '../../boundary/job-stream.ts'
import { MOST_PATH_CHARACTERS, tooMuch, type VectorName, vectorShapes } from './vector-basemap.ts'

export interface SheetSource {
  readonly id: string
  readonly name: string
  readonly kind: 'raster' | 'vector' | null
  readonly grid: TileGrid
  readonly min_zoom: number
  readonly max_zoom: number
  readonly opacity: number
  readonly gcj02: boolean
}

/** The basemaps that are switched on, undermost first, and their tiles. */
export interface SheetTiles {
  sources(): Promise<readonly SheetSource[]>
  tile(id: string, z: number, x: number, y: number): Promise<Asset | null>
}

/** About 150 dots per inch: finer is not seen on paper and makes files large. */
const DOT_MM = 0.17
const TILE_PX = 256
const MOST_TILES = 240
/** Vector tiles hold more, and can be enlarged. */
const MOST_VECTOR_TILES = 60
const PARENTS = 3
/** GCJ-02 shifts by up to 700 m. */
const SHIFT_DEGREES = 0.008
const EQUATOR_M = 40_075_016.7

export interface SheetBasemap {
  readonly shapes: string
  /** Of vector sources; the most important first. */
  readonly names: readonly VectorName[]
}

/**
 * SVG of every source, coarse tiles first where fine ones are blank, and the names of vector sources.
 * @param toPaper lng/lat degrees to millimetres of the sheet
 */
export async function basemapShapes(
  tiles: SheetTiles,
  box: Readonly<Box>,
  scale: number,
  toPaper: (lng: number, lat: number) => readonly [number, number],
  control: JobControl,
): Promise<SheetBasemap> {
  const shapes: string[] = []
  const names: VectorName[] = []
  for (const [index, source] of (await tiles.sources()).entries()) {
    const place = { box, scale, toPaper }
    if (source.kind === 'vector') {
      const drawn = await sourcePaths(tiles, source, place, `b${index}`, control)
      if (drawn.svg !== '') shapes.push(`<g opacity="${source.opacity}">${drawn.svg}</g>`)
      names.push(...drawn.names)
      continue
    }
    const images = await sourceImages(tiles, source, box, scale, toPaper, control)
    if (images.length > 0) shapes.push(`<g opacity="${source.opacity}">${images.join('')}</g>`)
  }
  return { shapes: shapes.join(''), names: names.sort((a, b) => a.weight - b.weight) }
}

/** The level that a source is drawn at, what it would be without the source's limits, and its tiles. */
function levelFor(source: SheetSource, box: Readonly<Box>, scale: number, most: number) {
  const around = source.gcj02 ? SHIFT_DEGREES : 0
  const area: Box = [box[0] - around, box[1] - around, box[2] + around, box[3] + around]
  const lat = ((box[1] + box[3]) / 2) * (Math.PI / 180)
  const metresPerDot = (DOT_MM * scale) / 1000
  const wanted = Math.ceil(Math.log2((EQUATOR_M * Math.cos(lat)) / TILE_PX / metresPerDot))
  let z = Math.max(source.min_zoom, Math.min(source.max_zoom, wanted))
  while (z > source.min_zoom && countOf(tileRange(source.grid, area, z)) > most) z -= 1
  const range = tileRange(source.grid, area, z)
  return { z, wanted, range, isTooMany: countOf(range) > most }
}

/** As `sourceImages`; what a blank tile's parent shows in its place is clipped to that place. */
async function sourcePaths(
  tiles: SheetTiles,
  source: SheetSource,
  { box, scale, toPaper }: { box: Readonly<Box>; scale: number; toPaper: Parameters<typeof basemapShapes>[3] },
  id: string,
  control: JobControl,
): Promise<{ svg: string; names: VectorName[] }> {
  const { z, wanted, range, isTooMany } = levelFor(source, box, scale, MOST_VECTOR_TILES)
  if (isTooMany) return { svg: '', names: [] }
  const names: VectorName[] = []
  let svg = ''
  for (const { x, y } of tilesOf([range])) {
    await control.checkpoint()
    for (let level = z, tries = 0; level >= source.min_zoom && tries <= PARENTS; level--, tries++) {
      const squares = 2 ** (z - level)
      const asset = await tiles
        .tile(source.id, level, Math.floor(x / squares), Math.floor(y / squares))
        .catch(() => null)
      if (asset?.type !== 'application/x-protobuf') continue
      const corner = cornerOf(source, z, toPaper)
      const part = {
        left: (x % squares) / squares,
        top: (y % squares) / squares,
        side: 1 / squares,
        corners: [corner(x, y), corner(x + 1, y), corner(x, y + 1)],
      } as const
      const drawn = shapesOrNothing(asset.bytes, Math.max(z, wanted), part, `${id}-${x}-${y}`)
      if (!drawn) continue
      svg += drawn.svg
      names.push(...drawn.names)
      break
    }
    if (svg.length > MOST_PATH_CHARACTERS) throw tooMuch(source.name)
  }
  return { svg, names }
}

/** A tile that cannot be read is a blank one, as on the screen. */
function shapesOrNothing(...given: Parameters<typeof vectorShapes>): ReturnType<typeof vectorShapes> | undefined {
  try {
    return vectorShapes(...given)
  } catch {
    return undefined
  }
}

async function sourceImages(
  tiles: SheetTiles,
  source: SheetSource,
  box: Readonly<Box>,
  scale: number,
  toPaper: (lng: number, lat: number) => readonly [number, number],
  control: JobControl,
): Promise<string[]> {
  const { z, range, isTooMany } = levelFor(source, box, scale, MOST_TILES)
  if (isTooMany) return []
  const images: { z: number; image: string }[] = []
  const asked = new Set<string>()
  for (const { x, y } of tilesOf([range])) {
    await control.checkpoint()
    for (let level = z, tries = 0; level >= source.min_zoom && tries <= PARENTS; level--, tries++) {
      const [column, row] = [x >> (z - level), y >> (z - level)]
      const key = `${level}/${column}/${row}`
      if (asked.has(key)) break
      // A tile that cannot be read is a blank one, as on the screen.
      const asset = await tiles.tile(source.id, level, column, row).catch(() => null)
      if (!asset || !/^image\/(png|jpeg|webp)$/.test(asset.type)) continue
      asked.add(key)
      images.push({ z: level, image: imageOf(asset, source, level, column, row, toPaper) })
      break
    }
  }
  return images.sort((a, b) => a.z - b.z).map(({ image }) => image)
}

function imageOf(
  { bytes, type }: Asset,
  source: SheetSource,
  z: number,
  x: number,
  y: number,
  toPaper: (lng: number, lat: number) => readonly [number, number],
): string {
  const corner = cornerOf(source, z, toPaper)
  const [left, top] = corner(x, y)
  const right = corner(x + 1, y)
  const low = corner(x, y + 1)
  const matrix = [right[0] - left, right[1] - top, low[0] - left, low[1] - top, left, top].map(n => n.toFixed(4))
  const data = Buffer.from(bytes).toString('base64')
  // A hair larger than the tile: no light between two of them.
  return `<image width="1.003" height="1.003" preserveAspectRatio="none" transform="matrix(${matrix.join(' ')})" href="data:${type};base64,${data}"/>`
}

/** Where the corners of a source's tiles at `z` lie on the paper. */
function cornerOf(
  { gcj02, grid }: SheetSource,
  z: number,
  toPaper: (lng: number, lat: number) => readonly [number, number],
): (column: number, row: number) => readonly [number, number] {
  return (column, row) => {
    const lat = grid === 'geographic' ? 90 - (row * 360) / 2 ** z : tileLatitude(row, z)
    const place: readonly [number, number] = [tileLongitude(column, z), lat]
    return toPaper(...(gcj02 ? fromGcj02(...place) : place))
  }
}
