/** Distances, clusters and outlines against plain, slow ways of finding the same, and GEOS for unions and validity. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Geos, loadGeos } from '../../service/geos/geos.ts'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { createBarrierIndex } from '../../shared/geometry/barrier-index.ts'
import { clusterParcels, explainLinks } from '../../shared/geometry/cluster.ts'
import { dissolve } from '../../shared/geometry/dissolve.ts'
import { edgeDistance, nearestConnection, withinDistance } from '../../shared/geometry/distance.ts'
import { intersectionAreaM2 } from '../../shared/geometry/overlap.ts'
import { ribbonParts } from '../../shared/geometry/ribbon.ts'
import { type FlatPolygons, type Ring, toFlat } from '../../shared/geometry/types.ts'
import { boxesOf, createRandom, makeCounty } from '../support/county.ts'
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
const rectangleRing = (x0: number, y0: number, x1: number, y1: number): Ring => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
  [x0, y0],
]
const polygons = (...coordinates: Ring[][]): FlatPolygons => toFlat({ type: 'MultiPolygon', coordinates })

/** Distance by every vertex against every edge; 0 when the areas overlap or edges cross. */
function plainDistance(a: FlatPolygons, b: FlatPolygons): number {
  if (geos.area(geos.intersection(a, b)) > 0) return 0
  return Math.min(vertexDistance(a, b), vertexDistance(b, a))
}

function vertexDistance(a: FlatPolygons, b: FlatPolygons): number {
  let least = Infinity
  let from = 0
  for (const to of b.ringEnds) {
    for (let edge = from; edge + 1 < to; edge++) {
      const [x1, y1, x2, y2] = b.coordinates.subarray(edge * 2, edge * 2 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ]
      for (let vertex = 0; vertex < a.coordinates.length; vertex += 2) {
        const px = a.coordinates[vertex]! - x1
        const py = a.coordinates[vertex + 1]! - y1
        const length2 = (x2 - x1) ** 2 + (y2 - y1) ** 2
        const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * (x2 - x1) + py * (y2 - y1)) / length2))
        least = Math.min(least, Math.hypot(px - t * (x2 - x1), py - t * (y2 - y1)))
      }
    }
    from = to
  }
  return least
}

describe('distances', () => {
  test('agree with the plain way, whichever comes first', () => {
    fc.assert(
      fc.property(starPolygon(), starPolygon(), fc.integer({ min: 0, max: 250 }), (a, b, away) => {
        fc.pre(geos.isValid(a) && geos.isValid(b))
        const there = moved(b, away, away / 3)
        const expected = plainDistance(a, there)
        expect(Math.abs(edgeDistance(a, there) - expected)).toBeLessThan(1e-9)
        expect(Math.abs(edgeDistance(there, a) - expected)).toBeLessThan(1e-9)
      }),
      { numRuns: 300, seed: 20_261_123 },
    )
  })

  test('"within" is true from the distance on', () => {
    fc.assert(
      fc.property(starPolygon(), starPolygon(), fc.integer({ min: 0, max: 250 }), (a, b, away) => {
        fc.pre(geos.isValid(a) && geos.isValid(b))
        const there = moved(b, away, -away)
        const distance = edgeDistance(a, there)
        expect(withinDistance(a, there, distance)).toBe(true)
        expect(withinDistance(a, there, distance + 1e-6)).toBe(true)
        expect(distance > 1e-3 && withinDistance(a, there, distance - 1e-6)).toBe(false)
      }),
      { numRuns: 300, seed: 4 },
    )
  })

  test.each([
    ['side by side, 10 m apart', polygons([square(20, 0, 10)]), 10],
    ['corner to corner', polygons([square(13, 14, 10)]), 5],
    ['sharing an edge', polygons([square(10, 0, 10)]), 0],
    ['sharing a corner', polygons([square(10, 10, 10)]), 0],
    ['overlapping', polygons([square(5, 5, 10)]), 0],
    ['inside', polygons([square(4, 4, 2)]), 0],
    ['around', polygons([square(-50, -50, 200)]), 0],
    ['around, in the hole', polygons([square(-50, -50, 200), square(-2, -2, 14)]), 2],
    ['a second part inside', polygons([square(500, 500, 10)], [square(4, 4, 2)]), 0],
  ])('%s', (_, other, distance) => {
    const home = polygons([square(0, 0, 10)])
    expect([edgeDistance(home, other), edgeDistance(other, home)]).toEqual([distance, distance])
    expect([withinDistance(home, other, distance), withinDistance(other, home, distance)]).toEqual([true, true])
  })

  test('the connection runs from the first to the second', () => {
    const connection = nearestConnection(polygons([square(0, 0, 10)]), polygons([square(30, 0, 10)]), 20)!
    expect([connection.from[0], connection.to[0], connection.distanceM]).toEqual([10, 30, 20])
    expect(nearestConnection(polygons([square(0, 0, 10)]), polygons([square(30, 0, 10)]), 19.99)).toBeUndefined()
  })
})

