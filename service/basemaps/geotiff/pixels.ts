/** Samples of a GeoTIFF as colours that a screen shows: grey, palette, RGB, YCbCr; more than 8 bits are stretched. */
import type { GeoTIFFImage } from 'geotiff'

export interface Colouring {
  readonly photometric: number
  readonly noData: number | null
  /** Of each band: the value that becomes 0, and the one that becomes 255. */
  readonly stretch: readonly (readonly [number, number])[]
  readonly palette: ArrayLike<number> | null
  /** The band that is alpha, or -1. */
  readonly alpha: number
  readonly bands: number
}

type Window = [number, number, number, number]

const PALETTE = 3
const YCBCR = 6
const SAMPLE_SIDE = 1024

/** How the file's samples become colours; `coarsest` is looked through for the range of more than 8 bits. */
export async function colouringOf(first: GeoTIFFImage, coarsest: GeoTIFFImage): Promise<Colouring> {
  const directory = first.getFileDirectory()
  const photometric = directory.getValue('PhotometricInterpretation') ?? 1
  const bands = first.getSamplesPerPixel()
  const colours = photometric === 2 || photometric === YCBCR ? 3 : 1
  const extra = Array.from((await directory.loadValue('ExtraSamples')) ?? [])
  const alphaAt = extra.findIndex(kind => kind === 1 || kind === 2)
  const isByte = first.getBitsPerSample(0) <= 8 && first.getSampleFormat(0) === 1
  const noData = first.getGDALNoData()
  const palette = photometric === PALETTE ? ((await directory.loadValue('ColorMap')) as ArrayLike<number>) : null
  const most = isByte ? 2 ** first.getBitsPerSample(0) - 1 : 255
  const stretch: (readonly [number, number])[] = []
  for (let band = 0; band < Math.min(bands, colours); band++)
    stretch.push(isByte ? [0, most] : await rangeOf(coarsest, band, noData))
  return { photometric, noData, stretch, palette, alpha: alphaAt < 0 ? -1 : colours + alphaAt, bands }
}

/** The 2nd and 98th hundredth of what is in the middle of the image. */
async function rangeOf(image: GeoTIFFImage, band: number, noData: number | null): Promise<[number, number]> {
  const [width, height] = [image.getWidth(), image.getHeight()]
  const left = Math.max(0, Math.floor((width - SAMPLE_SIDE) / 2))
  const top = Math.max(0, Math.floor((height - SAMPLE_SIDE) / 2))
  const window: Window = [left, top, Math.min(width, left + SAMPLE_SIDE), Math.min(height, top + SAMPLE_SIDE)]
  const [samples] = (await image.readRasters({ window, samples: [band] })) as unknown as ArrayLike<number>[]
  const values = Array.from(samples ?? [])
    .filter(value => Number.isFinite(value) && value !== noData)
    .sort((a, b) => a - b)
  const at = (share: number): number => values[Math.floor(share * (values.length - 1))] ?? 0
  const [low, high] = [at(0.02), at(0.98)]
  return high > low ? [low, high] : [low, low + 1]
}

/** RGBA of a window of one of the file's images, row by row. */
export async function readColours(image: GeoTIFFImage, window: Window, how: Colouring): Promise<Uint8Array> {
  const count = (window[2] - window[0]) * (window[3] - window[1])
  const rgba = new Uint8Array(count * 4)
  if (how.photometric === YCBCR) {
    const rgb = (await image.readRGB({ window, interleave: true })) as unknown as ArrayLike<number>
    for (let pixel = 0; pixel < count; pixel++)
      rgba.set([rgb[pixel * 3]!, rgb[pixel * 3 + 1]!, rgb[pixel * 3 + 2]!, 255], pixel * 4)
    return rgba
  }
  const wanted = how.stretch.map((_, band) => band)
  const samples = how.alpha >= 0 && how.alpha < how.bands ? [...wanted, how.alpha] : wanted
  const fill = how.noData ?? 0
  const bands = (await image.readRasters({ window, samples, fillValue: fill })) as unknown as ArrayLike<number>[]
  const alpha = samples.length > wanted.length ? bands[wanted.length]! : null
  const colours = wanted.map(band => bands[band]!)
  for (let pixel = 0; pixel < count; pixel++) {
    const isNothing = colours.every(band => band[pixel] === how.noData || Number.isNaN(band[pixel]!))
    if (isNothing) continue
    const [first, second, third] = colours.map((band, index) => shade(band[pixel]!, how.stretch[index]!))
    const entry = colours[0]![pixel]!
    const size = how.palette ? how.palette.length / 3 : 0
    const grey = how.photometric === 0 ? 255 - first! : first!
    rgba[pixel * 4] = how.palette ? how.palette[entry]! >> 8 : grey
    rgba[pixel * 4 + 1] = how.palette ? how.palette[size + entry]! >> 8 : (second ?? grey)
    rgba[pixel * 4 + 2] = how.palette ? how.palette[2 * size + entry]! >> 8 : (third ?? grey)
    rgba[pixel * 4 + 3] = alpha ? alpha[pixel]! : 255
  }
  return rgba
}

function shade(value: number, [low, high]: readonly [number, number]): number {
  return Math.max(0, Math.min(255, Math.round(((value - low) / (high - low)) * 255)))
}
