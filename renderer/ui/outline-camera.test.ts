import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cameraFor, panned, project, zoomed } from './outline-camera.ts'

const frame = { width: 800, height: 300 }
const camera = { lng: 119.5, lat: 29.2, scale: 20_000 }

describe('the camera of a small map', () => {
  it('shows an extent whole, in its middle', () => {
    const shown = cameraFor([119.2, 29, 119.9, 29.5], frame)!
    const toPixels = project(shown, frame)
    for (const corner of [
      [119.2, 29],
      [119.9, 29.5],
    ]) {
      const [x, y] = toPixels(corner)
      expect(x).toBeGreaterThanOrEqual(11.9)
      expect(x).toBeLessThanOrEqual(788.1)
      expect(y).toBeGreaterThanOrEqual(11.9)
      expect(y).toBeLessThanOrEqual(288.1)
    }
    expect(toPixels([119.55, 29.25]).map(Math.round)).toEqual([400, 150])
  })

  it('has nothing to show of nothing', () => {
    expect(cameraFor([Infinity, Infinity, -Infinity, -Infinity], frame)).toBeUndefined()
  })

  it('moves the content with the pointer', () => {
    const before = project(camera, frame)([119.51, 29.21])
    const after = project(panned(camera, [30, -12]), frame)([119.51, 29.21])
    expect(after[0] - before[0]).toBeCloseTo(30, 1)
    expect(after[1] - before[1]).toBeCloseTo(-12, 6)
  })

  it('keeps what lies under the pointer there while it zooms', () => {
    const pixel = fc.tuple(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 300 }))
    fc.assert(
      fc.property(pixel, fc.double({ min: 0.5, max: 2, noNaN: true }), (at, factor) => {
        const under: [number, number] = [
          camera.lng + (at[0] - 400) / (camera.scale * Math.cos((camera.lat * Math.PI) / 180)),
          camera.lat - (at[1] - 150) / camera.scale,
        ]
        const [x, y] = project(zoomed(camera, frame, factor, at), frame)(under)
        expect(Math.abs(x - at[0])).toBeLessThan(0.1)
        expect(Math.abs(y - at[1])).toBeLessThan(1e-6)
      }),
    )
  })
})
