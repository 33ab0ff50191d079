/**
 * Words of a map figure as paths. The rasteriser opens the whole font (10 MB) again for every piece of text, which costs
 * far more than drawing; the few characters of a map are read from the font once instead. TrueType outlines only
 * (tables cmap format 4, hmtx, loca, glyf of the OpenType specification).
 */
import { readFileSync } from 'node:fs'

export interface GlyphFont {
  /** Width of one line of text in the units of `size`. */
  width(words: string, size: number): number
  /** SVG path data of one line of text; `x` and `y` of the baseline's start and `size` in the figure's units. */
  path(words: string, x: number, y: number, size: number): string
}

const fonts = new Map<string, GlyphFont>()

/** The font of a file, read once per process. */
export function glyphFont(file: string): GlyphFont {
  const known = fonts.get(file)
  if (known) return known
  const font = parseFont(readFileSync(file))
  fonts.set(file, font)
  return font
}

/** Replaces the text elements of a map figure (`<text …><tspan x y>…</tspan></text>`) by paths of the same look. */
export function wordsToPaths(svg: string, font: GlyphFont): string {
  return svg.replace(/<text ([^>]*)>(.*?)<\/text>/g, (_, attributes: string, inner: string) => {
    const size = Number(/font-size="([\d.]+)"/.exec(attributes)?.[1] ?? 12)
    const words = [...inner.matchAll(/<tspan x="([-\d.]+)" y="([-\d.]+)">([^<]*)<\/tspan>/g)]
    const d = words.map(([, x, y, text]) => font.path(plain(text!), Number(x), Number(y), size)).join('')
    return `<path ${attributes.replace(/font-(family|size)="[^"]*"/g, '')} d="${d}"/>`
  })
}

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

type Point = readonly [x: number, y: number, on: boolean]

function parseFont(bytes: Buffer): GlyphFont {
  const tables = new Map<string, number>()
  for (let at = 12; at < 12 + 16 * bytes.readUInt16BE(4); at += 16)
    tables.set(bytes.toString('latin1', at, at + 4), bytes.readUInt32BE(at + 8))
  const table = (name: string): number => {
    const at = tables.get(name)
    if (at === undefined) throw new Error(`font without ${name}`)
    return at
  }
  const [head, hhea, hmtx, loca, glyf] = ['head', 'hhea', 'hmtx', 'loca', 'glyf'].map(table) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const unitsPerEm = bytes.readUInt16BE(head + 18)
  const long = bytes.readInt16BE(head + 50) === 1
  const widths = bytes.readUInt16BE(hhea + 34)
  const glyphOf = characterMap(bytes, table('cmap'))
  const offset = (glyph: number) =>
    long ? bytes.readUInt32BE(loca + 4 * glyph) : 2 * bytes.readUInt16BE(loca + 2 * glyph)
  const contoursOf = (glyph: number): Point[][] => {
    const from = offset(glyph)
    if (from === offset(glyph + 1)) return []
    const at = glyf + from
    return bytes.readInt16BE(at) >= 0 ? simple(bytes, at) : composite(bytes, at, contoursOf)
  }
  /** A letter in a form that is not read is the empty box, like one that the font lacks. */
  const drawn = (glyph: number): Point[][] => {
    try {
      return contoursOf(glyph)
    } catch {
      return contoursOf(0)
    }
  }
  const cache = new Map<string, { advance: number; contours: Point[][] }>()
  const read = (character: string) => {
    const known = cache.get(character)
    if (known) return known
    const glyph = glyphOf(character.codePointAt(0)!)
    const advance = bytes.readUInt16BE(hmtx + 4 * Math.min(glyph, widths - 1))
    const made = { advance, contours: drawn(glyph) }
    cache.set(character, made)
    return made
  }
  return {
    width(words, size) {
      let width = 0
      for (const character of words) width += read(character).advance
      return (width * size) / unitsPerEm
    },
    path(words, x, y, size) {
      const scale = size / unitsPerEm
      let pen = x
      let d = ''
      for (const character of words) {
        const { advance, contours } = read(character)
        const place = ([px, py]: Point) => `${(pen + px * scale).toFixed(2)} ${(y - py * scale).toFixed(2)}`
        d += contours.map(contour => outline(contour, place)).join('')
        pen += advance * scale
      }
      return d
    },
  }
}

