/** Corners of polygons as open rings: finding them under the pointer, moving, inserting, removing. Pure; inputs stay. */
import type { Position } from '../../../shared/geometry/types.ts'
import type { PixelPlace } from './tool.ts'

/** Polygons, rings (the shell first), vertices; rings open. */
export type Corners = readonly (readonly (readonly Position[])[])[]

export interface Corner {
  readonly polygon: number
  readonly ring: number
  readonly vertex: number
}

type ToPixel = (position: Readonly<Position>) => PixelPlace

export function positionOf(corners: Corners, { polygon, ring, vertex }: Corner): Position {
  const [lng, lat] = corners[polygon]![ring]![vertex]!
  return [lng, lat]
}

/** The corner nearest to a place within reach. */
export function cornerAt(corners: Corners, place: PixelPlace, toPixel: ToPixel, reachPx: number): Corner | null {
  let best: Corner | null = null
  let bestDistance = reachPx
  eachCorner(corners, (corner, position) => {
    const pixel = toPixel(position)
    const distance = Math.hypot(pixel.x - place.x, pixel.y - place.y)
    if (distance > bestDistance) return
    best = corner
    bestDistance = distance
  })
  return best
}

export interface Midpoint {
  /** The corner before it. */
  readonly after: Corner
  readonly position: Position
}

export function midpointsOf(corners: Corners): Midpoint[] {
  const midpoints: Midpoint[] = []
  eachCorner(corners, (after, position) => {
    const ring = corners[after.polygon]![after.ring]!
    const next = ring[(after.vertex + 1) % ring.length]!
    midpoints.push({ after, position: [(position[0] + next[0]) / 2, (position[1] + next[1]) / 2] })
  })
  return midpoints
}

export function midpointUnder(corners: Corners, place: PixelPlace, toPixel: ToPixel, reachPx: number): Midpoint | null {
  let best: Midpoint | null = null
  let bestDistance = reachPx
  for (const midpoint of midpointsOf(corners)) {
    const pixel = toPixel(midpoint.position)
    const distance = Math.hypot(pixel.x - place.x, pixel.y - place.y)
    if (distance > bestDistance) continue
    best = midpoint
    bestDistance = distance
  }
  return best
}

export function moved(corners: Corners, corner: Corner, position: Position): Corners {
  return withRing(corners, corner, ring => ring.map((old, index) => (index === corner.vertex ? position : old)))
}

/** A new corner after the given one. */
export function inserted(corners: Corners, after: Corner, position: Position): Corners {
  return withRing(corners, after, ring => [
    ...ring.slice(0, after.vertex + 1),
    position,
    ...ring.slice(after.vertex + 1),
  ])
}

/** Null when the ring would have less than three corners left. */
export function removed(corners: Corners, corner: Corner): Corners | null {
  if (corners[corner.polygon]![corner.ring]!.length <= 3) return null
  return withRing(corners, corner, ring => ring.filter((_, index) => index !== corner.vertex))
}

function withRing(
  corners: Corners,
  { polygon, ring }: Corner,
  change: (ring: readonly Position[]) => readonly Position[],
): Corners {
  return corners.map((rings, polygonIndex) =>
    polygonIndex === polygon ? rings.map((old, ringIndex) => (ringIndex === ring ? change(old) : old)) : rings,
  )
}

function eachCorner(corners: Corners, visit: (corner: Corner, position: Readonly<Position>) => void): void {
  corners.forEach((rings, polygon) => {
    rings.forEach((positions, ring) => {
      positions.forEach((position, vertex) => {
        visit({ polygon, ring, vertex }, position)
      })
    })
  })
}
