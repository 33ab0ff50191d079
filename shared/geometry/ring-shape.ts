/** Questions about the shape of one closed ring in a flat coordinate array. Pure; any plane. */

/** Below this share of the squared extent an area is rounding: 0.01 mm of width on 10 km of length. */
const FLAT_SHARE = 1e-9

/** Does the outline come back on itself at `here`? Vertices are given by index. */
export function turnsBack(c: Float64Array, before: number, here: number, after: number): boolean {
  const ux = c[before * 2]! - c[here * 2]!
  const uy = c[before * 2 + 1]! - c[here * 2 + 1]!
  const vx = c[after * 2]! - c[here * 2]!
  const vy = c[after * 2 + 1]! - c[here * 2 + 1]!
  const dot = ux * vx + uy * vy
  return dot > 0 && Math.abs(ux * vy - uy * vx) <= 1e-9 * dot
}

/** Does the ring enclose nothing by its signed area? */
export function hasNoArea(c: Float64Array, from: number, to: number): boolean {
  const x0 = c[from * 2]!
  const y0 = c[from * 2 + 1]!
  let twice = 0
  let reach = 0
  for (let index = from * 2; index < (to - 1) * 2; index += 2) {
    const x = c[index]! - x0
    const y = c[index + 1]! - y0
    twice += x * (c[index + 3]! - y0) - (c[index + 2]! - x0) * y
    reach = Math.max(reach, x * x + y * y)
  }
  return Math.abs(twice) <= FLAT_SHARE * reach
}
