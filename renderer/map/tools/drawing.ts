/**
 * Setting corners one after another, for every tool that draws: a click sets a corner, Enter, a double click or (for rings)
 * a click on the first corner finishes. Backspace takes the last step back, Escape gives the drawing up. With tracing the
 * way between two places on the same outline follows its edges.
 */
import { angleAt } from '../../../shared/geometry/edit/metres.ts'
import type { Outline } from '../../../shared/geometry/edit/outline.ts'
import { atRightAngle } from '../../../shared/geometry/edit/rectangle.ts'
import { traceBetween } from '../../../shared/geometry/edit/trace.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { type GeometryWatch, geometryWatch, type WatchedOutline } from './geometry-watch.ts'
import { areaWords, edgeWords } from './measure.ts'
import { EMPTY_SKETCH, type Sketch, type Words } from './sketch.ts'
import { SNAP_PX, type Snap, type SnapSource, snapSource } from './snapping.ts'
import type { KeyInput, Placing, PointerInput, ToolContext } from './tool.ts'

/** The second click of a double click lands this near to the first. */
const SAME_PLACE_PX = 4

/** Corners set so far, by step: a traced way is one step. Shared by tools that go on with each other's drawing. */
export interface DrawingSession {
  steps: readonly (readonly Position[])[]
  undone: readonly (readonly Position[])[]
}

export const emptySession = (): DrawingSession => ({ steps: [], undone: [] })

export interface DrawingOptions {
  readonly session: DrawingSession
  readonly shape: 'ring' | 'line'
  readonly isTracing: boolean
  /** Fewest corners to finish with. */
  readonly least: number
  readonly hints: { readonly start: string; readonly more: string; readonly close: string }
  readonly finishKey: string
  /** What is checked while drawing; empty for nothing. */
  watched(points: readonly Position[]): readonly WatchedOutline[]
  /** What else belongs into the sketch with the corners and the cursor. */
  frame?(points: readonly Position[]): Partial<Sketch>
  /** Area that the note beside the cursor tells; by default that of the ring. */
  note?(points: readonly Position[]): readonly Words[]
  /** The ring itself, when it is not simply the corners (a rectangle). */
  ringOf?(points: readonly Position[]): readonly Position[] | null
  /** Where a corner goes that was pointed at, such as square to a side. */
  adjust?(points: readonly Position[], pointed: Position): Position
  /** So many corners finish the drawing by themselves. */
  readonly finishesAt?: number
  finish(points: readonly Position[]): Promise<void>
}

export interface Drawing {
  enter(): void
  exit(): void
  onPointer(input: PointerInput): boolean
  onKey(input: KeyInput): boolean
  onPlace(position: Readonly<Position>): boolean
  placing(): Placing | null
  onChanged(): void
  show(): void
  isEmpty(): boolean
}

