/** Common areas by the slab method against GEOS, and what must hold exactly. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Geos, loadGeos } from '../../service/geos/geos.ts'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { intersectionAreaM2, overlapsMoreThan } from '../../shared/geometry/overlap.ts'
import { toFlat } from '../../shared/geometry/types.ts'
import { makeCounty } from '../support/county.ts'
import { moved, starPolygon } from '../support/polygon-arbitraries.ts'

let geos: Geos
beforeAll(async () => {
  geos = await loadGeos()
})

const RUNS = { numRuns: 400, seed: 20_261_123 }

describe('against GEOS', () => {
  test('common areas agree to a billionth of the polygons', () => {
    fc.assert(
      fc.property(starPolygon(), starPolygon(), (a, b) => {
        fc.pre(geos.isValid(a) && geos.isValid(b))
        const scale = planarAreaM2(a) + planarAreaM2(b)
        expect(Math.abs(intersectionAreaM2(a, b) - geos.area(geos.intersection(a, b)))).toBeLessThan(1e-9 * scale)
      }),
      RUNS,
    )
  })

  test('common area and the rest are the whole', () => {
    fc.assert(
      fc.property(starPolygon(), starPolygon(), (a, b) => {
        fc.pre(geos.isValid(a) && geos.isValid(b))
        const area = planarAreaM2(a)
        expect(Math.abs(intersectionAreaM2(a, b) + geos.area(geos.difference(a, b)) - area)).toBeLessThan(1e-9 * area)
      }),
      RUNS,
    )
  })
})

describe('properties', () => {
  test('both orders give the same area', () => {
    fc.assert(
      fc.property(starPolygon(), starPolygon(), (a, b) => {
        const area = intersectionAreaM2(a, b)
        expect(Math.abs(intersectionAreaM2(b, a) - area)).toBeLessThan(1e-9 * (1 + area))
      }),
      RUNS,
    )
  })

  test('a polygon has its whole area in common with itself, exactly', () => {
    fc.assert(
      fc.property(starPolygon(), a => {
        expect(intersectionAreaM2(a, a)).toBe(planarAreaM2(a))
      }),
      RUNS,
    )
  })

  test('moving both far away changes nothing to speak of', () => {
    fc.assert(
      fc.property(starPolygon(), starPolygon(), (a, b) => {
        const far = intersectionAreaM2(moved(a, 440_000, 3_230_000), moved(b, 440_000, 3_230_000))
        expect(Math.abs(far - intersectionAreaM2(a, b))).toBeLessThan(1e-5)
      }),
      RUNS,
    )
  })
})

describe('shared edges', () => {
  const { parcels, boxes, blockOf } = makeCounty({ blocks: 8, seed: 3 })

  test('neighbours that share edges have exactly nothing in common', () => {
    const wrong: string[] = []
    let touching = 0
    eachBoxPair(boxes, (i, j) => {
      touching++
      if (intersectionAreaM2(parcels[i]!, parcels[j]!) !== 0) wrong.push(`${i} ${j}`)
    })
    expect(touching).toBeGreaterThan(1000)
    expect(wrong).toEqual([])
  })

  test('a parcel and the outline of its block, which it shares edges with, have exactly the parcel in common', () => {
    const wrong: number[] = []
    for (let block = 0; block < 64; block++) {
      const members = parcels.filter((_, index) => blockOf[index] === block)
      const outline = geos.union(members)
      members.forEach((member, index) => {
        if (intersectionAreaM2(member, outline) !== planarAreaM2(member)) wrong.push(block * 100 + index)
      })
    }
    expect(wrong).toEqual([])
  })

  test('overlaps beyond the threshold are found, touching neighbours are not', () => {
    const grown = toFlat({ type: 'Polygon', coordinates: [square(0, 0, 10.2)] })
    const beside = toFlat({ type: 'Polygon', coordinates: [square(10, 0, 10)] })
    expect(overlapsMoreThan(grown, beside, 1)).toBe(true)
    expect(overlapsMoreThan(grown, beside, 2)).toBe(false)
    expect(overlapsMoreThan(toFlat({ type: 'Polygon', coordinates: [square(0, 0, 10)] }), beside, 0)).toBe(false)
  })
})

describe('holes and parts', () => {
  const ring = toFlat({ type: 'Polygon', coordinates: [square(0, 0, 30), square(10, 10, 10)] })

  test('a parcel that fills a hole has nothing in common with what surrounds it', () => {
    expect(intersectionAreaM2(ring, toFlat({ type: 'Polygon', coordinates: [square(10, 10, 10)] }))).toBe(0)
  })

  test('a parcel over a hole has all but the hole in common', () => {
    expect(intersectionAreaM2(ring, toFlat({ type: 'Polygon', coordinates: [square(5, 5, 20)] }))).toBe(300)
  })

  test('the parts of a multipolygon add up', () => {
    const two = toFlat({ type: 'MultiPolygon', coordinates: [[square(0, 0, 10)], [square(100, 0, 10)]] })
    expect(intersectionAreaM2(two, toFlat({ type: 'Polygon', coordinates: [square(5, 5, 100)] }))).toBe(25 + 25)
  })

  test('nothing has anything in common with nothing', () => {
    expect(intersectionAreaM2(toFlat({ type: 'MultiPolygon', coordinates: [] }), ring)).toBe(0)
  })
})

function square(x: number, y: number, side: number): [number, number][] {
  return [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ]
}

function eachBoxPair(boxes: Float64Array, visit: (i: number, j: number) => void): void {
  const count = boxes.length / 4
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      if (boxes[i * 4]! > boxes[j * 4 + 2]! || boxes[j * 4]! > boxes[i * 4 + 2]!) continue
      if (boxes[i * 4 + 1]! > boxes[j * 4 + 3]! || boxes[j * 4 + 1]! > boxes[i * 4 + 3]!) continue
      visit(i, j)
    }
  }
}
