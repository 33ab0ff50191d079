/**
 * Numbers of parcels on a map, all of them readable: none is left out and none lies on another. A number that has no room in
 * its parcel steps aside and points at it with a line. Pure; the units of the figure.
 */

export interface NumberWish {
  readonly text: string
  /** A point inside the parcel. */
  readonly x: number
  readonly y: number
}

export interface PlacedNumber {
  readonly text: string
  /** Middle of the number. */
  readonly x: number
  readonly y: number
  readonly width: number
  /** The point it stands for; the same as x, y unless the number stepped aside. */
  readonly atX: number
  readonly atY: number
}

export interface NumberRoom {
  /** Height of the letters. */
  readonly size: number
  /** Width of one digit. */
  readonly digit: number
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}

/** Directions that are tried, in this order, at ever larger distances. */
const TURNS = 16
const RINGS = 14

/** Places all wishes in their order. Where even the outermost ring is taken, the number stands on its point. */
export function placeNumbers(wishes: readonly NumberWish[], { size, digit, frame }: NumberRoom): PlacedNumber[] {
  const placed: PlacedNumber[] = []
  const gap = size * 0.15
  const isFree = (x: number, y: number, width: number): boolean =>
    x - width / 2 >= frame.x + gap &&
    x + width / 2 <= frame.x + frame.width - gap &&
    y - size / 2 >= frame.y + gap &&
    y + size / 2 <= frame.y + frame.height - gap &&
    placed.every(
      other => Math.abs(other.x - x) >= (other.width + width) / 2 + gap || Math.abs(other.y - y) >= size + gap,
    )
  for (const { text, x, y } of wishes) {
    const width = text.length * digit
    const [px, py] = (isFree(x, y, width) ? [x, y] : aside(x, y, width)) ?? [x, y]
    placed.push({ text, x: px, y: py, width, atX: x, atY: y })
  }
  return placed

  function aside(x: number, y: number, width: number): [number, number] | undefined {
    for (let ring = 1; ring <= RINGS; ring++) {
      for (let turn = 0; turn < TURNS; turn++) {
        const angle = (turn * 2 * Math.PI) / TURNS
        const px = x + Math.cos(angle) * ring * size
        const py = y + Math.sin(angle) * ring * size
        if (isFree(px, py, width)) return [px, py]
      }
    }
    return undefined
  }
}
