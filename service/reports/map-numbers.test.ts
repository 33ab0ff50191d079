/** Numbers on a map: all of them are there, inside the frame, none lies on another. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeNumbers } from './map-numbers.ts'

const ROOM = { size: 12, digit: 6.7, frame: { x: 1, y: 1, width: 678, height: 438 } }
const point = fc.record({
  x: fc.double({ min: 60, max: 620, noNaN: true }),
  y: fc.double({ min: 50, max: 390, noNaN: true }),
})

test('up to sixty parcels anywhere on the map', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), points => {
      const placed = placeNumbers(
        points.map((at, index) => ({ ...at, text: String(index + 1) })),
        ROOM,
      )
      expect(placed.map(each => each.text)).toEqual(points.map((_, index) => String(index + 1)))
      placed.forEach((a, index) => {
        expect(a.x - a.width / 2).toBeGreaterThanOrEqual(ROOM.frame.x)
        expect(a.x + a.width / 2).toBeLessThanOrEqual(ROOM.frame.x + ROOM.frame.width)
        for (const b of placed.slice(index + 1))
          expect(Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= ROOM.size).toBe(true)
      })
    }),
    { numRuns: 60 },
  )
})

test('sixty parcels on one spot: the numbers step aside and point at it', () => {
  const placed = placeNumbers(
    Array.from({ length: 60 }, (_, index) => ({ x: 300, y: 200, text: String(index + 1) })),
    ROOM,
  )
  expect(new Set(placed.map(({ x, y }) => `${x.toFixed(3)} ${y.toFixed(3)}`)).size).toBe(60)
  expect(placed.every(({ atX, atY }) => atX === 300 && atY === 200)).toBe(true)
})
