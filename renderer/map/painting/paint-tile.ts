/**
 * Paints one packed tile. The rules come from measurements with software rasterising: one colour at a time, 64 outlines a
 * path (one huge path is five times slower), strokes of one device pixel, tiny parcels straight into pixels.
 */
import { KIND_POLYGON, kindOf, type PackedTile, UNITS_PER_PX } from '../../../shared/tiles/packed-tile.ts'
import { TILE_SIZE_PX } from '../../../shared/tiles/tile-address.ts'
import type { PaintStyle } from './paint-style.ts'
import type { TilePart } from './painter-messages.ts'
import type { PaintGroup } from './tile-classes.ts'

const OUTLINES_PER_PATH = 64

/**
 * @param pixelRatio device pixels per CSS pixel of the tile, which is 512 CSS px wide.
 * @param part what of the tile the canvas shows: all of it, or a part without small parcels.
 */
export function paintTile(
  context: OffscreenCanvasRenderingContext2D,
  tile: PackedTile,
  groups: readonly PaintGroup[],
  style: PaintStyle,
  pixelRatio: number,
  part: TilePart,
): void {
  context.setTransform(1, 0, 0, 1, -part.left, -part.top)
  context.clearRect(part.left, part.top, part.width, part.height)
  const scale = pixelRatio / UNITS_PER_PX
  paintSmall(context, tile, groups, style, scale, TILE_SIZE_PX * pixelRatio)
  context.lineWidth = 1
  context.lineJoin = 'round'
  for (const group of groups) {
    const outlined = group.members.filter(index => kindOf(tile, index) === KIND_POLYGON)
    if (outlined.length > 0) paintOutlines(context, tile, outlined, group.code, style, scale, pixelRatio)
  }
}

function paintOutlines(
  context: OffscreenCanvasRenderingContext2D,
  tile: PackedTile,
  members: Uint32Array,
  code: string,
  style: PaintStyle,
  scale: number,
  pixelRatio: number,
): void {
  const colour = style.colours[code] ?? '#8c939c'
  const stripes = style.stripes?.code === code ? style.stripes.colours : null
  context.fillStyle = stripes ? stripePattern(context, stripes, pixelRatio) : colour
  context.strokeStyle = colour
  const finish = (rule: CanvasFillRule) => {
    context.globalAlpha = style.fillOpacity
    context.fill(rule)
    context.globalAlpha = 1
    context.stroke()
  }
  // Parcels with holes need even-odd, where overlapping neighbours in one path would cut holes into each other: one by one.
  const ringsOf = (index: number): number => tile.ringOfParcel[index + 1]! - tile.ringOfParcel[index]!
  const simple = members.filter(index => ringsOf(index) === 1)
  const holed = simple.length === members.length ? [] : members.filter(index => ringsOf(index) > 1)
  for (let from = 0; from < simple.length; from += OUTLINES_PER_PATH) {
    context.beginPath()
    const to = Math.min(simple.length, from + OUTLINES_PER_PATH)
    for (let i = from; i < to; i++) traceRing(context, tile, tile.ringOfParcel[simple[i]!]!, scale)
    finish('nonzero')
  }
  for (const index of holed) {
    context.beginPath()
    for (let ring = tile.ringOfParcel[index]!; ring < tile.ringOfParcel[index + 1]!; ring++) {
      traceRing(context, tile, ring, scale)
    }
    finish('evenodd')
  }
}

/** Always in the same turning direction, so that overlapping parcels of one path do not cancel each other. */
function traceRing(context: OffscreenCanvasRenderingContext2D, tile: PackedTile, ring: number, scale: number): void {
  const from = tile.vertexOfRing[ring]!
  const to = tile.vertexOfRing[ring + 1]!
  const { coords } = tile
  let area = 0
  for (let i = from, j = to - 1; i < to; j = i++) {
    area += coords[2 * j]! * coords[2 * i + 1]! - coords[2 * i]! * coords[2 * j + 1]!
  }
  const step = area < 0 ? -1 : 1
  const first = step === 1 ? from : to - 1
  context.moveTo(coords[2 * first]! * scale, coords[2 * first + 1]! * scale)
  for (let i = first + step; i >= from && i < to; i += step)
    context.lineTo(coords[2 * i]! * scale, coords[2 * i + 1]! * scale)
  context.closePath()
}

/** Boxes and points go into the pixels in one go: at small scales there are tens of thousands of them. */
function paintSmall(
  context: OffscreenCanvasRenderingContext2D,
  tile: PackedTile,
  groups: readonly PaintGroup[],
  style: PaintStyle,
  scale: number,
  size: number,
): void {
  if (!groups.some(group => group.members.some(index => kindOf(tile, index) !== KIND_POLYGON))) return
  const { image, pixels } = sheet(context, size)
  for (const group of groups) {
    const colour = littleEndianColour(style.colours[group.code] ?? '#8c939c')
    for (const index of group.members) {
      if (kindOf(tile, index) === KIND_POLYGON) continue
      const from = tile.vertexOfRing[tile.ringOfParcel[index]!]!
      const to = tile.vertexOfRing[tile.ringOfParcel[index + 1]!]!
      const left = Math.floor(tile.coords[2 * from]! * scale)
      const top = Math.floor(tile.coords[2 * from + 1]! * scale)
      const right = Math.max(left + 1, Math.round(tile.coords[2 * to - 2]! * scale))
      const bottom = Math.max(top + 1, Math.round(tile.coords[2 * to - 1]! * scale))
      for (let y = Math.max(0, top); y < Math.min(size, bottom); y++) {
        pixels.fill(colour, y * size + Math.max(0, left), y * size + Math.min(size, Math.max(0, right)))
      }
    }
  }
  context.putImageData(image, 0, 0)
}

let kept: { readonly image: ImageData; readonly pixels: Uint32Array } | null = null

/** Nothing is painted any more for now: the pixels of a tile go, a MB or four. */
export function releaseSheet(): void {
  kept = null
}

/** Empty pixels of a tile; always the same ones while tiles are painted. */
function sheet(context: OffscreenCanvasRenderingContext2D, size: number): NonNullable<typeof kept> {
  if (kept?.image.width === size) kept.pixels.fill(0)
  else {
    const image = context.createImageData(size, size)
    kept = { image, pixels: new Uint32Array(image.data.buffer) }
  }
  return kept
}

/** Opaque pixel of an ImageData; canvases are little endian on every machine that we ship for. */
export function littleEndianColour(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16)
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0
}

/** Diagonal stripes; the period divides the tile, so that stripes run on across tile edges. */
function stripePattern(
  context: OffscreenCanvasRenderingContext2D,
  [first, second]: readonly [string, string],
  pixelRatio: number,
): CanvasPattern | string {
  const period = 8 * pixelRatio
  const canvas = new OffscreenCanvas(period, period)
  const pen = canvas.getContext('2d')
  if (!pen) return first
  pen.fillStyle = first
  pen.fillRect(0, 0, period, period)
  pen.fillStyle = second
  for (const shift of [-period, 0, period]) {
    pen.beginPath()
    pen.moveTo(shift, period)
    pen.lineTo(shift + period, 0)
    pen.lineTo(shift + 1.5 * period, 0)
    pen.lineTo(shift + 0.5 * period, period)
    pen.closePath()
    pen.fill()
  }
  return context.createPattern(canvas, 'repeat') ?? first
}
