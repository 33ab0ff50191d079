/** From the bytes of a basemap tile to a bitmap. Runs in a worker. */
import { paintVectorTile, type TilePart } from './vector-painter.ts'

export interface DecodeRequest {
  readonly id: number
  readonly bytes: Uint8Array
  readonly type: string
  readonly part: TilePart | null
  readonly pixelRatio: number
  readonly language: 'zh' | 'en'
}

export interface DecodeAnswer {
  readonly id: number
  readonly bitmap: ImageBitmap | null
}

const TILE_PX = 256

/** Null when there is nothing to see: blank or broken. */
export async function decode(request: DecodeRequest): Promise<ImageBitmap | null> {
  try {
    if (request.part) {
      const side = Math.round(TILE_PX * request.pixelRatio)
      const canvas = new OffscreenCanvas(side, side)
      const context = canvas.getContext('2d')
      if (!context) return null
      context.scale(request.pixelRatio, request.pixelRatio)
      paintVectorTile(context, request.bytes, request.part, TILE_PX, request.language)
      return canvas.transferToImageBitmap()
    }
    const bytes = request.bytes as Uint8Array<ArrayBuffer>
    const bitmap = await createImageBitmap(new Blob([bytes], { type: request.type }))
    if (!isBlank(bitmap)) return bitmap
    bitmap.close()
    return null
  } catch {
    return null
  }
}

/** All white, all black or all transparent: how tile makers write "nothing here" where a format has no alpha. */
function isBlank(bitmap: ImageBitmap): boolean {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true })
  if (!context) return false
  context.drawImage(bitmap, 0, 0)
  const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)
  const first = pixels[0]!
  const isEmptyColour = first >>> 24 === 0 || first === 0xffffffff || first === 0xff000000
  return isEmptyColour && pixels.every(pixel => pixel === first)
}
