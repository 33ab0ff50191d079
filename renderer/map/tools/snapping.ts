/**
 * Snapping to the stored vertices and edges of neighbours. A vertex wins over an edge within reach, and its coordinate is
 * taken over bit by bit: a coordinate that went through pixels and back would leave slivers between parcels.
 */
import { type Outline, outlineBox, type Place, samePlace } from '../../../shared/geometry/edit/outline.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import { type Neighbour, openPolygons } from './sketch.ts'
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

/** An outline that can be snapped to, with its box so that far ones cost nothing. */
export interface SnapTarget {
  readonly code: string
  readonly outline: Outline
  readonly box: readonly [number, number, number, number]
}

export function snapTarget(code: string, outline: Outline): SnapTarget {
  return { code, outline, box: outlineBox(outline) }
}

type Projection = Pick<ToolContext, 'toPixel' | 'toPosition'>

/**
 * The vertex or edge within reach of a place; null when there is none. `moving` is the vertex being dragged: it and its
 * edges are no targets. Only what is near in degrees is brought to pixels.
 */
export function snapTo(
  place: PixelPlace,
  targets: readonly SnapTarget[],
  view: Projection,
  moving: Place | null = null,
  reachPx = SNAP_PX,
): Snap | null {
  const [west, north] = view.toPosition({ x: place.x - reachPx, y: place.y - reachPx })
  const [east, south] = view.toPosition({ x: place.x + reachPx, y: place.y + reachPx })
  let vertex: Snap | null = null
  let edge: Snap | null = null
  let vertexDistance = reachPx
  let edgeDistance = reachPx
  const look = (code: string, from: Place, to: Place): void => {
    if (Math.max(from[0], to[0]) < west || Math.min(from[0], to[0]) > east) return
    if (Math.max(from[1], to[1]) < south || Math.min(from[1], to[1]) > north) return
    if (moving && (samePlace(from, moving) || samePlace(to, moving))) return
    const a = view.toPixel([from[0], from[1]])
    const b = view.toPixel([to[0], to[1]])
    for (const [end, pixel] of [
      [from, a],
      [to, b],
    ] as const) {
      const distance = Math.hypot(pixel.x - place.x, pixel.y - place.y)
      if (distance >= vertexDistance) continue
      vertexDistance = distance
      vertex = { kind: 'vertex', position: [end[0], end[1]], code }
    }
    const found = nearestOnSegment(place, a, b)
    if (found.distance >= edgeDistance) return
    edgeDistance = found.distance
    edge = { kind: 'edge', position: between(from, to, found.t), code }
  }
  for (const { code, outline, box } of targets) {
    if (box[2] < west || box[0] > east || box[3] < south || box[1] > north) continue
    for (const polygon of outline)
      for (const ring of polygon)
        for (let index = 0; index < ring.length; index++) look(code, ring[index]!, ring[(index + 1) % ring.length]!)
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

function between(a: Place, b: Place, t: number): Position {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

export interface SnapSource {
  /** Snaps with the neighbours known so far and asks for others when the cursor has gone on. */
  snap(place: PixelPlace): Snap | null
  /** Asks for other neighbours when the cursor has gone on, without snapping. */
  follow(place: PixelPlace): void
  /** What is known may be old: asked for again with the next move. */
  refresh(): void
  neighbours(): readonly Neighbour[]
  targets(): readonly SnapTarget[]
  dispose(): void
}

/** Neighbours around the cursor for one tool session. */
export function snapSource(context: ToolContext, excludeId: () => string | null): SnapSource {
  let known: readonly Neighbour[] = []
  let targets: readonly SnapTarget[] = []
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
      if (isDisposed) return
      known = found
      targets = found.map(({ code, geometry }) => snapTarget(code, openPolygons(geometry)))
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

  const follow = (place: PixelPlace): void => {
    if (!isAsking && hasMoved(place)) void ask(place)
  }

  return {
    follow,
    snap(place) {
      follow(place)
      return snapTo(place, targets, context)
    },
    refresh() {
      asked = null
    },
    neighbours: () => known,
    targets: () => targets,
    dispose() {
      isDisposed = true
      known = []
      targets = []
    },
  }
}
