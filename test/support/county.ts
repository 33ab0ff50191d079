/**
 * An invented county for geometry tests and benches: blocks of 3 × 4 parcels that share jagged edges bit for bit, with
 * roads between the blocks. Deterministic for a seed; a plane in metres; nothing real.
 */
import { boxOf, type FlatPolygons, type Position, type Ring, toFlat } from '../../shared/geometry/types.ts'

export interface County {
  parcels: FlatPolygons[]
  /** For each parcel the index of its block. */
  blockOf: number[]
  /** For each parcel a group: blocks are mixed over the groups. */
  groupOf: number[]
  /** minX, minY, maxX, maxY of each parcel. */
  boxes: Float64Array
}

export interface CountyOptions {
  /** Blocks along each side. */
  blocks: number
  seed?: number
  groups?: number
  originX?: number
  originY?: number
}

const BLOCK_PITCH_M = 430
const ROWS = 3
const COLUMNS = 4

/** About `blocks`² × 12 parcels. Some have a hole, some are two cells, roads are 4 to 60 m wide. */
export function makeCounty({
  blocks,
  seed = 1,
  groups = 8,
  originX = 440_000,
  originY = 3_230_000,
}: CountyOptions): County {
  const random = createRandom(seed)
  const roads = Array.from({ length: blocks + 1 }, () => 4 + 56 * random() ** 3)
  const parcels: FlatPolygons[] = []
  const blockOf: number[] = []
  const groupOf: number[] = []
  for (let blockY = 0; blockY < blocks; blockY++) {
    for (let blockX = 0; blockX < blocks; blockX++) {
      const left = originX + blockX * BLOCK_PITCH_M + roads[blockX]! / 2
      const right = originX + (blockX + 1) * BLOCK_PITCH_M - roads[blockX + 1]! / 2
      const bottom = originY + blockY * BLOCK_PITCH_M + roads[blockY]! / 2
      const top = originY + (blockY + 1) * BLOCK_PITCH_M - roads[blockY + 1]! / 2
      const group = Math.floor(random() * groups)
      for (const rings of makeBlock(random, left, bottom, right, top)) {
        parcels.push(toFlat({ type: 'MultiPolygon', coordinates: rings }))
        blockOf.push(blockY * blocks + blockX)
        groupOf.push(random() < 0.8 ? group : Math.floor(random() * groups))
      }
    }
  }
  return { parcels, blockOf, groupOf, boxes: boxesOf(parcels) }
}

export function boxesOf(parcels: readonly FlatPolygons[]): Float64Array {
  const boxes = new Float64Array(parcels.length * 4)
  parcels.forEach((parcel, index) => {
    boxes.set(boxOf(parcel), index * 4)
  })
  return boxes
}

/** A small fast generator of numbers in [0, 1), good enough for layouts. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function makeBlock(random: () => number, left: number, bottom: number, right: number, top: number): Ring[][][] {
  const width = (right - left) / COLUMNS
  const height = (top - bottom) / ROWS
  const corners: Position[][] = []
  for (let row = 0; row <= ROWS; row++) {
    corners.push([])
    for (let column = 0; column <= COLUMNS; column++) {
      const inX = column > 0 && column < COLUMNS ? (random() - 0.5) * 0.3 * width : 0
      const inY = row > 0 && row < ROWS ? (random() - 0.5) * 0.3 * height : 0
      corners[row]!.push([left + column * width + inX, bottom + row * height + inY])
    }
  }
  const along = corners.map((row, y) =>
    row.slice(1).map((to, x) => jagged(random, row[x]!, to, y > 0 && y < ROWS ? 0.08 : 0.02)),
  )
  const up = corners
    .slice(1)
    .map((row, y) => row.map((to, x) => jagged(random, corners[y]![x]!, to, x > 0 && x < COLUMNS ? 0.08 : 0.02)))
  const cells: Ring[][] = []
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const shell: Ring = [
        ...along[row]![column]!.slice(0, -1),
        ...up[row]![column + 1]!.slice(0, -1),
        ...[...along[row + 1]![column]!].reverse().slice(0, -1),
        ...[...up[row]![column]!].reverse(),
      ]
      cells.push(random() < 0.03 ? [shell, holeIn(shell, Math.min(width, height) * 0.12)] : [shell])
    }
  }
  // Now and then two cells that do not touch are one parcel.
  if (random() >= 0.2) return cells.map(cell => [cell])
  return [[cells[0]!, cells[11]!], ...cells.slice(1, 11).map(cell => [cell])]
}

function jagged(random: () => number, from: Position, to: Position, amplitude: number): Position[] {
  const count = Math.floor(random() * 10)
  const dx = to[0] - from[0]
  const dy = to[1] - from[1]
  const line: Position[] = [from]
  for (let index = 1; index <= count; index++) {
    const t = (index + (random() - 0.5) * 0.5) / (count + 1)
    const aside = amplitude * 4 * t * (1 - t) * (random() - 0.5)
    line.push([from[0] + dx * t - dy * aside, from[1] + dy * t + dx * aside])
  }
  line.push(to)
  return line
}

/** A square in the middle of the shell's extent, `size` wide. */
function holeIn(shell: Ring, size: number): Ring {
  const xs = shell.map(position => position[0])
  const ys = shell.map(position => position[1])
  const x = (Math.min(...xs) + Math.max(...xs) - size) / 2
  const y = (Math.min(...ys) + Math.max(...ys) - size) / 2
  return [
    [x, y],
    [x, y + size],
    [x + size, y + size],
    [x + size, y],
    [x, y],
  ]
}
