import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rectangle, visibleBounds } from './window-state.ts'

const LAPTOP: Rectangle = { x: 0, y: 0, width: 1366, height: 728 }
const PROJECTOR: Rectangle = { x: 1366, y: 0, width: 1920, height: 1040 }

describe('window bounds', () => {
  it('fill a small laptop at first', () => {
    expect(visibleBounds(undefined, [LAPTOP])).toEqual(LAPTOP)
  })

  it('stay where they were', () => {
    const bounds = { x: 1500, y: 60, width: 1200, height: 800 }
    expect(visibleBounds(bounds, [LAPTOP, PROJECTOR])).toEqual(bounds)
  })

  it('come back when the second screen is gone', () => {
    expect(visibleBounds({ x: 1500, y: 60, width: 1200, height: 700 }, [LAPTOP])).toEqual({
      x: 83,
      y: 14,
      width: 1200,
      height: 700,
    })
  })

  it('always lie within one screen', () => {
    const number = fc.integer({ min: -5000, max: 5000 })
    const size = fc.integer({ min: 0, max: 6000 })
    fc.assert(
      fc.property(number, number, size, size, (x, y, width, height) => {
        const bounds = visibleBounds({ x, y, width, height }, [LAPTOP, PROJECTOR])
        const isWithin = [LAPTOP, PROJECTOR].some(
          area =>
            bounds.x >= area.x &&
            bounds.y >= area.y &&
            bounds.x + bounds.width <= area.x + area.width &&
            bounds.y + bounds.height <= area.y + area.height,
        )
        expect(isWithin).toBe(true)
      }),
    )
  })
})
