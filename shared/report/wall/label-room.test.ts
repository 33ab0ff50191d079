import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keepApart, type LabelBox } from './label-room.ts'

const frame = { x: 0, y: 0, width: 760, height: 400 }
const overlap = (a: LabelBox, b: LabelBox): boolean =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2

describe('labels of units on the wall chart', () => {
  test('those that have room stay where they are', () => {
    const labels = [
      { x: 100, y: 100, width: 60, height: 36 },
      { x: 300, y: 100, width: 60, height: 36 },
    ]
    keepApart(labels, frame)
    expect(labels.map(({ x, y }) => [x, y])).toEqual([
      [100, 100],
      [300, 100],
    ])
  })

  test('wherever 18 units lie, no label covers another and none leaves the frame', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            x: fc.double({ min: 100, max: 660, noNaN: true }),
            y: fc.double({ min: 60, max: 340, noNaN: true }),
            width: fc.integer({ min: 40, max: 80 }),
          }),
          { minLength: 2, maxLength: 18 },
        ),
        drawn => {
          const labels = drawn.map(label => ({ ...label, height: 36 }))
          keepApart(labels, frame)
          for (const [index, a] of labels.entries()) {
            expect(a.x - a.width / 2).toBeGreaterThanOrEqual(-0.001)
            expect(a.x + a.width / 2).toBeLessThanOrEqual(frame.width + 0.001)
            for (const b of labels.slice(index + 1)) expect(overlap(a, b)).toBe(false)
          }
        },
      ),
    )
  })
})
