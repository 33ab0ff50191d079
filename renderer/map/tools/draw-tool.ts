/** New parcels: by corners, by corners along stored edges, as a rectangle on a side. What was drawn stays between tools. */
import { rectangleOf } from '../../../shared/geometry/edit/rectangle.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { type DrawingOptions, type DrawingSession, drawing } from './drawing.ts'
import { closedGeometry } from './sketch.ts'
import type { Tool, ToolContext } from './tool.ts'

function drawingTool(context: ToolContext, options: DrawingOptions): Tool {
  const inner = drawing(context, options)
  return {
    ...inner,
    enter() {
      context.select(null)
      inner.enter()
    },
    onView: inner.show,
  }
}

/** `session` is shared by drawing with and without tracing: one goes on where the other was left. */
export function drawTool(context: ToolContext, session: DrawingSession, isTracing: boolean): Tool {
  const name = isTracing ? 'trace' : 'draw'
  return drawingTool(context, {
    session,
    shape: 'ring',
    isTracing,
    least: 3,
    hints: { start: `map.${name}.start`, more: `map.${name}.more`, close: `map.${name}.close` },
    finishKey: 'map.finish',
    watched: points => (points.length >= 3 ? [{ id: null, outline: [[points]] }] : []),
    finish: points => context.drawn(closedGeometry([[points]])),
  })
}

/** Two clicks are a side, the third is how far the opposite side lies. */
export function rectangleTool(context: ToolContext, session: DrawingSession): Tool {
  const ringOf = ([a, b, c]: readonly Position[]): readonly Position[] | null =>
    a && b && c ? (rectangleOf(a, b, c)?.map(([lng, lat]): Position => [lng, lat]) ?? null) : null
  return drawingTool(context, {
    session,
    shape: 'ring',
    isTracing: false,
    least: 3,
    finishesAt: 3,
    hints: { start: 'map.rectangle.start', more: 'map.rectangle.more', close: 'map.draw.close' },
    finishKey: 'map.finish',
    ringOf,
    adjust: (points, pointed) => ringOf([...points, pointed])?.[2] ?? pointed,
    watched(points) {
      const ring = ringOf(points)
      return ring ? [{ id: null, outline: [[ring]] }] : []
    },
    async finish(points) {
      const ring = ringOf(points)
      if (ring) await context.drawn(closedGeometry([[ring]]))
    },
  })
}
