/**
 * Moves, inserts and removes the corners of one parcel; holes and parts stay. One gesture is one step of the tool's own
 * undo; the parcel is written once, by Enter, the button or when another tool is taken. Escape gives the changes up.
 */
import type { Position } from '../../../shared/geometry/types.ts'
import {
  type Corner,
  type Corners,
  cornerAt,
  inserted,
  midpointsOf,
  midpointUnder,
  moved,
  positionOf,
  removed,
} from './corners.ts'
import { type GeometryWatch, geometryWatch } from './geometry-watch.ts'
import { areaWords, edgeWords } from './measure.ts'
import { closedGeometry, EMPTY_SKETCH, openPolygons, type ParcelSource } from './sketch.ts'
import { type Snap, type SnapSource, snapSource } from './snapping.ts'
import type { KeyInput, PointerInput, Tool, ToolContext } from './tool.ts'

const HANDLE_PX = 9

export function editTool(context: ToolContext): Tool {
  let parcel: ParcelSource | null = null
  let corners: Corners = []
  let past: Corners[] = []
  let future: Corners[] = []
  let active: Corner | null = null
  let drag: { corner: Corner; before: Corners; hasMoved: boolean } | null = null
  let cursor: Position | null = null
  let snap: Snap | null = null
  let isRefused = false
  let isActive = false
  let isSaving = false
  let turn = 0
  let source: SnapSource | null = null
  let watch: GeometryWatch | null = null
  const parcelId = () => parcel?.id ?? null

  async function open(id: string) {
    const mine = ++turn
    try {
      const found = await context.parcel(id)
      if (mine !== turn || !isActive) return
      parcel = found
      corners = openPolygons(found.geometry)
      past = []
      future = []
      active = null
      context.select(id)
      context.hide(found.pk)
      changed()
    } catch (error) {
      if (mine === turn) context.problem(error)
    }
  }

  function close() {
    turn += 1
    parcel = null
    corners = []
    past = []
    future = []
    drag = null
    active = null
    context.hide(null)
  }

  function changed() {
    isRefused = false
    if (past.length > 0) watch?.changed(corners)
    show()
  }

  /** Records a finished gesture. */
  function step(before: Corners) {
    past = [...past, before]
    future = []
    changed()
  }

  function removeCorner(corner: Corner) {
    const next = removed(corners, corner)
    if (next === null) {
      isRefused = true
      return show()
    }
    const before = corners
    corners = next
    active = null
    step(before)
  }

  function travel(from: Corners[], to: Corners[]): boolean {
    const target = from.pop()
    if (!target) return false
    to.push(corners)
    corners = target
    active = null
    changed()
    return true
  }

  async function save() {
    if (!parcel || isSaving) return
    if (past.length === 0) return context.leave()
    isSaving = true
    try {
      await context.edited({ id: parcel.id, baseRev: parcel.rev }, closedGeometry(corners))
      past = []
      if (isActive) context.leave()
      else close()
    } catch (error) {
      // The corners stay on the map until they are written or given up.
      context.problem(error)
    } finally {
      isSaving = false
      show()
    }
  }

  function giveUp() {
    past = []
    context.leave()
  }

  function onDown(input: PointerInput): boolean {
    const corner = cornerAt(corners, input, context.toPixel, HANDLE_PX)
    if (corner) {
      drag = { corner, before: corners, hasMoved: false }
      active = corner
      show()
      return true
    }
    const middle = midpointUnder(corners, input, context.toPixel, HANDLE_PX)
    if (!middle) return false
    const before = corners
    corners = inserted(corners, middle.after, middle.position)
    drag = { corner: { ...middle.after, vertex: middle.after.vertex + 1 }, before, hasMoved: true }
    active = drag.corner
    show()
    return true
  }

  function onMove(input: PointerInput): boolean {
    cursor = [input.lng, input.lat]
    if (!drag) {
      snap = null
      source?.snap(input)
      show()
      return false
    }
    snap = input.isFree ? null : (source?.snap(input) ?? null)
    cursor = snap?.position ?? cursor
    corners = moved(corners, drag.corner, cursor)
    drag.hasMoved = true
    show()
    return true
  }

  function onUp(): boolean {
    if (!drag) return false
    const { before, hasMoved } = drag
    drag = null
    snap = null
    if (hasMoved) step(before)
    else show()
    return true
  }

  function cancelDrag() {
    if (drag) corners = drag.before
    drag = null
    show()
  }

  function noteWords() {
    if (!drag) return [areaWords(corners)]
    const ring = corners[drag.corner.polygon]![drag.corner.ring]!
    const previous = ring[(drag.corner.vertex + ring.length - 1) % ring.length]!
    const snapWords = snap && { key: `map.snapped.${snap.kind}`, values: { code: snap.code } }
    return [
      areaWords(corners),
      edgeWords(previous, positionOf(corners, drag.corner)),
      ...(snapWords ? [snapWords] : []),
    ]
  }

  function show() {
    if (!isActive) return
    if (!parcel) return context.show({ ...EMPTY_SKETCH, hint: { key: 'map.edit.pick' } })
    context.show({
      ...EMPTY_SKETCH,
      polygons: corners,
      vertices: corners.flat(2),
      midpoints: drag ? [] : midpointsOf(corners).map(middle => middle.position),
      active: active && positionOf(corners, active),
      snap: snap && { position: snap.position, kind: snap.kind },
      note: cursor && { position: cursor, words: noteWords() },
      hint: { key: isRefused ? 'map.edit.minimum' : 'map.edit.hint' },
      actions: [
        ...(past.length > 0 ? [{ words: { key: 'map.save' }, run: () => void save() }] : []),
        { words: { key: 'map.cancel' }, run: giveUp },
      ],
      defects: watch?.defects() ?? [],
      overlapped: watch?.overlapped(source?.neighbours() ?? []) ?? [],
      warnings: watch?.warnings() ?? [],
    })
  }

  return {
    enter() {
      isActive = true
      source = snapSource(context, parcelId)
      watch = geometryWatch(context, parcelId, show)
      const selected = context.selectedId()
      // A parcel whose corners could not be written when the tool was left is taken up again.
      if (parcel && past.length > 0) {
        context.hide(parcel.pk)
        changed()
      } else if (selected) void open(selected)
      else show()
    },
    exit() {
      cancelDrag()
      isActive = false
      if (past.length > 0) void save()
      else close()
      context.hide(null)
      source?.dispose()
      watch?.dispose()
      cursor = null
      context.show(null)
    },
    onPointer(input) {
      if (isSaving) return true
      if (input.kind === 'down' && parcel) return onDown(input)
      if (input.kind === 'move') return onMove(input)
      if (input.kind === 'up') return onUp()
      if (input.kind === 'context') {
        const corner = cornerAt(corners, input, context.toPixel, HANDLE_PX)
        if (corner) removeCorner(corner)
        return parcel !== null
      }
      if (input.kind === 'click' && (!parcel || past.length === 0)) {
        context.pick(input).then(
          id => {
            if (id !== null && id !== parcelId() && isActive) void open(id)
          },
          error => context.problem(error),
        )
        return true
      }
      return input.kind === 'click' || input.kind === 'double'
    },
    onKey({ key, isCommand, isShift }: KeyInput) {
      const letter = key.toLowerCase()
      if (key === 'Escape') {
        if (drag) cancelDrag()
        else giveUp()
      } else if (key === 'Enter') void save()
      else if ((key === 'Delete' || key === 'Backspace') && active) removeCorner(active)
      else if (isCommand && letter === 'z' && !isShift) return travel(past, future)
      else if (isCommand && (letter === 'y' || letter === 'z')) return travel(future, past)
      else return false
      return true
    },
    onView: show,
  }
}
