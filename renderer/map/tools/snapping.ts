/**
 * Snapping to the stored vertices and edges of neighbours. A vertex wins over an edge within reach, and its coordinate is
 * taken over bit by bit: a coordinate that went through pixels and back would leave slivers between parcels.
 */
import type { Position } from '../../../shared/geometry/types.ts'
import type { Neighbour } from './sketch.ts'
import type { PixelPlace, ToolContext } from './tool.ts'

export const SNAP_PX = 12
/** Neighbours are asked for this far around the cursor, and again when it has gone half of it. */
const REACH_PX = 160

export interface Snap {
  readonly kind: 'vertex' | 'edge'
  /** Equal to the stored coordinate for a vertex; on the stored edge for an edge. */
  readonly position: Position
  readonly code: string
}

/** @param toPixel places of this view; @returns null when nothing is within reach. */
export function snapTo(
  place: PixelPlace,
  neighbours: readonly Neighbour[],
  toPixel: (position: Readonly<Position>) => PixelPlace,
  reachPx = SNAP_PX,
): Snap | null {
  let vertex: Snap | null = null
  let edge: Snap | null = null
  let vertexDistance = reachPx
  let edgeDistance = reachPx
  for (const { code, geometry } of neighbours) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    for (const ring of polygons.flat()) {
      let before: PixelPlace | null = null
      ring.forEach((position, index) => {
        const pixel = toPixel(position)
        const distance = Math.hypot(pixel.x - place.x, pixel.y - place.y)
        if (distance < vertexDistance) {
          vertexDistance = distance
          vertex = { kind: 'vertex', position: [position[0], position[1]], code }
        }
        if (before) {
          const found = nearestOnSegment(place, before, pixel)
          if (found.distance < edgeDistance) {
            edgeDistance = found.distance
            edge = { kind: 'edge', position: between(ring[index - 1]!, position, found.t), code }
          }
        }
        before = pixel
      })
    }
  }
  return vertex ?? edge
}

function nearestOnSegment(place: PixelPlace, a: PixelPlace, b: PixelPlace): { t: number; distance: number } {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((place.x - a.x) * dx + (place.y - a.y) * dy) / length))
  return { t, distance: Math.hypot(a.x + t * dx - place.x, a.y + t * dy - place.y) }
}

function between(a: Readonly<Position>, b: Readonly<Position>, t: number): Position {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

export interface SnapSource {
  /** Snaps with the neighbours known so far and asks for others when the cursor has gone on. */
  snap(place: PixelPlace): Snap | null
  neighbours(): readonly Neighbour[]
  dispose(): void
}

/** Neighbours around the cursor for one tool session. */
export function snapSource(context: ToolContext, excludeId: () => string | null): SnapSource {
  let known: readonly Neighbour[] = []
  let asked: Position | null = null
  let askedReach = 0
  let isAsking = false
  let isDisposed = false

  async function ask(place: PixelPlace) {
    const [west, north] = context.toPosition({ x: place.x - REACH_PX, y: place.y - REACH_PX })
    const [east, south] = context.toPosition({ x: place.x + REACH_PX, y: place.y + REACH_PX })
    asked = context.toPosition(place)
    askedReach = east - west
    isAsking = true
    try {
      const found = await context.neighbours([west, south, east, north], excludeId())
      if (!isDisposed) known = found
    } catch (error) {
      if (!isDisposed) context.problem(error)
    } finally {
      isAsking = false
    }
  }

  function hasMoved(place: PixelPlace): boolean {
    if (!asked) return true
    const pixel = context.toPixel(asked)
    const [west] = context.toPosition({ x: place.x - REACH_PX, y: place.y })
    const [east] = context.toPosition({ x: place.x + REACH_PX, y: place.y })
    const isZoomed = Math.abs((east - west) / askedReach - 1) > 0.01
    return isZoomed || Math.hypot(pixel.x - place.x, pixel.y - place.y) > REACH_PX / 2
  }

  return {
    snap(place) {
      if (!isAsking && hasMoved(place)) void ask(place)
      return snapTo(place, known, position => context.toPixel(position))
    },
    neighbours: () => known,
    dispose() {
      isDisposed = true
      known = []
    },
  }
}
