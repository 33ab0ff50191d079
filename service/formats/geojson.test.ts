import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../shared/contract/errors.ts'
import { fromFlat } from '../../shared/geometry/types.ts'
import type { ByteReader } from './byte-source.ts'
import type { RawFeature } from './format.ts'
import { crsNameOf, readFeatures } from './geojson.ts'
import { DEFAULT_LIMITS } from './geojson-splitter.ts'

/** A reader that hands out `bytes` in pieces of the given sizes, over and over. */
function pieces(bytes: Uint8Array, sizes: readonly number[]): ByteReader {
  let at = 0
  let turn = 0
  return {
    close: async () => undefined,
    async read(target) {
      const size = Math.min(sizes[turn++ % sizes.length]!, target.length, bytes.length - at)
      target.set(bytes.subarray(at, at + size))
      at += size
      return size
    },
  }
}

async function readText(
  text: string,
  sizes: readonly number[] = [1 << 20],
  bufferBytes = DEFAULT_LIMITS.bufferBytes,
): Promise<RawFeature[]> {
  const features: RawFeature[] = []
  const limits = { ...DEFAULT_LIMITS, bufferBytes }
  for await (const chunk of readFeatures(pieces(Buffer.from(text), sizes), 'x.geojson', null, undefined, limits))
    features.push(...chunk)
  return features
}

