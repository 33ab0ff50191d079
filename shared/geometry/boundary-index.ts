/**
 * The urban development boundary, ready to be asked how much of a parcel lies inside it. Parcels away from the line are
 * answered from their box and the grid's labels; only the few near it are read and measured by the slab method. Works in
 * the equal-area plane, so that shares are shares of ellipsoidal area. Features that touch or overlap count once.
 */
import {
  type BoundaryEdges,
  type BoundaryGrid,
  buildBoundaryGrid,
  columnOf,
  rowBottom,
  rowOf,
} from './boundary-grid.ts'
import { addSlabSums, createEdgeSet, type EdgeSet, pushEdge, pushRings, type SlabSums } from './slab.ts'
import { type Box, boxOf, type FlatPolygons } from './types.ts'

export interface BoundaryFeature {
  readonly polygons: FlatPolygons
  readonly subzone: string
}

export interface InsideShare {
  /** Part of the parcel's area inside the boundary; exactly 0 or 1 where the boundary follows the parcel. */
  share: number
  /** Sub-zones that hold some of the parcel's area, in the order of the features. */
  subzones: string[]
}

export interface BoundaryIndex {
  /** `readPolygons` is called only for parcels near the line. Box and polygons in the equal-area plane. */
  classify(box: Readonly<Box>, readPolygons: () => FlatPolygons): InsideShare
  /** Parcels are answered from their box alone when this is false. */
  isNearLine(box: Readonly<Box>): boolean
}

/** Share of a sub-zone's common area below which it does not count as touched: digitising noise. */
const TOUCH_SHARE = 1e-9

/** Index over boundary features given in the equal-area plane. No features: everything is outside. */
export function createBoundaryIndex(features: readonly BoundaryFeature[]): BoundaryIndex {
  const edges = orientedEdges(features)
  const box = features.reduce<Box>(
    (sum, feature) => joinBoxes(sum, boxOf(feature.polygons)),
    [Infinity, Infinity, -Infinity, -Infinity],
  )
  if (edges.count === 0) return { classify: () => ({ share: 0, subzones: [] }), isNearLine: () => false }
  const grid = buildBoundaryGrid(edges, box)
  const subzoneNames = [...new Set(features.map(feature => feature.subzone))]
  const subzoneOf = features.map(feature => subzoneNames.indexOf(feature.subzone))
  const parcelEdges = createEdgeSet(256)
  const lineEdges = createEdgeSet(256)
  const stamp = new Uint32Array(edges.count)
  let stampNow = 0

  const isNearLine = (parcelBox: Readonly<Box>): boolean => {
    const { first, last, bottom, top } = cellsOf(grid, parcelBox)
    for (let row = bottom; row <= top; row++) {
      const base = row * grid.columns
      if (grid.cellStart[base + first] !== grid.cellStart[base + last + 1]) return true
    }
    return false
  }

  const namesOf = (covering: number): string[] => {
    const indices = new Set(grid.coverings[covering]!.map(feature => subzoneOf[feature]!))
    return subzoneNames.filter((_, index) => indices.has(index))
  }

  const classify: BoundaryIndex['classify'] = (parcelBox, readPolygons) => {
    if (!isNearLine(parcelBox)) {
      const covering = grid.label[rowOf(grid, parcelBox[1]) * grid.columns + columnOf(grid, parcelBox[0])]!
      return { share: covering === 0 ? 0 : 1, subzones: covering === 0 ? [] : namesOf(covering) }
    }
    parcelEdges.count = 0
    pushRings(parcelEdges, readPolygons())
    const all = measure(parcelBox, -1)
    const share = all.area > 0 ? Math.min(1, Math.max(0, all.common / all.area)) : 0
    if (share === 0) return { share, subzones: [] }
    const touched =
      subzoneNames.length === 1
        ? subzoneNames
        : subzoneNames.filter((_, index) => measure(parcelBox, index).common > all.area * TOUCH_SHARE)
    return { share, subzones: [...touched] }
  }

  /** Sums over the parcel's rows; `subzone` -1 takes all features together. */
  function measure(parcelBox: Readonly<Box>, subzone: number): SlabSums {
    const sums: SlabSums = { area: 0, common: 0 }
    const { first, last, bottom, top } = cellsOf(grid, parcelBox)
    for (let row = bottom; row <= top; row++) {
      // Beyond the grid's rim the boundary is absent; the rim's rows stand for everything below and above.
      const lowY = row === bottom ? parcelBox[1] : rowBottom(grid, row)
      const highY = row === top ? parcelBox[3] : rowBottom(grid, row + 1)
      const start = startOf(row, first)
      collectRow(lineEdges, row, start.column, last, subzone)
      const winding = grid.coverings[start.covering]!.filter(
        feature => subzone < 0 || subzoneOf[feature] === subzone,
      ).length
      addSlabSums(parcelEdges, lineEdges, 'winding', lowY, highY, winding, sums)
    }
    return sums
  }

  /** The nearest cell at or left of `column` that no edge touches: from there the covering is known. */
  function startOf(row: number, column: number): { column: number; covering: number } {
    for (let left = column; left >= 0; left--) {
      const cell = row * grid.columns + left
      if (grid.cellStart[cell] === grid.cellStart[cell + 1]) return { column: left, covering: grid.label[cell]! }
    }
    return { column: 0, covering: 0 }
  }

  function collectRow(target: EdgeSet, row: number, first: number, last: number, subzone: number): void {
    target.count = 0
    stampNow++
    const base = row * grid.columns
    for (let index = grid.cellStart[base + first]!; index < grid.cellStart[base + last + 1]!; index++) {
      const edge = grid.cellEdges[index]!
      if (stamp[edge] === stampNow) continue
      stamp[edge] = stampNow
      if (subzone >= 0 && subzoneOf[edges.feature[edge]!] !== subzone) continue
      pushEdge(target, edges.x1[edge]!, edges.y1[edge]!, edges.x2[edge]!, edges.y2[edge]!, -1)
    }
  }

  return { classify, isNearLine }
}