describe('clusters', () => {
  /** 20 layouts of scattered and adjoining parcels. */
  const layouts = Array.from({ length: 20 }, (_, seed) => {
    const { parcels, groupOf } = makeCounty({ blocks: 3, seed: seed + 1, groups: 3, originX: 0, originY: 0 })
    const random = createRandom(seed)
    const kept = parcels.map((_, index) => index).filter(() => random() < 0.5)
    return { parcels: kept.map(index => parcels[index]!), groupOf: kept.map(index => groupOf[index]!) }
  })

  test.each([0, 10, 30, 50])('members within %d m are those of the plain way, in 20 layouts', gapM => {
    for (const { parcels, groupOf } of layouts) {
      const input = inputOf(parcels, groupOf)
      expect([...clusterParcels(input, { gapM })]).toEqual(plainClusters(parcels, groupOf, gapM))
    }
  })

  test('every member of a cluster is explained by a neighbour of the same cluster within the gap', () => {
    for (const { parcels, groupOf } of layouts) {
      const input = inputOf(parcels, groupOf)
      const labels = clusterParcels(input, { gapM: 30 })
      explainLinks(input, { gapM: 30 }).forEach((link, index) => {
        const isAlone = labels.filter(label => label === labels[index]).length === 1
        expect(link === undefined).toBe(isAlone)
        if (!link) return
        expect(labels[link.neighbour]).toBe(labels[index])
        expect(link.distanceM).toBeLessThanOrEqual(30)
        expect(Math.abs(link.distanceM - edgeDistance(parcels[index]!, parcels[link.neighbour]!))).toBeLessThan(1e-9)
      })
    }
  })

  test('a barrier between parcels keeps them apart, beside them it does not', () => {
    const parcels = [polygons([square(0, 0, 10)]), polygons([square(15, 0, 10)]), polygons([square(30, 0, 10)])]
    const labelsWith = (...barriers: FlatPolygons[]) => [
      ...clusterParcels(inputOf(parcels, [0, 0, 0]), { gapM: 5, barriers: createBarrierIndex(barriers) }),
    ]
    const line = (...coordinates: number[]) => ribbonParts(Float64Array.from(coordinates), 0.25)
    expect(labelsWith(...line(12, -100, 13, 100))).toEqual([0, 1, 1])
    expect(labelsWith(...line(10, -100, 10, 100))).toEqual([0, 1, 1])
    expect(labelsWith(...line(-100, 20, 100, 20))).toEqual([0, 0, 0])
    // A river between the first two, one whose bank all three share, and one that ends before it reaches them.
    expect(labelsWith(polygons([rectangleRing(11, -50, 14, 50)]))).toEqual([0, 1, 1])
    expect(labelsWith(polygons([rectangleRing(-50, 10, 90, 60)]))).toEqual([0, 0, 0])
    expect(labelsWith(polygons([rectangleRing(11, 30, 14, 50)]))).toEqual([0, 0, 0])
    // A reservoir in which all three stand: no bank is near them.
    expect(labelsWith(polygons([rectangleRing(-3000, -3000, 3000, 3000)]))).toEqual([0, 1, 2])
  })

  test('barriers block exactly the connections of which GEOS finds more than 5 cm inside', () => {
    // Found at random once: inside, but in another cell of the index than the nearest edge.
    const beside = polygons([
      [
        [64, 0],
        [64, 65.043],
        [-10.503, 64],
        [-0.001, 0],
        [-0.001, -45.808],
        [64, -65.043],
        [64, 0],
      ],
    ])
    const place = fc.integer({ min: -4000, max: 4000 }).map(value => value / 100)
    fc.assert(
      fc.property(starPolygon(), place, place, place, place, (barrier, x0, y0, x1, y1) => {
        const length = Math.hypot(x1 - x0, y1 - y0)
        fc.pre(length > 0.1)
        // A strip of a millimetre round the connection stands for it in GEOS, which here knows areas only.
        const half = 0.0005
        const [nx, ny] = [(-(y1 - y0) / length) * half, ((x1 - x0) / length) * half]
        const strip = polygons([
          [
            [x0 + nx, y0 + ny],
            [x0 - nx, y0 - ny],
            [x1 - nx, y1 - ny],
            [x1 + nx, y1 + ny],
            [x0 + nx, y0 + ny],
          ],
        ])
        const inside = geos.area(geos.intersection(strip, barrier)) / (2 * half)
        fc.pre(Math.abs(inside - 0.05) > 0.01)
        expect(createBarrierIndex([barrier]).blocks([x0, y0], [x1, y1])).toBe(inside > 0.05)
      }),
      { numRuns: 400, examples: [[beside, 0, 0, 0, 0.11]] },
    )
  })

  test('no parcels, one parcel, and equal parcels', () => {
    expect([...clusterParcels(inputOf([], []), { gapM: 10 })]).toEqual([])
    const home = polygons([square(0, 0, 10)])
    expect([...clusterParcels(inputOf([home], [0]), { gapM: 10 })]).toEqual([0])
    expect([...clusterParcels(inputOf([home, home, home], [0, 1, 0]), { gapM: 0 })]).toEqual([0, 1, 0])
    expect([...clusterParcels(inputOf([home, polygons(), home], [0, 0, 0]), { gapM: 0 })]).toEqual([0, 1, 0])
  })

  function inputOf(parcels: readonly FlatPolygons[], groupOf: readonly number[]) {
    return {
      count: parcels.length,
      boxes: boxesOf(parcels),
      polygons: (index: number) => parcels[index]!,
      group: (index: number) => groupOf[index]!,
    }
  }

  function plainClusters(parcels: readonly FlatPolygons[], groupOf: readonly number[], gapM: number): number[] {
    const labels = parcels.map((_, index) => index)
    for (let i = 0; i < parcels.length; i++) {
      for (let j = i + 1; j < parcels.length; j++) {
        const [low, high] = [Math.min(labels[i]!, labels[j]!), Math.max(labels[i]!, labels[j]!)]
        if (low === high || groupOf[i] !== groupOf[j]) continue
        if (Math.min(vertexDistance(parcels[i]!, parcels[j]!), vertexDistance(parcels[j]!, parcels[i]!)) > gapM)
          continue
        for (let k = 0; k < labels.length; k++) if (labels[k] === high) labels[k] = low
      }
    }
    return labels
  }
})

