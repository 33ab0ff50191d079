/**
 * A grid over the edges of a boundary: which edges pass through a cell, and for every cell that no edge touches which
 * features cover it. Built once per boundary version; most parcels are then answered from their box alone.
 */
import type { Box } from './types.ts'

/** A directed edge of an oriented ring: inside lies to its left. `feature` indexes the boundary's features. */
export interface BoundaryEdges {
  readonly x1: Float64Array
  readonly y1: Float64Array
  readonly x2: Float64Array
  readonly y2: Float64Array
  readonly feature: Uint32Array
  readonly count: number
}

export interface BoundaryGrid {
  readonly minX: number
  readonly minY: number
  readonly cellSize: number
  readonly columns: number
  readonly rows: number
  /** Edges of cell c: `cellEdges[cellStart[c] … cellStart[c + 1]]`. */
  readonly cellStart: Uint32Array
  readonly cellEdges: Uint32Array
  /** For cells without edges: index into `coverings`. */
  readonly label: Uint32Array
  /** Which features cover a cell; 0 is the empty list. */
  readonly coverings: readonly Covering[]
}

/** The features that cover a place, each as often as its rings wind round it (once, when it is valid). */
export type Covering = readonly { readonly feature: number; readonly winding: number }[]

const MAX_CELLS = 4_000_000

/** Builds the grid for edges inside `box`; cells are about the mean edge spacing, at most four million. */
export function buildBoundaryGrid(edges: BoundaryEdges, box: Readonly<Box>): BoundaryGrid {
  const width = Math.max(box[2] - box[0], 1)
  const height = Math.max(box[3] - box[1], 1)
  const wanted = Math.min(MAX_CELLS, Math.max(4096, edges.count * 16))
  const cellSize = Math.sqrt((width * height) / wanted) || 1
  const columns = Math.min(65_000, Math.ceil(width / cellSize) + 3)
  const rows = Math.min(65_000, Math.ceil(height / cellSize) + 3)
  // A rim of cells that no edge touches all round, so that everything beyond the grid looks like it.
  const minX = box[0] - cellSize * 1.5
  const minY = box[1] - cellSize * 1.5
  const shape = { minX, minY, cellSize, columns, rows }
  const cellStart = new Uint32Array(columns * rows + 1)
  eachTouchedCell(edges, shape, cell => cellStart[cell + 1]!++)
  for (let cell = 0; cell < columns * rows; cell++) cellStart[cell + 1] = cellStart[cell + 1]! + cellStart[cell]!
  const fill = cellStart.slice()
  const cellEdges = new Uint32Array(cellStart[columns * rows]!)
  eachTouchedCell(edges, shape, (cell, edge) => {
    cellEdges[fill[cell]!++] = edge
  })
  const { label, coverings } = labelCells(edges, shape, cellStart, cellEdges)
  return { ...shape, cellStart, cellEdges, label, coverings }
}

type Shape = Pick<BoundaryGrid, 'minX' | 'minY' | 'cellSize' | 'columns' | 'rows'>

export function columnOf(grid: Shape, x: number): number {
  return Math.min(grid.columns - 1, Math.max(0, Math.floor((x - grid.minX) / grid.cellSize)))
}

export function rowOf(grid: Shape, y: number): number {
  return Math.min(grid.rows - 1, Math.max(0, Math.floor((y - grid.minY) / grid.cellSize)))
}

/** Lower ordinate of a row. */
export function rowBottom(grid: Shape, row: number): number {
  return grid.minY + row * grid.cellSize
}

/** Every cell that an edge passes through or touches; a little more rather than less. */
function eachTouchedCell(edges: BoundaryEdges, grid: Shape, visit: (cell: number, edge: number) => void): void {
  const slack = grid.cellSize * 1e-6
  for (let edge = 0; edge < edges.count; edge++) {
    const up = edges.y1[edge]! <= edges.y2[edge]!
    const lowX = up ? edges.x1[edge]! : edges.x2[edge]!
    const lowY = up ? edges.y1[edge]! : edges.y2[edge]!
    const highX = up ? edges.x2[edge]! : edges.x1[edge]!
    const highY = up ? edges.y2[edge]! : edges.y1[edge]!
    const slope = highY > lowY ? (highX - lowX) / (highY - lowY) : 0
    const firstRow = rowOf(grid, lowY - slack)
    const lastRow = rowOf(grid, highY + slack)
    for (let row = firstRow; row <= lastRow; row++) {
      const bottom = Math.max(lowY, rowBottom(grid, row))
      const top = Math.min(highY, rowBottom(grid, row + 1))
      let left = lowX
      let right = highX
      if (highY > lowY) {
        const atBottom = lowX + (Math.min(bottom, highY) - lowY) * slope
        const atTop = lowX + (Math.max(top, lowY) - lowY) * slope
        left = Math.min(atBottom, atTop)
        right = Math.max(atBottom, atTop)
      } else if (left > right) [left, right] = [right, left]
      const lastColumn = columnOf(grid, right + slack)
      for (let column = columnOf(grid, left - slack); column <= lastColumn; column++)
        visit(row * grid.columns + column, edge)
    }
  }
}

/** Walks every row from left to right at its middle and notes which features cover each untouched cell. */
function labelCells(
  edges: BoundaryEdges,
  grid: Shape,
  cellStart: Uint32Array,
  cellEdges: Uint32Array,
): Pick<BoundaryGrid, 'label' | 'coverings'> {
  const label = new Uint32Array(grid.columns * grid.rows)
  const coverings: Covering[] = [[]]
  const known = new Map<string, number>([['', 0]])
  // An edge stands in several cells of a row; it is counted in the first of them.
  const countedInRow = new Int32Array(edges.count).fill(-1)
  for (let row = 0; row < grid.rows; row++) {
    const y = rowBottom(grid, row) + grid.cellSize / 2
    const windings = new Map<number, number>()
    let current = 0
    let changed = false
    for (let column = 0; column < grid.columns; column++) {
      const cell = row * grid.columns + column
      const from = cellStart[cell]!
      const to = cellStart[cell + 1]!
      for (let index = from; index < to; index++) {
        const edge = cellEdges[index]!
        if (countedInRow[edge] === row) continue
        countedInRow[edge] = row
        const down = edges.y1[edge]! > y
        if (down === edges.y2[edge]! > y) continue
        // Inside lies left of the edge: one that goes down is entered from the left.
        const feature = edges.feature[edge]!
        windings.set(feature, (windings.get(feature) ?? 0) + (down ? 1 : -1))
        changed = true
      }
      if (from !== to) continue
      if (changed) current = labelOf(windings, coverings, known)
      changed = false
      label[cell] = current
    }
  }
  return { label, coverings }
}

/** The label for a set of windings; made when it is new. */
function labelOf(windings: ReadonlyMap<number, number>, coverings: Covering[], known: Map<string, number>): number {
  const covering = [...windings]
    .filter(([, winding]) => winding > 0)
    .sort(([one], [other]) => one - other)
    .map(([feature, winding]) => ({ feature, winding }))
  const key = covering.map(({ feature, winding }) => `${feature}x${winding}`).join()
  const label = known.get(key) ?? coverings.length
  if (label === coverings.length) {
    coverings.push(covering)
    known.set(key, label)
  }
  return label
}
