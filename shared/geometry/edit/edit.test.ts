/** Editing aids: what is given stays bit-equal, and the shapes are what they are called. Properties, fixed seeds. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ellipsoidAreaM2 } from '../area.ts'
import { validatePolygons } from '../validate.ts'
import { mergeTouching, splitAlong } from './divide.ts'
import { angleAt, localPlane } from './metres.ts'
import { nodeTogether, withVerticesOf } from './noding.ts'
import { flatOf, type Outline, outlineOf, type Place, samePlace } from './outline.ts'
import { atRightAngle, rectangleOf, rightCorner } from './rectangle.ts'
import { holeAt, partAt, withHole, withoutRing, withPart } from './rings.ts'
import { deleteShared, insertShared, moveShared } from './shared-vertices.ts'
import { traceBetween } from './trace.ts'

const ORIGIN: Place = [119.45, 29.2]
const plane = localPlane(ORIGIN)
const at = (east: number, north: number): Place => plane.toDegrees([east, north])
const square = (x: number, y: number, side: number): Place[] => [
  at(x, y),
  at(x + side, y),
  at(x + side, y + side),
  at(x, y + side),
]

const place: fc.Arbitrary<Place> = fc
  .tuple(fc.integer({ min: -300_000, max: 300_000 }), fc.integer({ min: -300_000, max: 300_000 }))
  .map(([x, y]) => at(x / 1000, y / 1000))
const apart = (a: Place, b: Place) => Math.hypot(...plane.toMetres([ORIGIN[0] + b[0] - a[0], ORIGIN[1] + b[1] - a[1]]))
const settings = { numRuns: 400, seed: 20_261_124 }

describe('drawing aids', () => {
  test('a rectangle keeps both given corners bit by bit, has four right angles and a valid ring', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        fc.pre(apart(a, b) > 0.5)
        const ring = rectangleOf(a, b, c)
        fc.pre(ring !== null && apart(ring[1]!, ring[2]!) > 0.5)
        expect(samePlace(ring[0]!, a) && samePlace(ring[1]!, b)).toBe(true)
        for (let index = 0; index < 4; index++)
          expect(angleAt(ring[(index + 3) % 4]!, ring[index]!, ring[(index + 1) % 4]!)).toBeCloseTo(90, 1)
        expect(validatePolygons(flatOf([[ring]]))).toEqual([])
      }),
      settings,
    )
    expect(rectangleOf(at(0, 0), at(0, 0), at(5, 5))).toBeNull()
    expect(rectangleOf(at(0, 0), at(10, 0), at(20, 0))).toBeNull()
  })

  test('the right-angle aid goes on straight or square, to the nearest', () => {
    fc.assert(
      fc.property(place, place, place, (before, last, cursor) => {
        fc.pre(apart(before, last) > 1 && apart(last, cursor) > 1)
        const aided = atRightAngle(before, last, cursor)
        fc.pre(apart(last, aided) > 0.5)
        const angle = angleAt(before, last, aided)
        expect(Math.min(Math.abs(angle), Math.abs(angle - 90), Math.abs(angle - 180))).toBeLessThan(0.05)
        // Never farther away than the worst case, 45° off.
        expect(apart(aided, cursor)).toBeLessThan(apart(last, cursor) * 0.72)
      }),
      settings,
    )
    const north = atRightAngle(undefined, at(0, 0), at(3, 40))
    expect(plane.toMetres(north)[0]).toBeCloseTo(0, 6)
  })

  test('a corner is brought to the circle where it is right', () => {
    fc.assert(
      fc.property(place, place, place, (before, after, cursor) => {
        fc.pre(apart(before, after) > 2)
        const corner = rightCorner(before, after, cursor)
        fc.pre(apart(before, corner) > 0.5 && apart(after, corner) > 0.5)
        expect(angleAt(before, corner, after)).toBeCloseTo(90, 1)
      }),
      settings,
    )
  })
})

describe('common corners', () => {
  const a: Outline = [[square(0, 0, 100)]]
  const b: Outline = [[square(100, 20, 50)]]

  test('corners on a neighbour’s edge become its corners, bit by bit and once', () => {
    const noded = nodeTogether(
      new Map([
        ['a', a],
        ['b', b],
      ]),
    )
    expect(noded.get('b')).toBe(b)
    const ring = noded.get('a')![0]![0]!
    expect(ring).toHaveLength(6)
    expect(ring.filter(corner => b[0]![0]!.some(other => samePlace(corner, other)))).toHaveLength(2)
    expect(nodeTogether(noded).get('a')).toBe(noded.get('a'))
    expect(ellipsoidAreaM2(flatOf(noded.get('a')!))).toBeCloseTo(ellipsoidAreaM2(flatOf(a)), 3)
    expect(withVerticesOf(a, [[[square(300, 300, 5)]]])).toBe(a)
  })

  test('moving, inserting and deleting happens in all, and a place where more parcels meet stays', () => {
    const all = nodeTogether(
      new Map([
        ['a', a],
        ['b', b],
      ]),
    )
    const corner = b[0]![0]![0]!
    const to = at(90, 25)
    const moved = moveShared(all, corner, to)
    for (const id of ['a', 'b'])
      expect(
        moved
          .get(id)!
          .flat(2)
          .filter(other => samePlace(other, to)),
      ).toHaveLength(1)
    const other = b[0]![0]![3]!
    const middle = at(105, 45)
    const inserted = insertShared(all, corner, other, middle)
    for (const id of ['a', 'b'])
      expect(
        inserted
          .get(id)!
          .flat(2)
          .some(found => samePlace(found, middle)),
      ).toBe(true)
    const deleted = deleteShared(inserted, middle)
    expect(
      'outlines' in deleted && [...deleted.outlines.values()].flat(3).some(found => samePlace(found as never, middle)),
    ).toBe(false)
    expect(deleteShared(all, corner)).toEqual({ refused: 'junction' })
    expect(deleteShared(new Map([['c', [[square(0, 0, 1).slice(0, 3)]]]]), at(0, 0))).toEqual({ refused: 'minimum' })
    expect(moveShared(all, at(7, 7), at(8, 8)).get('a')).toBe(all.get('a'))
  })
})

describe('tracing', () => {
  test('follows the shorter way with the stored corners, also from places on edges', () => {
    const ring = [at(0, 0), at(100, 0), at(100, 10), at(100, 50), at(0, 50)]
    const outlines: Outline[] = [[[square(500, 0, 10)]], [[ring]]]
    expect(traceBetween(outlines, ring[4]!, ring[2]!)).toEqual([ring[3]])
    expect(traceBetween(outlines, ring[1]!, ring[3]!)).toEqual([ring[2]])
    expect(traceBetween(outlines, ring[3]!, ring[1]!)).toEqual([ring[2]])
    const onEdge: Place = [(ring[0]![0] + ring[1]![0]) / 2, (ring[0]![1] + ring[1]![1]) / 2]
    expect(traceBetween(outlines, onEdge, ring[3]!)).toEqual([ring[1], ring[2]])
    expect(traceBetween(outlines, onEdge, ring[1]!)).toEqual([])
    expect(traceBetween(outlines, at(20, 20), ring[1]!)).toBeNull()
  })
})

test('holes and parts come and go', () => {
  const land: Outline = [[square(0, 0, 100)]]
  const hole = square(20, 20, 10)
  const holed = withHole(land, hole)!
  expect(holed[0]).toHaveLength(2)
  expect(withHole(land, square(300, 0, 10))).toBeNull()
  expect(holeAt(holed, at(25, 25))).toEqual({ polygon: 0, ring: 1 })
  expect(holeAt(holed, at(50, 50))).toBeNull()
  expect(withoutRing(holed, 0, 1)).toEqual(land)
  const two = withPart(land, square(200, 0, 10))
  expect(partAt(two, at(205, 5))).toBe(1)
  expect(withoutRing(two, 1, 0)).toEqual(land)
  expect(withoutRing(land, 0, 0)).toBeNull()
})

test('split then merge gives the area and every corner of the outline back', () => {
  const corner = fc.integer({ min: -150_000, max: 150_000 }).map(value => value / 1000)
  const radius = fc.array(fc.integer({ min: 20_000, max: 100_000 }), { minLength: 3, maxLength: 12 })
  let cut = 0
  fc.assert(
    fc.property(radius, fc.array(fc.tuple(corner, corner), { minLength: 2, maxLength: 4 }), (radii, line) => {
      const ring = radii.map((r, index) => {
        const angle = (2 * Math.PI * index) / radii.length
        return at((r / 1000) * Math.cos(angle), (r / 1000) * Math.sin(angle))
      })
      const land = flatOf([[ring]])
      const parts = splitAlong(
        land,
        line.map(([x, y]) => at(x, y)),
      )
      if (parts.length < 2) return
      cut += 1
      const merged = mergeTouching(parts)
      expect(merged).not.toBeNull()
      // An edge in two pieces bulges a little less than the whole geodesic.
      expect(Math.abs(ellipsoidAreaM2(merged!) - ellipsoidAreaM2(land))).toBeLessThan(0.1)
      const sum = parts.reduce((total, part) => total + ellipsoidAreaM2(part), 0)
      expect(Math.abs(sum - ellipsoidAreaM2(land))).toBeLessThan(0.1)
      const corners = outlineOf(merged!).flat(2)
      expect(ring.every(place => corners.some(other => samePlace(place, other)))).toBe(true)
    }),
    settings,
  )
  expect(cut).toBeGreaterThan(100)
})