/** Character code → glyph by the table's Unicode subtable of format 4; 0 (the empty box) for what the font lacks. */
function characterMap(bytes: Buffer, cmap: number): (code: number) => number {
  let at = -1
  for (let index = 0; index < bytes.readUInt16BE(cmap + 2); index++) {
    const subtable = cmap + bytes.readUInt32BE(cmap + 8 + 8 * index)
    if (bytes.readUInt16BE(subtable) === 4) at = subtable
  }
  if (at < 0) throw new Error('font without a character map of format 4')
  const doubled = bytes.readUInt16BE(at + 6)
  const [ends, starts, deltas, ranges] = [at + 14, at + 16 + doubled, at + 16 + 2 * doubled, at + 16 + 3 * doubled] as [
    number,
    number,
    number,
    number,
  ]
  return code => {
    for (let index = 0; index < doubled; index += 2) {
      if (code > bytes.readUInt16BE(ends + index)) continue
      const start = bytes.readUInt16BE(starts + index)
      if (code < start) return 0
      const delta = bytes.readUInt16BE(deltas + index)
      const range = bytes.readUInt16BE(ranges + index)
      if (range === 0) return (code + delta) & 0xffff
      const glyph = bytes.readUInt16BE(ranges + index + range + 2 * (code - start))
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff
    }
    return 0
  }
}

function simple(bytes: Buffer, glyph: number): Point[][] {
  const count = bytes.readInt16BE(glyph)
  const ends = Array.from({ length: count }, (_, index) => bytes.readUInt16BE(glyph + 10 + 2 * index))
  const total = count === 0 ? 0 : ends[count - 1]! + 1
  let at = glyph + 10 + 2 * count
  at += 2 + bytes.readUInt16BE(at)
  const flags: number[] = []
  while (flags.length < total) {
    const flag = bytes[at++]!
    const repeats = flag & 8 ? bytes[at++]! : 0
    for (let again = 0; again <= repeats; again++) flags.push(flag)
  }
  const axis = (short: number, same: number): number[] => {
    let value = 0
    return flags.map(flag => {
      if (flag & short) value += flag & same ? bytes[at++]! : -bytes[at++]!
      else if (!(flag & same)) {
        value += bytes.readInt16BE(at)
        at += 2
      }
      return value
    })
  }
  const xs = axis(2, 16)
  const ys = axis(4, 32)
  const points = flags.map((flag, index): Point => [xs[index]!, ys[index]!, (flag & 1) === 1])
  return ends.map((end, index) => points.slice(index === 0 ? 0 : ends[index - 1]! + 1, end + 1))
}

/** Parts moved into place; scaled parts do not occur in the letters of a map and are not read. */
function composite(bytes: Buffer, glyph: number, contoursOf: (glyph: number) => Point[][]): Point[][] {
  const contours: Point[][] = []
  let at = glyph + 10
  for (let more = true; more; ) {
    const flags = bytes.readUInt16BE(at)
    if ((flags & 2) === 0 || (flags & 0xc8) !== 0) throw new Error('glyph with scaled parts')
    const words = flags & 1
    const dx = words ? bytes.readInt16BE(at + 4) : bytes.readInt8(at + 4)
    const dy = words ? bytes.readInt16BE(at + 6) : bytes.readInt8(at + 5)
    for (const contour of contoursOf(bytes.readUInt16BE(at + 2)))
      contours.push(contour.map(([x, y, on]): Point => [x + dx, y + dy, on]))
    at += words ? 8 : 6
    more = (flags & 32) !== 0
  }
  return contours
}

/** One closed contour: between two control points lies an implied point on the curve. */
function outline(contour: readonly Point[], place: (point: Point) => string): string {
  const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, true]
  const first = contour.findIndex(point => point[2])
  const start = first >= 0 ? contour[first]! : middle(contour[contour.length - 1]!, contour[0]!)
  const rest = first >= 0 ? [...contour.slice(first + 1), ...contour.slice(0, first)] : contour
  let d = `M${place(start)}`
  for (const [index, point] of rest.entries()) {
    if (point[2]) d += rest[index - 1]?.[2] === false ? '' : `L${place(point)}`
    else {
      const next = rest[index + 1] ?? start
      d += `Q${place(point)} ${place(next[2] ? next : middle(point, next))}`
    }
  }
  return `${d}Z`
}
