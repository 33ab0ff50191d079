/** Inside shares of the boundary index: exact where the boundary follows parcels, equal to the plain overlay elsewhere. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Geos, loadGeos } from '../../service/geos/geos.ts'
import { ellipsoidAreaM2, planarAreaM2 } from '../../shared/geometry/area.ts'
import { createBoundaryIndex } from '../../shared/geometry/boundary-index.ts'
import { dissolve } from '../../shared/geometry/dissolve.ts'
import { boxToEqualAreaPlane, toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { type Box, boxOf, type FlatPolygons, type Ring, toFlat } from '../../shared/geometry/types.ts'
import { makeCounty } from '../support/county.ts'
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
const shareOf = (index: ReturnType<typeof createBoundaryIndex>, parcel: FlatPolygons) =>
  index.classify(boxOf(parcel), () => parcel)

describe('a boundary that follows parcel edges', () => {
  const { parcels, blockOf } = makeCounty({ blocks: 16, seed: 7 })
  // Every other block, as on a chessboard, so that every parcel of the rest touches nothing or an edge.
  const isInside = (index: number) => (blockOf[index]! + Math.floor(blockOf[index]! / 16)) % 2 === 0

  function expectAllExact(index: ReturnType<typeof createBoundaryIndex>, inside: (parcel: number) => boolean): void {
    const wrong: { parcel: number; share: number }[] = []
    parcels.forEach((parcel, number) => {
      const { share } = shareOf(index, parcel)
      if (share !== (inside(number) ? 1 : 0)) wrong.push({ parcel: number, share })
    })
    expect(wrong).toEqual([])
  }

  test('made of dissolved blocks: every share is exactly 0 or 1', () => {
    const outline = dissolve(parcels.filter((_, index) => isInside(index)))!
    expectAllExact(createBoundaryIndex([{ polygons: outline, subzone: 'x' }]), isInside)
  })

  test('made by GEOS from half of the parcels of every block: neighbours on both sides are exact', () => {
    const isWest = (index: number) => index % 3 !== 0
    const outline = geos.union(parcels.filter((_, index) => isWest(index)))
    expectAllExact(createBoundaryIndex([{ polygons: outline, subzone: 'x' }]), isWest)
  })

  test('its complement gives the complementary shares', () => {
    const outline = dissolve(parcels.filter((_, index) => index % 3 === 0))!
    expectAllExact(createBoundaryIndex([{ polygons: outline, subzone: 'x' }]), index => index % 3 === 0)
  })

  test('one feature per parcel, touching along all edges, counts nothing twice', () => {
    const features = parcels.filter((_, index) => isInside(index)).map(parcel => ({ polygons: parcel, subzone: 'x' }))
    expectAllExact(createBoundaryIndex(features), isInside)
  })
})

describe('against a plain overlay', () => {
  test('shares agree to a billionth with GEOS, over random boundaries and parcels', () => {
    fc.assert(
      fc.property(fc.array(starPolygon(), { minLength: 1, maxLength: 4 }), starPolygon(), (zones, parcel) => {
        fc.pre([parcel, ...zones].every(one => geos.isValid(one)))
        const index = createBoundaryIndex(zones.map((zone, rank) => ({ polygons: zone, subzone: `${rank % 2}` })))
        const expected = geos.area(geos.intersection(parcel, geos.union(zones))) / planarAreaM2(parcel)
        expect(Math.abs(shareOf(index, parcel).share - expected)).toBeLessThan(1e-9)
      }),
      { numRuns: 400, seed: 20_261_123 },
    )
  })

  test('sub-zones touched are those with common area', () => {
    fc.assert(
      fc.property(fc.array(starPolygon(), { minLength: 1, maxLength: 4 }), starPolygon(), (zones, parcel) => {
        fc.pre([parcel, ...zones].every(one => geos.isValid(one)))
        const index = createBoundaryIndex(zones.map((zone, rank) => ({ polygons: zone, subzone: `zone ${rank}` })))
        const shares = zones.map(zone => geos.area(geos.intersection(parcel, zone)) / planarAreaM2(parcel))
        // Slivers about the limit may fall either way.
        fc.pre(shares.every(share => share < 1e-10 || share > 1e-8))
        const expected = zones.flatMap((_, rank) => (shares[rank]! > 1e-9 ? [`zone ${rank}`] : []))
        expect(shareOf(index, parcel).subzones).toEqual(expected)
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})

describe('what a boundary may look like', () => {
  const parcel = polygons([square(0, 0, 100)])

  test('overlapping features count once', () => {
    const index = createBoundaryIndex([
      { polygons: polygons([square(-50, -50, 100)]), subzone: 'a' },
      { polygons: polygons([square(-50, -50, 110)]), subzone: 'b' },
    ])
    expect(shareOf(index, parcel)).toEqual({ share: 0.36, subzones: ['a', 'b'] })
  })

  test('two features that share an edge inside a parcel cover it wholly', () => {
    const index = createBoundaryIndex([
      { polygons: polygons([square(-100, -100, 150)], [square(-100, 50, 150)]), subzone: 'a' },
      { polygons: polygons([square(50, -100, 150)], [square(50, 50, 150)]), subzone: 'b' },
    ])
    expect(shareOf(index, parcel)).toEqual({ share: 1, subzones: ['a', 'b'] })
  })

  test('a parcel in a hole is outside, one over the hole is crossing', () => {
    const index = createBoundaryIndex([
      { polygons: polygons([square(-1000, -1000, 3000), square(-10, -10, 120)]), subzone: 'a' },
    ])
    expect(shareOf(index, parcel)).toEqual({ share: 0, subzones: [] })
    expect(shareOf(index, polygons([square(-110, -10, 200)])).share).toBeCloseTo(1 - (100 * 120) / 40_000, 12)
  })

  test('rings may turn either way', () => {
    const shell = [...square(-1000, -1000, 3000)].reverse()
    const index = createBoundaryIndex([{ polygons: polygons([shell, square(0, 0, 50)]), subzone: 'a' }])
    expect(shareOf(index, parcel).share).toBe(0.75)
  })

  test('parcels far away are outside without being read', () => {
    const index = createBoundaryIndex([{ polygons: parcel, subzone: 'a' }])
    for (const box of [
      [1e6, 1e6, 1e6 + 10, 1e6 + 10],
      [-1e6, 0, -1e6 + 10, 10],
    ] as Box[]) {
      const far = index.classify(box, () => {
        throw new Error('read without need')
      })
      expect(far).toEqual({ share: 0, subzones: [] })
    }
  })

  test('a parcel larger than the boundary has its share', () => {
    const index = createBoundaryIndex([{ polygons: parcel, subzone: 'a' }])
    expect(shareOf(index, polygons([square(-450, -450, 1000)])).share).toBe(0.01)
  })

  test('no features: everything is outside', () => {
    expect(shareOf(createBoundaryIndex([]), parcel)).toEqual({ share: 0, subzones: [] })
  })
})

describe('the equal-area plane', () => {
  test('planar areas in it are areas on the ellipsoid', () => {
    fc.assert(
      fc.property(
        starPolygon(),
        fc.double({ min: 75, max: 130, noNaN: true }),
        fc.double({ min: 18, max: 50, noNaN: true }),
        (star, lng, lat) => {
          fc.pre(geos.isValid(star))
          const degrees = {
            ...star,
            coordinates: star.coordinates.map((value, at) => value / 1e5 + (at % 2 ? lat : lng)),
          }
          const area = ellipsoidAreaM2(degrees)
          expect(Math.abs(planarAreaM2(toEqualAreaPlane(degrees)) - area)).toBeLessThan(2e-5 * area)
          expect(boxToEqualAreaPlane(boxOf(degrees))).toEqual(boxOf(toEqualAreaPlane(degrees)))
        },
      ),
      { numRuns: 200, seed: 5 },
    )
  })

  test('shares do not depend on where in the plane things lie', () => {
    fc.assert(
      fc.property(starPolygon(), starPolygon(), (zone, parcel) => {
        const near = shareOf(createBoundaryIndex([{ polygons: zone, subzone: 'a' }]), parcel).share
        const far = createBoundaryIndex([{ polygons: moved(zone, 13_000_000, 3_100_000), subzone: 'a' }])
        expect(Math.abs(shareOf(far, moved(parcel, 13_000_000, 3_100_000)).share - near)).toBeLessThan(1e-7)
      }),
      { numRuns: 200, seed: 5 },
    )
  })
})
