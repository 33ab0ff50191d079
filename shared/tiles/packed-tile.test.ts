import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toFlat } from '../geometry/types.ts'
import {
  decodePackedTile,
  encodePackedTile,
  KIND_POLYGON,
  kindOf,
  type PackedTile,
  stampRevision,
} from './packed-tile.ts'
import { parseTilePath } from './parse-tile-path.ts'
import { latitudeToTile, longitudeToTile, tileBox, tileLatitude, tileLongitude, tilePath } from './tile-address.ts'
import { BOX_PX, labelPlace, tileBuilder } from './tile-builder.ts'
import { parcelsAt, shapeOf } from './tile-hit.ts'
import { tileProjection } from './tile-outline.ts'

const int16 = fc.integer({ min: -512, max: 4608 })
const byte = fc.integer({ min: 0, max: 255 })
const parcelArbitrary = fc.record({
  pk: fc.integer({ min: 1, max: 0xffffffff }),
  state: byte,
  side: byte,
  class: byte,
  tax: byte,
  year: byte,
  freed: byte,
  flags: byte,
  unit: fc.integer({ min: 0, max: 2 }),
  anchor: fc.tuple(int16, int16),
  label: fc.string({ unit: 'grapheme', maxLength: 8 }),
  rings: fc.array(fc.array(fc.tuple(int16, int16), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
})

function tileOf(
  parcels: (typeof parcelArbitrary extends fc.Arbitrary<infer T> ? T : never)[],
  revision: number,
): PackedTile {
  const rings = parcels.flatMap(parcel => parcel.rings)
  const running = (sizes: number[]) => sizes.reduce((ends, size) => [...ends, ends.at(-1)! + size], [0])
  return {
    z: 15,
    x: 27266,
    y: 13602,
    revision,
    count: parcels.length,
    pk: Uint32Array.from(parcels, p => p.pk),
    state: Uint8Array.from(parcels, p => p.state),
    side: Uint8Array.from(parcels, p => p.side),
    class: Uint8Array.from(parcels, p => p.class),
    tax: Uint8Array.from(parcels, p => p.tax),
    year: Uint8Array.from(parcels, p => p.year),
    freed: Uint8Array.from(parcels, p => p.freed),
    flags: Uint8Array.from(parcels, p => p.flags),
    unit: Uint16Array.from(parcels, p => p.unit),
    anchors: Int16Array.from(parcels.flatMap(p => p.anchor)),
    ringOfParcel: Uint32Array.from(running(parcels.map(p => p.rings.length))),
    vertexOfRing: Uint32Array.from(running(rings.map(ring => ring.length))),
    coords: Int16Array.from(rings.flat(2)),
    units: ['', '330781001', '兰溪经济开发区'],
    labels: parcels.map(p => p.label),
  }
}

describe('packed tile', () => {
  it('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(fc.array(parcelArbitrary, { maxLength: 20 }), fc.nat(), (parcels, revision) => {
        const tile = tileOf(parcels, revision)
        expect(decodePackedTile(encodePackedTile(tile))).toEqual(tile)
      }),
    )
  })

  it('is read from bytes that start at an odd place', () => {
    const tile = tileOf([], 3)
    const bytes = encodePackedTile(tile)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    expect(decodePackedTile(shifted.subarray(1))).toEqual(tile)
  })

  it('refuses bytes that are cut off or foreign', () => {
    const bytes = encodePackedTile(tileOf([], 1))
    expect(() => decodePackedTile(bytes.subarray(0, bytes.length - 1))).toThrow(RangeError)
    expect(() => decodePackedTile(new Uint8Array(64))).toThrow(RangeError)
    expect(() => decodePackedTile(new Uint8Array(3))).toThrow(RangeError)
  })

  it('takes a newer revision stamp in place', () => {
    const bytes = encodePackedTile(tileOf([], 1))
    stampRevision(bytes, 2 ** 40)
    expect(decodePackedTile(bytes).revision).toBe(2 ** 40)
  })
})

describe('tile addresses', () => {
  it('turn into paths and back', () => {
    const request = { layer: 'preview:0a-1', z: 15, x: 27266, y: 13602, revision: 12 }
    expect(parseTilePath(tilePath(request))).toEqual(request)
    expect(parseTilePath('/tiles/other/1/2/3?r=1')).toBeNull()
    expect(parseTilePath('/tiles/%E0%A4%A/1/2/3?r=1')).toBeNull()
  })

  it('agree with their inverse', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -179, max: 179, noNaN: true }),
        fc.double({ min: -80, max: 80, noNaN: true }),
        (lng, lat) => {
          expect(tileLongitude(longitudeToTile(lng, 14), 14)).toBeCloseTo(lng, 9)
          expect(tileLatitude(latitudeToTile(lat, 14), 14)).toBeCloseTo(lat, 9)
        },
      ),
    )
  })
})

describe('projection', () => {
  it('stays within an eighth of a unit of exact Web Mercator, one degree around the tile', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.double({ min: -70, max: 70, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (z, middle, offset) => {
          const x = Math.floor(longitudeToTile(119.46, z))
          const y = Math.floor(latitudeToTile(middle, z))
          const lat = tileLatitude(y + 0.5, z) + offset * Math.min(1, (4 * 360) / 2 ** z)
          if (Math.abs(lat) > 80) return
          const exact = (latitudeToTile(lat, z) - y) * 4096
          expect(Math.abs(tileProjection(z, x, y).y(lat) - exact)).toBeLessThan(0.125 + 1e-6)
        },
      ),
    )
  })
})

