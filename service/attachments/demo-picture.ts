/**
 * Pictures of the demo survey, drawn when they are looked at: a factory of a few rectangles, another one for every number.
 * They are marked as 示例 by their file names and stored nowhere, so that the demo stays one small file; a record shows such a
 * picture only if its digest is that of the picture.
 */
import { createHash } from 'node:crypto'
import { crc32 } from '../../shared/lib/crc32.ts'

const WIDTH = 96
const HEIGHT = 72
const NAME = /^示例照片-(\d{1,6})\.png$/

export function demoPictureName(number: number): string {
  return `示例照片-${number}.png`
}

/** The picture of a record, or undefined when it is none of the demo's. */
export function drawnPicture(photo: { readonly file_name: string; readonly sha256: string }): Uint8Array | undefined {
  const number = NAME.exec(photo.file_name)?.[1]
  if (number === undefined) return undefined
  const bytes = demoPicture(Number(number))
  return digestOf(bytes) === photo.sha256 ? bytes : undefined
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const drawn = new Map<string, boolean>()

/** The same as a question, remembered: lists ask it of every row. */
export function isDrawn(photo: { readonly file_name: string; readonly sha256: string }): boolean {
  if (!photo.file_name.startsWith('示例照片-')) return false
  const key = `${photo.file_name} ${photo.sha256}`
  const known = drawn.get(key) ?? drawnPicture(photo) !== undefined
  drawn.set(key, known)
  return known
}

/** A PNG with a palette: sky, ground, wall, roof, windows, door. Deterministic. */
export function demoPicture(number: number): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT)
  const fill = (x: number, y: number, width: number, height: number, colour: number): void => {
    for (let row = y; row < Math.min(HEIGHT, y + height); row++)
      pixels.fill(colour, row * WIDTH + x, row * WIDTH + Math.min(WIDTH, x + width))
  }
  // A small hash spreads the numbers over the shapes.
  const spread = Math.imul(number + 1, 0x9e3779b1) >>> 0
  const left = 6 + (spread % 14)
  const wide = 52 + ((spread >>> 4) % 26)
  const top = 22 + ((spread >>> 9) % 14)
  fill(0, HEIGHT - 16, WIDTH, 16, 1)
  fill(left, top, wide, HEIGHT - 14 - top, 2)
  fill(Math.max(0, left - 3), top - 4, wide + 6, 4, 3)
  const windows = 3 + ((spread >>> 14) % 4)
  for (let index = 0; index < windows; index++)
    fill(left + 4 + Math.floor((index * (wide - 8)) / windows), top + 8, Math.floor((wide - 8) / windows) - 3, 9, 4)
  fill(left + 6 + ((spread >>> 18) % (wide - 20)), HEIGHT - 30, 11, 16, 5)
  // The number as dots of 21 bits along the lower edge: no two pictures are the same.
  for (let bit = 0; bit < 21; bit++) if ((number >>> bit) & 1) fill(2 + bit * 4, HEIGHT - 3, 3, 2, 3)
  return png(pixels, spread)
}

function png(pixels: Uint8Array, spread: number): Uint8Array {
  const shade = (base: number, bits: number): number => base + ((spread >>> bits) % 28)
  const palette = [
    [198, 214, shade(214, 3)],
    [126, shade(118, 6), 96],
    [shade(186, 11), shade(176, 13), 160],
    [shade(92, 16), 86, 82],
    [86, shade(112, 19), 138],
    [70, 62, shade(52, 22)],
  ]
  const rows = new Uint8Array((WIDTH + 1) * HEIGHT)
  for (let row = 0; row < HEIGHT; row++)
    rows.set(pixels.subarray(row * WIDTH, (row + 1) * WIDTH), row * (WIDTH + 1) + 1)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', stored(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/**
 * A zlib stream of one block that is not packed (at most 65,535 bytes): the same bytes on every runtime. Packed ones differ from
 * one version of zlib to the next, and the digest of the record would be that of the machine that made the demo.
 */
function stored(bytes: Uint8Array): Buffer {
  const head = Buffer.from([0x78, 0x01, 0x01, 0, 0, 0, 0])
  head.writeUInt16LE(bytes.length, 3)
  head.writeUInt16LE(0xffff - bytes.length, 5)
  let [low, high] = [1, 0]
  for (const byte of bytes) {
    low += byte
    high += low
  }
  // Both stay exact until here: a picture has fewer than ten thousand bytes.
  low %= 65_521
  high %= 65_521
  const sum = Buffer.alloc(4)
  sum.writeUInt16BE(high, 0)
  sum.writeUInt16BE(low, 2)
  return Buffer.concat([head, bytes, sum])
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const whole = Buffer.alloc(named.length + 8)
  whole.writeUInt32BE(body.length, 0)
  named.copy(whole, 4)
  whole.writeUInt32BE(crc32(named), named.length + 4)
  return whole
}
