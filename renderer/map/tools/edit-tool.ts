/**
 * Moves, inserts and removes the corners of one parcel; neighbours that share them follow (F switches that off). One
 * gesture is one step of the tool's own undo; everything is written as one edit, by Enter, the button or when another tool
 * is taken. Escape gives up one level: the gesture, the changes, the tool.
 */
import { angleAt } from '../../../shared/geometry/edit/metres.ts'
import { rightCorner } from '../../../shared/geometry/edit/rectangle.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { type Corner, cornerAt, cornerNumber, midpointsOf, midpointUnder, positionOf } from './corners.ts'
import { createEditSet, type EditSet } from './edit-set.ts'
import { type GeometryWatch, geometryWatch } from './geometry-watch.ts'
import { areaWords, edgeWords } from './measure.ts'
import { closedGeometry, EMPTY_SKETCH, type Words } from './sketch.ts'
import { type Snap, type SnapSource, type SnapTarget, snapSource, snapTo } from './snapping.ts'
import type { KeyInput, PointerInput, Tool, ToolContext } from './tool.ts'

const HANDLE_PX = 9

interface Drag {
  corner: Corner
  /** Where the corner was when the gesture began. */
  from: Position
  hasMoved: boolean
  isNew: boolean
  targets: readonly SnapTarget[]
}

