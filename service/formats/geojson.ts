/**
 * GeoJSON, streamed: FeatureCollection, newline-delimited features, a single feature or geometry; the legacy `crs` member.
 * Memory follows the largest feature, not the file. Repairs nothing.
 */
import { basename } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { AppError } from '../../shared/contract/errors.ts'
import { type ByteReader, readUtf8, sampleFile } from './byte-source.ts'
import { bomLength, detectEncoding, encodingNamed } from './encoding.ts'
import type { ImportFormat, RawFeature, Source } from './format.ts'
import { parseFeature, WrongEncoding } from './geojson-feature.ts'
import { DEFAULT_LIMITS, FeatureSplitter, type SplitterLimits } from './geojson-splitter.ts'

export const geojsonFormat: ImportFormat = {
  id: 'geojson',
  label: 'GeoJSON',
  detect(head, fileName) {
    let at = bomLength(head)
    while (at < head.length && (head[at]! <= 0x20 || head[at] === 0x1e)) at++
    const first = head[at]
    const named = /\.(geojson|json|geojsonl|geojsons|ndjson|jsonl)$/i.test(fileName)
    if (first !== 0x7b && first !== 0x5b) return named ? 0.3 : 0
    const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 4096)).toString('latin1')
    return /"(features|geometry|coordinates|type)"/.test(text) ? 0.95 : named ? 0.6 : 0.2
  },
  async open(file, options) {
    const name = basename(file)
    const { head, tail, whole } = await sampleFile(file)
    const encoding = options.encoding
      ? encodingNamed(options.encoding)
      : namedErrors(name, () => detectEncoding(head, whole))
    const declared = crsInHead(head) ?? crsInTail(tail)
    const source: Source = {
      format: 'geojson',
      encoding,
      crsDeclared: declared,
      counts: 'feature',
      spatial: true,
      sheets: [],
      headings: [],
      async *features(signal) {
        const reader = await readUtf8(file, encoding)
        try {
          yield* readFeatures(reader, name, declared, signal)
        } finally {
          await reader.close()
        }
      },
    }
    return source
  },
}

/** Few enough to die young: what survives two collections stays in memory until the next big one. */
const CHUNK = 64

/** All features of a reader, in chunks. Exported for tests, which cut the bytes where they like. */
export async function* readFeatures(
  reader: ByteReader,
  fileName: string,
  crsDeclared: string | null,
  signal?: AbortSignal,
  limits: SplitterLimits = DEFAULT_LIMITS,
): AsyncGenerator<RawFeature[], void, undefined> {
  const splitter = new FeatureSplitter(reader, fileName, limits)
  let index = 0
  const refilled = async () => {
    if (signal?.aborted) throw new AppError('cancelled', '已取消', { reason: 'cancelled' })
    await breathe()
  }
  for await (const batch of splitter.split(refilled)) {
    let features: RawFeature[] = []
    for (const { buffer, start, end, offset } of batch) {
      features.push(featureAt(buffer, start, end, offset, index, fileName))
      index++
      if (features.length < CHUNK) continue
      yield features
      features = []
    }
    if (features.length > 0) yield features
  }
  const late = splitter.members.get('crs')
  if (late !== undefined && crsNameOf(late) !== crsDeclared && index > 0) {
    throw new AppError(
      'import_rejected',
      `文件“${fileName}”的坐标系写在数据之后(${crsNameOf(late) ?? '无法识别'})，请在导入时指定坐标系`,
      {
        reason: 'crs_late',
        file: fileName,
      },
    )
  }
}

function featureAt(
  buffer: Buffer,
  start: number,
  end: number,
  offset: number,
  index: number,
  fileName: string,
): RawFeature {
  try {
    const parsed = parseFeature(buffer, start, end)
    const { geometry, lines, geometryType, properties, problems } = parsed
    if (parsed.hasZ) problems.push({ code: 'z_dropped', severity: 'info', message: '坐标带高程(Z)，只取平面坐标' })
    return { index, row: index + 1, geometry, ...(lines ? { lines } : {}), geometryType, properties, problems }
  } catch (error) {
    const where = { file: fileName, row: index + 1, values: { position: offset + 1, features: index } }
    if (error instanceof WrongEncoding) {
      throw new AppError(
        'file_unreadable',
        `文件“${fileName}”第 ${index + 1} 个要素的文字不是 UTF-8，请指定文字编码(如 GBK)再导入`,
        {
          reason: 'encoding_mixed',
          ...where,
        },
      )
    }
    if (error instanceof SyntaxError) {
      throw new AppError(
        'file_unreadable',
        `文件“${fileName}”第 ${index + 1} 个要素(第 ${offset + 1} 字节起)不是有效的 JSON，未导入`,
        { reason: 'not_json', ...where },
        { cause: error },
      )
    }
    if (error instanceof TypeError) {
      throw new AppError('file_unreadable', `文件“${fileName}”第 ${index + 1} 个对象不是 GeoJSON 要素或几何，未导入`, {
        reason: 'not_geojson',
        ...where,
      })
    }
    throw error
  }
}

/** Adds the file's name to errors of steps that do not know it. */
function namedErrors<T>(fileName: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError)
      throw new AppError(error.code, `文件“${fileName}”：${error.message}`, { ...error.details, file: fileName })
    throw error
  }
}

/** A declared CRS before the features. */
function crsInHead(head: Uint8Array): string | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 1 << 16)).toString('latin1')
  const features = text.search(/"(features|geometry|coordinates)"\s*:/)
  const before = features < 0 ? text : text.slice(0, features)
  const match = /"crs"\s*:\s*(?=\{)/.exec(before)
  return match ? crsNameOf(balanced(text.slice(match.index + match[0].length))) : null
}

/** A declared CRS behind the features, as some writers put it: a member of the root, so only the root is left to close. */
function crsInTail(tail: Uint8Array): string | null {
  const text = Buffer.from(tail.buffer, tail.byteOffset, tail.length).toString('latin1')
  const at = text.lastIndexOf('"crs"')
  if (at < 0) return null
  const match = /^"crs"\s*:\s*(?=\{)/.exec(text.slice(at))
  if (!match) return null
  const value = balanced(text.slice(at + match[0].length))
  const rest = text.slice(at + match[0].length + value.length).replace(/"(?:[^"\\]|\\.)*"/g, '')
  const depth = [...rest].reduce((sum, sign) => sum + ('{['.includes(sign) ? 1 : '}]'.includes(sign) ? -1 : 0), 0)
  return depth === -1 ? crsNameOf(value) : null
}

function balanced(text: string): string {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return text.slice(0, at + 1)
  }
  return text
}

/** 'EPSG:4490' for the names writers use: urn:ogc:def:crs:EPSG::4490, EPSG:4490, urn:…:OGC:1.3:CRS84; null for no crs. */
export function crsNameOf(json: string): string | null {
  let crs: unknown
  try {
    crs = JSON.parse(json)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  if (typeof crs !== 'object' || crs === null || !('properties' in crs)) return null
  const properties = crs.properties
  if (typeof properties !== 'object' || properties === null) return null
  if ('code' in properties && typeof properties.code === 'number') return `EPSG:${properties.code}`
  if (!('name' in properties) || typeof properties.name !== 'string') return null
  const epsg = /EPSG:[\d.]*:?(\d{4,6})$/i.exec(properties.name)
  if (epsg) return `EPSG:${epsg[1]}`
  if (/CRS:?84$/i.test(properties.name)) return 'EPSG:4326'
  return properties.name.slice(0, 100)
}