export function drawing(context: ToolContext, options: DrawingOptions): Drawing {
  const { session } = options
  let cursor: Position | null = null
  let traced: readonly Position[] = []
  let snap: Snap | null = null
  let closes = false
  let isRight = false
  let isSaving = false
  let isActive = false
  let source: SnapSource | null = null
  let watch: GeometryWatch | null = null
  const points = (): Position[] => session.steps.flat()
  const last = (): Position | undefined => points().at(-1)

  function locate(input: PointerInput): Position {
    const all = points()
    const first = all[0]
    closes = options.shape === 'ring' && all.length >= 3 && first !== undefined && isNear(first, input, SNAP_PX)
    isRight = false
    if (closes && first) {
      snap = null
      return first
    }
    snap = input.isFree ? null : (source?.snap(input) ?? null)
    const end = all.at(-1)
    if (input.isShift && end && snap?.kind !== 'vertex') {
      snap = null
      isRight = true
      const [lng, lat] = atRightAngle(all.at(-2), end, [input.lng, input.lat])
      return [lng, lat]
    }
    const pointed: Position = snap?.position ?? [input.lng, input.lat]
    return options.adjust?.(all, pointed) ?? pointed
  }

  function isNear(position: Position, place: { x: number; y: number }, reachPx: number): boolean {
    const pixel = context.toPixel(position)
    return Math.hypot(pixel.x - place.x, pixel.y - place.y) <= reachPx
  }

  /** Corners along stored edges from the last corner to a place. */
  function wayTo(position: Position): readonly Position[] {
    const from = last()
    if (!options.isTracing || !from || (!snap && !closes)) return []
    const outlines: Outline[] = (source?.targets() ?? []).map(target => target.outline)
    return (traceBetween(outlines, from, position) ?? []).map(([lng, lat]): Position => [lng, lat])
  }

  function changed() {
    watch?.changed(options.watched(points()))
    show()
  }

  function add(step: readonly Position[]) {
    session.steps = [...session.steps, step]
    session.undone = []
    changed()
  }

  function set(position: Position, input: PointerInput) {
    const end = last()
    if (end && (isNear(end, input, SAME_PLACE_PX) || (end[0] === position[0] && end[1] === position[1]))) return
    add([...wayTo(position), position])
    if (points().length === options.finishesAt) void finish()
  }

  function takeBack() {
    const step = session.steps.at(-1)
    if (!step) return
    session.undone = [...session.undone, step]
    session.steps = session.steps.slice(0, -1)
    traced = []
    changed()
  }

  function bringBack() {
    const step = session.undone.at(-1)
    if (!step) return
    session.undone = session.undone.slice(0, -1)
    session.steps = [...session.steps, step]
    changed()
  }

  async function finish(closingWay: readonly Position[] = []) {
    const all = [...points(), ...closingWay]
    if (all.length < options.least || isSaving) return
    isSaving = true
    try {
      await options.finish(all)
      clear()
      if (isActive) context.leave()
    } catch (error) {
      // The sketch stays: the corners must not be lost because they could not be written.
      context.problem(error)
    } finally {
      isSaving = false
      if (isActive) changed()
    }
  }

  function clear() {
    session.steps = []
    session.undone = []
    traced = []
  }

  /** One level: first the corners, then the tool. */
  function giveUp() {
    if (session.steps.length === 0) return context.leave()
    clear()
    changed()
  }

  function noteWords(all: readonly Position[]): readonly Words[] {
    const end = last()
    const before = points().at(-2)
    const ring = options.ringOf?.(all) ?? all
    const area = options.note?.(all) ?? (options.shape === 'ring' && ring.length >= 3 ? [areaWords([[ring]])] : [])
    const isApart = cursor && end && (cursor[0] !== end[0] || cursor[1] !== end[1])
    return [
      ...area,
      ...(isApart ? [edgeWords(traced.at(-1) ?? end, cursor!)] : []),
      ...(isApart && before && traced.length === 0
        ? [{ key: 'map.angle', values: { degrees: angleAt(before, end, cursor!).toFixed(1) } }]
        : []),
      ...(traced.length > 0 ? [{ key: 'map.traced', values: { count: traced.length } }] : []),
      ...(snap ? [{ key: `map.snapped.${snap.kind}`, values: { code: snap.code } }] : []),
    ]
  }

  function show() {
    if (!isActive) return
    const set = points()
    const all = cursor && !closes ? [...set, ...traced, cursor] : [...set, ...traced]
    const ring = options.ringOf?.(all) ?? all
    const isRing = options.shape === 'ring' && ring.length >= 3
    const end = last()
    const stage = set.length === 0 ? 'start' : set.length < options.least ? 'more' : 'close'
    const side = watch?.side()
    context.show({
      ...EMPTY_SKETCH,
      polygons: isRing ? [[ring as Position[]]] : [],
      line: isRing ? [] : all,
      vertices: set,
      active: closes ? (set[0] ?? null) : null,
      rightAngle: isRight && end && cursor ? [set.at(-2) ?? end, end, cursor] : null,
      snap: snap && { position: snap.position, kind: snap.kind },
      note: cursor && { position: cursor, words: noteWords(all) },
      hint: { key: options.hints[stage] },
      details: side ? [side] : [],
      actions: [
        ...(set.length >= options.least ? [{ words: { key: options.finishKey }, run: () => void finish() }] : []),
        ...(set.length > 0 ? [{ words: { key: 'map.discard' }, run: giveUp }] : []),
      ],
      defects: watch?.defects() ?? [],
      overlapped: watch?.overlapped(source?.neighbours() ?? []) ?? [],
      warnings: watch?.warnings() ?? [],
      ...options.frame?.(all),
    })
  }

  return {
    show,
    onChanged: () => source?.refresh(),
    isEmpty: () => session.steps.length === 0,
    enter() {
      isActive = true
      source = snapSource(context, () => null)
      watch = geometryWatch(context, show)
      changed()
    },
    exit() {
      isActive = false
      source?.dispose()
      watch?.dispose()
      cursor = null
      snap = null
      traced = []
      context.show(null)
    },
    onPointer(input) {
      if (isSaving) return true
      if (input.kind === 'double') {
        void finish()
        return true
      }
      if (input.kind === 'down' || input.kind === 'up') return false
      cursor = locate(input)
      traced = wayTo(cursor)
      if (input.kind === 'move') {
        show()
        return false
      }
      if (input.kind === 'context') takeBack()
      else if (closes) void finish(traced)
      else set(cursor, input)
      traced = []
      return true
    },
    onKey({ key, isCommand, isShift }) {
      const letter = key.toLowerCase()
      const isUndo = isCommand && letter === 'z' && !isShift
      const isRedo = isCommand && (letter === 'y' || (letter === 'z' && isShift))
      if (key === 'Escape') giveUp()
      else if (key === 'Enter') void finish()
      else if (key === 'Backspace' || (isUndo && session.steps.length > 0)) takeBack()
      else if (isRedo && session.undone.length > 0) bringBack()
      else return false
      return true
    },
    onPlace([lng, lat]) {
      if (isSaving) return false
      add([[lng, lat]])
      return true
    },
    placing: () => ({ kind: 'add', number: points().length + 1 }),
  }
}
