/** Corners of an outline under the pointer, and the middles of its edges. */
import type { Outline } from '../../../shared/geometry/edit/outline.ts'
import type { Position } from '../../../shared/geometry/types.ts'
import type { PixelPlace } from './tool.ts'

export interface Corner {
  readonly polygon: number
  readonly ring: number
  readonly vertex: number
}

type ToPixel = (position: Readonly<Position>) => PixelPlace

export function positionOf(outline: Outline, { polygon, ring, vertex }: Corner): Position {
  const [lng, lat] = outline[polygon]![ring]![vertex]!
  return [lng, lat]
}

/** 界址点号: counted over all rings from 1. */
export function cornerNumber(outline: Outline, corner: Corner): number {
  let number = corner.vertex + 1
  outline.forEach((rings, polygon) => {
    rings.forEach((ring, index) => {
      if (polygon < corner.polygon || (polygon === corner.polygon && index < corner.ring)) number += ring.length
    })
  })
  return number
}

/** The corner nearest to a place within reach. */
export function cornerAt(outline: Outline, place: PixelPlace, toPixel: ToPixel, reachPx: number): Corner | null {
  let best: Corner | null = null
  let bestDistance = reachPx
  eachCorner(outline, (corner, position) => {
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

export function midpointsOf(outline: Outline): Midpoint[] {
  const midpoints: Midpoint[] = []
  eachCorner(outline, (after, position) => {
    const ring = outline[after.polygon]![after.ring]!
    const next = ring[(after.vertex + 1) % ring.length]!
    midpoints.push({ after, position: [(position[0] + next[0]) / 2, (position[1] + next[1]) / 2] })
  })
  return midpoints
}

export function midpointUnder(outline: Outline, place: PixelPlace, toPixel: ToPixel, reachPx: number): Midpoint | null {
  let best: Midpoint | null = null
  let bestDistance = reachPx
  for (const midpoint of midpointsOf(outline)) {
    const pixel = toPixel(midpoint.position)
    const distance = Math.hypot(pixel.x - place.x, pixel.y - place.y)
    if (distance > bestDistance) continue
    best = midpoint
    bestDistance = distance
  }
  return best
}

function eachCorner(outline: Outline, visit: (corner: Corner, position: Readonly<Position>) => void): void {
  outline.forEach((rings, polygon) => {
    rings.forEach((positions, ring) => {
      positions.forEach((position, vertex) => {
        visit({ polygon, ring, vertex }, [position[0], position[1]])
      })
    })
  })
}
