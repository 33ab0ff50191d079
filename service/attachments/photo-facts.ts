/**
 * What a photo says about itself: its kind by its first bytes (names lie), size in pixels, time, position, direction.
 * Positions are WGS 84 as in the EXIF standard; one that cannot be true is told apart from none and never placed.
 */
import exifr from 'exifr'

export type PhotoType = 'image/jpeg' | 'image/heic' | 'image/png'

export interface PhotoFacts {
  readonly taken_at: string | null
  readonly longitude: number | null
  readonly latitude: number | null
  readonly azimuth: number | null
  readonly position: 'placed' | 'none' | 'broken'
  /** EXIF orientation 1-8. */
  readonly orientation: number
}

const HEIF_BRANDS = new Set(['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'])

/** The type by content; undefined for anything that is not a photo of a known kind. */
export function photoType(bytes: Uint8Array): PhotoType | undefined {
  const ascii = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (ascii(4, 8) === 'ftyp' && HEIF_BRANDS.has(ascii(8, 12))) return 'image/heic'
  return undefined
}

/** Width and height as the file's header declares them; undefined when it has none. */
export function pixelSize(bytes: Uint8Array, type: PhotoType): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 'image/png')
    return bytes.length >= 24 ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined
  if (type === 'image/heic') return heifSize(bytes, view)
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    if (marker === 0xda || marker === 0xd9) return undefined
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
    at += isBare ? 2 : 2 + view.getUint16(at + 2)
  }
  return undefined
}

/** The largest `ispe` (image spatial extents) property; tiles of a grid have smaller ones. */
function heifSize(bytes: Uint8Array, view: DataView): { width: number; height: number } | undefined {
  const end = Math.min(bytes.length - 16, 256 * 1024)
  let best: { width: number; height: number } | undefined
  for (let at = 4; at < end; at++) {
    if (bytes[at] !== 0x69 || bytes[at + 1] !== 0x73 || bytes[at + 2] !== 0x70 || bytes[at + 3] !== 0x65) continue
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
    if (!best || size.width * size.height > best.width * best.height) best = size
  }
  return best
}

interface ExifBlocks {
  ifd0?: Record<string, unknown>
  exif?: Record<string, unknown>
  gps?: Record<string, unknown>
}

const NOTHING: PhotoFacts = {
  taken_at: null,
  longitude: null,
  latitude: null,
  azimuth: null,
  position: 'none',
  orientation: 1,
}

/** Time, position, direction and orientation. A photo with damaged EXIF is a photo without facts, not an error. */
export async function readFacts(bytes: Uint8Array, type: PhotoType): Promise<PhotoFacts> {
  if (type === 'image/png') return NOTHING
  const blocks = (await exifr
    .parse(bytes, {
      tiff: true,
      exif: true,
      gps: true,
      interop: false,
      xmp: false,
      icc: false,
      iptc: false,
      jfif: false,
      mergeOutput: false,
      reviveValues: false,
      translateValues: false,
    })
    .catch(() => undefined)) as ExifBlocks | undefined
  if (!blocks) return NOTHING
  const orientation = Number(blocks.ifd0?.['Orientation'] ?? 1)
  return {
    taken_at: takenAt(blocks),
    ...positionOf(blocks.gps),
    azimuth: azimuthOf(blocks.gps),
    orientation: Number.isInteger(orientation) && orientation >= 1 && orientation <= 8 ? orientation : 1,
  }
}

/** `yyyy-mm-ddThh:mm:ss`, with the offset only when the camera wrote one; null for an impossible date. */
function takenAt({ ifd0, exif }: ExifBlocks): string | null {
  const text = String(exif?.['DateTimeOriginal'] ?? exif?.['CreateDate'] ?? ifd0?.['ModifyDate'] ?? '')
  const parts = /^(\d{4}):(\d{2}):(\d{2})[ T](\d{2}):(\d{2}):(\d{2})/.exec(text)
  if (!parts) return null
  const local = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}`
  const date = new Date(`${local}Z`)
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(local) || date.getUTCFullYear() < 1980) return null
  const offset = String(exif?.['OffsetTimeOriginal'] ?? '')
  return /^[+-]\d{2}:\d{2}$/.test(offset) ? local + offset : local
}

function positionOf(gps: Record<string, unknown> | undefined): Pick<PhotoFacts, 'longitude' | 'latitude' | 'position'> {
  const none = { longitude: null, latitude: null }
  if (!gps || (gps['GPSLatitude'] === undefined && gps['GPSLongitude'] === undefined))
    return { ...none, position: 'none' }
  const latitude = degrees(gps['GPSLatitude'], gps['GPSLatitudeRef'], ['N', 'S'], 90)
  const longitude = degrees(gps['GPSLongitude'], gps['GPSLongitudeRef'], ['E', 'W'], 180)
  if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0))
    return { ...none, position: 'broken' }
  return { longitude, latitude, position: 'placed' }
}

/** Degrees of EXIF's [degrees, minutes, seconds]; undefined when they are none. */
function degrees(
  value: unknown,
  reference: unknown,
  signs: readonly [string, string],
  limit: number,
): number | undefined {
  const parts = Array.isArray(value) || ArrayBuffer.isView(value) ? [...(value as Iterable<unknown>)].map(Number) : []
  const letter = String(reference ?? '')
    .trim()
    .slice(0, 1)
    .toUpperCase()
  if (parts.length !== 3 || !parts.every(part => Number.isFinite(part) && part >= 0)) return undefined
  if (letter !== signs[0] && letter !== signs[1]) return undefined
  const [whole, minutes, seconds] = parts as [number, number, number]
  if (minutes > 60 || seconds > 60) return undefined
  const angle = whole + minutes / 60 + seconds / 3600
  return angle <= limit ? (letter === signs[1] ? -angle : angle) : undefined
}

function azimuthOf(gps: Record<string, unknown> | undefined): number | null {
  const direction = Number(gps?.['GPSImgDirection'] ?? Number.NaN)
  return Number.isFinite(direction) && direction >= 0 && direction <= 360 ? direction : null
}

/** The preview that the camera embedded, when it is a JPEG. */
export async function embeddedPreview(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const preview = await exifr.thumbnail(bytes).catch(() => undefined)
  return preview && photoType(preview) === 'image/jpeg' ? new Uint8Array(preview) : undefined
}
