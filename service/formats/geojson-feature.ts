/**
 * Parses the bytes of one GeoJSON feature: coordinates straight into flat arrays (no objects per vertex), everything else
 * by JSON.parse. Numbers come out exactly as JSON.parse would give them. Reports what is wrong; repairs nothing.
 */
import { isUtf8 } from 'node:buffer'
import type { FlatPolygons } from '../../shared/geometry/types.ts'
import type { RawProblem } from './format.ts'

interface ParsedFeature {
  geometry: FlatPolygons | null
  lines?: Float64Array[]
  geometryType: string | null
  properties: Record<string, unknown>
  problems: RawProblem[]
  hasZ: boolean
}

const POLYGON_LEVELS: Readonly<Record<string, number>> = { Polygon: 3, MultiPolygon: 4 }
const OTHER_TYPES = new Set(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'GeometryCollection'])
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

interface Coordinates {
  flat: FlatPolygons
  /** Nesting of the positions; 0 for an empty geometry. */
  level: number
  hasZ: boolean
  end: number
}

// Scratch space, reused for every feature: one import runs at a time in a process, and parsing never awaits.
let scratch = new Float64Array(1 << 16)

/** Thrown by the byte parser when it meets something it does not know; the slow path then decides. */
const UNUSUAL = Symbol('unusual')

/**
 * The feature (or bare geometry) in `buffer` from `start` to `end`. Throws a SyntaxError when the bytes are not JSON and a
 * TypeError when the object is neither a feature nor a geometry.
 */
export function parseFeature(buffer: Buffer, start: number, end: number): ParsedFeature {
  try {
    const fast = parseFast(buffer, start, end)
    if (fast) return fast
  } catch (error) {
    if (error !== UNUSUAL) throw error
  }
  return parseSlow(JSON.parse(textAt(buffer, start, end)))
}

/** Thrown for text that is not UTF-8 although the beginning of the file was. */
export class WrongEncoding extends Error {}

function textAt(buffer: Buffer, start: number, end: number): string {
  const text = buffer.toString('utf8', start, end)
  // The replacement character may stand in the file itself; only decoding errors are wrong.
  if (text.includes('\ufffd') && !isUtf8(buffer.subarray(start, end))) throw new WrongEncoding('not UTF-8')
  return text
}

/** Undefined when the object is not a plain feature: bare geometries and odd things take the slow path. */
function parseFast(buffer: Buffer, start: number, end: number): ParsedFeature | undefined {
  let properties: unknown
  let id: unknown
  let geometry: Coordinates | null | undefined
  let geometryType: string | null = null
  let isFeature = false
  let at = blank(buffer, start + 1)
  while (at < end - 1) {
    if (buffer[at] !== 0x22) throw UNUSUAL
    const keyEnd = buffer.indexOf(0x22, at + 1)
    const key = buffer.toString('latin1', at + 1, keyEnd)
    at = blank(buffer, keyEnd + 1)
    if (buffer[at] !== 0x3a) throw UNUSUAL
    at = blank(buffer, at + 1)
    if (key === 'geometry' && buffer[at] === 0x7b) {
      const parsed = geometryAt(buffer, at, end)
      geometry = parsed.coordinates
      geometryType = parsed.type
      at = parsed.end
    } else {
      const from = at
      at = valueEnd(buffer, at, end)
      if (key === 'properties') properties = JSON.parse(textAt(buffer, from, at))
      else if (key === 'type') isFeature = buffer.toString('latin1', from, at) === '"Feature"'
      else if (key === 'id') id = JSON.parse(buffer.toString('utf8', from, at))
      else if (key === 'geometry') {
        if (buffer.toString('latin1', from, at) !== 'null') throw UNUSUAL
        geometry = null
      } else JSON.parse(buffer.toString('utf8', from, at))
    }
    at = blank(buffer, at)
    if (buffer[at] === 0x2c) {
      at = blank(buffer, at + 1)
      if (buffer[at] !== 0x22) throw UNUSUAL
    } else if (at !== end - 1) throw UNUSUAL
  }
  if (!isFeature || geometry === undefined) return undefined
  const problems: RawProblem[] = []
  const record = recordOf(properties, id, problems)
  if (geometry === null) return { geometry: null, geometryType: null, properties: record, problems, hasZ: false }
  if (geometryType === null || POLYGON_LEVELS[geometryType] !== geometry.level) throw UNUSUAL
  return { geometry: geometry.flat, geometryType, properties: record, problems, hasZ: geometry.hasZ }
}

