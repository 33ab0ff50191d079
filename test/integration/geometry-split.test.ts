/** Cutting a parcel along a line: areas, shared vertices, validity, and lines that cut nothing. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Geos, loadGeos } from '../../service/geos/geos.ts'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { splitPolygon } from '../../shared/geometry/split.ts'
import { type FlatPolygons, type Ring, toFlat } from '../../shared/geometry/types.ts'
import { moved, starPolygon } from '../support/polygon-arbitraries.ts'

let geos: Geos
beforeAll(async () => {
  geos = await loadGeos()
})

const square = (x: number, y: number, side: number): Ring => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
]
const polygons = (...coordinates: Ring[][]): FlatPolygons => toFlat({ type: 'MultiPolygon', coordinates })
const areas = (parts: readonly FlatPolygons[]) => parts.map(planarAreaM2)

function verticesOf(polygon: FlatPolygons): Set<string> {
  const vertices = new Set<string>()
  for (let index = 0; index < polygon.coordinates.length; index += 2)
    vertices.add(`${polygon.coordinates[index]},${polygon.coordinates[index + 1]}`)
  return vertices
}

test('any line: parts are valid, do not overlap, sum to the parent, and keep its vertices', () => {
  const coordinate = fc.integer({ min: -200_000, max: 200_000 }).map(value => value / 1000)
  const line = fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 6 })
  let cut = 0
  fc.assert(
    fc.property(starPolygon(), line, (star, path) => {
      fc.pre(geos.isValid(star))
      const parent = moved(star, 440_000, 3_230_000)
      const drawn = Float64Array.from(path.flatMap(([x, y]) => [x + 440_000, y + 3_230_000]))
      const parts = splitPolygon(parent, drawn)
      if (parts.length > 1) cut++
      const area = planarAreaM2(parent)
      const sum = areas(parts).reduce((total, part) => total + part, 0)
      expect(Math.abs(sum - area)).toBeLessThan(1e-6)
      for (const part of parts) expect(geos.isValid(part)).toBe(true)
      for (let i = 0; i < parts.length; i++)
        for (let j = 0; j < i; j++) expect(intersectionAreaM2(parts[i]!, parts[j]!)).toBeLessThan(1e-9)
      const kept = new Set(parts.flatMap(part => [...verticesOf(part)]))
      expect([...verticesOf(parent)].filter(vertex => !kept.has(vertex))).toEqual([])
    }),
    { numRuns: 500, seed: 20_261_123 },
  )
  expect(cut).toBeGreaterThan(100)
})

describe('lines that cut', () => {
  const home = polygons([square(0, 0, 10)])

  test('straight through: two parts that share the cut bit for bit', () => {
    const parts = splitPolygon(home, Float64Array.from([3, -1, 4, 11]))
    expect(parts).toHaveLength(2)
    const shared = [...verticesOf(parts[0]!)].filter(vertex => verticesOf(parts[1]!).has(vertex))
    expect(shared).toHaveLength(2)
  })

  test('from vertex to vertex', () => {
    expect(areas(splitPolygon(home, Float64Array.from([0, 0, 10, 10])))).toEqual([50, 50])
  })

  test('drawn from edge to edge exactly', () => {
    expect(areas(splitPolygon(home, Float64Array.from([3, 0, 3, 10])))).toEqual([70, 30])
  })

  test('a bent line keeps its bends in both parts', () => {
    const parts = splitPolygon(home, Float64Array.from([5, -1, 5, 5, 8, 5, 8, 11]))
    expect(areas(parts)).toEqual([65, 35])
    for (const part of parts) expect([...verticesOf(part)]).toEqual(expect.arrayContaining(['5,5', '8,5']))
  })

  test('in and out again: three parts', () => {
    const parts = splitPolygon(home, Float64Array.from([-1, 2, 11, 2, 11, 8, -1, 8]))
    expect(areas(parts)).toEqual([60, 20, 20])
  })

  test('through a hole', () => {
    const yard = polygons([square(0, 0, 30), square(10, 10, 10)])
    expect(areas(splitPolygon(yard, Float64Array.from([15, -1, 15, 31])))).toEqual([400, 400])
  })

  test('beside a hole: the hole stays in its part', () => {
    const yard = polygons([square(0, 0, 30), square(10, 10, 10)])
    const parts = splitPolygon(yard, Float64Array.from([5, -1, 5, 31]))
    expect(areas(parts)).toEqual([650, 150])
    expect(parts.map(part => part.ringEnds.length)).toEqual([2, 1])
  })

  test('a closed line inside cuts out a piece', () => {
    const parts = splitPolygon(home, Float64Array.from([2, 2, 5, 2, 5, 5, 2, 5, 2, 2]))
    expect(areas(parts)).toEqual([91, 9])
  })

  test('parts that the line leaves whole stay with the largest', () => {
    const two = polygons([square(0, 0, 10)], [square(50, 0, 10)])
    const parts = splitPolygon(two, Float64Array.from([3, -1, 3, 11]))
    expect(areas(parts)).toEqual([170, 30])
    expect(parts.map(part => part.polygonEnds.length)).toEqual([2, 1])
  })
})

describe('lines that cut nothing', () => {
  const home = polygons([square(0, 0, 10)])
  test.each([
    ['outside', [20, 0, 20, 10]],
    ['ending inside', [-5, 5, 5, 5]],
    ['along an edge', [0, 0, 10, 0]],
    ['touching a corner', [-5, 5, 5, -5]],
    ['a single position', [5, 5]],
    ['nothing', []],
  ])('%s', (_, line) => {
    expect(splitPolygon(home, Float64Array.from(line))).toEqual([home])
  })
})
