/** A rectangle from three clicks, and the right-angle aid. Lng/lat degrees; what was given stays bit-equal. */
import { localPlane } from './metres.ts'
import type { OpenRing, Place } from './outline.ts'

/**
 * The rectangle on the side `a`–`b` whose opposite side goes through `through`. Null when the side has no length or the
 * third place lies on it.
 */
export function rectangleOf(a: Place, b: Place, through: Place): OpenRing | null {
  const plane = localPlane(a)
  const [bx, by] = plane.toMetres(b)
  const [tx, ty] = plane.toMetres(through)
  const length = Math.hypot(bx, by)
  if (length < 1e-3) return null
  const height = (bx * ty - by * tx) / length
  if (Math.abs(height) < 1e-3) return null
  const nx = (-by / length) * height
  const ny = (bx / length) * height
  return [a, b, plane.toDegrees([bx + nx, by + ny]), plane.toDegrees([nx, ny])]
}

/**
 * `cursor` brought onto the nearest line through `last` that goes on straight or at a right angle to `before`–`last`;
 * without `before` to the nearest of the directions north, east, south, west.
 */
export function atRightAngle(before: Place | undefined, last: Place, cursor: Place): Place {
  const plane = localPlane(last)
  const [cx, cy] = plane.toMetres(cursor)
  const [bx, by] = before ? plane.toMetres(before) : [-1, 0]
  const length = Math.hypot(bx, by)
  if (length === 0) return cursor
  const [ux, uy] = [bx / length, by / length]
  const along = cx * ux + cy * uy
  const across = -cx * uy + cy * ux
  return Math.abs(along) >= Math.abs(across)
    ? plane.toDegrees([along * ux, along * uy])
    : plane.toDegrees([-across * uy, across * ux])
}

/** The place nearest to `cursor` where the corner between `before` and `after` is right: on the circle over both (Thales). */
export function rightCorner(before: Place, after: Place, cursor: Place): Place {
  const plane = localPlane(before)
  const [ax, ay] = plane.toMetres(after)
  const [cx, cy] = plane.toMetres(cursor)
  const [mx, my] = [ax / 2, ay / 2]
  const distance = Math.hypot(cx - mx, cy - my)
  const radius = Math.hypot(mx, my)
  if (distance === 0 || radius === 0) return cursor
  return plane.toDegrees([mx + ((cx - mx) / distance) * radius, my + ((cy - my) / distance) * radius])
}
