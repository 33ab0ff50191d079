/** Labels that do not lie on each other. Pure; boxes in millimetres of paper. */

export interface LabelWish {
  /** Middle of the label. */
  readonly x: number
  readonly y: number
  /** Texts in order of preference, each with its width. */
  readonly texts: readonly { readonly text: string; readonly width: number }[]
  readonly height: number
  /** Room that the thing itself offers: a text wider than this is passed over. */
  readonly room: number
}

export interface PlacedLabel {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const CELL = 10

/**
 * Places wishes in their order, each with its first text that has room, lies wholly in the frame, and meets no label placed
 * before (with `gap` around it). A wish without such a text stays unlabelled.
 */
export function placeLabels(
  wishes: Iterable<LabelWish>,
  frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  gap: number,
): PlacedLabel[] {
  const placed: PlacedLabel[] = []
  const cells = new Map<string, PlacedLabel[]>()
  const cellsOf = (x: number, y: number, width: number, height: number): string[] => {
    const keys: string[] = []
    const reach = width / 2 + gap
    for (let column = Math.floor((x - reach) / CELL); column <= Math.floor((x + reach) / CELL); column++)
      for (let row = Math.floor((y - height / 2 - gap) / CELL); row <= Math.floor((y + height / 2 + gap) / CELL); row++)
        keys.push(`${column}/${row}`)
    return keys
  }
  for (const { x, y, texts, room, height } of wishes) {
    const isInside = (width: number): boolean =>
      x - width / 2 >= frame.x + gap &&
      x + width / 2 <= frame.x + frame.width - gap &&
      y - height / 2 >= frame.y + gap &&
      y + height / 2 <= frame.y + frame.height - gap
    const isFree = (width: number): boolean =>
      cellsOf(x, y, width, height).every(key =>
        (cells.get(key) ?? []).every(
          other =>
            Math.abs(other.x - x) >= (other.width + width) / 2 + gap ||
            Math.abs(other.y - y) >= (other.height + height) / 2 + gap,
        ),
      )
    const fit = texts.find(({ width }) => width <= room && isInside(width) && isFree(width))
    if (!fit) continue
    const label: PlacedLabel = { text: fit.text, x, y, width: fit.width, height }
    placed.push(label)
    for (const key of cellsOf(x, y, fit.width, height)) {
      const list = cells.get(key)
      if (list) list.push(label)
      else cells.set(key, [label])
    }
  }
  return placed
}