export function editTool(context: ToolContext): Tool {
  let set: EditSet | null = null
  let follows = true
  let active: Corner | null = null
  let drag: Drag | null = null
  let cursor: Position | null = null
  let snap: Snap | null = null
  let refused: Words | null = null
  let isActive = false
  let isSaving = false
  let turn = 0
  let source: SnapSource | null = null
  let watch: GeometryWatch | null = null

  async function open(id: string) {
    const mine = ++turn
    try {
      const [parcel, around] = await Promise.all([context.parcel(id), context.around(id)])
      if (mine !== turn || !isActive) return
      set = createEditSet(parcel, around)
      active = null
      context.select(id)
      hideDrawn()
      changed()
    } catch (error) {
      if (mine !== turn) return
      close()
      context.problem(error)
      show()
    }
  }

  function close() {
    turn += 1
    set = null
    drag = null
    active = null
    context.hide([])
  }

  /** The parcel and the neighbours that changed are drawn here, not by the painter. */
  function hideDrawn() {
    if (set)
      context.hide(
        [
          set.parcel,
          ...set
            .changed()
            .filter(({ parcel }) => parcel !== set?.parcel)
            .map(({ parcel }) => parcel),
        ].map(({ pk }) => pk),
      )
  }

  function changed() {
    refused = null
    check()
    show()
  }

  function check() {
    const isMeant = set?.isChanged() || drag?.hasMoved
    watch?.changed(set && isMeant ? set.changed().map(({ parcel, outline }) => ({ id: parcel.id, outline })) : [])
  }

  function removeCorner(corner: Corner) {
    if (!set) return
    const reason = set.remove(corner, follows)
    if (reason) {
      refused = { key: `map.edit.${reason}` }
      return show()
    }
    active = null
    hideDrawn()
    changed()
  }

  function travel(back: boolean): boolean {
    if (!set || !(back ? set.undo() : set.redo())) return false
    active = null
    hideDrawn()
    changed()
    return true
  }

  async function save() {
    if (!set || isSaving) return
    if (!set.isChanged()) return context.leave()
    isSaving = true
    const mine = set
    try {
      await context.reshaped(
        mine.changed().map(({ parcel, outline }) => ({
          id: parcel.id,
          rev: parcel.rev,
          geometry: closedGeometry(outline as Position[][][]),
        })),
        mine.label(),
      )
      mine.forget()
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

  /** One level: the changes, then the tool. */
  function giveUp() {
    if (!set?.isChanged()) return context.leave()
    set.reset()
    active = null
    hideDrawn()
    changed()
  }

  function beginDrag(corner: Corner, isNew: boolean) {
    drag = { corner, from: positionOf(set!.outline(), corner), hasMoved: isNew, isNew, targets: set!.targets() }
    active = corner
    show()
  }

  function onDown(input: PointerInput): boolean {
    if (!set) return false
    const corner = cornerAt(set.outline(), input, context.toPixel, HANDLE_PX)
    if (corner) {
      set.begin('vertex_moved', corner)
      beginDrag(corner, false)
      return true
    }
    const middle = midpointUnder(set.outline(), input, context.toPixel, HANDLE_PX)
    if (!middle) return false
    const added = { ...middle.after, vertex: middle.after.vertex + 1 }
    set.begin('vertex_inserted', added)
    set.insert(middle.after, middle.position, follows)
    beginDrag(added, true)
    return true
  }

  function placeFor(input: PointerInput, { corner, from, targets }: Drag): Position {
    snap = null
    const pointed: Position = [input.lng, input.lat]
    if (input.isShift) {
      const ring = set!.outline()[corner.polygon]![corner.ring]!
      const before = ring[(corner.vertex + ring.length - 1) % ring.length]!
      const [lng, lat] = rightCorner(before, ring[(corner.vertex + 1) % ring.length]!, pointed)
      return [lng, lat]
    }
    if (input.isFree) return pointed
    snap = snapTo(input, [...targets, ...(source?.targets() ?? []).filter(isStranger)], context, from)
    return snap?.position ?? pointed
  }

  const isStranger = (target: SnapTarget): boolean => !set?.hasCode(target.code)

  function onMove(input: PointerInput): boolean {
    cursor = [input.lng, input.lat]
    source?.follow(input)
    if (!drag || !set) {
      snap = null
      show()
      return false
    }
    cursor = placeFor(input, drag)
    set.move(drag.corner, cursor, follows)
    if (!drag.hasMoved) hideDrawn()
    drag.hasMoved = true
    check()
    show()
    return true
  }

  function onUp(): boolean {
    if (!drag || !set) return false
    const { hasMoved } = drag
    drag = null
    snap = null
    if (hasMoved) set.commit()
    else set.cancel()
    hideDrawn()
    if (hasMoved) changed()
    else show()
    return true
  }

  function cancelDrag() {
    if (drag) set?.cancel()
    drag = null
    snap = null
    hideDrawn()
    changed()
  }

  function noteWords(): Words[] {
    if (!set) return []
    const area = areaWords(set.outline() as Position[][][])
    if (!drag) return [area]
    const ring = set.outline()[drag.corner.polygon]![drag.corner.ring]!
    const here = positionOf(set.outline(), drag.corner)
    const before = ring[(drag.corner.vertex + ring.length - 1) % ring.length]!
    const after = ring[(drag.corner.vertex + 1) % ring.length]!
    return [
      area,
      edgeWords([before[0], before[1]], here),
      edgeWords(here, [after[0], after[1]]),
      { key: 'map.angle', values: { degrees: angleAt(before, here, after).toFixed(1) } },
      ...(snap ? [{ key: `map.snapped.${snap.kind}`, values: { code: snap.code } }] : []),
    ]
  }

  function toggleFollow() {
    follows = !follows
    show()
  }

  function show() {
    if (!isActive) return
    if (!set) return context.show({ ...EMPTY_SKETCH, hint: { key: 'map.edit.pick' } })
    const outline = set.outline() as Position[][][]
    const others = set.changed().filter(({ parcel }) => parcel !== set!.parcel)
    const side = watch?.side()
    context.show({
      ...EMPTY_SKETCH,
      polygons: outline,
      others: others.flatMap(other => other.outline as Position[][][]),
      vertices: outline.flat(2),
      midpoints: drag ? [] : midpointsOf(outline).map(middle => middle.position),
      active: active && positionOf(outline, active),
      snap: snap && { position: snap.position, kind: snap.kind },
      note: cursor && { position: cursor, words: noteWords() },
      hint: refused ?? { key: 'map.edit.hint' },
      details: [
        ...(side ? [side] : []),
        ...(others.length > 0 ? [{ key: 'map.edit.others', values: { count: others.length } }] : []),
      ],
      actions: [
        ...(set.isChanged() ? [{ words: { key: 'map.save' }, run: () => void save() }] : []),
        { words: { key: 'map.edit.follow' }, run: toggleFollow, isOn: follows },
        { words: { key: set.isChanged() ? 'map.discard' : 'map.cancel' }, run: giveUp },
      ],
      defects: watch?.defects() ?? [],
      overlapped: watch?.overlapped(set.around) ?? [],
      warnings: watch?.warnings() ?? [],
    })
  }

  return {
    enter() {
      isActive = true
      source = snapSource(context, () => set?.parcel.id ?? null)
      watch = geometryWatch(context, show)
      const selected = context.selectedId()
      // A parcel whose corners could not be written when the tool was left is taken up again.
      if (set?.isChanged()) {
        hideDrawn()
        changed()
      } else if (selected) void open(selected)
      else show()
    },
    exit() {
      cancelDrag()
      isActive = false
      if (set?.isChanged()) void save()
      else close()
      context.hide([])
      source?.dispose()
      watch?.dispose()
      cursor = null
      context.show(null)
    },
    onPointer(input) {
      if (isSaving) return true
      if (input.kind === 'down' && set) return onDown(input)
      if (input.kind === 'move') return onMove(input)
      if (input.kind === 'up') return onUp()
      if (input.kind === 'context') {
        const corner = set && cornerAt(set.outline(), input, context.toPixel, HANDLE_PX)
        if (corner) removeCorner(corner)
        return set !== null
      }
      if (input.kind === 'click' && !set?.isChanged()) {
        context.pick(input).then(
          id => {
            if (id !== null && id !== set?.parcel.id && isActive) void open(id)
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
      else if (letter === 'f' && !isCommand) toggleFollow()
      else if (isCommand && letter === 'z' && !isShift) return travel(true)
      else if (isCommand && (letter === 'y' || letter === 'z')) return travel(false)
      else return false
      return true
    },
    onChanged(ids) {
      source?.refresh()
      if (!set || set.isChanged() || drag || isSaving) return
      const known = [set.parcel, ...set.around].map(parcel => parcel.id)
      if (ids === null || ids.some(id => known.includes(id))) void open(set.parcel.id)
    },
    onPlace([lng, lat]) {
      if (!set || !active || drag || isSaving) return false
      set.begin('vertex_gnss', active)
      set.move(active, [lng, lat], follows)
      set.commit()
      hideDrawn()
      changed()
      return true
    },
    placing() {
      if (!set || drag || isSaving) return null
      if (!active) return { kind: 'choose' }
      const vertex = `J${cornerNumber(set.outline(), active)}`
      const { id, code } = set.parcel
      return { kind: 'move', parcelId: id, code, vertex, from: positionOf(set.outline(), active) }
    },
    onView: show,
  }
}
