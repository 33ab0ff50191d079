/** Area of the convex hull of polygons. Metric plane, pure. */
import type { FlatPolygons } from './types.ts'

/** m² of the smallest convex outline round all vertices (Andrew's monotone chain); 0 for less than three places. */
export function convexHullAreaM2(polygons: readonly FlatPolygons[]): number {
  const points: [number, number][] = []
  for (const { coordinates } of polygons)
    for (let at = 0; at < coordinates.length; at += 2) points.push([coordinates[at]!, coordinates[at + 1]!])
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
