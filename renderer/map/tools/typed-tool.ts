/** Shows the outline that typed or pasted coordinates mean, and saves it like a drawn one. The text is in a panel. */
import type { Outline } from '../../../shared/geometry/edit/outline.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { type GeometryWatch, geometryWatch } from './geometry-watch.ts'
import { areaWords } from './measure.ts'
import { closedGeometry, EMPTY_SKETCH, type Neighbour } from './sketch.ts'
import type { Tool, ToolContext } from './tool.ts'

export interface TypedTool extends Tool {
  /** What the text means now; null while it means nothing. */
  offer(outline: Outline | null): void
  save(): void
}

export function typedTool(context: ToolContext): TypedTool {
  let outline: Outline | null = null
  let watch: GeometryWatch | null = null
  let near: readonly Neighbour[] = []
  let isActive = false
  let isSaving = false
  let turn = 0

  async function readNeighbours(shape: Outline) {
    const mine = ++turn
    try {
      const places = shape.flat(2)
      const west = Math.min(...places.map(([lng]) => lng))
      const east = Math.max(...places.map(([lng]) => lng))
      const south = Math.min(...places.map(([, lat]) => lat))
      const north = Math.max(...places.map(([, lat]) => lat))
      const found = await context.neighbours([west, south, east, north], null)
      if (mine === turn && isActive) near = found
    } catch (error) {
      if (mine === turn && isActive) context.problem(error)
    }
  }

  function show() {
    if (!isActive) return
    const shape = (outline ?? []) as Position[][][]
    const side = watch?.side()
    context.show({
      ...EMPTY_SKETCH,
      polygons: shape,
      vertices: shape.flat(2),
      hint: { key: outline ? 'map.typed.ready' : 'map.typed.hint' },
      details: [...(outline ? [areaWords(shape)] : []), ...(side ? [side] : [])],
      actions: [
        ...(outline ? [{ words: { key: 'map.typed.save' }, run: save }] : []),
        { words: { key: 'map.cancel' }, run: () => context.leave() },
      ],
      defects: watch?.defects() ?? [],
      overlapped: watch?.overlapped(near) ?? [],
      warnings: watch?.warnings() ?? [],
    })
  }

  function save() {
    if (!outline || isSaving) return
    isSaving = true
    context.drawn(closedGeometry(outline as Position[][][])).then(
      () => {
        isSaving = false
        if (isActive) context.leave()
      },
      error => {
        isSaving = false
        context.problem(error)
      },
    )
  }

  return {
    enter() {
      isActive = true
      watch = geometryWatch(context, show)
      context.select(null)
      show()
    },
    exit() {
      isActive = false
      turn += 1
      outline = null
      watch?.dispose()
      context.show(null)
    },
    offer(next) {
      outline = next
      watch?.changed(next ? [{ id: null, outline: next }] : [])
      if (next) void readNeighbours(next)
      show()
    },
    save,
    onPointer: () => false,
    onKey({ key }) {
      if (key === 'Escape') context.leave()
      else if (key === 'Enter') save()
      else return false
      return true
    },
  }
}
