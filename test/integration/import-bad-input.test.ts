/** Files that are damaged, foreign or hostile: each ends in a clear error or a listed issue, and nothing is half-written. */
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkZip } from '../../service/formats/zip-limits.ts'
import { inspectFile } from '../../service/imports/inspect.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { box, byCode, collection, type Desk, openDesk, refusalOf } from './import-fixture.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk('lanxi-2021-2023')
})
afterEach(() => {
  desk.close()
})

const nothing = () =>
  expect([desk.count('parcel'), desk.count('parcel_box'), desk.count('import_batch'), desk.count('qc_issue')]).toEqual([
    0, 0, 0, 0,
  ])
const good = collection([
  { rings: [box(0, 0, 100, 50)], properties: { code: 'P1' } },
  { rings: [box(200, 0, 100, 50)], properties: { code: 'P2' } },
])

test.each([
  ['empty.geojson', '', 'file_empty'],
  ['words.geojson', 'hello', 'not_json'],
  ['page.geojson', '<html><body>404</body></html>', 'not_json'],
  ['other.geojson', '{"type":"Topology","arcs":[]}', 'not_geojson'],
  ['none.geojson', '{"type":"FeatureCollection","features":[]}', 'no_features'],
  ['cut.geojson', good.slice(0, -60), 'truncated'],
  ['late.geojson', good.replace('"P2"', '"P2'), 'truncated'],
  ['syntax.geojson', good.replace('"P2"', 'P2'), 'not_json'],
])('%s is refused and nothing is kept', async (name, content, reason) => {
  const refusal = await refusalOf(desk.run(desk.file(name, content)))
  expect(refusal.details.reason).toBe(reason)
  expect(refusal.message).toContain(name)
  // The window says so at the first look: a file cut off behind its beginning alone is found when it is read.
  if (reason !== 'truncated' && name !== 'syntax.geojson') {
    const seen = await refusalOf(inspectFile(desk.store, { file: desk.file(name, content), kind: 'parcels' }))
    expect(seen.details.reason).toBe(reason)
  }
  nothing()
})

test('a missing file, and a table where parcels are wanted', async () => {
  expect((await refusalOf(desk.run('/nowhere/x.geojson'))).code).toBe('file_not_found')
  expect((await refusalOf(desk.run(desk.file('a.csv', 'code,name\n1,2\n')))).details.reason).toBe('no_geometry')
  nothing()
})

test('damage at the very end of a long file undoes what was read before it', async () => {
  const many = collection(
    Array.from({ length: 3000 }, (_, index) => ({
      rings: [box((index % 60) * 20, Math.floor(index / 60) * 20, 15, 15)],
    })),
  )
  const refusal = await refusalOf(desk.run(desk.file('a.geojson', many.slice(0, -5))))
  expect(refusal.details).toMatchObject({ reason: 'truncated', values: { features: 2999 } })
  nothing()
})

test.each([
  [
    'swapped axes',
    [
      [29.2, 119.45],
      [29.2, 119.46],
      [29.21, 119.46],
      [29.2, 119.45],
    ],
    undefined,
    'swapped_axes',
  ],
  [
    'metres called degrees',
    [
      [448139, 3233124],
      [448239, 3233124],
      [448239, 3233224],
      [448139, 3233124],
    ],
    'EPSG:4490',
    'looks_projected',
  ],
  [
    'degrees called metres',
    [
      [119.45, 29.2],
      [119.46, 29.2],
      [119.46, 29.21],
      [119.45, 29.2],
    ],
    'EPSG:4549',
    'looks_geographic',
  ],
  [
    'zone number missing',
    [
      [448139, 3233124],
      [448239, 3233124],
      [448239, 3233224],
      [448139, 3233124],
    ],
    'EPSG:4528',
    'zone_prefix_missing',
  ],
  [
    'zone number present',
    [
      [40448139, 3233124],
      [40448239, 3233124],
      [40448239, 3233224],
      [40448139, 3233124],
    ],
    'EPSG:4549',
    'zone_prefix_present',
  ],
  [
    'X and Y of a plane swapped',
    [
      [3233124, 448139],
      [3233124, 448239],
      [3233224, 448239],
      [3233124, 448139],
    ],
    'EPSG:4549',
    'swapped_axes',
  ],
  [
    'another zone',
    [
      [739894, 3233124],
      [739994, 3233124],
      [739994, 3233224],
      [739894, 3233124],
    ],
    'EPSG:4549',
    'outside_guard',
  ],
  [
    'elsewhere',
    [
      [7.43, 46.94],
      [7.44, 46.94],
      [7.44, 46.95],
      [7.43, 46.94],
    ],
    undefined,
    'outside_guard',
  ],
  [
    'Xi’an 1980',
    [
      [119.45, 29.2],
      [119.46, 29.2],
      [119.46, 29.21],
      [119.45, 29.2],
    ],
    'EPSG:4610',
    'crs_needs_parameters',
  ],
  [
    'an unknown system',
    [
      [119.45, 29.2],
      [119.46, 29.2],
      [119.46, 29.21],
      [119.45, 29.2],
    ],
    'EPSG:26915',
    'crs_unknown',
  ],
])('wrong coordinate system: %s', async (_, ring, crs, reason) => {
  const file = desk.file('a.geojson', collection([{ geometry: { type: 'Polygon', coordinates: [ring] } }]))
  const refusal = await refusalOf(desk.run(file, 'parcels', crs ? { crs } : {}))
  expect(refusal).toMatchObject({ code: 'import_rejected', details: { reason } })
  nothing()
})

