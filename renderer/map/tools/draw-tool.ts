/**
 * Draws a new polygon: a click sets a corner, Enter, a double click or a click on the first corner finishes. What was drawn
 * so far stays when another tool is taken in between; only Escape gives it up.
 */
import type { Position } from '../../../shared/geometry/types.ts'
import { type GeometryWatch, geometryWatch } from './geometry-watch.ts'
import { areaWords, edgeWords } from './measure.ts'
import { closedGeometry, EMPTY_SKETCH } from './sketch.ts'
import { SNAP_PX, type Snap, type SnapSource, snapSource } from './snapping.ts'
import type { KeyInput, PointerInput, Tool, ToolContext } from './tool.ts'

/** The second click of a double click lands this near to the first. */
const SAME_PLACE_PX = 4

export function drawTool(context: ToolContext): Tool {
  let points: Position[] = []
  let undone: Position[] = []
  let cursor: Position | null = null
  let snap: Snap | null = null
  let closes = false
  let isSaving = false
  let isActive = false
  let source: SnapSource | null = null
  let watch: GeometryWatch | null = null

  function locate(input: PointerInput): Position {
    const first = points[0]
    closes = points.length >= 3 && first !== undefined && isNear(context, first, input, SNAP_PX)
    if (closes && first) {
      snap = null
      return first
    }
    snap = input.isFree ? null : (source?.snap(input) ?? null)
    return snap?.position ?? [input.lng, input.lat]
  }

  function changed() {
    watch?.changed(points.length >= 3 ? [[points]] : [])
    show()
  }

  function add(position: Position, input: PointerInput) {
    const last = points[points.length - 1]
    if (last && isNear(context, last, input, SAME_PLACE_PX)) return
    if (last && last[0] === position[0] && last[1] === position[1]) return
    points = [...points, position]
    undone = []
    changed()
  }

  function takeBack() {
    const last = points[points.length - 1]
    if (!last) return
    undone = [...undone, last]
    points = points.slice(0, -1)
    changed()
  }

  function bringBack() {
    const last = undone[undone.length - 1]
    if (!last) return
    undone = undone.slice(0, -1)
    points = [...points, last]
    changed()
  }

  async function finish() {
    if (points.length < 3 || isSaving) return
    isSaving = true
    try {
      await context.drawn(closedGeometry([[points]]))
      points = []
      undone = []
      if (isActive) context.leave()
    } catch (error) {
      // The sketch stays: the corners must not be lost because they could not be written.
      context.problem(error)
    } finally {
      isSaving = false
      if (isActive) show()
    }
  }

  function giveUp() {
    points = []
    undone = []
    context.leave()
  }

  function show() {
    if (!isActive) return
    const last = points[points.length - 1]
    const hint = points.length === 0 ? 'map.draw.start' : points.length < 3 ? 'map.draw.more' : 'map.draw.close'
    const withCursor = cursor && !closes ? [...points, cursor] : points
    const snapWords = snap && { key: `map.snapped.${snap.kind}`, values: { code: snap.code } }
    context.show({
      ...EMPTY_SKETCH,
      polygons: withCursor.length >= 3 ? [[withCursor]] : [],
      line: withCursor.length < 3 ? withCursor : [],
      vertices: points,
      active: closes ? (points[0] ?? null) : null,
      snap: snap && { position: snap.position, kind: snap.kind },
      note: cursor && {
        position: cursor,
        words: [
          ...(withCursor.length >= 3 ? [areaWords([[withCursor]])] : []),
          ...(last ? [edgeWords(last, cursor)] : []),
          ...(snapWords ? [snapWords] : []),
        ],
      },
      hint: { key: hint },
      actions: [
        ...(points.length >= 3 ? [{ words: { key: 'map.finish' }, run: () => void finish() }] : []),
        ...(points.length > 0 ? [{ words: { key: 'map.cancel' }, run: giveUp }] : []),
      ],
      defects: watch?.defects() ?? [],
      overlapped: watch?.overlapped(source?.neighbours() ?? []) ?? [],
      warnings: watch?.warnings() ?? [],
    })
  }

  return {
    enter() {
      isActive = true
      context.select(null)
      source = snapSource(context, () => null)
      watch = geometryWatch(context, () => null, show)
      changed()
    },
    exit() {
      isActive = false
      source?.dispose()
      watch?.dispose()
      cursor = null
      snap = null
      context.show(null)
    },
    onPointer(input) {
      if (isSaving) return true
      if (input.kind === 'double') {
        void finish()
        return true
      }
      const position = locate(input)
      if (input.kind === 'move') {
        cursor = position
        show()
        return false
      }
      if (input.kind === 'context') {
        takeBack()
        return true
      }
      if (input.kind === 'click') {
        cursor = position
        if (closes) void finish()
        else add(position, input)
        return true
      }
      return false
    },
    onKey({ key, isCommand, isShift }: KeyInput) {
      const letter = key.toLowerCase()
      if (key === 'Escape') giveUp()
      else if (key === 'Enter') void finish()
      else if (key === 'Backspace' || (isCommand && letter === 'z' && !isShift && points.length > 0)) takeBack()
      else if (isCommand && (letter === 'y' || (letter === 'z' && isShift)) && undone.length > 0) bringBack()
      else return false
      return true
    },
    onView: show,
  }
}

function isNear(context: ToolContext, position: Position, place: { x: number; y: number }, reachPx: number): boolean {
  const pixel = context.toPixel(position)
  return Math.hypot(pixel.x - place.x, pixel.y - place.y) <= reachPx
}
