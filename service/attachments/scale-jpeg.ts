/** A small upright JPEG of a large one. Pure but for the time it takes: about a second for twelve megapixels. */
import jpeg from 'jpeg-js'

/** Longest side, pixels: sharp enough for a panel on a dense screen. */
export const THUMBNAIL_PX = 480
const QUALITY = 78

export interface Pixels {
  readonly width: number
  readonly height: number
  /** RGBA. */
  readonly data: Uint8Array
}

/** Throws when the picture cannot be decoded. `orientation` as in EXIF, 1-8. */
export function makeThumbnail(bytes: Uint8Array, orientation: number): Uint8Array {
  const picture = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: true,
    tolerantDecoding: true,
    maxResolutionInMP: 101,
    maxMemoryUsageInMB: 2048,
  })
  const small = shrink(picture, THUMBNAIL_PX)
  const upright = turn(small, orientation)
  return new Uint8Array(jpeg.encode({ ...upright, data: Buffer.from(upright.data) }, QUALITY).data)
}

/** The mean of the pixels that each new pixel covers; never larger than before. */
export function shrink({ width, height, data }: Pixels, longest: number): Pixels {
  const factor = Math.max(1, Math.max(width, height) / longest)
  if (factor === 1) return { width, height, data }
  const w = Math.max(1, Math.round(width / factor))
  const h = Math.max(1, Math.round(height / factor))
  const out = new Uint8Array(w * h * 4)
  for (let y = 0; y < h; y++) {
    const top = Math.floor((y * height) / h)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * height) / h))
    for (let x = 0; x < w; x++) {
      const left = Math.floor((x * width) / w)
      const right = Math.max(left + 1, Math.floor(((x + 1) * width) / w))
      let red = 0
      let green = 0
      let blue = 0
      for (let row = top; row < bottom; row++) {
        for (let at = (row * width + left) * 4, end = (row * width + right) * 4; at < end; at += 4) {
          red += data[at]!
          green += data[at + 1]!
          blue += data[at + 2]!
        }
      }
      const count = (bottom - top) * (right - left)
      const to = (y * w + x) * 4
      out[to] = red / count
      out[to + 1] = green / count
      out[to + 2] = blue / count
      out[to + 3] = 255
    }
  }
  return { width: w, height: h, data: out }
}

/** The picture as it should be seen (EXIF orientation: 5-8 swap the sides, 2, 4, 5, 7 are mirrored). */
export function turn({ width, height, data }: Pixels, orientation: number): Pixels {
  if (orientation === 1) return { width, height, data }
  const swaps = orientation >= 5
  const w = swaps ? height : width
  const h = swaps ? width : height
  const out = new Uint8Array(data.length)
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [sx, sy] = source(orientation, x, y, width, height)
      const from = (sy * width + sx) * 4
      out.set(data.subarray(from, from + 4), (y * w + x) * 4)
    }
  }
  return { width: w, height: h, data: out }
}

/** Where the pixel (x, y) of the upright picture lies in the stored one. */
function source(orientation: number, x: number, y: number, width: number, height: number): [number, number] {
  switch (orientation) {
    case 2:
      return [width - 1 - x, y]
    case 3:
      return [width - 1 - x, height - 1 - y]
    case 4:
      return [x, height - 1 - y]
    case 5:
      return [y, x]
    case 6:
      return [y, height - 1 - x]
    case 7:
      return [width - 1 - y, height - 1 - x]
    default:
      return [width - 1 - y, x]
  }
}
