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
import { clearEdges, createEdgeSet, pushEdge, pushRings, resetEdges, sortEdges } from './edge-set.ts'
import { addSlabSums, NOISE_SHARE, type SlabSums } from './slab.ts'
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
  /**
   * `readPolygons` is called only for parcels near the line; others of one kind get the same object. Box and polygons in the
   * equal-area plane.
   */
  classify(box: Readonly<Box>, readPolygons: () => FlatPolygons): InsideShare
  /** Parcels are answered from their box alone when this is false. */
  isNearLine(box: Readonly<Box>): boolean
}

/** Share of a sub-zone's common area below which it does not count as touched: digitising noise. */
const TOUCH_SHARE = 1e-9

const OUTSIDE: InsideShare = { share: 0, subzones: [] }

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
  const parcelEdges = createEdgeSet()
  const lineEdges = createEdgeSet()
  lineEdges.mayCross = features.length > 1
  /** For each edge the row visit that took it last: an edge stands in several cells of a row. */
  const takenAt = new Uint32Array(edges.count)
  let rowVisit = 0
  const windings = new Int32Array(features.length)

  const isNearLine = (parcelBox: Readonly<Box>): boolean => {
    const { first, last, bottom, top } = cellsOf(grid, parcelBox)
    for (let row = bottom; row <= top; row++) {
      const base = row * grid.columns
      if (grid.cellStart[base + first] !== grid.cellStart[base + last + 1]) return true
    }
    return false
  }

  /** What is said of parcels that lie wholly in these sub-zones (by index); the same object each time. */
  const wholes = new Map<string, InsideShare>([['', OUTSIDE]])
  const wholeOf = (covers: (subzone: number) => boolean): InsideShare => {
    const subzones = subzoneNames.filter((_, index) => covers(index))
    const key = subzones.join('\n')
    const answer = wholes.get(key) ?? { share: 1, subzones }
    wholes.set(key, answer)
    return answer
  }

  /** The same for all parcels in cells of one label. */
  const answers: InsideShare[] = []
  const answerOf = (label: number): InsideShare => {
    const known = answers[label]
    if (known) return known
    const indices = new Set(grid.coverings[label]!.map(({ feature }) => subzoneOf[feature]!))
    const answer = wholeOf(index => indices.has(index))
    answers[label] = answer
    return answer
  }

  const classify: BoundaryIndex['classify'] = (parcelBox, readPolygons) => {
    if (!isNearLine(parcelBox)) {
      const label = grid.label[rowOf(grid, parcelBox[1]) * grid.columns + columnOf(grid, parcelBox[0])]!
      return answerOf(label)
    }
    const clear = answerOfClear(parcelBox)
    if (clear) return clear
    resetEdges(parcelEdges, parcelBox[0], parcelBox[1])
    pushRings(parcelEdges, readPolygons())
    sortEdges(parcelEdges)
    const all = measure(parcelBox, -1)
    const noiseM2 = all.area * NOISE_SHARE
    if (all.common <= noiseM2) return OUTSIDE
    const share = all.area - all.common <= noiseM2 ? 1 : all.common / all.area
    if (subzoneNames.length === 1) return { share, subzones: [...subzoneNames] }
    const leastM2 = all.area * TOUCH_SHARE
    return { share, subzones: subzoneNames.filter((_, index) => measure(parcelBox, index).common > leastM2) }
  }

  /** The answer for a parcel whose cells have edges but whose own box has none; undefined when an edge comes into the box. */
  function answerOfClear(parcelBox: Readonly<Box>): InsideShare | undefined {
    const [minX, minY, maxX, maxY] = parcelBox
    const first = columnOf(grid, minX)
    const last = columnOf(grid, maxX)
    const bottom = rowOf(grid, minY)
    const top = rowOf(grid, maxY)
    for (let row = bottom; row <= top; row++) {
      const base = row * grid.columns
      const end = grid.cellStart[base + last + 1]!
      for (let index = grid.cellStart[base + first]!; index < end; index++) {
        const edge = grid.cellEdges[index]!
        const x1 = edges.x1[edge]!
        const x2 = edges.x2[edge]!
        if ((x1 < minX && x2 < minX) || (x1 > maxX && x2 > maxX)) continue
        const y1 = edges.y1[edge]!
        const y2 = edges.y2[edge]!
        if ((y1 < minY && y2 < minY) || (y1 > maxY && y2 > maxY)) continue
        return undefined
      }
    }
    return answerAt(minX, minY, bottom, first)
  }

  /** What covers a place that no edge touches: the label of the nearest untouched cell to its left, and the edges between. */
  function answerAt(x: number, y: number, row: number, column: number): InsideShare {
    const start = untouchedColumn(row, column)
    const base = row * grid.columns
    windings.fill(0)
    for (const { feature, winding } of grid.coverings[grid.label[base + start]!]!) windings[feature]! += winding
    rowVisit++
    const end = grid.cellStart[base + column + 1]!
    for (let index = grid.cellStart[base + start]!; index < end; index++) {
      const edge = grid.cellEdges[index]!
      if (takenAt[edge] === rowVisit) continue
      takenAt[edge] = rowVisit
      const y1 = edges.y1[edge]!
      const y2 = edges.y2[edge]!
      if (y1 > y === y2 > y) continue
      const at = edges.x1[edge]! + ((y - y1) * (edges.x2[edge]! - edges.x1[edge]!)) / (y2 - y1)
      // Inside lies left of an edge: who passes one that goes down comes in.
      if (at < x) windings[edges.feature[edge]!]! += y1 > y2 ? 1 : -1
    }
    return wholeOf(index => subzoneOf.some((of, feature) => of === index && windings[feature]! > 0))
  }

  /**
   * Sums over the grid rows that the parcel meets; `subzone` -1 takes all features together. Neighbouring rows without
   * edges and with the same covering are measured as one.
   */
  function measure(parcelBox: Readonly<Box>, subzone: number): SlabSums {
    const sums: SlabSums = { area: 0, common: 0 }
    const { first, last, bottom, top } = cellsOf(grid, parcelBox)
    resetEdges(lineEdges, parcelBox[0], parcelBox[1])
    const free = freeColumn(first, bottom, top)
    if (free >= 0) {
      collectRows(parcelBox, bottom, top, free, last, subzone)
      sortEdges(lineEdges)
      const winding = windingOf(grid.label[bottom * grid.columns + free]!, subzone)
      addSlabSums(parcelEdges, lineEdges, 'winding', 0, parcelBox[3] - parcelBox[1], winding, sums)
      return sums
    }
    let heldFrom = 0
    let heldWinding = -1
    const flush = (to: number): void => {
      clearEdges(lineEdges)
      if (heldWinding >= 0) addSlabSums(parcelEdges, lineEdges, 'winding', heldFrom, to, heldWinding, sums)
      heldWinding = -1
    }
    for (let row = bottom; row <= top; row++) {
      // Ordinates from the parcel's lower edge. Beyond the grid there are no edges: its rim stands for all that follows.
      const low = row === bottom ? 0 : rowBottom(grid, row) - parcelBox[1]
      const high = (row === top ? parcelBox[3] : rowBottom(grid, row + 1)) - parcelBox[1]
      const start = untouchedColumn(row, first)
      const winding = windingOf(grid.label[row * grid.columns + start]!, subzone)
      if (!hasEdges(row, start, last)) {
        if (winding !== heldWinding) {
          flush(low)
          heldFrom = low
          heldWinding = winding
        }
        continue
      }
      flush(low)
      collectRows(parcelBox, row, row, start, last, subzone)
      sortEdges(lineEdges)
      addSlabSums(parcelEdges, lineEdges, 'winding', low, high, winding, sums)
    }
    flush(parcelBox[3] - parcelBox[1])
    return sums
  }

  /** The nearest column at or left of `column` that no edge touches: there the covering is known. The rim has none. */
  function untouchedColumn(row: number, column: number): number {
    let left = column
    while (left > 0 && hasEdges(row, left, left)) left--
    return left
  }

  function hasEdges(row: number, first: number, last: number): boolean {
    const base = row * grid.columns
    return grid.cellStart[base + first] !== grid.cellStart[base + last + 1]
  }

  function windingOf(label: number, subzone: number): number {
    let sum = 0
    for (const { feature, winding } of grid.coverings[label]!)
      if (subzone < 0 || subzoneOf[feature] === subzone) sum += winding
    return sum
  }

  /** A column at or a little left of `column` that no edge touches in any of the rows: left of it nothing comes in. */
  function freeColumn(column: number, bottom: number, top: number): number {
    for (let free = column; free >= Math.max(0, column - 6); free--) {
      let row = bottom
      while (row <= top && !hasEdges(row, free, free)) row++
      if (row > top) return free
    }
    return -1
  }

  function collectRows(
    [, minY, maxX, maxY]: Readonly<Box>,
    bottom: number,
    top: number,
    first: number,
    last: number,
    subzone: number,
  ): void {
    clearEdges(lineEdges)
    rowVisit++
    for (let row = bottom; row <= top; row++) {
      const base = row * grid.columns
      const end = grid.cellStart[base + last + 1]!
      for (let index = grid.cellStart[base + first]!; index < end; index++) {
        const edge = grid.cellEdges[index]!
        if (takenAt[edge] === rowVisit) continue
        takenAt[edge] = rowVisit
        if (subzone >= 0 && subzoneOf[edges.feature[edge]!] !== subzone) continue
        const x1 = edges.x1[edge]!
        const y1 = edges.y1[edge]!
        const x2 = edges.x2[edge]!
        const y2 = edges.y2[edge]!
        // What lies right of the parcel, above or below it says nothing about it.
        if ((x1 > maxX && x2 > maxX) || (y1 > maxY && y2 > maxY) || (y1 < minY && y2 < minY)) continue
        // Inside lies left of an edge, so that one that goes up is where it ends.
        pushEdge(lineEdges, x1, y1, x2, y2, -1)
      }
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
