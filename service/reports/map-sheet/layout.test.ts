import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SHEET_PAPERS } from '../../../shared/contract/map-sheet.ts'
import { forwardInPlace } from '../../../shared/geometry/gauss-kruger.ts'
import { placeLabels } from './labels.ts'
import { gridStepM, layoutOf, multiplesBetween, scaleBarM, scaleFor, sheetPlane } from './layout.ts'

/** Metres along a meridian between two near latitudes, by the radius of curvature in the middle (GRS80). */
function ellipsoidalMeridianM(south: number, north: number): number {
  const [a, e2] = [6_378_137, 0.006_694_380_022_9]
  const middle = ((south + north) / 2) * (Math.PI / 180)
  return ((a * (1 - e2)) / (1 - e2 * Math.sin(middle) ** 2) ** 1.5) * (north - south) * (Math.PI / 180)
}

const metres = fc.double({ min: 0.5, max: 200_000, noNaN: true })

describe('layout of a map sheet', () => {
  it('keeps map, legend and foot apart and on the paper', () => {
    for (const paper of SHEET_PAPERS)
      for (const orientation of ['landscape', 'portrait'] as const) {
        const { width, height, map, legend, foot } = layoutOf({ paper, orientation })
        for (const rect of [map, legend, foot]) {
          expect(rect.x).toBeGreaterThan(0)
          expect(rect.x + rect.width).toBeLessThan(width)
          expect(rect.y + rect.height).toBeLessThan(height)
        }
        const apart = (a: typeof map, b: typeof map): boolean => a.x + a.width < b.x || a.y + a.height < b.y
        expect(apart(map, legend)).toBe(true)
        expect(apart(map, foot) && apart(legend, foot)).toBe(true)
        // The map is what the sheet is for.
        expect((map.width * map.height) / (width * height)).toBeGreaterThan(0.5)
      }
  })

  it('takes a scale that shows the whole box, and not twice as small as needed', () => {
    const { map } = layoutOf({ paper: 'A4', orientation: 'landscape' })
    fc.assert(
      fc.property(metres, metres, (width, height) => {
        const scale = scaleFor(width, height, map)
        const shown = Math.max((width * 1000) / scale / map.width, (height * 1000) / scale / map.height)
        expect(shown).toBeLessThanOrEqual(1 + 1e-8)
        if (scale > 100) expect(shown).toBeGreaterThan(0.6)
      }),
    )
  })

  it('is drawn in a plane in which its land has true lengths, wherever that lies', () => {
    const survey = { centralMeridianDegrees: 120, falseEastingM: 500_000 }
    expect(sheetPlane(survey, [119.3, 29.1, 119.6, 29.3])).toBe(survey)
    const lng = fc.double({ min: 74, max: 136, noNaN: true })
    const lat = fc.double({ min: 18, max: 52, noNaN: true })
    fc.assert(
      fc.property(lng, lat, (west, south) => {
        const box = [west, south, west + 0.01, south + 0.01] as const
        const plane = sheetPlane(survey, box)
        const ends = Float64Array.of(west, south, west, south + 0.01)
        const metres = ellipsoidalMeridianM(south, south + 0.01)
        forwardInPlace(plane, ends)
        const drawn = Math.hypot(ends[2]! - ends[0]!, ends[3]! - ends[1]!)
        expect(Math.abs(drawn / metres - 1)).toBeLessThan(0.0015)
      }),
    )
  })

  it('has grid lines on round metres and a scale bar that fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 5_000_000 }), scale => {
        const step = gridStepM(scale)
        expect((step * 1000) / scale).toBeGreaterThanOrEqual(30 - 1e-9)
        expect((step * 1000) / scale).toBeLessThanOrEqual(76)
        expect(multiplesBetween(3 * step, 6 * step, step)).toHaveLength(2)
        const bar = (scaleBarM(scale, 40) * 1000) / scale
        expect(bar).toBeLessThanOrEqual(40 + 1e-9)
        expect(bar).toBeGreaterThan(15)
      }),
    )
  })

  it('never lays one label on another or over the frame', () => {
    const frame = { x: 10, y: 10, width: 80, height: 60 }
    const wish = fc.record({
      x: fc.double({ min: 0, max: 100, noNaN: true }),
      y: fc.double({ min: 0, max: 80, noNaN: true }),
      height: fc.double({ min: 1, max: 4, noNaN: true }),
      room: fc.double({ min: 0, max: 40, noNaN: true }),
      texts: fc.array(fc.record({ text: fc.string(), width: fc.double({ min: 0.5, max: 45, noNaN: true }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    })
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 60 }), wishes => {
        const placed = placeLabels(wishes, frame, 0.5)
        placed.forEach((a, index) => {
          expect(a.x - a.width / 2).toBeGreaterThanOrEqual(frame.x)
          expect(a.x + a.width / 2).toBeLessThanOrEqual(frame.x + frame.width)
          for (const b of placed.slice(index + 1))
            expect(
              Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2,
            ).toBe(true)
        })
        // Whoever comes first and fits is placed.
        const [first] = wishes
        const fits = first?.texts.some(
          ({ width }) =>
            width <= first.room &&
            Math.abs(first.x - 50) + width / 2 <= 39.5 &&
            Math.abs(first.y - 40) + first.height / 2 <= 29.5,
        )
        if (fits) expect(placed.length).toBeGreaterThan(0)
      }),
    )
  })
})
