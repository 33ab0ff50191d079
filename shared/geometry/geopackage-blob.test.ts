import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeGeometry, decodeWkb, encodeGeometry, HEADER_BYTES, STORED_SRS_ID } from './geopackage-blob.ts'
import { fromFlat, type MultiPolygonCoordinates, toFlat } from './types.ts'

const position = fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }))
const multiPolygon = fc.array(
  fc.array(fc.array(position, { minLength: 0, maxLength: 8 }), { minLength: 1, maxLength: 3 }),
  { maxLength: 4 },
) as fc.Arbitrary<MultiPolygonCoordinates>

const square: MultiPolygonCoordinates = [
  [
    [
      [1, 2],
      [3, 2],
      [3, 4],
      [1, 4],
      [1, 2],
    ],
  ],
]
const flatSquare = toFlat({ type: 'MultiPolygon', coordinates: square })

test('what goes in comes out, bit for bit, also from the middle of a larger buffer', () => {
  fc.assert(
    fc.property(multiPolygon, fc.nat({ max: 9 }), (coordinates, offset) => {
      const bytes = encodeGeometry(toFlat({ type: 'MultiPolygon', coordinates }))
      const larger = new Uint8Array(bytes.length + offset + 5)
      larger.set(bytes, offset)
      const decoded = decodeGeometry(larger.subarray(offset, offset + bytes.length))
      expect(fromFlat(decoded)).toStrictEqual({ type: 'MultiPolygon', coordinates })
    }),
  )
})

test('the header names EPSG:4490 and the extent', () => {
  const bytes = encodeGeometry(flatSquare)
  const view = new DataView(bytes.buffer)
  expect(String.fromCharCode(bytes[0]!, bytes[1]!)).toBe('GP')
  expect(view.getInt32(4, true)).toBe(STORED_SRS_ID)
  expect([8, 16, 24, 32].map(at => view.getFloat64(at, true))).toEqual([1, 3, 2, 4])
})

test('an empty geometry is marked as empty', () => {
  const bytes = encodeGeometry(toFlat({ type: 'MultiPolygon', coordinates: [] }))
  expect(bytes[3]! & 0b10000).toBe(0b10000)
  expect(fromFlat(decodeGeometry(bytes)).coordinates).toEqual([])
})

/** WKB of one triangle with `extra` further ordinates per vertex. */
function triangleWkb(little: boolean, type: number, extra: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(13 + 4 * (2 + extra) * 8))
  view.setUint8(0, little ? 1 : 0)
  view.setUint32(1, type, little)
  view.setUint32(5, 1, little)
  view.setUint32(9, 4, little)
  const ordinates = [
    [0, 0],
    [5, 0],
    [0, 5],
    [0, 0],
  ].flatMap(([x, y]) => [x!, y!, ...Array<number>(extra).fill(77)])
  ordinates.forEach((value, index) => void view.setFloat64(13 + index * 8, value, little))
  return new Uint8Array(view.buffer)
}

test.each([
  ['little endian', true, 3, 0],
  ['big endian', false, 3, 0],
  ['ISO Z', true, 1003, 1],
  ['ISO M', true, 2003, 1],
  ['ISO ZM', false, 3003, 2],
  ['EWKB Z', true, 0x80000003, 1],
  ['EWKB ZM', true, 0xc0000003, 2],
])('reads a polygon in %s', (_, little, type, extra) => {
  expect(fromFlat(decodeWkb(triangleWkb(little, type, extra))).coordinates).toEqual([
    [
      [
        [0, 0],
        [5, 0],
        [0, 5],
        [0, 0],
      ],
    ],
  ])
})

test('anything cut short or changed is either read or refused with a code, never another failure', () => {
  const whole = encodeGeometry(flatSquare)
  const at = fc.nat({ max: whole.length - 1 })
  fc.assert(
    fc.property(at, at, fc.nat({ max: 255 }), (length, index, value) => {
      const bytes = whole.slice(0, length + 1)
      if (index < bytes.length) bytes[index] = value
      try {
        decodeGeometry(bytes)
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_geometry' })
      }
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['no bytes', new Uint8Array()],
  [
    'a point',
    Uint8Array.from([
      ...encodeGeometry(flatSquare).subarray(0, HEADER_BYTES),
      1,
      1,
      0,
      0,
      0,
      ...Array<number>(16).fill(0),
    ]),
  ],
  ['truncated', encodeGeometry(flatSquare).subarray(0, 100)],
])('refuses %s', (_, bytes) => {
  expect(() => decodeGeometry(bytes)).toThrow(expect.objectContaining({ code: 'bad_geometry' }))
})