test('the same place in degrees, planes and shifted coordinates is the same parcel', async () => {
  const ring = [
    [448139.7, 3233124.9],
    [448239.7, 3233124.9],
    [448239.7, 3233224.9],
    [448139.7, 3233124.9],
  ]
  const file = (name: string, coordinates: number[][]) =>
    desk.file(
      name,
      collection([{ properties: { code: 'P1' }, geometry: { type: 'Polygon', coordinates: [coordinates] } }]),
    )
  await desk.run(file('a.geojson', ring), 'parcels', { crs: 'EPSG:4549' })
  const zoned = ring.map(([x, y]) => [x! + 40_000_000, y!])
  expect(await desk.run(file('b.geojson', zoned), 'parcels', { crs: 'EPSG:4528' })).toMatchObject({ unchanged: 1 })
  const { west } = desk.store.read.prepare('SELECT min_x AS west FROM parcel_box').get() as { west: number }
  expect(west).toBeCloseTo(119.4667, 3)
})

test('strays outside the guard are refused one by one, or taken when allowed', async () => {
  const inside = Array.from({ length: 20 }, (_, index) => ({ rings: [box(index * 30, 0, 20, 20)] }))
  const stray = {
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [100, 10],
          [100.001, 10],
          [100.001, 10.001],
          [100, 10],
        ],
      ],
    },
  }
  const file = desk.file('a.geojson', collection([...inside, stray]))
  const result = await desk.run(file, 'parcels', {}, { dryRun: true })
  expect(result).toMatchObject({ inserted: 20, rejected: 1 })
  expect(byCode(result)['outside_guard']).toBe(1)
  expect(await desk.run(file, 'parcels', { outside_guard: true })).toMatchObject({ inserted: 21 })
})

test('wrong geometry types are listed one by one', async () => {
  const types = [
    { type: 'Point', coordinates: [119.45, 29.2] },
    {
      type: 'LineString',
      coordinates: [
        [119.45, 29.2],
        [119.46, 29.2],
      ],
    },
    { type: 'GeometryCollection', geometries: [] },
    { type: 'Polygon', coordinates: 'none' },
    { type: 'Polygon', coordinates: [[[null, null]]] },
    null,
  ]
  const result = await desk.run(desk.file('a.geojson', collection(types.map(geometry => ({ geometry })))))
  expect(byCode(result)).toEqual({ geometry_type: 3, bad_coordinates: 2, geometry_missing: 1 })
  expect(result).toMatchObject({ batch: null, rejected: 6, inserted: 0 })
  nothing()
})

test('a polygon of 10,000 vertices, and one that scribbles', async () => {
  const circle = Array.from({ length: 10_000 }, (_, index) => {
    const angle = (index / 10_000) * 2 * Math.PI
    return [500 * Math.cos(angle), 500 * Math.sin(angle)]
  })
  const scribble = Array.from({ length: 300 }, (_, index) => [2000 + ((index * 7919) % 500), (index * 104_729) % 500])
  const result = await desk.run(
    desk.file(
      'a.geojson',
      collection([{ rings: [[...circle, circle[0]!]] }, { rings: [[...scribble, scribble[0]!]] }]),
    ),
  )
  expect(result).toMatchObject({ inserted: 2, repaired: 1 })
  const { area_m2 } = desk.store.read.prepare('SELECT area_m2 FROM parcel ORDER BY code').get() as { area_m2: number }
  expect(Math.abs(area_m2 / (Math.PI * 500 * 500) - 1)).toBeLessThan(0.01)
})

