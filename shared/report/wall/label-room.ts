/** Room for labels that stand too close: each gives way a little, none leaves its frame. Pure. */
import type { WallFrame } from './wall-parts.ts'

/** A label of a given size around its middle; `y` is the middle between its two lines. */
export interface LabelBox {
  x: number
  y: number
  readonly width: number
  readonly height: number
}

const ROUNDS = 200
/** Free space that is kept between two labels. */
const GAP = 3

/** Moves labels that overlap apart, along the way that is shorter, by half the overlap each, until none does or nothing more helps. */
export function keepApart(labels: readonly LabelBox[], frame: WallFrame): void {
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false
    for (const [index, a] of labels.entries()) {
      for (const b of labels.slice(index + 1)) {
        const wide = (a.width + b.width) / 2 + GAP - Math.abs(a.x - b.x)
        const high = (a.height + b.height) / 2 + GAP - Math.abs(a.y - b.y)
        if (wide <= 0.01 || high <= 0.01) continue
        moved = true
        if (wide < high) {
          const half = ((a.x < b.x ? 1 : -1) * wide) / 2
          a.x -= half
          b.x += half
        } else {
          const half = ((a.y < b.y ? 1 : -1) * high) / 2
          a.y -= half
          b.y += half
        }
      }
    }
    for (const label of labels) {
      label.x = within(label.x, frame.x + label.width / 2, frame.x + frame.width - label.width / 2)
      label.y = within(label.y, frame.y + label.height / 2, frame.y + frame.height - label.height / 2)
    }
    if (!moved) return
  }
}

function within(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}