function cellsOf(grid: BoundaryGrid, box: Readonly<Box>): { first: number; last: number; bottom: number; top: number } {
  return {
    first: columnOf(grid, box[0]),
    last: columnOf(grid, box[2]),
    bottom: rowOf(grid, box[1]),
    top: rowOf(grid, box[3]),
  }
}

function joinBoxes(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
}

/** Edges of all features with shells counter-clockwise and holes clockwise, whatever way the file has them. */
function orientedEdges(features: readonly BoundaryFeature[]): BoundaryEdges {
  const capacity = features.reduce((sum, feature) => sum + feature.polygons.coordinates.length / 2, 0)
  const x1 = new Float64Array(capacity)
  const y1 = new Float64Array(capacity)
  const x2 = new Float64Array(capacity)
  const y2 = new Float64Array(capacity)
  const feature = new Uint32Array(capacity)
  let count = 0
  features.forEach(({ polygons }, featureIndex) => {
    const { coordinates, ringEnds, polygonEnds } = polygons
    let ring = 0
    let from = 0
    for (const polygonEnd of polygonEnds) {
      let shell = true
      for (; ring < polygonEnd; ring++) {
        const to = ringEnds[ring]!
        const reverse = signedRingArea(coordinates, from, to) > 0 !== shell
        for (let index = from * 2; index < (to - 1) * 2; index += 2) {
          x1[count] = coordinates[reverse ? index + 2 : index]!
          y1[count] = coordinates[reverse ? index + 3 : index + 1]!
          x2[count] = coordinates[reverse ? index : index + 2]!
          y2[count] = coordinates[reverse ? index + 1 : index + 3]!
          feature[count++] = featureIndex
        }
        shell = false
        from = to
      }
    }
  })
  return { x1, y1, x2, y2, feature, count }
}

function signedRingArea(coordinates: Float64Array, from: number, to: number): number {
  const x0 = coordinates[from * 2]!
  const y0 = coordinates[from * 2 + 1]!
  let twice = 0
  for (let index = from * 2; index < (to - 1) * 2; index += 2) {
    twice +=
      (coordinates[index]! - x0) * (coordinates[index + 3]! - y0) -
      (coordinates[index + 2]! - x0) * (coordinates[index + 1]! - y0)
  }
  return twice
}