test('hostile strings stay strings', async () => {
  const hostile = [
    "'; DROP TABLE parcel; --",
    '<img src=x onerror=alert(1)>',
    '=HYPERLINK("x")',
    '\u0000\u202e',
    '__proto__',
    '🏭'.repeat(90),
  ]
  const features = hostile.map((name, index) => ({
    rings: [box(index * 50, 0, 30, 30)],
    properties: { code: `H${index}`, name, __proto: 1, constructor: name },
  }))
  const result = await desk.run(desk.file('a.geojson', collection(features)))
  expect(result.inserted).toBe(hostile.length)
  const names = (desk.store.read.prepare('SELECT name FROM parcel ORDER BY code').all() as { name: string }[]).map(
    row => row.name,
  )
  expect(names).toEqual(hostile)
})

test('a code too long, an unknown field and an unknown column', async () => {
  const file = desk.file(
    'a.geojson',
    collection([{ rings: [box(0, 0, 100, 50)], properties: { code: 'x'.repeat(500) } }]),
  )
  const result = await desk.run(file)
  expect(byCode(result)).toEqual({ invalid_value: 1, code_proposed: 1 })
  expect((await refusalOf(desk.run(file, 'parcels', { mapping: { nothing: 'code' } }))).details.reason).toBe(
    'unknown_field',
  )
  expect((await refusalOf(desk.run(file, 'parcels', { mapping: { name: 'nothing' } }))).details.reason).toBe(
    'unknown_column',
  )
})

test('files that are something else say so', async () => {
  const picture = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100)])
  const cases: [string, string | Buffer, string][] = [
    ['a.geojson', picture, 'not_text_file'],
    ['b.geojson', Buffer.from('{"type":"FeatureCollection","features":[]}', 'utf16le'), 'encoding_utf16'],
    ['c.json', '[1, 2, 3]', 'not_geojson'],
    ['d.geojson', 'no JSON at all', 'not_json'],
  ]
  for (const [name, content, reason] of cases)
    expect((await refusalOf(desk.run(desk.file(name, content)))).details.reason, name).toBe(reason)
})

test('files that call themselves XLSX', async () => {
  expect((await refusalOf(desk.run(desk.file('a.xlsx', 'PK\u0003\u0004 not really'), 'enterprises', {}))).code).toBe(
    'file_unreadable',
  )
  expect((await refusalOf(desk.run(desk.file('b.csv', 'a,"b\n1,2\n'), 'enterprises', {}))).details.reason).toBe(
    'truncated',
  )
})

test('a zip that unpacks without end, lies about its sizes, or leaves its folder is refused', () => {
  const entry = (name: string, content: Buffer) => {
    const packed = deflateRawSync(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    local.writeUInt16LE(8, 8)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50)
    central.writeUInt16LE(8, 10)
    central.writeUInt32LE(packed.length, 20)
    // The stated unpacked size is a lie.
    central.writeUInt32LE(10, 24)
    central.writeUInt16LE(name.length, 28)
    const body = Buffer.concat([local, Buffer.from(name), packed])
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50)
    end.writeUInt16LE(1, 8)
    end.writeUInt16LE(1, 10)
    end.writeUInt32LE(46 + name.length, 12)
    end.writeUInt32LE(body.length, 16)
    return Buffer.concat([body, central, Buffer.from(name), end])
  }
  const reason = (bytes: Buffer) => {
    try {
      return checkZip(bytes, 'x.xlsx', { entries: 10, unpackedBytes: 1 << 20 })
    } catch (error) {
      return error instanceof AppError ? error.details.reason : error
    }
  }
  expect(reason(entry('xl/workbook.xml', Buffer.from('<x/>')))).toEqual(['xl/workbook.xml'])
  expect(reason(entry('xl/bomb.xml', Buffer.alloc(2 << 20)))).toBe('archive_too_large')
  expect(reason(entry('../../evil', Buffer.from('x')))).toBe('unsafe_path')
  expect(reason(entry('a', Buffer.from('x')).subarray(0, 40))).toBe('truncated')
})
