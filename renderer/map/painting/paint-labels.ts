/**
 * Places and paints the labels of one view: the largest parcels first, none over another. Placing is pure; painting draws
 * into a canvas of the size of the view, because labels of single tiles would be cut at the tile edges.
 */
import { NO_ANCHOR, type PackedTile, UNITS_PER_PX } from '../../../shared/tiles/packed-tile.ts'
import { TILE_SIZE_PX } from '../../../shared/tiles/tile-address.ts'
import type { LabelView } from './painter-messages.ts'

const CELL_PX = 8
const LINE_PX = 14
const MAX_LABELS = 400
export const LABEL_FONT = '11px "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'

export interface PlacedLabel {
  readonly lines: readonly string[]
  /** Middle of the text, CSS pixels of the view. */
  readonly x: number
  readonly y: number
}

interface Candidate extends PlacedLabel {
  readonly size: number
}

/** @param widthOf measures a line in CSS pixels. */
export function placeLabels(
  tiles: readonly { readonly tile: PackedTile; readonly isVisible: (index: number) => boolean }[],
  view: LabelView,
  widthOf: (line: string) => number,
): PlacedLabel[] {
  const candidates: Candidate[] = []
  for (const { tile, isVisible } of tiles) {
    const left = tile.x * TILE_SIZE_PX - view.left
    const top = tile.y * TILE_SIZE_PX - view.top
    tile.labels.forEach((text, index) => {
      if (tile.anchors[2 * index] === NO_ANCHOR || text === '' || !isVisible(index)) return
      const x = left + tile.anchors[2 * index]! / UNITS_PER_PX
      const y = top + tile.anchors[2 * index + 1]! / UNITS_PER_PX
      if (x < 0 || y < 0 || x > view.width || y > view.height) return
      candidates.push({ lines: text.split('\n'), x, y, size: boxSize(tile, index) })
    })
  }
  candidates.sort((a, b) => b.size - a.size)
  const columns = Math.ceil(view.width / CELL_PX) + 1
  const rows = Math.ceil(view.height / CELL_PX) + 1
  const taken = new Uint8Array(columns * rows)
  const placed: PlacedLabel[] = []
  for (const candidate of candidates) {
    if (placed.length >= MAX_LABELS) break
    // The name as a second line where there is room for it, else the code alone.
    const lines = [candidate.lines, candidate.lines.slice(0, 1)].find(choice =>
      take(taken, columns, rows, candidate, Math.max(...choice.map(widthOf)), choice.length * LINE_PX),
    )
    if (lines) placed.push({ lines, x: candidate.x, y: candidate.y })
  }
  return placed
}

/** Marks the cells under a text as taken; false when one already is. */
function take(
  taken: Uint8Array,
  columns: number,
  rows: number,
  { x, y }: { readonly x: number; readonly y: number },
  width: number,
  height: number,
): boolean {
  const fromColumn = Math.max(0, Math.floor((x - width / 2) / CELL_PX))
  const toColumn = Math.min(columns - 1, Math.floor((x + width / 2) / CELL_PX))
  const fromRow = Math.max(0, Math.floor((y - height / 2) / CELL_PX))
  const toRow = Math.min(rows - 1, Math.floor((y + height / 2) / CELL_PX))
  for (let row = fromRow; row <= toRow; row++) {
    for (let column = fromColumn; column <= toColumn; column++) if (taken[row * columns + column]) return false
  }
  for (let row = fromRow; row <= toRow; row++) taken.fill(1, row * columns + fromColumn, row * columns + toColumn + 1)
  return true
}

function boxSize(tile: PackedTile, index: number): number {
  const from = tile.vertexOfRing[tile.ringOfParcel[index]!]!
  const to = tile.vertexOfRing[tile.ringOfParcel[index + 1]!]!
  let minX = Infinity
  let maxX = -Infinity
  let minY = Infinity
  let maxY = -Infinity
  for (let vertex = from; vertex < to; vertex++) {
    minX = Math.min(minX, tile.coords[2 * vertex]!)
    maxX = Math.max(maxX, tile.coords[2 * vertex]!)
    minY = Math.min(minY, tile.coords[2 * vertex + 1]!)
    maxY = Math.max(maxY, tile.coords[2 * vertex + 1]!)
  }
  return (maxX - minX) * (maxY - minY)
}

export function paintLabels(
  context: OffscreenCanvasRenderingContext2D,
  labels: readonly PlacedLabel[],
  colours: { readonly colour: string; readonly halo: string },
): void {
  context.font = LABEL_FONT
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  context.lineWidth = 3
  context.strokeStyle = colours.halo
  context.fillStyle = colours.colour
  for (const { lines, x, y } of labels) {
    lines.forEach((line, index) => {
      const lineY = y + (index - (lines.length - 1) / 2) * LINE_PX
      context.strokeText(line, x, lineY)
      context.fillText(line, x, lineY)
    })
  }
}
