/**
 * Reader for the test cases of JTS (`test/fixtures/jts`, licence beside them): the XML of its test runner and the WKT in
 * it. Polygons come out in our flat form; other kinds as positions, enough to know what a case is about.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FlatPolygons, type Position, type Ring, toFlat } from '../../shared/geometry/types.ts'

const FOLDER = fileURLToPath(new URL('../fixtures/jts', import.meta.url))

export interface JtsTest {
  op: string
  arg1: 'A' | 'B'
  arg2: 'A' | 'B' | undefined
  arg3: string | undefined
  expected: string
}

export interface JtsCase {
  file: string
  name: string
  a: JtsGeometry
  b: JtsGeometry | undefined
  tests: JtsTest[]
}

export interface JtsGeometry {
  kind: string
  /** Only for (multi)polygons. */
  polygons: FlatPolygons | undefined
  /** Only for (multi)points. */
  points: Position[]
}

export function readJtsCases(file: string): JtsCase[] {
  const xml = readFileSync(join(FOLDER, file), 'utf8')
  return [...xml.matchAll(/<case>([\s\S]*?)<\/case>/g)].map(([, body], index) => {
    const b = textOf(body!, 'b')
    return {
      file,
      name: `${file} ${index + 1}: ${textOf(body!, 'desc')?.replace(/\s+/g, ' ') ?? ''}`,
      a: readWkt(textOf(body!, 'a')!),
      b: b === undefined ? undefined : readWkt(b),
      tests: [...body!.matchAll(/<op\s([^>]*)>([\s\S]*?)<\/op>/g)].map(([, attributes, expected]) => ({
        op: attributeOf(attributes!, 'name')!,
        arg1: attributeOf(attributes!, 'arg1') as 'A' | 'B',
        arg2: attributeOf(attributes!, 'arg2') as 'A' | 'B' | undefined,
        arg3: attributeOf(attributes!, 'arg3'),
        expected: expected!.trim(),
      })),
    }
  })
}

function textOf(xml: string, tag: string): string | undefined {
  return new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(xml)?.[1]?.trim()
}

function attributeOf(attributes: string, name: string): string | undefined {
  return new RegExp(`${name}\\s*=\\s*"([^"]*)"`).exec(attributes)?.[1]
}

/** WKT of the kinds the cases use. */
export function readWkt(wkt: string): JtsGeometry {
  const kind = /^\s*([A-Z]+)/i.exec(wkt)![1]!.toUpperCase()
  const body = wkt.slice(wkt.indexOf('(')).replace(/\s+/g, ' ')
  const isEmpty = !wkt.includes('(')
  if (kind === 'POLYGON' || kind === 'MULTIPOLYGON') {
    const nested = isEmpty ? [] : (toArrays(body) as Ring[] | Ring[][])
    const coordinates = (kind === 'POLYGON' ? (isEmpty ? [] : [nested]) : nested) as Ring[][]
    return { kind, polygons: toFlat({ type: 'MultiPolygon', coordinates }), points: [] }
  }
  if (kind === 'POINT' || kind === 'MULTIPOINT') {
    const numbers = isEmpty ? [] : (body.match(/-?[\d.]+(e[+-]?\d+)?/gi) ?? []).map(Number)
    const points: Position[] = []
    for (let index = 0; index + 1 < numbers.length; index += 2) points.push([numbers[index]!, numbers[index + 1]!])
    return { kind, polygons: undefined, points }
  }
  return { kind, polygons: undefined, points: [] }
}

/** `((1 2, 3 4), EMPTY)` as nested arrays. */
function toArrays(body: string): unknown {
  const json = body
    .replace(/,?\s*EMPTY/gi, '')
    .replace(/\(/g, '[')
    .replace(/\)/g, ']')
    .replace(/(-?[\d.]+(?:e[+-]?\d+)?)\s+(-?[\d.]+(?:e[+-]?\d+)?)/gi, '[$1,$2]')
  return JSON.parse(json.replace(/\[\s*,/g, '['))
}
