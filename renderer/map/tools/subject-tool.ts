/**
 * Tools that draw on a parcel: the selected one, or the one that is clicked first. Holes, further parts and the line of a
 * split are drawn like anything else (`drawing.ts`).
 */
import { splitAlong } from '../../../shared/geometry/edit/divide.ts'
import { flatOf, type Outline, outlineOf } from '../../../shared/geometry/edit/outline.ts'
import { holeAt, partAt, withHole, withoutRing, withPart } from '../../../shared/geometry/edit/rings.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { type Drawing, type DrawingOptions, drawing, emptySession } from './drawing.ts'
import { areaWords } from './measure.ts'
import { closedGeometry, EMPTY_SKETCH, openPolygons, type ParcelSource } from './sketch.ts'
import type { EditLabel, PointerInput, Tool, ToolContext } from './tool.ts'

interface SubjectOptions {
  /** Words while no parcel is in hand. */
  readonly pick: string
  drawingOn(parcel: ParcelSource): DrawingOptions
  /** What a right click (or Delete) on the parcel does while nothing is drawn; null for nothing. */
  remove?(parcel: ParcelSource, place: Position): { readonly outline: Outline; readonly label: string } | null
}

function subjectTool(context: ToolContext, options: SubjectOptions): Tool {
  let parcel: ParcelSource | null = null
  let inner: Drawing | null = null
  let cursor: Position | null = null
  let turn = 0
  let isActive = false
  /** Clicks while the parcel is being read. */
  let early: PointerInput[] = []
  let isReading = false

  async function take(id: string) {
    const mine = ++turn
    isReading = true
    try {
      const found = await context.parcel(id)
      if (mine !== turn || !isActive) return
      // The corners set before belong to the parcel as it was then.
      if (!inner || parcel?.id !== found.id || parcel.rev !== found.rev)
        inner = drawing(context, options.drawingOn(found))
      parcel = found
      context.select(id)
      inner.enter()
      for (const input of early) inner.onPointer(input)
    } catch (error) {
      if (mine !== turn) return
      parcel = null
      inner?.exit()
      inner = null
      context.problem(error)
      if (isActive) showPick()
    } finally {
      if (mine === turn) {
        isReading = false
        early = []
      }
    }
  }

  function remove(place: Position): boolean {
    if (!parcel || !inner?.isEmpty()) return false
    const found = options.remove?.(parcel, place)
    if (!found) return false
    const { id, rev, code } = parcel
    context
      .reshaped([{ id, rev, geometry: closedGeometry(found.outline as Position[][][]) }], label(found.label, code))
      .then(
        () => isActive && context.leave(),
        error => context.problem(error),
      )
    return true
  }

  function showPick() {
    context.show({ ...EMPTY_SKETCH, hint: { key: options.pick } })
  }

  return {
    enter() {
      isActive = true
      const selected = context.selectedId()
      if (selected) void take(selected)
      else showPick()
    },
    exit() {
      isActive = false
      turn += 1
      inner?.exit()
      if (inner?.isEmpty()) inner = null
      context.show(null)
    },
    onPointer(input: PointerInput) {
      cursor = [input.lng, input.lat]
      if (inner && parcel) {
        if (input.kind === 'context' && remove(cursor)) return true
        return inner.onPointer(input)
      }
      if (input.kind !== 'click') return false
      if (isReading) {
        early.push(input)
        return true
      }
      context.pick(input).then(
        id => {
          if (id !== null && isActive) void take(id)
        },
        error => context.problem(error),
      )
      return true
    },
    onKey(input) {
      if (input.key === 'Delete' && cursor && remove(cursor)) return true
      if (inner) return inner.onKey(input)
      if (input.key !== 'Escape') return false
      context.leave()
      return true
    },
    onChanged(ids) {
      inner?.onChanged()
      if (parcel && inner?.isEmpty() && (ids === null || ids.includes(parcel.id))) void take(parcel.id)
    },
    onPlace: place => inner?.onPlace(place) ?? false,
    placing: () => inner?.placing() ?? null,
    onView: () => (inner ? inner.show() : showPick()),
  }
}

const label = (name: string, code: string): EditLabel => ({ label: name, values: { name: code } })

/** Draws a ring with which the parcel becomes `change(outline, ring)`; null while that is impossible. */
function ringOn(
  context: ToolContext,
  parcel: ParcelSource,
  name: 'hole' | 'part',
  change: (outline: Outline, ring: readonly Position[]) => Outline | null,
): DrawingOptions {
  const outline: Outline = openPolygons(parcel.geometry)
  return {
    session: emptySession(),
    shape: 'ring',
    isTracing: false,
    least: 3,
    hints: { start: `map.${name}.start`, more: 'map.draw.more', close: 'map.draw.close' },
    finishKey: `map.${name}.finish`,
    watched(points) {
      const changed = points.length >= 3 ? change(outline, points) : null
      return changed ? [{ id: parcel.id, outline: changed }] : []
    },
    frame: () => ({ others: openPolygons(parcel.geometry) }),
    async finish(points) {
      const changed = change(outline, points)
      // A ring elsewhere is drawn as a hole all the same: the service names what is wrong with it.
      const next = changed ?? [[...outline[0]!, points], ...outline.slice(1)]
      const geometry = closedGeometry(next as Position[][][])
      await context.reshaped([{ id: parcel.id, rev: parcel.rev, geometry }], label(`${name}_added`, parcel.code))
    },
  }
}

export function holeTool(context: ToolContext): Tool {
  return subjectTool(context, {
    pick: 'map.hole.pick',
    drawingOn: parcel => ringOn(context, parcel, 'hole', withHole),
    remove(parcel, place) {
      const outline = openPolygons(parcel.geometry)
      const hole = holeAt(outline, place)
      const left = hole && withoutRing(outline, hole.polygon, hole.ring)
      return left && { outline: left, label: 'hole_removed' }
    },
  })
}

export function partTool(context: ToolContext): Tool {
  return subjectTool(context, {
    pick: 'map.part.pick',
    drawingOn: parcel => ringOn(context, parcel, 'part', withPart),
    remove(parcel, place) {
      const outline = openPolygons(parcel.geometry)
      const part = partAt(outline, place)
      const left = part === null ? null : withoutRing(outline, part, 0)
      return left && { outline: left, label: 'part_removed' }
    },
  })
}

export function splitTool(context: ToolContext): Tool {
  return subjectTool(context, {
    pick: 'map.split.pick',
    drawingOn(parcel) {
      const land = flatOf(openPolygons(parcel.geometry))
      const partsOf = (line: readonly Position[]) => (line.length < 2 ? [] : splitAlong(land, line).map(outlineOf))
      return {
        session: emptySession(),
        shape: 'line',
        isTracing: false,
        least: 2,
        hints: { start: 'map.split.start', more: 'map.split.more', close: 'map.split.close' },
        finishKey: 'map.split.finish',
        watched: () => [],
        frame(line) {
          const parts = partsOf(line)
          return {
            others: openPolygons(parcel.geometry),
            parts: parts.length > 1 ? (parts as Position[][][][]) : [],
            warnings: line.length >= 2 && parts.length === 1 ? [{ key: 'map.split.none' }] : [],
          }
        },
        note: line => {
          const parts = partsOf(line)
          return parts.length > 1 ? parts.slice(0, 4).map(part => areaWords(part as Position[][][])) : []
        },
        finish: line => context.split(parcel, line),
      }
    },
  })
}
