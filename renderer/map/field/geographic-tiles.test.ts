import { expect, it } from 'vitest'
import { geographicStrips } from './geographic-tiles.ts'

/** Latitude of a pixel of a Web Mercator tile, by the Gudermannian function. */
const latitudeAt = (z: number, y: number): number => {
  const north = Math.PI * (1 - (2 * y) / 2 ** z)
  return (2 * Math.atan(Math.exp(north)) - Math.PI / 2) * (180 / Math.PI)
}

it.each([
  [14, 13630, 6764],
  [12, 3407.3, 1691.6],
  [6, 53, 26],
  [3, 6, 3],
  [2, 3, 1],
])('puts every row of a tile at z%d where its latitude is', (z, x, y) => {
  const side = 256
  const strips = geographicStrips(z, x, y, side)
  const columns = new Set(strips.map(strip => strip.column))
  expect(columns.size).toBe(Number.isInteger(x) ? 1 : 2)
  for (let line = 0; line < side; line++) {
    const covering = strips.filter(({ top, height }) => line >= top && line < top + height)
    const lat = latitudeAt(z, y + (line + 0.5) / side)
    expect(covering.length).toBe(columns.size)
    const { row, from, to, top, height } = covering[0]!
    const source = row + from + ((line + 0.5 - top) / height) * (to - from)
    const trueRow = ((90 - lat) / 360) * 2 ** z
    // Whole pixels: half of one at most, besides the bend within a strip.
    expect(Math.abs(source - trueRow) * side).toBeLessThan(1)
  }
})