describe('level of detail', () => {
  const square = (lng: number, lat: number, size: number) => ({
    box: { west: lng, south: lat, east: lng + size, north: lat + size },
    outline: toFlat({
      type: 'Polygon',
      coordinates: [
        [
          [lng, lat],
          [lng + size, lat],
          [lng + size, lat + size],
          [lng, lat + size],
          [lng, lat],
        ],
      ],
    }),
  })
  const values = { pk: 1, state: 0, side: 0, class: 0, tax: 0, year: 0, freed: 0, flags: 0, unit: '', label: 'A' }

  it('draws points, boxes and rings by size, and never drops a parcel', () => {
    const z = 12
    const x = Math.floor(longitudeToTile(119.46, z))
    const y = Math.floor(latitudeToTile(29.21, z))
    const [west, south] = tileBox(z, x, y)
    const degreesPerPx = 360 / 512 / 2 ** z
    const kinds = [0.2, 2, BOX_PX * 2].map(px => {
      const { box, outline } = square(west + 0.01, south + 0.01, px * degreesPerPx)
      const builder = tileBuilder(z, x, y)
      builder.add({ ...values, ...box }, outline)
      const tile = decodePackedTile(builder.finish(1))
      return [tile.count, kindOf(tile, 0)]
    })
    expect(kinds).toEqual([
      [1, 2],
      [1, 1],
      [1, KIND_POLYGON],
    ])
  })

  it('has a shape to set off for every kind, near where the parcel is', () => {
    const z = 13
    const x = Math.floor(longitudeToTile(119.46, z))
    const y = Math.floor(latitudeToTile(29.21, z))
    const [west, south] = tileBox(z, x, y)
    const degreesPerPx = 360 / 512 / 2 ** z
    for (const px of [0.2, 2, BOX_PX * 2]) {
      const { box, outline } = square(west + 0.01, south + 0.01, px * degreesPerPx)
      const builder = tileBuilder(z, x, y)
      builder.add({ ...values, ...box }, outline)
      const [ring] = shapeOf(decodePackedTile(builder.finish(1)), 0)
      const across = ring!.filter((_, i) => i % 2 === 0)
      const down = ring!.filter((_, i) => i % 2 === 1)
      expect(new Set(across).size).toBeGreaterThan(1)
      expect(new Set(down).size).toBeGreaterThan(1)
      // In eighths of a pixel: to a pixel where it is.
      const left = (longitudeToTile(box.west, z) - x) * 4096
      const top = (latitudeToTile(box.north, z) - y) * 4096
      expect(Math.abs(Math.min(...across) - left)).toBeLessThanOrEqual(8)
      expect(Math.abs(Math.min(...down) - top)).toBeLessThanOrEqual(8)
    }
  })

  it('clips a parcel far larger than the tile to the tile and its margin', () => {
    const z = 18
    const x = Math.floor(longitudeToTile(119.46, z))
    const y = Math.floor(latitudeToTile(29.21, z))
    const { box, outline } = square(119.4, 29.15, 0.12)
    const builder = tileBuilder(z, x, y)
    builder.add({ ...values, ...box }, outline)
    const tile = decodePackedTile(builder.finish(1))
    expect(Math.min(...tile.coords)).toBe(-512)
    expect(Math.max(...tile.coords)).toBe(4608)
    expect(parcelsAt(tile, 2048, 2048).map(hit => hit.pk)).toEqual([1])
  })

  it('puts the label inside a U-shaped parcel', () => {
    const outline = toFlat({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [3, 0],
          [3, 3],
          [2, 3],
          [2, 1],
          [1, 1],
          [1, 3],
          [0, 3],
          [0, 0],
        ],
      ],
    })
    const [lng, lat] = labelPlace(outline)
    expect(lat).toBe(1.5)
    expect(lng < 1 || lng > 2).toBe(true)
  })
})

describe('hit test', () => {
  it('agrees with a brute-force winding of the rings', () => {
    fc.assert(
      fc.property(fc.array(parcelArbitrary, { maxLength: 8 }), fc.tuple(int16, int16), (parcels, [x, y]) => {
        const tile = tileOf(
          parcels.map(parcel => ({ ...parcel, flags: KIND_POLYGON })),
          1,
        )
        const expected = parcels.flatMap((parcel, index) => (isInside(parcel.rings, x + 0.5, y + 0.5) ? [index] : []))
        const hit = parcelsAt(tile, x + 0.5, y + 0.5).map(found => found.index)
        expect(hit.sort((a, b) => a - b)).toEqual(expected)
      }),
    )
  })
})

/** Counts edges left of the place by the sign of an orientation, another way than the code under test. */
function isInside(rings: readonly (readonly (readonly [number, number])[])[], x: number, y: number): boolean {
  let crossings = 0
  for (const ring of rings) {
    ring.forEach(([bx, by], index) => {
      const [ax, ay] = ring[(index + ring.length - 1) % ring.length]!
      if (Math.min(ay, by) > y || Math.max(ay, by) <= y) return
      const orientation = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
      if (by > ay ? orientation > 0 : orientation < 0) crossings += 1
    })
  }
  return crossings % 2 === 1
}