function geometryAt(
  buffer: Buffer,
  start: number,
  end: number,
): { type: string | null; coordinates: Coordinates; end: number } {
  let type: string | null = null
  let coordinates: Coordinates | undefined
  let at = blank(buffer, start + 1)
  for (;;) {
    if (buffer[at] !== 0x22 || at >= end) throw UNUSUAL
    const keyEnd = buffer.indexOf(0x22, at + 1)
    const key = buffer.toString('latin1', at + 1, keyEnd)
    at = blank(buffer, keyEnd + 1)
    if (buffer[at] !== 0x3a) throw UNUSUAL
    at = blank(buffer, at + 1)
    if (key === 'coordinates') {
      coordinates = coordinatesAt(buffer, at, end)
      at = coordinates.end
    } else {
      const from = at
      at = valueEnd(buffer, at, end)
      if (key === 'type') type = buffer.toString('latin1', from + 1, at - 1)
      else JSON.parse(buffer.toString('utf8', from, at))
    }
    at = blank(buffer, at)
    if (buffer[at] === 0x2c) at = blank(buffer, at + 1)
    else if (buffer[at] === 0x7d) break
    else throw UNUSUAL
  }
  if (!coordinates) throw UNUSUAL
  return { type, coordinates, end: at + 1 }
}

/** Nested arrays of numbers of any regular depth; the depth of the first position must be that of all. */
function coordinatesAt(buffer: Buffer, start: number, end: number): Coordinates {
  const ringEnds: number[] = []
  const polygonEnds: number[] = []
  let depth = 0
  let level = 0
  let count = 0
  let hasZ = false
  let at = start
  // What may come next: a value (after '[' or ','), or a separator (after a value).
  let wantsValue = true
  for (;;) {
    let byte = buffer[at]!
    while (byte <= 0x20) byte = buffer[++at]!
    if (at >= end) throw UNUSUAL
    if (byte === 0x5b) {
      if (!wantsValue || ++depth > 4) throw UNUSUAL
      if (level !== 0 && depth > level) throw UNUSUAL
      at++
    } else if (byte === 0x5d) {
      // An empty array, or a comma before the bracket: left to the slow path.
      if (wantsValue) throw UNUSUAL
      if (depth === level - 1) ringEnds.push(count / 2)
      else if (depth === level - 2) polygonEnds.push(ringEnds.length)
      at++
      if (--depth === 0) break
    } else if (byte === 0x2c) {
      if (wantsValue) throw UNUSUAL
      wantsValue = true
      at++
    } else {
      if (!wantsValue) throw UNUSUAL
      if (level === 0) level = depth
      else if (depth !== level) throw UNUSUAL
      if (count + 2 > scratch.length) grow()
      at = numberAt(buffer, at)
      scratch[count] = parsedNumber
      at = blank(buffer, at)
      if (buffer[at] !== 0x2c) throw UNUSUAL
      at = numberAt(buffer, blank(buffer, at + 1))
      scratch[count + 1] = parsedNumber
      count += 2
      at = blank(buffer, at)
      while (buffer[at] === 0x2c) {
        hasZ = true
        at = blank(buffer, numberAt(buffer, blank(buffer, at + 1)))
      }
      if (buffer[at] !== 0x5d) throw UNUSUAL
      wantsValue = false
      continue
    }
    if (byte === 0x5d) wantsValue = false
  }
  const flat = {
    coordinates: scratch.slice(0, count),
    ringEnds: Uint32Array.from(ringEnds),
    polygonEnds: Uint32Array.from(polygonEnds),
  }
  return { flat, level, hasZ, end: at }
}

function grow(): void {
  const larger = new Float64Array(scratch.length * 2)
  larger.set(scratch)
  scratch = larger
}

let parsedNumber = 0

/** Parses a JSON number into `parsedNumber`; returns the position after it. Exact, as the digits of a double allow. */
function numberAt(buffer: Buffer, start: number): number {
  let at = start
  let byte = buffer[at]!
  const negative = byte === 0x2d
  if (negative) byte = buffer[++at]!
  const first = at
  let mantissa = 0
  while (byte >= 0x30 && byte <= 0x39) {
    mantissa = mantissa * 10 + (byte - 0x30)
    byte = buffer[++at]!
  }
  const whole = at - first
  if (whole === 0 || (whole > 1 && buffer[first] === 0x30)) throw UNUSUAL
  let decimals = 0
  if (byte === 0x2e) {
    const point = at
    byte = buffer[++at]!
    while (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30)
      byte = buffer[++at]!
    }
    decimals = at - point - 1
    if (decimals === 0) throw UNUSUAL
  }
  // Both operands exact (mantissa below 2^53, power up to 10^22): the division rounds once, so the result is exact.
  if (byte !== 0x65 && byte !== 0x45 && mantissa <= 9007199254740991 && decimals <= 22) {
    const value = decimals === 0 ? mantissa : mantissa / POWERS[decimals]!
    parsedNumber = negative ? -value : value
    return at
  }
  while ((byte >= 0x30 && byte <= 0x39) || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === 0x2d)
    byte = buffer[++at]!
  parsedNumber = Number(buffer.toString('latin1', start, at))
  if (Number.isNaN(parsedNumber)) throw UNUSUAL
  return at
}