async function refusal(text: string): Promise<AppError> {
  try {
    await readText(text)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('was not refused')
}

const square = '[[0,0],[1,0],[1,1],[0,0]]'
const feature = (properties: string, geometry = `{"type":"Polygon","coordinates":[${square}]}`) =>
  `{"type":"Feature","properties":${properties},"geometry":${geometry}}`

const plain = (features: readonly RawFeature[]) =>
  features.map(({ geometry, ...rest }) => ({ ...rest, geometry: geometry && fromFlat(geometry) }))

describe('forms of GeoJSON', () => {
  const collection = `{"type":"FeatureCollection","features":[${feature('{"a":1}')},${feature('{"a":2}')}]}`

  test('a collection, lines, record separators, a bare array, a single feature, a bare geometry', async () => {
    expect(await readText(collection)).toHaveLength(2)
    expect(await readText(`${feature('{}')}\n${feature('{}')}\n`)).toHaveLength(2)
    expect(await readText(`\u001e${feature('{}')}\n\u001e${feature('{}')}\n`)).toHaveLength(2)
    expect(await readText(`[${feature('{}')}]`)).toHaveLength(1)
    expect(await readText(feature('{}'))).toHaveLength(1)
    const [bare] = await readText(`{"type":"Polygon","coordinates":[${square}]}`)
    expect(fromFlat(bare!.geometry!).coordinates).toEqual([
      [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    ])
  })

  test('members in any order, an id, null geometry and null properties', async () => {
    const text = `{"features":[{"geometry":{"coordinates":[${square}],"type":"Polygon"},"id":"330781","type":"Feature","properties":null},
      {"type":"Feature","geometry":null,"properties":{"b":"x\\"}]"}}],"bbox":[0,0,1,1],"type":"FeatureCollection"}`
    const [first, second] = await readText(text)
    expect(first).toMatchObject({ geometryType: 'Polygon', properties: { id: '330781' }, row: 1 })
    expect(second).toMatchObject({ geometry: null, geometryType: null, properties: { b: 'x"}]' }, row: 2 })
  })

  test('heights are dropped and told, other types have no polygons, odd coordinates are a defect of the feature', async () => {
    const features = await readText(
      `[${feature('{}', '{"type":"Polygon","coordinates":[[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]]}')},
        ${feature('{}', '{"type":"Point","coordinates":[0,0]}')},
        ${feature('{}', '{"type":"GeometryCollection","geometries":[]}')},
        ${feature('{}', '{"type":"Polygon","coordinates":[[[0,"1"],[1,0]]]}')},
        ${feature('{}', '{"type":"Polygon","coordinates":[]}')},
        ${feature('{}', '{"type":"Polygon","coordinates":[[[1e400,0],[1,0],[1,1],[0,0]]]}')}]`,
    )
    expect(
      features.map(({ geometryType, geometry, problems }) => [
        geometryType,
        geometry?.coordinates.length,
        problems.map(problem => problem.code),
      ]),
    ).toEqual([
      ['Polygon', 8, ['z_dropped']],
      ['Point', undefined, []],
      ['GeometryCollection', undefined, []],
      ['Polygon', undefined, ['bad_coordinates']],
      ['Polygon', 0, []],
      ['Polygon', 8, []],
    ])
  })

  test.each([
    ['urn:ogc:def:crs:EPSG::4549', 'EPSG:4549'],
    ['urn:ogc:def:crs:EPSG:9.9:4490', 'EPSG:4490'],
    ['EPSG:4528', 'EPSG:4528'],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326'],
  ])('crs name %s', (name, crs) => {
    expect(crsNameOf(JSON.stringify({ type: 'name', properties: { name } }))).toBe(crs)
  })
})

describe('damaged files', () => {
  test('a truncated file names the position and the whole features before it', async () => {
    const whole = `{"type":"FeatureCollection","features":[${feature('{"a":1}')},${feature('{"a":2}')},`
    const error = await refusal(whole + feature('{"a":3}').slice(0, 30))
    expect(error.code).toBe('file_unreadable')
    expect(error.details).toMatchObject({ reason: 'truncated', values: { features: 2, position: whole.length + 30 } })
    expect((await refusal(whole.slice(0, -1))).details.reason).toBe('truncated')
    expect((await refusal('{"type":"Feature"')).details.reason).toBe('truncated')
  })

  test.each([
    ['hello'],
    ['<html></html>'],
    ['{"a":1}'],
    ['{"type":"Topology","objects":{}}'],
    ['[1,2]'],
    [`{"type":"FeatureCollection","features":[${feature('{"a":}')}]}`],
    [`[${feature('{}')}] trailing`],
  ])('%s is refused', async text => {
    const error = await refusal(text)
    expect(error.code).toBe('file_unreadable')
    expect(['not_json', 'not_geojson']).toContain(error.details.reason)
  })

  test('hostile nesting is refused', async () => {
    const deep = '['.repeat(100_000)
    expect((await refusal(feature(`{"a":${deep}`))).details.reason).toBe('nested_too_deep')
    expect((await refusal(`[${feature(`{"a":${deep}`)}`)).details.reason).toBe('nested_too_deep')
  })
})

describe('properties of the reader', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer().map(value => value / 1e9 + 119),
    fc.constantFrom(0, -0, 1e-7, 123456789.12345679, 5e-324, 1.7976931348623157e308),
  )
  const ring = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 12 })
  const polygons = fc.array(fc.array(ring, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  const properties = fc.dictionary(
    fc.string(),
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.jsonValue({ maxDepth: 2 }),
    ),
  )

  test('coordinates and properties are what JSON.parse gives, wherever the bytes are cut', async () => {
    const one = fc.record({ polygons, properties, space: fc.constantFrom(undefined, 1, '\t') })
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 4 }), cuts, fc.boolean(), async (given, sizes, lines) => {
        const features = given.map(item => ({
          type: 'Feature',
          properties: item.properties,
          geometry: { type: 'MultiPolygon', coordinates: item.polygons },
        }))
        const text = lines
          ? features.map(item => JSON.stringify(item)).join('\n')
          : JSON.stringify({ type: 'FeatureCollection', features }, null, given[0]?.space)
        const read = await readText(text, sizes, 64)
        const expected = (JSON.parse(JSON.stringify(features)) as typeof features).map(item => ({
          coordinates: item.geometry.coordinates,
          properties: item.properties,
        }))
        expect(
          read.map(item => ({ coordinates: fromFlat(item.geometry!).coordinates, properties: item.properties })),
        ).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('a feature larger than the buffer is read like any other', async () => {
    const big = feature(JSON.stringify({ text: '地'.repeat(5000) }))
    expect(plain(await readText(`[${big},${big}]`, [977], 128))).toEqual(plain(await readText(`[${big},${big}]`)))
  })
})
