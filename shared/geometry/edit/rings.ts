/** Holes and parts of an outline: adding and taking away. Lng/lat degrees, open rings. */
import { isInsideRing } from '../point-in-polygon.ts'
import type { OpenRing, Outline, Place } from './outline.ts'

/** The outline with a hole in the polygon that holds the ring; null when none does. */
export function withHole(outline: Outline, hole: OpenRing): Outline | null {
  const polygon = outline.findIndex(([shell]) => shell && middleIsInside(shell, hole))
  if (polygon < 0) return null
  return outline.map((rings, index) => (index === polygon ? [...rings, hole] : rings))
}

export function withPart(outline: Outline, part: OpenRing): Outline {
  return [...outline, [part]]
}

/** Without a hole, or (ring 0) without a whole part; null when nothing would be left. */
export function withoutRing(outline: Outline, polygon: number, ring: number): Outline | null {
  if (ring === 0) return outline.length > 1 ? outline.filter((_, index) => index !== polygon) : null
  return outline.map((rings, index) => (index === polygon ? rings.filter((_, at) => at !== ring) : rings))
}

/** The hole that a place lies in. */
export function holeAt(outline: Outline, [x, y]: Place): { polygon: number; ring: number } | null {
  for (const [polygon, rings] of outline.entries())
    for (const [ring, places] of rings.entries()) if (ring > 0 && isInside(places, x, y)) return { polygon, ring }
  return null
}

/** The part whose shell holds a place. */
export function partAt(outline: Outline, [x, y]: Place): number | null {
  const found = outline.findIndex(([shell]) => shell !== undefined && isInside(shell, x, y))
  return found < 0 ? null : found
}

function middleIsInside(shell: OpenRing, ring: OpenRing): boolean {
  const x = ring.reduce((sum, place) => sum + place[0], 0) / ring.length
  const y = ring.reduce((sum, place) => sum + place[1], 0) / ring.length
  return isInside(shell, x, y) || ring.every(([px, py]) => isInside(shell, px, py))
}

function isInside(ring: OpenRing, x: number, y: number): boolean {
  const closed = Float64Array.from([...ring, ring[0]!].flat())
  return isInsideRing(closed, 0, closed.length / 2, x, y)
}