function blank(buffer: Buffer, from: number): number {
  let at = from
  while (buffer[at]! <= 0x20) at++
  return at
}

/** Position after the JSON value at `start`. */
function valueEnd(buffer: Buffer, start: number, end: number): number {
  let depth = 0
  let at = start
  while (at < end) {
    const byte = buffer[at]!
    if (byte === 0x22) {
      at++
      while (at < end && buffer[at] !== 0x22) at += buffer[at] === 0x5c ? 2 : 1
      at++
      if (depth === 0) return at
      continue
    }
    if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (depth === 0 && (byte === 0x2c || byte <= 0x20)) return at
    at++
  }
  throw UNUSUAL
}

function recordOf(properties: unknown, id: unknown, problems: RawProblem[]): Record<string, unknown> {
  let record: Record<string, unknown> = {}
  if (isObject(properties)) record = properties
  else if (properties !== null && properties !== undefined) {
    problems.push({ code: 'bad_properties', severity: 'warning', message: '属性不是对象，已忽略' })
  }
  if ((typeof id === 'string' || typeof id === 'number') && !Object.hasOwn(record, 'id')) record['id'] = id
  return record
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Bare geometries, empty and malformed ones: by plain JSON, told apart in words. */
function parseSlow(value: unknown): ParsedFeature {
  if (!isObject(value)) throw new TypeError('not an object')
  const problems: RawProblem[] = []
  const type = value['type']
  const known = typeof type === 'string' && (Object.hasOwn(POLYGON_LEVELS, type) || OTHER_TYPES.has(type))
  if (type !== 'Feature' && !known) throw new TypeError('neither a feature nor a geometry')
  const geometry = known ? value : value['geometry']
  const properties = known ? {} : recordOf(value['properties'], value['id'], problems)
  const result: ParsedFeature = { geometry: null, geometryType: null, properties, problems, hasZ: false }
  if (geometry === null || geometry === undefined) return result
  const geometryType = isObject(geometry) ? geometry['type'] : undefined
  if (!isObject(geometry) || typeof geometryType !== 'string') {
    problems.push({ code: 'bad_coordinates', severity: 'error', message: '几何无法识别，未导入' })
    return result
  }
  result.geometryType = geometryType
  const level = Object.hasOwn(POLYGON_LEVELS, geometryType) ? POLYGON_LEVELS[geometryType] : undefined
  if (level === undefined) {
    const lines = linesOf(geometryType, geometry['coordinates'])
    return lines ? { ...result, lines } : result
  }
  const polygons = level === 3 ? [geometry['coordinates']] : geometry['coordinates']
  const flat = flatten(polygons)
  if (flat) {
    result.geometry = flat.flat
    result.hasZ = flat.hasZ
  } else problems.push({ code: 'bad_coordinates', severity: 'error', message: '坐标数组结构不对，未导入' })
  return result
}

/** Well-formed lines with at least two positions each; undefined for every other geometry. */
function linesOf(type: string, coordinates: unknown): Float64Array[] | undefined {
  if (type !== 'LineString' && type !== 'MultiLineString') return undefined
  const flat = flatten([type === 'LineString' ? [coordinates] : coordinates])?.flat
  if (!flat) return undefined
  const lines: Float64Array[] = []
  let from = 0
  for (const end of flat.ringEnds) {
    if (end - from > 1) lines.push(flat.coordinates.slice(2 * from, 2 * end))
    from = end
  }
  return lines.length > 0 ? lines : undefined
}

function flatten(polygons: unknown): { flat: FlatPolygons; hasZ: boolean } | undefined {
  if (!Array.isArray(polygons)) return undefined
  const coordinates: number[] = []
  const ringEnds: number[] = []
  const polygonEnds: number[] = []
  let hasZ = false
  for (const polygon of polygons) {
    if (!Array.isArray(polygon)) return undefined
    for (const ring of polygon) {
      if (!Array.isArray(ring)) return undefined
      for (const position of ring) {
        if (!Array.isArray(position) || position.length < 2) return undefined
        const [x, y] = position
        if (typeof x !== 'number' || typeof y !== 'number') return undefined
        if (position.length > 2) hasZ = true
        coordinates.push(x, y)
      }
      ringEnds.push(coordinates.length / 2)
    }
    if (polygon.length > 0) polygonEnds.push(ringEnds.length)
  }
  const flat = {
    coordinates: Float64Array.from(coordinates),
    ringEnds: Uint32Array.from(ringEnds),
    polygonEnds: Uint32Array.from(polygonEnds),
  }
  return { flat, hasZ }
}
