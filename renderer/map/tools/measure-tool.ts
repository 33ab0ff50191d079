/**
 * Measuring without writing anything: clicks set places (snapped like corners), the length of the way is told at once, and
 * from three places on the area that they enclose. A double click or Enter holds the figures until the next click.
 */
import type { Position } from '../../../shared/geometry/types.ts'
import { areaM2, areaWords, edgeLengthM } from './measure.ts'
import { EMPTY_SKETCH, type Words } from './sketch.ts'
import { type Snap, type SnapSource, snapSource } from './snapping.ts'
import type { PointerInput, Tool, ToolContext } from './tool.ts'

const SAME_PLACE_PX = 4
const KM_FROM_M = 10_000

/** `123.45 m`, from 10 km on `12.346 km`. */
function lengthText(metres: number): string {
  return metres < KM_FROM_M ? `${metres.toFixed(2)} m` : `${(metres / 1000).toFixed(3)} km`
}

/** Length of a way in m. */
export function wayLengthM(way: readonly Readonly<Position>[]): number {
  return way.reduce((sum, place, index) => (index === 0 ? 0 : sum + edgeLengthM(way[index - 1]!, place)), 0)
}

export function measureTool(context: ToolContext): Tool {
  let places: Position[] = []
  let cursor: Position | null = null
  let snap: Snap | null = null
  let isHeld = false
  let source: SnapSource | null = null

  /** What is measured now: the places, and the cursor while the way goes on. */
  const way = (): Position[] => (cursor && !isHeld && places.length > 0 ? [...places, cursor] : places)

  function figures(all: readonly Position[]): Words[] {
    if (all.length < 2) return []
    const words: Words[] = [{ key: 'map.measure.length', values: { length: lengthText(wayLengthM(all)) } }]
    if (all.length < 3) return words
    const ring = [[[...all]]]
    return [...words, { key: 'map.measure.area', values: { area: areaM2(ring).toFixed(1) } }, areaWords(ring)]
  }

  function show() {
    const all = way()
    const last = all.at(-2)
    const here = all.at(-1)
    context.show({
      ...EMPTY_SKETCH,
      polygons: all.length >= 3 ? [[all]] : [],
      line: all.length < 3 ? all : [],
      vertices: places,
      snap: snap && { position: snap.position, kind: snap.kind },
      note:
        cursor && !isHeld && last && here
          ? {
              position: cursor,
              words: [{ key: 'map.measure.segment', values: { length: lengthText(edgeLengthM(last, here)) } }],
            }
          : null,
      hint: { key: places.length === 0 ? 'map.measure.start' : isHeld ? 'map.measure.held' : 'map.measure.more' },
      details: figures(all),
      actions: places.length > 0 ? [{ words: { key: 'map.measure.clear' }, run: clear }] : [],
    })
  }

  function clear() {
    places = []
    isHeld = false
    show()
  }

  function place(input: PointerInput) {
    if (isHeld) places = []
    isHeld = false
    const last = places.at(-1)
    const pixel = last && context.toPixel(last)
    if (pixel && Math.hypot(pixel.x - input.x, pixel.y - input.y) <= SAME_PLACE_PX) return
    places = [...places, cursor!]
  }

  return {
    enter() {
      places = []
      isHeld = false
      source = snapSource(context, () => null)
      show()
    },
    exit() {
      source?.dispose()
      cursor = null
      snap = null
      context.show(null)
    },
    onPointer(input) {
      if (input.kind === 'down' || input.kind === 'up') return false
      snap = input.isFree ? null : (source?.snap(input) ?? null)
      cursor = snap?.position ?? [input.lng, input.lat]
      if (input.kind === 'click') place(input)
      else if (input.kind === 'double') isHeld = places.length > 1
      else if (input.kind === 'context') places = places.slice(0, -1)
      show()
      return input.kind !== 'move'
    },
    onKey({ key, isCommand }) {
      if (isCommand) return false
      if (key === 'Escape') {
        if (places.length === 0) context.leave()
        else clear()
      } else if (key === 'Enter') {
        isHeld = places.length > 1
        show()
      } else if (key === 'Backspace') {
        places = places.slice(0, -1)
        isHeld = false
        show()
      } else return false
      return true
    },
    onPlace([lng, lat]) {
      if (isHeld) places = []
      isHeld = false
      places = [...places, [lng, lat]]
      show()
      return true
    },
    onChanged: () => source?.refresh(),
    onView: show,
  }
}
