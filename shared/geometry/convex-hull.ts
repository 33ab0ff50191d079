/** Area of the convex hull of polygons. Metric plane, pure. */
import type { FlatPolygons } from './types.ts'

/** m² of the smallest convex outline round all vertices (Andrew's monotone chain); 0 for less than three places. */
export function convexHullAreaM2(polygons: readonly FlatPolygons[]): number {
  const points = outerPoints(polygons)
  points.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const lower = chain(points)
  const upper = chain(points.reverse())
  const hull = [...lower.slice(0, -1), ...upper.slice(0, -1)]
  if (hull.length < 3) return 0
  const [x0, y0] = hull[0]!
  let twice = 0
  for (let at = 1; at + 1 < hull.length; at++) {
    const [x1, y1] = hull[at]!
    const [x2, y2] = hull[at + 1]!
    twice += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
  }
  return Math.abs(twice) / 2
}

/**
 * The vertices that may be corners of the hull: all but those strictly inside an octagon of eight of them (Akl and
 * Toussaint). Of a zone's thousands a few hundred are left to sort.
 */
function outerPoints(polygons: readonly FlatPolygons[]): [number, number][] {
  const octagon = octagonOf(polygons)
  const corners = octagon.filter(([x, y], at) => {
    const before = octagon.at(at - 1)!
    return x !== before[0] || y !== before[1]
  })
  const points: [number, number][] = []
  for (const { coordinates } of polygons)
    for (let at = 0; at < coordinates.length; at += 2) {
      const x = coordinates[at]!
      const y = coordinates[at + 1]!
      if (!isInside(corners, x, y)) points.push([x, y])
    }
  return points
}

/** Strictly left of every side of a convex outline that turns left; false for what has no inside. */
function isInside(corners: readonly [number, number][], x: number, y: number): boolean {
  if (corners.length < 3) return false
  let [fromX, fromY] = corners[corners.length - 1]!
  for (const [toX, toY] of corners) {
    if ((toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX) <= 0) return false
    fromX = toX
    fromY = toY
  }
  return true
}

/** Directions to the west, then turning left by an eighth each. */
const DIRECTIONS = [
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
] as const

/** Of the first vertices of all polygons (any vertices will do, and these are few) the outmost in each direction. */
function octagonOf(polygons: readonly FlatPolygons[]): [number, number][] {
  const reach = new Float64Array(DIRECTIONS.length).fill(-Infinity)
  const corners = DIRECTIONS.map((): [number, number] => [0, 0])
  for (const { coordinates } of polygons) {
    const x = coordinates[0]!
    const y = coordinates[1]!
    for (let index = 0; index < reach.length; index++) {
      const [towardsX, towardsY] = DIRECTIONS[index]!
      const distance = towardsX * x + towardsY * y
      if (distance <= reach[index]!) continue
      reach[index] = distance
      corners[index] = [x, y]
    }
  }
  return corners
}

function chain(points: readonly [number, number][]): [number, number][] {
  const kept: [number, number][] = []
  for (const point of points) {
    while (kept.length >= 2 && turn(kept[kept.length - 2]!, kept[kept.length - 1]!, point) <= 0) kept.pop()
    kept.push(point)
  }
  return kept
}

/** Positive when the way a → b → c turns left. */
function turn(a: [number, number], b: [number, number], c: [number, number]): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}