describe('outlines', () => {
  const { parcels } = makeCounty({ blocks: 10, seed: 11, originX: 440_000, originY: 3_230_000 })

  /** Random sets of neighbours: 2 to 40 parcels in a row of the list, some left out. */
  const memberSets = Array.from({ length: 150 }, (_, seed) => {
    const random = createRandom(seed)
    const start = Math.floor(random() * (parcels.length - 40))
    return parcels.slice(start, start + 2 + Math.floor(random() * 38)).filter(() => random() < 0.8)
  }).filter(members => members.length > 0)

  function expectUnion(outline: FlatPolygons, members: readonly FlatPolygons[], toleranceM2: number): void {
    expect(geos.isValid(outline)).toBe(true)
    const united = geos.union(members)
    const common = geos.area(geos.intersection(outline, united))
    expect(Math.abs(geos.area(outline) - common)).toBeLessThan(toleranceM2)
    expect(Math.abs(geos.area(united) - common)).toBeLessThan(toleranceM2)
  }

  test('of a clean coverage are the union, valid, and made of the parcels’ own vertices', () => {
    for (const members of memberSets) {
      const outline = dissolve(members)!
      expectUnion(outline, members, 1e-4)
      const known = new Set(members.flatMap(member => verticesOf(member)))
      expect(verticesOf(outline).every(vertex => known.has(vertex))).toBe(true)
    }
  })

  test('of edges with T-junctions are the union too', () => {
    for (const [seed, members] of memberSets.slice(0, 60).entries()) {
      const dirty = members.map((member, index) => withExtraVertices(member, createRandom(seed * 100 + index)))
      const outline = dissolve(dirty)
      expect(outline).not.toBeNull()
      expectUnion(outline!, dirty, 1)
    }
  })

  test('of parcels with slivers, gaps and overlaps are valid unions or refused', () => {
    let refused = 0
    for (const [seed, members] of memberSets.slice(0, 60).entries()) {
      const random = createRandom(seed)
      const dirty = members.map(member => (random() < 0.1 ? moved(member, (random() - 0.5) * 0.2, 0.03) : member))
      const outline = dissolve(dirty)
      if (outline) expectUnion(outline, dirty, 1)
      else refused++
    }
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThan(60)
  })

  test.each([
    ['overlapping without shared edges', [polygons([square(0, 0, 10)]), polygons([square(5, 5, 10)])]],
    ['one in the other', [polygons([square(0, 0, 10)]), polygons([square(4, 4, 2)])]],
    ['twice the same', [polygons([square(0, 0, 10)]), polygons([square(0, 0, 10)])]],
    ['overlapping along an edge', [polygons([square(0, 0, 10)]), polygons([square(0, 0, 5)])]],
    ['no members', []],
  ])('%s: refused', (_, members) => {
    expect(dissolve(members)).toBeNull()
  })

  test('a parcel in the hole of another fills it', () => {
    const outline = dissolve([polygons([square(0, 0, 30), square(10, 10, 10)]), polygons([square(10, 10, 10)])])!
    expect([outline.ringEnds.length, planarAreaM2(outline)]).toEqual([1, 900])
  })

  test('a ring of parcels leaves its yard as a hole, also where it touches the outside in one place', () => {
    const cells = [0, 1, 2].flatMap(x => [0, 1, 2].map(y => [x, y] as const))
    const around = cells.filter(([x, y]) => x !== 1 || y !== 1).map(([x, y]) => polygons([square(x * 10, y * 10, 10)]))
    expectShape(dissolve(around)!, 1, 2, 800)
    const open = cells.filter(([x, y]) => (x !== 1 || y !== 1) && (x !== 2 || y !== 2))
    expectShape(dissolve(open.map(([x, y]) => polygons([square(x * 10, y * 10, 10)])))!, 1, 2, 700)
  })

  test('parcels that meet in a corner are two parts', () => {
    expectShape(dissolve([polygons([square(0, 0, 10)]), polygons([square(10, 10, 10)])])!, 2, 2, 200)
  })

  function expectShape(outline: FlatPolygons, parts: number, rings: number, area: number): void {
    expect(geos.isValid(outline)).toBe(true)
    expect([outline.polygonEnds.length, outline.ringEnds.length, planarAreaM2(outline)]).toEqual([parts, rings, area])
  }

  test('nothing of a member is lost', () => {
    for (const members of memberSets.slice(0, 20)) {
      const outline = dissolve(members)!
      for (const member of members) expect(intersectionAreaM2(member, outline)).toBe(planarAreaM2(member))
    }
  })

  function verticesOf(polygon: FlatPolygons): string[] {
    const vertices: string[] = []
    for (let index = 0; index < polygon.coordinates.length; index += 2)
      vertices.push(`${polygon.coordinates[index]},${polygon.coordinates[index + 1]}`)
    return vertices
  }

  /** The same outline with some edges divided at a place that the neighbour does not know, rounded to a tenth of a mm. */
  function withExtraVertices(polygon: FlatPolygons, random: () => number): FlatPolygons {
    const coordinates: number[] = []
    const ringEnds: number[] = []
    let from = 0
    for (const to of polygon.ringEnds) {
      for (let vertex = from; vertex < to; vertex++) {
        const [x1, y1] = [polygon.coordinates[vertex * 2]!, polygon.coordinates[vertex * 2 + 1]!]
        coordinates.push(x1, y1)
        if (vertex + 1 === to || random() > 0.2) continue
        const t = 0.2 + 0.6 * random()
        const x = x1 + t * (polygon.coordinates[vertex * 2 + 2]! - x1)
        const y = y1 + t * (polygon.coordinates[vertex * 2 + 3]! - y1)
        coordinates.push(Math.round(x * 10_000) / 10_000, Math.round(y * 10_000) / 10_000)
      }
      ringEnds.push(coordinates.length / 2)
      from = to
    }
    return {
      coordinates: Float64Array.from(coordinates),
      ringEnds: Uint32Array.from(ringEnds),
      polygonEnds: polygon.polygonEnds,
    }
  }
})
